"""What the page shows of a state: sentence, figures, pictures, limits, proof.

The packed form is that of the report's live pages, so that one script draws both. A view comes in
two parts: first the central figures with the picture, then all of it with data ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.balance.ask import balance
from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.analysis.balance.tables import served_by
from supplynet.analysis.potential.ask import potential_of
from supplynet.analysis.question import ask, target_nodes
from supplynet.analysis.time.rows import SHORT, MonthRow, added_up
from supplynet.errors import UnknownNameError, UsageError
from supplynet.present.words import capitalized, selector_phrase, without
from supplynet.questions.contested import allocation_of
from supplynet.questions.potential import potential_answer
from supplynet.questions.run import RunResult
from supplynet.reports.data_writers import jsonable
from supplynet.reports.live import Packer
from supplynet.reports.parts import UPRIGHT
from supplynet.serve.cards import CORRIDOR, change_title
from supplynet.serve.operations import OPERATIONS, command_of
from supplynet.serve.state import (
    CONTESTED_PICTURES,
    QUESTIONS,
    SCENARIO_FILE,
    Viewed,
    scenario_text,
)
from supplynet.solve.lp.engine import Starts
from supplynet.terms import did_you_mean
from supplynet.text import by_size, one_line, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.contract.answer import Result
    from supplynet.draw.scene import Scene
    from supplynet.draw.svg import Drawn
    from supplynet.network.network import SupplyNetwork
    from supplynet.reports.build import Report


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure beside the pictures."""

    name: str
    title: str
    number: float | None
    text: str
    is_share: bool = False

    def against(self, other: Fact) -> str:
        """Return the same figure of another state and how far this one is from it."""
        if self.number is None or other.number is None:
            return ""
        difference = self.number - other.number
        if self.is_share:
            return f"A {share(other.number)}: {100 * difference:+.1f} points"
        return f"A {tonnes(other.number)}: {'+' * (difference > 0)}{tonnes(difference)}"


def _pair(
    name: str,
    titles: tuple[str, str],
    served: float,
    need: float,
    bounds: tuple[float, float] | None = None,
) -> list[Fact]:
    """Return which part of a demand is served, with its range, and the tonnes of it."""
    fraction = served / need if need else None
    text = share(fraction) + (f" ({share_range(*bounds)})" if bounds else "")
    amount = f"{tonnes(served)} of {tonnes(need)}"
    whose = f"served-{name.removeprefix('form-')}"
    covered = Fact(name, f"{titles[0]}: {titles[1]}", fraction, text, is_share=True)
    return [covered, Fact(whose, f"{titles[0]}, t/yr", served, amount)]


def potential_facts(result: SolvedPotential, view: Viewed) -> list[Fact]:
    """What the nation that is asked for could get, form by form; data ranges come later."""
    if view.product:
        return _product_facts(result, view)
    facts = []
    for row in result.central_forms if view.is_quick else result.forms:
        bounds = None if view.is_quick else (row.coverage_low, row.coverage_high)
        titles = row.title, "covered, with data range"
        facts += _pair(f"form-{row.form}", titles, row.served, row.need, bounds)
    if not facts:
        facts.append(Fact("served", "Could come, t/yr", result.served, tonnes(result.served)))
    return facts


def _product_facts(result: SolvedPotential, view: Viewed) -> list[Fact]:
    """Of one product what is needed and could come, with the data range in the second part."""
    sums = served_by(result.deliveries, lambda row: row.product)
    title = _product_title(result.question.net, view, sums)
    need, served = sums[view.product]
    bounds = None
    if not view.is_quick:
        row = next(row for row in result.products if row.product == view.product)
        bounds = row.coverage_low, row.coverage_high
    return _pair("product", (title, "covered"), served, need, bounds)


def contested_facts(result: SolvedBalance, view: Viewed) -> list[Fact]:
    """What the nation that is asked for gets when all buy at once, form by form."""
    net = result.question.net
    nations = target_nodes(net, view.to)
    rows = [row for row in result.deliveries if row.nation in nations and row.coverage is not None]
    if view.product:
        sums = served_by(rows, lambda row: row.product)
        titles = {view.product: _product_title(net, view, sums)}
    else:
        sums = served_by(rows, lambda row: row.form)
        titles = {form: net.form_by_name[form].title for form in sums}
    spread = None if view.is_quick or view.product else result.spread
    # Of a bloc each nation has ends of its own, and those of a sum are not their sums.
    levels = {} if spread is None or len(nations) > 1 else spread.levels
    facts = []
    for name, title in titles.items():
        need, served = sums[name]
        bounds = levels.get((next(iter(nations)), name))
        facts += _pair(f"form-{name}", (title, "gets of its demand"), served, need, bounds)
    return facts


