"""The questions as tools of the Model Context Protocol, over standard input and output.

Every answer has the sentence that may be quoted, the certificate, data ranges, provenance, and the
command line that gives it again. Long tables are cut, and it is said by how many rows. Only shipped
graphs and those named at the start can be asked; nothing is written.

The protocol: https://modelcontextprotocol.io/specification (2025-11-25).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import anyio
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from pydantic import BaseModel, ConfigDict, Field, ValidationError

import supplynet
from supplynet.errors import OptionError, SupplynetError, UnknownNameError
from supplynet.io.load import graph_ids, list_graphs
from supplynet.reports.data_writers import jsonable
from supplynet.serve.cards import directory_of, sections_of, sources
from supplynet.serve.operations import OPERATIONS, Operation, answer
from supplynet.serve.source import Source, Workbench
from supplynet.serve.state import Name, validated
from supplynet.terms import did_you_mean
from supplynet.text import one_line

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


#: rows of a table that are reported where nothing else is asked for
_ROWS = 20
_INSTRUCTIONS = (
    "Supply chains of critical minerals as networks, with certified answers. Begin with list and "
    "show: show lists which nations, elements, years, scenarios and shocks a graph knows. A "
    "potential is what a nation could get with exclusive access; contested is what all get: "
    "never add or mix the two. Quote the field sentence, with its range, and name the tier and the "
    "year. A flow or bypass by element is an upper bound. If certificate.ok is false, say so."
)
_SHOWN_OF_PLANT = "id of a plant or nation of the graph; empty for the graph itself"


class _Words(BaseModel):
    """Words of a tool that asks no question."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Listed(_Words):
    """Nothing is asked for."""


class Shown(_Words):
    """What is looked at."""

    id: Annotated[str, Field(max_length=200, description=_SHOWN_OF_PLANT)] = ""


class Sourced(_Words):
    """Which sources are reported."""

    ids: Annotated[
        tuple[Name, ...], Field(max_length=200, description="Ids of sources; none for all.")
    ] = ()


@dataclass(frozen=True)
class _Tool:
    """A tool: its words, and what answers them."""

    title: str
    asked: type[BaseModel]
    #: network, name of the graph and words to an answer
    answer: Callable[[SupplyNetwork, str, Any], dict[str, Any]]


