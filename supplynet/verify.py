#!/usr/bin/env python3
"""Check the proofs in a result of supplynet with nothing but Python: no package, no solver.

python verify.py RESULT.json [--graph FOLDER]      (also .json.gz, and the .html of a report)

Flows and cuts are checked in exact fractions, linear programs by their duals, which bound the best
objective once every variable has a limit, a worst removal by the log of its search, shares of a
supply by mixing its tonnes anew. With --graph, what is used is looked up in the tables. What has no
proof is told. Exit code: 0 all holds, 1 something fails, 2 cannot be read.
"""

# fmt: off
import base64, csv, gzip, io, json, math, re, struct, sys, zlib  # noqa: E401, I001
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

ROW = 1e-7  # what rows and bounds may be off, of the amounts that meet in them
GAP = 1e-8  # what a value may be off from its bound, of its size
NETWORK, ELEMENTS = ("tail", "head", "capacity", "node_capacity"), ("arc_element", "node_element")
LINKS = ("observed", "contracted", "planned", "plausible")
Told = list[tuple[str, str]]  # "holds", "FAILS" or "not checked", and what
Row = tuple[list[int], list[float]]  # columns and values

def unpack(text: str) -> list[Any]:
    """Return the numbers or names that a packed text holds."""
    kind, raw = text[0], zlib.decompress(base64.b64decode(text[2:], validate=True))
    if kind == "s":
        return raw.decode().split("\n") if raw else []
    return [one for (one,) in struct.iter_unpack("<q" if kind == "i" else "<d", raw)]

def close(first: Any, second: Any, size: float = 0.0) -> bool:
    """Whether two figures are the same to 1e-8 of their size, or of a given one."""
    return bool(abs(first - second) <= GAP * max(abs(first), abs(second), size))

def say(told: Told, what: str, faults: Sequence[str]) -> None:
    """Tell whether something holds, by the faults that were seen."""
    more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
    seen = ": " * bool(faults) + "; ".join(faults[:3]) + more
    told.append(("FAILS" if faults else "holds", what + seen))

def at_most(most: float) -> Any:
    """Return a capacity as the number that it is, or the decimal that it is written as."""
    return max(Fraction(most), Fraction(repr(most))) if most < math.inf else most

def flow_faults(proof: Any, flow: Any, lost: Sequence[int] = ()) -> list[str]:
    """Check a flow and its cut in exact fractions, some elements removed."""
    tail, head, *limits = (unpack(proof[key]) for key in NETWORK)
    if lost:
        owners = (unpack(proof[key]) for key in ELEMENTS)
        limits = [[0.0 if one in lost else most for one, most in zip(*pair, strict=True)]
                  for pair in zip(owners, limits, strict=True)]
    capacity, limit = limits
    scale = Fraction(int(flow["scale"][0]), int(flow["scale"][1]))
    amounts = [Fraction(int(one)) / scale for one in unpack(flow["units"])]
    side, source, sink = unpack(flow["side"]), proof["source"], proof["sink"]
    into, out = (defaultdict[int, Fraction](Fraction) for _ in range(2))
    faults = [] if len(side) == 2 * len(limit) else ["the cut is of another network"]
    for t, h, amount, most in zip(tail, head, amounts, capacity, strict=True):
        into[h] += amount
        out[t] += amount
        if amount < 0 or amount > at_most(most):
            faults.append(f"{float(amount):g} goes where {most:g} is the most")
    for node in {*into, *out}:
        is_kept = node in (source, sink) or into[node] == out[node]
        if not is_kept or max(into[node], out[node]) > at_most(limit[node]):
            faults.append(f"{float(into[node]):g} enters a node of {limit[node]:g}, "
                          f"{float(out[node]):g} leaves it")
    value = float(out[source] - into[source])
    arcs = zip(tail, head, capacity, strict=True)
    cut = [c for t, h, c in arcs if side[2 * t + 1] and not side[2 * h]]
    cut += [c for n, c in enumerate(limit) if side[2 * n] and not side[2 * n + 1]]
    if not side[2 * source] or side[2 * sink + 1] or not close(math.fsum(cut), value):
        faults.append(f"the cut of {math.fsum(cut):g} does not prove {value:g}")
    return faults if close(flow["value"], value) else [*faults, f"{value:g} flows"]

