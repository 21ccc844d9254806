"""Certified, N of M: what follows from certified figures, what is open, and what nobody can change.

A figure that counts as certified and could be changed unseen would be worse than one that is open:
the last test changes every one of every kind of answer.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet import verify
from supplynet.cli import again
from tests import test_verify, test_verify_composed
from tests.analysis.decisions.networks import usual
from tests.analysis.time.networks import chains, stock
from tests.analysis.time.test_replay import happened
from tests.network.networks import added
from tests.proofs_by_hand import program
from tests.questions.test_stockpile import PRICE, shocked

RULES = [
    ["", "whole", "sum(rows.served)"],
    ["", "n", "count(rows)"],
    ["", "year", "asked"],
    ["rows", "coverage", "served / need"],
    ["rows", "left", "max(0, need - served)"],
    ["rows", "of_form", "served / sum(rows.served, form)"],
    ["rows", "", "-served; name"],
    ["", "n_short", "count(rows, left > 0)"],
    ["", "of_x", "sum(rows.served * 2, form == 'x')"],
    ["", "most", "rows[0].served if n > 1 else asked.year"],
    ["rows.parts", "half", "served / 2"],
    ["rows.parts", "", "place"],
    ["rows.parts", "place", "names"],
    ["", "demand", "demand(name, year)"],
]


def answer(**changes: Any) -> dict[str, Any]:
    """Two rows that are served what a program by hand has, and figures that follow."""
    proof, told = program()
    figures = [
        {"table": "rows", "key": "served", "of": ["most"], "sum": ["v{n}"]},
        {"table": "rows", "key": "need", "of": ["most"], "limits": ["v{n}"]},
    ]
    first = {"n": 0, "name": "a", "form": "x", "served": 3.0, "need": 3.0, "coverage": 1.0}
    second = {"n": 1, "name": "b", "form": "x", "served": 1.0, "need": 9.0, "coverage": 1 / 9}
    rows = [first | {"left": 0.0, "of_form": 0.75}, second | {"left": 8.0, "of_form": 0.25}]
    for row in rows:
        row["parts"] = [{"place": n, "half": row["served"] / 2} for n in range(2)]
    return {
        "result": "made",
        "question": {"year": 2030},
        "whole": 4.0,
        "n": 2,
        "n_short": 1,
        "of_x": 8.0,
        "most": 3.0,
        "name": "here",
        "demand": 5.0,
        "year": 2030,
        "guess": 7.0,
        "rows": rows,
        "arithmetic": RULES,
        "proof": [{**proof, "programs": [told], "figures": figures, "open": []}],
        "provenance": {},
        **changes,
    }


def test_what_follows_from_certified_figures_is_certified() -> None:
    assert "FAILS" not in [word for word, _ in verify.verify(answer())]
    sums = verify.Arithmetic(answer())
    assert sums.faults == []
    assert sums.open == [("demand",), ("guess",)]
    assert str(sums) == "20 of 22 figures; open: demand, guess"


def test_what_follows_from_an_open_figure_is_open() -> None:
    proof = answer()["proof"][0]
    one = [proof | {"figures": proof["figures"][:1]}]  # demand is not read off anything
    sums = verify.Arithmetic(answer(proof=one))
    columns = {place[-1] for place in sums.open}
    assert columns == {"demand", "guess", "need", "coverage", "left", "n_short"}
    assert sums.faults == []


@pytest.mark.parametrize(
    "rule", [["", "guess", "7"], ["", "guess", "guess"], ["", "guess", "3 + 4"]]
)
def test_a_rule_that_rests_on_nothing_certifies_nothing(rule: list[str]) -> None:
    sums = verify.Arithmetic(answer(arithmetic=[*RULES, rule]))
    assert sums.open == [("demand",), ("guess",)]


def test_what_the_tables_hold_is_certified() -> None:
    tables = {("demand", "here", 2030): 5.0}
    sums = verify.Arithmetic(answer(), tables=lambda *names: tables.get(names))
    assert (sums.open, sums.faults) == ([("guess",)], [])
    other = verify.Arithmetic(answer(demand=6.0), tables=lambda *names: tables.get(names))
    assert other.faults == ["demand is 6.0, not demand(name, year), 5.0"]


def test_a_rule_that_the_program_does_not_declare_fails() -> None:
    """Whoever writes another rule beside another figure is seen by who has the declarations."""
    forged = answer(whole=8.0, arithmetic=[["", "whole", "2 * sum(rows.served)"], *RULES[1:]])

    def words(declared: Any) -> list[str]:
        told = verify.verify(forged, declared=declared)
        return [word for word, what in told if "arithmetic is taken" in what]

    assert words(None) == ["not checked"]
    assert words({"made": RULES}.get) == ["FAILS"]
    assert words({"made": forged["arithmetic"]}.get) == ["holds"]
    assert words({"made": []}.get) == ["FAILS"]


def test_the_schemas_have_the_arithmetic(tmp_path: Path) -> None:
    result = test_verify.written("fortify")
    forged = json.loads(json.dumps(result))
    forged["arithmetic"].append(["", "n_attacks", "asked.k_attack + 1"])
    for content, code in (result, 0), (forged, 1):
        path = tmp_path / "fortify.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        assert verify.main([str(path), "--schemas", "docs/schemas"]) == code
        assert verify.main([str(path)]) == 0


@pytest.mark.parametrize(
    "key", ["whole", "n", "year", "coverage", "left", "of_form", "n_short", "of_x", "most"]
)
def test_what_does_not_follow_fails(key: str) -> None:
    changed = answer()
    home = changed if key in changed else changed["rows"][1]
    home[key] += 1
    words = [word for word, _ in verify.verify(changed)]
    assert "FAILS" in words


def test_rows_in_another_order_fail() -> None:
    changed = answer()
    changed["rows"].reverse()
    told = [text for word, text in verify.verify(changed) if word == "FAILS"]
    assert any("not in the order -served; name" in text for text in told)


def answers(data: Any) -> Iterator[dict[str, Any]]:
    """The answers in a document: what has an origin."""
    if isinstance(data, dict) and "provenance" in data:
        yield data
    if isinstance(data, (dict, list)):
        for part in data.values() if isinstance(data, dict) else data:
            yield from answers(part)


def cells(result: Any) -> list[tuple[Any, Any, str]]:
    """Where the first and the last certified figure of each column stand: part, key and column."""
    ends: dict[tuple[int, str], list[tuple[Any, Any]]] = {}
    for part in answers(result):
        sums = verify.Arithmetic(part)
        is_open = set(sums.open)
        for place in sums.cells(part, ()):
            if place not in is_open and abs(sums.at(place)) < float("inf"):
                column = id(part), verify.column_of(place)
                ends.setdefault(column, []).append((sums.at(place[:-1]), place[-1]))
    return [(*one, column) for (_, column), all_ in ends.items() for one in all_[:1] + all_[-1:]]


@pytest.mark.parametrize(
    ("module", "kind"),
    [(test_verify, kind) for kind in test_verify.KINDS]
    + [(test_verify_composed, kind) for kind in test_verify_composed.ANSWERS],
)
def test_no_certified_figure_can_be_changed(module: Any, kind: str) -> None:
    result = copy.deepcopy(module.written(kind))
    unseen = []
    for home, key, column in cells(result):
        was = home[key]
        home[key] = 1.001 * was + 0.01 if isinstance(was, float) else was + 1
        if "FAILS" not in [word for word, _ in verify.verify(result)]:
            unseen.append(column)
        home[key] = was
    assert unseen == []


def networks() -> list[Any]:
    """What the answers are about."""
    stopped = happened()
    held = added(added(chains(), "stocks", stock()), "prices", PRICE)
    return [
        sn.load("tutorial"),
        shocked(),
        shocked(held),
        stopped,
        added(stopped, "outages", {"days": 100.0}),
        usual(),
    ]


#: figures of all kinds of answers that may be open; lowered by who certifies more, raised by nobody
MOST_OPEN = 17


def test_no_more_figures_are_open_than_were() -> None:
    written = [test_verify.written(kind) for kind in test_verify.KINDS]
    written += [test_verify_composed.written(kind) for kind in test_verify_composed.ANSWERS]
    tables, n_open = list(map(again.looked_up, networks())), 0
    for part in (part for one in written for part in answers(one)):
        # columns that are declared open count where they are
        rules = [rule for rule in part.get("arithmetic", ()) if rule[2] != verify.OPEN]
        looked_up = next(filter(None, (of(part) for of in tables)), None)
        sums = verify.Arithmetic({**part, "arithmetic": rules}, tables=looked_up)
        assert sums.faults == []
        n_open += len(sums.open)
    assert MOST_OPEN - 50 <= n_open <= MOST_OPEN
