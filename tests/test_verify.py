"""Stand-alone verification: right results pass, each corrupted one fails, and gaps are reported."""

from __future__ import annotations

import ast
import base64
import copy
import json
import math
import subprocess
import sys
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet import verify
from supplynet.analysis.balance.worst import interdict_balance
from supplynet.analysis.proofs import packed
from supplynet.reports.build import report
from supplynet.reports.data_writers import jsonable, script, to_json
from tests.analysis.balance.rules import page_of
from tests.analysis.decisions.networks import usual

TABLES = Path("graphs/tutorial")


@cache
def filed(kind: str) -> Any:
    """The JSON of an answer, as a reader gets it."""
    net = sn.load("tutorial")
    asked = {"to": "MLT", "element": "Nd"}
    avoid = {"to": "MLT", "avoid": "FJI"}
    shock = {"avoid": "ISL", "during": "2024-01..2024-02"}
    answers: dict[str, Callable[[], Any]] = {
        "flow": lambda: sn.flow(net, avoid="FJI", **asked),
        "cuts": lambda: sn.flow.cut(net, is_all=True, **asked),
        "unavoidable": lambda: sn.chokepoints.unavoidable(net, **asked),
        "chokepoints": lambda: sn.chokepoints(net, **asked),
        "bypass": lambda: sn.bypass(net, **avoid),
        "interdict": lambda: sn.chokepoints.interdict(net, k=1, **asked),
        "interdict two": lambda: sn.chokepoints.interdict(net, k=2, **asked),
        "interdict-country": lambda: sn.chokepoints.interdict(net, k=1, by="country", **asked),
        "interdict-link": lambda: sn.chokepoints.interdict(net, k=1, by="link", **asked),
        "fortify": lambda: sn.chokepoints.fortify(net, k_defend=1, k_attack=1, **asked),
        "fortify two": lambda: sn.chokepoints.fortify(net, k_defend=2, k_attack=2, **asked),
        "losses": lambda: interdict_balance(net, k=1, year=2024),
        "safe losses": lambda: interdict_balance(net, k=1, protect="ref-big"),
        "balance": lambda: sn.allocate(net, detail="all"),
        "cost": lambda: sn.allocate(net, objective="cost"),
        "ranges": lambda: sn.allocate(net, objective="max_supply"),
        "potential": lambda: sn.coverage(net, **avoid),
        "outlook": lambda: sn.coverage.outlook(
            net, to=["MLT", "ISL"], avoid="FJI", year=[2024, 2026]
        ),
        "exposure": lambda: sn.trace(net, to="MLT", exposed_to="FJI", element="Nd"),
        "exposure of all": lambda: sn.trace(net, to="MLT", exposed_to="ISL"),
        "run": lambda: sn.shock(net, avoid="ISL", during="2024-02", begin="2024-01", end="2024-03"),
        "survive": lambda: sn.shock.survive(net, to="MLT", **shock),
        "draws": lambda: sn.uncertainty(net, draws=64, **avoid),
        "plan": lambda: sn.plan(
            usual(), to="MLT", avoid="ISL", by=2026, target=0.35, tier="committed"
        ),
    }
    answer = answers[kind]()
    if kind == "ranges":
        return json.loads(to_json(page_of(answer, has_ranges=True)))
    if kind == "outlook":
        return json.loads(json.dumps(jsonable(answer.to_dict())))
    return json.loads(to_json(report(answer).document))


@cache
def written(kind: str) -> Any:
    """The same with the arrays of its proofs where they are used."""
    return opened(filed(kind))


def opened(part: Any, outer: Any = ()) -> Any:
    """The same with the arrays of proofs where they are used, so that each can be changed."""
    if isinstance(part, list):
        return [opened(one, outer) for one in part]
    if not isinstance(part, dict):
        return part
    part = verify.lent(part, outer) if "provenance" in part else part
    outer = part.get("proof", outer)
    return {key: one if key == "proof" else opened(one, outer) for key, one in part.items()}


KINDS = [
    "flow",
    "cuts",
    "unavoidable",
    "chokepoints",
    "bypass",
    "interdict",
    "interdict two",
    "interdict-country",
    "interdict-link",
    "fortify",
    "fortify two",
    "losses",
    "safe losses",
    "balance",
    "cost",
    "ranges",
    "potential",
    "outlook",
    "exposure",
    "exposure of all",
    "run",
    "survive",
    "draws",
    "plan",
]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_right_holds(kind: str) -> None:
    folder = None if kind == "plan" else TABLES
    told = verify.verify(written(kind), folder)
    words = [word for word, _ in told]
    assert "FAILS" not in words, told
    assert words.count("holds") >= (1 if kind in ("draws", "outlook", "plan") else 2)


