"""Stand-alone verification of answers that are made of others: right ones pass, corrupted ones not.

Every figure that is proved is reported otherwise, rows are named after others, and programs
corrupted.
"""

from __future__ import annotations

import copy
import itertools
import json
import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet import verify
from supplynet.analysis.balance import evidence
from supplynet.analysis.potential import evidence as progress_evidence
from supplynet.analysis.potential.ask import bypass_balance
from supplynet.analysis.proofs import packed
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import Intensity
from supplynet.reports.build import report
from supplynet.reports.data_writers import to_json
from tests.analysis.test_dead_ends import lonely
from tests.analysis.time.networks import chains, stock
from tests.analysis.time.test_replay import happened
from tests.network.networks import added
from tests.questions.test_company import PARTS
from tests.questions.test_stockpile import PRICE, advised
from tests.sweeps import turns
from tests.test_verify import fails, opened, rows_of

LATE = Scenario.from_dict({"change": [{"verb": "close", "nodes": "node:ref-big"}]}, name="late")
STOP = Scenario.from_dict({"change": [{"verb": "close", "nodes": "ISL:mine"}]}, name="stop")


def scenarios(**words: Any) -> Any:
    cases = "base", LATE, STOP, [LATE, STOP]
    words = {"to": "MLT", "element": "Nd", "tier": "operating", **words}
    return sn.compare(sn.load("tutorial"), *cases, **words)


def compared(ask: Callable[..., Any], *several: dict[str, Any], **words: Any) -> Any:
    net = sn.load("tutorial")
    return sn.compare.answers(
        *(ask(net, **words, **one) for one in several), names=["before", "after"]
    )


def footprint() -> Any:
    rock = Intensity(
        id="rock", burden="tailings", nodes="mine", amount=20, unit="t ore", confidence="estimated"
    )
    return sn.trace.footprint_of(
        sn.allocate(sn.load("tutorial").replace(intensities=[rock])), to="MLT"
    )


def progress(**words: Any) -> Any:
    asked = {"to": "MLT", "avoid": "FJI", "slip": [0, 1], "year": [2024, 2026], "tier": "announced"}
    return sn.coverage.progress(sn.load("tutorial"), **asked, **words)