def check_flow(told: Told, result: Any, proof: Any) -> None:
    """A largest flow: it is legal, and a cut shows that none is larger."""
    figure = result[proof["of"]]
    faults = [] if close(figure, proof["value"]) else [f"{figure} told, {proof['value']} proved"]
    say(told, f"{proof['of']}: a legal flow and a cut as large", faults + flow_faults(proof, proof))

def check_attack(told: Told, result: Any, proof: Any) -> None:
    """A worst removal: what each leaves, and by the log of the search that none leaves less."""
    cost, whole = unpack(proof["cost"]), proof["unattacked"]["value"]
    faults = flow_faults(proof, proof["unattacked"])
    for attack in proof["attacks"]:
        faults += flow_faults(proof, attack, attack["removed"])
        if math.fsum(cost[one] for one in attack["removed"]) > proof["budget"] * (1 + GAP):
            faults.append("a removal costs more than the budget")
        if not close(attack["value"], result["value"], whole):
            faults.append(f"a removal leaves {attack['value']:g}, not {result['value']:g}")
    if not proof["attacks"] or len(proof["attacks"]) != len(result["sets"]):
        faults.append("the sets that are told are not those that are proved")
    say(told, "value: what each set leaves", faults)
    leaves = [[(one, bool(gone)) for one, gone in leaf["decisions"]] for leaf in proof["leaves"]]
    faults = [] if covers(leaves, 0, cost, proof["budget"]) else ["the parts are not all removals"]
    lowest = min((leaf_bound(proof, leaf, cost) for leaf in proof["leaves"]), default=-math.inf)
    step = proof["step"]
    if lowest > 0 and is_step(proof, whole):  # nothing is left between two multiples of the step
        lowest = step * math.ceil(lowest / step - 1 / 64)
    if lowest < proof["bound"] - GAP * whole:
        faults.append(f"the log proves {lowest:g}, not {proof['bound']:g}")
    if not close(result["whole"], whole) or not close(result["bound"], proof["bound"], whole):
        faults.append("whole or bound are not those that are proved")
    say(told, "bound: no removal within the budget leaves less", faults)
    told.append(("not checked", "whether further sets are as bad as those listed"))

def covers(leaves: list[Any], depth: int, cost: list[float], left: float) -> bool:
    """Whether parts of a search are all removals that a budget allows."""
    if len(leaves) == 1 and len(leaves[0]) == depth:
        return True
    if not leaves or len({one[depth][0] if len(one) > depth else None for one in leaves}) > 1:
        return False
    gone, kept = ([one for one in leaves if one[depth][1] is way] for way in (True, False))
    rest = left - cost[leaves[0][depth][0]]
    is_gone = covers(gone, depth + 1, cost, rest) if gone else rest < -GAP * left
    return is_gone and covers(kept, depth + 1, cost, left)

def leaf_bound(proof: Any, leaf: Any, cost: list[float]) -> float:
    """Return what any removal in a part leaves: its flow less the most that can be taken."""
    tail, head, capacity, limit, arc_of, node_of = (unpack(proof[k]) for k in NETWORK + ELEMENTS)
    unit, ends = int(proof["unit"][1]) / int(proof["unit"][0]), (proof["source"], proof["sink"])
    gone = {one for one, is_removed in leaf["decisions"] if is_removed}
    fixed = {one for one, _ in leaf["decisions"]}
    room, legal = GAP * proof["unattacked"]["value"], True
    into, out, carried = (defaultdict[int, float](float) for _ in range(3))
    for arc, units in zip(unpack(leaf["arcs"]), unpack(leaf["units"]), strict=True):
        amount, t, h = units * unit, tail[arc], head[arc]
        into[h], out[t] = into[h] + amount, out[t] + amount
        legal &= -room <= amount <= capacity[arc] + room
        legal &= not {arc_of[arc], node_of[t], node_of[h]} & gone
        for element in {arc_of[arc], node_of[h]} - {node_of[t], -1}:
            carried[element] += amount
    for node in {*into, *out}:
        legal &= max(into[node], out[node]) <= limit[node] + room
        legal &= node in ends or abs(into[node] - out[node]) <= room
    left = proof["budget"] * (1 + GAP) - math.fsum(cost[one] for one in gone)
    if all(one % 1 == 0 for one in cost if one < math.inf):
        left = math.floor(left)
    value = out[ends[0]] - into[ends[0]] if legal else -math.inf
    free = [one for one in carried if one not in fixed and cost[one] <= left * (1 + GAP)]
    for one in sorted(free, key=lambda one: -carried[one] / cost[one]):
        part = min(1.0, max(0.0, left / cost[one]))  # the last in part: at least as much is taken
        value, left = value - part * carried[one], left - part * cost[one]
    return max(0.0, value) if legal else value

