"""Words and sentences that every report shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from supplynet.network.countries import country_name, with_article
from supplynet.network.selector import select
from supplynet.network.units import BASKET, content_share, flow_unit
from supplynet.terms import PLANTS, STANDINGS
from supplynet.text import few, gap_at_most, listing, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import Tier
    from supplynet.analysis.question import Question
    from supplynet.network.demand import DemandFigure
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Source
    from supplynet.solve.check import Certificate

#: what a contested figure is, and what it must not be mixed with
CONTESTED = (
    "Every figure here is contested: what nations get when all of them buy at once and the best "
    "use is made of every plant. It is no forecast and knows no prices. Never set it beside a "
    "potential, which is the most that could arrive if one nation had exclusive access."
)
#: the same of a balance in money
CONTESTED_MONEY = (
    "Every figure here is contested: what nations get when all of them buy at once and one "
    "planner runs every plant by the costs and prices of the graph, many of which are estimates. "
    "It is no forecast of a market. Never set it beside a potential, which is the most that could "
    "arrive if one nation had exclusive access."
)


class Counted(Protocol):
    """What says which links and plants it counts on: a question, a tier or a potential."""

    @property
    def links(self) -> str:
        """Weakest standing of links that may be used."""

    @property
    def plants(self) -> str:
        """Furthest from running that a plant may be."""


def capitalized(text: str) -> str:
    """Return a text with its first letter as a capital, the others as they are."""
    return text[:1].upper() + text[1:]


def in_sentence(title: str) -> str:
    """A title inside a sentence; abbreviations keep their capitals."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def the(name: str) -> str:
    """Return a name with its article, where English asks for one.

    Examples
    --------
    >>> the("EU"), the("United States"), the("Japan"), the("EU, United Kingdom")
    ('the EU', 'the United States', 'Japan', 'the EU and the United Kingdom')
    """
    return listing(map(with_article, name.split(", ")))