class Tools:
    """The tools of the shipped graphs and of some folders or files."""

    def __init__(self, graphs: Iterable[str] = ()) -> None:
        self._sources = {graph: Source(graph) for graph in graphs}
        self._usual = next(iter(self._sources), None)
        self._workbench = Workbench()
        self._tools = {
            "list": _Tool("Which graphs can be asked?", Listed, lambda *_: {}),
            "show": _Tool("What does a graph hold, or a plant of it?", Shown, _shown),
            **{name: _tool_of(operation) for name, operation in OPERATIONS.items()},
            "sources": _Tool(
                "What do the figures rest on?",
                Sourced,
                lambda net, _graph, query: {"sources": sources(net, query.ids)},
            ),
        }

    def declared(self) -> list[types.Tool]:
        """Return every tool with the schema of its words."""
        return [
            types.Tool(
                name=name,
                title=tool.title,
                description=tool.title,
                input_schema=self._schema(name, tool),
                annotations=types.ToolAnnotations(
                    read_only_hint=True, idempotent_hint=True, open_world_hint=False
                ),
            )
            for name, tool in self._tools.items()
        ]

    async def call(self, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        """Return the answer of a tool; what is wrong with the words is given as an answer too."""
        options = dict(arguments)
        graph, n_rows = options.pop("graph", None), options.pop("rows", _ROWS)
        try:
            if name not in self._tools:
                raise UnknownNameError(
                    f"there is no tool {name[:200]!r}", hint=did_you_mean(name, self._tools)
                )
            query = validated(self._tools[name].asked, options, "tools/list has every word")
            record = await self._workbench.answer(
                lambda: self._answered(name, graph, query, n_rows), _never
            )
        except SupplynetError as error:
            return _result({"error": one_line(error.message), "hint": one_line(error.hint)}, True)
        return _result(record, False)

    def close(self) -> None:
        """Wait for the question at hand, and take no more."""
        self._workbench.close()

    def _answered(self, name: str, graph: Any, query: BaseModel, n_rows: Any) -> dict[str, Any]:
        tool = self._tools[name]
        if name == "list":
            return self._listed()
        if isinstance(n_rows, bool) or not isinstance(n_rows, int) or n_rows < 0:
            raise OptionError(f"rows must be a whole number from 0 on, not {n_rows!r}")
        source = self._source(graph)
        return _cut(tool.answer(source.network(), source.graph, query), n_rows)

    def _source(self, graph: Any) -> Source:
        """Return a graph that may be asked: a shipped one, or one named at the start."""
        name, names = str(graph or self._usual), self._known()
        if name not in names:
            raise UnknownNameError(
                f"there is no graph {name[:200]!r} that may be asked",
                hint=f"there are {', '.join(names)}",
            )
        if name not in self._sources:
            self._sources[name] = Source(name)
        return self._sources[name]

    def _known(self) -> list[str]:
        """Return the graphs that may be asked, those named at the start first."""
        return list(dict.fromkeys([*self._sources, *graph_ids()]))

    def _listed(self) -> dict[str, Any]:
        shipped = [
            {
                "graph": graph.id,
                "title": one_line(graph.title),
                "description": one_line(graph.description),
                "elements": list(graph.elements),
            }
            for graph in list_graphs()
        ]
        ids = graph_ids()
        own = [
            {"graph": name, "title": one_line(source.network().commodity.family)}
            for name, source in self._sources.items()
            if name not in ids
        ]
        return {"graphs": [*own, *shipped]}

    def _schema(self, name: str, tool: _Tool) -> dict[str, Any]:
        schema = tool.asked.model_json_schema()
        if name == "list":
            return schema
        own = {
            "graph": {
                "type": "string",
                "enum": self._known(),
                "description": "Graph that is asked.",
            },
            "rows": {
                "type": "integer",
                "minimum": 0,
                "default": _ROWS,
                "description": "Rows of each table that are reported.",
            },
        }
        required = [*([] if self._usual else ["graph"]), *schema.get("required", [])]
        return {**schema, "properties": {**own, **schema["properties"]}, "required": required}


def serve_tools(graphs: Iterable[str] = ()) -> None:
    """Answer over standard input and output until it ends, of shipped graphs and those named."""
    tools = Tools(graphs)
    try:
        anyio.run(_over_stdio, tools)
    finally:
        tools.close()


async def _over_stdio(tools: Tools) -> None:
    server = server_of(tools)
    async with stdio_server() as (lines, write_stream), anyio.create_task_group() as tasks:
        passed, read_stream = anyio.create_memory_object_stream[Any](0)

        async def refuse_what_is_no_message() -> None:
            # the library drops a line that it cannot read; JSON-RPC asks for an answer
            async with passed:
                async for line in lines:
                    if isinstance(line, Exception):
                        await write_stream.send(SessionMessage(_refusal(line)))
                    else:
                        await passed.send(line)

        tasks.start_soon(refuse_what_is_no_message)
        await server.run(read_stream, write_stream, server.create_initialization_options())


def _refusal(error: Exception) -> types.JSONRPCError:
    """Return the answer to a line that is no message: no JSON, or none of JSON-RPC 2.0."""
    faults = error.errors() if isinstance(error, ValidationError) else []
    is_json = bool(faults) and all(fault["type"] != "json_invalid" for fault in faults)
    code, text = (
        (types.INVALID_REQUEST, "not a message of JSON-RPC 2.0")
        if is_json
        else (types.PARSE_ERROR, "not JSON")
    )
    record = types.ErrorData(code=code, message=text)
    return types.JSONRPCError(jsonrpc="2.0", id=None, error=record)


def server_of(tools: Tools) -> Server[Any]:
    """Return the server of the tools, for any way of talking to it."""

    async def listed(_context: Any, _asked: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=tools.declared())

    async def called(_context: Any, query: types.CallToolRequestParams) -> types.CallToolResult:
        return await tools.call(query.name, query.arguments or {})

    return Server(
        "supplynet",
        version=supplynet.__version__,
        instructions=_INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
    )


def _tool_of(operation: Operation) -> _Tool:
    def answered(net: SupplyNetwork, graph: str, query: Any) -> dict[str, Any]:
        content = answer(operation, net, graph, query)
        # programs and duals fill megabytes; who wants to check them takes the file
        proof = {"proof": f"written by: {content['command']} --format json"}
        if "proof" in content["result"]:
            content["result"] = {**content["result"], **proof}
        return content

    return _Tool(operation.title, operation.asked, answered)


def _shown(net: SupplyNetwork, _graph: str, shown: Shown) -> dict[str, Any]:
    if not shown.id:
        return directory_of(net)
    from supplynet.reports.results_network import of_node

    document = of_node(net, shown.id)
    content: dict[str, Any] = jsonable(document.data)
    lines = [line for portion in sections_of(document) for line in portion.get("lines", ())]
    return {"title": one_line(document.title), "lines": lines, **content}


async def _never() -> bool:
    """Whoever asked still waits: who does not cancels the task."""
    return False


def _cut(content: dict[str, Any], n_rows: int) -> dict[str, Any]:
    """Return an answer with its tables cut, and by how many rows each."""
    is_inner = isinstance(content.get("result"), dict)  # else the name of the kind of result
    record = content["result"] if is_inner else content
    left = {
        name: len(rows) - n_rows
        for name, rows in record.items()
        if isinstance(rows, list) and rows and isinstance(rows[0], dict) and len(rows) > n_rows
    }
    if not left:
        return content
    cut = {name: rows[:n_rows] if name in left else rows for name, rows in record.items()}
    return {**content, "result": cut, "rows_left": left} if is_inner else {**cut, "rows_left": left}


def _result(content: dict[str, Any], is_error: bool) -> types.CallToolResult:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)],
        structured_content=content,
        is_error=is_error,
    )
