#!/usr/bin/env python3
"""Check the proofs in a result of supplynet with nothing but Python: no package, no solver.

python verify.py RESULT.json [--graph FOLDER]      (also .json.gz, and the .html of a report)

All proofs have one form: points of programs whose rows are given, duals that bound the best
objective once every variable has a limit, and which figures are read off which point. Flows of
decimals are checked exactly. Worst removals have the parts of their search beside, each with a
point that does without what is removed there; draws have their values. With --graph, what is used
is looked up in the tables. Exit code: 0 all holds, 1 something fails, 2 cannot be read.
"""

import base64
import csv
import gzip
import json
import math
import re
import statistics
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

ROW = 1e-7  # what rows and bounds may be off, of the amounts that meet in them
SAME = 1e-6  # what a figure may be off from what is proved, of its size
LINKS = ("observed", "contracted", "planned", "plausible")
BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
OF_DRAWS = ("scenario", "nation", "product", "element", "subject", "year")
FOLDS: dict[str, Any] = {"min": min, "max": max, "sum": sum}
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


def dot(first: Iterable[Any], second: Iterable[Any]) -> Any:
    """Return the sum of the products of two lists."""
    return total(a * b for a, b in zip(first, second, strict=True))


class Program:
    """Rows and bounds, a point that keeps to them, and mostly duals: no point is better."""

    def __init__(self, proof: Any, told: Any, programs: "dict[str, Program]") -> None:
        if "like" in told:  # what is not told is that of another one
            told = {**proof["programs"][told["like"]], **told}
        self.told, self.row = told, 0 if told.get("is_exact") else ROW
        self.x, self.lower, self.upper = (self.read(told[key]) for key in ("x", "lower", "upper"))
        self.limits, self.equal = self.lines(proof, "ub"), self.lines(proof, "eq")
        self.c = self.read(told["c"]) if "c" in told else []
        if "mixture" in told:
            self.equal, self.c = mixture(told["mixture"], programs, len(self.x))
        negated = [(at, [-value for value in line], -side) for at, line, side in self.equal]
        self.rows = [*self.limits, *self.equal, *negated]  # what they come to at most
        self.worth, self.size = dot(self.c, self.x), dot(map(abs, self.c), map(abs, self.x))
        self.largest = max(map(abs, self.x), default=0)
        self.amounts: dict[str, Any] = {}
        for name, amount in zip(unpack(proof["names"][told["names"]]), self.x, strict=True):
            self.amounts[name] = self.amounts.get(name, 0) + max(0, amount)

    def read(self, text: str) -> list[Any]:
        """Return numbers, as the decimals that they are written as where these are exact."""
        is_exact = self.row == 0
        return [Fraction(str(n)) if is_exact and math.isfinite(n) else n for n in unpack(text)]

    def lines(self, proof: Any, kind: str) -> list[Any]:
        """Return the rows of a kind: columns, values, and what they come to."""
        lines: list[Any] = []
        for block in self.told[kind]["rows"]:
            starts, columns, values = proof["matrices"][block]
            at, line = unpack(columns), self.read(values)
            lines += [(at[a:b], line[a:b]) for a, b in pairwise(unpack(starts))]
        sides = zip(lines, self.read(self.told[kind]["sides"]), strict=True)
        return [(*line, side) for line, side in sides]

    def broken(self, x: Any, row: float, least: float = 0) -> list[str]:
        """Return the rows and bounds that a point breaks, against the amounts that meet there."""
        if not all(map(math.isfinite, x)):
            return ["it has what is no number"]
        faults, largest = [], max(map(abs, x), default=0)
        for number, (columns, values, side) in enumerate(self.rows):
            terms = [value * x[column] for column, value in zip(columns, values, strict=True)]
            dust, off = 1e-5 * largest * max(map(abs, values), default=0), total(terms) - side
            if not off <= row * max(abs(side), least, dust, *map(abs, terms)) * bool(terms):
                faults.append(f"row {number} is off by {float(off):g}")
        room = row * max(largest, least)
        for value, low, high in zip(x, self.lower, self.upper, strict=True):
            if not low - room <= value <= high + room:
                faults.append(f"{float(value):g} is beyond its bounds")
        return faults

    def better(self) -> list[str]:
        """Return why another point could be better: what the duals leave beyond the objective."""
        sign = 1 if self.told["is_largest"] else -1
        given = [sign * dual for dual in self.read(self.told["duals"])]
        duals = [max(dual, 0) for dual in (*given, *(-dual for dual in given[len(self.limits) :]))]
        parts, above = [[sign * value] for value in self.c], [-sign * self.worth]
        for (columns, values, side), dual in zip(self.rows, duals, strict=True):
            above.append(dual * side)
            for column, value in zip(columns, values, strict=True) if dual else ():
                parts[column].append(-dual * value)
        rest = list(map(total, parts))  # what a unit more of each variable would bring
        is_open = any(a > 0 and b == math.inf for a, b in zip(rest, self.upper, strict=True))
        ends = zip(rest, self.lower, self.most() if is_open else self.upper, strict=True)
        above += [unit * (high if unit > 0 else low) for unit, low, high in ends if unit]
        could = dot(map(abs, self.c), (abs(b) if b < math.inf else 0 for b in self.upper))
        room = max(2 * abs(self.worth), 2e-3 * self.size, 2e-6 * self.largest) + 1e-5 * could
        is_best = total(above) <= self.row * room
        return [] if is_best else [f"the duals leave {float(total(above)):g} beyond its worth"]

    def most(self) -> list[Any]:
        """Return the most that rows and bounds let each variable be, as far as they do."""
        upper, before = list(self.upper), -1
        while upper.count(math.inf) != before:
            before = upper.count(math.inf)
            for columns, values, side in self.rows:
                pairs = list(zip(columns, values, strict=True))
                least = [v * (self.lower if v > 0 else upper)[n] if v else 0 for n, v in pairs]
                rest = side - total(least) if -math.inf not in least else math.inf
                for (n, v), own in zip(pairs, least, strict=True):
                    if v > 0 and upper[n] == math.inf and rest < math.inf:
                        upper[n] = max(self.lower[n], (rest + own) / v)
        return upper


