"""What a picture of what could arrive must know, as chains of real nodes, from any result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from supplynet.analysis.arrays.skeleton import Arc
from supplynet.analysis.arrays.solving import Solved
from supplynet.analysis.flow.bypass import BypassResult, ElementBypass
from supplynet.analysis.flow.flow import floors_of, potential, solve_question
from supplynet.analysis.flow.names import arc_name, plant_of, vertex_name
from supplynet.analysis.flow.rows import FlowResult
from supplynet.analysis.potential.ask import on_floors, potential_of
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.analysis.potential.ways import PlanPath
from supplynet.analysis.question import Question
from supplynet.errors import OptionError
from supplynet.network.cache import cache_of
from supplynet.network.demand import DemandFigure, demand
from supplynet.network.schema import Rule
from supplynet.network.selector import Selection
from supplynet.network.units import content_share, flow_unit
from supplynet.questions.contested import AllocateResult
from supplynet.questions.potential import PotentialResult
from supplynet.terms import STANDINGS, did_you_mean

if TYPE_CHECKING:
    from supplynet.analysis.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of a chain between two nodes."""

    #: tail, head: ids of nodes
    tail: str
    head: str
    standing: str  #: of the weakest link between them
    form: str = ""  #: what travels
    how: str = ""  #: the rule that assumes the link, or an empty string for a named link
    #: the member of the minimum cut that it crosses between the nodes, in words, or empty
    cut: str = ""
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """One way from the ground to the target, with its links."""

    nodes: tuple[str, ...]
    segments: tuple[Segment, ...]  #: one between each two neighbors
    cut_node: str  #: the node on it that is a member of the minimum cut, or an empty string
    tonnes: float  #: t/yr that arrive by it

    @property
    def standing(self) -> str:
        """Standing of the weakest link of all: what rests on it is no surer."""
        ranks = [STANDINGS.rank(segment.standing) for segment in self.segments]
        return STANDINGS.names[max(ranks, default=0)]


@dataclass
class Bundle:
    """A ribbon in the making."""

    tail: str
    head: str
    kind: str
    cut: str
    tonnes: float = 0.0
    parts: dict[Segment, float] = field(default_factory=lambda: defaultdict(float))


#: by tail, head, kind and limit
Bundles = dict[tuple[str, str, str, str], Bundle]


def add_segments(
    bundles: Bundles,
    keys: Mapping[str, str],
    chain: Chain,
    kind: str,
    *,
    is_limited: bool = True,
) -> None:
    """Add the links of a chain to the ribbons between boxes, whose keys are reported by node."""
    for segment in chain.segments:
        tail, head = keys[segment.tail], keys[segment.head]
        if tail == head:
            continue
        cut = segment.cut if is_limited else ""
        add_part(bundles, (tail, head, kind, cut), segment, chain.tonnes)


def add_part(
    bundles: Bundles, key: tuple[str, str, str, str], segment: Segment, tonnes: float
) -> None:
    """Add what goes along a segment to the ribbon that it is a part of."""
    bundle = bundles.setdefault(key, Bundle(*key))
    bundle.tonnes += tonnes
    bundle.parts[segment] += tonnes


def bloc_of(question: Question) -> frozenset[str]:
    """Return the targets that a picture of a potential shows as one; none if there is but one.

    Which of them takes a tonne is no matter for what could arrive: a bloc is one box, one marker.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> sorted(bloc_of(sn.coverage(net, to="MLT,ISL").question))
    ['ISL', 'MLT']
    """
    return question.targets if len(question.targets) > 1 else frozenset()


def chains_of(solved: Solved) -> tuple[Chain, ...]:
    """Return the flow as chains, largest first.

    The chains are those of :func:`supplynet.analysis.flow.flow.Routes`, with the standing of
    each link in place of the weakest one only.
    """
    chains = [_chain(solved, path.arcs, path.amount) for path in solved.paths]
    return tuple(sorted(chains, key=lambda chain: (-chain.tonnes, chain.nodes)))


