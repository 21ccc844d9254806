#!/usr/bin/env python3
"""Check the proofs in a result of supplynet with nothing but Python: no package, no solver.

python verify.py RESULT.json [--graph FOLDER]      (also .json.gz, and the .html of a report)

All proofs have one form: points of programs whose rows are given, duals that bound the best
objective once every variable has a limit, and which figures are read off which point. Worst
removals have the parts of their search beside, each with a point that does without what is removed
there; draws have their values. With --graph, what is used is looked up in the tables. What has no
proof is told. Exit code: 0 all holds, 1 something fails, 2 cannot be read.
"""

# fmt: off
import base64, csv, gzip, io, json, math, re, struct, sys, zlib  # noqa: E401, I001
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROW = 1e-7  # what rows and bounds may be off, of the amounts that meet in them
SAME = 1e-6  # what a figure may be off from what is proved, of its size
LINKS = ("observed", "contracted", "planned", "plausible")
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, zlib.error)
OF_DRAWS = ("scenario", "nation", "product", "element", "subject", "year")
Told = list[tuple[str, str]]  # "holds", "FAILS" or "not checked", and what

@cache
def unpack(text: str) -> tuple[Any, ...]:
    """Return the numbers or names that a packed text holds."""
    kind, raw = text[0], zlib.decompress(base64.b64decode(text[2:], validate=True))
    if kind == "s":
        return tuple(raw.decode().split("\n")) if raw else ()
    return tuple(one for (one,) in struct.iter_unpack("<q" if kind == "i" else "<d", raw))

def dot(first: Iterable[float], second: Iterable[float]) -> float:
    """Return the sum of the products of two lists."""
    return math.fsum(a * b for a, b in zip(first, second, strict=True))

def say(told: Told, what: str, faults: Sequence[str]) -> None:
    """Tell whether something holds, by the faults that were seen."""
    more = [f"and {len(faults) - 3} more"] * (len(faults) > 3)
    told.append(("FAILS" if faults else "holds", "; ".join([what, *faults[:3], *more])))