def test_what_carries_no_proof_is_told() -> None:
    content = json.loads(to_json(report(sn.indices(sn.load("tutorial"))).document))
    assert "verify.py" not in content  # it is checked with tables alone
    bare = content | {"proof": [], "arithmetic": []}
    assert [word for word, _ in verify.verify(bare)] == ["not checked"]


def fails(result: Any) -> bool:
    return "FAILS" in [word for word, _ in verify.verify(result)]


#: what is reported in place of a figure
INSTEAD: dict[str, Callable[[float], Any]] = {
    "more": lambda value: 1.01 * value + 0.01,
    "less": lambda value: 0.99 * value - 0.01,
    "of the other sign": lambda value: -value - 0.01,
    "nothing": lambda value: None,
    "a text": lambda value: "all",
    "no number": lambda value: math.nan,
    "without end": lambda value: math.inf,
}
SHARED = {"flows", "deliveries", "forms", "surplus", "utilization", "binding"}
BESIDE = {"carried_by", "conditions.nothing_shut"}


def rows_of(result: Any, table: str) -> Any:
    """The rows of a table, or what stands alone, wherever it lies."""
    for name in table.split(".") if table else ():
        result = result[name]
    return result if isinstance(result, list) else [result]


#: tables of every kind of result whose figures are proved; an empty name is the result itself
PROVED = {
    "balance": {*SHARED, "coverage", "elements", "further_ranges", "spread", "spread.levels"},
    "ranges": {*SHARED, "coverage", "elements", "ranges", "further_ranges", "spread", "steps"},
    "potential": {"", "products", "elements", *SHARED - {"utilization"}, *BESIDE},
    "outlook": {"rows", *BESIDE},
    "exposure of all": {"stages", "holders", "plants"},
    "run": {"months"},
    "survive": {"rows", "months"},
    "plan": {"", "years", "chosen", "added", "carried_by", "limits"},
    "draws": {"", "figures", "chances"},
}


def figures_of(kind: str, result: Any) -> dict[tuple[str, str], list[int]]:
    """Places of the rows of every table and column that is proved."""
    keys = {
        (spec["table"], spec["key"])
        for proof in result["proof"]
        for spec in proof.get("figures", ())
    }
    told = {}
    for table, key in sorted(keys):
        rows = rows_of(result, table)
        told[table, key] = [n for n, row in enumerate(rows) if row[key] is not None]
    return {names: places for names, places in told.items() if places}


@pytest.mark.parametrize("kind", PROVED)
def test_no_figure_can_be_told_otherwise(kind: str) -> None:
    """Every figure that is proved, told in several other ways, in its first and its last row."""
    result = written(kind)
    proved = figures_of(kind, result)
    assert {table for table, _ in proved} == PROVED[kind]
    n_kinds = 0
    for (table, key), places in proved.items():
        for how, instead in INSTEAD.items():
            n_kinds += 1
            for place in {places[0], places[-1]}:
                head = table.partition(".")[0]
                changed = {**result, **({head: copy.deepcopy(result[head])} if head else {})}
                row = rows_of(changed, table)[place]
                if how == "nothing" and not row[key]:
                    continue  # a row that has no figure states none
                row[key] = instead(row[key])
                assert fails(changed), (table, key, how, place)
    assert n_kinds + len(OF_PROOFS) >= 30


def edited(part: Any, key: Any, change: Callable[[np.ndarray], Any]) -> None:
    """Change the numbers of a packed array."""
    part[key] = packed(np.asarray(change(np.array(verify.unpack(part[key])))))


def largest(factor: float) -> Callable[[np.ndarray], np.ndarray]:
    """Return what multiplies the largest number of an array."""

    def change(values: np.ndarray) -> np.ndarray:
        told = values.astype(float)
        told[np.abs(told).argmax()] *= factor
        return told

    return change


