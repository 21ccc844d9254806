"""The tools for assistants, called by the client of the official SDK."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn

pytest.importorskip("mcp", reason="needs mcp (extra: mcp)")

from mcp import StdioServerParameters
from mcp.client.client import Client

from supplynet.questions import QUESTIONS
from supplynet.questions.declared import load
from supplynet.serve.tools import Tools, server_of
from tests.serve.conftest import in_a_loop

TOOLS = [
    "list",
    "show",
    *(name for name in QUESTIONS if load(name).is_open),  # files of others stay where they are
    "sources",
]
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("list", {}),
    ("show", {"graph": "tutorial"}),
    ("show", {"graph": "tutorial", "id": "ref-big"}),
    ("potential", {"graph": "tutorial", "to": "MLT", "tier": "possible"}),
    ("contested", {"graph": "tutorial", "tier": "possible"}),
    ("bypass", {"graph": "tutorial", "to": "MLT", "avoid": "ISL"}),
    ("chokepoints", {"graph": "tutorial", "to": "MLT", "element": "Nd", "tier": "possible"}),
    ("run", {"graph": "tutorial", "avoid": "ISL"}),
    ("compare", {"graph": "tutorial", "to": "MLT", "cases": ["base"]}),
    ("sources", {"graph": "rare-earths", "rows": 2}),
]
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("potential", {"to": "MLT"}, "no graph"),
    ("potential", {"graph": "/etc", "to": "MLT"}, "no graph"),
    ("potential", {"graph": "../graphs/tutorial", "to": "MLT"}, "no graph"),
    ("potential", {"graph": "tutorial"}, "to is missing: Selector of the nation or bloc."),
    ("potential", {"graph": "tutorial", "to": "MLT", "yaer": 1}, "did you mean 'year'?"),
    (
        "potential",
        {"graph": "tutorial", "to": "MLT", "tier": "x"},
        "tier: Input should be 'operating'",
    ),
    ("contested", {"graph": "tutorial", "to": "MLT"}, "to says nothing here: all nations buy"),
    ("contested", {"graph": "tutorial", "element": "Nd"}, "element says nothing here"),
    ("run", {"graph": "tutorial", "shock": "x", "year": 2025}, "a shock has its own months"),
    ("survive", {"graph": "tutorial", "to": "MLT", "shock": "x", "year": 2025}, "its own months"),
    ("potential", {"graph": "tutorial", "to": "nowhere"}, "nowhere"),
    ("potential", {"graph": "tutorial", "to": "MLT", "rows": "all"}, "rows"),
    ("potential", {"graph": "tutorial", "to": "MLT", "scenarios": ["/tmp/x.toml"]}, "a file"),
    ("show", {"graph": "tutorial", "id": "none"}, "none"),
    ("sources", {"graph": "tutorial", "ids": ["none"]}, "none"),
    ("burn", {}, "no tool"),
]


def told(result: Any) -> dict[str, Any]:
    content = dict(json.loads(result.content[0].text))
    assert content == result.structured_content
    return content


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """Every call, and every wrong one, in one session with the server in this process."""
    found: dict[str, Any] = {}

    async def session() -> None:
        tools = Tools()
        async with Client(server_of(tools)) as client:
            found["tools"] = (await client.list_tools()).tools
            found["calls"] = [await client.call_tool(name, words) for name, words in CALLS]
            found["wrong"] = [await client.call_tool(name, words) for name, words, _ in WRONG]
        tools.close()

    in_a_loop(session())
    return found


def test_every_tool_is_listed_with_its_words(answers: dict[str, Any]) -> None:
    tools = {tool.name: tool for tool in answers["tools"]}
    assert list(tools) == TOOLS
    for name, tool in tools.items():
        assert tool.description
        assert tool.annotations.read_only_hint
        assert name == "list" or "graph" in tool.input_schema["required"]


def test_every_answer_proves_itself(answers: dict[str, Any]) -> None:
    for (name, _), result in zip(CALLS, answers["calls"], strict=True):
        content = told(result)
        assert not result.is_error, content
        if name in ("list", "show", "sources"):
            continue
        assert content["sentence"]
        assert content["command"].startswith("supplynet ")
        assert content["result"]["provenance"]["digest"]
        assert content["result"]["certificate"]["ok"]
        if name == "contested":
            spread = sn.allocate(sn.load("tutorial"), tier="possible").spread
            assert spread is not None
            levels = content["result"]["spread"]["levels"]
            ends = [(row["low"], row["high"]) for row in levels]
            assert ends == list(spread.levels.values())


def test_a_wrong_call_is_told(answers: dict[str, Any]) -> None:
    for (_, _, text), result in zip(WRONG, answers["wrong"], strict=True):
        assert result.is_error
        content = told(result)
        assert text in content["error"] + content["hint"]


def test_a_folder_named_at_the_start_may_be_asked(tmp_path: Path) -> None:
    sn.save(sn.load("tutorial"), tmp_path / "mine")

    async def session() -> tuple[dict[str, Any], dict[str, Any]]:
        tools = Tools([str(tmp_path / "mine")])
        async with Client(server_of(tools)) as client:
            listed = told(await client.call_tool("list", {}))
            words = {"graph": str(tmp_path / "mine"), "to": "MLT"}
            found = told(await client.call_tool("potential", words))
        tools.close()
        return listed, found

    listed, found = in_a_loop(session())
    assert listed["graphs"][0]["graph"] == str(tmp_path / "mine")
    assert found["command"].startswith(f"supplynet coverage {tmp_path / 'mine'}")


def test_it_is_served_over_standard_input_and_output() -> None:
    async def session() -> Any:
        words = StdioServerParameters(command=sys.executable, args=["-m", "supplynet", "mcp"])
        async with Client(words) as client:
            return await client.call_tool("potential", {"graph": "tutorial", "to": "MLT"})

    assert told(in_a_loop(session()))["result"]["served"] == pytest.approx(1090.91, abs=0.01)


def test_a_line_that_is_no_message_is_answered_as_json_rpc_asks() -> None:
    lines = '{\n[]\nnull\n{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n'
    command = [sys.executable, "-m", "supplynet", "mcp"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as server:  # type: ignore[call-overload]
        server.stdin.write(lines)
        server.stdin.flush()
        # the input stays open until all is answered: its end ends the server
        answers = [json.loads(server.stdout.readline()) for _ in range(4)]
        server.stdin.close()
    codes = [answer.get("error", {}).get("code") for answer in answers]
    assert codes == [-32700, -32600, -32600, None], "no JSON; twice no message; a ping"
    assert all(answer["id"] is None for answer in answers[:3])


def test_a_tool_offers_the_words_that_say_something() -> None:
    tools = Tools()
    words = {tool.name: tool.input_schema["properties"] for tool in tools.declared()}
    tools.close()
    assert {"to", "element", "year"} <= set(words["potential"])
    assert {"to", "element"}.isdisjoint(words["contested"])
    assert {"to", "element"}.isdisjoint(words["run"])
    assert {"year", "element"}.isdisjoint(words["survive"])
