"""The server: who may ask, what is asked, and answers or errors as JSON, never a traceback.

It listens on the machine itself only. Every address begins with a token that is new at each start;
a page of another origin, or a name that was bent to this address, is refused.
"""

from __future__ import annotations

import secrets
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

import supplynet
from supplynet.errors import (
    DataError,
    InterruptedSolveError,
    LimitError,
    OptionError,
    SolverError,
    SupplynetError,
    UnknownNameError,
    UsageError,
)
from supplynet.io.jsonfile import parse_json
from supplynet.network.cache import Cache
from supplynet.network.countries import is_country
from supplynet.network.scenario.years import default_year
from supplynet.reports.html import page_policy, served_page
from supplynet.reports.live import json_in_markup
from supplynet.reports.results_page import kinds
from supplynet.serve import cards
from supplynet.serve.cards import CardAsked, directory_of
from supplynet.serve.operations import OPERATIONS, Operation, answer
from supplynet.serve.source import Workbench
from supplynet.serve.state import PICTURES, QUESTIONS, State, Viewed, validated
from supplynet.serve.views import DOWNLOADS, download, view
from supplynet.terms import DEFAULT_TIER
from supplynet.text import one_line

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from supplynet.network.network import SupplyNetwork
    from supplynet.serve.source import Source


#: version of the JSON interface, in its address
VERSION = "v1"
#: bytes of a question
MOST_BYTES = 256 * 1024
#: results that are kept for the second part of a view
_MOST_KEPT = 24
_Asked = TypeVar("_Asked", bound=BaseModel)
#: status of an error, that of the nearest class
_STATUS: dict[type[SupplynetError], int] = {
    UnknownNameError: 404,
    LimitError: 429,
    UsageError: 422,
    DataError: 422,
    InterruptedSolveError: 499,
    SolverError: 422,
}


def application(source: Source, *, token: str, hosts: frozenset[str]) -> ASGIApp:
    """Return the server of a graph as an ASGI application.

    Parameters
    ----------
    source : Source
        The graph, which is read anew when its files change.
    token : str
        First part of every address.
    hosts : frozenset of str
        Names with ports under which it may be asked.
    """
    rooms = _Rooms(source)
    api = f"/{{token}}/api/{VERSION}"
    routes = [
        Route("/{token}/", rooms.page, methods=["GET"]),
        Route(f"{api}/openapi.json", rooms.openapi, methods=["GET"]),
        Route(f"{api}/graph", rooms.graph, methods=["GET"]),
        Route(f"{api}/sources", rooms.sources, methods=["GET"]),
        Route(f"{api}/schemas/{{name}}", rooms.schema, methods=["GET"]),
        Route(f"{api}/card", rooms.card, methods=["POST"]),
        Route(f"{api}/view", rooms.view, methods=["POST"]),
        Route(f"{api}/files/{{name}}", rooms.file, methods=["POST"]),
        *(
            Route(f"{api}/{name}", rooms.question(operation), methods=["POST"])
            for name, operation in OPERATIONS.items()
        ),
    ]
    handlers: dict[Any, Callable[..., Response | Awaitable[Response]]] = {
        SupplynetError: _told,
        Exception: _broken,
        404: lambda *_: _error(404, "there is nothing at this address"),
        405: lambda *_: _error(405, "this address is asked in another way"),
    }
    app = Starlette(routes=routes, exception_handlers=handlers)
    return _Guard(app, token, hosts)


