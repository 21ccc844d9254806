"""Check the proofs in a result of supplynet with nothing but Python: no package, no solver.

python verify.py FILE.json|html [--graph FOLDER] [--schemas FOLDER]
exit code 0: all holds, 1: not, 2: unreadable.

Every number of an answer is a figure. It is certified if a proof has it, or if it follows from
certified ones by the arithmetic that stands beside the proof; every other one is open. The schemas
(docs/schemas) have the arithmetic that the program declares, which the file must repeat.
"""

import ast
import base64
import csv
import hashlib
import json
import math
import operator
import re
import string
import struct
import sys
import zlib
from collections import Counter
from fractions import Fraction
from functools import cache, partial, reduce
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any

ROW, SAME = 1e-7, 1e-6  # what rows may be off, of amounts that meet there, and figures, of theirs
FOLDS: dict[str, Any] = {"min": min, "max": max, "sum": sum, "mean": fmean, "count": len}
FOLDS |= {"change": lambda e: e[-1] - e[0], "squares": lambda e: sum(end * end for end in e)}
FOLDS["worst_tenth"] = lambda ends: fmean(sorted(ends)[: max(1, round(0.1 * len(ends)))])
FOLDS |= {f"p{n}": lambda e, n=n: quantiles(e, n=100, method="inclusive")[n - 1] for n in range(99)}
#: parts of an answer that are no figures of it; a part with an origin of its own is another answer
BESIDE = frozenset(
    ("headline", "question", "questions", "certificate", "certificates", "further_certificate")
    + ("further_certificates", "schema_version", "provenance", "proof", "arithmetic", "verify.py")
)
SIGNS: dict[Any, Any] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
SIGNS |= {ast.Div: lambda a, b: a / b if b else None, ast.USub: operator.neg}
SIGNS |= {ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.Gt: operator.gt}
SIGNS |= {ast.LtE: operator.le, ast.GtE: operator.ge}
CALLS: dict[str, Any] = {**FOLDS, "abs": lambda ends: abs(*ends), "date": lambda ends: month(*ends)}
NAMES = (ast.Name, ast.Attribute, ast.Subscript)
FORMAT = string.Formatter()
Place = tuple[Any, ...]  # keys, and numbers of rows, that lead to a figure
SEEN: Place = ("",)  # what everybody sees
NAMED = "names"  # in place of arithmetic: a column that names the row


@cache
def unpack(text: str, is_exact: bool = False) -> tuple[Any, ...]:
    """Return the numbers or names that a packed text holds; exact are decimals as written."""
    raw = zlib.decompress(base64.b64decode(text[2:], validate=True))
    if text[0] == "s":
        return tuple(raw.decode().split("\n")) if raw else ()
    told = struct.unpack(f"<{len(raw) // 8}{'q' if text[0] == 'i' else 'd'}", raw)
    return tuple(Fraction(str(n)) if math.isfinite(n) else n for n in told) if is_exact else told