ANSWERS: dict[str, Callable[[], Any]] = {
    "scenarios": lambda: scenarios(),
    "scenarios at most": lambda: scenarios(objective="max_supply"),
    "scenarios by balance": lambda: scenarios(model="balance"),
    "flows": lambda: compared(sn.flow, {}, {"avoid": "ISL"}, to="MLT", element="Nd"),
    "balances": lambda: compared(sn.allocate, {}, {"scenario": STOP}),
    "bypasses": lambda: compared(sn.bypass, {"year": 2024}, {"year": 2026}, to="MLT", avoid="ISL"),
    "bypass by balance": lambda: bypass_balance(
        sn.load("tutorial"), to="MLT", avoid="ISL", element=["Nd", "Dy"], tier="committed"
    ),
    "progress": progress,
    "progress with a scenario": lambda: progress(scenario=STOP),
    "disruptions": lambda: sn.chokepoints.disrupt(sn.load("tutorial"), by="country"),
    "explanation": lambda: sn.allocate.explain(sn.load("tutorial")),
    "footprint": footprint,
    "replay": lambda: sn.shock.replay(happened(), "stop"),
    "risks": lambda: sn.chokepoints.risks(added(happened(), "outages", {"days": 100.0})),
    "routes": lambda: sn.flow.routes(sn.load("tutorial"), to="MLT", element=["Nd", "Dy"]),
    "routes by a plant": lambda: sn.flow.routes(
        sn.load("tutorial"), to="MLT", element="Nd", via="node:mine-small"
    ),
    "dead ends": lambda: sn.allocate.dead_ends(lonely(), tier="operating"),
    "calibration": lambda: sn.graph.calibrate(sn.load("tutorial")),
    "stockpile": lambda: advised(
        added(added(chains(), "stocks", stock()), "prices", PRICE), rate=0.2
    ),
    "stockpile in short": lambda: advised(ranges=False, alone=False),
    "company": lambda: sn.company(sn.load("tutorial"), parts=PARTS, avoid="FJI"),
}
HELD = {
    *(("covers", key) for key in ("days", "days_low", "days_high", "tonnes")),
    ("holdings", "tonnes"),
    *(("rules", key) for key in ("days", "lost_share")),
    ("curve", "lost_share"),
}
SHARES = "traced", "traced_possibly", "unknown", "assumed"
#: columns that are proved, by answer
PROVED = {
    "scenarios": {
        *(("potentials", key) for key in ("value", "low", "high", "demand", "coverage")),
        *(("contested", key) for key in ("demand", "served", "low", "high", "coverage")),
        *(("contested_parts", key) for key in ("demand", "served")),
        *(("additions", key) for key in ("base", "together")),
    },
    "scenarios at most": {
        *(("potentials", key) for key in ("value", "low", "high", "demand", "coverage")),
        *(("contested", key) for key in ("demand", "served", "low", "high", "coverage")),
        *(("contested_parts", key) for key in ("demand", "served")),
        *(("additions", key) for key in ("base", "together")),
    },
    "scenarios by balance": {
        *(("potentials", key) for key in ("value", "low", "high", "demand", "coverage")),
        *(("contested", key) for key in ("demand", "served", "low", "high", "coverage")),
        *(("contested_parts", key) for key in ("demand", "served")),
        *(("additions", key) for key in ("base", "together")),
    },
    "bypass by balance": {
        *(("rows", key) for key in ("demand", "with_all", "without", "low", "high")),
        *(("rows", f"coverage{end}") for end in ("", "_low", "_high")),
        ("carried_by", "tonnes"),
        *(
            (f"conditions.{name}", key)
            for name in ("nothing_shut", "control")
            for key in ("value", "low", "high")
        ),
    },
    **dict.fromkeys(
        ("progress", "progress with a scenario"),
        {
            *(("rows", key) for key in ("need", "served", "before")),
            *(("rows", f"dependence{end}") for end in ("", "_low", "_high")),
        },
    ),
    # losses follow by arithmetic from what is served
    "disruptions": {("", "served"), ("rows", "served")},
    "explanation": {("", "shortage"), ("lifts", "more")},
    "risks": {("rows", "survives")},
    **dict.fromkeys(("routes", "routes by a plant"), {("", "n_routes"), ("routes", "tonnes")}),
    "dead ends": {("dead_ends", "tonnes")},
    "calibration": {
        ("", "deviation.2024"),
        *(("targets", key) for key in ("model", "by_weight", "difference", "is_within")),
        *(("baseline", key) for key in ("flow", "residual", "observed")),
    },
    "stockpile": {
        *HELD,
        ("covers", "alone_days"),
        *(("holdings", key) for key in ("value", "cost")),
    },
    "stockpile in short": HELD,
    "company": {
        *(("rows", key) for key in ("direct", *SHARES)),
        *(("materials", key) for key in SHARES),
        *(("factors", key) for key in ("share", "hhi", "countries")),
        ("places", "share"),
        ("countries", "share"),
        ("ways", "traced_possibly"),
    },
    "footprint": {
        ("", "served"),
        ("totals", "counted.mine"),
        *(("plants", end) for end in ("low", "central", "high")),
    },
    "replay": {("months", key) for key in ("demand", "normal", "served", "share", "coverage")},
    **dict.fromkeys(
        ("flows", "balances", "bypasses"),
        {("rows", "values.0"), ("rows", "values.1"), ("rows", "change")},
    ),
}
#: what is reported in place of a figure
INSTEAD: dict[str, Callable[[float], Any]] = {
    "more": lambda value: 1.01 * value + 0.01,
    "less": lambda value: 0.99 * value - 0.01,
    "of the other sign": lambda value: -value - 0.01,
    "a text": lambda _: "all",
    "no number": lambda _: math.nan,
    "without end": lambda _: math.inf,
}


@cache
def filed(kind: str) -> Any:
    """The JSON of an answer, as a reader gets it."""
    return json.loads(to_json(report(ANSWERS[kind]()).document))


@cache
def written(kind: str) -> Any:
    """The same with the arrays of its proofs where they are used."""
    return opened(filed(kind))


def told(row: Any, key: str) -> Any:
    """What a row states under a key, or at a place of a list."""
    name, _, place = key.partition(".")
    return row[name][at(row[name], place)] if place else row[name]


def at(several: Any, place: str) -> Any:
    """The key of a part of a list or of figures by name."""
    return place if isinstance(several, dict) else int(place)


def put(row: Any, key: str, value: Any) -> None:
    name, _, place = key.partition(".")
    if place:
        row[name][at(row[name], place)] = value
    else:
        row[name] = value


def proved(result: Any) -> Iterator[tuple[str, str, int]]:
    """Table, key and row of the first and the last figure of every column that is proved."""
    places: dict[tuple[str, str], list[int]] = {}
    specs = [
        spec
        for proof in result["proof"]
        for spec in proof["figures"]
        if spec["of"] or "rows" in spec
    ]
    for spec in specs:
        places.setdefault((spec["table"], spec["key"]), []).extend(
            place
            for place, row in enumerate(rows_of(result, spec["table"]))
            if spec.get("where", {}).items() <= row.items() and told(row, spec["key"]) is not None
        )
    for (table, key), numbers in places.items():
        yield from ((table, key, place) for place in {min(numbers), max(numbers)})