def is_step(proof: Any, whole: float) -> bool:
    """Whether every capacity that can be in a smallest cut is a multiple of the step."""
    (*arcs, limits), step = (unpack(proof[key]) for key in NETWORK), proof["step"]
    used = [c for t, h, c in zip(*arcs, strict=True)
            if t != h and h != proof["source"] and t != proof["sink"]]
    counted = [c for c in used + limits if 0 < c <= whole]
    return step > 0 and all(abs(c / step - round(c / step)) <= 1e-6 < c / step for c in counted)

def rows_of(proof: Any, part: Any) -> tuple[list[Row], list[float]]:
    """Return rows, columns and values of each, and their right sides."""
    rows: list[Row] = []
    for block in (proof["matrices"][number] for number in part["rows"]):
        starts, columns, values = (unpack(block[key]) for key in ("starts", "columns", "values"))
        rows += [(columns[a:b], values[a:b]) for a, b in zip(starts, starts[1:], strict=False)]
    return rows, unpack(part["sides"])

def row_faults(x: list[float], rows: list[Row], sides: list[float], is_equal: bool) -> list[str]:
    """Return the rows that a solution breaks, against the amounts that meet in them."""
    faults, dust = [], 1e-5 * max(map(abs, x), default=0.0)
    for number, ((columns, values), side) in enumerate(zip(rows, sides, strict=True)):
        terms = [value * x[column] for column, value in zip(columns, values, strict=True)]
        off = math.fsum(terms) - side
        size = max(abs(side), *map(abs, terms), dust * max(map(abs, values))) if terms else 0.0
        if not (abs(off) if is_equal else off) <= ROW * size:
            faults.append(f"row {number} is off by {off:g}")
    return faults

def check_linear(told: Told, result: Any, proof: Any) -> None:
    """Linear programs: feasible, and by their duals none better; figures as in the solution."""
    names, shown = unpack(proof["columns"]), proof["shown"]
    x, parts = unpack(shown["x"]), {key: rows_of(proof, shown[key]) for key in ("ub", "eq")}
    faults = [f for key, part in parts.items() for f in row_faults(x, *part, key == "eq")]
    if min(x, default=0.0) < -ROW * max(x, default=0.0):
        faults.append(f"an amount is {min(x):g}")
    n_rows = sum(len(sides) for _, sides in parts.values())
    say(told, f"shown: {len(x)} amounts keep to {n_rows} balances and limits", faults)
    for program in proof["programs"]:
        what = f"program {program['name']!r}: feasible, none better"
        say(told, what, program_faults(proof, program))
    amounts = defaultdict[str, float](float)
    for name, amount in zip(names, x, strict=True):
        amounts[name] += max(0.0, amount)
    figures = [(f"{row['kind']} {row['tail']}>{row['head']} {row['what']}", row["tonnes"])
               for row in result.get("flows", ())]
    figures += [(name, row["served"]) for row in result.get("deliveries", ())
                if (name := f"served {row['nation']} {row['product']}") in amounts]
    faults = [f"{name}: {told:g} told, {amounts[name]:g} solved" for name, told in figures
              if not abs(amounts[name] - told) <= ROW * max(x, default=0.0)]
    say(told, f"{len(figures)} flows and deliveries are those of the solution", faults)
    told.append(("not checked", "whether the programs say what the tables do; ranges"))