def last_program(result: Any) -> Any:
    """The last program with duals that hold something down, made whole."""
    for proof in reversed(result["proof"]):
        for program in reversed(proof["programs"]):
            program |= verify.whole(proof["programs"], program)
            program.pop("like", None)
            x, c = (np.array(verify.unpack(program[key])) for key in ("x", "c"))
            if "duals" in program and abs(x @ c) > 1e-3:
                return program
    raise AssertionError("nothing is proved")


def elements(result: Any) -> Any:
    """What can be removed, in the proof."""
    return result["proof"][0]["elements"]


#: what is done to the last program of a proof; each breaks it
OF_PROOFS: dict[str, Callable[[Any], Any]] = {
    "point": lambda p: edited(p, "x", largest(1.5)),
    "point below nothing": lambda p: edited(p, "x", largest(-1.0)),
    "point is no number": lambda p: edited(p, "x", largest(math.nan)),
    "point without end": lambda p: edited(p, "x", largest(math.inf)),
    "point is shorter": lambda p: edited(p, "x", lambda x: x[1:]),
    "point is names": lambda p: p.update(x=packed(["a"] * len(verify.unpack(p["x"])))),
    "point is no text": lambda p: p.update(x=3),
    "text that is not packed": lambda p: p.update(x="f:AAAA"),
    "duals are nothing": lambda p: edited(p, "duals", lambda y: 0.0 * y),
    "duals the other way": lambda p: edited(p, "duals", lambda y: -y),
    "duals of half": lambda p: edited(p, "duals", lambda y: 0.5 * y),
    "duals are no numbers": lambda p: edited(p, "duals", lambda y: y + math.nan),
    "a dual less": lambda p: edited(p, "duals", lambda y: y[1:]),
    "direction": lambda p: p.update(is_largest=not p["is_largest"]),
    "costs": lambda p: edited(p, "c", lambda c: 3.0 * c),
    "no costs": lambda p: edited(p, "c", lambda c: 0.0 * c),
    "lower bounds": lambda p: edited(p, "lower", lambda low: low + 1e9),
    "upper bounds": lambda p: edited(p, "upper", lambda high: np.minimum(high, 0.0)),
    "no rows": lambda p: p.update(rows=[]),
    "rows of another": lambda p: p.update(rows=[99]),
    "names of another": lambda p: p.update(names=99),
    "no such program": lambda p: p.update(like=99_999),
    "rows that are at most less": lambda p: edited(p, "high", lambda b: b - 1e6),
    "rows that are at least more": lambda p: edited(p, "low", lambda b: np.maximum(b, 1e6)),
    "limits of fewer rows": lambda p: edited(p, "high", lambda b: b[1:]),
}


@pytest.mark.parametrize("corruption", OF_PROOFS)
@pytest.mark.parametrize("kind", ["flow", "losses", "fortify", "ranges", "survive", "plan"])
def test_no_program_can_be_corrupted(kind: str, corruption: str) -> None:
    result = copy.deepcopy(written(kind))
    OF_PROOFS[corruption](last_program(result))
    assert fails(result)


def attack(result: Any, place: int = 0) -> Any:
    return result["proof"][0]["attacks"][place]


def choices(result: Any) -> Any:
    return attack(result)["choices"]


def tree(result: Any) -> Any:
    return attack(result)["tree"]


def leaves(result: Any) -> Any:
    return [node for node in tree(result) if isinstance(node, dict)]


def swapped(result: Any) -> None:
    """Report what is left with nothing removed in place of what the worst removal leaves."""
    base = result["proof"][0]["programs"][0]
    attack(result)["removed"][0].update(x=base["x"], duals=base["duals"])


def turned(result: Any) -> None:
    """Exchange what follows where the last element is chosen and where it is not."""
    tree(result)[-2:] = tree(result)[:-3:-1]


