"""What is asked: the words that every analysis shares, checked once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from numbers import Integral
from typing import TYPE_CHECKING, Any

from supplynet.contract.headline import Headline
from supplynet.errors import DataError, OptionError, TableError, UnknownNameError
from supplynet.network.cache import cache_of
from supplynet.network.checks.tables import baskets_of_one_element, unknown_names
from supplynet.network.countries import country_name, with_article
from supplynet.network.names import bloc_named, remainder_of, stage_named
from supplynet.network.problems import raise_problems
from supplynet.network.scenario.compose import DESIGNS
from supplynet.network.scenario.scenario import scenario_list
from supplynet.network.scenario.years import default_year, scenario_notes, year_note
from supplynet.network.selector import KEYWORDS, Selection, country_set, select, select_some
from supplynet.network.tiers import Floors, counted, floors, tier_name
from supplynet.network.timeline import capacities_in_force
from supplynet.network.units import designed
from supplynet.sums import added
from supplynet.terms import LENSES, STATUSES, one_of
from supplynet.text import listing, tonnes

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import ScenarioLike
    from supplynet.terms import LevelName


#: before what is left out of a selector
_EXCEPT = " except "


@dataclass(frozen=True, repr=False)
class Question:
    """A checked question about a network.

    Parameters
    ----------
    net : SupplyNetwork
        With the scenarios applied, and corridors distinguished where restrictions do.
    to : str
        Selector of the target as it was asked.
    targets : frozenset of str
        Ids of the nodes where the flow must arrive.
    avoid : str
        Selector of what is shut, empty for nothing.
    shut : Selection
        The nodes that it names; wider where owners are unknown.
    year : int
    links : str
        Weakest standing of links that may be used.
    plants : str
        Furthest from running that a plant may be.
    lens : str
        Whether a country means where a plant stands or who owns it.
    notes : tuple of str
        What a reader must be told of its scenarios: which of them change nothing here, and why
        the year is another than that of today.
    """

    net: SupplyNetwork
    to: str
    targets: frozenset[str]
    avoid: str
    shut: Selection
    year: int
    links: str
    plants: str
    lens: str
    notes: tuple[str, ...] = field(default=(), repr=False)

    @property
    def tier(self) -> str:
        """What its links and plants are called together, see :mod:`supplynet.network.tiers`."""
        return tier_name(Floors(self.links, self.plants))

    @property
    def counted(self) -> str:
        """Its links and plants in a few words."""
        return counted(self.links, self.plants)

    def closed(self, level: LevelName) -> frozenset[str]:
        """Return what is shut at a level of the data: at the high end only what surely is."""
        return self.shut.surely if level == "high" else self.shut.possibly

    @property
    def to_name(self) -> str:
        """The target as a reader knows it."""
        return target_name(self.net, self.to)

    @property
    def avoid_name(self) -> str:
        """What is shut as a reader knows it, or an empty string."""
        return ", ".join(self.avoid_names)

    @property
    def to_names(self) -> tuple[str, ...]:
        """The parts of the target as a reader knows them; a name may hold a comma."""
        is_all = self.to.strip() == "all"
        return (self.to_name,) if is_all else selector_names(self.net, self.to)

    @property
    def is_several(self) -> bool:
        """Whether the target is of several names, so that a sentence speaks of them, not of it."""
        return len(self.to_names) > 1 or self.to.strip() == "all"

    @property
    def avoid_names(self) -> tuple[str, ...]:
        """The parts of what is shut as a reader knows them, inside a sentence."""
        names = selector_names(self.net, self.avoid) if self.avoid else ()
        stages = {stage.plural for stage in self.net.stages}
        return tuple(
            name[:1].lower() + name[1:] if name.partition(_EXCEPT)[0] in stages else name
            for name in names
        )

    def to_dict(self) -> dict[str, Any]:
        """The question, for JSON."""
        return {
            "to": self.to,
            "avoid": self.avoid,
            "year": self.year,
            "links": self.links,
            "plants": self.plants,
            "tier": self.tier,
            "lens": self.lens,
            "scenarios": list(self.net.applied),
            "notes": list(self.notes),
        }


def ask(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    avoid: str | Iterable[str] | None = None,
    year: int | None = None,
    links: str | None = None,
    plants: str | None = None,
    tier: str | None = None,
    lens: str = "location",
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = None,
    counts: str = "potential",
) -> Question:
    """Check the words of a question and look up what they name.

    `to` selects the nodes where the flow must arrive; a country or bloc means its nations.
    `counts` says what counts in the answer: charges and prices in that in money alone, caps in all
    of a balance. A DataError if the network knows only what crossed
    borders, and not what is made; a TableError if its rows name what is not there or units of links
    do not fit; an OptionError if the year lies outside the graph or a tier is given with links or
    plants.
    """
    _require_kinds(net, year)
    query = floors(links, plants, tier)
    require_production(net)
    changed = net if scenario is None else net.with_scenario(*scenario_list(scenario))
    _require_sound(changed)
    if changed.rows("restrictions"):
        from supplynet.analysis.arrays.restrict import split_by_restrictions

        # Corridors with a restriction on a part of them are split first, so that every later step
        # can treat a link as one. Kept with the network: the same scenario asked again finds the
        # same split.
        if "distinguished" not in cache_of(changed):
            cache_of(changed)["distinguished"] = split_by_restrictions(changed)
        changed = cache_of(changed)["distinguished"]
    first, last = net.commodity.first_year, net.commodity.last_year
    when = default_year(changed) if year is None else year
    if not first <= when <= last:
        raise OptionError(
            f"year {when} lies outside the graph {net.name}, which speaks of {first} to {last}"
        )
    one_of(lens, LENSES, "lens")
    to_text = joined(to)
    targets = target_nodes(changed, to_text)
    shut = Selection(frozenset(), frozenset())
    avoid_text = joined(avoid) if avoid is not None else ""
    if avoid_text:
        shut_nodes = select_some(changed, avoid_text, lens=lens, what="avoid")
        _require_apart(changed, to_text, avoid_text)
        nations = frozenset(changed.nation_ids)
        # Nations are users and no plants: shutting a country shuts what it makes, and whether it
        # draws is for each analysis to say.
        shut = Selection(shut_nodes.surely - nations, shut_nodes.possibly - nations)
        # Only surely: with owners unknown a plant may be shut at one end of the range and open at
        # the other.
        if targets & shut.surely:
            raise OptionError(
                f"{sorted(targets & shut.surely)[0]} is asked for and shut at once",
                hint="change what is asked for or what is avoided",
            )
    name = year_note(changed, when) if year is None else ""
    notes = [
        *([name] if name else []),
        *scenario_notes(changed, when, counts),
        *_unexplained_note(changed, when, query.plants, shut),
    ]
    return Question(
        changed,
        to_text,
        targets,
        avoid_text,
        shut,
        when,
        query.links,
        query.plants,
        lens,
        tuple(notes),
    )


def _unexplained_note(net: SupplyNetwork, year: int, plants: str, shut: Selection) -> Iterator[str]:
    """Say how much material of unexplained origin counts as open, where something is shut."""
    stages = {stage.name for stage in net.stages if stage.is_unexplained}
    steps = capacities_in_force(net, year, plants) if stages else {}
    rows = ((node, steps.get(node.id, node)) for node in net.node_rows)
    open_tonnes = added(
        ((country_name(node.country, net.commodity.areas), row.unit or "t"), row.capacity)
        for node, row in rows
        if node.stage in stages and node.id not in shut.surely and row.capacity
    )
    if not shut.surely or not open_tonnes:
        return
    largest = sorted(open_tonnes.items(), key=lambda entry: (-entry[1], entry[0]))
    names = listing(f"{name} {tonnes(amount)} {unit}" for (name, unit), amount in largest[:3])
    more = f" and {len(largest) - 3} more" if len(largest) > 3 else ""
    yield (
        f"Material of unexplained origin counts as open, though it may come from what is shut: "
        f"{names}{more}. The low end of the data range leaves it out; so does --avoid "
        f"{','.join(sorted(stages))}."
    )


def _require_apart(net: SupplyNetwork, to: str, avoid: str) -> None:
    """Refuse a question about a country or bloc that is shut as a whole itself."""
    same = {country_set(net, text.strip()) for text in avoid.split(",")} - {frozenset()}
    request = [country_set(net, piece.strip()) for piece in to.split(",")]
    if all(codes in same for codes in request):
        raise OptionError(
            f"{target_name(net, to)} is asked for and shut at once",
            hint=f"to shut a part of its plants name a stage, such as "
            f"{to.split(',')[0].strip()}:{net.stages[0].name}; to shut all of them and keep its "
            "demand write country: before its name",
        )


def joined(text: str | Iterable[str]) -> str:
    """Return one selector text for a selector or several."""
    return text if isinstance(text, str) else ",".join(text)


def target_nodes(net: SupplyNetwork, to: str) -> frozenset[str]:
    """Return the nodes that a target names: the nations among them where there are any.

    An UnknownNameError also for a country or bloc that is no nation of the graph: what its plants
    hold is no supply of it.
    """
    nations = frozenset(net.nation_ids)
    node_ids = select(net, to).surely
    if nations:
        for piece in (text.strip() for text in to.split(",")):
            codes = country_set(net, piece)
            if codes and not select(net, piece).surely & nations:
                raise _no_nation(net, piece, codes)
    return node_ids & nations or select_some(net, to, what="to").surely


def _no_nation(net: SupplyNetwork, piece: str, codes: frozenset[str]) -> UnknownNameError:
    """Say that a country is no nation of the graph, where its users are, and who is."""
    name = selector_name(net, piece)
    others = {nation for code in codes if (nation := remainder_of(net, code)) is not None}
    texts = [f"{nation} ({net.node(nation).name})" for nation in sorted(others)]
    where = f"; its users are in {' and '.join(texts)}" if texts else ""
    plants = f"; its plants are asked for by stage, such as {piece}:{net.stages[0].name}"
    return UnknownNameError(
        f"{name} is no nation of {net.name}, so that no demand of it is known{where}",
        hint=f"nations are {', '.join(net.nation_ids)}"
        f"{plants if select(net, piece).surely else ''}",
    )


def selector_name(net: SupplyNetwork, text: str) -> str:
    """Return a selector as a reader knows it: country and node names in place of codes."""
    return ", ".join(selector_names(net, text))


def selector_names(net: SupplyNetwork, text: str) -> tuple[str, ...]:
    """Return the parts of a selector as a reader knows them, each once.

    What is left out of it stands with the last: "mines except Vietnam".
    """
    parts = [piece.strip() for piece in text.split(",")]
    names = dict.fromkeys(
        _part_name(net, portion) for portion in parts if not portion.startswith("!")
    )
    left = dict.fromkeys(_part_name(net, share[1:]) for share in parts if share.startswith("!"))
    if not left:
        return tuple(names)
    *others, last = names or ["everything"]
    return (*others, f"{last}{_EXCEPT}{listing(map(with_article, left))}")


def target_name(net: SupplyNetwork, text: str) -> str:
    """Return a selector of those who are supplied as a reader knows it."""
    return "all nations" if text.strip() == "all" else selector_name(net, text)


def _part_name(net: SupplyNetwork, piece: str) -> str:
    """One part of a selector: country first, then what it is, keywords left out."""
    texts = [word for word in piece.split(":") if word not in KEYWORDS]
    kinds, places = [], []
    states = [word for word in texts if word in STATUSES]
    # names are reported before the graph is checked, too: a stage may be one that it does not know
    nations = {stage.name for stage in net.stages if stage.is_nation}
    for word in (word for word in texts if word not in STATUSES):
        if word in net.node_by_id and net.node(word).stage not in nations:
            places.append(net.node(word).name)
            continue
        codes = country_set(net, word)  # a country may be named in small letters too
        stage = word if word in net.stage_by_name else None if codes else stage_named(net, word)
        if stage is not None:
            kinds.append(net.stage_by_name[stage].plural)
            continue
        code = next(iter(codes)) if len(codes) == 1 else bloc_named(net, word) or word
        places.append(country_name(code, net.commodity.areas))
    is_owner = "owner" in piece.split(":")
    text = " ".join([*states, *kinds, *places])
    if places and (kinds or states or is_owner):
        nouns = (kind[:1].lower() + kind[1:] for kind in kinds or ["plants"])
        what = " ".join([*states, *nouns])
        text = f"{what} {'owned from' if is_owner else 'in'} {with_article(' '.join(places))}"
    return text


def via_list(net: SupplyNetwork, via: str | Iterable[str]) -> list[str]:
    """Return the selectors of a ``via=`` argument, each checked."""
    texts = via.split(",") if isinstance(via, str) else list(via)
    words_given = [word.strip() for word in texts if word.strip()]
    for word in words_given:
        select(net, word)
    return list(dict.fromkeys(words_given))


def _require_kinds(net: object, year: object) -> None:
    """Refuse what no question can be asked of: a name in place of its network, a year as text."""
    from supplynet.network.network import SupplyNetwork

    if not isinstance(net, SupplyNetwork):
        raise OptionError(
            f"a question is asked of a network, not of {str(net)[:80]!r}",
            hint="load it first, such as supplynet.load('rare-earths')",
        )
    if isinstance(year, Iterable) and not isinstance(year, str):
        raise OptionError(
            f"a question is about one year, not {listing(map(str, year))}",
            hint='supplynet.compare.sweep asks several, such as compare.sweep(net, {"now": {"to": '
            '"KOR", "year": 2026}, "later": {"to": "KOR", "year": 2030}}); coverage.outlook takes '
            "several",
        )
    if year is not None and not isinstance(year, Integral):
        raise OptionError(
            f"the year is a whole number, not {str(year)[:80]!r}", hint="write for example 2030"
        )


def require_production(net: SupplyNetwork) -> None:
    """Refuse a network that knows what crossed borders and not what is made."""
    if net.commodity.production == "unknown":
        raise DataError(
            f"{net.name} knows what crossed borders, not what is made: what could be had, or who "
            "gets how much, cannot be derived from it",
            hint="import with --production TABLE (production=), or ask trace and trace dependence",
        )


def _require_sound(net: SupplyNetwork) -> None:
    """Refuse a network whose rows name what is not there, or links in units that do not fit.

    Sources may be missing: nothing is computed from them. A link of one element in a unit of the
    basket would count as shut without a word, for it knows no share of a basket.
    """
    if "sound" not in cache_of(net):
        named = [problem for problem in unknown_names(net) if problem.column != "source_ids"]
        raise_problems(
            named or list(baskets_of_one_element(net)), TableError, what=f"network {net.name}"
        )
        cache_of(net)["sound"] = True


#: by condition and form: a coverage, its low and its high end
Coverages = Mapping[str, Mapping[str, tuple[float, float, float]]]
#: a coverage that owners move by less than this part of it stands without that of the other lens
LEAST_OF_OWNERS = 0.1
#: the conditions, and what each is called beside the answer as it was asked
CONDITIONS = {
    "redesigned": "re-designed",
    "high_contents": "high contents",
    "nothing_shut": "with nothing shut",
    "control": "by who owns plants",
}
#: those that have contents at their ends
OF_CONTENTS = ("redesigned", "high_contents")


def alternatives(question: Question) -> dict[str, Question]:
    """Return a question under each condition that would make it another one, by name.

    ``redesigned``: every use may hold as little of what is scarce as the low ends of its contents;
    ``high_contents``: every use holds their high ends;
    ``nothing_shut``: business as usual; ``control``: plants count by who owns them.

    Examples
    --------
    >>> import supplynet as sn
    >>> list(alternatives(ask(sn.load("tutorial"), to="MLT", avoid="ISL")))
    ['nothing_shut', 'control']
    """
    net, others = question.net, dict[str, Question]()
    names = {row.product for row in net.demand_rows if row.nation in question.targets}
    for design, scenario in DESIGNS.items():
        able = designed(net, design) & names
        if any(net.product_by_id[product].design == "as-built" for product in able):
            others[design.replace("-", "_")] = replace(question, net=net.with_scenario(scenario))
    if question.avoid:
        nothing = Selection(frozenset(), frozenset())
        others["nothing_shut"] = replace(question, avoid="", shut=nothing)
        if question.lens == "location":
            owned = ask(
                net,
                to=question.to,
                avoid=question.avoid,
                year=question.year,
                links=question.links,
                plants=question.plants,
                lens="control",
            )
            if owned.shut != question.shut:
                others["control"] = owned
    return others


def headlines(coverages: Coverages, form: str, headline: Headline) -> dict[str, Headline]:
    """Return a headline of a form under each condition that makes it another, by name.

    By who owns plants only where that moves it by more than a tenth.
    """
    own, nowhere = headline.value or 0.0, dict.fromkeys(headline.read_off)
    others = {name: by_form[form] for name, by_form in coverages.items() if form in by_form}
    return {
        name: replace(headline, value=value, low=low, high=high, read_off=nowhere)
        for name, (value, low, high) in others.items()
        if name != "control" or abs(value - own) > LEAST_OF_OWNERS * own
    }