def program_faults(proof: Any, program: Any) -> list[str]:
    """Check a program's solution, and that its duals bound the objective."""
    c, x, lower, upper = (unpack(program[key]) for key in ("c", "x", "lower", "upper"))
    (ub, b_ub), (eq, b_eq) = (rows_of(proof, program[key]) for key in ("ub", "eq"))
    faults = row_faults(x, ub, b_ub, False) + row_faults(x, eq, b_eq, True)
    room = ROW * (largest := max(map(abs, x), default=0.0))
    ends = zip(x, lower, upper, strict=True)
    faults += [f"{v:g} is beyond its bounds" for v, a, b in ends if not a - room <= v <= b + room]
    terms = [a * b for a, b in zip(c, x, strict=True)]
    size, sign = sum(map(abs, terms)), 1.0 if program["is_largest"] else -1.0
    if abs(math.fsum(terms) - program["objective"]) > GAP * size:
        faults.append("the objective is another")
    duals = [max(0.0, sign * one) for one in unpack(program["duals"]["ub"])]
    duals += [sign * one for one in unpack(program["duals"]["eq"])]
    parts = [[sign * one] for one in c]
    for (columns, values), dual in zip([*ub, *eq], duals, strict=True):
        for column, value in zip(columns, values, strict=True) if dual else ():
            parts[column].append(-dual * value)
    rest, sides = [math.fsum(one) for one in parts], [*b_ub, *b_eq]
    if any(one > 0 and high == math.inf for one, high in zip(rest, upper, strict=True)):
        turned = [(columns, [-one for one in values]) for columns, values in eq]
        spread(lower, upper, ub + eq + turned, b_ub + b_eq + [-one for one in b_eq])
    worth = [dual * side for dual, side in zip(duals, sides, strict=True) if dual]
    worth += [one * (upper[n] if one > 0 else lower[n]) for n, one in enumerate(rest) if one]
    above = math.fsum(worth) - sign * program["objective"]
    if not above <= 2 * ROW * max(abs(program["objective"]), 1e-3 * size, 1e-6 * largest):
        faults.append(f"the duals leave {above:g} beyond {program['objective']:g}")
    return faults

def spread(lower: list[float], upper: list[float], rows: list[Row], sides: list[float]) -> None:
    """Find the most that rows let each variable be that has no bound of its own."""
    for _ in range(30):
        before = upper.count(math.inf)
        for (columns, values), side in zip(rows, sides, strict=True):
            ends = zip(columns, values, strict=True)
            least = [v * (lower[n] if v > 0 else upper[n]) if v else 0.0 for n, v in ends]
            rest = side - math.fsum(least) if -math.inf not in least else -math.inf
            for n, v, own in zip(columns, values, least, strict=True):
                if v > 0 and upper[n] == math.inf and rest > -math.inf:
                    upper[n] = max(lower[n], (rest + own) / v)
        if upper.count(math.inf) == before:
            return

def check_trace(told: Told, result: Any, proof: Any) -> None:
    """Shares of a supply: tonnes are those of the balance, and are mixed anew in proportion."""
    (linear,) = (one for one in result["proof"] if one["kind"] == "linear")
    x, names = unpack(linear["shown"]["x"]), unpack(linear["columns"])
    parts = [{key: unpack(one) if key != "element" else one for key, one in part.items()}
             for part in proof["elements"]]
    faults = [f"{part['element']}: {one}" for part in parts for one in moves_faults(part, x, names)]
    say(told, f"traces: {len(parts)} elements move as in the solution, and none is lost", faults)
    if faults:
        return  # nothing can be mixed of what does not add up
    lenses = proof["lenses"]
    stage_of = dict(zip(unpack(proof["plants"]), unpack(proof["stages"]), strict=True))
    n_shares, every = 0, set(stage_of)
    whose = {lens: dict(zip(stage_of, unpack(one["holders"]), strict=True))
             for lens, one in lenses.items()}

    @cache
    def tonnes(n: int, fixed: frozenset[str], marked: frozenset[str]) -> tuple[float, float]:
        return mixed(parts[n], fixed, marked)

    def compare(row: Any, key: str, fixed: set[str], marked: set[str]) -> None:
        nonlocal n_shares
        ends = [tonnes(n, frozenset(fixed), frozenset(marked)) for n, part in enumerate(parts)
                if row["element"] in (part["element"], "together")]
        marks, whole = (math.fsum(end) for end in zip(*ends, strict=True))
        is_so = row[key] is None if whole <= 0 else abs(row[key] - marks / whole) <= ROW
        if not is_so or not close(row.get("supply", whole), whole):
            faults.append(f"{row['element']} {key} {row[key]}, by tonnes {marks:g} of {whole:g}")
        n_shares += 1

    for row in result["stages"]:
        of_stage = {one for one, name in stage_of.items() if row["stage"] in ("", name)}
        abroad = {one for one in every if whose[row["lens"]][one] not in proof["home"]}
        for end, key in (("surely", ""), ("possibly", "_possibly")):
            marked = of_stage & set(lenses[row["lens"]][end])
            compare(row, "direct" + key, abroad, marked)
            compare(row, "traced" + key, marked, marked)
    for row in result["holders"]:
        of_stage = {one for one, name in stage_of.items() if name == row["stage"]}
        held = {one for one in of_stage if whose[row["lens"]][one] == row["country"]}
        compare(row, "share", of_stage, held)
    for row in result["plants"]:
        compare(row, "share", {row["node"]}, {row["node"]})
    to, code = (result["question"][key] for key in ("to", "exposed_to"))
    if re.fullmatch("[A-Z]{3}(,[A-Z]{3})*", to) and set(to.split(",")) != set(proof["home"]):
        faults.append(f"{to} is not at home in {proof['home']}")
    for lens, one in lenses.items() if re.fullmatch("[A-Z]{3}", code) else ():  # no bloc, no stage
        if set(one["surely"]) != {plant for plant in every if whose[lens][plant] == code}:
            faults.append(f"the plants of {code} are others by {lens}")
    say(told, f"{n_shares} shares are those of the tonnes, mixed in proportion", faults)
    told.append(("not checked", "concentrations, ranges, and which plants a bloc holds"))