class Program:
    """Rows and bounds, a point that keeps to them, and mostly duals: no point is better."""

    def __init__(self, proof: Any, told: Any) -> None:
        if "like" in told:  # what is not told is that of another one
            told = {**proof["programs"][told["like"]], **told}
        self.told, arrays = told, (unpack(told[key]) for key in ("x", "c", "lower", "upper"))
        self.x, self.c, self.lower, self.upper = arrays
        self.rows: list[Any] = []  # columns, values, right side, whether it is an equation
        for kind in ("ub", "eq"):
            lines: list[Any] = []
            for block in (proof["matrices"][number] for number in told[kind]["rows"]):
                starts, columns, values = map(unpack, block)
                pairs = zip(starts, starts[1:], strict=False)
                lines += [(columns[a:b], values[a:b]) for a, b in pairs]
            sides = zip(lines, unpack(told[kind]["sides"]), strict=True)
            self.rows += [(*line, side, kind == "eq") for line, side in sides]
        self.worth, self.size = dot(self.c, self.x), dot(map(abs, self.c), map(abs, self.x))
        self.largest = max(map(abs, self.x), default=0.0)
        self.amounts: dict[str, float] = {}
        for name, amount in zip(unpack(proof["names"][told["names"]]), self.x, strict=True):
            self.amounts[name] = self.amounts.get(name, 0.0) + max(0.0, amount)

    def broken(self, x: Sequence[float], least: float = 0.0) -> list[str]:
        """Return the rows and bounds that a point breaks, against the amounts that meet there."""
        if not all(map(math.isfinite, x)):
            return ["it has what is no number"]
        faults, largest = [], max(map(abs, x), default=0.0)
        for number, (columns, values, side, is_equal) in enumerate(self.rows):
            terms = [value * x[column] for column, value in zip(columns, values, strict=True)]
            off, dust = math.fsum(terms) - side, 1e-5 * largest * max(map(abs, values), default=0.0)
            size = max(abs(side), least, dust, *map(abs, terms)) if terms else 0.0
            if not (abs(off) if is_equal else off) <= ROW * size:
                faults.append(f"row {number} is off by {off:g}")
        room = ROW * max(largest, least)
        return faults + [f"{value:g} is beyond its bounds" for value, low, high
                         in zip(x, self.lower, self.upper, strict=True)
                         if not low - room <= value <= high + room]

    def better(self) -> list[str]:
        """Return why another point could be better: what the duals leave beyond the objective."""
        sign, told = 1.0 if self.told["is_largest"] else -1.0, self.told["objective"]
        faults = [] if abs(self.worth - told) <= 1e-8 * self.size else ["the objective is another"]
        parts, worth = [[sign * value] for value in self.c], []
        for row, given in zip(self.rows, unpack(self.told["duals"]), strict=True):
            columns, values, side, is_equal = row
            dual = sign * given if is_equal else max(0.0, sign * given)
            worth.append(dual * side)
            for column, value in zip(columns, values, strict=True) if dual else ():
                parts[column].append(-dual * value)
        rest = list(map(math.fsum, parts))  # what a unit more of each variable would bring
        is_open = any(a > 0 and b == math.inf for a, b in zip(rest, self.upper, strict=True))
        ends = zip(rest, self.lower, self.limits() if is_open else self.upper, strict=True)
        worth += [one * (high if one > 0 else low) for one, low, high in ends if one]
        could = dot(map(abs, self.c), (abs(b) if b < math.inf else 0.0 for b in self.upper))
        above = math.fsum(worth) - sign * told - 1e-12 * could  # rounding
        if not above <= 2 * ROW * max(abs(told), 1e-3 * self.size, 1e-6 * self.largest):
            faults.append(f"the duals leave {above:g} beyond {told:g}")
        return faults

    def limits(self) -> list[float]:
        """Return the most that rows and bounds let each variable be, as far as they do."""
        upper, before = list(self.upper), -1
        signed = [(1.0, *row) for row in self.rows] + [(-1.0, *row) for row in self.rows if row[3]]
        while upper.count(math.inf) != before:
            before = upper.count(math.inf)
            for sign, columns, values, side, _ in signed:
                least = [sign * v * (self.lower[n] if sign * v > 0 else upper[n]) if v else 0.0
                         for n, v in zip(columns, values, strict=True)]
                rest = sign * side - math.fsum(least) if -math.inf not in least else -math.inf
                for n, v, own in zip(columns, values, least, strict=True):
                    if sign * v > 0 and upper[n] == math.inf and rest > -math.inf:
                        upper[n] = max(self.lower[n], (rest + own) / (sign * v))
        return upper

def check_programs(told: Told, result: Any, proof: Any) -> dict[str, Program]:
    """Check points and duals of all programs, then the figures that are read off them."""
    programs = {one["name"]: Program(proof, one) for one in proof["programs"]}
    best = [name for name, program in programs.items() if "duals" in program.told]
    faults = ["two programs have one name"] * (len(programs) < len(proof["programs"]))
    for name, program in programs.items():
        broken = program.broken(program.x) + (program.better() if name in best else [])
        faults += [f"{name}: {fault}" for fault in broken]
    if programs:
        n_rows = sum(len(program.rows) for program in programs.values())
        say(told, f"{len(programs)} points keep to {n_rows} balances and limits; none is better "
                  f"than {len(best)} of them", faults)
    seen, faults = set(), []
    for spec in proof["figures"]:
        rows = result[spec["table"]] if spec["table"] else [result]
        for number, row in enumerate(rows):
            if all(row.get(name) == value for name, value in spec.get("where", {}).items()):
                seen.add((spec["table"], spec["key"], number))
                faults += figure_faults(programs, spec, row)
    for table, key in {(spec["table"], spec["key"]) for spec in proof["figures"] if spec["table"]}:
        rows = {number for number, row in enumerate(result[table]) if row[key]}
        if rows - {number for *names, number in seen if names == [table, key]}:
            faults.append(f"a figure {key} of {table} stands for nothing that is proved")
    if proof["figures"]:
        say(told, f"{len(seen)} figures are those of the points", faults)
    told += [("not checked", what) for what in proof["open"]]
    return programs