#: what is done to worst removals
OF_ATTACKS: dict[str, Callable[[Any], Any]] = {
    "whole": lambda r: r.update(whole=r["whole"] + 5.0),
    "whole is less": lambda r: r.update(whole=0.0),
    "whole is no number": lambda r: r.update(whole=math.nan),
    "bound is more": lambda r: r.update(bound=r["bound"] + 5.0),
    "bound is no number": lambda r: r.update(bound=math.nan),
    "bound is a text": lambda r: r.update(bound="none"),
    "value is more": lambda r: r.update(value=r["value"] + 5.0),
    "value is less": lambda r: r.update(value=r["value"] - 5.0),
    "value is nothing": lambda r: r.update(value=None),
    "value is no number": lambda r: r.update(value=math.nan),
    "both are more": lambda r: r.update(value=r["value"] + 5.0, bound=r["bound"] + 5.0),
    "both are less": lambda r: r.update(value=r["value"] - 5.0, bound=r["bound"] - 5.0),
    "no removal": lambda r: attack(r).update(removed=[]),
    "nothing is removed": lambda r: attack(r)["removed"][0].update(elements=[]),
    "more is removed": lambda r: attack(r)["removed"][0]["elements"].append("mine-small"),
    "another is removed": lambda r: attack(r)["removed"][0].update(elements=["mine-small"]),
    "an element that is not": lambda r: attack(r)["removed"][0].update(elements=["nowhere"]),
    "an element by number": lambda r: attack(r)["removed"][0].update(elements=[0]),
    "everything is in place": swapped,
    "costs": lambda r: edited(elements(r), "cost", lambda cost: 9.0 * cost),
    "costs are nothing": lambda r: edited(elements(r), "cost", lambda cost: 0.0 * cost),
    "costs are no numbers": lambda r: edited(elements(r), "cost", lambda cost: cost + math.nan),
    "costs are fewer": lambda r: edited(elements(r), "cost", lambda cost: cost[1:]),
    "ids": lambda r: elements(r).update(ids=packed(["x"] * 99)),
    "sets are empty": lambda r: elements(r).update(
        sets=[packed(np.zeros(0, dtype=int)) for _ in elements(r)["sets"]]
    ),
    "sets are fewer": lambda r: elements(r)["sets"].clear(),
    "no parts": lambda r: tree(r).clear(),
    "a part less": lambda r: tree(r).pop(),
    "a part twice": lambda r: tree(r).append(tree(r)[-1]),
    "parts without decisions": lambda r: attack(r).update(tree=leaves(r)[:1]),
    "parts the other way": turned,
    "a decision twice": lambda r: attack(r).update(tree=["ref-big", "ref-big", *tree(r) * 3]),
    "a decision about nothing": lambda r: attack(r).update(tree=["nowhere", *tree(r), *tree(r)]),
    "points of parts": lambda r: [edited(leaf, "x", lambda x: 0.5 * x) for leaf in leaves(r)],
    "points that are too large": lambda r: [
        edited(leaf, "x", lambda x: 5.0 * x + 1.0) for leaf in leaves(r)
    ],
    "points that are no numbers": lambda r: [
        edited(leaf, "x", lambda x: x + math.nan) for leaf in leaves(r)
    ],
    "prices that are no numbers": lambda r: [leaf.update(price=math.nan) for leaf in leaves(r)],
    "high prices": lambda r: [leaf.update(price=1e9) for leaf in leaves(r)],
    "base": lambda r: elements(r).update(base="nothing"),
}
#: what is done to sets that are reported to be equally bad
OF_SETS: dict[str, Callable[[Any], Any]] = {
    "a set less": lambda r: r["sets"].pop(),
    "a set more": lambda r: r["sets"].append(["mine-small"]),
    "sets are of another": lambda r: r["sets"][0].append("mine-big"),
    "a larger budget": lambda r: r.update(budget=r["budget"] + 1.0),
    "a smaller budget": lambda r: r.update(budget=0.0),
}
#: what is done to a protection
OF_DEFENSES: dict[str, Callable[[Any], Any]] = {
    "undefended is more": lambda r: r.update(undefended=r["undefended"] + 1.0),
    "undefended is less": lambda r: r.update(undefended=r["undefended"] - 1.0),
    "undefended is no number": lambda r: r.update(undefended=math.nan),
    "another is protected": lambda r: r["protected"][0].update(id="mine-big"),
    "nothing is protected": lambda r: r.update(protected=[]),
    "another is removed then": lambda r: r["removed"][0].update(id="mine-big"),
    "another was removed": lambda r: r.update(undefended_removed=["mine-big"]),
    "more may be protected": lambda r: r.update(k_defend=2),
    "none may be protected": lambda r: r.update(k_defend=0),
    "more may be lost": lambda r: r.update(k_attack=2),
    "none may be lost": lambda r: r.update(k_attack=0),
    "no choices": lambda r: attack(r).update(choices=[]),
    "a choice less": lambda r: choices(r).pop(),
    "a choice of nothing": lambda r: attack(r).update(choices=choices(r)[1:2]),
    "a choice against nothing": lambda r: choices(r)[-1].update(elements=[]),
    "choices the other way": lambda r: choices(r).append(choices(r).pop(1)),
    "parts after it": lambda r: attack(r, 1).update(tree=[]),
    "nothing is safe after it": lambda r: attack(r, 1).update(safe=[]),
    "another is safe after it": lambda r: attack(r, 1).update(safe=["mine-big"]),
    "more is safe after it": lambda r: attack(r, 1)["safe"].append("mine-big"),
    "an element that is not is safe": lambda r: attack(r, 1)["safe"].append("nowhere"),
}


