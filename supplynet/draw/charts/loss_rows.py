"""What a picture of losses shows: what each costs of the coverage, and the words around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supplynet.analysis.balance.summary import CONTESTED
from supplynet.analysis.losses import left_out
from supplynet.draw.sheet import Words, words_of
from supplynet.draw.words import spelled
from supplynet.errors import OptionError
from supplynet.network.countries import brief_name
from supplynet.network.schema import UNKNOWN
from supplynet.questions.chokepoints import Chokepoint, ChokepointResult
from supplynet.questions.disrupt import Disruption, DisruptionResult
from supplynet.terms import LENSES, LOSSES
from supplynet.text import between, listing, plain, share, tonnes

Ranking = ChokepointResult | DisruptionResult

#: share of the need below which a loss costs none of its coverage
_LEAST = 1e-9
#: nations whose own plants are told to be left out by name
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Loss:
    """What one loss costs: of the need, or in tonnes where no need is known.

    Parameters
    ----------
    name, brief : str
        What is lost, and a shorter name of it, if it has one.
    size : float
        Length of the bar.
    text : str
        Behind it.
    hover : str
    tonnes : float
        t/yr that no longer arrive.
    span : tuple of (float, float) or None
        Ends of its length with every figure at its low and at its high end.
    tonnes_span : tuple of (float, float) or None
        The same in t/yr.
    """

    name: str
    brief: str
    size: float
    text: str
    hover: str
    tonnes: float
    span: tuple[float, float] | None = None
    tonnes_span: tuple[float, float] | None = None

    @property
    def reach(self) -> float:
        """How far bar and range reach."""
        return max(self.size, *(self.span or (0.0,)))


@dataclass(frozen=True, slots=True)
class Panel:
    """The losses by one lens.

    Parameters
    ----------
    heading, color : str
    losses : tuple of Loss
    n_others : int
        Losses that are not drawn.
    """

    heading: str
    color: str
    losses: tuple[Loss, ...]
    n_others: int


def points(value: float) -> str:
    """Return percentage points without their unit, which the title of the axis names."""
    return f"{100 * value:.3g}"


def require(results: Sequence[Ranking], *, has_ranges: bool) -> None:
    """Refuse results that do not stand side by side, and ranges of what has none."""
    for one in results:
        if not isinstance(one, ChokepointResult | DisruptionResult):
            raise OptionError(
                f"a picture of losses needs the result of chokepoints or disrupt, not {type(one)}"
            )
    first, last = results[0], results[-1]
    if type(first) is not type(last):
        raise OptionError("a potential and a contested loss do not stand side by side")
    same = [(one.by, one.unit, one.question.year, getattr(one, "model", "")) for one in results]
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
    if has_ranges and any(need_of(one) and not one.is_up_to_need for one in results):  # type: ignore[union-attr]
        raise OptionError(
            "a data range of coverage needs losses up to the need", hint="ask with count='need'"
        )


def need_of(result: Ranking) -> float:
    """Return what is needed, per year; 0 where that is not known."""
    if isinstance(result, ChokepointResult):
        return result.demand.value
    return result.demand or 0.0


def _whole(result: Ranking) -> float:
    return result.value if isinstance(result, ChokepointResult) else result.served


def _covered(result: Ranking, value: float) -> float:
    """Share of the need that some tonnes cover: what is beyond it covers nothing."""
    need = need_of(result)
    return min(max(value, 0.0), need) / need


def panel_of(result: Ranking, most: int, color: str, *, has_ranges: bool) -> Panel:
    """Return the largest losses of a ranking, with their data ranges where asked for."""
    spans = result.ranges() if has_ranges and isinstance(result, ChokepointResult) else {}
    losses = [loss for row in _rows(result) if (loss := _loss(result, row, spans.get(row.id))).size]
    losses.sort(key=lambda loss: (-loss.size, loss.name))
    by_country = LOSSES[result.by].may_be_several
    heading = f"By {LENSES[result.question.lens].phrase}" if by_country else ""
    if heading and need_of(result):
        heading += f": {share(_covered(result, _whole(result)))} covered"
    return Panel(heading, color, tuple(losses[:most]), len(losses[most:]))


def _own(result: Ranking) -> frozenset[str]:
    """Return the countries that a ranking is of: the loss of its own plants is none of supply."""
    if not (isinstance(result, ChokepointResult) and LOSSES[result.by].is_of_country):
        return frozenset()
    return frozenset(result.question.net.node(one).country for one in result.question.targets)


def _rows(result: Ranking) -> list[Chokepoint | Disruption]:
    """Return the losses that are drawn."""
    own = _own(result)
    return [row for row in result.rows if row.id.partition(":")[0] not in own]


def _loss(
    result: Ranking, row: Chokepoint | Disruption, span: tuple[float, float] | None = None
) -> Loss:
    """Return what a loss costs, with its data range in t/yr if that is known."""
    whole, need = _whole(result), need_of(result)
    loss, brief = row.loss, ""
    shown = "Owner unknown" if row.name == UNKNOWN else plain(row.name)
    if LOSSES[result.by].is_of_country and LOSSES[result.by].is_whole and row.name != UNKNOWN:
        brief = plain(brief_name(row.id, result.question.net.commodity.areas))
    part = f"{share(loss / whole)} of what could arrive" if whole else ""
    gone = f"{tonnes(loss)} {result.unit} less"
    if span is not None:
        gone += f" (data range {between(*span)})"
    if not need:
        text = f"{tonnes(loss)} ({share(loss / whole)})" if whole else tonnes(loss)
        return Loss(shown, brief, loss, text, f"{shown}: {gone}, {part}", loss, span, span)
    before, after = _covered(result, whole), _covered(result, whole - loss)
    # What is lost above the need costs no coverage, however many tonnes it is.
    lost = before - after if before - after > _LEAST else 0.0
    told = points(float(f"{lost:.2g}"))
    text = f"{told} point{'' if told == '1' else 's'}, {share(after)} left"
    hover = f"{shown}: {share(before)} to {share(after)} covered, {gone}"
    # at either end a loss counts as tonnes of the need as it is, so that all bars have one base
    ends = None if span is None else (min(span[0] / need, 1.0), min(span[1] / need, 1.0))
    return Loss(shown, brief, lost, text, hover, loss, ends, span)


def nothing(result: Ranking) -> str:
    """Say that no loss costs anything."""
    if need_of(result) and _whole(result) > 0.0:
        return f"No single loss leaves less than {share(_covered(result, _whole(result)))} covered"
    return "No single loss costs anything"


def about(results: Sequence[Ranking], *, has_ranges: bool = False) -> Words:
    """Return the words around a picture of losses."""
    first = results[0]
    asked = first.question
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    need = need_of(first)
    whole, last = tonnes(_whole(first)), tonnes(_whole(results[-1]))
    of_need = f" of the {tonnes(need)} {first.unit} needed" if need else f" {first.unit}"
    if 0 < need < _whole(first):
        of_need = f" {first.unit}, more than the {tonnes(need)} needed"
    if last != whole:  # lenses shut different plants
        phrase = LENSES[results[-1].question.lens].phrase
        of_need += f" ({last} if {asked.avoid_name} is shut by {phrase})"
    if isinstance(first, ChokepointResult):
        head = f"{asked.to_name}{without}, {spelled(first.element)}, {asked.year}:"
        how = "by the balance" if first.model == "balance" else "as a maximum flow"
        figures = (
            f"With everything in place at most {whole}{of_need}, {how}, if {asked.to_name} alone "
            "drew on the network"
        )
    else:
        head = f"All nations{without}, {asked.year}:"
        figures = f"Contested, {CONTESTED}: {whole}{of_need} served with everything in place"
    told = nothing(first)
    found = f"{told[:1].lower()}{told[1:]}"
    ranked = [
        (loss.size, place, row.name, row.loss)
        for place, one in enumerate(results)
        for row in _rows(one)
        if (loss := _loss(one, row)).size
    ]
    own = [asked.net.node(one).name for one in sorted(asked.targets)] if _own(first) else []
    notes = [f"Plants in {listing(own)} are not ranked."] if 0 < len(own) <= _NAMED else []
    notes += [] if has_ranges else ["The order is by central figures, without their data range."]
    if ranked:
        _, place, name, lost = min(ranked, key=lambda row: (-row[0], row[1], row[2]))
        worst = results[place]
        top = _whole(worst)
        lens = f", by {LENSES[worst.question.lens].phrase}," if len(results) > 1 else ""
        if need:
            ends = share(_covered(worst, top)), share(_covered(worst, top - lost))
            found = f"without {name}{lens} coverage falls most, from {ends[0]} to {ends[1]}"
        else:
            found = f"most is lost without {name}{lens}, {tonnes(lost)} t"
    return words_of(
        asked.net,
        first.provenance,
        asked.year,
        head,
        found,
        figures,
        f"Exact loss of each alone, everything else rerouted at best, on {asked.counted}. "
        f"{' '.join([left_out(asked.net, first.by), *notes])}",
    )