def figure_faults(programs: dict[str, Program], spec: Any, row: Any) -> list[str]:
    """Check what a row tells: tonnes by name or an objective, over others, or the end of some."""
    ends, room = [], spec.get("room", 0.0)
    for program in (programs[name.format(**row)] for name in spec["of"]):
        top, over = ([program.amounts.get(name.format(**row), 0.0) for name in spec.get(key, ())]
                     for key in ("sum", "over"))
        unit = spec.get("times", 1.0) / (sum(over) if over else 1.0)
        ends.append(unit * (sum(top) if top else program.worth))
        room = max(room, ROW * unit * (program.largest if top else program.size))
    how = spec.get("end", "sum")
    amount = min(ends) if how == "min" else max(ends) if how == "max" else sum(ends)
    figure, most = row[spec["key"]], row.get(spec.get("most"))
    amount = amount if most is None else min(amount, most)
    if figure is None:  # what JSON cannot say: without end
        return [] if amount >= spec["open"] else [f"{spec['key']} is told to have no end"]
    figure *= row[spec["per"]] if "per" in spec else 1.0
    is_so = abs(figure - amount) <= room + SAME * abs(amount)
    return [] if is_so else [f"{spec['key']} {figure} is told, and {amount:g} proved"]

class Attack:
    """A program, elements of which some can be removed, and the parts of a search for the worst."""

    def __init__(self, told: Any, result: Any, programs: dict[str, Program]) -> None:
        self.told, self.programs, self.base = told, programs, programs[told["base"]]
        self.ids, self.cost = unpack(told["ids"]), unpack(told["cost"])
        self.sets, self.whole = [set(unpack(one)) for one in told["sets"]], abs(self.base.worth)
        self.budget, self.room = result[told["budget"]] * (1 + 1e-9), SAME * self.whole
        # whether it sends a flow: what enters a row leaves it, and is counted at most once
        ends = [[c, 0.0] if c in (0, 1) else [2.0, 0.0] for c in self.base.c]
        for columns, values in (row[:2] for row in self.base.rows if row[3]):
            for column, value in zip(columns, values, strict=True):
                ends[column][value > 0] += 1 if abs(value) == 1 else 2
        self.is_flow = all(max(pair) <= 1 for pair in ends)

    def faults(self, one: Any, low: float, high: float) -> list[str]:
        """Check what a removal costs and leaves: the program in which all of it is held at 0."""
        program, base = self.programs[one["program"]], self.base
        gone = {n for e in one["elements"] for n in self.sets[e]}
        upper = tuple(0.0 if n in gone else most for n, most in enumerate(base.upper))
        is_so = (program.rows, program.c, program.upper) == (base.rows, base.c, upper)
        is_so = is_so and program.told["is_largest"] and "duals" in program.told
        is_so = is_so and sum(self.cost[e] for e in one["elements"]) <= self.budget
        is_so = is_so and low - self.room <= program.worth <= high + self.room
        return [] if is_so else [f"a removal is not as told, or leaves {program.worth:g}"]

    def left(self, leaf: Any) -> float:
        """Return what any removal in a part leaves: its point's worth less what can be taken."""
        x, fixed = unpack(leaf["x"]), dict(leaf["decisions"])
        gone = [e for e, is_gone in fixed.items() if is_gone]
        if self.base.broken(x, self.whole) or any(x[n] for e in gone for n in self.sets[e]):
            return -math.inf
        left, value = self.budget - sum(self.cost[e] for e in gone), dot(self.base.c, x)
        used = {e: sum(x[n] for n in some) for e, some in enumerate(self.sets)
                if e not in fixed and self.cost[e] <= left}
        if not self.is_flow:  # only what a point does without costs it nothing
            return -math.inf if any(used.values()) else value
        for e in sorted(used, key=lambda e: -used[e] / self.cost[e]):
            part = min(1.0, max(0.0, left / self.cost[e]))  # the last in part: at least as much
            value, left = value - part * used[e], left - part * self.cost[e]
        step, limits = self.told["step"], [*self.base.upper, *(row[2] for row in self.base.rows)]
        if step > 0 and all(abs(a / step - round(a / step)) <= SAME for a in limits
                            if 0 < a <= self.whole):
            value = step * math.ceil(value / step - 1 / 64)  # flows are multiples as limits are
        return max(0.0, value)