@pytest.mark.parametrize("kind", ANSWERS)
def test_what_is_right_holds(kind: str) -> None:
    result = written(kind)
    words = [word for word, _ in verify.verify(result)]
    assert "FAILS" not in words
    assert words.count("holds") >= 1
    assert "not checked" in words, "nobody can check all of it"
    assert {(table, key) for table, key, _ in proved(result)} == PROVED[kind]


@pytest.mark.parametrize(("kind", "how"), turns(list(ANSWERS), list(INSTEAD), 2))
def test_no_figure_can_be_told_otherwise(kind: str, how: str) -> None:
    result = copy.deepcopy(written(kind))
    for table, key, place in proved(result):
        row = rows_of(result, table)[place]
        was = told(row, key)
        put(row, key, INSTEAD[how](was))
        assert fails(result), (table, key, place)
        put(row, key, was)
    assert not fails(result)


@pytest.mark.parametrize("kind", ANSWERS)
def test_no_row_can_be_of_another(kind: str) -> None:
    """Rows that are renamed have figures that nothing proves."""
    for table in {table for table, _ in PROVED[kind] if "." not in table} - {""}:
        result = copy.deepcopy(written(kind))
        for row in result[table]:
            row |= {key: "another" for key, value in row.items() if isinstance(value, str)}
        assert fails(result), table


@pytest.mark.parametrize("kind", ANSWERS)
def test_no_program_can_be_corrupted(kind: str) -> None:
    result = copy.deepcopy(written(kind))
    for program in result["proof"][0]["programs"]:
        whole = copy.deepcopy(program)
        if "x" in program and any(verify.unpack(program["x"])):
            program["x"] = packed([1.5 * amount for amount in verify.unpack(program["x"])])
            assert fails(result), program["name"]
            program.update(whole)
    # points of which no figure is read off prove nothing, and none of them can be missed
    for part in ("programs", "matrices") if PROVED[kind] else ("matrices",):
        less = copy.deepcopy(written(kind))
        less["proof"][0][part].clear()
        assert fails(less), part


#: tables of which every row is reported, by answers whose figures are read off parts
WHOLE = {
    "routes": ("routes",),
    "routes by a plant": (),
    "dead ends": ("dead_ends",),
    "calibration": ("targets", "baseline"),
    "company": ("rows", "materials", "factors", "ways", "places", "countries"),
    "stockpile": ("covers", "holdings", "rules", "curve"),
    "stockpile in short": ("covers", "holdings", "rules", "curve"),
}


def packed_values(result: Any, part: str, change: Callable[[Any], Any]) -> None:
    """Change the numbers of a part of the last program that states them."""
    programs = result["proof"][0]["programs"]
    told = next(one for one in reversed(programs) if part in one and verify.unpack(one[part]))
    told[part] = packed(np.asarray(change(np.array(verify.unpack(told[part]), dtype=float))))


def programs(result: Any) -> Any:
    return result["proof"][0]["programs"]


def swapped(result: Any) -> None:
    """Exchange the points of the first two programs that are as long, and differ."""
    told = [verify.whole(programs(result), one) for one in programs(result)]
    for first, last in itertools.combinations(range(len(told)), 2):
        x, y = (told[place]["x"] for place in (first, last))
        if x != y and len(verify.unpack(x)) == len(verify.unpack(y)):
            programs(result)[first]["x"], programs(result)[last]["x"] = y, x
            return
    programs(result)[0]["x"] = packed([])


#: what is done to a proof
OF_PROOFS: dict[str, Callable[[Any], Any]] = {
    "no programs": lambda r: programs(r).clear(),
    "the first program is missing": lambda r: programs(r).pop(0),
    "a program twice": lambda r: programs(r).append(programs(r)[0]),
    "points change places": swapped,
    "no names": lambda r: r["proof"][0]["names"].clear(),
    "names are shorter": lambda r: r["proof"][0].update(
        names=[packed(verify.unpack(one)[1:]) for one in r["proof"][0]["names"]]
    ),
    "no matrices": lambda r: r["proof"][0]["matrices"].clear(),
    "no point": lambda r: programs(r)[0].pop("x"),
    "no rows": lambda r: programs(r)[0].pop("rows"),
    "no name": lambda r: programs(r)[0].pop("name"),
    "a point that is no text": lambda r: programs(r)[0].update(x=[1.0]),
    "a point of nothing": lambda r: programs(r)[0].update(x=None),
    "points are no numbers": lambda r: packed_values(r, "x", lambda x: x + math.nan),
    "points without end": lambda r: packed_values(r, "x", lambda x: x + math.inf),
    "points of the other sign": lambda r: packed_values(r, "x", lambda x: -x - 1.0),
    "points are shorter": lambda r: packed_values(r, "x", lambda x: x[1:]),
    "no amounts": lambda r: [one.update(x=packed(0.0 * np.array(verify.unpack(one["x"]))))
                             for one in programs(r) if "x" in one],
    "a figure of no program": lambda r: r["proof"][0]["figures"][0].update(of=["none"]),
    "a figure of no table": lambda r: r["proof"][0]["figures"][0].update(table="none"),
    "a figure of no column": lambda r: r["proof"][0]["figures"][0].update(key="none"),
    "a fold that there is not": lambda r: r["proof"][0]["figures"][0].update(end="none"),
    "figures are no list": lambda r: r["proof"][0].update(figures=3),
    "programs are no list": lambda r: r["proof"][0].update(programs=3),
    "a proof of nothing": lambda r: r.update(proof=[{}]),
    "a proof that is a number": lambda r: r.update(proof=3),
    "a proof that is a text": lambda r: r.update(proof="holds"),
    "a proof that is no proof": lambda r: r.update(proof=[None]),
}  # fmt: skip