def moves_faults(part: Any, x: list[float], names: list[str]) -> list[str]:
    """Check that tonnes of an element are those of a solution, and that no pot makes any."""
    moves = ("column", "tail", "head", "leaving", "arriving", "low", "high", "kept")
    kinds, labels, gain, faults = part["kinds"], part["labels"], defaultdict[int, Any](list), []
    room = ROW * max(part["leaving"], default=0.0)
    for n, t, h, leaving, arriving, low, high, kept in zip(*map(part.get, moves), strict=True):
        least = low * x[n] if kinds[t] != "intake" else 0.0  # not all that arrives is taken
        legal = max(0.0, least - room) <= leaving <= high * x[n] + room and 0 <= high <= 1 + GAP
        if not legal or not (0 <= kept <= 1 and abs(arriving - kept * leaving) <= room):
            faults.append(f"{leaving:g} moves, {arriving:g} arrive by {names[n]} of {x[n]:g}")
        if not {labels[t], labels[h]} - {""} <= set(re.split("[ >]", names[n])):
            faults.append(f"{names[n]} is no way from {labels[t]} to {labels[h]}")
        gain[t].append(-leaving)
        gain[h].append(arriving)
    for pot, amounts in gain.items():
        left, kind = math.fsum(amounts), kinds[pot]
        ends = {"ground": max(amounts) <= 0, "gone": min(amounts) >= 0, "supply": min(amounts) >= 0,
                "intake": left >= -room}  # nothing comes to the first
        if not ends.get(kind, abs(left) <= room):
            faults.append(f"{left:g} too much in {kind} {labels[pot]}")
    if len(set(part["column"])) < len(part["column"]):
        faults.append("a flow moves twice")
    if {kinds[pot] for pot in part["supply"]} - {"supply"}:
        faults.append("what is asked is no supply")
    return faults

def mixed(part: Any, fixed: frozenset[str], marked: frozenset[str]) -> tuple[float, float]:
    """Return the tonnes of the supply that bear a mark, and all; some plants put it on or off."""
    kinds, labels = part["kinds"], part["labels"]
    if "into" not in part:  # pots with their senders, one behind the other as far as can be
        part["into"], into, ways = {}, defaultdict[int, Any](dict), Counter[int]()
        for t, h, arriving in zip(part["tail"], part["head"], part["arriving"], strict=True):
            into[h][t] = into[h].get(t, 0.0) + arriving
        waiting = [(pot, False) for pot in part["supply"]]
        while waiting:
            pot, is_ready = waiting.pop()
            if is_ready:
                part["into"][pot] = list(into[pot].items()), math.fsum(into[pot].values())
            elif not ways[pot]:
                ways[pot] = 1
                waiting += [(pot, True), *((t, False) for t in into[pot])]
    share = {pot: float(label in marked) for pot, label in enumerate(labels)
             if kinds[pot] == "ground" or label in fixed}
    free, gap = [pot for pot in part["into"] if pot not in share], float(any(share.values()))
    while gap > 1e-10:  # weights are no less than 0 and add up to 1: each round comes nearer
        gap = 0.0
        for pot in free:
            ways, size = part["into"][pot]
            new = sum(arriving * share.get(t, 0.0) for t, arriving in ways) / (size or 1.0)
            gap, share[pot] = max(gap, abs(new - share.get(pot, 0.0))), new
    return (math.fsum(share.get(pot, 0.0) * part["into"][pot][1] for pot in part["supply"]),
            math.fsum(part["into"][pot][1] for pot in part["supply"]))