def _product_title(net: SupplyNetwork, view: Viewed, products: Iterable[str]) -> str:
    """Return the name of the product that is asked about.

    Raises
    ------
    UnknownNameError
        If the graph has none of that id.
    UsageError
        If whoever is asked for needs none of it.
    """
    names = net.product_by_id
    if view.product not in names:
        raise UnknownNameError(
            f"{net.name} has no product {view.product!r}",
            hint=did_you_mean(view.product, names),
        )
    needed = list(products)
    if view.product not in needed:
        raise UsageError(
            f"{view.to} asks for no {names[view.product].name}",
            hint=f"it asks for {', '.join(needed)}",
        )
    return names[view.product].name


def _served_in(result: RunResult, view: Viewed) -> tuple[MonthRow, ...]:
    """What the nation that is asked for needs and is served, by month and form."""
    nations = target_nodes(result.question.net, view.to)
    rows = [row for row in result.months if row.nation in nations]
    forms = dict.fromkeys(row.form for row in rows)
    return tuple(
        month_row
        for form in forms
        for month_row in added_up(row for row in rows if row.form == form)
    )


def month_of_run(result: RunResult, view: Viewed) -> str:
    """Return the month that is reported: the one asked for, else the first of the least served.

    Raises
    ------
    UsageError
        If it is none of the run.
    """
    months = [period.label for period in result.cut]
    if not view.month:
        least = min(_served_in(result, view), key=lambda row: row.share, default=None)
        return months[0] if least is None else least.period
    if view.month not in months:
        raise UsageError(
            f"{view.month} is no month of this run", hint=f"it has {months[0]} to {months[-1]}"
        )
    return view.month


def month_facts(result: RunResult, view: Viewed, month: str) -> list[Fact]:
    """What the nation that is asked for is served in a month, form by form, and how long it holds.

    A part is one of what it is served without the shock; of a product its form is reported.
    """
    net = result.question.net
    nations = target_nodes(net, view.to)
    facts = [Fact("month", "Month", None, month)]
    only = net.product_by_id[view.product].form if view.product in net.product_by_id else None
    for row in _served_in(result, view):
        if row.period != month or only not in (None, row.form):
            continue
        title = net.form_by_name[row.form].title
        text = f"{share(row.share)} of usual, {share(row.coverage)} of demand"
        facts.append(
            Fact(f"form-{row.form}", f"{title}: is served", row.share, text, is_share=True)
        )
        amount = f"{tonnes(row.served)} of {tonnes(row.normal)}"
        facts.append(Fact(f"served-{row.form}", f"{title}, t/month", row.served, amount))
        holding = result.endured(nations, row.form).survives
        text = f"never below {share(SHORT)}" if holding is None else f"{holding} months"
        title = f"{title}: months until it is short"
        facts.append(Fact(f"survives-{row.form}", title, holding, text))
    return facts


if TYPE_CHECKING:
    Shown = SolvedPotential | SolvedBalance | RunResult


#: limits and plants that a view lists
_MOST_ROWS = 12
#: share of the most that a plant carries below which one is left out
_LEAST_SHARE = 1e-6
#: boxes of a column that stand alone: so many can be distinguished while they move
_TOP = 6
#: the same on a screen held upright
_TOP_UPRIGHT = 4
#: where it is kept at what the programs of the last potential ended
_STARTS = "starts"
#: words that say what is shown of a result, and change nothing in it
_SHOWN = {"beside", "picture", "is_quick", "is_upright", "month", "product"}