@pytest.mark.parametrize("corruption", OF_ATTACKS)
@pytest.mark.parametrize("kind", ["interdict", "safe losses", "fortify"])
def test_no_worst_removal_can_be_corrupted(kind: str, corruption: str) -> None:
    result = copy.deepcopy(written(kind))
    OF_ATTACKS[corruption](result)
    assert fails(result) or result == written(kind)


@pytest.mark.parametrize("corruption", OF_SETS)
@pytest.mark.parametrize("kind", ["interdict", "safe losses"])
def test_no_set_can_be_corrupted(kind: str, corruption: str) -> None:
    result = copy.deepcopy(written(kind))
    OF_SETS[corruption](result)
    assert fails(result)


@pytest.mark.parametrize("corruption", OF_DEFENSES)
def test_no_protection_can_be_corrupted(corruption: str) -> None:
    result = copy.deepcopy(written("fortify"))
    OF_DEFENSES[corruption](result)
    assert fails(result)


def taken(result: Any) -> Any:
    """The point of the balance that a trace mixes."""
    return next(one for one in result["proof"][1]["programs"] if one["name"] == "taken")


def mixed(result: Any) -> Any:
    """The rows of the first mixture: starts, columns, contents and variables of the balance."""
    program = next(one for one in result["proof"][1]["programs"] if "of" in one)
    return result["proof"][1]["matrices"][program["rows"][0]]


def of_last_row(change: Callable[[np.ndarray], Any]) -> Callable[[Any], None]:
    """Return what changes the contents of the last row: of what is supplied."""

    def corrupt(result: Any) -> None:
        starts = verify.unpack(mixed(result)[0])

        def changed(values: np.ndarray) -> np.ndarray:
            values[starts[-2] :] = change(values[starts[-2] :])
            return values

        edited(mixed(result), 2, changed)

    return corrupt


def more_of_what_is_not_marked(result: Any) -> None:
    """Let a pot take more than there is from one that bears no mark: no point shows it."""
    block = mixed(result)
    points = {point["name"]: point for point in result["proof"][1]["programs"]}
    largest_share = np.array(verify.unpack(points["Nd location  direct"]["x"]))
    columns, values = (np.array(verify.unpack(block[n])) for n in (1, 2))
    place = np.flatnonzero((values < 0.0) & (largest_share[columns] == 0.0))[0]
    values[place] *= 1.5
    block[2] = packed(values)


def shorter(result: Any) -> None:
    """Leave out the last draw of a figure, with all that belongs to it."""
    proof = result["proof"][0]
    program = proof["programs"][0]
    for key in ("x", "c", "lower", "upper"):
        edited(program, key, lambda values: values[1:])
    proof["names"][program["names"]] = packed([""] * len(verify.unpack(program["x"])))