class Program:
    """Rows and variables between two limits, a point, and mostly duals: no point is better."""

    def __init__(self, proof: Any, told: Any, programs: Any, gone: Any = ()) -> None:
        told = {**proof["programs"][told["like"]], **told} if "like" in told else told
        self.told, self.rows, keys = told, list[Any](), ("x", "c", "low", "high", "lower", "upper")
        is_exact, names = told.get("is_exact", False), unpack(proof["names"][told["names"]])
        self.x, self.c, low, high, lower, upper = (unpack(told[key], is_exact) for key in keys)
        for block in told["rows"]:
            starts, columns, values, *factors = proof["matrices"][block]
            at, line, first = unpack(columns), unpack(values, is_exact), unpack(starts)
            for text in factors:  # what is multiplied by amounts in another point, the last by 1
                amounts = [*programs[told["of"]].x, 1.0]
                line = tuple(v * amounts[n] for v, n in zip(line, unpack(text), strict=True))
            self.rows += [(at[a:b], line[a:b]) for a, b in zip(first, first[1:], strict=False)]
        if "along" in told:  # variables are ways: no step of them has more than a flow has there
            ways, most = [way.split(">") for way in names], programs[told["along"]].amounts
            steps = dict.fromkeys(f"{a}>{b}" for w in ways for a, b in zip(w, w[1:], strict=False))
            on = [[n for n, way in enumerate(names) if f">{step}>" in f">{way}>"] for step in steps]
            self.rows, high = [(ns, [1] * len(ns)) for ns in on], tuple(most[s] for s in steps)
            names = tuple(str([s.split("@")[0] for s in way[1:-1] if ":" not in s]) for way in ways)
        upper = tuple(0 if n in gone else most for n, most in enumerate(upper))
        self.ends = list(zip(low + lower, high + upper, strict=True))  # of rows, then of variables
        worths = [c * x for c, x in zip(self.c, self.x, strict=True)]
        self.worth, self.size = sum(worths), sum(map(abs, worths))
        self.largest = max((abs(n) for n in self.x + upper if abs(n) < math.inf), default=0)
        self.row, self.amounts = 0 if is_exact else ROW, Counter[str]()
        self.limits = Counter[str]()
        for name, amount, most in zip(names, self.x, upper, strict=True):
            self.amounts[name] += max(0, amount)
            self.limits[name] += most

    def broken(self, x: Any, row: float, least: float = 0) -> list[str]:
        """Return the rows and bounds that a point breaks, against the amounts that meet there."""
        dust, faults = 1e-5 * max(map(abs, x), default=0), list[str]()
        met = [[v * x[n] for n, v in zip(*line, strict=True)] for line in self.rows]
        sizes = [max(map(abs, values), default=0) for _, values in self.rows] + [1] * len(x)
        checked = zip([*met, *([n] for n in x)], sizes, self.ends, strict=True)
        for number, (terms, size, (low, high)) in enumerate(checked):
            room = row * max(least, size * dust, *map(abs, terms)) if terms else 0
            if not low - room <= sum(terms) <= high + room or not room < math.inf:
                faults.append(f"row {number} is {float(sum(terms)):g}, beyond its limits")
        return faults

    def faults(self) -> list[str]:
        """Return what a point breaks, and what duals leave beyond its worth: others are better."""
        faults = self.broken(self.x, self.row)
        for _, part in self.rows[:-1] if "of" in self.told else ():  # of all that is marked, all
            faults += ["no mean"] * (not abs(sum(part)) <= ROW * max(map(abs, part), default=0))
        if "duals" not in self.told:
            return faults
        sign, duals = 1 if self.told["is_largest"] else -1, unpack(self.told["duals"], not self.row)
        parts, add = [[sign * value] for value in self.c], math.fsum if self.row else sum
        for (columns, values), dual in zip(self.rows, duals, strict=True):
            for column, value in zip(columns, values, strict=True) if dual else ():
                parts[column].append(-dual * value)
        units = zip([*duals, *map(add, parts)], self.ends, strict=True)  # what one more is worth
        rest = add([-sign * self.worth, *(unit * ends[unit > 0] for unit, ends in units if unit)])
        could = self.largest * max(map(abs, self.c), default=0)
        room = 3 * self.row * max(abs(self.worth), 1e-3 * self.size, 1e-5 * could)
        return faults + [f"others may be better by {float(rest):g}"] * (not rest <= room)


def dotted(node: Any) -> str:
    """Return a name with its parts, and numbers of parts, behind dots."""
    return ast.unparse(node).replace("[", ".").replace("]", "")


def month(text: str) -> int | None:
    """Return the first month that is written in a text, behind an at sign if there is one."""
    seen = re.search(r"(\d{4})-(\d\d)", text.rpartition("@")[2])
    return 12 * int(seen[1]) + int(seen[2]) - 1 if seen else None


def column_of(place: Place) -> str:
    """Return the column of a figure: what leads to it but for numbers of rows."""
    return ".".join(step for step in place if isinstance(step, str))


def readings(spec: Any) -> list[str]:
    """Return what a figure is read off: names of programs and variables, with columns in braces."""
    return [name for key in ("of", "sum", "over", "limits") for name in spec.get(key, ())]


