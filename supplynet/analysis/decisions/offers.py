"""Options that are offered: what each gives by year, what it costs, and when it may start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from supplynet.errors import OptionError
from supplynet.network.rules import Corridor, corridors
from supplynet.network.schema import Capacity, Circuit, Edge, Node, Option, Rule
from supplynet.network.selector import select
from supplynet.network.tiers import counts
from supplynet.network.timeline import capacities_in_force, curve_of
from supplynet.network.units import tonnage
from supplynet.terms import ENDS, STANDINGS, LevelName, StandingName
from supplynet.text import share

if TYPE_CHECKING:
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork


#: kinds whose plants run only if they are chosen
RUNNING = frozenset({"build", "restart", "recycle", "protect"})
#: kind whose plants come by themselves, and sooner if it is chosen
SOONER = "speed-up"


@dataclass(frozen=True)
class Horizon:
    """The years that a plan is made for."""

    begin: int  #: first year in which money is spent
    #: by, until: first and last year in which the target holds
    by: int
    until: int
    #: rate per year at which money to come is worth less than that of the first year
    discount: float

    @property
    def years(self) -> range:
        """All years in which money is spent."""
        return range(self.begin, self.until + 1)

    @property
    def target_years(self) -> range:
        """The years in which the target holds."""
        return range(self.by, self.until + 1)

    def worth(self, year: int) -> float:
        """Return what a dollar of a year is worth in the first."""
        return float((1.0 + self.discount) ** (self.begin - year))


@dataclass(frozen=True)
class Offer:
    """An option that can be chosen."""

    row: Option
    part: float  #: part of it that whoever plans has and bears, 0 to 1
    #: By node: what it can do in each year since its start, as a part of its full capacity. Of what
    #: is no plant, of one entry ``""``.
    plants: Mapping[str, tuple[float, ...]] = field(repr=False)
    size: float  #: full capacity that the premium is paid on, t a year in the row's or plant's unit
    starts: tuple[int, ...]  #: years in which it may begin to give tonnes
    level: LevelName = "central"  #: end of its costs: low is dear
    #: by plant of a speed-up and year: what it does by itself, as a part of its full capacity
    own: Mapping[str, Mapping[int, float]] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        """Id of the row."""
        return self.row.id

    @property
    def is_stock(self) -> bool:
        """Whether it gives its tonnes once and not every year."""
        return self.row.kind == "stock"

    def share(self, node: str, year: int, start: int) -> float:
        """Return what a plant gives in a year by a start in another, as a part of its capacity.

        Of a speed-up that is what the plant does not do by itself in that year.
        """
        curve, age = self.plants[node], year - start
        if age < 0:
            return 0.0
        by_itself = self.own[node].get(year, 0.0) if node in self.own else 0.0
        return self.part * max(0.0, curve[min(age, len(curve) - 1)] - by_itself)

    @cached_property
    def last(self) -> str:
        """The plant whose tonnes the premium is paid on: the last of the chain."""
        return tuple(self.plants)[-1]

    def spent(self, start: int, horizon: Horizon) -> dict[int, float]:
        """Return what is spent in each year, USD of that year, if it starts in a year."""
        row, lead = self.row, self.row.lead
        capex, premium = self._money("capex"), self._money("premium")
        money = dict.fromkeys(horizon.years, 0.0)
        for year in range(start - lead, start) if lead else (start,):
            money[year] += self.part * capex / max(lead, 1)
        for year in range(start, horizon.until + 1):
            money[year] += self.part * row.running
            if not self.is_stock:
                money[year] += premium * self.size * self.share(self.last, year, start)
        return money

    def worthwhile(self, horizon: Horizon) -> Offer:
        """Return it without starts that cost more than another one and never give more.

        What is spent in each year does not count: only where no year has a budget of its own.
        """
        selection: list[tuple[int, float, list[float]]] = []
        for start in reversed(self.starts):
            spent = self.spent(start, horizon)
            cost = sum(money * horizon.worth(year) for year, money in spent.items())
            gives = [
                self.share(plant, year, start) if not self.is_stock else float(start <= year)
                for plant in self.plants
                for year in horizon.target_years
            ]
            if not any(
                other <= cost and all(a >= b for a, b in zip(more, gives, strict=True))
                for _, other, more in selection
            ):
                selection.append((start, cost, gives))
        return replace(self, starts=tuple(start for start, _, _ in reversed(selection)))

    def _money(self, column: str) -> float:
        """Return a cost at its end: the plan is dear at the low end of all figures."""
        central: float = getattr(self.row, column)
        if self.level == "central":
            return central
        end = "high" if self.level == "low" else "low"
        stated: float | None = getattr(self.row, f"{column}_{end}")
        return central if stated is None else stated


class Given(NamedTuple):
    """Something that an option gives: the full capacity of a plant, a contract or a stock."""

    offer: int  #: place among the offers
    plant: str  #: id of the plant; empty for what is none


def things_of(offered: tuple[Offer, ...]) -> tuple[Given, ...]:
    """Return all that options give, option by option."""
    return tuple(
        Given(index, plant) for index, offer in enumerate(offered) for plant in offer.plants
    )


def offers(question: Question, horizon: Horizon) -> tuple[tuple[Offer, ...], Mapping[str, str]]:
    """Return the options of a graph that can be chosen, and why the others cannot.

    Links and plants of the question come by themselves. An OptionError if none can be chosen.
    """
    net = question.net
    rows = cast("tuple[Option, ...]", net.rows("options"))
    if not rows:
        raise OptionError(
            f"{net.name} has no table options, so that nothing can be chosen",
            hint="write options.csv: graphs/README.md states its columns",
        )
    every = {row.id: _offer(question, row, horizon) for row in rows}
    left = {name: why for name, why in every.items() if isinstance(why, str)}
    made = [offer for offer in every.values() if isinstance(offer, Offer)]
    while True:  # what requires an option that is not offered and does not come by itself
        absent = {name for name, why in left.items() if why != COMES_ANYWAY}
        orphans = {offer.id: sorted(set(offer.row.requires) & absent) for offer in made}
        orphans = {name: needs for name, needs in orphans.items() if needs}
        if not orphans:
            break
        for name, needs in orphans.items():
            left[name] = f"requires {needs[0]}, which cannot be chosen"
        made = [offer for offer in made if offer.id not in left]
    if not made:
        reasons = "; ".join(f"{name}: {why}" for name, why in left.items())
        raise OptionError(f"no option of {net.name} can be chosen: {reasons}")
    return tuple(made), left


#: why an option is not offered whose plants count already
COMES_ANYWAY = "comes without being chosen"


def _offer(question: Question, row: Option, horizon: Horizon) -> Offer | str:
    """Return an option as it can be chosen, or why it cannot."""
    fraction = _part(row, question.targets)
    if fraction == 0.0:
        return "all of it is for others"
    net, is_safe = question.net, row.kind == "protect"
    if not all(select(net, text).surely for text in (row.nodes, row.target) if text):
        return "who it names is not there"
    first = max(row.earliest_year, horizon.begin + row.lead)
    last = horizon.until if row.latest_year is None else min(row.latest_year, horizon.until)
    if first > last:
        return f"cannot start before {first}, and the plan ends in {horizon.until}"
    has_plants, is_sooner = is_of_plants(row), row.kind == SOONER
    if not has_plants and row.kind not in ("expand", SOONER):
        return Offer(
            row, fraction, {"": (1.0,)}, row.capacity or 0.0, tuple(range(first, last + 1))
        )
    named, own = chain(net, row), dict[str, dict[int, float]]()
    nodes = [node for node in named if is_safe or node not in question.shut.possibly]
    if not nodes or (is_sooner and len(nodes) < len(named)):
        return "its plants are shut" if has_plants or is_sooner else "its plant is shut"
    if row.kind == "expand":
        plants = {node: shape(net, node, own=False) for node in nodes}
        return Offer(row, fraction, plants, row.capacity or 0.0, tuple(range(first, last + 1)))
    if is_sooner and not all(_comes(question, node) for node in nodes):
        return "its plants do not come by themselves: build them"
    if has_plants and not is_safe and all(_counts(question, node, horizon) for node in nodes):
        return COMES_ANYWAY
    if not all(full(net, node) for node in nodes):
        return "a plant of it has no capacity"
    if is_sooner:
        own_starts = [start for node in nodes if (start := net.node(node).start_year) is not None]
        if len(own_starts) < len(nodes):
            return "a plant of it has no year in which it starts by itself"
        last = min(last, max(own_starts) - 1)
        if first > last:
            return f"cannot start before {first}, and comes in {max(own_starts)} by itself"
        years = horizon.years
        own = {node: {year: _by_itself(question, node, year) for year in years} for node in nodes}
    curves, years_of = {node: shape(net, node) for node in nodes}, tuple(range(first, last + 1))
    return Offer(row, fraction, curves, full(net, nodes[-1]), years_of, own=own)


def _part(row: Option, targets: frozenset[str]) -> float:
    """Return which part of an option the nations that plan have together."""
    if not row.shares:
        return 1.0
    parts = dict(text.split("=") for text in row.shares)
    return min(1.0, sum(float(parts.get(nation, 0.0)) for nation in sorted(targets)))


def is_of_plants(row: Option) -> bool:
    """Whether an option makes plants run: recycling may bring an element instead."""
    return row.kind in RUNNING and row.element is None


def chain(net: SupplyNetwork, row: Option) -> tuple[str, ...]:
    """Return the plants that an option names, from the ground on."""
    order = [stage.name for stage in net.stages]
    named = select(net, row.nodes).surely
    return tuple(sorted(named, key=lambda name: (order.index(net.node(name).stage), name)))


def _by_itself(question: Question, node_id: str, year: int) -> float:
    """Return what a plant does in a year without being chosen, as a part of its full capacity."""
    net, node = question.net, question.net.node(node_id)
    if year < cast(int, node.start_year):
        return 0.0
    row = capacities_in_force(net, year, question.plants).get(node_id, node)
    return (tonnage(net, row, "capacity", "central") or 0.0) / full(net, node_id)


def _counts(question: Question, node_id: str, horizon: Horizon) -> bool:
    """Whether a plant runs by the last year without being chosen."""
    node = question.net.node(node_id)
    is_there = node.start_year is None or node.start_year <= horizon.until
    return is_there and _comes(question, node_id)


def _comes(question: Question, node_id: str) -> bool:
    """Whether a plant runs in some year, and from then on, without being chosen."""
    node = question.net.node(node_id)
    return counts(node.status, question.plants) and node.end_year is None


def full(net: SupplyNetwork, node_id: str, level: LevelName = "central") -> float:
    """Return the capacity of a plant once it runs in full, in its own unit."""
    steps = _steps(net, node_id)
    names = [tonnage(net, row, "capacity", level) or 0.0 for row in (*steps, net.node(node_id))]
    return max(names)


def shape(net: SupplyNetwork, node_id: str, *, own: bool = True) -> tuple[float, ...]:
    """Return what a plant does by years since its start, as a part of its full capacity.

    As its own dated capacities say, moved with the start; else along the curve of its stage.
    """
    node, steps = net.node(node_id), _steps(net, node_id) if own else ()
    most = full(net, node_id)
    if steps and most > 0.0 and node.status != "operating":
        contents = {step.year: (step.capacity or 0.0) / most for step in steps}
    elif curve := curve_of(net, node):
        contents = {step.year: step.share for step in curve}
    else:
        return (1.0,)
    years = range(min(contents), max(contents) + 1)
    return tuple(contents[max(index for index in contents if index <= year)] for year in years)


def _steps(net: SupplyNetwork, node_id: str) -> tuple[Capacity, ...]:
    rows = cast("tuple[Capacity, ...]", net.rows("capacities"))
    steps = [row for row in rows if row.node_id == node_id]
    return tuple(sorted(steps, key=lambda row: row.year))


#: standing of the links that a choice opens: they are its own
_OWN: StandingName = "contracted"


def rule_of(option: str) -> str:
    """Return the id of the corridor that a contract opens."""
    return f"option.{option}"


def plants_of(offered: Iterable[Offer]) -> frozenset[str]:
    """Return the plants that run only if an option is chosen."""
    return frozenset(node for offer in offered if is_of_plants(offer.row) for node in offer.plants)


def widened(net: SupplyNetwork, offered: tuple[Offer, ...], links: str) -> SupplyNetwork:
    """Return a network in which all options are taken.

    The plants of options run at full capacity, from always on: how much of it counts in a year is
    for the program of the plan to say. A link of any standing holds where it begins or ends at one
    of them; between others only what the floor of links counts. A contract is a corridor of its
    own. Plants that are sped up keep the links that they have; those that begin with the plant come
    sooner with it. `links` is the weakest standing of those that hold by themselves.
    """
    new = plants_of(offered)
    sooner = {node for offer in offered if offer.row.kind == SOONER for node in offer.plants}
    in_full = new | sooner
    return net.replace(
        nodes=tuple(_running(net, row) if row.id in in_full else row for row in net.node_rows),
        capacities=tuple(
            row for row in net.rows("capacities") if getattr(row, "node_id", "") not in in_full
        ),
        circuits=tuple(_circuits(net, in_full)),
        edges=tuple(_edges(net, new, sooner, links)),
        rules=(*_rules(net, new, links), *_contracts(net, offered)),
    )


def _running(net: SupplyNetwork, node: Node) -> Node:
    """Return a plant as it runs in full."""
    update: dict[str, object] = {"capacity": full(net, node.id)}
    update |= {f"capacity_{end.name}": full(net, node.id, end.name) for end in ENDS.values()}
    update |= {"status": "operating", "start_year": None, "end_year": None}
    return node.model_copy(update=update)


def _circuits(net: SupplyNetwork, new: Set[str]) -> Iterator[Circuit]:
    """Yield the circuits of plants of options as they are once they run in full."""
    rows = cast("tuple[Circuit, ...]", net.rows("circuits"))
    yield from (row for row in rows if row.node_id not in new)
    for key in sorted({(row.node_id, row.group) for row in rows if row.node_id in new}):
        steps = [row for row in rows if (row.node_id, row.group) == key]
        last = max(steps, key=lambda row: (row.capacity, row.year or 0))
        yield last.model_copy(update={"year": None})


def _edges(net: SupplyNetwork, new: frozenset[str], sooner: Set[str], links: str) -> Iterator[Edge]:
    floor = STANDINGS.rank(links)
    for edge in net.edge_rows:
        bounds = {edge.source, edge.target}
        if bounds & new:
            yield edge.model_copy(update={"standing": _OWN, "start_year": None})
        elif STANDINGS.rank(edge.standing) <= floor:
            # without its first year where that is no later than its plant's own
            first = max((net.node(plant).start_year or 0 for plant in bounds & sooner), default=0)
            is_with_it = edge.start_year is not None and edge.start_year <= first
            yield edge.model_copy(update={"start_year": None}) if is_with_it else edge


def _rules(net: SupplyNetwork, new: frozenset[str], links: str) -> Iterator[Rule]:
    """Yield corridors with their ends by name: a selector may speak of what is built otherwise."""
    floor, own = STANDINGS.rank(links), {"standing": _OWN, "start_year": None}
    for corridor in corridors(net):
        is_counted = STANDINGS.rank(corridor.rule.standing) <= floor
        sources, targets = set(corridor.sources), set(corridor.targets)
        tollers = set(corridor.tollers)
        if not (sources | targets | tollers) & new:
            if is_counted:
                yield corridor.rule
        elif is_counted:
            yield from _between(corridor, sources, targets, tollers, "", {})
        else:
            yield from _between(corridor, sources & new, targets, tollers, ".from", own)
            yield from _between(corridor, sources - new, targets & new, tollers, ".to", own)
            if tollers & new:
                between = sources - new, targets - new, tollers & new
                yield from _between(corridor, *between, ".via", own)


def _between(
    corridor: Corridor,
    sources: set[str],
    targets: set[str],
    tollers: set[str],
    name: str,
    update: Mapping[str, object],
) -> Iterator[Rule]:
    """Yield a corridor between some of its ends, if there are any, by some plants of a toll."""
    if sources and targets:
        bounds = {
            "source": _named(source for source in corridor.sources if source in sources),
            "via": _named(toller for toller in corridor.tollers if toller in tollers),
            "target": _named(target for target in corridor.targets if target in targets),
        }
        yield corridor.rule.model_copy(
            update={"id": f"{corridor.rule.id}{name}", **bounds, **update}
        )


def _named(ids: Iterable[str]) -> str:
    return ",".join(f"node:{name}" for name in ids)


def _contracts(net: SupplyNetwork, offered: tuple[Offer, ...]) -> Iterator[Rule]:
    for row in (offer.row for offer in offered if offer.row.kind == "contract"):
        yield Rule(
            id=rule_of(row.id),
            source=_named(sorted(select(net, row.nodes).surely)),
            target=_named(sorted(select(net, row.target).surely)),
            form=str(row.form),
            **dict.fromkeys(("capacity", "capacity_low", "capacity_high"), row.capacity),
            unit=row.unit,
            standing=_OWN,
            reason=row.name,
            confidence=row.confidence,
            source_ids=row.source_ids,
            note=row.note,
        )


#: coverage of a point, ids that enter at it and ids that leave
Step: TypeAlias = tuple[float, tuple[str, ...], tuple[str, ...]]


def stocks_on_curve(steps: Sequence[Step], rows: Iterable[Option]) -> str:
    """Return at which points a stock enters, before, beside or in place of plants, in words.

    Points come with the cheapest first; it is empty where there is no stock to choose.

    Examples
    --------
    >>> stocks_on_curve([], [])
    ''
    """
    by_id = {row.id: row for row in rows}
    stocks = {name for name, row in by_id.items() if row.kind == "stock"}
    plants = {
        name for name, row in by_id.items() if row.kind in ("expand", SOONER) or is_of_plants(row)
    }
    if not stocks:
        return ""

    def names(ids: Iterable[str], of: set[str]) -> str:
        return " and ".join(by_id[name].name for name in ids if name in of)

    texts, taken, allowed = [], frozenset[str](), frozenset[str]()
    for index, (coverage, entering, leaving) in enumerate(steps, start=1):
        taken = (taken - set(leaving)) | (plants & set(entering))
        allowed |= taken
        text, gone = names(entering, stocks), names(leaving, plants)
        if not text:
            continue
        if gone:
            where = f"in place of {gone}"
        elif taken:
            later = next((step[1] for step in steps[index:] if plants & set(step[1])), ())
            where = f"beside plants{', before ' * bool(later)}{names(later, plants)}"
        else:
            where = "without any plant" if allowed else "before any plant"
        texts.append(f"{text} at {share(coverage)}, {where}")
    if not texts:
        return "No stock enters the curve: at each point what else is taken costs no more."
    return f"Stocks enter the curve: {'; '.join(texts)}."
