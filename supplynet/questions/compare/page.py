"""Scenarios beside each other, as a document.

Potentials and contested figures stand in tables of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from supplynet.analysis.scenario_rows import BASE
from supplynet.analysis.time.periods import AT
from supplynet.analysis.undecided import OPEN
from supplynet.network.countries import country_name
from supplynet.network.demand import charge_rows
from supplynet.network.timeline import SPAN
from supplynet.present.document import (
    Content,
    Document,
    Head,
    Table,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import (
    CONTESTED,
    CONTESTED_MONEY,
    UPPER_BOUND,
    capitalized,
    element_cell,
    in_sentence,
    link_phrase,
    meaning,
    target,
    untold,
    without,
)
from supplynet.terms import COMPARED
from supplynet.text import at_ends, between, listing, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.scenario_rows import Addition, ContestedRow
    from supplynet.analysis.scenarios import ByForm
    from supplynet.questions.compare import ScenariosResult


#: changes of a coverage below this are none
_SAME = 5e-4


def verdict(result: ScenariosResult, bounds: ByForm) -> str:
    """Return what each scenario takes or gives against the base, or that the data hide it.

    A change is hidden where each of both coverages lies within the data range of the other.
    Empty where nothing is compared with the base, or who gets what is not decided.
    """
    base = {(row.nation, row.form): row for row in result.contested if row.case == BASE}
    sentences, hidden = [], list[str]()
    for case in result.cases:
        rows = [row for row in result.contested if row.case == case]
        if case == BASE or not base or not all(row.is_decided for row in (*rows, *base.values())):
            continue
        parts = []
        for row in rows:
            text, is_hidden = _change(result, base[row.nation, row.form], row, bounds)
            parts.append(text)
            hidden += [case] if is_hidden else []
        sentences.append(f"Under {case} {'; '.join(parts)}.")
    if hidden:
        sentences.append(_by_month(result, hidden[0]))
    return " ".join(sentences)


def _change(
    result: ScenariosResult,
    base: ContestedRow,
    row: ContestedRow,
    bounds: ByForm,
) -> tuple[str, bool]:
    """Return the change of one coverage in words, and whether the data range hides it."""
    net = result.question.net
    form = in_sentence(net.form_by_name[row.form].title)
    who = country_name(net.node(row.nation).country, net.commodity.areas)
    change = row.coverage - base.coverage
    if abs(change) < _SAME:
        return f"{who} gets as much {form}", False
    points = share(abs(change)).removesuffix("%")
    text = f"{who} gets {points} points {'less' if change < 0.0 else 'more'} of its {form}"
    low, high = bounds.get((base.case, row.nation, row.form), (base.coverage, base.coverage))
    least, most = bounds.get((row.case, row.nation, row.form), (row.coverage, row.coverage))
    is_hidden = low <= row.coverage <= high and least <= base.coverage <= most
    if is_hidden:
        text += f", which the data range ({share_range(min(low, least), max(high, most))}) hides"
    return text, is_hidden


def _by_month(result: ScenariosResult, case: str) -> str:
    """Return the question that shows what a year hides."""
    question = result.question
    text = "A yearly mean hides a stop"
    if case not in question.net.scenarios:
        return f"{text}."
    months = f"{question.year}-01{SPAN}{question.year}-12"
    text += f"; by month: supplynet shock --shock {case}{AT}{months} --to {question.to}"
    if question.net.rows("replays"):
        text += ", or shock replay"
    return f"{text}."


def of_scenarios(result: ScenariosResult) -> Document:
    """Return the document of scenarios side by side; what is left out is named."""
    question = result.question
    contested = tuple(_contested(result))
    title = f"Scenarios for {target(question)}{without(question)}, {question.year}"
    if result.common:
        title += f", all under {result.common}"
    sections = (
        section("What arrives when all buy at once", "contested", *contested),
        section("What could arrive", "potentials", *_potentials(result))
        if result.potentials
        else None,
        section("What each adds", "additions", *_additions(result)) if result.additions else None,
        section("Scenarios compared", "scenarios", _cases(result)),
        section("Method", "method", tuple(_method(result))),
    )
    return of_result(title, sections, result)


def _name(result: ScenariosResult, nation: str) -> str:
    net = result.question.net
    return country_name(net.node(nation).country, net.commodity.areas)


def _case(result: ScenariosResult, name: str) -> str:
    """A case inside a sentence."""
    if name != BASE:
        return name
    return f"{result.common} alone" if result.common else "the network as it is"


def _by_case(result: ScenariosResult, stated: Iterable[tuple[str, str]]) -> str:
    """Return figures with their cases inside a sentence, cases of one figure together."""
    cases: dict[str, list[str]] = {}
    for figure, case in stated:
        cases.setdefault(figure, []).append(_case(result, case))
    return listing(f"{figure} under {listing(names)}" for figure, names in cases.items())


def _cases(result: ScenariosResult) -> tuple[str, ...]:
    """What each case assumes: a line, and a paragraph for what is not joined of others."""
    return tuple(
        f"{case.name}: {case.title}"
        + (f". {case.description}" if case.description and " + " not in case.name else "")
        for case in result.assumed
    )


def _potentials(result: ScenariosResult) -> list[Content]:
    """Return what a potential is, a sentence an element, and a table an element."""
    elements = dict.fromkeys(row.element for row in result.potentials)
    tables = (_potential_table(result, element) for element in elements)
    return [meaning(result.question), tuple(potential_sentences(result)), *tables]


def potential_sentences(result: ScenariosResult) -> list[str]:
    """Which part of each demand the surest links could bring, where one is known."""
    elements = dict.fromkeys(row.element for row in result.potentials)
    return list(filter(None, (_potential_sentence(result, element) for element in elements)))


def _potential_sentence(result: ScenariosResult, element: str) -> str:
    """Return which part of a demand the surest links could bring; empty where none is known."""
    first = result.potentials[0]
    rows = [r for r in result.potentials if (r.element, r.tier) == (element, first.tier)]
    if rows[0].coverage is None:
        return ""
    parts = _by_case(result, [(share(row.coverage), row.case) for row in rows])
    return f"Of its {element} demand, {link_phrase(first)} could bring {parts}."


def _potential_table(result: ScenariosResult, element: str) -> Table:
    """Return every case on the links and plants of each tier, with low and high ends."""
    rows = [row for row in result.potentials if row.element == element]
    by_tier = {(row.case, row.tier): row for row in rows}

    def told(case: str, tier: str) -> str:
        row = by_tier[case, tier]
        return f"{tonnes(row.value)} ({between(row.low, row.high)})"

    def covered(case: str) -> tuple[Any, Any] | None:
        names = [row.coverage for row in rows if row.case == case and row.coverage is not None]
        return (names[0], names[-1]) if names else None

    tiers = {
        row.tier: Head(capitalized(row.tier), of=partial(told, tier=row.tier), align="right")
        for row in rows
    }
    need = f"; demand {tonnes(rows[0].demand)}" if rows[0].demand else ""
    caption = f"Potential of {element_cell(result.question.net, element)} (low to high){need}"
    return table_from(
        f"potential-{element}",
        dict.fromkeys(row.case for row in rows),
        caption,
        case=Head("Scenario", of=str),
        **tiers,
        coverage=Head("Of demand", "share", covered),
    )


def gets(result: ScenariosResult, bounds: ByForm) -> Iterator[str]:
    """What each nation gets of each form in every case, a sentence each."""
    net = result.question.net

    for nation, form in dict.fromkeys((row.nation, row.form) for row in result.contested):
        claims = [row for row in result.contested if (row.nation, row.form) == (nation, form)]
        stated = []
        for row in claims:
            low, high = bounds.get((row.case, nation, form), (0.0, 0.0))
            at = at_ends(low, high)
            stated.append((f"{row.told} ({at})" if at else row.told, row.case))
        yield (
            f"Of the {tonnes(claims[0].demand)} t/yr that {_name(result, nation)} asks for as "
            f"{in_sentence(net.form_by_name[form].title)}, it gets {_by_case(result, stated)}."
        )


def _contested(result: ScenariosResult) -> list[Content]:
    """Return what nations get by form, product and element, and what a contested figure is."""
    net = result.question.net
    bounds = result.ends or {}
    sentences, changed = gets(result, bounds), verdict(result, bounds)
    is_money = COMPARED[result.objective].is_money
    counted = f"Counted are {link_phrase(result.question)}."
    terms = f"{counted} {CONTESTED_MONEY if is_money else CONTESTED}"
    if not result.contested:
        return [terms, "The graph knows no demand of these in this year."]
    blocks: list[Content] = [changed] if changed else []
    table = table_from(
        "contested",
        result.contested,
        "Contested supply, t of product per year",
        **_nations(result),
        case="Scenario",
        form=Head("Form", of=lambda row: net.form_by_name[row.form].title),
        demand=Head("Demand", "tonnes"),
        served=Head("Served", "tonnes"),
        coverage=Head("Covered", "share", lambda row: row.coverage if row.is_decided else OPEN),
        span=Head("Least to most", "tonnes", lambda row: (row.low, row.high), align="right"),
    )
    blocks.append(table)
    blocks += [tuple(sentences), *_left_out(result), terms]
    nations = dict.fromkeys(row.nation for row in result.parts if row.kind == "element")
    blocks += [_product_table(result), *(_element_table(result, nation) for nation in nations)]
    return [*blocks, _arrival_table(result)] if result.arrivals else blocks


def _left_out(result: ScenariosResult) -> list[Content]:
    """Return the sentence of what was not worked out, and what adds it; nothing where all was."""
    also = () if result.potentials else ("what could arrive", "elements in products")
    text = untold("" if result.ends is not None else "the low and high ends of the data", also)
    return [text] if text else []


def _arrival_table(result: ScenariosResult) -> Table:
    """Return which country's plants get how much of a form in each case, elements together."""
    net, sums = result.question.net, dict[str, dict[str, float]]()
    for row in result.arrivals:
        cells = sums.setdefault(row.country, {})
        cells[row.case] = cells.get(row.case, 0.0) + row.tonnes
    elements = list(dict.fromkeys(row.element for row in result.arrivals))
    title = net.form_by_name[result.arrivals[0].form].title
    caption = (
        f"Contested: {listing(elements)} that arrive at plants as {in_sentence(title)}, t of "
        f"{net.commodity.basis} per year, in one of the ways to share out"
    )
    return table_from(
        "arrivals",
        sums,
        caption,
        country=Head("Plants of", of=lambda code: country_name(code, net.commodity.areas)),
        **_by_key(result.cases, lambda case, code: sums[code].get(case)),
    )