def check_attack(told: Told, result: Any, given: Any, attack: Attack) -> None:
    """Worst removals: programs lack what is removed, and no part of the search leaves less."""
    value, bound, rows = (result[given[key]] for key in ("value", "bound", "told"))
    if rows and not isinstance(rows[0], list):
        rows = [[row if isinstance(row, str) else row["id"] for row in rows]]
    named = [[attack.ids[e] for e in one["elements"]] for one in given["removed"]]
    faults = [fault for one in given["removed"] for fault in attack.faults(one, value, value)]
    if sorted(map(sorted, named)) != sorted(map(sorted, rows or [[]])):
        faults.append("the removals that are told are not those that are proved")
    say(told, f"{given['value']}: what each removal leaves", faults)
    left = min(map(attack.left, given["leaves"]), default=-math.inf)
    if not covers([leaf["decisions"] for leaf in given["leaves"]], 0, attack.cost, attack.budget):
        left = -math.inf
    is_so = left >= bound - attack.room and bound <= value + attack.room
    faults = [] if is_so else [f"the parts prove {left:g}, not {bound:g}"]
    say(told, f"{given['bound']}: no removal within the budget leaves less", faults)

def covers(ways: list[Any], depth: int, cost: Sequence[float], left: float) -> bool:
    """Whether parts of a search are all choices that a budget allows."""
    if len(ways) == 1 and len(ways[0]) == depth:
        return True
    if len({way[depth][0] if len(way) > depth else None for way in ways}) != 1:
        return False
    gone, kept = ([way for way in ways if bool(way[depth][1]) is one] for one in (True, False))
    rest = left - cost[ways[0][depth][0]]
    is_gone = covers(gone, depth + 1, cost, rest) if gone else rest < 0
    return is_gone and covers(kept, depth + 1, cost, left)

def check_defense(told: Told, result: Any, proof: Any, attack: Attack, after: Attack) -> None:
    """What to protect: every choice leaves a removal open after which no more than that is left."""
    size, choices, most = result["k_defend"], proof["choices"], result["bound"]
    safe = [one for one, a, b in zip(attack.ids, attack.cost, after.cost, strict=True) if a != b]
    is_so = sorted(safe) == sorted(row["id"] for row in result["protected"]) and len(safe) <= size
    is_so = is_so and abs(most - result["value"]) <= attack.room
    is_all = covers([leaf["decisions"] for leaf in choices], 0, [1.0] * len(attack.ids), size)
    faults = [] if is_so and (is_all or most >= attack.whole) else ["it is not all choices"]
    for leaf in choices:
        fixed, removed = dict(leaf["decisions"]), set(leaf["elements"])
        is_free = sum(fixed.values()) < size and not removed <= set(fixed)
        if is_free or any(fixed.get(e) for e in removed):
            faults.append("a choice can stop the removal that is to show its limit")
        faults += attack.faults(leaf, -math.inf, most)
    say(told, "bound: no choice of as many keeps more", faults)