def figure_faults(programs: dict[str, Program], spec: Any, row: Any) -> list[str]:
    """Check what a row states: tonnes by name or an objective, over others, or the end of some."""
    ends, room, (key, _, at) = list[Any](), spec.get("room", 0), spec["key"].partition(".")
    figure = row[key][int(at) if isinstance(row[key], list) else at] if at else row[key]
    keys = ("of", "sum", "over", "limits")
    named = [[name.format(**row) for name in spec.get(key, ())] for key in keys]
    for program in map(programs.__getitem__, named[0]):
        top, over = ([program.amounts[name] for name in names] for names in named[1:3])
        top += [program.limits[name] for name in named[3]]
        worth, size = (sum(top), max(program.x)) if top else (program.worth, program.size)
        unit = spec.get("times", 1) / (sum(over) or 1)
        ends += [unit * one for one in (top or program.x)] if "is_each" in spec else [unit * worth]
        room = max(room, ROW * unit * size)
    if "line" in spec:  # how far a row is used, or its limit
        (at, line), limit = program.rows[spec["line"]], program.ends[spec["line"]][1]
        used = sum(v * program.x[n] for n, v in zip(at, line, strict=True))
        ends = [limit if "is_limit" in spec else used]
    if "weights" in spec:
        ends = [weight * end for weight, end in zip(spec["weights"], ends, strict=bool(ends))]
    if "least" in spec:  # whether they are no less, up to rounding
        ends = [end - row[spec["least"]] >= -1e-9 * max(1.0, abs(end)) for end in ends]
    ends += [len(row[table]) for table in spec.get("rows", ())]
    amount = FOLDS[spec.get("end", "sum")](ends)
    near = room + spec.get("near", SAME) * abs(amount) if ends or "of" not in spec else math.inf
    amount = min(amount, row[spec["most"]]) if row.get(spec.get("most")) is not None else amount
    amount = min(amount, spec.get("cap", math.inf))
    amount, per = amount - row.get(spec.get("less"), 0), row.get(spec.get("per"), 1)
    is_so = amount >= spec["open"] if figure is None else abs(figure * per - amount) <= near
    if "within" in spec:  # whether it lies between two others; on an edge it may be either
        inside = min(amount - row[spec["within"][0]], row[spec["within"][1]] - amount)
        is_so = isinstance(figure, bool) and (inside >= -near if figure else inside <= near)
    return [] if is_so else [f"{spec['key']} {figure} is reported, and {float(amount):g} proved"]


class Attack:
    """A program, elements of which some can be removed, and a search for the worst removals."""

    def __init__(self, sums: Any, proof: Any, told: Any, programs: dict[str, Program]) -> None:
        of, self.sums, self.proof, self.told = proof["elements"], sums, proof, told
        self.base, ids, cost = programs[of["base"]], unpack(of["ids"]), unpack(of["cost"])
        self.places = dict(zip(ids, map(unpack, of["sets"]), strict=True))
        self.cost = dict(zip(ids, cost, strict=True)) | dict.fromkeys(told["safe"], math.inf)
        self.whole, self.budget = abs(self.base.worth), self.read("budget") * (1 + 1e-9)
        self.room, by, ends = SAME * self.whole, told["step"], self.base.ends
        ways = Counter((n, -c) for n, c in enumerate(self.base.c) if c)
        is_flow = all(low <= 0 for low, _ in ends)  # what enters a row leaves it, counted once
        for line, (low, high) in zip(self.base.rows, ends, strict=False):
            ways.update(zip(*line, strict=True) if low == high else ())
            is_flow = is_flow and (high == 0 if low == high else min(line[1], default=0) >= 0)
        self.is_flow = is_flow and all(abs(v) == 1 == count for (_, v), count in ways.items())
        sides = [abs(side) for both in ends for side in both if 0 < abs(side) <= self.whole]
        self.step = by if by > 0 and all(abs(s / by - round(s / by)) <= SAME for s in sides) else 0

    def read(self, key: str) -> Any:
        """Return what the answer states where the attack says that it does."""
        return self.sums.at(self.sums.place(self.told[key], ()))

    def faults(self, told: Any, low: float, high: float) -> list[str]:
        """Check what a removal costs and leaves: the program in which all of it is held at 0."""
        own = {**self.base.told, "x": told["x"], "duals": told["duals"]}
        left = Program(self.proof, own, {}, {n for e in told["elements"] for n in self.places[e]})
        is_so = low - self.room <= left.worth <= high + self.room and own["is_largest"]
        is_so = is_so and sum(map(self.cost.__getitem__, told["elements"])) <= self.budget
        return left.faults() + ["a removal is not as it is reported"] * (not is_so)

    def left(self, leaf: Any, fixed: dict[str, bool], budget: float) -> Any:
        """Return what any removal in a part leaves: its point's worth less what can be taken."""
        x, price = unpack(leaf["x"]), leaf["price"]
        value = sum(c * amount for c, amount in zip(self.base.c, x, strict=True)) - price * budget
        value = -math.inf if price < 0 or self.base.broken(x, ROW, self.whole) else value
        for one, cost in self.cost.items():  # what is gone, or can be
            used = [x[n] for n in self.places[one] if x[n] and fixed.get(one, cost <= budget)]
            spared = price * cost * (one not in fixed)
            value -= (max(0.0, sum(used) - spared) if self.is_flow else math.inf) if used else 0
        value = self.step * math.ceil(value / self.step - 1 / 64) if self.step else value
        return max(0.0, value) if self.is_flow else value

    def parts(self, tree: str, cost: dict[str, float], budget: float) -> Any:
        """Yield ends of a tree, what is decided there and what is left; first is what is chosen."""
        ways: list[tuple[dict[str, bool], float]] = [({}, budget)]
        for node in self.told[tree]:
            fixed, left = ways.pop()
            if isinstance(node, str) and node not in fixed:
                paid = [({**fixed, node: True}, left - cost[node])] * (cost[node] <= left)
                ways += [({**fixed, node: False}, left), *paid]
            else:
                yield node, fixed, left
        yield from {0: ()}[len(ways)]  # unless the parts are not all choices

    def checks(self) -> list[str]:
        """Check that programs lack what is removed, and no part of the search leaves less."""
        value, bound, rows = map(self.read, ("value", "bound", "told"))
        sets = rows if rows and isinstance(rows[0], list) else [rows]  # several that are as bad
        told = [sorted(one if isinstance(one, str) else one["id"] for one in row) for row in sets]
        faults = [fault for one in self.told["removed"] for fault in self.faults(one, value, value)]
        proved = sorted(sorted(one["elements"]) for one in self.told["removed"])
        faults += ["other removals are proved"] * (proved != sorted(told))
        listed = self.read("costs") if "costs" in self.told else ()
        faults += ["costs are others"] * any(one["cost"] != self.cost[one["id"]] for one in listed)
        if "n" in self.told:
            faults += ["so many cannot be removed"] * (self.read("n") != len(self.cost))
        if "tree" not in self.told:  # what these leave, and what no more can leave at a time
            most = self.read("under") if "under" in self.told else bound
            return faults + ["no search proves the bound"] * (not bound <= most + self.room)
        ends = self.parts("tree", self.cost, self.budget)
        is_so = bound <= value + self.room and all(self.left(*e) + self.room >= bound for e in ends)
        faults += [f"the parts do not prove {bound:g}"] * (not is_so)
        result = self.sums.result
        safe = [row["id"] for row in result["protected"]] if self.told["safe"] else []
        is_so = sorted(self.told["safe"]) == sorted(safe)
        if "choices" in self.told:  # all of which leave a removal open that leaves no more
            size, most, safe = (result[key] for key in ("k_defend", "bound", "protected"))
            is_so = is_so and len(safe) <= size and abs(most - result["value"]) <= self.room
            for end, fixed, left in self.parts("choices", dict.fromkeys(self.cost, 1), size):
                kept = [fixed.get(element) for element in end["elements"]]
                is_so = is_so and True not in kept and (left < 1 or None not in kept)
                faults += self.faults(end, -math.inf, most)
        return faults + ["what is protected is not as it is reported"] * (not is_so)


