"""Stand-alone verification: right results pass, each corrupted one fails, and gaps are told."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet import verify
from supplynet.analysis.proofs import packed
from supplynet.report.build import report
from supplynet.report.json_writer import to_json

SCRIPT = Path(verify.__file__)
TABLES = Path("graphs/tutorial")


@cache
def written(kind: str) -> Any:
    """The JSON of an answer, as a reader gets it."""
    net = sn.load("tutorial")
    asked = {"to": "MLT", "element": "Nd"}
    answers: dict[str, Callable[[], Any]] = {
        "flow": lambda: sn.max_flow(net, avoid="FJI", **asked),
        "cuts": lambda: sn.min_cuts(net, **asked),
        "unavoidable": lambda: sn.unavoidable(net, **asked),
        "chokepoints": lambda: sn.chokepoints(net, **asked),
        "bypass": lambda: sn.bypass(net, to="MLT", avoid="FJI"),
        "interdict": lambda: sn.interdict(net, k=2, **asked),
        "interdict-country": lambda: sn.interdict(net, k=1, by="country", **asked),
        "balance": lambda: sn.balance(net),
        "cost": lambda: sn.balance(net, objective="cost"),
        "potential": lambda: sn.potential(net, to="MLT", avoid="FJI"),
        "exposure": lambda: sn.exposure(net, to="MLT", exposed_to="FJI", element="Nd"),
    }
    return json.loads(to_json(report(answers[kind]()).document))


KINDS = [
    "flow",
    "cuts",
    "unavoidable",
    "chokepoints",
    "bypass",
    "interdict",
    "interdict-country",
    "balance",
    "cost",
    "potential",
    "exposure",
]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_right_holds(kind: str) -> None:
    told = verify.verify(written(kind), TABLES)
    words = [word for word, _ in told]
    assert "FAILS" not in words, told
    assert words.count("holds") >= 2


def test_what_carries_no_proof_is_told() -> None:
    content = json.loads(to_json(report(sn.indices(sn.load("tutorial"))).document))
    assert [word for word, _ in verify.verify(content)] == ["not checked"]


def scaled(part: Any, key: str, factor: float) -> None:
    """Multiply the largest number of a packed array."""
    values = verify.unpack(part[key])
    place = max(range(len(values)), key=lambda n: abs(float(values[n])))
    kind = type(values[place])
    values[place] = (
        kind(int(values[place]) * int(factor)) if kind is str else values[place] * factor
    )
    part[key] = packed(np.array(values)) if kind is not str else packed(values)


def zeroed(part: Any) -> None:
    """Set every number of some packed arrays to 0."""
    for key, values in part.items():
        part[key] = packed(np.zeros(len(verify.unpack(values))))


def solved(result: Any) -> Any:
    return result["proof"][0]["programs"][-1]


#: what is done to a result that is right, by name; each changes what it says
CORRUPTIONS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "value": ("flow", lambda r: r.update(value=r["value"] + 1)),
    "proved value": ("flow", lambda r: r["proof"][0].update(value=r["value"] + 1)),
    "value is no number": ("flow", lambda r: r.update(value="160")),
    "value is not a number": ("flow", lambda r: r.update(value=float("nan"))),
    "units": ("flow", lambda r: scaled(r["proof"][0], "units", 2)),
    "less flows": ("flow", lambda r: r["proof"][0].update(units=packed(["0"] * 30))),
    "capacity": ("flow", lambda r: r["proof"][0].update(capacity=packed([0.5] * 30))),
    "scale": ("flow", lambda r: r["proof"][0].update(scale=["2", "1"])),
    "scale of 0": ("flow", lambda r: r["proof"][0].update(scale=["1", "0"])),
    "sides": ("flow", lambda r: r["proof"][0].update(side=packed([1, 1] * 30))),
    "sink": ("flow", lambda r: r["proof"][0].update(sink=r["proof"][0]["source"])),
    "kind": ("flow", lambda r: r["proof"][0].update(kind="linear")),
    "unknown kind": ("flow", lambda r: r["proof"][0].update(kind="trust me")),
    "packed text": ("flow", lambda r: r["proof"][0].update(units="s:AAAA")),
    "worst value": ("interdict", lambda r: r.update(value=r["value"] + 5)),
    "bound": ("interdict", lambda r: r.update(bound=r["bound"] - 5)),
    "both bounds": (
        "interdict-country",
        lambda r: (r.update(bound=99.0), r["proof"][0].update(bound=99.0)),
    ),
    "whole": ("interdict", lambda r: r.update(whole=1e9)),
    "a set less": ("interdict", lambda r: r["sets"].pop()),
    "no attack": ("interdict", lambda r: r["proof"][0].update(attacks=[])),
    "removed": ("interdict", lambda r: r["proof"][0]["attacks"][0].update(removed=[])),
    "budget": ("interdict", lambda r: r["proof"][0].update(budget=1.0)),
    "cost": ("interdict", lambda r: scaled(r["proof"][0], "cost", 9.0)),
    "a leaf less": ("interdict-country", lambda r: r["proof"][0]["leaves"].pop()),
    "a leaf twice": (
        "interdict-country",
        lambda r: r["proof"][0]["leaves"].append(r["proof"][0]["leaves"][0]),
    ),
    "amounts": ("balance", lambda r: scaled(r["proof"][0]["shown"], "x", 1.001)),
    "negative amount": ("balance", lambda r: scaled(r["proof"][0]["shown"], "x", -1.0)),
    "objective": ("balance", lambda r: solved(r).update(objective=solved(r)["objective"] + 0.5)),
    "direction": ("potential", lambda r: r["proof"][0]["programs"][0].update(is_largest=False)),
    "solution": ("balance", lambda r: scaled(solved(r), "x", 0.5)),
    "duals": ("cost", lambda r: zeroed(r["proof"][0]["programs"][1]["duals"])),
    "right sides": ("cost", lambda r: scaled(solved(r)["ub"], "sides", 0.5)),
    "rows": ("balance", lambda r: scaled(r["proof"][0]["matrices"][0], "values", 7.0)),
    "a row less": ("balance", lambda r: solved(r)["ub"].update(rows=[])),
    "lower bound": ("balance", lambda r: solved(r).update(lower=packed([9e9] * 99))),
    "delivery": ("balance", lambda r: r["deliveries"][0].update(served=1.0)),
    "a flow more": ("balance", lambda r: r["flows"].append({**r["flows"][0], "what": "gold"})),
    "a flow": ("potential", lambda r: r["flows"][0].update(tonnes=r["flows"][0]["tonnes"] * 2)),
}


def traced(result: Any) -> Any:
    """The proof of the trace of the first element."""
    return result["proof"][1]["elements"][0]


def edited(part: Any, key: str, place: int, value: Any) -> None:
    """Put another value in a packed array."""
    values = verify.unpack(part[key])
    values[place] = value
    part[key] = packed(values)


def first(result: Any, table: str, **where: Any) -> Any:
    """The first row of a table that has some values."""
    return next(row for row in result[table] if where.items() <= row.items())


def plants_of(result: Any) -> Any:
    return result["proof"][1]


def lens(result: Any, name: str = "location") -> Any:
    return result["proof"][1]["lenses"][name]


#: what is done to a trace; its balance stays as it is
OF_TRACES: dict[str, Callable[[Any], Any]] = {
    "direct": lambda r: r["stages"][0].update(direct=r["stages"][0]["direct"] + 0.01),
    "direct possibly": lambda r: r["stages"][0].update(direct_possibly=1.0),
    "traced": lambda r: r["stages"][0].update(traced=0.0),
    "traced possibly": lambda r: r["stages"][0].update(traced_possibly=0.999),
    "traced is not a number": lambda r: r["stages"][0].update(traced=float("nan")),
    "traced is a text": lambda r: r["stages"][0].update(traced="all"),
    "traced is nothing": lambda r: r["stages"][0].update(traced=None),
    "supply": lambda r: r["stages"][0].update(supply=2.0),
    "stage": lambda r: first(r, "stages", stage="mine").update(stage="maker"),
    "lens": lambda r: r["stages"][0].update(lens="trust"),
    "element of a row": lambda r: r["stages"][0].update(element="Au"),
    "share of a country": lambda r: r["holders"][0].update(share=0.5),
    "country": lambda r: r["holders"][0].update(country="MLT"),
    "share of a plant": lambda r: r["plants"][0].update(share=0.5),
    "plant": lambda r: r["plants"][0].update(node="nowhere"),
    "jurisdiction": lambda r: r["question"].update(exposed_to="ISL"),
    "no linear proof": lambda r: r["proof"].pop(0),
    "no elements": lambda r: plants_of(r).update(elements=[]),
    "plants": lambda r: edited(plants_of(r), "plants", 0, "mine-9"),
    "a plant less": lambda r: plants_of(r).update(plants=packed(["mine-big"])),
    "stage of a plant": lambda r: edited(plants_of(r), "stages", 0, "maker"),
    "home": lambda r: plants_of(r).update(home=["FJI"]),
    "holder": lambda r: edited(lens(r), "holders", 0, "FJI"),
    "holder by control": lambda r: edited(lens(r, "control"), "holders", 1, "MLT"),
    "surely": lambda r: lens(r).update(surely=[]),
    "possibly": lambda r: lens(r).update(possibly=["mine-big"]),
    "tonnes that leave": lambda r: edited(traced(r), "leaving", 0, 1.0),
    "tonnes that arrive": lambda r: edited(traced(r), "arriving", 0, 1.0),
    "less than nothing": lambda r: edited(traced(r), "leaving", 0, -1.0),
    "tonnes that are no number": lambda r: edited(traced(r), "leaving", 0, float("nan")),
    "all tonnes twice": lambda r: [
        scaled_all(traced(r), key, 2) for key in ("leaving", "arriving")
    ],
    "what a unit holds": lambda r: edited(traced(r), "high", 0, 0.01),
    "what it holds at least": lambda r: edited(traced(r), "low", 0, 0.999),
    "more than all is kept": lambda r: edited(traced(r), "kept", 0, 1.5),
    "variable": lambda r: edited(traced(r), "column", 0, 7),
    "no such variable": lambda r: edited(traced(r), "column", 0, 10_000),
    "from": lambda r: edited(traced(r), "tail", 0, 5),
    "to": lambda r: edited(traced(r), "head", 0, 5),
    "kind of a pot": lambda r: edited(traced(r), "kinds", 1, "gone"),
    "all ground": lambda r: traced(r).update(kinds=packed(["ground"] * 99)),
    "name of a pot": lambda r: edited(traced(r), "labels", 1, "mine-small"),
    "no supply": lambda r: traced(r).update(supply=packed(np.zeros(0, dtype=int))),
    "supply elsewhere": lambda r: traced(r).update(supply=packed([0])),
    "a move less": lambda r: [shortened(traced(r), key) for key in MOVES],
    "arrays of two lengths": lambda r: shortened(traced(r), "leaving"),
}
MOVES = ("column", "tail", "head", "leaving", "arriving", "low", "high", "kept")


def scaled_all(part: Any, key: str, factor: float) -> None:
    part[key] = packed(factor * np.array(verify.unpack(part[key])))


def shortened(part: Any, key: str) -> None:
    part[key] = packed(np.array(verify.unpack(part[key])[1:]))


CORRUPTIONS |= {f"trace: {name}": ("exposure", corrupt) for name, corrupt in OF_TRACES.items()}


def test_at_least_thirty_kinds_of_corruption_of_a_trace() -> None:
    assert len(OF_TRACES) >= 30


def test_shares_of_circles_are_mixed_until_they_stand() -> None:
    """A pot whose scrap comes back to it: what came first is still what leaves it."""
    part = {
        "kinds": ["ground", "ground", "raw", "raw", "supply"],
        "labels": ["a", "b", "ref", "scrap", "MLT"],
        "tail": [0, 1, 2, 3, 2],
        "head": [2, 2, 3, 2, 4],
        "arriving": [30.0, 10.0, 400.0, 400.0, 40.0],
        "supply": [4],
    }
    marks, whole = verify.mixed(part, frozenset(), frozenset({"a"}))
    assert (marks, whole) == (pytest.approx(30.0), 40.0)
    assert verify.mixed(part, frozenset({"scrap"}), frozenset({"scrap"}))[0] == pytest.approx(
        40.0 * 400.0 / 440.0
    )


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_what_is_corrupted_fails(name: str) -> None:
    kind, corrupt = CORRUPTIONS[name]
    result = copy.deepcopy(written(kind))
    corrupt(result)
    assert "FAILS" in [word for word, _ in verify.verify(result)]


def test_tables_are_looked_up(tmp_path: Path) -> None:
    """A plant that is not in the tables, or avoided, or a link that does not count."""
    for name in ("nodes.csv", "edges.csv", "rules.csv"):
        (tmp_path / name).write_text((TABLES / name).read_text(encoding="utf-8"), encoding="utf-8")
    assert "FAILS" not in [word for word, _ in verify.verify(written("balance"), tmp_path)]
    edges = (TABLES / "edges.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in edges if not row.startswith("mine-big,ref-big")]
    (tmp_path / "edges.csv").write_text("".join(kept), encoding="utf-8")
    told = dict(reversed(pair) for pair in verify.verify(written("balance"), tmp_path))
    assert [
        what for what, word in told.items() if word == "FAILS" and "mine-big to ref-big" in what
    ]
    avoided = copy.deepcopy(written("balance"))
    avoided["question"]["avoid"] = "ISL"
    assert "FAILS" in [word for word, _ in verify.verify(avoided, TABLES)]
    later = copy.deepcopy(written("balance"))
    later["question"]["year"] = 1900
    assert "FAILS" in [word for word, _ in verify.verify(later, TABLES)]
    changed = copy.deepcopy(written("flow"))
    changed["question"]["scenarios"] = ["stop"]
    assert ("not checked", "result (flow): its tables: scenarios changed them") in verify.verify(
        changed, TABLES
    )


def test_limits_spread_over_cycles_and_infinite_rows() -> None:
    """What has no limit of its own gets that of the rows; what the rows leave open stays so."""
    inf = float("inf")
    lower, upper = [0.0, 0.0, -inf, 0.0], [5.0, inf, inf, inf]
    rows = [([1, 0], [1.0, -2.0]), ([3, 2], [1.0, -1.0])]
    verify.spread(lower, upper, rows, [1.0, 0.0])
    assert upper == [5.0, 11.0, inf, inf]


def test_the_script_runs_alone(tmp_path: Path) -> None:
    """Without site packages, out of the JSON that carries it; and it says what it cannot read."""
    path = tmp_path / "result.json"
    path.write_text(json.dumps(written("balance")), encoding="utf-8")
    script = tmp_path / "verify.py"
    script.write_text(written("balance")["verify.py"], encoding="utf-8")
    alone = [sys.executable, "-I", "-S", str(script)]
    done = subprocess.run([*alone, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("holds") and "FAILS" not in done.stdout
    assert verify.main([str(tmp_path / "nothing.json")]) == 2
    assert verify.main([]) == 2


def test_a_page_carries_script_and_content(tmp_path: Path) -> None:
    path = report(sn.max_flow(sn.load("tutorial"), to="MLT", element="Nd")).write(
        tmp_path / "page.html"
    )
    told = verify.verify(verify.read(path))
    assert [word for word, _ in told] == ["holds"]


def test_it_is_short_and_needs_nothing() -> None:
    """Few enough lines to read in one go, and imports of the standard library alone."""
    lines = [line for line in SCRIPT.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(lines) <= 410
    imported = {
        name.split(".")[0]
        for line in lines
        if line.startswith(("import ", "from "))
        for name in line.partition("#")[0].replace(",", " ").split()[1:2]
    }
    assert imported <= sys.stdlib_module_names