def check_draws(told: Told, result: Any, proof: Any) -> None:
    """Draws: means, quantiles and chances are those of the values."""
    faults, of_row = [], {}
    for row, packed in zip(result["figures"], proof["values"], strict=True):
        values = sorted(unpack(packed))
        n, worst = len(values), values[: max(1, round(0.1 * len(values)))]
        whole = {"mean": math.fsum(values) / n, "worst_tenth": math.fsum(worst) / len(worst)}
        for key in ("p5", "p10", "p50", "p90", "p95"):
            at, part = divmod((n - 1) * int(key[1:]) / 100, 1)
            whole[key] = values[int(at)] * (1 - part) + values[min(int(at) + 1, n - 1)] * part
        room = SAME * max(map(abs, values)) if n == result["n_draws"] else -1.0
        faults += [f"{key} of {row['figure']} is {row[key]}, of {n} values {figure:g}"
                   for key, figure in whole.items() if not abs(row[key] - figure) <= room]
        if row["figure"] == "coverage":
            of_row[tuple(row[key] for key in OF_DRAWS)] = values
    for row in result["chances"]:
        values = of_row[tuple(row[key] for key in OF_DRAWS)]
        least = row["least"] - 1e-9 * max(1.0, abs(row["least"]))
        share = sum(value >= least for value in values) / len(values)
        faults += [] if abs(row["chance"] - share) <= SAME else [f"a chance is {share:g}"]
    say(told, f"{len(result['figures'])} figures are those of {result['n_draws']} values", faults)

def check_tables(told: Told, result: Any, folder: Path) -> None:
    """Look up what is used: there in the year, sure enough, and not avoided."""
    asked, tables = result["question"], {}
    year, counted = int(asked["year"]), LINKS[: LINKS.index(asked["links"]) + 1]
    for name in ("nodes", "edges", "rules"):
        path = folder / f"{name}.csv"
        text = path.read_text("utf-8-sig") if path.exists() or name == "nodes" else ""
        every = csv.DictReader(io.StringIO(text, newline=""))
        tables[name] = [row for row in every if int(row.get("start_year") or 0) <= year
                        <= int(row.get("end_year") or year)]
    shut = set(re.findall(r"(?:^|,)([A-Z]{3})(?=,|$)", asked["avoid"]))
    on = [row for row in tables["edges"] + tables["rules"] if row["standing"] in counted]
    nodes = {row["id"]: row for row in tables["nodes"]}
    named = {(row["source"], row["target"]) for row in on}
    forms = {row["form"] for row in on if "id" in row}  # corridors of many ends
    moved = [(row["tail"], row["head"], row["form"]) for row in result.get("flows", ())]
    used = {end for row in moved for end in row[:2]}
    used |= {node for way in result.get("routes", ()) for node in way["nodes"]}
    used |= {row["node"] for row in result.get("plants", ()) if "node" in row}
    faults = [f"no link or corridor for {form} from {tail} to {head}" for tail, head, form in moved
              if (tail, head) not in named and form not in forms]
    for name in (one for one in used if ":" not in one):
        row = nodes.get(name)
        if row is None:
            faults.append(f"{name} is not in nodes.csv, or not in {year}")
        elif asked["lens"] == "location" and row["country"] in shut and row["stage"] != "nation":
            faults.append(f"{name} is in {row['country']}, which is avoided")
    say(told, f"tables: {len(used)} plants and {len(moved)} links are there and count", faults)
    told.append(("not checked", "capacities, yields and demands, in tonnes that arrive"))

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

def verify(data: Any, folder: Path | None = None) -> Told:
    """Return what holds of the results in a document, what fails, and what is not checked."""
    told: Told = []
    for where, result in results_in(data):
        mine = Told()
        try:
            for proof in result.get("proof", ()):
                programs, given = check_programs(mine, result, proof), proof.get("attacks", ())
                attacks = [Attack(one, result, programs) for one in given]
                for one, attack in zip(given, attacks, strict=True):
                    check_attack(mine, result, one, attack)
                if "choices" in proof:
                    check_defense(mine, result, proof, *attacks)
                if "values" in proof:
                    check_draws(mine, result, proof)
            if mine and folder is not None and "question" in result:
                if result["question"].get("scenarios"):
                    mine.append(("not checked", "its tables: scenarios changed them"))
                else:
                    check_tables(mine, result, folder)
        except UNREADABLE as error:
            mine.append(("FAILS", f"the proof cannot be read: {error!r}"))
        mine = mine or [("not checked", "it carries no proof")]
        name = f"{where} ({result.get('result', 'answer')})"
        told += [(word, f"{name}: {what}") for word, what in mine]
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
