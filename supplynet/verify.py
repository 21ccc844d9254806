#!/usr/bin/env python3
"""Check the proofs in a result of supplynet with nothing but Python: no package, no solver.

python verify.py RESULT.json [--graph FOLDER]      (also .json.gz, and the .html of a report)

A proof has points of programs whose rows and variables lie between two limits, duals that bound
the best objective, figures that are read off points, and for worst removals a tree of decisions
with a point in each part. Flows of decimals are checked exactly. With --graph, what is used is
looked up in the tables. Exit code: 0 all holds, 1 something fails, 2 cannot be read.
"""

import base64
import csv
import json
import math
import re
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any

ROW = 1e-7  # what rows and bounds may be off, of the amounts that meet in them
SAME = 1e-6  # what a figure may be off from what is proved, of its size
BROKEN = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
LINKS = ("observed", "contracted", "planned", "plausible")
FOLDS: dict[str, Any] = {"min": min, "max": max, "sum": sum, "mean": fmean, "count": len}
FOLDS["worst_tenth"] = lambda ends: fmean(sorted(ends)[: max(1, round(0.1 * len(ends)))])
for part in (5, 10, 50, 90, 95):
    FOLDS[f"p{part}"] = lambda ends, at=part // 5 - 1: quantiles(ends, n=20, method="inclusive")[at]
Checks = Iterator[tuple[str, list[str] | None]]  # what is checked, and faults; None: it is not


@cache
def unpack(text: str) -> tuple[Any, ...]:
    """Return the numbers or names that a packed text holds."""
    raw = zlib.decompress(base64.b64decode(text[2:], validate=True))
    if text[0] == "s":
        return tuple(raw.decode().split("\n")) if raw else ()
    return struct.unpack(f"<{len(raw) // 8}{'q' if text[0] == 'i' else 'd'}", raw)


def total(terms: Iterable[Any]) -> Any:
    """Return a sum: that of fractions exactly, that of floats rounded once."""
    parts = list(terms)
    return math.fsum(parts) if any(isinstance(part, float) for part in parts) else sum(parts)


class Program:
    """Rows and variables between two limits, a point, and mostly duals: no point is better."""

    def __init__(self, proof: Any, told: Any, programs: Any, gone: Any = ()) -> None:
        if "like" in told:  # what is not told is that of another one
            told = {**proof["programs"][told["like"]], **told}
        self.told, self.row, self.rows = told, 0 if told.get("is_exact") else ROW, list[Any]()
        keys = ("x", "c", "low", "high", "lower", "upper")
        self.x, self.c, low, high, lower, upper = (self.read(told[key]) for key in keys)
        for block in told["rows"]:
            starts, columns, values, *factors = proof["matrices"][block]
            at, line = unpack(columns), self.read(values)
            for text in factors:  # what is multiplied by amounts in another point, the last by 1
                amounts = [*programs[told["of"]].x, 1.0]
                line = [v * amounts[n] for v, n in zip(line, unpack(text), strict=True)]
            self.rows += [(at[a:b], line[a:b]) for a, b in pairwise(unpack(starts))]
        upper = [0 if n in gone else most for n, most in enumerate(upper)]
        self.ends = list(zip(low + lower, high + upper, strict=True))  # of rows, then of variables
        self.worth = total(c * x for c, x in zip(self.c, self.x, strict=True))
        self.size = total(abs(c * x) for c, x in zip(self.c, self.x, strict=True))
        self.largest, self.amounts = max(map(abs, self.x), default=0), Counter[str]()
        for name, amount in zip(unpack(proof["names"][told["names"]]), self.x, strict=True):
            self.amounts[name] += max(0, amount)

    def read(self, text: str) -> list[Any]:
        """Return numbers, as the decimals that they are written as where these are exact."""
        is_exact = self.row == 0
        return [Fraction(str(n)) if is_exact and math.isfinite(n) else n for n in unpack(text)]

    def broken(self, x: Any, row: float, least: float = 0) -> list[str]:
        """Return the rows and bounds that a point breaks, against the amounts that meet there."""
        largest = max(map(abs, x), default=0)
        met = [[v * x[n] for n, v in zip(*line, strict=True)] for line in self.rows]
        dust = [1e-5 * max(map(abs, values), default=0) for _, values in self.rows]
        checked = zip([*met, *([n] for n in x)], dust + [1] * len(x), self.ends, strict=True)
        faults = ["it has what is no number"] * (not all(map(math.isfinite, x)))
        for number, (terms, part, (low, high)) in enumerate(checked):
            room = row * max(least, part * largest, *map(abs, terms)) if terms else 0
            if not low - room <= total(terms) <= high + room:
                faults.append(f"row {number} is {float(total(terms)):g}, beyond its limits")
        return faults

    def faults(self) -> list[str]:
        """Return what a point breaks, and what duals leave beyond its worth: others are better."""
        faults, uppers = self.broken(self.x, self.row), self.ends[len(self.rows) :]
        if "duals" not in self.told:
            return faults
        sign, duals = 1 if self.told["is_largest"] else -1, self.read(self.told["duals"])
        parts = [[sign * value] for value in self.c]
        for (columns, values), dual in zip(self.rows, duals, strict=True):
            for column, value in zip(columns, values, strict=True) if dual else ():
                parts[column].append(-dual * value)
        units = zip([*duals, *map(total, parts)], self.ends, strict=True)  # worth of one more
        above = [unit * (high if unit > 0 else low) for unit, (low, high) in units if unit]
        rest = total([*above, -sign * self.worth])
        could = total(abs(c * b) for c, (_, b) in zip(self.c, uppers, strict=True) if b < math.inf)
        room = max(2 * abs(self.worth), 2e-3 * self.size, 2e-6 * self.largest) + 1e-5 * could
        return faults + [f"others may be better by {float(rest):g}"] * (not rest <= self.row * room)


