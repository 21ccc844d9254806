"""Points of programs, duals that bound them, figures read off them, and the worst removals."""

import base64
import math
import struct
import zlib
from collections import Counter
from fractions import Fraction
from functools import cache
from statistics import fmean, quantiles
from typing import Any

ROW, SAME = 1e-7, 1e-6  # what rows may be off, of amounts that meet there, and figures, of theirs
FOLDS: dict[str, Any] = {"min": min, "max": max, "sum": sum, "mean": fmean, "count": len}
FOLDS |= {"change": lambda e: e[-1] - e[0], "squares": lambda e: sum(end * end for end in e)}
FOLDS["worst_tenth"] = lambda ends: fmean(sorted(ends)[: max(1, round(0.1 * len(ends)))])
FOLDS |= {f"p{n}": lambda e, n=n: quantiles(e, n=100, method="inclusive")[n - 1] for n in range(99)}


@cache
def unpacked(text: str) -> tuple[Any, ...]:
    """Return the numbers or names that a packed text holds: so has them who has just solved."""
    raw = zlib.decompress(base64.b64decode(text[2:], validate=True))
    if text[0] == "s":
        return tuple(raw.decode().split("\n")) if raw else ()
    return struct.unpack(f"<{len(raw) // 8}{'q' if text[0] == 'i' else 'd'}", raw)


def unpack(part: Any, is_exact: bool = False) -> tuple[Any, ...]:
    """Return numbers or names, listed or packed; exact are decimals as written."""
    told = unpacked(part) if isinstance(part, str) else part
    if isinstance(told, list):
        told = tuple(math.inf if n is None else n for n in told)
    return tuple(Fraction(str(n)) if math.isfinite(n) else n for n in told) if is_exact else told


def rest_of(terms: list[Any], row: float) -> Any:
    """Return a sum; 0 where it is no more than what rounding the largest of its terms can leave."""
    rest = math.fsum(terms) if row else sum(terms)
    return 0 if row and abs(rest) <= 2**-53 * max(map(abs, terms)) else rest


def whole(programs: Any, told: Any) -> Any:
    """Return a program with what it has of others that are reported before it."""
    before = math.inf
    while told.get("like", math.inf) < before:
        before = told["like"]
        told = {**programs[before], **{key: end for key, end in told.items() if key != "like"}}
    return told


class Program:
    """Rows and variables between two limits, a point, and mostly duals: no point is better."""

    def __init__(self, proof: Any, told: Any, programs: Any, gone: Any = ()) -> None:
        told = whole(proof.get("outer", proof["programs"]), told)
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
        means = self.rows[: self.told.get("means", -1)] if "of" in self.told else ()
        for _, part in means:  # of all that is marked, all
            faults += ["no mean"] * (not abs(sum(part)) <= ROW * max(map(abs, part), default=0))
        if "duals" not in self.told:
            return faults
        sign, duals = 1 if self.told["is_largest"] else -1, unpack(self.told["duals"], not self.row)
        parts = [[sign * value] for value in self.c]
        for (columns, values), dual in zip(self.rows, duals, strict=True):
            for column, value in zip(columns, values, strict=True) if dual else ():
                parts[column].append(-dual * value)
        units = [*duals, *(rest_of(part, self.row) for part in parts)]  # what one more is worth
        pairs = zip(units, self.ends, strict=True)
        most = [unit * ends[unit > 0] for unit, ends in pairs if unit]
        rest = (math.fsum if self.row else sum)([-sign * self.worth, *most])
        could = self.largest * max(map(abs, self.c), default=0)
        room = 3 * self.row * max(abs(self.worth), 1e-3 * self.size, 1e-5 * could)
        return faults + [f"others may be better by {float(rest):g}"] * (not rest <= room)


def figure_faults(programs: dict[str, Program], spec: Any, row: Any) -> list[str]:
    """Check what a row states: tonnes by name or an objective, over others, or the end of some."""
    ends, room, (key, _, at) = list[Any](), spec.get("room", 0), spec["key"].partition(".")
    figure = (
        row[key] if not at else row[key][int(at)] if type(row[key]) is list else row[key].get(at)
    )
    keys = ("of", "sum", "over", "limits")
    named = [[name.format(**row) for name in spec.get(key, ())] for key in keys]
    for program in map(programs.__getitem__, named[0]):
        top, over = ([program.amounts[name] for name in names] for names in named[1:3])
        top += [program.limits[name] for name in named[3]]
        worth, size = (sum(top), max(program.x)) if top else (program.worth, program.size)
        size *= "duals" in program.told or not figure  # what is shown is stated, but for dust
        unit = spec.get("times", 1) / (sum(over) or 1)
        ends += [unit * one for one in (top or program.x)] if "is_each" in spec else [unit * worth]
        room = max(room, ROW * unit * size)
    if "line" in spec:  # how far a row is used, its limit, or what one more of some is worth
        lines = spec["line"] if isinstance(spec["line"], list) else [spec["line"]]
        met = [v * program.x[n] for line in lines for n, v in zip(*program.rows[line], strict=True)]
        ends = [program.ends[lines[0]][1]] if "is_limit" in spec else met
        if "is_dual" in spec:
            duals, room = unpack(program.told["duals"]), spec.get("room", 0)
            ends = [spec.get("times", 1) * duals[line] for line in lines]
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
    least = spec.get("open", math.inf if ends else -math.inf)  # what is open may have no figure
    is_so = amount >= least if figure is None else abs(figure * per - amount) <= near
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
        home = self.sums.at(self.sums.place(self.told["bound"], ())[:-1])  # a row, or the answer
        is_so = not home.get("is_proved") or abs(value - bound) <= self.room
        faults += ["the bound is not that of the value"] * (not is_so)
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