def _chain(solved: Solved, arcs: tuple[int, ...], amount: float) -> Chain:
    graph = solved.graph
    names = graph.net.node_by_id
    cut_nodes = set(solved.cut.nodes.tolist())
    nodes: list[str] = []
    segments: list[Segment] = []
    pending: list[int] = []
    cut_node = ""
    for arc in arcs:
        pending.append(arc)
        head = int(graph.head[arc])
        label = plant_of(graph.labels[head])
        if label not in names or label in nodes[-1:]:
            continue
        if nodes:
            segments.append(_segment(solved, nodes[-1], label, pending))
        nodes.append(label)
        pending = []
        if head in cut_nodes:
            cut_node = label
    return Chain(tuple(nodes), tuple(segments), cut_node, amount)


def _segment(solved: Solved, tail: str, head: str, places: list[int]) -> Segment:
    graph = solved.graph
    used = [arc for position in places if (arc := graph.arcs[position]) is not None]
    cut_nodes, cut_arcs = set(solved.cut.nodes.tolist()), set(solved.cut.arcs.tolist())
    cut = next((arc_name(solved, location) for location in places if location in cut_arcs), "")
    between = [int(graph.head[index]) for index in places[:-1]]
    cut = next((vertex_name(solved, number_) for number_ in between if number_ in cut_nodes), cut)
    return _between(tail, head, used, cut)


def _between(tail: str, head: str, used: Iterable[Arc], cut: str) -> Segment:
    """Return a segment by the arcs that it goes along."""
    arcs = tuple(used)
    rules = [arc.link for arc in arcs if isinstance(arc.link, Rule)]
    return Segment(
        tail=tail,
        head=head,
        standing=STANDINGS.names[max((arc.rank for arc in arcs), default=0)],
        form=arcs[0].form if arcs else "",
        how=rules[0].id if rules else "",
        cut=cut,
        source_ids=tuple(dict.fromkeys(name for arc in arcs for name in arc.link.source_ids)),
    )


# -- plans of a balance --------------------------------------------------------------------


def plan_chains(result: SolvedPotential, element: str) -> tuple[Chain, ...]:
    """Return what a potential serves of an element as chains, largest first.

    Their tonnes add up to what arrives in the products that are served. Limits that hold the
    plan down, so that one more tonne of them would serve more, are the members of its cut.
    """
    names: dict[tuple[str, str], str] = {}
    for row in result.binding:
        names[row.kind, row.id] = row.name
    return tuple(_plan_chain(path, names) for path in result.paths(element))


def _plan_chain(path: PlanPath, names: Mapping[tuple[str, str], str]) -> Chain:
    steps = zip(path.nodes, path.nodes[1:], path.links, strict=False)
    segments = tuple(_between(tail, head, arcs, _cut(arcs, names)) for tail, head, arcs in steps)
    members = [node for node in path.nodes if ("node", node) in names]
    return Chain(path.nodes, segments, members[0] if members else "", path.tonnes)


def _cut(arcs: Iterable[Arc], names: Mapping[tuple[str, str], str]) -> str:
    """Return the limit that links meet, in words; empty for none."""
    for arc in arcs:
        more = f", {arc.contract}" if arc.contract else ""
        key = ("link", f"{arc.tail} -> {arc.head} ({arc.form}{more})")
        if isinstance(arc.link, Rule):
            key = ("rule", arc.link.id)
        if key in names:
            return names[key]
    return ""


_Part = TypeVar("_Part")

Drawable = PotentialResult | SolvedPotential | BypassResult | ElementBypass | FlowResult

