"""What a run says of what was seen: one function for each measure of the table replays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.question import target_nodes
from supplynet.analysis.time.horizon import Horizon, horizon
from supplynet.analysis.time.options import Through, Ways
from supplynet.analysis.time.periods import named_shocks, periods
from supplynet.analysis.time.rows import SHORT, MonthRow
from supplynet.analysis.time.states import Asked, Normal, asked_of, normal_of, words_by_period
from supplynet.analysis.time.stocks import shown_of
from supplynet.errors import DataError, UnknownNameError
from supplynet.network.cache import cache_of
from supplynet.network.checks.money import replays
from supplynet.network.checks.tables import ranges
from supplynet.network.problems import raise_problems
from supplynet.network.scenario.rows import with_free_contents
from supplynet.network.schema import TABLES
from supplynet.network.selector import select
from supplynet.network.timeline import month_of
from supplynet.network.units import elements_of
from supplynet.solve.lp.engine import Starts
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from supplynet.analysis.time.rows import StockRow
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Replay, Shock, Stock

#: parts of a demand by which two nations must differ to be distinguished
_SAME = 1e-6
#: an observation, what the run says, and rows of the graph that were set by it
Scored = tuple["Replay", float, tuple[str, ...]]


def replayed(
    net: SupplyNetwork, query: Any
) -> tuple[Horizon, Through, Shock, list[Scored], list[Replay]]:
    """Return the run of a shock, how it was asked, the shock, its scores, and what is left out.

    What plants made is scored where `every` observation is, or nothing else was seen.
    """
    named, seen = _observed(net, query.shock)
    net = with_free_contents(net)
    others = [row for row in seen if row.measure != "output"]
    # The horizon holds the shock and all that was seen of it, before and after.
    dated: list[Shock | Replay] = [*named, *others]
    begin, end = min(row.begin for row in dated), max(row.end for row in dated)
    options, year = asked_of(net, query), month_of(begin).year
    # the year of the run first, from which quarters of what was made in it go on
    normal_of(options, year, _starts(options.question(year).net, year))
    routes = {name: getattr(query, name) for name in ("behavior", "postponed", "time_limit")}
    routes |= query.asked()
    span = {"shock": query.shock, "begin": str(month_of(begin)), "end": end}
    through = Through.checked({**span, **routes}, "replay")
    done = horizon(options, through)
    selection = seen if query.every else others or seen
    fitted = _fitted(net)
    # by their dates: those of much the same plants go on from each other
    record = {
        row.id: MEASURES[row.measure](done, row)
        for row in sorted(selection, key=lambda row: row.begin)
    }
    scored = [(row, record[row.id], fitted.get(row.id, ())) for row in selection]
    return done, through, named[0], scored, [row for row in seen if row.id not in record]


def _observed(net: SupplyNetwork, shock: str) -> tuple[tuple[Shock, ...], list[Replay]]:
    """Return the rows of a shock, and what was seen of it, checked."""
    values = named_shocks(net)
    if shock not in values:
        raise UnknownNameError(
            f"{net.name} has no shock {shock!r}",
            hint=did_you_mean(shock, values) or f"there are {', '.join(values) or 'none'}",
        )
    seen = [row for row in cast("tuple[Replay, ...]", net.rows("replays")) if row.shock == shock]
    if not seen:
        raise DataError(
            f"nothing is reported of what was seen in {shock}", hint="add rows to replays.csv"
        )
    crossed = [problem for problem in ranges(net) if problem.file == "replays.csv"]
    raise_problems([*replays(net), *crossed], DataError, what=f"network {net.name}")
    return values[shock], seen


def _fitted(net: SupplyNetwork) -> Mapping[str, tuple[str, ...]]:
    """Return the rows that were set by what was seen, by its id."""
    values: dict[str, tuple[str, ...]] = {}
    for table, model in TABLES.items():
        for row in net.rows(table) if "fitted_to" in model.model_fields else ():
            texts = [table, *(str(getattr(row, column)) for column in model.key)]
            for seen in cast("Stock", row).fitted_to:
                values[seen] = (*values.get(seen, ()), " ".join(texts))
    return values


def _labels(result: Horizon, row: Replay) -> frozenset[str]:
    """Return the periods that lie in the months of an observation."""
    begin, end = month_of(row.begin), month_of(row.end)
    return frozenset(
        period.label for period in result.cut if begin <= period.begin and period.end <= end
    )


def _months(result: Horizon, row: Replay) -> list[MonthRow]:
    """Return the periods of the nations and the form of an observation."""
    nations, labels = target_nodes(result.question.net, row.place), _labels(result, row)
    return [
        month
        for month in result.months
        if month.nation in nations and month.form == row.form and month.period in labels
    ]


def _moves(result: Horizon, row: Replay) -> list[StockRow]:
    """Return what own stocks of the form do in the months of an observation."""
    net, labels = result.question.net, _labels(result, row)
    nations, own = target_nodes(net, row.place), select(net, row.place).surely
    lines = {
        line.stock.id
        for line in result.plan.program.lines
        if line.stock.form == row.form and (line.nation in nations or line.plants & own)
    }
    return [
        stock
        for stock in result.stocks
        if stock.stock in lines
        and stock.period in labels
        and (stock.nation in nations or not stock.nation)
    ]


def _lost_share(result: Horizon, row: Replay) -> float:
    """Part of what is served without the shock that is not, in the months of an observation."""
    months = _months(result, row)
    normal = sum(month.normal for month in months)
    return 1.0 - sum(month.served for month in months) / normal if normal else 0.0


def _not_arrived(result: Horizon, row: Replay) -> float:
    """Part of what arrives without the shock that does not: what stocks give did not arrive."""
    months, moves = _months(result, row), _moves(result, row)
    normal = sum(month.normal for month in months)
    options = sum(stock.drawn - stock.filled for stock in moves)
    arrived = sum(month.served for month in months) - options
    return 1.0 - arrived / normal if normal else 0.0


def _rank(result: Horizon, row: Replay) -> float:
    """Place of a nation among all by the part of its demand that is lost; 1 for the worst hit."""
    labels = _labels(result, row)
    sums: dict[str, tuple[float, float]] = {}
    for month in result.months:
        if month.form == row.form and month.period in labels:
            normal, served = sums.get(month.nation, (0.0, 0.0))
            sums[month.nation] = normal + month.normal, served + month.served
    lost = {nation: 1.0 - served / normal for nation, (normal, served) in sums.items() if normal}
    own = max(lost.get(each, 0.0) for each in target_nodes(result.question.net, row.place))
    return 1.0 + sum(share > own + _SAME for share in lost.values())


def _made_good(result: Horizon, row: Replay) -> float:
    """Of what did not arrive, the part that is put back until the end of an observation.

    What did not arrive is what was drawn from own stocks of the form, and what was not served; what
    is put back fills stocks again, or is served on top of what is normal.
    """
    moves = _moves(result, row)
    less = [month.normal - month.served for month in _months(result, row)]
    missing = sum(max(0.0, tonnes) for tonnes in less) + sum(stock.drawn for stock in moves)
    back = sum(max(0.0, -tonnes) for tonnes in less) + sum(stock.filled for stock in moves)
    return back / missing if missing > 0.0 else 1.0


def _survives(result: Horizon, row: Replay) -> float:
    """Whole months before anybody of a place is short; inf where nobody is."""
    nations = target_nodes(result.question.net, row.place)
    lasts = [
        endurance.survives
        for endurance in result.endurance
        if endurance.nation in nations
        and endurance.form == row.form
        and endurance.survives is not None
    ]
    return float(min(lasts, default=float("inf")))


def _is_short(result: Horizon, row: Replay) -> float:
    """1 where anybody of a place is short in the months of an observation, else 0."""
    return float(any(month.share < SHORT for month in _months(result, row)))


def _output(result: Horizon, row: Replay) -> float:
    """Tonnes that plants make without the shock, quarter by quarter as they fill or run down.

    What of the plans that serve as much a plant does in a shock is not decided; what it makes
    without one is, by the rule of what is shown.
    """
    question = result.question
    query = Asked(question.net, question.links, question.plants, lens=question.lens)
    plants = select(question.net, row.place).surely
    elements = frozenset(elements_of(question.net, row.element)) if row.element else frozenset()
    cut = periods(question.net, month_of(row.begin), month_of(row.end), "quarter")
    each = words_by_period(query, cut, Ways.checked({"gradual": True}, "replay"))
    return sum(
        period.length
        * _made(
            normal_of(texts, period.year, _starts(question.net, period.year)),
            row,
            plants,
            elements,
        )
        for texts, period in zip(each, cut, strict=True)
    )


def _starts(net: SupplyNetwork, year: int) -> Starts:
    """Return where programs of a year without a shock ended: its quarters differ by little."""
    starts: Starts = cache_of(net).setdefault(("starts of normal years", year), Starts())
    return starts


def _made(normal: Normal, row: Replay, plants: frozenset[str], elements: frozenset[str]) -> float:
    """Return what plants make in a normal year, t/yr: sold, and left where nobody takes it."""
    model, x = normal.run.model, shown_of(normal)
    arcs = model.scope.frame.arcs
    kind = "element" if elements else "product"
    columns = [
        column
        for column, (index, entry) in model.columns.of(kind)
        if arcs[index].tail in plants  # type: ignore[call-overload]
        and arcs[index].form == row.form  # type: ignore[call-overload]
        and (not elements or entry in elements)
    ]
    # what a maker of products leaves of an element was not made by it
    makers = {maker for maker, _ in model.scope.recipes}
    columns += [
        column
        for column, (plant, key) in model.columns.of("surplus")
        if plant in plants and plant not in makers and key in elements
    ]
    if not columns:
        of = f" of {row.element}" if row.element else ""
        raise DataError(
            f"replays.csv, row {row.id}: no plant of {row.place} makes {row.form}{of} in "
            f"{normal.question.year}",
            hint="name plants that run, and elements where the form is not of products",
        )
    return float(x[columns].sum())


#: what is measured of a run, by its word in the table replays
MEASURES: Mapping[str, Callable[[Horizon, Replay], float]] = {
    "lost_share": _lost_share,
    "not_arrived": _not_arrived,
    "rank": _rank,
    "made_good": _made_good,
    "survives": _survives,
    "is_short": _is_short,
    "output": _output,
}