def count(number: int, one: str, many: str = "") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> count(1, "route"), count(3, "country", "countries"), count(0, "route")
    ('1 route', '3 countries', 'no route')
    """
    if number == 0:
        return f"no {one}"
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def untold(span: str, also: Sequence[str] = ()) -> str:
    """Return what a first page does not state, and which options add it; empty for nothing.

    `span` are those of the data, which ``--ranges`` adds too, empty where they are reported.

    Examples
    --------
    >>> untold("both ends"), untold("", ["months"])
    ('Without both ends; --full or --ranges adds them.', 'Without months; --full adds it.')
    >>> untold("both ends", ["months"])
    'Without both ends, which --ranges adds, and months; --full adds both.'
    """
    if not also:
        return f"Without {span}; --full or --ranges adds them." if span else ""
    text, n = listing(also), len(also)
    if span:
        text, n = f"{span}, which --ranges adds, {text if n > 1 else f'and {text}'}", n + 1
    return f"Without {text}; --full adds {('it', 'both', 'all')[min(n, 3) - 1]}."


def target(question: Question) -> str:
    """Return the target inside a sentence."""
    return _the_parts(question.to_names)


def avoided(question: Question) -> str:
    """Return what is avoided inside a sentence; empty for nothing."""
    return _the_parts(question.avoid_names)


def _the_parts(names: tuple[str, ...]) -> str:
    """Return names in a sentence; where one of them holds a comma, semicolons part them."""
    texts = [with_article(name) for name in names]
    is_apart = len(texts) > 1 and any(", " in word for word in texts)
    return "; ".join(texts) if is_apart else listing(texts)


def without(question: Question) -> str:
    """Return `` without China``, or nothing."""
    return f" without {avoided(question)}" if question.avoid else ""


def origins(net: SupplyNetwork) -> str:
    """Return what the graph calls the places where its chains begin, such as mines.

    Examples
    --------
    >>> import supplynet as sn
    >>> origins(sn.load("tutorial"))
    'mines'
    """
    names = (stage.plural for stage in net.stages if stage.is_origin)
    return listing(name[:1].lower() + name[1:] for name in names)


def element_name(net: SupplyNetwork, element: str) -> str:
    """Return an element as a reader knows it."""
    return f"{net.commodity.family} (all together)" if element == BASKET else element


def element_cell(net: SupplyNetwork, element: str) -> str:
    """Return an element with the unit of its figures, for the first cell of a row."""
    name = net.commodity.family if element == BASKET else element
    return f"{name}, {flow_unit(net, element)}"


def scenario_phrase(net: SupplyNetwork) -> str:
    """Return which scenarios are applied, as the end of a sentence; empty for none.

    A draft of national totals is said to be one here, so that every answer does.
    """
    draft = ", by a draft of national totals" if net.commodity.production == "countries" else ""
    if not net.applied:
        return draft
    word = "scenario" if len(net.applied) == 1 else "scenarios"
    return f" under the {word} {listing(net.applied)}{draft}"


def titled(question: Question, text: str, whom: str | None = None, when: str = "") -> str:
    """Return a title: what it is of whom, by default the target, without whom, and when.

    Examples
    --------
    >>> import supplynet as sn
    >>> flow = sn.flow(sn.load("tutorial"), to="MLT", avoid="ISL", year=2026)
    >>> titled(flow.question, "Supply of ")
    'Supply of Malta without Iceland, 2026'
    """
    name = target(question) if whom is None else whom
    return (
        f"{text}{name}{without(question)}, {when or question.year}{scenario_phrase(question.net)}"
    )


def followed(net: SupplyNetwork, elements: Sequence[str]) -> str:
    """Return that only some elements are followed, in a sentence; empty where all are."""
    if not set(net.commodity.elements) - set(elements):
        return ""
    names = listing(element_name(net, element) for element in elements)
    verb, it = ("is", "it") if len(elements) == 1 else ("are", "them")
    return (
        f"Only {names} {verb} followed: products without {it} are left out, and what the others "
        "need of other elements is not counted, so that more of these may be served than with all."
    )


def asked(question: Question, elements: Sequence[str]) -> str:
    """Return the question as a question."""
    names = listing(element_name(question.net, element) for element in elements)
    return (
        f"How much {names} could reach {target(question)} in {question.year}"
        f"{without(question)}{scenario_phrase(question.net)}?"
    )


def meaning(question: Question) -> str:
    """Return what a potential is, in plain words."""
    text = (
        f"Every figure is a potential: the most that could arrive if {target(question)} had the "
        f"whole network to {'themselves' if question.is_several else 'itself'}. It is not a "
        "forecast, and not what is left once other buyers have taken their part."
    )
    if question.avoid:
        shut = select(question.net, question.avoid, lens=question.lens).surely
        at_home = [question.net.node(node_id).name for node_id in sorted(shut & question.targets)]
        if at_home:
            whose = "its" if len(at_home) == 1 else "their"
            text += f" Plants in {the(', '.join(at_home))} are shut; {whose} demand stays."
    return text


def why_less(question: Question) -> str:
    """Say why products cover less than elements, and where it stands; empty where each is one."""
    net = question.net
    holding = (
        sum(content_share(net, product, element) > 0.0 for element in net.commodity.elements)
        for product in net.product_by_id
    )
    if max(holding, default=0) < 2 or not question.targets <= frozenset(net.nation_ids):
        return ""
    avoid = f" --avoid {question.avoid}" if question.avoid else ""
    return (
        " Each element is an upper bound by itself, and a product needs all of its own at once: "
        f"what products could cover is less, see supplynet coverage outlook {net.name} "
        f"--to {question.to}{avoid} --year {question.year}."
    )


def amount(value: float, unit: str) -> str:
    """Return tonnes with their unit."""
    return f"{tonnes(value)} {unit}"


def most(value: float, unit: str, name: str) -> str:
    """Return how much of something could arrive, as the start of a sentence.

    Examples
    --------
    >>> most(1200, "t Li/yr", "Li"), most(0.0, "t Li/yr", "Li")
    ('up to 1,200 t Li/yr of Li', 'no Li')
    """
    return f"up to {amount(value, unit)} of {name}" if value else f"no {name}"


def in_place(question: Question, value: float, need: float | None, unit: str, name: str) -> str:
    """Return what there is with everything in place, as the start of a sentence.

    Parameters
    ----------
    value : float
        Per year.
    need : float or None
        Given where tonnes count up to demand.
    name : str
        Of the element; empty where the unit says what is counted.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> question = ask(sn.load("tutorial"), to="MLT", tier="operating")
    >>> in_place(question, 50.0, 100.0, "t Nd2O3/yr", "Nd")
    'Malta could cover 50% of the 100 t Nd2O3/yr of Nd that it needs in 2026'
    >>> in_place(question, 50.0, None, "t Nd2O3/yr", "Nd")
    'up to 50 t Nd2O3/yr of Nd could reach Malta in 2026'
    """
    of_name = f" of {name}" if name else ""
    if need:
        piece = "all" if value >= need * (1.0 - 1e-9) else share(value / need) if value else "none"
        return (
            f"{target(question)} could cover {piece} of the {amount(need, unit)}{of_name} that it "
            f"needs in {question.year}"
        )
    return f"{most(value, unit, name)} could reach {target(question)} in {question.year}"


def covers(
    value: float | None, element: str, low: float | None = None, high: float | None = None
) -> str:
    """Return a coverage inside a sentence, with its data range where that is given.

    Examples
    --------
    >>> covers(0.012, "Nd", 0.003, 0.029), covers(1.0, "Nd", 1.0, 1.0)
    ('1.2% of its Nd demand, data range 0.3 to 2.9%', 'all of its Nd demand')
    """
    if value is None:
        return f"demand for {element} not known"
    piece = "all" if share(value) == "100%" else share(value)
    text = f"{piece} of its {element} demand"
    if low is None or high is None or share(low) == share(high):
        return text
    return f"{text}, data range {share_range(low, high)}"


def demand_phrase(figure: DemandFigure, unit: str) -> str:
    """Return a demand with how it was got."""
    if figure.how == "none":
        return "not known"
    return f"{amount(figure.value, unit)} ({figure})"


#: parts of a selector that are spelled out
_SPELLED = 4


def selector_phrase(net: SupplyNetwork, text: str) -> str:
    """Return what a selector names, in words: ``CHN:refiner`` is ``Refiners in China``."""
    parts = [piece.strip() for piece in text.split(",")]
    named = [_part_phrase(net, portion) for portion in parts if not portion.startswith("!")]
    left_out = [_part_phrase(net, part[1:]) for part in parts if part.startswith("!")]
    name = few(named, most=_SPELLED) or "all"
    return f"{name} (except {few(left_out, most=_SPELLED)})" if left_out else name


_KEYS = ("node", "country", "owner", "stage", "status", "product", "makes")


def _part_phrase(net: SupplyNetwork, piece: str) -> str:
    """One part of a selector: the kind of plant, then where, then what else."""
    kind, state = "", ""
    places: list[str] = []
    others: list[str] = []
    texts = piece.split(":")
    while texts:
        word = texts.pop(0)
        key = word if word in _KEYS and texts else ""
        value = texts.pop(0) if key else word
        if key in ("", "stage") and value in net.stage_by_name:
            kind = net.stage_by_name[value].plural
        elif key in ("", "node") and value in net.node_by_id and value not in net.nation_ids:
            places.append(net.node(value).name)
        elif key == "owner":
            others.append(f"owned from {the(country_name(value, net.commodity.areas))}")
        elif key == "status":
            state = f"{value} "
        elif key in ("makes", "product"):
            others.append(f"making {value}")
        else:
            code = net.node(value).country if value in net.node_by_id else value
            places.append(the(country_name(code, net.commodity.areas)))
    where = " and ".join(places)
    if where and not kind and not state and not others:
        return where
    text = state + (kind if not state else kind[:1].lower() + kind[1:] or "plants")
    text = text or "plants"
    return " ".join([text, *([f"in {where}"] if where else []), *others])


UPPER_BOUND = (
    "Each element is looked at by itself: plants that handle several are counted for each as if "
    "they handled it alone, products as if they held as much of it as they may, and losses are "
    "taken along the best way. The figures are upper bounds: no plan brings more."
)


def link_phrase(counted: Counted) -> str:
    """Return which links are used, and between which plants.

    Observed and contracted links are between plants that run, whatever plants are counted.

    Examples
    --------
    >>> from supplynet.network.tiers import TIERS
    >>> link_phrase(TIERS["operating"])
    'links that are observed or contracted'
    >>> link_phrase(TIERS["committed"])
    'links that are observed, contracted or planned, of plants that run or are being built'
    """
    phrases = [standing.phrase for standing in STANDINGS.up_to(counted.links)]
    text = f"links that are {listing(phrases, 'or')}"
    if STANDINGS[counted.links].is_firm:
        return text
    return f"{text}, of {PLANTS[counted.plants].phrase}"


def question_title(question: Question, element: str) -> str:
    """Return an element, whom it is to reach, without whom, the year and the scenarios."""
    name = element_name(question.net, element)
    return titled(question, f"{name} to ")


def tier_meaning(tiers: Iterable[Tier]) -> str:
    """Return what tiers count on, in a sentence a tier."""
    return " ".join(f"{capitalized(tier.name)}: {link_phrase(tier)}." for tier in tiers)


def added_phrase(tier: Tier, base: Tier) -> str:
    """Return what a tier counts on beyond another, inside a sentence."""
    first = "operating" if STANDINGS[base.links].is_firm else base.plants
    texts = [STANDINGS[tier.links].plural] if tier.links != base.links else []
    texts += [PLANTS[tier.plants].added] if tier.plants != first else []
    return listing(texts)


def checked(certificate: Certificate, what: str) -> str:
    """Return what an independent check confirmed, with the largest gap; or that it did not."""
    if not certificate.ok:
        return "The independent check did not accept the figures."
    return f"An independent check confirmed {what} {gap_at_most(certificate.gap)}."


def known_share(shares: Mapping[str, float]) -> float:
    """Return the share of figures that documents print, or that are arithmetic on such figures."""
    return shares["sourced"] + shares["derived"]


def rests_on(shares: Mapping[str, float]) -> str:
    """Return how much of what is behind a figure rests on documents; nothing where none is behind.

    Examples
    --------
    >>> rests_on({"sourced": 0.5, "derived": 0.14, "summary": 0.0, "estimated": 0.36})
    'sourced 50% of the tonnes behind this figure, 64% with derived ones'
    """
    if not shares:
        return "nothing arrives"
    derived = f", {share(known_share(shares))} with derived ones"
    text = f"sourced {share(shares['sourced'])} of the tonnes behind this figure"
    return text + derived * (shares["derived"] > 0.0)


def source_line(source: Source) -> str:
    """Return a source as one line: publisher, year, title, edition, page, where, and its id."""
    head = ", ".join(piece for piece in (source.publisher, source.year) if piece)
    parts = [head, source.title, source.edition, source.page, source.locator]
    text = "; ".join(portion for portion in parts if portion)
    return f"{text} [{source.id}]"
