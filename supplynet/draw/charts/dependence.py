"""Dependence by element as pairs of bars: last step and every step, or before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from supplynet.analysis.balance.outcome import CONTESTED
from supplynet.analysis.exposure.tables import TOGETHER, StageExposure
from supplynet.draw.chart import Part, Row, Scale, row_chart
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, words_of
from supplynet.draw.streams.words import headings
from supplynet.draw.style import ACCENT, SECOND, Size, find_size
from supplynet.draw.words import spelled
from supplynet.errors import OptionError
from supplynet.questions.exposure import ExposureResult
from supplynet.terms import LENSES
from supplynet.text import share, tonnes

#: elements whose spans the message states
_MOST_OPEN = 2
#: opacity of what may be more
_PALE = 0.3


@dataclass(frozen=True, slots=True)
class _Share:
    """A share from what is sure to what is possible; or its span, where it is not decided."""

    sure: float | None
    maybe: float | None
    is_decided: bool = True

    @property
    def text(self) -> str:
        """The share, or from where to where it is not decided."""
        if self.is_decided:
            return share(self.sure, missing="no supply")
        return f"not decided: {share(self.sure)} to {share(self.maybe)}"


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two shares of one element."""

    name: str
    note: str
    first: _Share
    last: _Share

    @property
    def change(self) -> str:
        """Both shares in words."""
        return f"{self.name} before {self.first.text}, after {self.last.text}"