def mixture(told: Any, programs: dict[str, Program], size: int) -> tuple[list[Any], list[float]]:
    """Return rows: what leaves a pot bears the mean of what came, and marks; and the supply."""
    amounts, supply, supplied = programs[told["point"]].x, unpack(told["supply"]), [0.0] * size
    sent = [{size // 2 + pot: 1.0} for pot in range(size // 2)]
    for at, tail, head, content in zip(*map(unpack, told["moves"]), strict=True):
        for pot, tonnes in ((tail, -content * amounts[at]), (head, content * amounts[at])):
            sent[head][pot] = sent[head].get(pot, 0.0) + tonnes
        supplied[tail] += content * amounts[at] if head in supply else 0.0
    return [(tuple(row), list(row.values()), 0.0) for row in sent], supplied


def check_programs(result: Any, proof: Any, programs: dict[str, Program]) -> Checks:
    """Check points and duals of programs, and figures that are read off them: all of a column."""
    faults, seen, mine = [], set(), []
    for told in proof["programs"]:
        name, program = told["name"], Program(proof, told, programs)
        broken = program.broken(program.x, program.row)
        broken += program.better() if "duals" in program.told else []
        broken += ["another has its name"] * (name in programs)
        faults += [f"{name}: {fault}" for fault in broken]
        programs[name] = program
        mine.append(program)
    n_rows = sum(len(program.limits) + len(program.equal) for program in mine)
    what = (
        f"{len(mine)} points keep to {n_rows} balances and limits, {{}}; none is better than {{}}"
    )
    if mine:
        how = "to 1e-7" if any(program.row for program in mine) else "exactly"
        yield what.format(how, sum("duals" in program.told for program in mine)), faults
    faults = []
    for spec in proof["figures"]:
        for number, row in enumerate(result[spec["table"]] if spec["table"] else [result]):
            if all(row.get(name) == value for name, value in spec.get("where", {}).items()):
                seen.add((spec["table"], spec["key"], number))
                faults += figure_faults(programs, spec, row)
    for table, key in {(spec["table"], spec["key"]) for spec in proof["figures"] if spec["table"]}:
        told = [n for n, row in enumerate(result[table]) if row[key]]
        if any((table, key, n) not in seen for n in told):
            faults.append(f"a figure {key} of {table} stands for nothing that is proved")
    if proof["figures"]:
        yield f"{len(seen)} figures are those of the points", faults
    yield from ((what, None) for what in proof["open"])


def figure_faults(programs: dict[str, Program], spec: Any, row: Any) -> list[str]:
    """Check what a row tells: tonnes by name or an objective, over others, or the end of some."""
    ends, room, figure = [], spec.get("room", 0), row[spec["key"]]
    for program in (programs[name.format(**row)] for name in spec["of"]):
        named = [[name.format(**row) for name in spec.get(key, ())] for key in ("sum", "over")]
        top, over = (total(program.amounts.get(name, 0) for name in names) for names in named)
        worth, size = (top, program.largest) if named[0] else (program.worth, program.size)
        unit = spec.get("times", 1) / (over or 1)
        ends.append(unit * worth)
        room = max(room, ROW * unit * size)
    amount = FOLDS[spec.get("end", "sum")](ends)
    most = row.get(spec.get("most"))
    amount = amount if most is None else min(amount, most)
    if figure is None:  # what JSON cannot say: without end
        return [] if amount >= spec["open"] else [f"{spec['key']} is told to have no end"]
    figure *= row[spec["per"]] if "per" in spec else 1
    is_so = abs(figure - amount) <= room + SAME * abs(amount)
    return [] if is_so else [f"{spec['key']} {figure} is told, and {float(amount):g} proved"]


class Attack:
    """A program, elements of which some can be removed, and the parts of a search for the worst."""

    def __init__(self, told: Any, result: Any, programs: dict[str, Program]) -> None:
        self.told, self.programs, self.base = told, programs, programs[told["base"]]
        self.ids, self.cost = unpack(told["ids"]), unpack(told["cost"])
        self.sets, self.whole = [set(unpack(one)) for one in told["sets"]], abs(self.base.worth)
        self.budget, self.room = result[told["budget"]] * (1 + 1e-9), SAME * self.whole
        # whether it sends a flow: what enters a row leaves it, and is counted at most once
        ends = Counter((n, -c) for n, c in enumerate(self.base.c) if c)
        for columns, values, _ in self.base.equal:
            ends.update(zip(columns, values, strict=True))
        self.is_flow = all(abs(value) == 1 and count == 1 for (_, value), count in ends.items())

    def faults(self, told: Any, low: float, high: float) -> list[str]:
        """Check what a removal costs and leaves: the program in which all of it is held at 0."""
        program, base, members = self.programs[told["program"]], self.base.told, told["elements"]
        gone = {n for e in members for n in self.sets[e]}
        upper = tuple(0 if n in gone else most for n, most in enumerate(unpack(base["upper"])))
        is_so = unpack(program.told["upper"]) == upper and "duals" in program.told
        is_so = is_so and all(program.told[key] == base[key] for key in ("ub", "eq", "c", "lower"))
        is_so = is_so and program.told["is_largest"]
        is_so = is_so and sum(self.cost[e] for e in members) <= self.budget
        is_so = is_so and low - self.room <= program.worth <= high + self.room
        return [] if is_so else [f"a removal is not as told, or leaves {float(program.worth):g}"]

    def left(self, leaf: Any) -> Any:
        """Return what any removal in a part leaves: its point's worth less what can be taken."""
        x, fixed, base = unpack(leaf["x"]), dict(leaf["decisions"]), self.base
        gone = [e for e, is_gone in fixed.items() if is_gone]
        if base.broken(x, ROW, self.whole) or any(x[n] for e in gone for n in self.sets[e]):
            return -math.inf
        left, value = self.budget - sum(self.cost[e] for e in gone), float(dot(base.c, x))
        free = [e for e, cost in enumerate(self.cost) if e not in fixed and cost <= left]
        used = {e: sum(x[n] for n in self.sets[e]) for e in free}
        if not self.is_flow:  # only what a point does without costs it nothing
            return -math.inf if any(used.values()) else value
        for e in sorted(used, key=lambda e: -used[e] / self.cost[e]):
            part = min(1.0, max(0.0, left / self.cost[e]))  # the last in part: at least as much
            value, left = value - part * used[e], left - part * self.cost[e]
        step = self.told["step"]
        sides = [most for most in (*base.upper, *(row[2] for row in base.rows)) if most > 0]
        units = [float(most) / step for most in sides if most <= self.whole] if step > 0 else [0.5]
        if all(abs(unit - round(unit)) <= SAME for unit in units):
            value = step * math.ceil(value / step - 1 / 64)  # flows are multiples as limits are
        return max(0.0, value)

    def checks(self, result: Any) -> Checks:
        """Worst removals: programs lack what is removed, and no part of the search leaves less."""
        told = self.told
        value, bound, rows = (result[told[key]] for key in ("value", "bound", "told"))
        if rows and not isinstance(rows[0], list):
            rows = [[row if isinstance(row, str) else row["id"] for row in rows]]
        named = [[self.ids[e] for e in removal["elements"]] for removal in told["removed"]]
        faults = [fault for one in told["removed"] for fault in self.faults(one, value, value)]
        if sorted(map(sorted, named)) != sorted(map(sorted, rows or [[]])):
            faults.append("the removals that are told are not those that are proved")
        yield f"{told['value']}: what each removal leaves", faults
        is_all = covers([leaf["decisions"] for leaf in told["leaves"]], self.cost, self.budget)
        left = min(map(self.left, told["leaves"])) if is_all else -math.inf
        is_so = left >= bound - self.room and bound <= value + self.room
        faults = [] if is_so else [f"the parts prove {left:g}, not {bound:g}"]
        yield f"{told['bound']}: no removal within the budget leaves less", faults


def covers(ways: Any, cost: Any, left: float) -> bool:
    """Whether parts of a search, each its decisions, are all choices that a budget allows."""
    firsts = {way[0][0] if way else None for way in ways}
    if ways == [[]] or len(firsts) != 1 or None in firsts:
        return bool(ways == [[]])
    gone, kept = ([way[1:] for way in ways if bool(way[0][1]) is one] for one in (True, False))
    rest = left - cost[firsts.pop()]
    return covers(kept, cost, left) and (covers(gone, cost, rest) if gone else rest < 0)


def check_defense(result: Any, proof: Any, attack: Attack, after: Attack) -> Checks:
    """What to protect: every choice leaves a removal open after which no more than that is left."""
    size, choices, most = result["k_defend"], proof["choices"], result["bound"]
    safe = [one for one, a, b in zip(attack.ids, attack.cost, after.cost, strict=True) if a != b]
    is_so = sorted(safe) == sorted(row["id"] for row in result["protected"]) and len(safe) <= size
    is_so = is_so and abs(most - result["value"]) <= attack.room
    is_all = covers([leaf["decisions"] for leaf in choices], [1.0] * len(attack.ids), size)
    faults = [] if is_so and (is_all or most >= attack.whole) else ["it is not all choices"]
    for leaf in choices:
        fixed, removed = dict(leaf["decisions"]), set(leaf["elements"])
        is_free = sum(fixed.values()) < size and not removed <= set(fixed)
        if is_free or any(fixed.get(e) for e in removed):
            faults.append("a choice can stop the removal that is to show its limit")
        faults += attack.faults(leaf, -math.inf, most)
    yield "bound: no choice of as many keeps more", faults


def check_draws(result: Any, proof: Any) -> Checks:
    """Draws: means, quantiles and chances are those of the values."""
    faults, coverages = [], {}
    for row, packed in zip(result["figures"], proof["values"], strict=True):
        values = sorted(unpack(packed))
        ends = statistics.quantiles(values, n=20, method="inclusive")
        worst = values[: max(1, round(0.1 * len(values)))]
        whole = {"mean": statistics.fmean(values), "worst_tenth": statistics.fmean(worst)}
        whole |= {f"p{share}": ends[share // 5 - 1] for share in (5, 10, 50, 90, 95)}
        room = SAME * max(map(abs, values)) if len(values) == result["n_draws"] else -1.0
        wrong = [key for key, figure in whole.items() if not abs(row[key] - figure) <= room]
        faults += [f"{key} of {row['figure']} is not {whole[key]:g}" for key in wrong]
        if row["figure"] == "coverage":
            coverages[tuple(row[key] for key in OF_DRAWS)] = values
    for row in result["chances"]:
        values = coverages[tuple(row[key] for key in OF_DRAWS)]
        least = row["least"] - 1e-9 * max(1.0, abs(row["least"]))
        share = sum(value >= least for value in values) / len(values)
        faults += [] if abs(row["chance"] - share) <= SAME else [f"a chance is {share:g}"]
    yield f"{len(result['figures'])} figures are those of {result['n_draws']} values", faults


def check_tables(result: Any, folder: Path) -> Checks:
    """Look up what is used: there in the year, sure enough, and not avoided."""
    asked, tables = result["question"], {}
    year, counted = int(asked["year"]), LINKS[: LINKS.index(asked["links"]) + 1]
    for name in ("nodes", "edges", "rules"):
        path = folder / f"{name}.csv"
        text = path.read_text("utf-8-sig") if path.exists() or name == "nodes" else ""
        tables[name] = [
            row
            for row in csv.DictReader(text.split("\n"))
            if int(row.get("start_year") or 0) <= year <= int(row.get("end_year") or year)
        ]
    shut = set(re.findall(r"(?:^|,)([A-Z]{3})(?=,|$)", asked["avoid"]))
    on = [row for row in tables["edges"] + tables["rules"] if row["standing"] in counted]
    nodes = {row["id"]: row for row in tables["nodes"]}
    named = {(row["source"], row["target"]) for row in on}
    forms = {row["form"] for row in on if "id" in row}  # corridors of many ends
    faults, moved = [], result.get("flows", ())
    used = {row[end] for row in moved for end in ("tail", "head")}
    used |= {node for way in result.get("routes", ()) for node in way["nodes"]}
    used |= {row["node"] for row in result.get("plants", ()) if "node" in row}
    for row in moved:
        if (row["tail"], row["head"]) not in named and row["form"] not in forms:
            faults.append(f"no link for {row['form']} from {row['tail']} to {row['head']}")
    for name in (one for one in used if ":" not in one):
        row = nodes.get(name)
        if row is None:
            faults.append(f"{name} is not in nodes.csv, or not in {year}")
        elif asked["lens"] == "location" and row["country"] in shut and row["stage"] != "nation":
            faults.append(f"{name} is in {row['country']}, which is avoided")
    yield f"tables: {len(used)} plants and {len(moved)} links are there and count", faults
    yield "capacities, yields and demands, in tonnes that arrive", None


def checks(result: Any, folder: Path | None) -> Checks:
    """Check all that a result carries, and the tables that it was asked of."""
    programs: dict[str, Program] = {}
    for proof in result.get("proof", ()):
        yield from check_programs(result, proof, programs)
        attacks = [Attack(told, result, programs) for told in proof.get("attacks", ())]
        for attack in attacks:
            yield from attack.checks(result)
        if "choices" in proof:
            yield from check_defense(result, proof, *attacks)
        if "values" in proof:
            yield from check_draws(result, proof)
    if not result.get("proof"):
        yield "it carries no proof", None
    elif folder is not None and result.get("question", {}).get("scenarios"):
        yield "its tables: scenarios changed them", None
    elif folder is not None and "question" in result:
        yield from check_tables(result, folder)


def results_in(data: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every result in a JSON document, and where it stands."""
    if isinstance(data, dict) and "provenance" in data:
        yield where or "result", data
    parts: Any = data.items() if isinstance(data, dict) else ()
    for key, part in enumerate(data) if isinstance(data, list) else parts:
        yield from results_in(part, f"{where}.{key}".lstrip("."))


def read(path: Path) -> Any:
    """Return the content of a result or report."""
    raw = path.read_bytes()
    match = re.search(rb'download="[^"]*json.gz" href="data:[^,"]*,([^"]+)"', raw)
    raw = base64.b64decode(match[1]) if match else raw
    return json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)


def verify(data: Any, folder: Path | None = None) -> list[tuple[str, str]]:
    """Return what holds of the results in a document, what FAILS, and what is not checked."""
    told = []
    for where, result in results_in(data):
        name = f"{where} ({result.get('result', 'answer')})"
        try:
            for what, faults in checks(result, folder):
                word = "not checked" if faults is None else "FAILS" if faults else "holds"
                told.append((word, "; ".join([f"{name}: {what}", *(faults or ())[:3]])))
        except (*BROKEN, struct.error, zlib.error) as error:
            told.append(("FAILS", f"{name}: the proof cannot be read: {error!r}"))
    return told


def main(words: list[str]) -> int:
    """Check a file; print what was seen."""
    try:
        folder = Path(words[2]) if words[1:] == ["--graph", *words[2:3]] else None
        told = verify(read(Path(words[0])), folder)
    except (OSError, ValueError, LookupError) as error:
        print(f"{__doc__}\ncannot be read: {error}", file=sys.stderr)
        return 2
    print("\n".join(f"{word:<12} {what}" for word, what in told) or "no result in it")
    return int(not told or any(word == "FAILS" for word, _ in told))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