def table_faults(result: Any, folder: Path) -> list[str]:
    """Look up what is used: there in the year, sure enough, and not avoided."""
    asked, known, few = result["question"], set[Any](), ("plants", "dead_ends")
    links, year = "observed contracted planned memorandum possible", int(asked["year"])
    shut = asked["avoid"].split(",") if asked["lens"] == "location" else []
    for path in (folder / name for name in ("nodes.csv", "edges.csv", "rules.csv")):
        text = path.read_text("utf-8-sig") if path.exists() or path.stem == "nodes" else ""
        for row in csv.DictReader(text.split("\n")):
            is_then = int(row.get("start_year") or 0) <= year <= int(row.get("end_year") or year)
            is_shut = row.get("country") in shut and row["stage"] != "nation"
            rank = links.index(row.get("standing", "observed"))
            if is_then and not is_shut and rank <= links.index(asked["links"]):
                link = (row.get("source"), row.get("target")), (row.get("form"), "id" in row)
                known |= {row["id"]} if "stage" in row else {*link}  # only rules have an id, too
    moved = [(row["tail"], row["head"], row["form"]) for row in result.get("flows", ())]
    ways = [link[:2] for link in moved] + [way["nodes"] for way in result.get("routes", ())]
    ways += [[r.get("node", r.get("plant", ":"))] for table in few for r in result.get(table, ())]
    lost = sorted({name for way in ways for name in way if ":" not in name} - known)
    faults = [f"no link {a} to {b}" for a, b, form in moved if not {(a, b), (form, True)} & known]
    return faults + [f"{name} is not there in {year}, or avoided" for name in lost]