def check_programs(result: Any, proof: Any, programs: dict[str, Program]) -> Checks:
    """Check points and duals of programs, and figures that are read off them: all of a column."""
    faults, mine, n_figures = [], list[Program](), 0
    for told in proof["programs"]:
        program = Program(proof, told, programs)
        broken = program.faults() + ["another has its name"] * (told["name"] in programs)
        faults += [f"{told['name']}: {fault}" for fault in broken]
        programs[told["name"]] = program
        mine.append(program)
    if mine:
        how = "to 1e-7" if any(program.row for program in mine) else "exactly"
        what = f"{len(mine)} points keep to {sum(len(one.rows) for one in mine)} rows {how}"
        yield f"{what}; none is better than {sum('duals' in one.told for one in mine)}", faults
    faults, columns = [], dict[Any, list[Any]]()
    for spec in proof["figures"]:
        columns.setdefault((spec["table"], spec["key"]), []).append(spec)
    for (table, key), specs in columns.items():
        for row in result[table] if table else [result]:
            fitting = [spec for spec in specs if spec.get("where", {}).items() <= row.items()]
            if row[key] and not fitting:
                faults.append(f"a figure {key} of {table} stands for nothing that is proved")
            faults += [fault for spec in fitting for fault in figure_faults(programs, spec, row)]
            n_figures += bool(fitting)
    if columns:
        yield f"{n_figures} figures are those of the points", faults
    yield from ((what, None) for what in proof["open"])


def figure_faults(programs: dict[str, Program], spec: Any, row: Any) -> list[str]:
    """Check what a row tells: tonnes by name or an objective, over others, or the end of some."""
    ends, room, figure = [], spec.get("room", 0), row[spec["key"]]
    for program in (programs[name.format(**row)] for name in spec["of"]):
        named = [[name.format(**row) for name in spec.get(key, ())] for key in ("sum", "over")]
        top, over = (total(program.amounts[name] for name in names) for names in named)
        worth, size = (top, program.largest) if named[0] else (program.worth, program.size)
        unit = spec.get("times", 1) / (over or 1)
        ends += program.x if spec.get("is_each") else [unit * worth]
        room = max(room, ROW * unit * size)
    if "least" in spec:  # which are no less, up to rounding
        least = row[spec["least"]] - 1e-9 * max(1.0, abs(row[spec["least"]]))
        ends = [end >= least for end in ends]
    amount = FOLDS[spec.get("end", "sum")](ends)
    amount = min(amount, row[spec["most"]]) if row.get(spec.get("most")) is not None else amount
    if figure is None:  # what JSON cannot say: without end
        return [] if amount >= spec["open"] else [f"{spec['key']} is told to have no end"]
    figure *= row[spec["per"]] if "per" in spec else 1
    is_so = abs(figure - amount) <= room + SAME * abs(amount)
    return [] if is_so else [f"{spec['key']} {figure} is told, and {float(amount):g} proved"]