@pytest.mark.parametrize("corruption", OF_PROOFS)
@pytest.mark.parametrize("kind", WHOLE)
def test_no_proof_can_be_corrupted(kind: str, corruption: str) -> None:
    result = copy.deepcopy(written(kind))
    OF_PROOFS[corruption](result)
    assert fails(result)


@pytest.mark.parametrize("kind", WHOLE)
def test_what_is_emptied_is_told(kind: str) -> None:
    """Without a proof, or figures in it, nobody reads that figures hold."""
    result = copy.deepcopy(written(kind))
    words = [word for word, _ in verify.verify({**result, "proof": []})]
    assert words[-1] == "not checked"
    assert "certified" not in words
    result["proof"][0]["figures"].clear()
    told = {what: word for word, what in verify.verify(result)}
    assert [word for what, word in told.items() if "figures of 0" in what] == ["not checked"]


@pytest.mark.parametrize("kind", WHOLE)
def test_no_row_can_be_left_out(kind: str) -> None:
    for table in WHOLE[kind]:
        for place in (0, -1):
            result = copy.deepcopy(written(kind))
            result[table].pop(place)
            assert fails(result), (table, place)


@pytest.mark.parametrize("kind", WHOLE)
def test_no_rows_can_exchange_their_figures(kind: str) -> None:
    n_exchanged = 0
    for table, key in PROVED[kind]:
        rows = rows_of(written(kind), table)
        pairs = itertools.combinations(range(len(rows)), 2)
        differ = [pair for pair in pairs if table and len({rows[n][key] for n in pair}) == 2]
        for first, last in differ[:1] + differ[-1:]:
            if not all(isinstance(rows[n][key], float) for n in (first, last)):
                continue
            result = copy.deepcopy(written(kind))
            one, other = (result[table][n] for n in (first, last))
            one[key], other[key] = other[key], one[key]
            assert fails(result), (table, key)
            n_exchanged += 1
    assert n_exchanged or len(rows_of(written(kind), next(iter(WHOLE[kind] or [""])))) == 1


def test_thirty_kinds_of_corruption_are_refused() -> None:
    assert len(OF_PROOFS) + len(INSTEAD) >= 30


def test_parts_cannot_change_places() -> None:
    """The values of two answers, told the other way round."""
    result = copy.deepcopy(written("balances"))
    for row in result["rows"]:
        row["values"].reverse()
        row["change"] *= -1.0
    assert fails(result)


def test_only_the_largest_of_many_losses_are_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page has room for no more; the others are reported as open."""
    found = sn.chokepoints.disrupt(sn.load("tutorial"), by="node")
    monkeypatch.setattr(evidence, "PROVED_LOSSES", 1)
    result = json.loads(to_json(report(found).document))
    told = str(verify.verify(result))
    assert "FAILS" not in told
    assert f"{len(found.rows) - 1} left open" in told
    assert "losses after the 1 largest" in told
    result["rows"][0]["loss"] *= 1.01
    assert fails(result)


def test_no_more_years_are_proved_than_a_page_has_room_for(monkeypatch: Any) -> None:
    found = progress()
    monkeypatch.setattr(progress_evidence, "MOST_CHARACTERS", 1)
    result = json.loads(to_json(report(found).document))
    told = str(verify.verify(result))
    assert "FAILS" not in told
    assert f"{6 * (len(found.rows) - 1)} left open" in told
    assert "rows that are left open" in told
    result["rows"][0]["need"] *= 1.01
    assert fails(result)


def test_what_is_left_open_is_counted() -> None:
    """A figure that a proof gives up is reported as open, and one that is left out fails."""
    result = copy.deepcopy(written("balances"))
    assert "0 left open" in str(verify.verify(result))
    specs = result["proof"][0]["figures"]
    specs[0]["of"] = []
    assert "1 left open" in str(verify.verify(result))
    specs.pop(0)
    assert fails(result)