class _Guard:
    """Refuses whoever does not know the token, and pages of other origins.

    What it says is the same for a wrong token and for a wrong address.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: frozenset[str]) -> None:
        self._app, self._token, self._hosts = app, token.encode(), hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refused = self._refusal(scope)
        try:
            if refused is not None:
                await refused(scope, receive, send)
            else:
                await self._app(scope, receive, _with_heads(send))
        except Exception:  # noqa: S110  was answered by `_broken`, or nobody is there to be answered
            pass

    def _refusal(self, scope: Scope) -> Response | None:
        heads = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        # A page elsewhere may rename its own host to this address (DNS rebinding): the name that
        # was asked for gives it away.
        if heads.get("host", "").lower() not in self._hosts:
            return _error(403, "asked under a name that is not this server's")
        origin = heads.get("origin")
        if origin is not None and origin.removeprefix("http://").lower() not in self._hosts:
            return _error(403, "asked by a page of another origin")
        if heads.get("sec-fetch-site") in ("cross-site", "same-site"):
            return _error(403, "asked by a page of another origin")
        first = scope["path"].split("/")[1] if scope["path"].startswith("/") else ""
        # Compared in constant time, and answered like any wrong address: neither says how much of a
        # guess was right.
        if not secrets.compare_digest(first.encode("utf-8", "surrogateescape"), self._token):
            return _error(404, "there is nothing at this address")
        return None


def _with_heads(send: Send) -> Send:
    """Return a sender that adds what keeps an answer where it belongs."""

    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *_HEADS]
        await send(message)

    return sent


_HEADS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]


class _Rooms:
    """What stands at each address."""

    def __init__(self, source: Source) -> None:
        self._source, self._workbench = source, Workbench()
        self._kept = Cache(most=_MOST_KEPT)

    async def page(self, request: Request) -> Response:
        """The page."""
        net = await self._done(request, self._source.network)
        return HTMLResponse(page(net), headers={"content-security-policy": policy()})

    async def openapi(self, _request: Request) -> Response:
        """The description of all that can be asked."""
        return JSONResponse(document(VERSION))

    async def schema(self, request: Request) -> Response:
        """The JSON schema of a result."""
        return JSONResponse(schema_of(request.path_params["name"]))

    async def graph(self, request: Request) -> Response:
        """What may be named."""
        return JSONResponse(
            await self._done(request, lambda: cards.directory_of(self._source.network()))
        )

    async def sources(self, request: Request) -> Response:
        """Sources, all or those with some ids."""
        ids = request.query_params.getlist("id")
        result = await self._done(request, lambda: cards.sources(self._source.network(), ids))
        return JSONResponse({"sources": result})

    async def card(self, request: Request) -> Response:
        """All that is known of a plant or nation."""
        query = await _read(request, cards.CardAsked)

        def answered() -> dict[str, Any]:
            return cards.card_of(self._source.network(), query)

        return JSONResponse(await self._done(request, answered))

    async def view(self, request: Request) -> Response:
        """What the page shows of a state."""
        query = await _read(request, Viewed)

        def answered() -> dict[str, Any]:
            net = self._source.network()
            return view(net, self._source.graph, query, self._results(net))

        return JSONResponse(await self._done(request, answered))

    async def file(self, request: Request) -> Response:
        """A file of a state, to keep."""
        name = request.path_params["name"]
        if name not in DOWNLOADS:
            raise UnknownNameError(
                f"there is no download {name[:200]!r}", hint=f"there are {', '.join(DOWNLOADS)}"
            )
        query = await _read(request, Viewed)

        def answered() -> bytes:
            net = self._source.network()
            return download(name, net, query, self._results(net))

        content = await self._done(request, answered)
        return Response(
            content,
            media_type=DOWNLOADS[name].media_type,
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )

    def question(self, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers an operation."""

        async def answered(request: Request) -> Response:
            state: State = await _read(request, operation.asked)
            return JSONResponse(
                await self._done(
                    request,
                    lambda: answer(operation, self._source.network(), self._source.graph, state),
                )
            )

        return answered

    def _results(self, net: Any) -> OrderedDict[str, Any]:
        """Results of before, of the same edition of the graph only."""
        # The files of the graph may have been edited since.
        if self._kept.get("digest") != net.digest:
            self._kept.clear()
            self._kept["digest"] = net.digest
        return self._kept

    async def _done(self, request: Request, solve: Callable[[], Any]) -> Any:
        return await self._workbench.answer(solve, request.is_disconnected)


async def _read(request: Request, kind: type[_Asked]) -> _Asked:
    """Return the words of a question.

    Raises
    ------
    LimitError
        If it is too long.
    OptionError
        If it is no JSON, or a word is wrong: all faults in one message.
    """
    body = bytearray()
    async for portion in request.stream():
        body += portion
        if len(body) > MOST_BYTES:
            raise LimitError(f"a question has at most {MOST_BYTES:,} bytes")
    try:
        tree = parse_json(body.decode("utf-8"), "the question") if body else {}
    except UnicodeDecodeError as error:
        raise OptionError("the question is not JSON in UTF-8") from error
    except DataError as error:
        raise OptionError(error.message, hint=error.hint) from error
    return validated(kind, tree, "openapi.json has every word")


def _told(_request: Request, error: Exception) -> Response:
    assert isinstance(error, SupplynetError)  # noqa: S101  registered for it
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
    return _error(status, error.message, hint=error.hint, kind=type(error).__name__)


def _broken(_request: Request, _unknown: Exception) -> Response:
    """Nothing of the inside is reported to whoever asked."""
    return _error(500, "an internal error; the question was not answered")


def _error(status: int, message: str, *, hint: str = "", kind: str = "Refused") -> Response:
    content = {"error": {"kind": kind, "message": one_line(message), "hint": one_line(hint)}}
    return JSONResponse(content, status_code=status)


_NOTE = (
    "This page asks the program that showed it, on this machine, and nothing else. "
    "Nothing is written but what you download."
)


def page(net: SupplyNetwork) -> str:
    """Return the page of a network."""
    options = directory_of(net)
    to = _first_nation(net)
    start = {
        "to": to,
        "avoid": _other_country(net, to),
        "year": default_year(net),
        "tier": DEFAULT_TIER,
    }
    return served_page(
        _loader(),
        title=f"Explore {net.commodity.family}",
        style=_part("explore.css"),
        behind=_part("explore.js"),
        note=_NOTE,
        words=options,
        start=start,
        pictures=PICTURES,
        questions=QUESTIONS,
        kept={name: download.title for name, download in DOWNLOADS.items()},
        data=Markup(json_in_markup({**options, "start": start})),  # noqa: S704  escaped for markup
    )