class Attack:
    """A program, elements of which some can be removed, and a search for the worst removals."""

    def __init__(self, result: Any, proof: Any, told: Any, programs: dict[str, Program]) -> None:
        of = proof["elements"]
        self.told, self.proof, self.base = told, proof, programs[of["base"]]
        several = map(unpack, (of["ids"], of["cost"])), map(unpack, of["sets"])
        self.elements = {e: (c, set(ns)) for e, c, ns in zip(*several[0], several[1], strict=True)}
        self.elements |= {e: (math.inf, self.elements[e][1]) for e in told["safe"]}
        self.whole = abs(self.base.worth)
        self.budget, self.room = result[told["budget"]] * (1 + 1e-9), SAME * self.whole
        # whether it sends a flow: what enters a row leaves it, and is counted at most once
        ends = Counter((n, -c) for n, c in enumerate(self.base.c) if c)
        is_flow = all(low <= 0 for low, _ in self.base.ends)  # so that less keeps to all limits
        for line, (low, high) in zip(self.base.rows, self.base.ends, strict=False):
            ends.update(zip(*line, strict=True) if low == high else ())
            is_flow = is_flow and (high == 0 if low == high else min(line[1], default=0) >= 0)
        self.is_flow = is_flow and all(abs(v) == 1 == count for (_, v), count in ends.items())

    def faults(self, told: Any, low: float, high: float) -> list[str]:
        """Check what a removal costs and leaves: the program in which all of it is held at 0."""
        removed = [self.elements[element] for element in told["elements"]]
        point = {**self.base.told, "x": told["x"], "duals": told["duals"]}
        program = Program(self.proof, point, {}, {n for _, places in removed for n in places})
        is_so = point["is_largest"] and sum(cost for cost, _ in removed) <= self.budget
        is_so = is_so and low - self.room <= program.worth <= high + self.room
        return program.faults() + ["a removal is not as it is told"] * (not is_so)

    def left(self, leaf: Any, fixed: dict[str, bool], budget: float) -> Any:
        """Return what any removal in a part leaves: its point's worth less what can be taken."""
        x, price, step = unpack(leaf["x"]), leaf["price"], self.told["step"]
        value = total(c * amount for c, amount in zip(self.base.c, x, strict=True)) - price * budget
        is_sound = price >= 0 and not self.base.broken(x, ROW, self.whole)
        for element, (cost, places) in self.elements.items():
            used = [x[n] for n in places if x[n]] if cost <= budget or element in fixed else []
            if element in fixed or not self.is_flow:  # only what a point does without is free
                is_sound = is_sound and not (used and fixed.get(element, True))
            else:
                value -= max(0.0, total(used) - price * cost)  # whatever else is taken
        sides = [abs(end) for ends in self.base.ends for end in ends if 0 < abs(end) <= self.whole]
        units = [float(side) / step for side in sides] if step > 0 else [0.5]
        if all(abs(unit - round(unit)) <= SAME for unit in units):
            value = step * math.ceil(value / step - 1 / 64)  # flows are multiples as limits are
        return (max(0.0, value) if self.is_flow else value) if is_sound else -math.inf

    def checks(self, result: Any) -> Checks:
        """Worst removals: programs lack what is removed, and no part of the search leaves less."""
        told, cost = self.told, {element: cost for element, (cost, _) in self.elements.items()}
        value, bound, rows = (result[told[key]] for key in ("value", "bound", "told"))
        if rows and not isinstance(rows[0], list):
            rows = [[row if isinstance(row, str) else row["id"] for row in rows]]
        proved = sorted(sorted(one["elements"]) for one in told["removed"])
        faults = [fault for one in told["removed"] for fault in self.faults(one, value, value)]
        faults += ["other removals are proved"] * (proved != sorted(map(sorted, rows or [[]])))
        yield f"{told['value']}: what each removal leaves", faults
        left = min(self.left(*part) for part in parts(told["tree"], cost, self.budget))
        is_so = left >= bound - self.room and bound <= value + self.room
        faults = [f"the parts prove {left:g}, not {bound:g}"] * (not is_so)
        yield f"{told['bound']}: no removal within the budget leaves less", faults


def parts(tree: Any, cost: dict[str, float], budget: float) -> Iterator[tuple[Any, Any, float]]:
    """Yield the ends of a tree, what is decided there and what is left; first is what is chosen."""
    ways: list[tuple[dict[str, bool], float]] = [({}, budget)]
    for node in tree:
        fixed, left = ways.pop()
        if isinstance(node, str) and node not in fixed:
            ways.append(({**fixed, node: False}, left))
            ways += [({**fixed, node: True}, left - cost[node])] if cost[node] <= left else []
        else:
            yield node, fixed, left
    if ways:
        raise ValueError("the parts are not all choices")


def check_defense(result: Any, choices: Any, first: Attack, after: Attack) -> Checks:
    """What to protect: every choice leaves a removal open after which no more than that is left."""
    size, most, safe = result["k_defend"], result["bound"], sorted(after.told["safe"])
    is_so = safe == sorted(row["id"] for row in result["protected"]) and len(safe) <= size
    is_so = is_so and abs(most - result["value"]) <= after.room
    faults = ["it is not what is told"] * (not is_so)
    for leaf, fixed, left in parts(choices, dict.fromkeys(first.elements, 1), size):
        removed = set(leaf["elements"])
        is_open = not any(map(fixed.get, removed)) and (left < 1 or removed <= fixed.keys())
        faults += ["a choice can stop the removal that shows its limit"] * (not is_open)
        faults += first.faults(leaf, -math.inf, most)
    yield "bound: no choice of as many keeps more", faults