#: what is done to the rows of a result and to what they are read off
OF_ROWS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "a flow more": ("balance", lambda r: r["flows"].append({**r["flows"][0], "what": "gold"})),
    "a flow elsewhere": ("balance", lambda r: r["flows"][0].update(head="maker-9")),
    "a flow of another kind": ("potential", lambda r: r["flows"][0].update(kind="element")),
    "another nation": ("balance", lambda r: r["deliveries"][0].update(nation="FRA")),
    "another form": ("ranges", lambda r: r["ranges"][0].update(form="ore")),
    "another year": ("outlook", lambda r: r["rows"][0].update(year=2025)),
    "another tier": ("outlook", lambda r: r["rows"][0].update(tier="possible")),
    "a row of another": ("outlook", lambda r: r["rows"][0].update(to="FRA")),
    "another month": ("run", lambda r: r["months"][0].update(period="2024-02")),
    "another stage": ("exposure", lambda r: r["stages"][1].update(stage="maker")),
    "another lens": ("exposure", lambda r: r["stages"][0].update(lens="trust")),
    "another country": ("exposure", lambda r: r["holders"][0].update(country="FRA")),
    "another plant": ("exposure", lambda r: r["plants"][0].update(node="nowhere")),
    "another element": ("exposure", lambda r: r["stages"][0].update(element="Au")),
    "supply": ("exposure", lambda r: [s.update(times=1.0) for s in r["proof"][1]["figures"]]),
    "a balance that was not solved": ("exposure", lambda r: edited(taken(r), "x", largest(1.5))),
    "what a unit holds": ("exposure", lambda r: edited(mixed(r), 2, largest(1.5))),
    "a mean of more than all": (
        "exposure",
        lambda r: edited(mixed(r), 2, lambda v: np.where(v < 0.0, 1.5 * v, v)),
    ),
    "more of what is not marked": ("exposure", more_of_what_is_not_marked),
    "a move to elsewhere": ("exposure", lambda r: edited(mixed(r), 1, lambda pots: pots[::-1])),
    "moves less": ("exposure", lambda r: [edited(mixed(r), n, lambda v: v[::2]) for n in (1, 2)]),
    "moves by another variable": ("exposure", lambda r: edited(mixed(r), 3, lambda v: v[::-1])),
    "a variable that is not": ("exposure", lambda r: edited(mixed(r), 3, lambda v: v + 99_999)),
    "what is supplied": ("exposure", of_last_row(lambda v: np.where(v > 0.0, 0.5 * v, v))),
    "a share of what is supplied": ("exposure", of_last_row(lambda v: np.minimum(v, 0.0))),
    "a point of no balance": (
        "exposure",
        lambda r: [one.update(of="nothing") for one in r["proof"][1]["programs"] if "of" in one],
    ),
    "another option": ("plan", lambda r: r["chosen"][0].update(option="none")),
    "another draw": ("draws", lambda r: edited(r["proof"][0]["programs"][0], "x", largest(2.0))),
    "a draw less": ("draws", shorter),
    "number of draws": ("draws", lambda r: r.update(n_draws=1)),
    "no values": ("draws", lambda r: r["proof"][0].update(programs=[])),
    "programs of one name": (
        "cost",
        lambda r: [one.update(name="cost") for one in r["proof"][0]["programs"][2:4]],
    ),
    "no proof that can be read": ("flow", lambda r: r["proof"][0].clear()),
    "a point that moves": ("run", lambda r: edited(r["proof"][0]["programs"][0], "x", largest(2))),
}


@pytest.mark.parametrize("corruption", OF_ROWS)
def test_no_row_can_stand_for_another(corruption: str) -> None:
    kind, corrupt = OF_ROWS[corruption]
    result = copy.deepcopy(written(kind))
    corrupt(result)
    assert fails(result)


def test_thirty_kinds_of_corruption_are_refused() -> None:
    assert len(OF_PROOFS) + len(OF_ATTACKS) >= 30
    assert len(OF_PROOFS) + len(OF_DEFENSES) >= 30


def test_a_flow_of_decimals_is_checked_to_the_last_digit() -> None:
    """A hundred millionth more on one way is far below what rounding is given elsewhere."""
    result = copy.deepcopy(written("flow"))
    assert "exactly" in verify.verify(result)[1][1]
    programs = result["proof"][0]["programs"]
    high = next(program for program in programs if program["name"] == "high")
    high |= verify.whole(programs, high)
    del high["like"]
    edited(high, "x", largest(1.0 + 1e-12))
    assert fails(result)
    del high["is_exact"]
    assert not fails(result)


def test_a_packed_text_of_odd_length_is_told() -> None:
    result = copy.deepcopy(written("flow"))
    last_program(result)["x"] = "f:" + base64.b64encode(zlib.compress(b"12345")).decode()
    assert fails(result)


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


def test_nations_are_there_though_they_are_avoided_and_plants_are_not(tmp_path: Path) -> None:
    """What is looked up of ``nodes.csv``, without which nothing is."""
    changed = copy.deepcopy(written("balance"))
    changed["question"]["avoid"] = "MLT"
    told = verify.verify(changed, TABLES)[-2][1]
    assert "maker-home is not there" in told and "MLT is not there" not in told
    (tmp_path / "edges.csv").write_bytes((TABLES / "edges.csv").read_bytes())
    assert "No such file" in verify.verify(written("balance"), tmp_path)[-1][1]
    assert "FAILS" in [word for word, _ in verify.verify(written("balance"), tmp_path)]
    (tmp_path / "nodes.csv").write_bytes((TABLES / "nodes.csv").read_bytes())
    assert "no link" in verify.verify(written("balance"), tmp_path)[-2][1]  # without any rules


