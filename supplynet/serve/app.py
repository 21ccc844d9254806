"""The server: who may ask, what is asked, and answers or errors as JSON, never a traceback.

It listens on the machine itself only. Every address begins with a token that is new at each start;
a page of another origin, or a name that was bent to this address, is refused.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

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
from supplynet.serve import cards, openapi
from supplynet.serve.operations import OPERATIONS, Operation, answer
from supplynet.serve.page import page, policy
from supplynet.serve.source import Workbench
from supplynet.serve.state import State, Viewed, validated
from supplynet.serve.views import DOWNLOADS, download, view
from supplynet.text import one_line

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

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


def application(
    source: Source, *, token: str, hosts: frozenset[str], workbench: Workbench | None = None
) -> ASGIApp:
    """Return the server of a graph as an ASGI application.

    Parameters
    ----------
    source : Source
        The graph, which is read anew when its files change.
    token : str
        First part of every address.
    hosts : frozenset of str
        Names with ports under which it may be asked.
    workbench : Workbench, optional
        Where answers are worked out; default: one of its own.
    """
    rooms = _Rooms(source, workbench or Workbench())
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

    def __init__(self, source: Source, workbench: Workbench) -> None:
        self._source, self._workbench = source, workbench
        self._kept = Cache(most=_MOST_KEPT)

    async def page(self, request: Request) -> Response:
        """The page."""
        net = await self._done(request, self._source.network)
        return HTMLResponse(page(net), headers={"content-security-policy": policy()})

    async def openapi(self, _request: Request) -> Response:
        """The description of all that can be asked."""
        return JSONResponse(openapi.document(VERSION))

    async def schema(self, request: Request) -> Response:
        """The JSON schema of a result."""
        return JSONResponse(openapi.schema_of(request.path_params["name"]))

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