def check_tables(result: Any, folder: Path) -> Checks:
    """Look up what is used: there in the year, sure enough, and not avoided."""
    asked, known = result["question"], set[Any]()
    year, counted = int(asked["year"]), LINKS[: LINKS.index(asked["links"]) + 1]
    shut = asked["avoid"].split(",") if asked["lens"] == "location" else []
    for name in ("nodes.csv", "edges.csv", "rules.csv"):
        path = folder / name
        text = path.read_text("utf-8-sig") if path.exists() or name == "nodes.csv" else ""
        for row in csv.DictReader(text.split("\n")):
            if int(row.get("start_year") or 0) <= year <= int(row.get("end_year") or year):
                if name == "nodes.csv" and (row["stage"] == "nation" or row["country"] not in shut):
                    known.add(row["id"])
                elif name != "nodes.csv" and row["standing"] in counted:  # rules have an id
                    known |= {(row["source"], row["target"]), (row["form"], "id" in row)}
    moved = result.get("flows", ())
    used = {row[end] for row in moved for end in ("tail", "head")}
    used |= {node for way in result.get("routes", ()) for node in way["nodes"]}
    used |= {row["node"] for row in result.get("plants", ()) if "node" in row}
    missing = sorted(name for name in used - known if ":" not in name)
    faults = [f"{name} is not there in {year}, or avoided" for name in missing]
    for row in moved:
        if not {(row["tail"], row["head"]), (row["form"], True)} & known:
            faults.append(f"no link for {row['form']} from {row['tail']} to {row['head']}")
    yield f"tables: {len(used)} plants and {len(moved)} links are there and count", faults
    yield "capacities, yields and demands, in tonnes that arrive", None


def checks(result: Any, folder: Path | None) -> Checks:
    """Check all that a result carries, and the tables that it was asked of."""
    programs: dict[str, Program] = {}
    for proof in result.get("proof", ()):
        yield from check_programs(result, proof, programs)
        attacks = [Attack(result, proof, told, programs) for told in proof.get("attacks", ())]
        for attack in attacks:
            yield from attack.checks(result)
        if "choices" in proof:
            yield from check_defense(result, proof["choices"], *attacks)
    if not result.get("proof"):
        yield "it carries no proof", None
    elif folder is not None and result.get("question", {}).get("scenarios"):
        yield "its tables: scenarios changed them", None
    elif folder is not None and "question" in result:
        yield from check_tables(result, folder)


def verify(data: Any, folder: Path | None = None, where: str = "") -> list[tuple[str, str]]:
    """Return what holds of the results in a document, what FAILS, and what is not checked."""
    told: list[tuple[str, str]] = []
    inner: Any = enumerate(data) if isinstance(data, list) else ()
    if isinstance(data, dict):
        inner, name = data.items(), f"{where or 'result'} ({data.get('result', 'answer')})"
        try:
            for what, faults in checks(data, folder) if "provenance" in data else ():
                word = "not checked" if faults is None else "FAILS" if faults else "holds"
                told.append((word, "; ".join([f"{name}: {what}", *(faults or ())[:3]])))
        except (*BROKEN, struct.error, zlib.error) as error:
            told.append(("FAILS", f"{name}: the proof cannot be read: {error!r}"))
    for key, part in inner:
        told += verify(part, folder, f"{where}.{key}".lstrip("."))
    return told


def read(path: Path) -> Any:
    """Return the content of a result or report."""
    raw = path.read_bytes()
    match = re.search(rb'download="[^"]*json.gz" href="data:[^,"]*,([^"]+)"', raw)
    raw = base64.b64decode(match[1]) if match else raw
    return json.loads(zlib.decompress(raw, 31) if raw[:2] == b"\x1f\x8b" else raw)


def main(words: list[str]) -> int:
    """Check a file; print what was seen."""
    try:
        folder = Path(words[2]) if words[1:] == ["--graph", *words[2:3]] else None
        told = verify(read(Path(words[0])), folder)
    except (OSError, ValueError, LookupError, zlib.error) as error:
        print(f"{__doc__}\ncannot be read: {error}", file=sys.stderr)
        return 2
    print("\n".join(f"{word:<12} {what}" for word, what in told) or "no result in it")
    return int(not told or any(word == "FAILS" for word, _ in told))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