@pytest.mark.parametrize("percent", [5, 10, 50, 90, 95])
def test_ends_of_draws_are_their_quantiles(percent: int) -> None:
    assert verify.FOLDS[f"p{percent}"](range(101)) == pytest.approx(percent)
    assert verify.FOLDS["worst_tenth"](range(100, 0, -1)) == pytest.approx(5.5)


def of_two_ways(step: float, price: float) -> Any:
    """Two ways of 1.5 t each, one of which can be lost."""
    limits = {"lower": packed([0.0, 0.0]), "upper": packed([1.5, 1.5])}
    none = packed(np.zeros(0))
    base = {"name": "all", "names": 0, "rows": [], "low": none, "high": none, "duals": none}
    base |= {**limits, "c": packed([1.0, 1.0]), "x": packed([1.5, 1.5]), "is_largest": True}
    removed = [
        {"elements": ["a"], "x": packed([0.0, 1.5]), "duals": none},
        {"elements": ["b"], "x": packed([1.5, 0.0]), "duals": none},
    ]
    attack = {"safe": [], "step": step, "removed": removed, "told": "sets", "budget": "budget"}
    attack |= {"value": "value", "bound": "bound", "tree": [{"x": base["x"], "price": price}]}
    ways = {"ids": packed(["a", "b"]), "sets": [packed([0]), packed([1])]}
    proof = {"matrices": [], "names": [packed(["", ""])], "programs": [base], "figures": []}
    proof |= {"open": [], "attacks": [attack]}
    proof["elements"] = {"base": "all", **ways, "cost": packed([1.0, 1.0])}
    told = {"budget": 1.0, "value": 1.5, "bound": 1.5, "sets": [["a"], ["b"]]}
    return {"provenance": {}, "proof": [proof], **told}


def test_what_is_left_is_a_multiple_of_what_limits_are() -> None:
    """A price that proves 1.3 t proves 1.5 t of flows in steps of 0.5 t, and of no other ones."""
    assert not fails(of_two_ways(0.0, 1.5))
    assert not fails(of_two_ways(0.5, 1.3))
    assert fails(of_two_ways(0.0, 1.3))
    assert fails(of_two_ways(0.4, 1.3))
    assert fails(of_two_ways(0.5, 0.9))


def test_the_script_runs_alone(tmp_path: Path) -> None:
    """Without site packages, out of the JSON that carries it; and it says what it cannot read."""
    path = tmp_path / "result.json"
    path.write_text(json.dumps(filed("balance")), encoding="utf-8")
    script = tmp_path / "verify.py"
    script.write_text(written("balance")["verify.py"], encoding="utf-8")
    alone = [sys.executable, "-I", "-S", str(script)]
    done = subprocess.run([*alone, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("holds") and "FAILS" not in done.stdout
    assert verify.main([str(tmp_path / "nothing.json")]) == 2
    assert verify.main([]) == 2


def test_a_page_carries_script_and_content(tmp_path: Path) -> None:
    path = report(sn.flow(sn.load("tutorial"), to="MLT", element="Nd")).write(
        tmp_path / "page.html"
    )
    told = verify.verify(verify.read(path))
    words = ["holds", "holds", "holds", "not checked", "holds", "not checked", "certified"]
    assert [word for word, _ in told] == words


def test_it_is_short_and_needs_nothing() -> None:
    """Each part can be read in one go, and imports the standard library and parts before it."""
    parts = [path.read_text(encoding="utf-8") for path in Path(verify.__file__).parent.glob("*.py")]
    assert len(parts) == 3
    for text in [*parts, script()]:
        assert text not in parts or len(text.splitlines()) <= 300
        nodes = list(ast.walk(ast.parse(text)))
        imported = {
            getattr(node, "module", "") or alias.name
            for node in nodes
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        own = {name for name in imported if name.startswith("supplynet.verify.")}
        assert {name.split(".")[0] for name in imported - own} <= sys.stdlib_module_names
        assert text in parts or not own
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
        assert max(len(ast.unparse(node).splitlines()) for node in functions) <= 60