def view(
    net: SupplyNetwork, graph: str, query: Viewed, cache: MutableMapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the page shows of a state.

    `graph` is what the command line calls the network; `cache` holds results by state: the second
    part of a view goes on from the first.
    """
    result = solved(net, query, cache)
    other = None if query.beside is None else solved(net, query.beside, cache)
    packer = Packer()
    is_pair = _is_pair(query, result, other)
    scene = picture_of(net, query, result, other if is_pair else None)
    facts, summary = _facts(result, query), ""
    if not query.is_quick:
        if isinstance(result, RunResult):
            summary = result.summary()
        elif isinstance(result, SolvedBalance):
            summary = allocation_of(result).summary()
        else:
            summary = potential_answer(result)
    month, months = "", list[str]()
    if isinstance(result, RunResult):
        month, months = month_of_run(result, query), [period.label for period in result.cut]
    operation = OPERATIONS[query.question]
    record: dict[str, Any] = jsonable(
        {
            "figures": _figures(facts, summary),
            "titles": [one_line(fact.title) for fact in facts],
            "against": _against(facts, query.beside, other),
            "asked": _asked(result, query),
            "is_pair": is_pair,
            "pictures": {
                "views": ["picture"],
                "states": [[packer.scene(scene)]],
                **packer.to_dict(),
            },
            "boxes": [
                {"title": box.title, "members": list(box.members)}
                for box in getattr(scene, "boxes", ())
            ],
            "limits": [] if isinstance(result, RunResult) else _limits(result),
            "plants": _plants(result)
            if not (query.is_quick or isinstance(result, RunResult))
            else [],
            "month": month,
            "months": months,
            "notes": [one_line(note) for note in result.question.notes],
            "certificate": _proof(result),
            "changes": [
                change_title(net, edit.model_dump(exclude_defaults=True)) for edit in query.edits
            ],
            "year": result.question.year,
            "command": command_of(operation, graph, query, net),
            "scenario": scenario_text(query),
            "digest": result.provenance.digest,
            "is_whole": not query.is_quick,
        }
    )
    return record


def _facts(result: Shown, query: Viewed) -> list[Fact]:
    """The figures of a state, by the kind of its question."""
    if isinstance(result, RunResult):
        return month_facts(result, query, month_of_run(result, query))
    if isinstance(result, SolvedBalance):
        return contested_facts(result, query)
    return potential_facts(result, query)


def _against(facts: Sequence[Fact], query: Viewed | None, other: Shown | None) -> list[str]:
    """What each figure is in the state beside it, and the difference; empty where it has none."""
    if query is None or other is None:
        return [""] * len(facts)
    values = {fact.name: fact for fact in _facts(other, query)}
    return [fact.against(values[fact.name]) if fact.name in values else "" for fact in facts]


def _asked(result: Shown, query: Viewed) -> str:
    """The question of a state in a line, for the head of its answer."""
    net, how = result.question.net, QUESTIONS[query.question]
    texts = [f"{capitalized(selector_phrase(net, query.to))}{without(result.question)}"]
    return one_line(", ".join([*texts, str(result.question.year), query.tier, how]))


def _is_pair(query: Viewed, result: Shown, other: Shown | None) -> bool:
    """Whether two states have one picture, on one scale: a question of one kind about one nation.

    Runs have pictures of their own, as have an answer alone and one when all buy at once.
    """
    return (
        query.beside is not None
        and not isinstance(result, RunResult)
        and type(result) is type(other)
        and (query.to, query.element) == (query.beside.to, query.beside.element)
    )


def _figures(facts: Sequence[Fact], summary: str) -> dict[str, Any]:
    """The figures of one state, in the form of a page that has many."""
    state = {
        "summary": one_line(summary),
        "numbers": [fact.number for fact in facts],
        "texts": [one_line(fact.text) for fact in facts],
    }
    return {"axes": [], "start": [], "facts": [fact.name for fact in facts], "states": [state]}


def _proof(result: Shown) -> dict[str, Any]:
    """What was checked: of the first part of a potential, all that it has solved so far."""
    certificate = (
        result.certificate
        if isinstance(result, SolvedBalance | RunResult)
        else result.certificate_so_far
    )
    return {
        "ok": certificate.ok,
        "gap": certificate.gap,
        "checks": len(certificate.checks),
    }


def solved(
    net: SupplyNetwork, asked: Viewed, kept: MutableMapping[str, Any] | None = None
) -> Shown:
    """Return the result of a state, that of before where it was asked already.

    The first part of a potential goes on from the programs of the last one, which may be off by
    rounding; the second part is solved from the ground up, as the library and the command are.
    """
    kept = {} if kept is None else kept
    key = asked.model_dump_json(exclude=_SHOWN)
    if key not in kept and asked.question == "run":
        kept[key] = OPERATIONS[asked.question].solve(net, asked)
    elif key not in kept and asked.question == "contested":
        words = asked.words()
        del words["to"]
        kept[key] = balance(net, objective=asked.objective, **words)
    elif key not in kept:
        key = f"quick {key}" if asked.is_quick else key
        starts = kept.setdefault(_STARTS, Starts()) if asked.is_quick else None
        if key not in kept:
            question, elements = ask(net, **asked.words()), asked.elements()
            kept[key] = potential_of(question, element=elements, starts=starts)
    return cast("Shown", kept[key])


def _limits(result: SolvedPotential | SolvedBalance) -> list[dict[str, Any]]:
    """What holds the answer down, the weightiest first."""
    return [
        {
            "kind": row.kind,
            "id": row.id,
            "card": card_id(result.question.net, row.kind, row.id),
            "name": one_line(row.name),
            "capacity": row.capacity,
            "unit": one_line(row.unit),
            "worth": row.worth,
            "worth_unit": one_line(row.worth_unit),
        }
        for row in result.binding[:_MOST_ROWS]
    ]


def card_id(net: SupplyNetwork, kind: str, name: str) -> str:
    """Return the id of the card on which a limit can be moved; empty where there is none."""
    if kind == "node":
        return name
    if kind == "rule":  # restrictions part a corridor into id.1, id.2
        total = name.rpartition(".")[0]
        return CORRIDOR + (name if any(row.id == name for row in net.rule_rows) else total)
    sender = name.partition(" -> ")[0]
    return sender if sender in net.node_by_id else ""


def _plants(result: SolvedPotential | SolvedBalance) -> list[dict[str, Any]]:
    """Plants that are used, the fullest first."""
    rows = [row for row in result.utilization if row.kind == "node"]
    least = _LEAST_SHARE * max((row.used for row in rows), default=0.0)
    rows = [row for row in rows if row.used > least]
    rows.sort(key=lambda row: (by_size(row.share), by_size(row.used), row.id))
    return [
        {
            "id": row.id,
            "name": one_line(row.name),
            "used": row.used,
            "capacity": row.capacity,
            "unit": one_line(row.unit),
            "share": row.share,
        }
        for row in rows
    ]


# -- pictures --------------------------------------------------------------------------------


def picture_of(
    net: SupplyNetwork, query: Viewed, result: Shown, other: Shown | None = None
) -> Drawn:
    """Return the picture of a state; of a run it is always that of its months.

    Another result stands above it, on one scale, whatever picture is asked for.
    """
    if other is not None:
        return _sankey(net, query, cast("Any", result), cast("Any", other))
    if isinstance(result, RunResult):
        from supplynet.draw.charts.months import months

        return months(result, to=query.to)
    if isinstance(result, SolvedBalance) and query.picture not in CONTESTED_PICTURES:
        raise UsageError(
            f"{query.picture} are drawn of what could be had alone", hint="choose sankey or the map"
        )
    draw: dict[str, Callable[[SupplyNetwork, Viewed, Any], Drawn]] = {
        "sankey": _sankey,
        "layers": _layers,
        "map": _map,
        "years": _years,
        "losses": _losses,
    }
    return draw[query.picture](net, query, result)


def _element(query: Viewed, result: SolvedPotential | SolvedBalance) -> str:
    """The element that a picture shows: the first that is asked for."""
    from supplynet.network.units import elements_of

    return elements_of(result.question.net, query.elements())[0]


def _sankey(
    _net: SupplyNetwork,
    query: Viewed,
    result: SolvedPotential | SolvedBalance,
    other: SolvedPotential | SolvedBalance | None = None,
) -> Scene:
    from supplynet.draw.streams.scene import sankey_scene

    to = query.to if isinstance(result, SolvedBalance) else None
    return sankey_scene(
        result,
        against=other,
        element=_element(query, result),
        top=_TOP_UPRIGHT if query.is_upright else _TOP,
        to=to,
        size=UPRIGHT if query.is_upright else "slide",
        is_brief=query.is_quick,
    )


def _layers(net: SupplyNetwork, query: Viewed, result: SolvedPotential) -> Scene:
    from supplynet.draw.layered import layer_scene

    net, element = result.question.net, _element(query, result)
    return layer_scene(
        net, result, element=element, top=_TOP, is_single=True, is_brief=query.is_quick
    )


def _map(net: SupplyNetwork, query: Viewed, result: SolvedPotential | SolvedBalance) -> Scene:
    from supplynet.draw.maps.painter import map_scene

    to = query.to if isinstance(result, SolvedBalance) else None
    net, element, is_brief = result.question.net, _element(query, result), query.is_quick
    return map_scene(net, result, element=element, is_series=True, to=to, is_brief=is_brief)


def _years(net: SupplyNetwork, query: Viewed, _result: Any) -> Drawn:
    from supplynet import draw
    from supplynet.questions.outlook import outlook

    options = query.words()
    for name in ("year", "tier"):
        del options[name]
    commodity = net.commodity
    years = range(commodity.base_year, commodity.last_year + 1)
    return draw.outlook(outlook(net, year=list(years[:: max(1, len(years) // 4)]), **options))


def _losses(net: SupplyNetwork, query: Viewed, result: Any) -> Drawn:
    from supplynet.draw.charts.losses import losses
    from supplynet.questions.chokepoints import chokepoints

    element = _element(query, result)
    return losses(
        chokepoints(net, element=element, by="country-stage", top=_MOST_ROWS, **query.words())
    )


# -- files to keep ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a state can be kept in."""

    title: str
    media_type: str
    make: Callable[..., str | bytes]  #: network, state and kept results to content


def _picture(net: SupplyNetwork, query: Viewed, selection: Any, ending: str) -> bytes:
    from supplynet.draw.mpl import figure_of, render

    return render(figure_of(picture_of(net, query, solved(net, query, selection))), ending)


def _answer(net: SupplyNetwork, asked: Viewed, kept: Any) -> Result:
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.questions import contested, potential

    shown = solved(net, asked, kept)
    if isinstance(shown, SolvedBalance):
        return contested.allocation_of(shown, "all")
    return potential.answer_of(shown) if isinstance(shown, SolvedPotential) else shown


def _table(net: SupplyNetwork, query: Viewed, selection: Any) -> str:
    from supplynet.present.document import Column
    from supplynet.reports.data_writers import to_csv
    from supplynet.reports.results import document_of

    document = document_of(_answer(net, query, selection))
    table = next(document.tables())
    # a table by itself has no page around it that says what its figures are
    record = {"question": document.title, "tier": query.tier, "table": table.caption}
    columns = (*table.columns, *(Column(key, key.capitalize()) for key in record))
    rows = tuple({**row, **record} for row in table.rows)
    return to_csv(replace(table, columns=columns, rows=rows))


def _report(net: SupplyNetwork, query: Viewed, selection: Any) -> Report:
    from supplynet.reports.build import report

    return report(_answer(net, query, selection))


DOWNLOADS: dict[str, Download] = {
    "picture.svg": Download("Picture, SVG", "image/svg+xml", partial(_picture, ending="svg")),
    "picture.png": Download("Picture, PNG", "image/png", partial(_picture, ending="png")),
    "table.csv": Download("Table, CSV", "text/csv", _table),
    "result.json": Download(
        "Result, JSON", "application/json", lambda *request: _report(*request).to_json()
    ),
    SCENARIO_FILE: Download(
        "What was changed, a scenario file",
        "application/toml",
        lambda _net, query, _kept: scenario_text(query) or 'title = "Nothing was changed"\n',
    ),
    "report.html": Download("Report", "text/html", lambda *request: _report(*request).to_html()),
}


def download(
    name: str, net: SupplyNetwork, query: Viewed, cache: MutableMapping[str, Any]
) -> bytes:
    """Return the content of a file of a state.

    Parameters
    ----------
    name : str
        A key of :data:`DOWNLOADS`.
    net, asked, kept
        As in :func:`view`.
    """
    # what is kept is the whole answer, to the last digit
    total = query.model_copy(update={"is_quick": False})
    content = DOWNLOADS[name].make(net, total, cache)
    return content.encode("utf-8") if isinstance(content, str) else content
