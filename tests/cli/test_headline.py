"""One question has one headline: in JSON, Python, CSV, ``--fail-on``, text and the server's answer.

Commands, results and operations are found, not listed: a new one without an example fails. Those of
declared questions are tested with them, in ``tests/contract/test_question.py``.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pandas as pd
import pytest

import supplynet as sn
from supplynet.cli.failing import ConditionType
from supplynet.cli.main import cli
from supplynet.questions import QUESTIONS
from supplynet.reports.data_writers import jsonable
from supplynet.reports.first_words import headline_words
from supplynet.text import quantity
from tests.cli.conftest import Invoke
from tests.sweeps import sweep

#: nation, what is avoided and a shock of each graph
GRAPHS = {
    "tutorial": ("MLT", "ISL"),
    "rare-earths": ("KOR", "CHN"),
    "cobalt": ("KOR", "CHN"),
    "gallium-germanium": ("KOR", "CHN"),
}
YEAR = 2026
#: a form that customs weigh, by graph
FORMS = {"tutorial": "oxide", "rare-earths": "magnet", "cobalt": "metal"}
FORMS["gallium-germanium"] = "refined"
#: keys of a headline that are the same wherever its answer stands
HEAD = ("name", "of", "value", "low", "high", "unit", "tier", "year")


@dataclass(frozen=True)
class Door:
    """A question as a command and in Python; ``T`` is the nation, ``A`` what is avoided."""

    words: str
    ask: Callable[[sn.SupplyNetwork, str, str], Any]
    #: of a headline that counts: which rows of the CSV are counted, from row and headline
    counted: Callable[[dict[str, str], sn.Headline | None], bool] | None = None
    graphs: tuple[str, ...] = tuple(GRAPHS)
    why: str = ""  #: why it is not asked of the others


REAL = tuple(GRAPHS)[1:]


DOORS: dict[str, Door] = {
    "graph check": Door(
        "G",
        lambda n, t, a: float(len(n.check().errors)),
        counted=lambda row, head: row["severity"] == "error",
    ),
    "compare diff": Door(
        "G G", lambda n, t, a: sn.compare.diff_graphs(n, n), counted=lambda row, head: True
    ),
    "graph merge": Door(
        "G trade.csv --codes 850511:FORM --as-year 2026",
        lambda n, t, a: sn.graph.merge(
            n,
            pd.DataFrame(
                [[t, a, FORMS[n.name], 2024, 1.0], [t, "FJI", FORMS[n.name], 2024, 1.0]],
                columns=["importer", "exporter", "form", "year", "tonnes"],
            ),
            at=2026,
        ),
    ),
    "report": Door(
        f"G --to T --avoid A --year {YEAR}",
        lambda n, t, a: sn.coverage.outlook(n, to=t, avoid=a, year=YEAR, tier="operating"),
    ),
}


def judging() -> Iterator[str]:
    """Every command that has ``--fail-on``, by name."""
    context = click.Context(cli, **cli.context_settings)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        if any(isinstance(param.type, ConditionType) for param in command.params):
            yield name


def test_every_command_that_judges_has_an_example() -> None:
    assert set(judging()) - set(QUESTIONS.values()) == set(DOORS)


def shut(avoid: str) -> dict[str, Any]:
    """A scenario in which all plants of a country are closed."""
    return {"change": [{"verb": "close", "nodes": avoid}]}


@pytest.fixture
def files(tmp_path: Path) -> Callable[[sn.SupplyNetwork, str, str], None]:
    """Write what some commands read: trade and a scenario."""

    def write(net: sn.SupplyNetwork, to: str, avoid: str) -> None:
        rows = [f"{to},{avoid},850511,2024,9,1", f"{to},FJI,850511,2024,4,1"]
        head = "importer,exporter,hs6,year,value_usd,tonnes"
        (tmp_path / "trade.csv").write_text("\n".join([head, *rows]) + "\n")
        text = f'name = "shut"\ntitle = "Shut"\n[[change]]\nverb = "close"\nnodes = "{avoid}"\n'
        (tmp_path / "shut.toml").write_text(text)

    return write


def cases() -> Iterator[Any]:
    """Every command on two graphs, on all of them with ``SUPPLYNET_MANY=1``; real ones are slow."""
    every = [(name, graph) for name, door in DOORS.items() for graph in door.graphs]
    for name, graph in sweep(every, [one for one in every if one[1] in ("tutorial", REAL[-1])]):
        is_fast = graph == "tutorial" or (graph == REAL[-1] and name == "coverage")
        marks = () if is_fast else (pytest.mark.slow,)
        yield pytest.param(name, graph, marks=marks, id=f"{name}-{graph}")


def same(told: Any, value: float | None) -> bool:
    """Whether a cell or value says the same to the last digit; no limit is null in JSON."""
    if value is None or not math.isfinite(value):
        return told in (None, "", "inf")
    return told not in (None, "") and float(told) == value


def words_of(name: str, net: sn.SupplyNetwork) -> list[str]:
    """The command line of an example about a graph."""
    to, avoid = GRAPHS[net.name]
    known = {
        "G": net.name,
        "T": to,
        "A": avoid,
        "shut": "shut.toml",
        "850511:FORM": f"850511:{FORMS[net.name]}",
    }
    return [name, *(str(known.get(word, word)) for word in DOORS[name].words.split())]


@pytest.mark.parametrize(("name", "graph"), list(cases()))
def test_the_headline_is_the_same_through_every_door(
    invoke: Invoke, files: Any, name: str, graph: str
) -> None:
    door, net, (to, avoid) = DOORS[name], sn.load(graph), GRAPHS[graph]
    files(net, to, avoid)
    words = words_of(name, net)
    asked = door.ask(net, to, avoid)
    value = asked if isinstance(asked, float) else asked.headline.value
    assert value is not None

    told = json.loads(invoke(*words, "--format", "json").out)
    assert next(iter(told)) == "headline"
    assert same(told["headline"]["value"], value)
    if not isinstance(asked, float):
        there = jsonable(asked.headline.to_dict())
        assert {key: told["headline"][key] for key in HEAD} == {key: there[key] for key in HEAD}

    below, above = math.nextafter(value, -math.inf), math.nextafter(value, math.inf)
    conditions = [f"headline>{below!r}", f"headline<{above!r}"]
    false = [f"headline<{value!r}", f"headline>{value!r}"]
    if not math.isfinite(value):  # what never comes is beyond all
        conditions, false = ["headline>1e300"], ["headline<1e300"]
    ran = invoke(*words, *(part for one in [*conditions, *false] for part in ("--fail-on", one)))
    assert ran.code == 7
    assert [one for one in [*conditions, *false] if f"{one!r} is true" in ran.err] == conditions
    assert_read(told["headline"], " ".join(ran.out.split()))

    if math.isfinite(value):
        head = None if isinstance(asked, float) else asked.headline
        in_csv(door, invoke(*words, "--format", "csv").out, head, value)


def in_csv(door: Door, text: str, head: sn.Headline | None, value: float) -> None:
    """Assert that a CSV holds the headline: in a cell, or by the rows that are counted."""
    rows = list(csv.DictReader(io.StringIO(text)))
    if door.counted is not None:
        assert sum(door.counted(row, head) for row in rows) == value
    else:
        is_empty = not rows and value == 0.0  # nothing is lost: there is no row of it
        assert is_empty or any(same(cell, value) for row in rows for cell in numbers(row))


def numbers(row: dict[str, str]) -> Iterator[str]:
    """The cells of a row that are numbers."""
    for cell in row.values():
        try:
            float(cell)
        except ValueError:
            continue
        yield cell


def assert_read(head: dict[str, Any], text: str) -> None:
    """Assert that a text says what JSON says: in the headline, or in the sentence behind it."""
    value = math.inf if head["value"] is None else head["value"]
    headline = sn.Headline(**{**head, "value": value})
    whole = headline_words(headline).partition(" (")[0].partition(", tier")[0].removesuffix(".")
    if whole not in text:
        bare = headline_words(headline, has_figure=False)
        assert bare in text
        figure = quantity(value, head["unit"], has_unit=False).strip("<> %")
        assert figure in text.partition(bare)[2]
