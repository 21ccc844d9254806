"""A ranking of losses as bars: what each costs of the coverage of demand, a panel a lens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supplynet.analysis.balance.outcome import CONTESTED
from supplynet.analysis.losses import left_out
from supplynet.draw.chart import Part, Row, Scale, row_chart, ticks
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, frame, without, words_of
from supplynet.draw.style import ACCENT, INK, SECOND, Size, find_size
from supplynet.draw.words import bare, spelled
from supplynet.errors import OptionError
from supplynet.network.countries import brief_name
from supplynet.network.schema import UNKNOWN
from supplynet.questions.chokepoints import Chokepoint, ChokepointResult
from supplynet.questions.disrupt import Disruption, DisruptionResult
from supplynet.terms import LENSES, LOSSES
from supplynet.text import between, integer, listing, plain, share, tonnes

Ranking = ChokepointResult | DisruptionResult

#: share of demand below which a loss costs none of its coverage
_LEAST = 1e-9
#: nations whose own plants are reported to be left out by name
_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Loss:
    """What one loss costs: of demand, or in tonnes where no demand is known."""

    names: tuple[str, ...]  #: what is lost, and shorter names of it
    size: float  #: length of the bar
    text: str  #: behind it
    hover: str
    tonnes: tuple[float, ...]  #: t/yr that no longer arrive, and both ends of the data
    #: ends of its length with every figure at its low and at its high end
    span: tuple[float, float] | None = None


def points(value: float) -> str:
    """Return percentage points without their unit, which the title of the axis names."""
    return f"{100 * value:.3g}"


def require(results: Sequence[Ranking], *, has_ranges: bool) -> None:
    """Refuse results that do not stand side by side, and ranges of what has none."""
    for result in results:
        if not isinstance(result, ChokepointResult | DisruptionResult):
            raise OptionError(
                "a picture of losses needs the result of chokepoints or disrupt, "
                f"not {type(result)}"
            )
    first, last = results[0], results[-1]
    if type(first) is not type(last):
        raise OptionError("a potential and a contested loss do not stand side by side")
    same = [
        (entry.by, entry.unit, entry.question.year, getattr(entry, "model", ""))
        for entry in results
    ]
    if same[0] != same[-1]:
        raise OptionError(
            "the rankings are not about the same",
            hint="ask both by the same model, for one element and year",
        )

    if has_ranges and not isinstance(first, ChokepointResult):
        raise OptionError(
            "losses of all nations together have no data range",
            hint="those of one nation do: chokepoints",
        )
    if has_ranges and any(need_of(member) and not member.is_up_to_need for member in results):  # type: ignore[union-attr]
        raise OptionError(
            "a data range of coverage needs losses up to demand", hint="ask with count='need'"
        )


def need_of(result: Ranking) -> float:
    """Return what is needed, per year; 0 where that is not known."""
    if isinstance(result, ChokepointResult):
        return result.demand.value
    return result.demand or 0.0


def _whole(result: Ranking) -> float:
    return result.value if isinstance(result, ChokepointResult) else result.served


def _covered(result: Ranking, value: float) -> float:
    """Share of demand that some tonnes cover: what is beyond it covers nothing."""
    need = need_of(result)
    return min(max(value, 0.0), need) / need


def _ranked(result: Ranking, *, has_ranges: bool) -> list[_Loss]:
    """Return the losses of a ranking that cost anything, largest first."""
    spans = result.ranges() if has_ranges and isinstance(result, ChokepointResult) else {}
    losses = [loss for row in _rows(result) if (loss := _loss(result, row, spans.get(row.id))).size]
    return sorted(losses, key=lambda loss: (-loss.size, loss.names[0]))


def _heading(result: Ranking) -> list[Row]:
    """Return what stands above the losses by a lens."""
    if not LOSSES[result.by].may_be_several:
        return []
    heading = f"By {LENSES[result.question.lens].phrase}"
    if need_of(result):
        heading += f": {share(_covered(result, _whole(result)))} covered"
    return [Row(("",), text=heading, is_bold=True)]


def _own(result: Ranking) -> frozenset[str]:
    """Return the countries that a ranking is of: the loss of its own plants is none of supply."""
    if not (isinstance(result, ChokepointResult) and LOSSES[result.by].is_of_country):
        return frozenset()
    return frozenset(result.question.net.node(target).country for target in result.question.targets)


def _rows(result: Ranking) -> list[Chokepoint | Disruption]:
    """Return the losses that are drawn."""
    own = _own(result)
    return [row for row in result.rows if row.id.partition(":")[0] not in own]


def _loss(
    result: Ranking, row: Chokepoint | Disruption, span: tuple[float, float] | None = None
) -> _Loss:
    """Return what a loss costs, with its data range in t/yr if that is known."""
    total, need = _whole(result), need_of(result)
    loss, shown = row.loss, "Owner unknown" if row.name == UNKNOWN else plain(row.name)
    names = [shown, bare(shown)]
    if LOSSES[result.by].is_of_country and LOSSES[result.by].is_whole and row.name != UNKNOWN:
        names.append(plain(brief_name(row.id, result.question.net.commodity.areas)))
    piece = f"{share(loss / total)} of what could arrive" if total else ""
    gone, shares = f"{tonnes(loss)} {result.unit} less", (loss, *(span or ()))
    if span is not None:
        gone += f" (data range {between(*span)})"
    if not need:
        text = f"{tonnes(loss)} ({share(loss / total)})" if total else tonnes(loss)
        return _Loss((*names,), loss, text, f"{shown}: {gone}, {piece}", shares, span)
    before, after = _covered(result, total), _covered(result, total - loss)
    # What is lost above demand costs no coverage, however many tonnes it is.
    lost = before - after if before - after > _LEAST else 0.0
    sentence = points(float(f"{lost:.2g}"))
    text = f"{sentence} point{'' if sentence == '1' else 's'}, {share(after)} left"
    hover = f"{shown}: {share(before)} to {share(after)} covered, {gone}"
    # at either end a loss counts as tonnes of demand as it is, so that all bars have one base
    bounds = None if span is None else (min(span[0] / need, 1.0), min(span[1] / need, 1.0))
    return _Loss((*names,), lost, text, hover, shares, bounds)


def nothing(result: Ranking) -> str:
    """Say that no loss costs anything."""
    if need_of(result) and _whole(result) > 0.0:
        return f"No single loss leaves less than {share(_covered(result, _whole(result)))} covered"
    return "No single loss costs anything"


def about(results: Sequence[Ranking], *, has_ranges: bool = False) -> Words:
    """Return the words around a picture of losses."""
    first = results[0]
    question = first.question
    need = need_of(first)
    total, last = tonnes(_whole(first)), tonnes(_whole(results[-1]))
    of_need = f" of the {tonnes(need)} {first.unit} needed" if need else f" {first.unit}"
    if 0 < need < _whole(first):
        of_need = f" {first.unit}, more than the {tonnes(need)} needed"
    if last != total:  # lenses shut different plants
        phrase = LENSES[results[-1].question.lens].phrase
        of_need += f" ({last} if {question.avoid_name} is shut by {phrase})"
    if isinstance(first, ChokepointResult):
        head = f"{question.to_name}{without(question)}, {spelled(first.element)}, {question.year}:"
        how = "by the balance" if first.model == "balance" else "as a maximum flow"
        figures = (
            f"With everything in place at most {total}{of_need}, {how}, for {question.to_name} "
            "with exclusive access"
        )
    else:
        head = f"All nations{without(question)}, {question.year}:"
        figures = f"Contested, {CONTESTED}: {total}{of_need} served with everything in place"
    text = nothing(first)
    match = f"{text[:1].lower()}{text[1:]}"
    ranked = [
        (loss.size, index, row.name, row.loss)
        for index, result in enumerate(results)
        for row in _rows(result)
        if (loss := _loss(result, row)).size
    ]
    own = (
        [question.net.node(target).name for target in sorted(question.targets)]
        if _own(first)
        else []
    )
    notes = [f"Plants in {listing(own)} are not ranked."] if 0 < len(own) <= _NAMED else []
    notes += [] if has_ranges else ["The order is by central figures, without their data range."]
    if ranked:
        _, index, name, lost = min(ranked, key=lambda row: (-row[0], row[1], row[2]))
        worst = results[index]
        top = _whole(worst)
        lens = f", by {LENSES[worst.question.lens].phrase}," if len(results) > 1 else ""
        if need:
            bounds = share(_covered(worst, top)), share(_covered(worst, top - lost))
            match = f"without {name}{lens} coverage falls most, from {bounds[0]} to {bounds[1]}"
        else:
            match = f"most is lost without {name}{lens}, {tonnes(lost)} t"
    return words_of(
        question,
        first.provenance,
        head,
        match,
        figures,
        f"Exact loss of each alone, everything else rerouted at best, on {question.counted}. "
        f"{' '.join([left_out(question.net, first.by), *notes])}",
        has_owners=False,
    )


_COLORS = (ACCENT, SECOND)
_RANGE = Entry(
    "data range: every figure at its low and at its high end", stroke=INK, width=1.2, is_line=True
)
#: bars of one lens, and of each of two one below the other
_MOST, _LEAST_ROWS = (12, 8), 3


def losses(
    result: Ranking,
    *,
    beside: Ranking | None = None,
    top: int | None = None,
    has_ranges: bool = False,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
    """Draw what losses cost of the coverage as bars, by one lens or one below the other by both.

    Parameters
    ----------
    result : ChokepointResult or DisruptionResult
    beside : of the same kind, optional
        By the other lens.
    top : int, optional
        How many are drawn, largest first.
    has_ranges : bool
        Whether each bar has the data range of its loss: everything is solved anew with every
        figure at its low and at its high end. Of the losses of one nation, up to its demand.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the rankings are not about the same.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> ranked = sn.chokepoints(net, to="MLT", element="Nd", by="country")
    >>> owners = sn.chokepoints(net, to="MLT", element="Nd", by="country", lens="control")
    >>> (axes,) = sn.draw.losses(ranked, beside=owners).axes
    >>> [text.get_text() for text in axes.texts if text.get_text().startswith("By")]
    ['By where plants stand: 100% covered', 'By who owns plants: 100% covered']
    """
    paper = find_size(size, theme)
    results = [result] if beside is None else [result, beside]
    require(results, has_ranges=has_ranges)
    if top is not None and (isinstance(top, bool) or top < 1):
        raise OptionError(f"top must be a whole number from 1 on, not {top!r}")
    words, most = about(results, has_ranges=has_ranges), top or _MOST[len(results) - 1]
    ranked = [_ranked(entry, has_ranges=has_ranges) for entry in results]
    if top is None:  # as many as can be read
        around = frame(words, paper)
        lines = (around.bottom - around.top - 5 * paper.label) / (1.2 * paper.row)
        most = max(_LEAST_ROWS, min(most, int(lines / len(results)) - 1))
    n_others = sum(len(losses[most:]) for losses in ranked)
    entries = [_RANGE] if has_ranges else []
    entries += [Entry(f"{integer(n_others)} more cost less")] if n_others else []
    rows: list[Row] = []
    for count, (entry, losses) in enumerate(zip(results, ranked, strict=True)):
        rows += _heading(entry)
        rows += (_row(loss, f"{index}-{count}", count) for index, loss in enumerate(losses[:most]))
    reach = max((part.span[1] for row in rows for part in row.parts), default=0.0)
    is_share = need_of(result) > 0.0
    unit = "coverage lost, points of demand" if is_share else f"{result.unit} lost"
    scale = Scale(ticks(reach, 4), points if is_share else tonnes, unit)
    what = f"Bars, longest first: {', '.join(loss.names[0] for loss in ranked[0][:most])}."
    if not reach:
        rows = [Row(("",), text=nothing(result), is_bold=True)]
    return row_chart(words, paper, entries, rows, scale, what=what, behind=0.4)


def _row(loss: _Loss, name: str, count: int) -> Row:
    """Return the bar of a loss, with the data range of it."""
    color = _COLORS[count]
    look = {"hover": (loss.hover,), "tonnes": loss.tonnes, "edge": color}
    parts = [Part("bar", f"bar-{name}", (0.0, loss.size), color, look)]
    if loss.span is not None:
        parts.append(Part("whisker", f"span-{name}", loss.span))
    return Row(loss.names, parts, loss.text)