class Arithmetic:
    """What follows from other figures of an answer, and which figures that leaves open.

    A figure stands at a place: the keys and numbers of rows that lead to it. `declared` has the
    rules of each kind of answer where the program says them, `tables` tells what its tables hold.
    """

    def __init__(self, result: Any, declared: Any = None, tables: Any = None) -> None:
        self.result, self.tables = result, tables
        self.faults, self.used, self.keys = list[str](), set[Place](), set[str]()
        options = result.get("provenance", {}).get("options", {})
        self.asked, self.folds = {**result.get("question", {}), **options}, dict[Any, Any]()
        self.certified = {SEEN, *self.proved()}
        self.rules, n_before = result.get("arithmetic", []), -1
        self.known = None if declared is None else declared(result.get("result"))
        other = ["others are declared, or were when it was written"] * (self.rules != self.known)
        self.forged = None if self.known is None else other
        names = [f"{table}.{key}".strip(".") for table, key, text in self.rules if text == NAMED]
        self.keys.update(names)
        rules = [
            (table, key, text, [ast.parse(part.strip(), mode="eval").body for part in ends])
            for table, key, text in self.rules
            if text != NAMED and (ends := text.split(";"))
        ]
        while n_before < len(self.certified):  # what follows lets other figures follow
            n_before = len(self.certified)
            self.faults = [fault for rule in rules for fault in self.check(*rule)]
        cells = list(self.cells(result, ()))
        self.n, self.open = len(cells), [cell for cell in cells if not self.is_certified(cell)]

    def __str__(self) -> str:
        """Say how many figures are certified, and which columns are open."""
        text = f"{self.n - len(self.open)} of {self.n} figures"
        columns = ", ".join(dict.fromkeys(map(column_of, self.open)))
        return f"{text}; open: {columns}" if columns else text

    def proved(self) -> Any:
        """Yield the places that proofs have; columns by which rows are known are no figures."""
        for proof in self.result.get("proof", ()):
            for spec in proof["figures"]:
                where, names = spec.get("where", {}), "".join(readings(spec))
                keys = {key for _, key, _, _ in FORMAT.parse(names) if key} | where.keys()
                self.keys |= {f"{spec['table']}.{key}".strip(".") for key in keys}
                for row in self.rows(spec["table"]) if spec["of"] or "rows" in spec else ():
                    if where.items() <= self.row(row).items():
                        yield self.place(spec["key"], row)
            for attack in proof.get("attacks", ()):
                keys = [attack[key] for key in ("value", "bound", "n") if key in attack]
                keys += ["bound"] * ("choices" in attack)
                yield from (self.place(key, ()) for key in keys)
                rows = self.rows(attack["costs"]) if "costs" in attack else ()
                yield from ((*row, "cost") for row in rows)

    def cells(self, part: Any, place: Place) -> Any:
        """Yield the place of every number of an answer."""
        if isinstance(part, (dict, list)):
            for key, value in part.items() if isinstance(part, dict) else enumerate(part):
                is_other = isinstance(value, dict) and "provenance" in value
                is_other |= (*place[:1], key) == ("conditions", "year")  # that of the question
                if not is_other and key not in BESIDE:
                    yield from self.cells(value, (*place, key))
        elif isinstance(part, (int, float)) and not isinstance(part, bool):
            yield from [place] * (column_of(place) not in self.keys)

    def is_certified(self, place: Place) -> bool:
        """Whether a figure, or what it is a part of, is certified, or names the row."""
        wholes = (place[: n + 1] for n in range(len(place)))
        return column_of(place) in self.keys or any(one in self.certified for one in wholes)

    def at(self, place: Place) -> Any:
        """Return what stands at a place; None where a part of it is not known."""
        part = self.result
        for step in place:
            part = part[step] if isinstance(part, list) else part and part.get(step)
        return part

    def rows(self, table: str) -> list[Place]:
        """Return the places of the rows of a table; it may lie in the rows of another."""
        places: list[Place] = [()]
        for step in filter(None, table.split(".")):
            inner = [(*place, step) for place in places]
            parts = [(place, self.at(place)) for place in inner]
            lists = [[place] if isinstance(p, dict) else self.inner(place) for place, p in parts]
            places = [one for several in lists for one in several]
            lists = [self.inner(one) if self.is_table(one) else [one] for one in places]
            places = [one for several in lists for one in several]
        return places

    def is_table(self, place: Place) -> bool:
        """Whether rows stand at a place."""
        return isinstance(rows := self.at(place), list) and any(isinstance(r, dict) for r in rows)

    def row(self, place: Place) -> dict[str, Any]:
        """Return a row with what the rows state in which it lies."""
        parts = [self.at(place[: n + 1]) for n in range(1, len(place))] or [self.at(place)]
        whole = dict[str, Any]()
        for part in parts:
            whole |= part if isinstance(part, dict) else {}
        return whole

    def inner(self, place: Place) -> list[Place]:
        """Return the places of the rows of a list."""
        return [(*place, n) for n in range(len(self.at(place) or ()))]

    def place(self, name: str, home: Place) -> Place:
        """Return the place of a name in a row, or in what the row lies in."""
        head, *steps = name.rstrip(".").split(".")  # here is the row itself, and answer all
        if head not in ("here", "answer"):
            steps = [head, *steps]
            while home and not (isinstance(row := self.at(home), dict) and head in row):
                home = home[:-1]
        home = home if head != "answer" else ()
        for step in steps:
            home = (*home, int(step) if isinstance(self.at(home), list) else step)
        return home

    def check(self, table: str, key: str, text: str, trees: Any) -> Any:
        """Yield the faults of a rule, and certify what follows from what is certified."""
        ranks = dict[Place, list[Any]]()
        for row in self.rows(table):
            ends = [self.worth(tree, row, key) for tree in trees if not key]  # of ranked rows
            ranks.setdefault(row[:-1], []).append([(end is None, end or 0) for end in ends])
            place = (*row, int(key) if isinstance(self.at(row), list) else key)
            figure = self.at(place) if key else None
            if not key or self.is_certified(place):
                continue
            self.used.clear()
            worth = self.worth(trees[0], row, key)
            if worth is None:
                continue
            if figure is None:
                yield f"{'.'.join(map(str, place))} is empty, not {text}, {worth}"
                continue
            near = SAME * abs(worth) + 1e-12 if isinstance(worth, float) else 0
            if not (abs(worth - figure) <= near if near else worth == figure):
                yield f"{'.'.join(map(str, place))} is {figure}, not {text}, {worth}"
            elif self.used and all(map(self.is_certified, self.used)):
                self.certified.add(place)
        order = any(several != sorted(several) for several in ranks.values())
        yield from [f"{table} is not in the order {text}"] * order

    def worth(self, node: Any, row: Place, key: str, of: Any = ()) -> Any:
        """Return what an expression is in a row; None where a figure of it is not known.

        `of` is a table and the place in it, where a fold is.
        """
        if isinstance(node, (ast.Constant, ast.List)):
            return ast.literal_eval(node)
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):  # a figure, or a part of it
            head, _, tail = (name := dotted(node)).partition(".")
            if head == "asked":  # in the question or the options, which are no figures
                self.used.add(SEEN)
                asked: Any = self.asked
                for step in (tail or key).split("."):
                    asked = asked and asked.get(step)
                return asked
            is_inner = of and f"{name}.".startswith(f"{of[0]}.")
            inside = f"here.{name[len(of[0]) + 1 :]}" if is_inner else ""
            place = self.place(inside or name, of[1] if inside else row)
            end = self.at(place)
            self.used |= set() if isinstance(end, (str, bool, dict, list)) else {place}
            return end
        inner = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
        if isinstance(node, ast.IfExp):
            return self.worth(inner[1 if self.worth(inner[0], row, key, of) else 2], row, key, of)
        if isinstance(node, ast.Call):
            name, ends = ast.unparse(node.func), self.parts(node, row, key, of)
            if name not in CALLS:  # of the tables of the graph
                return self.tables and self.tables(name, *ends)
            is_known = None not in ends and (ends or name in ("sum", "count"))
            return CALLS[name](ends) if is_known else None
        ends = [self.worth(part, row, key, of) for part in inner]
        sign = node.ops[0] if isinstance(node, ast.Compare) else node.op
        return None if None in ends else SIGNS[type(sign)](*ends)

    def parts(self, call: Any, row: Place, key: str, of: Any) -> list[Any]:
        """Return what a call is about: an expression in the rows of a table that fit, or figures.

        Rows fit that are alike in a column, or of which a comparison with the own row holds.
        """
        told = [dotted(part) for part in ast.walk(call.args[0]) if type(part) in NAMES]
        heads = [name[: dot.start()] for name in told for dot in re.finditer(r"\.|$", name)]
        heads = [head for head in heads if head.partition(".")[0] not in ("asked", "here", *of[:1])]
        lists = (head for head in heads if isinstance(self.at(self.place(head, row)), list))
        if not (table := next(lists, "")):
            return [self.worth(part, row, key, of) for part in call.args]
        fits = [fit if type(fit) in NAMES else fit.left for fit in call.args[1:]]
        rights = [getattr(fit, "comparators", [fit])[0] for fit in call.args[1:]]
        ends = [self.worth(right, row, key) for right in rights]
        is_own = all(name.startswith(table) for name in told if f"{name}." not in f"{table}.")
        known = (id(call), self.place(table, row), row * (not is_own), repr(ends))
        if known not in self.folds:
            before, self.used, parts = self.used, {SEEN}, list[Any]()
            for other in self.inner(known[1]):
                here = table, other
                own = [self.worth(fit, other, key) for fit in fits]
                signs = [SIGNS[type(getattr(fit, "ops", [ast.Eq()])[0])] for fit in call.args[1:]]
                if None in own:
                    parts.append(None)
                elif all(sign(*both) for sign, *both in zip(signs, own, ends, strict=True)):
                    parts.append(self.worth(call.args[0], row, key, here))
            self.folds[known], self.used = (parts, self.used), before
        parts, used = self.folds[known]
        self.used |= used
        return list(parts)


