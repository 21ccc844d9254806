"""Dependence: how far importers depend on a jurisdiction, by customs records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from supplynet.contract.answer import DeclaredResult
from supplynet.contract.headline import Lead
from supplynet.contract.query import Query, option, page, sentence
from supplynet.contract.row import col
from supplynet.contract.row import rows as listed
from supplynet.errors import OptionError
from supplynet.network.countries import country_name, places_named
from supplynet.questions.declared import question
from supplynet.text import listing, share, share_range, tonnes
from supplynet.trade.exposure import Dependence, HubEffect

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.model.case import Case
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document, Table

#: importers that are told in a sentence each
MOST = 8
#: the smallest share that is worth a word
_SHOWN = 1e-4
_OWN_SOIL = (
    "What a nation makes or mines itself is in no record: of all that it uses, the share may be "
    "anything from nothing up to these ends."
)
_COUNTRIES = "str or iterable of str"


class OfTrade(Query):
    """Whose imports, and from whom."""

    OF = ""

    trade: pd.DataFrame = option(
        "Columns importer, exporter, hs6, year, value_usd (US dollars), tonnes, and perhaps "
        "tonnes_how; such as ``supplynet.read_trade(...).frame``.",
        default=MISSING,
        kind="pandas.DataFrame",
        is_argument=True,
    )
    on: str = option(
        "Countries or blocs that may stop selling, with commas.",
        default=MISSING,
        kind="str",
        said="--on WHOM",
        example="CHN",
    )
    importers: str | Iterable[str] = option(
        "Countries or blocs that buy, with commas; the trade of a bloc's members with each other "
        "is left out.",
        default=MISSING,
        kind=_COUNTRIES,
        said="--importers WHO",
        example="KOR,JPN,USA,DEU",
    )
    hubs: str | Iterable[str] = option(
        "Countries taken to pass on what they buy, as far as it goes.",
        default=(),
        kind=_COUNTRIES,
        said="--hubs WHO",
        example="VNM",
    )
    unlisted: pd.DataFrame | None = option(
        "Imports from suppliers that the records do not list, which widen the range; such as "
        "``supplynet.read_trade(...).unlisted``.",
        default=None,
        kind="pandas.DataFrame",
        in_command=False,
    )
    records: Mapping[str, Any] | None = option(
        "What is known of the records, for the provenance; such as "
        "``supplynet.read_trade(...).provenance``.",
        default=None,
        kind="mapping",
        in_command=False,
    )


class DependenceResult(
    DeclaredResult,
    name="dependence",
    title="How far importers depend on a jurisdiction, by customs records",
    headline=(
        Lead(
            "direct import share",
            "direct_share",
            of=lambda _, row: f"{places_named(row.importer)}, {row.hs6}",
            table="rows",
        ),
    ),
    open=("rows", "effects"),
):
    """Dependence of importers on a jurisdiction."""

    on: str = col("The jurisdiction.")
    hubs: tuple[str, ...] = col("Countries that were declared to pass on what they buy.")
    rows: tuple[Dependence, ...] = listed("By importer, code, year and measure")
    effects: tuple[HubEffect, ...] = listed("Suppliers through which most could come", default=())
    notes: tuple[str, ...] = col("What the records cannot tell.", default=())


@question(
    "dependence",
    title="Dependence by customs records",
    together="Dependence by customs records",
    metrics=("direct_share", "low", "high", "hhi", "top_share"),
    judged=lambda answer: {
        f"{row.importer} {row.hs6} {row.year} by {row.measure}": row for row in answer.rows
    },
    is_open=False,
)
def dependence(_case: Case, query: OfTrade) -> DependenceResult:
    """How far do importers depend on a country, by customs records?

    Direct imports, and looked through what other suppliers bought there first; by value and by
    weight, which are never mixed.

    Returns
    -------
    DependenceResult
        By value and, where customs gave weights, by weight. The two may differ by tens of points:
        dear goods of one country weigh little.

    Raises
    ------
    UnknownNameError
        If a country is not known.
    OptionError
        If an importer belongs to the jurisdiction.
    DataError
        If a column is missing, there is no flow, or the records of a code and year name one
        exporter alone: what one country says that it sells is no import of anybody.

    Notes
    -----
    The look-through share of an importer is the mean over its suppliers of the share of their
    exports that comes from the jurisdiction, which solves a linear system. HHI: Hirschman (1945),
    Herfindahl (1950).

    Examples
    --------
    >>> import pandas as pd
    >>> import supplynet as sn
    >>> trade = pd.DataFrame(
    ...     [["MLT", "CHN", "850511", 2024, 60.0, 3.0], ["MLT", "FJI", "850511", 2024, 40.0, 1.0],
    ...      ["FJI", "CHN", "850511", 2024, 20.0, 1.0]],
    ...     columns=["importer", "exporter", "hs6", "year", "value_usd", "tonnes"])
    >>> row = sn.trace.dependence(trade, on="CHN", importers="MLT").rows[0]
    >>> row.direct_share, row.low, row.high
    (0.6, 0.6, 0.8)
    """
    from supplynet.analysis.provenance import provenance_of
    from supplynet.trade.exposure import dependences, names_in

    words = query.on, query.importers, query.hubs
    hubs, found, effects, notes = dependences(query.trade, *words, query.unlisted)
    options = {"on": query.on, "importers": names_in(query.importers), "hubs": list(hubs)}
    return DependenceResult(
        on=query.on,
        hubs=hubs,
        rows=tuple(found),
        effects=tuple(effects),
        notes=tuple(dict.fromkeys(notes)),
        provenance=provenance_of(options, records=dict(query.records or {})),
    )


def dependence_of(
    net: SupplyNetwork,
    *,
    on: str | Iterable[str],
    importers: str | Iterable[str],
    year: int | None = None,
    form: str | Iterable[str] | None = None,
) -> DependenceResult:
    """How far do importers depend on a jurisdiction, by the links that a network has observed?

    A network of customs records knows what crossed borders. Which part of what a nation bought
    had passed a jurisdiction lies between two ends: that every other country made what it sells,
    and that each sold on what it had bought. What a nation takes from its own soil is in neither.

    Parameters
    ----------
    net : SupplyNetwork
        Its links between countries are in tonnes.
    on : str or iterable of str
        Countries or blocs.
    importers : str or iterable of str
        Countries or blocs; each is asked about by itself.
    year : int, optional
        Default: the graph's base year.
    form : str or iterable of str, optional
        Forms to ask about; default all that cross borders.

    Returns
    -------
    DependenceResult
        By weight, with the name of the form in place of a code.

    Raises
    ------
    OptionError
        If the year lies outside the graph, or a form is asked for that does not cross borders.
    DataError
        If no link between countries has been observed in the year.
    UnknownNameError
        If a country is not known.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = dependence_of(sn.load("tutorial"), on="FJI", importers="MLT", form="ore")
    >>> [row.hs6 for row in found.rows]
    ['ore']
    """
    from supplynet.analysis.question import joined
    from supplynet.trade.exposure import observed

    commodity = net.commodity
    year = commodity.base_year if year is None else year
    if not commodity.first_year <= year <= commodity.last_year:
        raise OptionError(
            f"year {year} lies outside the graph {net.name}, which speaks of "
            f"{commodity.first_year} to {commodity.last_year}"
        )
    flows = observed(net, year)
    if form is not None:
        wanted = [word.strip() for word in joined(form).split(",")]
        names = list(dict.fromkeys(flows["hs6"]))
        for code in wanted:
            if code not in names:
                raise OptionError(
                    f"no {code!r} crosses borders in {net.name} in {year}; what does is "
                    f"{', '.join(names)}"
                )
        flows = flows[flows["hs6"].isin(wanted)]
    records = {"graph": net.name, "digest": net.digest}
    answer = dependence(flows, on=joined(on), importers=importers, records=records)
    return replace(answer, notes=(_OWN_SOIL, *answer.notes))


@sentence(DependenceResult)
def say(answer: DependenceResult) -> str:
    """Return how far each importer depends, and what the records cannot tell."""
    return " ".join((*_sentences(answer), *answer.notes))


def _sentences(answer: DependenceResult) -> list[str]:
    """How far each importer depends, a sentence each: by value, and what it is by weight."""
    from supplynet.present.document import grouped
    from supplynet.present.words import count, the

    by_who = list(grouped(answer.rows, lambda row: (row.importer, row.hs6, row.year)).values())
    texts = [_sentence(found, the(places_named(answer.on))) for found in by_who[:MOST]]
    remainder = len(by_who) - len(texts)
    return [*texts, *([f"And {count(remainder, 'more row')} in the tables."] if remainder else [])]


def _sentence(found: Sequence[Dependence], on: str) -> str:
    from supplynet.present.words import capitalized, the

    first = found[0]
    who = the(places_named(first.importer))
    what = f"{_goods(first.hs6, in_sentence=True)} in {first.year}"
    shares = [row for row in found if row.direct_share is not None]
    if not shares:
        return f"{capitalized(who)} bought no {what}, by these records."
    direct = {row.measure: share(row.direct_share or 0.0) for row in shares}
    through = {row.measure: _through(row) for row in shares}
    text = " and ".join(f"{direct[row.measure]} by {row.measure}{_unseen(row)}" for row in shares)
    if direct == through:
        looked = "and no more looked through"
    else:
        parts = (f"{piece} by {measure}" for measure, piece in through.items())
        looked = f"and looked through {' and '.join(parts)}"
    return f"Of its imports of {what}, {who} had {text} straight from {on}, {looked}."


def _through(row: Dependence) -> str:
    return share_range(row.low or 0.0, row.high or 0.0)


def _unseen(row: Dependence) -> str:
    """That a part of the imports is in no figure of a row; empty for none."""
    if row.covered is None or row.covered >= 1.0 - _SHOWN:
        return ""
    other = "tonnes" if row.measure == "value" else "value"
    return f" (of {share(1.0 - row.covered)} of its {other} no {row.measure} is known)"


@page(DependenceResult)
def as_document(answers: Sequence[DependenceResult]) -> Document:
    """Return the document of a dependence: a table by value and one by weight."""
    from supplynet.present.document import Paragraph, of_result, section
    from supplynet.trade.table import record_lines

    answer = answers[0]
    on, records = places_named(answer.on), answer.provenance.inputs.get("records", {})
    lines, texts = record_lines(records), _sentences(answer)
    sentences = (tuple(texts),) if len(texts) > 1 else tuple(map(Paragraph, texts))
    blocks = (*sentences, _meaning(answer, on), *((lines,) if lines else ()))
    sections = [section("", "answer", *blocks)]
    for measure, title in {"value": "By value", "weight": "By weight"}.items():
        found = [row for row in answer.rows if row.measure == measure]
        if found:
            sections.append(section(title, measure, _table(answer, found, on)))
        elif answer.rows:
            whose = "records give" if records else "network holds"
            text = f"The {whose} no {measure}s: nothing can be said by {measure}."
            sections.append(section(title, measure, text))
    if answer.effects:
        sections.append(section("If a supplier only passed on", "hubs", _effects(answer, on)))
    return of_result(f"Dependence on {on} by customs records", sections, answer)


def _meaning(answer: DependenceResult, on: str) -> str:
    from supplynet.present.words import the

    passing = f" {listing(map(country_name, answer.hubs))} taken to pass on;" if answer.hubs else ""
    return (
        f"Direct: the share of imports that comes straight from {the(on)}. Looked through: with "
        f"what other suppliers bought there first. Low end:{passing} every other country makes "
        "what it sells. High end: each sells on what it bought, as far as that goes. The truth "
        "lies between, and shares by value and by weight are different things."
    )


def _table(answer: DependenceResult, found: Sequence[Dependence], on: str) -> Table:
    """Return the rows by one measure; values are in millions."""
    from supplynet.present.answers import table_of
    from supplynet.trade.table import MILLIONS

    measure = found[0].measure
    scale, unit = (1e6, MILLIONS) if measure == "value" else (1.0, "t")
    heads, without = _asked(found)
    cells: dict[str, Any] = {
        name: lambda row, amount=attrgetter(name): amount(row) / scale
        for name in ("total", "without_on", "without_top")
    }
    table = table_of(
        answer,
        "rows",
        rows=found,
        caption=f"{_caption(found)}Imports in {unit}. HHI: sum of the squared shares of the "
        f"suppliers, 1 for a single one{_doubts(found)}",
        without=(*without, *(() if answer.hubs else ("low_without_hubs",))),
        heads={**heads, "without_on": f"Without {on}"},
        cells={
            **cells,
            "importer": lambda row: places_named(row.importer),
            "top": lambda row: country_name(row.top) if row.top else "",
            "hhi": lambda row: tonnes(row.hhi, missing="-"),
        },
    )
    return replace(table, name=f"dependence-{measure}")


def _effects(answer: DependenceResult, on: str) -> Table:
    from supplynet.present.answers import table_of

    heads, without = _asked(answer.effects)
    return table_of(
        answer,
        "effects",
        caption=f"{_caption(answer.effects)}What a supplier would add to the looked-through share: "
        "the product of the three",
        without=without,
        heads={**heads, "on_share": f"Buys from {on}"},
        cells={
            "importer": lambda row: places_named(row.importer),
            "hub": lambda row: country_name(row.hub),
        },
    )


def _asked(found: Sequence[Any]) -> tuple[dict[str, str], list[str]]:
    """Return the head of codes, and which of code and year all rows have in common."""
    is_form = not all(row.hs6.isdigit() for row in found)
    common = [name for name in ("hs6", "year") if len({getattr(row, name) for row in found}) == 1]
    return {"hs6": "Form"} if is_form else {}, common


def _goods(code: str, *, in_sentence: bool = False) -> str:
    """A code of customs, or the form of a network that was made of them."""
    name = code if in_sentence else code.capitalize()
    return f"HS {code}" if code.isdigit() else name


def _caption(found: Sequence[Any]) -> str:
    """The code and the year, where there is one."""
    common = _asked(found)[1]
    texts = {"hs6": _goods(found[0].hs6), "year": str(found[0].year)}
    return f"{', '.join(texts[name] for name in common)}. " if common else ""


def _doubts(found: Sequence[Dependence]) -> str:
    estimated = max((row.estimated or 0.0) for row in found)
    least = min(found, key=lambda row: 1.0 if row.covered is None else row.covered)
    unlisted = max(row.unlisted / row.total if row.total else 0.0 for row in found)
    text = ""
    if unlisted > _SHOWN:
        text += (
            f"; up to {share(unlisted)} of a row's imports come from suppliers that are not "
            "listed, which count as from there at the high end only"
        )
    if estimated > _SHOWN:
        text += f"; up to {share(estimated)} of a row's tonnes are estimated from values"
    if least.covered is not None and least.covered < 1.0 - _SHOWN:
        other = "tonnes" if least.measure == "value" else "value"
        text += (
            f"; for as little as {share(least.covered)} of a row's {other} the {least.measure} is "
            "known"
        )
    return text