def dependence(
    result: ExposureResult,
    *,
    against: ExposureResult | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
    """Draw which part of a supply touched a jurisdiction, element by element.

    Parameters
    ----------
    result : ExposureResult
    against : ExposureResult, optional
        Drawn as before, with the result as after, both over all steps. Default: what came last
        from there beside what passed there at some step.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the exposures are not about the same.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.trace(sn.load("tutorial"), to="MLT", exposed_to="FJI", element="Nd")
    >>> sn.draw.dependence(found).axes[0].get_xlabel()
    'share of what arrives'
    """
    paper = find_size(size, theme)
    _require(result, against)
    pairs = _pairs(result, against)
    bounds = (
        ("before", "after") if against else ("came last from there", "passed there at some step")
    )
    rows = []
    for pair in pairs:
        ends = zip(bounds, (pair.first, pair.last), (SECOND, ACCENT), strict=True)
        first, last = (_row(pair.name, *end) for end in ends)
        name = f"{_spelled(pair.name)}, {pair.note}"
        rows.append(replace(first, names=(name,), also=(last,)))
    scale = Scale((0.0, 0.25, 0.5, 0.75, 1.0), share, "share of what arrives")
    looks: dict[str, Any] = {"what": "Pairs of bars, one an element.", "pace": 2.4}
    words, entries = _words(result, against, pairs), _entries(pairs, bounds)
    return row_chart(words, paper, entries, rows, scale, **looks)


def _require(result: ExposureResult, against: ExposureResult | None) -> None:
    """Refuse what is no exposure, and two that are not about the same."""
    for exposure_result in (result, against):
        if exposure_result is not None and not isinstance(exposure_result, ExposureResult):
            raise OptionError(
                f"a picture of dependence needs the result of exposure, not {type(exposure_result)}"
            )
    if against is not None and (result.to, result.lens) != (against.to, against.lens):
        raise OptionError(
            "the exposures are not about the same nations and lens",
            hint="ask both with the same to= and lens=",
        )


def _entries(pairs: Sequence[_Pair], bounds: tuple[str, str]) -> list[Entry]:
    """What dots and bands mean, of those that are drawn."""
    every = [entry for pair in pairs for entry in (pair.first, pair.last)]
    entries = [
        Entry(bounds[0], fill=SECOND),
        Entry(bounds[1], fill=ACCENT),
    ]
    if any(member.is_decided and member.sure != member.maybe for member in every):
        entries.append(Entry("more, if unknown owners are of there", fill=ACCENT, opacity=_PALE))
    if not all(candidate.is_decided for candidate in every):
        entries.append(Entry("not decided: least to greatest", fill=ACCENT, opacity=_PALE))
    return entries


def _row(name: str, end: str, piece: _Share, color: str) -> Row:
    """Return a share as a bar, with what may be more of it; or from where to where it may be."""
    if piece.sure is None:
        return Row(("",), text="nothing arrives")
    look, maybe, parts = {"hover": (f"{name}, {end}: {piece.text}",)}, piece.maybe or 0.0, []
    if piece.is_decided:
        parts.append(Part("bar", f"{name}-{end}", (0.0, piece.sure), color, look))
    if maybe > piece.sure:
        band, kind = {**look, "role": "range", "opacity": _PALE}, "maybe"
        if not piece.is_decided:
            kind = "span"
        parts.append(Part("bar", f"{name}-{end}-{kind}", (piece.sure, maybe), color, band))
    return Row(("",), parts, piece.text)


def _pairs(result: ExposureResult, against: ExposureResult | None) -> list[_Pair]:
    pairs: list[_Pair] = []
    for name in result.names:
        if name == TOGETHER and not all(pair.last.is_decided for pair in pairs):
            continue  # what is not decided of its parts is not of the whole
        row = result.at(name)
        note = f"{tonnes(row.supply)} t/yr"
        last = _shown(result, name)
        if against is None:
            pairs.append(_Pair(_title(name), note, _shown(result, name, is_direct=True), last))
            continue
        if name not in against.names:
            continue
        other: StageExposure = against.at(name)
        note = f"{tonnes(other.supply)} to {tonnes(row.supply)} t/yr"
        pairs.append(_Pair(_title(name), note, _shown(against, name), last))
    if not pairs:
        raise OptionError("the exposures have no element in common")
    return pairs


def _spelled(name: str) -> str:
    """The name of a row: of an element in full, once."""
    full = spelled(name)
    return f"{full[:1].upper()}{full[1:]}"


def _title(name: str) -> str:
    return "All of them" if name == "together" else name


def _shown(result: ExposureResult, name: str, *, is_direct: bool = False) -> _Share:
    """Return a share; its span where balances that are as good differ by much.

    All elements together take long to distinguish the ends of, and are drawn without.
    """
    span = None if name == TOGETHER else result.solve_range(name, is_direct=is_direct)
    if span is not None and not span.is_decided:
        return _Share(span.least, span.greatest, is_decided=False)
    return _Share(*result.at(name).shares(is_direct=is_direct))


def _chosen(result: ExposureResult) -> str:
    """Return which of all balances that are as good is traced."""
    near = result.balance.provenance.options["nearest_to"]
    return f"Of all balances that are as good, the one nearest to {near}."


def _changes(pairs: Sequence[_Pair]) -> str:
    """Return both shares of each element; of many that are not decided only their names."""
    decided = [pair for pair in pairs if pair.first.is_decided and pair.last.is_decided]
    undecided = [pair for pair in pairs if pair not in decided]
    if len(undecided) > _MOST_OPEN:  # their spans stand beside them
        names = ", ".join(pair.name for pair in undecided)
        return "; ".join([f"not decided for {names}", *(pair.change for pair in decided)])
    return ("; " if undecided else ", ").join(pair.change for pair in pairs)


def _words(result: ExposureResult, against: ExposureResult | None, pairs: Sequence[_Pair]) -> Words:
    question = result.balance.question
    shown = [pair for pair in pairs if pair.name != "All of them"][:4]
    if against is None:
        parts = [f"{pair.name} {pair.last.text}" for pair in shown]
        text = f"passed there at some step: {', '.join(parts)}"
        if all(pair.last.is_decided for pair in shown):
            text = f"{', '.join(parts)} passed there at some step"
    else:
        text = _changes(shown)
    lens = LENSES[result.lens].phrase
    what = "; ".join(headings([against.balance, result.balance])) if against else ""
    supply = f"a contested supply, {CONTESTED}"
    if result.is_measured:
        supply = "a measured supply, the calibrated flows of the year"
    return words_of(
        question,
        result.provenance,
        f"Exposure of {result.to_name} to {result.exposed_name}, {question.year}:",
        text,
        f"Share of {supply}{f'. {what}' if what else ''}",
        f"Counted by {lens}; where routes meet, what goes on holds the average of what came."
        + ("" if result.is_measured else f" {_chosen(result)}"),
        has_owners=False,
    )