def _by_key(keys: Iterable[str], of: Callable[..., Any]) -> dict[str, Head]:
    """Return a column of tonnes for each of some keys, with what makes a cell of key and row."""
    return {key: Head(key, "tonnes", partial(of, key)) for key in keys}


def _nations(result: ScenariosResult) -> dict[str, Head]:
    """Return the column of nations, where there are several."""
    if len(result.question.targets) == 1:
        return {}
    return {"nation": Head("Nation", of=lambda row: _name(result, row.nation))}


def _product_table(result: ScenariosResult) -> Table:
    """Return what of each product is served in each case."""
    net = result.question.net
    parts = [row for row in result.parts if row.kind == "product"]
    order = list(dict.fromkeys((row.nation, row.what) for row in parts))
    return table_from(
        "contested-products",
        sorted(parts, key=lambda row: order.index((row.nation, row.what))),
        "Contested supply by product, t of product per year",
        **_nations(result),
        what=Head("Product", of=lambda row: net.product_by_id[row.what].name),
        demand=Head("Demand", "tonnes"),
        case="Scenario",
        served=Head("Served", "tonnes"),
    )


def _element_table(result: ScenariosResult, nation: str) -> Table:
    """Return the demand of a nation for each element and what is served in each case."""
    basis = result.question.net.commodity.basis
    own = [row for row in result.parts if (row.nation, row.kind) == (nation, "element")]
    cells = {("Demand", row.what): row.demand for row in own}
    cells |= {(row.case, row.what): row.served for row in own}
    caption = (
        f"Contested supply of elements in the products that {_name(result, nation)} gets, t "
        f"of {basis} per year"
    )
    return table_from(
        "contested-elements",
        ["Demand", *result.cases],
        caption,
        case=Head("Scenario", of=str),
        **_by_key(
            dict.fromkeys(row.what for row in own), lambda name, case: cells.get((case, name))
        ),
    )


