"""Names that would steer a terminal or pretend to be markup, from graphs and arguments."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

import supplynet as sn

NAMES = [
    "Mine\x1b[31m red\x1b[0m",
    "Mine\x1b]0;title\x07",
    "Mine\x9b2J",
    "Mine \u202egnp.exe",
    "Mine [bold red]x[/] [link=http://x.example]y[/link]",
    "[/red]",
    "a|b<script>alert(1)</script>`c`",
    ":warning: **x** =1+1",
]
#: one of each kind; the document of every answer is tried in ``tests/reports/test_results.py``
COMMANDS = [
    ("graph show", "mine", "mine-big"),
    ("graph check", "mine", "--strict", "all"),
    ("flow routes", "mine", "--to", "MLT"),
    ("allocate", "mine", "--nation", "MLT", "--explain", "MLT"),
    ("report", "mine", "--to", "MLT", "--avoid", "node:ref-big"),
]


def steering(text: str) -> list[str]:
    """Characters that a terminal does not show but obeys."""
    return [char for char in text if unicodedata.category(char) in ("Cc", "Cf") and char != "\n"]


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    net = sn.load("tutorial")
    nodes = [
        row.model_copy(update={"name": NAMES[place % len(NAMES)], "note": NAMES[0]})
        for place, row in enumerate(net.node_rows)
    ]
    head = net.metadata.model_copy(update={"title": NAMES[0], "description": NAMES[3]})
    sn.save(net.replace(metadata=head, nodes=nodes), tmp_path / "mine.json")
    return tmp_path / "mine.json"


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
def test_names_of_a_graph_are_shown_as_they_are(invoke, hostile: Path, args) -> None:
    """On a terminal; what files hold is tried with every writer."""
    ran = invoke(args[0], hostile, *args[2:])
    assert ran.code in (0, 3)
    assert "internal error" not in ran.err
    assert steering(ran.out + ran.err) == []
    assert ran.out


@pytest.mark.parametrize("name", [NAMES[0], NAMES[3], NAMES[6]])
@pytest.mark.parametrize(
    "args",
    [
        ("{}",),
        ("graph show", "tutorial", "{}"),
        ("flow", "tutorial", "--to", "{}"),
        ("flow", "tutorial", "--to", "MLT", "--element", "{}"),
        ("flow", "tutorial", "--to", "MLT", "--year", "{}"),
        ("flow", "tutorial", "--to", "MLT", "--scenario", "{}"),
        ("flow", "tutorial", "--to", "MLT", "--scenario", "{}.toml"),
        ("flow", "tutorial", "--to", "MLT", "--fail-on", "{}"),
        ("allocate", "tutorial", "--nation", "{}"),
        ("allocate", "tutorial", "--objective", "priority", "--priority", "{}"),
        ("flow", "tutorial", "--to", "MLT", "-o", "{}"),
        ("flow", "tutorial", "--to", "MLT", "--{}"),
        ("graph check", "tutorial", "--strict", "{}"),
        ("graph convert", "tutorial", "{}.x"),
    ],
    ids=str,
)
def test_arguments_are_shown_as_they_are(invoke, tmp_path: Path, args, name: str) -> None:
    ran = invoke(*(arg.format(name) for arg in args))
    assert ran.code in (2, 3, 6)
    assert ran.out == ""
    assert "internal error" not in ran.err
    assert steering(ran.err) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["half \udc80 character", "x\ny", "\u2028"])
def test_odd_arguments(invoke, text: str) -> None:
    ran = invoke("graph show", "tutorial", text)
    assert (ran.code, ran.out) == (2, "")
    ran.err.encode("utf-8")