def policy() -> str:
    """Return the Content-Security-Policy of the page."""
    return f"{page_policy(_part('explore.css'), _part('explore.js'))}; frame-ancestors 'none'"


def _first_nation(net: SupplyNetwork) -> str:
    """Return the nation that the page opens with: the first whose demand is known."""
    asking = {row.nation for row in net.demand_rows}
    names = [name for name in net.nation_ids if name in asking]
    return (names or list(net.nation_ids) or ["all"])[0]


def _other_country(net: SupplyNetwork, to: str) -> str:
    """Return what the page opens without: the country of most plants, other than the nation's."""
    own = net.node_by_id[to].country if to in net.node_by_id else ""
    plants = Counter(
        row.country
        for row in net.node_rows
        if is_country(row.country) and row.id not in net.nation_ids and row.country != own
    )
    return max(sorted(plants), key=plants.__getitem__, default="")


@cache
def _loader() -> PackageLoader:
    return PackageLoader("supplynet.serve", "templates")


@cache
def _part(name: str) -> str:
    source: Any = _loader().get_source(Environment(autoescape=True), name)
    return str(source[0])


_REF = "#/components/schemas/{model}"
_OBJECT = {"type": "object"}
#: a question that every shipped graph understands once the nation is one of its own
EXAMPLE = {"to": "KOR", "avoid": "CHN", "year": 2030, "tier": "committed"}


@cache
def document(version: str) -> dict[str, Any]:
    """Return the OpenAPI document of a version of the interface."""
    schemas: dict[str, Any] = {"Error": _ERROR}
    paths: dict[str, Any] = {}
    for operation in OPERATIONS.values():
        paths[f"/{operation.name}"] = {"post": _operation(operation, schemas)}
    paths["/view"] = _post("view", "What the page shows of a state.", Viewed, schemas)
    paths["/card"] = _post("card", "A plant, and what may be changed.", CardAsked, schemas)
    for name, record in DOWNLOADS.items():
        paths[f"/files/{name}"] = _post(
            f"file {name}", f"{record.title} of a state.", Viewed, schemas, record.media_type
        )
    for name, title in (
        ("graph", "What may be named in a question, and how it may be asked."),
        ("sources", "Sources, all or those with ids of the query parameter id."),
        ("openapi.json", "This document."),
    ):
        paths[f"/{name}"] = {
            "get": {"operationId": name, "summary": title, "responses": _responses(_OBJECT)}
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "supplynet",
            "version": f"{version} of {supplynet.__version__}",
            "description": "Every answer has its certificate, data ranges and provenance, the "
            "sentence that may be quoted, and the command line that gives it again.",
        },
        "servers": [{"url": f"/{{token}}/api/{version}", "variables": {"token": {"default": ""}}}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": schemas},
    }


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON schema of a kind of result.

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    """
    from supplynet.errors import UnknownNameError

    values = kinds()
    if name not in values:
        raise UnknownNameError(
            f"there is no result {name[:200]!r}", hint=f"there are {', '.join(values)}"
        )
    return values[name].json_schema()


_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "kind": {"type": "string", "description": "Class of the error."},
                "message": {"type": "string", "description": "What is wrong."},
                "hint": {"type": "string", "description": "What to do about it."},
            },
            "required": ["kind", "message", "hint"],
        }
    },
    "required": ["error"],
}


def _operation(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    kind = operation.kind()
    name = kind.LAYOUT.name
    schemas[kind.__name__] = kind.json_schema()
    answer = {
        "type": "object",
        "properties": {
            "sentence": {"type": "string", "description": "What may be quoted."},
            "command": {"type": "string", "description": "The command line that asks again."},
            "result": {"$ref": _REF.format(model=kind.__name__)},
        },
        "required": ["sentence", "command", "result"],
    }
    record = _post(operation.name, operation.title, operation.asked, schemas)["post"]
    return {
        **record,
        "description": f"The result is of the kind {name}; see `supplynet schema {name}`.",
        "responses": _responses(answer),
    }


def _post(
    name: str, title: str, query: Any, schemas: dict[str, Any], media_type: str = ""
) -> dict[str, Any]:
    schema = query.model_json_schema(ref_template=_REF)
    schemas.update(schema.pop("$defs", {}))
    schemas[query.__name__] = schema
    body = {"schema": {"$ref": _REF.format(model=query.__name__)}, "example": EXAMPLE}
    return {
        "post": {
            "operationId": name,
            "summary": title,
            "requestBody": {"required": True, "content": {"application/json": body}},
            "responses": _responses(_OBJECT, media_type or "application/json"),
        }
    }


def _responses(schema: dict[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    error = {
        "description": "What is wrong and what to do about it.",
        "content": {"application/json": {"schema": {"$ref": _REF.format(model="Error")}}},
    }
    return {
        "200": {"description": "The answer.", "content": {media_type: {"schema": schema}}},
        "default": error,
    }