def _additions(result: ScenariosResult) -> Iterator[Content]:
    """Return what scenarios add alone and together, each picture in tables of its own."""
    yield (
        "What a scenario adds to the network as it is, alone, and what all of them add "
        "together. Where the sum of the parts is less than what they add together, they help "
        "each other; where it is more, they compete for the same limit."
    )
    for kind, title in (("potential", "Potentials"), ("contested", "Contested supply")):
        for case in dict.fromkeys(row.case for row in result.additions):
            rows = [row for row in result.additions if (row.case, row.kind) == (case, kind)]
            if rows:
                yield _addition_table(result, rows, f"{title}, t/yr: {case}", kind)


def _addition_table(
    result: ScenariosResult, rows: Sequence[Addition], caption: str, kind: str
) -> Table:
    alone = {
        f"alone {name}": Head(f"{name} alone adds", "tonnes", partial(_gain, name))
        for name, _ in rows[0].alone
    }
    return table_from(
        f"additions-{kind}",
        rows,
        caption,
        what=Head("What", of=partial(_what, result)),
        base=Head("As it is", "tonnes"),
        **alone,
        together=Head("Together they add", "tonnes"),
        interaction=Head("Beyond the sum", "tonnes"),
    )


def _gain(name: str, row: Addition) -> float:
    return dict(row.alone)[name]


def _what(result: ScenariosResult, row: Addition) -> str:
    net = result.question.net
    if row.kind == "potential":
        return f"{row.what[0]}, {row.what[1]}"
    nation, form = row.what
    return f"{_name(result, nation)}, {in_sentence(net.form_by_name[form].title)}"


def _method(result: ScenariosResult) -> Iterator[str]:
    """How it is worked out, what it does not state, and the check."""
    yield UPPER_BOUND
    yield (
        f"Contested: {COMPARED[result.objective].sentence}. Least to most runs over all ways to "
        "share out that are as good; the balance uses the central figures of the data. By product "
        "and by element, one of these ways is shown."
    )
    yield "Low to high of a potential are the low and high ends of the data."
    nets = [question.net for question in result.questions.values()]
    if any(net.rows("caps") for net in nets):
        yield "Caps on burdens count in the contested picture only; a potential knows none."
    if not COMPARED[result.objective].is_money and any(
        any(row.id.startswith("scenario-") for row in charge_rows(net)) for net in nets
    ):
        yield (
            "Charges of a scenario count in a balance by cost or price only; neither the "
            "potentials nor this balance know them."
        )
    yield (
        "An independent check confirmed every flow and every program."
        if result.is_certified
        else "The independent check did not accept every figure."
    )
