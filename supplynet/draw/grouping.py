"""Boxes of the flow: plants gathered by country or name, and the column that each stands in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from supplynet.analysis.question import Question
from supplynet.draw.answer import Answer, Chain, Segment
from supplynet.draw.style import RIBBON_CLASS
from supplynet.draw.words import named, plant_name
from supplynet.network.countries import brief_name
from supplynet.network.selector import holder
from supplynet.network.timeline import capacities_in_force
from supplynet.terms import DETAILS, DetailName
from supplynet.text import plain

#: boxes of a column that are drawn one by one where nothing else is asked
DEFAULT_TOP = dict(zip(DETAILS, (6, 6), strict=True))


@dataclass
class Group:
    """A box in the making."""

    key: str
    stage: int
    title: str
    country: str
    brief: str = ""
    code: str = ""
    flow: float = 0.0
    members: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    cut: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    is_sum: bool = False
    is_estimated: bool = False


@dataclass
class Bundle:
    """A ribbon in the making."""

    tail: str
    head: str
    kind: str
    cut: str
    tonnes: float = 0.0
    parts: dict[Segment, float] = field(default_factory=lambda: defaultdict(float))


@dataclass(frozen=True)
class Gathered:
    """All boxes and ribbons of a picture."""

    groups: dict[str, Group]
    bundles: tuple[Bundle, ...]


def gather(answer: Answer, *, level: DetailName, top: int | None, with_cut: bool) -> Gathered:
    """Gather the ways of an answer into boxes and ribbons.

    Parameters
    ----------
    level : {"country", "facility"}
        Whether a box is a country at a stage or a single plant.
    top : int or None
        Boxes of a column that stand alone, largest first; the rest make one box.
    with_cut : bool
        Whether members of the minimum cut are distinguished.
    """
    keys = _Keys(answer.question, level)
    keys.merge_small(answer, DEFAULT_TOP[level] if top is None else top)
    groups: dict[str, Group] = {}
    bundles: dict[tuple[str, str, str, str], Bundle] = {}
    for chain in answer.chains:
        _add_chain(groups, keys, chain, with_cut=with_cut)
        own = {node: keys.of(node) for node in chain.nodes}
        add_segments(bundles, own, chain, RIBBON_CLASS[chain.standing], with_cut=with_cut)
    _tell_estimates(answer, groups.values())
    ordered = sorted(
        bundles.values(), key=lambda bundle: (bundle.tail, bundle.head, bundle.kind, bundle.cut)
    )
    return Gathered({key: groups[key] for key in sorted(groups)}, tuple(ordered))


def _tell_estimates(answer: Answer, groups: Iterable[Group]) -> None:
    """Add whether what the plants of each box can carry is mostly estimated."""
    net = answer.question.net
    steps = capacities_in_force(net, answer.question.year, answer.question.plants)
    for group in groups:
        if net.stages[group.stage].is_nation:
            continue
        guessed = sum(
            tonnes
            for name, tonnes in group.members.items()
            if steps.get(name, net.node(name)).confidence == "estimated"
        )
        group.is_estimated = guessed > 0.5 * sum(group.members.values())


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


class _Keys:
    """To which box each node belongs."""

    def __init__(self, question: Question, level: DetailName) -> None:
        self.question, self.level = question, level
        self.net = question.net
        self.places = {stage.name: index for index, stage in enumerate(self.net.stages)}
        self.merged: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        self.first: dict[str, str] = {}  #: the largest in each sum

    def stage(self, node_id: str) -> int:
        return self.places[self.net.node(node_id).stage]

    def own(self, node_id: str) -> str:
        """The box of a node before small ones are put together."""
        country = holder(self.net, node_id, self.question.lens)
        head = f"{self.stage(node_id)}|"
        if node_id in bloc_of(self.question):
            return f"{head}target|"
        return head + (f"country|{country}" if self.level == "country" else f"node|{node_id}")

    def of(self, node_id: str) -> str:
        own = self.own(node_id)
        return self.merged.get(own, own)

    def merge_small(self, answer: Answer, top: int) -> None:
        """Put the boxes of each column that are beyond the largest into one."""
        flow: dict[str, float] = defaultdict(float)
        for chain in answer.chains:
            for key in {self.own(node) for node in chain.nodes}:
                flow[key] += chain.tonnes
        columns: dict[str, list[str]] = defaultdict(list)
        for key in sorted(flow, key=lambda key: (-flow[key], key)):
            columns[key.split("|")[0]].append(key)
        for column, keys in columns.items():
            others = keys[top:]
            if len(others) > 1:  # a sum of one box would only hide its name
                name = f"{column}|others|sum"
                self.sizes[name], self.first[name] = len(others), others[0]
                self.merged.update(dict.fromkeys(others, name))

    def new_group(self, key: str, node_id: str) -> Group:
        node = self.net.node(node_id)
        country = holder(self.net, node_id, self.question.lens)
        kind = key.split("|")[1]
        full, brief = named(country, self.net.commodity.areas)
        group = Group(key, self.stage(node_id), full, country)
        if key in self.sizes:
            n_more = self.sizes[key] - 1
            _, kind, label = self.first[key].split("|", 2)
            if kind == "country":
                largest = plain(brief_name(label, self.net.commodity.areas))
                title, brief = f"{largest} and {n_more} more", f"{largest} + {n_more}"
                return replace(group, title=title, brief=brief, country="", is_sum=True)
            return replace(group, title=f"{n_more + 1} others", country="", is_sum=True)
        if kind == "target":
            owners = {
                holder(self.net, target, self.question.lens) for target in self.question.targets
            }
            if len(owners) > 1:
                return replace(group, title=plain(self.question.to_name), country="")
        if kind == "node" and not self.net.stage_by_name[node.stage].is_nation:
            return replace(group, title=plant_name(node), code=country)
        return replace(group, brief=brief)


def _add_chain(groups: dict[str, Group], keys: _Keys, chain: Chain, *, with_cut: bool) -> None:
    previous = ""
    for node in chain.nodes:
        key = keys.of(node)
        if key not in groups:
            groups[key] = keys.new_group(key, node)
        group = groups[key]
        group.members[node] += chain.tonnes
        if with_cut and node == chain.cut_node:
            group.cut[node] += chain.tonnes
        if key != previous:  # two plants of one box in a row: the flow passes it once
            group.flow += chain.tonnes
        previous = key


def add_segments(
    bundles: dict[tuple[str, str, str, str], Bundle],
    keys: Mapping[str, str],
    chain: Chain,
    kind: str,
    *,
    with_cut: bool,
) -> None:
    """Add the links of a chain to the ribbons between boxes, whose keys are reported by node."""
    for segment in chain.segments:
        tail, head = keys[segment.tail], keys[segment.head]
        if tail == head:
            continue
        cut = segment.cut if with_cut else ""
        bundle = bundles.setdefault((tail, head, kind, cut), Bundle(tail, head, kind, cut))
        bundle.tonnes += chain.tonnes
        bundle.parts[segment] += chain.tonnes


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns from left to right."""

    of: dict[str, int]  #: column by key of box
    #: place of each stage in the chain, with its first and last column
    spans: tuple[tuple[int, int, int], ...]

    @property
    def last(self) -> int:
        """The last column."""
        return max(self.of.values(), default=0)