_NOTHING = Selection(frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Answer:
    """What could arrive, with what surrounds it."""

    question: Question
    element: str
    unit: str
    #: one of "balance", "flow"; whether every loss and shared plant counts, or it is the maximum
    #: flow of the element
    model: str
    value: float  #: t/yr that arrive on the chains: what is drawn at the target
    #: t/yr that could arrive if the element alone counted: a plan that serves all products brings
    #: less of most; None where that is not worked out
    most: float | None
    need: DemandFigure  #: of the element
    #: name of a tier and t/yr that could arrive on what it counts on, surest first; the last is the
    #: one that is drawn
    tiers: tuple[tuple[str, float], ...]
    chains: tuple[Chain, ...]  #: what arrives, as ways
    #: ways with nothing shut that pass what is shut: together at most demand, where one is known
    lost: tuple[Chain, ...]
    lost_value: float  #: t/yr on all such ways
    #: ``value`` at the low and high end of the data, of a maximum flow
    spread: tuple[float, float] | None
    #: of a balance: title of each form with products that hold the element, its demand, coverage
    #: and ends of the coverage
    forms: tuple[tuple[str, float, float, float, float], ...]
    limits: tuple[str, ...]  #: what stops more, in words, the weightiest first
    is_upper_bound: bool
    provenance: Provenance


def answer_of(
    result: Drawable,
    element: str | None,
    *,
    has_ranges: bool = True,
    is_brief: bool = False,
) -> Answer:
    """Return what to draw of a result.

    Parameters
    ----------
    has_ranges : bool
        Whether the ends of the coverage of a potential are reported, and the most of the element
        alone, which takes three programs more.
    is_brief : bool
        Of a potential only what its own plan states: no end of the data, no surer tier, nothing of
        what is shut, for each of those is a program more.

    Raises
    ------
    OptionError
        If the result holds nothing to draw, or nothing of the element.
    """
    result = plan_of(result)
    if isinstance(result, SolvedPotential):
        named = named_element(result, element)
        return _of_plan(result, named, has_ranges=has_ranges, is_brief=is_brief)
    flow = _flow_of(result, element)
    question = flow.question
    lost: tuple[Chain, ...] = ()
    if question.avoid:
        reference = solve_question(question, flow.element, closed=frozenset())
        lost = _passing(chains_of(reference), question)
    return Answer(
        question=question,
        element=flow.element,
        unit=flow.unit,
        model="flow",
        value=flow.value,
        most=flow.value,
        need=flow.demand,
        tiers=_tiers_of(flow),
        chains=chains_of(flow.solved),
        lost=_up_to(lost, max(flow.demand.value, flow.value) if flow.demand.value else None),
        lost_value=sum(chain.tonnes for chain in lost),
        spread=(flow.low, flow.high),
        forms=(),
        limits=tuple(member.name for member in flow.cut),
        is_upper_bound=flow.is_upper_bound,
        provenance=flow.provenance,
    )


def before_and_after(
    result: Drawable, element: str | None
) -> tuple[SolvedPotential | FlowResult, SolvedPotential | FlowResult]:
    """Return what could arrive of an element with nothing shut, and as it was asked.

    Raises
    ------
    OptionError
        If the result holds nothing to draw, or nothing of the element.
    """
    result = plan_of(result)
    if isinstance(result, SolvedPotential):
        opened = replace(result.question, shut=_NOTHING, avoid="")
        return drawn_potential(opened, (named_element(result, element),)), result
    flow = _flow_of(result, element)
    return potential(replace(flow.question, shut=_NOTHING, avoid=""), flow.element), flow


def plan_of(result: Any) -> Any:
    """Return the programs of an answer, of which pictures are; another result as it is."""
    return result.solved if isinstance(result, PotentialResult | AllocateResult) else result


# -- potentials by the balance -------------------------------------------------------------


def _of_plan(result: SolvedPotential, element: str, *, has_ranges: bool, is_brief: bool) -> Answer:
    question, net = result.question, result.question.net
    cache_of(net).setdefault(_key(question), result)
    chains = plan_chains(result, element)
    lost: tuple[Chain, ...] = ()
    value = sum(chain.tonnes for chain in chains)
    if question.avoid and not is_brief:
        reference = drawn_potential(replace(question, shut=_NOTHING, avoid=""), (element,))
        routes = plan_chains(reference, element)
        lost = _passing(routes, question)
    *lower, (drawn, _) = floors_of(question).items()
    surer = () if is_brief else lower
    tiers = [(name, _served(on_floors(question, counted), element)) for name, counted in surer]
    products = net.product_by_id.values()
    holding = {product.form for product in products if content_share(net, product.id, element)}
    return Answer(
        question=question,
        element=element,
        unit=flow_unit(net, element),
        model="balance",
        value=value,
        most=most_of(result, element) if has_ranges and not is_brief else None,
        need=demand(net, question.targets, element, question.year),
        tiers=(*tiers, (drawn, value)),
        chains=chains,
        lost=lost,
        lost_value=sum(chain.tonnes for chain in lost),
        spread=None,
        forms=tuple(
            (row.title, row.need, row.coverage, row.coverage_low, row.coverage_high)
            for row in (result.forms if has_ranges and not is_brief else result.central_forms)
            if row.form in holding
        ),
        limits=tuple(row.name for row in result.binding),
        is_upper_bound=False,
        provenance=result.provenance,
    )


def drawn_potential(question: Question, elements: tuple[str, ...]) -> SolvedPotential:
    """Return the potential of a question, solved once for all pictures of a network.

    Its plan serves all elements together, so that pictures of each are of one and the same.

    Parameters
    ----------
    elements : tuple of str
        That the result is asked of.

    Raises
    ------
    OptionError, UnboundedError, CertificateError
        As :func:`supplynet.analysis.potential.potential_of`.
    """
    cache = cache_of(question.net)
    if _key(question) not in cache:
        cache[_key(question)] = potential_of(question, element=list(elements))
    solved_potential: SolvedPotential = cache[_key(question)]
    if solved_potential.question.lens == question.lens and set(elements) <= set(
        solved_potential.asked_elements
    ):
        return solved_potential
    again = replace(solved_potential, question=question, asked_elements=elements)
    # the plan is one, and with it what binds and its paths
    vars(again).update(binding=solved_potential.binding, _paths=solved_potential._paths)
    return again


def most_of(result: SolvedPotential, element: str) -> float:
    """Return t/yr of an element that could arrive if it alone counted: a program of its own."""
    return max(result.plan.most_of(element), sum(path.tonnes for path in result.paths(element)))


def _key(question: Question) -> tuple[object, ...]:
    """What the plan of a potential depends on: where nothing is shut, no lens."""
    shut = question.shut.possibly
    return "drawn", question.targets, question.year, question.links, question.plants, shut


def _served(question: Question, element: str) -> float:
    """Return t/yr of an element that the potential of a question serves."""
    return sum(path.tonnes for path in drawn_potential(question, (element,)).paths(element))


def named_element(result: SolvedPotential, element: str | None) -> str:
    """Return an element that a potential was asked of, by default its first.

    Raises
    ------
    OptionError
        If it was not asked of the element.
    """
    return _pick({name: name for name in result.asked_elements}, element)


# -- maximum flows -------------------------------------------------------------------------


def _flow_of(result: Drawable, element: str | None) -> FlowResult:
    if isinstance(result, BypassResult):
        bypass = _pick(
            {element_bypass.element: element_bypass for element_bypass in result.elements}, element
        )
    elif isinstance(result, ElementBypass | FlowResult):
        if element is not None and element.casefold() != result.element.casefold():
            raise OptionError(f"the result speaks of {result.element}, not of {element!r}")
        if isinstance(result, FlowResult):
            return result
        bypass = result
    else:
        raise OptionError(
            "a picture of layers needs the result of potential, bypass or max_flow, not "
            f"{type(result)}"
        )
    return bypass.flow


def _pick(parts: Mapping[str, _Part], element: str | None) -> _Part:
    if element is None:
        return next(iter(parts.values()))
    for name, portion in parts.items():
        if name.casefold() == element.casefold():
            return portion
    raise OptionError(
        f"the result holds no element {element!r}; it holds {', '.join(parts)}",
        hint=did_you_mean(element, list(parts)),
    )


def _tiers_of(flow: FlowResult) -> tuple[tuple[str, float], ...]:
    """The same tiers as a bypass has, for a plain flow."""
    question = flow.question
    result = {
        name: solve_question(question, flow.element, links=floors.links, plants=floors.plants).value
        for name, floors in floors_of(question).items()
    }
    return tuple(result.items())


# -- shared --------------------------------------------------------------------------------


def _passing(chains: Iterable[Chain], question: Question) -> tuple[Chain, ...]:
    shut = question.shut.possibly
    return tuple(chain for chain in chains if not shut.isdisjoint(chain.nodes))


def _up_to(chains: tuple[Chain, ...], most: float | None) -> tuple[Chain, ...]:
    """Return chains that add up to at most so much, each in proportion.

    What nobody needs would make all the rest look small.
    """
    total = sum(chain.tonnes for chain in chains)
    if most is None or total <= most:
        return chains
    return tuple(replace(chain, tonnes=chain.tonnes * most / total) for chain in chains)
