"""A second program for potential and contested totals, from the tables alone.

It reads the CSV tables of a graph by itself and knows nothing of the package: scipy solves one linear program
of all that can be mined, parted, made and delivered. It refuses circuits, restrictions, unevenly recovered rests.
"""

# fmt: off
# ruff: noqa: D102, E501, PLR0912, PLR0915
from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import inf, isnan
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped, unused-ignore]
from scipy.sparse import coo_array  # type: ignore[import-untyped, unused-ignore]

STANDINGS, PLANTS = ["observed", "contracted", "planned", "memorandum", "possible"], ["operating", "construction", "planned"]
STEPS, STATES = {"": 0, "decided": 1, "announced": 2}, {"operating": 0, "ramping": 0, "construction": 1, "financed": 2, "announced": 2, "planned": 2}
TIERS = {"operating": ("contracted", "operating"), "committed": ("planned", "construction"),
         "announced": ("memorandum", "planned"), "possible": ("possible", "planned")}
EU = ["AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN", "FRA", "DEU", "GRC", "HUN", "IRL", "ITA", "LVA", "LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "ESP", "SWE", "EUU"]
WEIGHTS = {"Y": 88.906, "La": 138.91, "Ce": 140.12, "Pr": 140.91, "Nd": 144.24, "Sm": 150.36, "Eu": 151.96,
           "Gd": 157.25, "Tb": 158.93, "Dy": 162.5, "Ho": 164.93, "Er": 167.26, "Tm": 168.93, "Yb": 173.05, "Lu": 174.97}
KEYS = ("node", "stage", "makes", "product", "status")
OXIDES, OXYGEN = {"Ce": 2.0, "Pr": 11 / 6, "Tb": 7 / 4}, 15.999  # atoms of oxygen for one of metal, 1.5 for others

class Tables:
    """The tables of a graph, and what follows from them whatever the question."""
    def __init__(self, folder: Path, *, design: str = "") -> None:
        head = json.loads((folder / "datapackage.json").read_text("utf-8"))["supplynet"]
        self.read = {path.stem: list(csv.DictReader(path.read_text("utf-8").splitlines())) for path in folder.glob("*.csv")}
        assert not any(self.read.get(name) for name in ("circuits", "restrictions", "caps"))
        assert not any(head.get(name) for name in ("substitutes", "surplus_limits"))
        self.elements, self.groups = head["elements"], head.get("groups", {})
        self.group = {one: one for one in self.elements} | {one: name for name, some in self.groups.items() for one in some}
        self.stages, self.forms, self.units = ({one["name"]: one for one in head[name]} for name in ("stages", "forms", "units"))
        self.blocs = {"EU": EU, **head.get("blocs", {})}
        self.nodes = {row["id"]: row for row in self.of("nodes")}
        self.nations = {one for one in self.nodes if self.stage(one).get("is_nation")}
        self.form_of = {row["id"]: row["form"] for row in self.of("products")}
        self.design = {row["id"]: design for row in self.of("products") if row.get("design") == "as-built"}
        self.basis = {one: self.oxide(one) if head["basis"] == "oxide" else 1.0 for one in self.elements}
        self.content: dict[str, dict[str, Any]] = defaultdict(dict)
        for row in self.of("contents"):
            if float(row["share"]):
                self.content[row["product_id"]][row["element"]] = row
        self.central = {product: {one: float(row["share"]) * self.basis[one] for one, row in some.items()}
                        for product, some in self.content.items()}
        self.kept = {(row["node_id"], row["group"]): float(row["recovery"]) for row in self.of("recoveries")}
        self.assay: dict[str, dict[str, float]] = defaultdict(dict)
        for row in self.of("assays"):
            self.assay[row["node_id"]][row["element"]] = float(row["share"]) * self.recovery(row["node_id"], row["element"])
        self.making = {row["stage"] for row in self.nodes.values() if row.get("makes")}
        self.scrap: dict[str, float] = {}
        for row in self.of("scrap"):
            self.scrap = dict.fromkeys(self.select(row["nodes"]), float(row["ratio"])) | self.scrap
    def of(self, table: str) -> list[dict[str, str]]:
        return self.read.get(table, [])
    def oxide(self, element: str) -> float:
        return 1.0 + OXYGEN * OXIDES.get(element, 1.5) / WEIGHTS[element]
    def stage(self, node: str) -> dict[str, Any]:
        return dict(self.stages[self.nodes[node]["stage"]])
    def makes(self, node: str) -> frozenset[str]:
        return frozenset(filter(None, self.nodes.get(node, {}).get("makes", "").split(";")))
    def made(self, node: str) -> set[str]:
        return {one for name in self.makes(node) for one in self.groups[name]}
    def separable(self, node: str) -> set[str]:
        free = node not in self.nodes or self.nodes[node]["stage"] not in self.making
        return {one for one in self.elements if free or self.group[one] in self.makes(node) or self.group[one] == one}
    def recovery(self, node: str, element: str) -> float:
        return next((self.kept[node, one] for one in (element, self.group[element], "all") if (node, one) in self.kept), 1.0)
    def shares(self, feed: Any) -> dict[str, float]:
        held = {one: x for one, x in self.assay[feed[0]].items() if x > 0.0 and self.group[one] not in feed[1]}
        return {one: x / (sum(held.values()) if feed[1] else 1.0) for one, x in held.items()}
    def select(self, text: str) -> set[str]:
        found: set[str] = set()
        for place, part in enumerate(text.split(",")):
            some, words = set(self.nodes), part.strip().removeprefix("!").split(":")
            while words:
                word = words.pop(0)
                some &= self.named(word, words.pop(0)) if word in KEYS else self.named("", word)
            found = (found or set(self.nodes if place == 0 else ())) - some if "!" in part else found | some
        return found
    def named(self, key: str, word: str) -> set[str]:
        rows = self.nodes.items()
        if key in ("product", "status", "makes"):
            return {one for one, row in rows if word in row.get(key, "").split(";")}
        if word in self.stages:
            return {one for one, row in rows if word in (row["stage"], *row.get("also", "").split(";"))}
        if key == "node" or (word in self.nodes and word not in self.nations):
            return {word}
        return {one for one, row in rows if row["country"] in self.blocs.get(word, [word])}
    def capacity(self, node: str, year: int, plants: str) -> tuple[float, str]:
        row, own = self.nodes[node], [one for one in self.of("capacities") if one["node_id"] == node]
        steps = [(int(one["year"]), STEPS[one.get("status", "")], float(one["capacity"]), one["unit"]) for one in own]
        if not own and row["status"] != "operating" and row["start_year"] and row["capacity"]:
            curves = [one for one in self.of("ramps") if one["stage"] == row["stage"]]
            named = [one for one in curves if one["nodes"] and node in self.select(one["nodes"])]
            steps = [(int(row["start_year"]) + int(one["year"]), 0, float(row["capacity"]) * float(one["share"]), row["unit"])
                     for one in named or [one for one in curves if not one["nodes"]]]
        return max((one for one in steps if one[0] <= year and one[1] <= PLANTS.index(plants)), default=(0, 0, float(row["capacity"] or "nan"), row["unit"]))[2:]
    def need(self, nation: str, year: int) -> Iterator[tuple[str, float]]:
        points: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        years: dict[str, set[int]] = defaultdict(set)
        for row in self.of("demand"):
            if row["nation"] == nation and row.get("role", "final") in ("", "final"):
                assert self.units[row["unit"]]["measures"] == "product"
                points[row["product"]][int(row["year"])] += float(row["quantity"]) * self.units[row["unit"]].get("factor", 1.0)
                years[self.form_of[row["product"]]].add(int(row["year"]))
        for product, known in points.items():
            given = sorted(years[self.form_of[product]])
            tonnes = float(np.interp(year, given, [known.get(one, 0.0) for one in given]))
            if tonnes > 0.0 and product in self.central:
                yield product, tonnes
    def weight(self, unit: str, product: str, kind: str, thing: Any) -> float:
        """What a tonne of a feed, an element or a product takes of a unit; inf where it holds none."""
        measures, factor = self.units[unit]["measures"], self.units[unit].get("factor", 1.0)
        product = self.units[unit].get("product") or product
        if kind == "e" and measures == "product":
            share = self.central.get(product, {}).get(thing, 0.0)
            return 1.0 / float(factor * share) if share else inf
        if kind == "e":  # metal or oxide
            return 1.0 / float(factor * (self.basis[thing] if measures == "metal" else 1.0))
        if (kind, measures) in (("f", "basket"), ("p", "product")):
            return 1.0 / float(factor)
        held = self.shares(thing) if kind == "f" else self.central[thing]
        return sum(share * self.weight(unit, product, "e", one) for one, share in held.items())
    def recipe(self, grade: str, own: str, can: set[str]) -> Any:
        """Ends of each element, and sums and bounds of groups, t of metal; None where it cannot be made."""
        most = {one: float(row["share_high"] or row["share"]) for one, row in self.content[own].items()}
        can, ends, total, is_ranged = can & most.keys() if most else can, {}, defaultdict[str, float](float), False
        for one, row in self.content[grade].items():
            low, high = (float(row[f"share_{end}"] or row["share"]) for end in ("low", "high"))
            total[self.group[one]] += high if self.design.get(grade) == "high-contents" else float(row["share"])
            is_ranged |= low != high or one not in can
            if one in can:
                ends[one] = low, high if own == grade else min(high, most.get(one, 1.0))
                is_ranged |= low != ends[one][1]
            elif low > 0.0:
                return None
        leading = max(total, key=lambda name: (total[name], name))
        members = {name: [one for one in ends if self.group[one] == name] for name in total}
        absent = [name for name in total if name != leading and self.design.get(grade) == "redesigned"]
        joint = (leading, *absent)
        sums = [(sum((members[name] for name in joint), []), sum(total[name] for name in joint)),
                *((members[name], total[name]) for name in total if name not in joint)]
        fits = all(sum(ends[e][k] for e in some) * s <= x * s + 1e-12 for some, x in sums for k, s in ((0, 1), (1, -1)))
        return None if not ends or any(low > high for low, high in ends.values()) or (is_ranged and not fits) else (ends, sums * is_ranged, [(members[name], total[name]) for name in absent] * is_ranged)

def served(t: Tables, **asked: Any) -> float:
    """Most tonnes of product in all: of some nations, the others buying where it helps, or of all."""
    found = linprog(**program(t, **asked), method="highs")
    return -float(found.fun) if found.status == 0 else float("nan")

def program(t: Tables, *, year: int, tier: str, avoid: str = "", only: Iterable[str] = ()) -> dict[str, Any]:
    """What `served` solves: costs, and rows of variables that are at least zero."""
    shut, (links, plants) = t.select(avoid) if avoid else set(), TIERS[tier]
    drawing, column = t.nations - shut | set(only), dict[Any, int]()
    rows: list[tuple[list[tuple[int, float]], float, bool]] = []
    def var(*key: Any) -> int:
        return column.setdefault(key, len(column))
    def add(terms: Iterable[tuple[int, float]], most: float | None = None) -> None:
        rows.append((list(terms), most or 0.0, most is None))
    def runs(row: Any) -> bool:
        return int(row.get("start_year") or 0) <= year <= int(row.get("end_year") or 9999)
    nodes = [one for one, row in t.nodes.items() if runs(row) and STATES.get(row["status"], 9) <= PLANTS.index(plants)
             and (one in drawing if one in t.nations else one not in shut)]
    rank = {one: 2 if STATES[t.nodes[one]["status"]] else 0 for one in nodes}
    arcs, bounds, tolls, parted_form = [], [], [], {form: one.get("is_separated", True) for form, one in t.forms.items()}
    def link(row: Any, tail: str, head: str, form: str = "form") -> list[int]:
        if tail == head or max(STANDINGS.index(row["standing"]), rank.get(tail, 0), rank.get(head, 0)) > STANDINGS.index(links):
            return []
        arcs.append((tail, head, row[form]))
        return [len(arcs) - 1]
    for row in (row for row in filter(runs, t.of("edges")) if {row["source"], row["target"]} <= rank.keys()):
        bounds.append((row, link(row, row["source"], row["target"])))
    for row in filter(runs, t.of("rules")):
        tails, heads = (sorted(t.select(row[end]) & rank.keys()) for end in ("source", "target"))
        if row["capacity"] or parted_form[row["form"]]:  # through a hub
            bounds.append((row, [place for one in tails for place in link(row, one, "=" + row["id"])]))
            tails = ["=" + row["id"]]
        for one in sorted(t.select(row["via"]) & rank.keys()) if row.get("via") else ():  # a toll: in, and out again
            gone = [place for other in heads for place in link(row, one, other, "toll_form")]
            tolls.append((one, link(row, tails[0], one), gone))
        for one, other in ((one, other) for one in tails for other in heads if not row.get("via")):
            link(row, one, other)
    ends_of = {end for arc in arcs for end in arc[:2]} | rank.keys()
    into, out = ({one: [place for place, arc in enumerate(arcs) if arc[k] == one] for one in ends_of} for k in (1, 0))
    needs = {(one, p): x for one in nodes if one in drawing for p, x in t.need(one, year)}
    own = {one: p for one in nodes if (p := t.nodes[one].get("product")) and t.forms[t.form_of[p]].get("is_final")}
    grades = {one: {g: found for g in {p for _, p in needs if t.form_of[p] == t.form_of[p_own]}
                    if (found := t.recipe(g, p_own, t.separable(one)))} for one, p_own in own.items()}
    origins = {one for one in nodes if t.stage(one).get("is_origin")}
    feeds = defaultdict(set, {one: {(one, frozenset[str]())} for one in origins})
    def left(vertex: str, feed: Any) -> Any:  # the rest of a basket, and its size per tonne
        after = feed[0], feed[1] | t.makes(vertex)
        held = {one: x for one, x in t.shares(feed).items() if one in t.shares(after)}
        (kept,) = {1.0 if feed[0] == vertex else t.recovery(vertex, one) for one in held} or {0.0}  # even
        return after, kept * (sum(held.values()) if after != feed else 1.0)
    def rests(vertex: str) -> set[Any]:
        return {after for after, size in (left(vertex, feed) for feed in feeds[vertex]) if size}
    n_feeds = -1
    while n_feeds != (n_feeds := sum(map(len, feeds.values()))):
        for tail, head, form in arcs:
            feeds[head] |= set() if parted_form[form] else rests(tail)
    def carries(tail: str, form: str) -> set[Any]:
        if not parted_form[form]:
            return {("f", rest) for rest in rests(tail)}
        found = {("p", p) for _, p in needs if t.form_of[p] == form}
        is_product = tail in own and t.form_of[own[tail]] == form
        if is_product or (t.forms[form].get("is_scrap") and tail in rank and tail not in t.scrap):
            return found
        return found | {("e", e) for e in t.separable(tail)}
    carried = [sorted(carries(tail, form), key=str) for tail, _, form in arcs]
    def on(places: Iterable[int], kind: str, x: Any, w: float = 1.0) -> list[tuple[int, float]]:
        return [(var(place, kind, x), w) for place in places if (kind, x) in carried[place]]
    def hold(limit: float, unit: str, product: str, terms: Iterable[Any]) -> None:
        found, alone = defaultdict(list), t.units[unit]["measures"] == "product"
        for place, kind, x in terms:
            weight = t.weight(unit, product, kind, x)
            add([(place, 1.0)] if weight == inf else [], 0.0)
            found[x if kind == "e" and alone else ""] += [(place, weight)] if weight < inf else []
        for one in set(found) - {""} or {""}:
            add([*found[""], *(found[one] if one else [])], limit)
    for hub in ends_of - rank.keys():
        for kind, x in {thing for place in into[hub] + out[hub] for thing in carried[place]}:
            add([*on(into[hub], kind, x), *on(out[hub], kind, x, -1.0)])
    for node, come, gone, e in ((*toll, e) for toll in tolls for e in t.elements):
        add([*on(come, "e", e, t.recovery(node, e)), *on(gone, "e", e, -1.0 - t.scrap.get(node, 0.0))])
    for row, places in ((row, places) for row, places in bounds if row["capacity"]):
        terms = [(var(place, *thing), *thing) for place in places for thing in carried[place]]
        hold(float(row["capacity"]), row["unit"], t.nodes.get(row["source"], {}).get("product", ""), terms)
    for node in rank.keys() - t.nations:
        q, made, can = t.scrap.get(node, 0.0), t.made(node), t.separable(node)
        gone = [place for place in out[node] if t.forms[arcs[place][2]].get("is_scrap")]
        sent, after, parted = [one for one in out[node] if one not in gone], defaultdict(list), defaultdict[str, list[Any]](list)
        for feed in feeds[node]:
            ways = [(var(node, "all", feed), can), (var(node, "part", feed), made)]
            mined = [(var(node, "mined"), 1.0)] if feed == (node, frozenset()) else []
            add([*on(into[node], "f", feed), *mined, *((way, -1.0) for way, _ in ways)])
            rest, size = left(node, feed)
            after[rest].append((ways[1][0], size))
            for e, share in t.shares(feed).items():
                yields = share * (1.0 if mined else t.recovery(node, e))
                parted[e] += [(way, yields) for way, some in ways if e in some]
        for rest, terms in after.items():
            add([*terms, *on(out[node], "f", rest, -1.0), (var(node, "lost", rest), -1.0)])
        recipes, mixed, output = grades.get(node, {}), defaultdict(list), []
        for grade, (ends, sums, caps) in recipes.items():
            for e, (low, high) in ends.items():
                mix = var(node, "mix", grade, e)
                mixed[e].append((mix, 1.0))
                output.append((mix, "e", e))
                for end, sign in ((low, -1.0), (high, 1.0)):
                    add([(mix, sign), (var(node, "made", grade), -sign * end * t.basis[e])], 0.0)
            for most, (some, total) in [*((None, one) for one in sums), *((0.0, one) for one in caps)]:
                metal = [(var(node, "mix", grade, e), 1.0 / t.basis[e]) for e in some]
                add([*metal, (var(node, "made", grade), -total)], most)
        for e in t.elements:
            done = [*on(sent, "e", e), *mixed[e]]
            add([*parted[e], *on(into[node], "e", e, t.recovery(node, e)), (var(node, "surplus", e), -1.0),
                 *((place, -1.0 - q) for place, _ in done)])
            add([*((place, q) for place, _ in done), *on(gone, "e", e, -1.0), (var(node, "wasted", e), -1.0)])
        for p in {p for _, p in needs}:
            come = on(into[node], "p", p, min(t.recovery(node, e) for e in t.central[p]))
            add([*come, *on(out[node], "p", p, -1.0), *([(var(node, "made", p), 1.0)] if p in recipes else [])])
        (limit, unit), product = t.capacity(node, year, plants), t.nodes[node].get("product", "")
        if node in origins and not isnan(limit):
            before = {e: x / t.recovery(node, e) for e, x in t.shares((node, frozenset())).items()}
            weight = sum(x * t.weight(unit, product, "e", e) for e, x in before.items())
            is_basket = t.units[unit]["measures"] == "basket"
            add([(var(node, "mined"), 1.0 / t.units[unit].get("factor", 1.0) if is_basket else weight)], limit)
        if node in origins or isnan(limit):
            continue
        is_whole = t.units[unit]["measures"] == "product" and bool(recipes)
        output = [(var(node, "made", p), "p", p) for p in recipes] if is_whole else output
        is_input = t.stage(node).get("capacity_at") == "input"
        assert is_input or not any(parted.values()), f"{node} parts baskets and counts at its output"
        passing = [(var(place, *x), *x) for place in (into[node] if is_input else sent) for x in carried[place]]
        passing = [one for one in passing if is_input or one[2] not in recipes]
        hold(limit, unit, product, passing if is_input and not is_whole else output if is_input else output + passing)
    for nation, p in needs:
        add([(var(nation, "served", p), 1.0), (var(nation, "bundle", p), -1.0),
             *on(into[nation], "p", p, -min(t.recovery(nation, e) for e in t.central[p]))], 0.0)
        add([(var(nation, "served", p), 1.0)], needs[nation, p])
    for nation, form, e in {(one, t.form_of[p], e) for one, p in needs for e in t.elements}:
        places, r = [place for place in into[nation] if arcs[place][2] == form], t.recovery(nation, e)
        held = [(var(n, "bundle", p), t.central[p].get(e, 0.0)) for n, p in needs if n == nation and t.form_of[p] == form]
        baskets = {x for place in places for kind, x in carried[place] if kind == "f"}
        come = [term for x in baskets for term in on(places, "f", x, -r * t.shares(x).get(e, 0.0))]
        add([*held, *come, *on(places, "e", e, -r)], 0.0)
    goal = [var(nation, "served", p) for nation, p in needs if not only or nation in only]
    parts: dict[str, Any] = {"c": -np.isin(np.arange(len(column)), goal).astype(float)}
    for name, is_equal in (("ub", False), ("eq", True)):
        some = [row for row in rows if row[2] == is_equal and row[0]]
        where = np.array([(i, place, w) for i, row in enumerate(some) for place, w in row[0]]).reshape(-1, 3).T
        parts[f"A_{name}"] = coo_array((where[2], where[:2].astype(int)), shape=(len(some), len(column))).tocsr()
        parts[f"b_{name}"] = np.array([row[1] for row in some])
    return parts