def columns_of(gathered: Gathered) -> Columns:
    """Return the columns of gathered boxes.

    A box that is fed by one of the same stage stands a column to the right of it.
    """
    feeding: dict[str, list[str]] = defaultdict(list)
    groups = gathered.groups
    for bundle in gathered.bundles:
        if groups[bundle.tail].stage == groups[bundle.head].stage:
            feeding[bundle.head].append(bundle.tail)
    depths: dict[str, int] = {}
    for key in groups:
        _depth(key, feeding, depths, ())
    deepest: dict[int, int] = defaultdict(int)
    for key, group in groups.items():
        deepest[group.stage] = max(deepest[group.stage], depths[key])
    first, spans = 0, []
    firsts: dict[int, int] = {}
    for stage in sorted(deepest):
        firsts[stage] = first
        spans.append((stage, first, first + deepest[stage]))
        first += deepest[stage] + 1
    return Columns(
        {key: firsts[group.stage] + depths[key] for key, group in groups.items()}, tuple(spans)
    )


def _depth(
    key: str, feeding: dict[str, list[str]], depths: dict[str, int], waiting: tuple[str, ...]
) -> int:
    """Longest way within the stage to a box; what closes a circle counts as a way back."""
    if key not in depths:
        before = [name for name in sorted(feeding[key]) if name != key and name not in waiting]
        depths[key] = max(
            (1 + _depth(text, feeding, depths, (*waiting, key)) for text in before), default=0
        )
    return depths[key]