def origin_faults(result: Any) -> Any:
    """Yield where the question, options or tables that an answer states are not of its proof."""
    told, question = result["provenance"], result.get("question", {})
    options = told.get("options", {})
    for key in (question.keys() & options.keys()) - {"elements"}:  # of several, some are told
        if options[key] != question[key]:
            yield f"{key} is {question[key]} in the question and {options[key]} where it comes from"
    for proof in result.get("proof", ()):
        for key, end in proof.get("of", {}).items():
            own = outline(result) if key == "outline" else told.get(key)
            yield from [f"its proof is of another {key}"] * (end != own)


def outline(result: Any) -> str:
    """Return a digest of all but amounts: names, years, units, which rows there are, and how many.

    No program proves these. The digest shows that they were changed; who forges them can make it.
    """
    named = {key for _, key, text in result.get("arithmetic", ()) if text == NAMED}

    def without_figures(part: Any) -> Any:
        if isinstance(part, dict):
            own = {k: str(v) if k in named else v for k, v in part.items()}
            return {str(k): without_figures(v) for k, v in own.items() if k not in BESIDE}
        if isinstance(part, (list, tuple)):
            return list(map(without_figures, part))
        part = part.item() if hasattr(part, "item") else part  # of an array
        is_text = part is None or isinstance(part, (str, int))
        return part if is_text else 0.0 if math.isfinite(part) else None

    text = json.dumps(without_figures(result), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def twice(part: Any, path: str = "") -> Any:
    """Yield the tables of an answer that state a row twice."""
    pairs: Any = part.items() if isinstance(part, dict) else ()
    pairs = enumerate(part) if isinstance(part, list) else pairs
    for key, value in pairs:
        if key not in BESIDE:
            yield from twice(value, f"{path}.{key}".strip("."))
    if isinstance(part, list) and part and isinstance(part[0], dict):
        n_rows = Counter(json.dumps(row, sort_keys=True) for row in part)
        yield from [f"{path} states a row twice"] * (max(n_rows.values()) > 1)


def checks(result: Any, folder: Path | None, sums: Arithmetic) -> Any:
    """Yield what is checked of a result, and its faults; None: it is not checked."""
    programs: dict[str, Program] = {}
    faults = [*origin_faults(result), *twice(result)]
    if faults or result.get("proof"):
        yield "question, tables and rows are those of the proof, each once", faults
    for proof in result.get("proof", ()):
        mine, faults, columns = list[Program](), list[str](), dict[Any, list[Any]]()
        for told in proof["programs"]:
            faults += ["another has its name"] * (told["name"] in programs)
            mine.append(programs.setdefault(told["name"], Program(proof, told, programs)))
            faults += [f"{told['name']}: {fault}" for fault in mine[-1].faults()]
        n, duals = sum(len(one.rows) for one in mine), sum("duals" in one.told for one in mine)
        how = f"{n} rows {'to 1e-7' if any(one.row for one in mine) else 'exactly'}"
        yield f"{len(mine)} points keep to {how}; none is better than {duals}", faults
        for spec in proof["figures"]:
            columns.setdefault((spec["table"], spec["key"]), []).append(spec)
        faults, bare = [], 0
        for (table, key), specs in columns.items():  # all of it is proved, open, or nothing
            rows, proved = {place: sums.row(place) for place in sums.rows(table)}, set[Place]()
            faults += [f"no table {table}"] * (table.partition(".")[0] not in (*result, ""))
            for spec in specs:
                where = spec.get("where", {}).items()
                fit = {place: row for place, row in rows.items() if where <= row.items()}
                proved |= fit.keys()
                bare += len(fit) * (not spec["of"] and "rows" not in spec)
                several = list(fit.values())
                if "is_whole" in spec:
                    several = [{key: sum(row[key] for row in several)}]
                faults += [f"{table} lacks rows"] * (len(several) < spec.get("n", "where" in spec))
                lines = unpack(spec["lines"]) if "lines" in spec else ()  # one a row
                told = [{**spec, "line": line} for line in lines] or [spec] * len(several)
                each = zip(told, several, strict=True)
                faults += [one for says, row in each for one in figure_faults(programs, says, row)]
            rest, spec = rows.keys() - proved, {"key": key, "open": 0}
            faults += [one for n in rest for one in figure_faults(programs, spec, rows[n])]
        what = f"figures of {len(columns)} columns are those of the points, {bare} left open"
        yield what, faults if columns else None
        for one in (Attack(sums, proof, told, programs) for told in proof.get("attacks", ())):
            yield f"{one.told['value']}: what removals leave, and none less", one.checks()
        yield from ((what, None) for what in proof["open"])
    if sums.rules:
        yield f"{len(sums.rules)} columns follow from others as is stated", sums.faults
    if sums.rules or (sums.forged and result.get("proof")):
        how = "as it stands in the file" if sums.known is None else "as the program declares it"
        yield f"the arithmetic is taken {how}", sums.forged
    if not result.get("proof"):
        yield "it carries no proof", None
    elif folder is not None and result.get("question", {}).get("scenarios"):
        yield "its tables: scenarios changed them", None
    elif folder is not None and "question" in result:
        yield "tables: what is used counts; not limits, yields, needs", table_faults(result, folder)


def parts_of(data: Any) -> Any:
    """Yield the answers in a document: what has an origin."""
    if isinstance(data, dict) and "provenance" in data:
        yield data
    inner = data.values() if isinstance(data, dict) else data
    for part in inner if isinstance(data, (dict, list)) else ():
        yield from parts_of(part)


def verify(
    data: Any,
    folder: Path | None = None,
    where: str = "",
    sums: list[Arithmetic] | None = None,
    declared: Any = None,
    tables: Any = None,
) -> list[tuple[str, str]]:
    """Return what holds of the results in a document, what FAILS, and what is not checked.

    `sums` gets the figures of every result that can be read; `declared` returns the rules of
    columns of a kind of answer, as the program declares them; `tables` returns for an answer what
    looks figures up in the tables of its graph.
    """
    told: list[tuple[str, str]] = []
    sums = [] if sums is None else sums
    inner: Any = dict(enumerate(data)) if isinstance(data, list) else {}
    if isinstance(data, dict):
        inner, name = {**data, "": None}, f"{where or 'result'} ({data.get('result', 'answer')})"
        try:
            head = inner.pop("headline", ())  # of lists and pages too; ends are reported elsewhere
            for key in {*head} - {"name", "of", "unit", "read_off"} if "value" in head else ():
                end = reduce(lambda at, step: at[step], head["read_off"][key] or [""], inner)
                if head[key] != (len(end) if isinstance(end, list) else end):
                    told.append(("FAILS", f"{name}: headline: {key} is {head[key]}, not {end}"))
            if "provenance" in data:
                sums.append(Arithmetic(data, declared, tables and tables(data)))
                for what, faults in checks(data, folder, sums[-1]):
                    word = "not checked" if faults is None else "FAILS" if faults else "holds"
                    told.append((word, "; ".join([f"{name}: {what}", *(faults or ())[:3]])))
                if data.get("proof"):
                    told.append(("certified", f"{name}: {sums[-1]}"))
        except Exception as error:  # forged proofs may break anything
            told.append(("FAILS", f"{name}: the proof cannot be read: {error!r}"))
    for key, part in inner.items():
        told += verify(part, folder, f"{where}.{key}".lstrip("."), sums, declared, tables)
    return told


def read(path: Path) -> Any:
    """Return the content of a result or report."""
    page = (raw := path.read_bytes()).partition(b'json.gz" href="data:')[2].partition(b",")[2]
    raw = base64.b64decode(page.partition(b'"')[0]) if page else raw
    return json.loads(zlib.decompress(raw, 31) if raw[:2] == b"\x1f\x8b" else raw)


def of_schema(folder: Path, kind: str) -> Any:
    """Return the arithmetic that the schema of a kind of answer has."""
    schema = json.loads((folder / f"{Path(kind).name}.json").read_text("utf-8"))
    return schema["properties"].get("arithmetic", {"const": []})["const"]


def main(words: list[str]) -> int:
    """Check a file; print what was seen."""
    try:
        options: dict[str, Any] = {"--graph": None, "--schemas": None}
        options |= zip(words[1::2], map(Path, words[2::2]), strict=True)
        folder, schemas = options.values()
        declared = partial(of_schema, schemas) if schemas else None
        told = verify(read(Path(words[0])), folder, declared=declared)
    except (OSError, ValueError, LookupError, zlib.error) as error:
        print(f"{__doc__}\ncannot be read: {error}", file=sys.stderr)
        return 2
    print("\n".join(f"{word:<12} {what}" for word, what in told) or "no result in it")
    seen = {word for word, _ in told}
    return int(not {"holds"} <= seen <= {"holds", "not checked", "certified"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