def check_tables(told: Told, result: Any, folder: Path) -> None:
    """Look up what is used: there in the year, sure enough, and not avoided."""
    asked, tables = result["question"], {}
    for name in ("nodes", "edges", "rules"):
        path = folder / f"{name}.csv"
        text = path.read_text("utf-8-sig") if path.exists() or name == "nodes" else ""
        tables[name] = list(csv.DictReader(io.StringIO(text, newline="")))
    year, counted = int(asked["year"]), LINKS[: LINKS.index(asked["links"]) + 1]
    shut, faults = set(re.findall(r"(?:^|,)([A-Z]{3})(?=,|$)", asked["avoid"])), []
    every = {name: [row for row in rows if int(row.get("start_year") or 0) <= year
                    <= int(row.get("end_year") or year)] for name, rows in tables.items()}
    on = [row for row in every["edges"] + every["rules"] if row["standing"] in counted]
    nodes = {row["id"]: row for row in every["nodes"]}
    place = {row["id"]: row["country"] for row in tables["nodes"]}
    named = {(row["source"], row["target"]) for row in on}
    forms = {row["form"] for row in on if "id" in row}  # corridors of many ends
    moved = [(row["tail"], row["head"], row["form"]) for row in result.get("flows", ())]
    used = {end for row in moved for end in row[:2]}
    used |= {node for way in result.get("routes", ()) for node in way["nodes"]}
    for trace in (one for one in result["proof"] if one["kind"] == "trace"):
        for part in trace["elements"]:
            labels = unpack(part["labels"])
            used |= {labels[pot] for pot in unpack(part["tail"])}
        held = unpack(trace["lenses"]["location"]["holders"])
        faults += [f"{plant} is not in {code}" for plant, code in
                   zip(unpack(trace["plants"]), held, strict=True) if place.get(plant) != code]
    for name in (one for one in used if ":" not in one):
        row = nodes.get(name)
        if row is None:
            faults.append(f"{name} is not in nodes.csv, or not in {year}")
        elif asked["lens"] == "location" and row["country"] in shut and row["stage"] != "nation":
            faults.append(f"{name} is in {row['country']}, which is avoided")
    faults += [f"no link or corridor for {form} from {tail} to {head}" for tail, head, form in moved
               if (tail, head) not in named and form not in forms]
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
    checks = {"flow": check_flow, "attack": check_attack, "linear": check_linear,
              "trace": check_trace}
    for where, result in results_in(data):
        mine, kind = Told(), result.get("result", "answer")
        for proof in result.get("proof", ()):
            try:
                checks[proof["kind"]](mine, result, proof)
            except (ArithmeticError, LookupError, TypeError, ValueError, zlib.error) as error:
                mine.append(("FAILS", f"the proof cannot be read: {error!r}"))
        if not mine:
            mine.append(("not checked", "it carries no proof"))
        elif folder is not None and result.get("question", {}).get("scenarios"):
            mine.append(("not checked", "its tables: scenarios changed them"))
        elif folder is not None and "question" in result:
            check_tables(mine, result, folder)
        told += [(word, f"{where} ({kind}): {what}") for word, what in mine]
    return told

def main(words: list[str]) -> int:
    """Check a file; print what was seen."""
    if not words or len(words) not in (1, 3) or words[1:2] not in ([], ["--graph"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        told = verify(read(Path(words[0])), Path(words[2]) if words[1:] else None)
    except (OSError, ValueError, LookupError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    print("\n".join(f"{word:<12} {what}" for word, what in told) or "no result in it")
    return int(not told or any(word == "FAILS" for word, _ in told))

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
