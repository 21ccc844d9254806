"""Dependence by element as pairs of dots: last step and every step, or before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from supplynet.analysis.balance.outcome import CONTESTED
from supplynet.analysis.exposure.tables import TOGETHER, StageExposure
from supplynet.draw.chart import PAD, Chart, chart, widest
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, words_of
from supplynet.draw.streams.words import headings
from supplynet.draw.style import ACCENT, MUTED, PAPER, SECOND, Size, find_size
from supplynet.draw.words import spelled
from supplynet.errors import OptionError
from supplynet.questions.exposure import ExposureResult
from supplynet.terms import LENSES
from supplynet.text import share, tonnes

#: marks of the axis: from nothing on, or from the last of these below all shares
_MARKS = {
    0.0: (0.0, 0.25, 0.5, 0.75, 1.0),
    0.5: (0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
    0.75: (0.75, 0.8, 0.85, 0.9, 0.95, 1.0),
}
#: elements whose spans the message states
_MOST_OPEN = 2
#: of a dot, in sizes of the letters
_RADIUS = 0.46


@dataclass(frozen=True, slots=True)
class _Share:
    """A share from what is sure to what is possible; or its span, where it is not decided."""

    sure: float | None
    maybe: float | None
    is_decided: bool = True

    @property
    def text(self) -> str:
        """The share, or its span."""
        return self.figure if self.is_decided else f"not decided: {self.figure}"

    @property
    def figure(self) -> str:
        """The share, or from where to where it is not decided."""
        if self.is_decided:
            return share(self.sure, missing="no supply")
        return f"{share(self.sure)} to {share(self.maybe)}"


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
        first, last = self.first, self.last
        if first.is_decided and last.is_decided:
            return f"{self.name} from {first.text} to {last.text}"
        if not first.is_decided and not last.is_decided:
            return f"{self.name} not decided: {first.figure} before, {last.figure} after"
        return f"{self.name} before {first.text}, after {last.text}"


@dataclass(frozen=True, slots=True)
class _End:
    """One of the two shares of a row, the one across from it, and how it is drawn."""

    name: str
    share: _Share
    opposite: _Share
    color: str
    is_first: bool


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
    every = [entry for pair in pairs for entry in (pair.first, pair.last)]
    least = min((member.sure for member in every if member.sure is not None), default=0.0)
    begin = max(mark for mark in _MARKS if mark == 0.0 or mark < least)
    texts, n = _words(result, against, pairs), len(pairs)
    with chart(
        texts,
        paper,
        _entries(pairs, bounds),
        what="Pairs of dots, one an element.",
        rows=n,
        head=0.3,
        pace=2.4,
    ) as picture:
        letters, names = picture.letters, [_spelled(pair.name) for pair in pairs]
        room = max(widest(names, letters, is_bold=True) + letters, 10.5 * letters)
        axes = picture.rows([], room, 4 * letters, n_rows=n, ends=(begin, 1.0))
        picture.across(axes, _MARKS[begin], share, "share of what arrives")
        for index, (pair, name) in enumerate(zip(pairs, names, strict=True)):
            look: dict[str, Any] = {"right": -room - PAD, "has_halo": False}
            at, down = (begin, index), 0.62 * letters  # the name stands above what is said of it
            picture.beside(axes, name, at, down=-down, weight="bold", **look)
            picture.beside(
                axes, pair.note, at, down=down, color=MUTED, fontsize=picture.small, **look
            )
            _row(picture, axes, pair, bounds, index)
    return picture


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
        Entry(bounds[0], stroke=SECOND, width=1.8, is_dot=True),
        Entry(bounds[1], fill=ACCENT, is_dot=True),
    ]
    if any(member.is_decided and member.sure != member.maybe for member in every):
        entries.append(Entry("more, if unknown owners are of there", fill=ACCENT, opacity=0.3))
    if not all(candidate.is_decided for candidate in every):
        entries.append(Entry("not decided: least to greatest", fill=ACCENT, opacity=0.3))
    return entries


def _row(picture: Chart, axes: Axes, pair: _Pair, ends: tuple[str, str], y: float) -> None:
    """Draw one element: a line between two dots, with their shares."""
    first, last = pair.first.sure, pair.last.sure
    is_decided, is_close = pair.first.is_decided and pair.last.is_decided, False
    if first is not None and last is not None and is_decided:
        picture.line(
            axes, f"{pair.name}-between", (first, last), (y, y), MUTED, role="link", width=1.6
        )
        is_close = abs(picture.at(axes, first) - picture.at(axes, last)) < 5 * picture.letters
    begin = axes.get_xlim()[0], y
    for end in (
        _End(ends[0], pair.first, pair.last, SECOND, True),
        _End(ends[1], pair.last, pair.first, ACCENT, False),
    ):
        if end.share.sure is None:  # said once for both ends where it is so at both
            if end.opposite.sure is not None:
                text = f"{end.name}: nothing arrives"
                picture.beside(axes, text, begin, right=8, color=MUTED)
            elif end.is_first:
                picture.beside(axes, "nothing arrives", begin, right=8, color=MUTED)
        elif not end.share.is_decided and end.share.maybe is not None:
            _span(picture, axes, pair.name, end, y)
        else:
            _dot(picture, axes, pair.name, end, y)
            _figure(picture, axes, end, y, is_close=is_close, is_decided=is_decided)


def _span(picture: Chart, axes: Axes, name: str, end: _End, y: float) -> None:
    """Draw from where to where a share is not decided: the first above the row, the last below."""
    letters, text, sign = picture.letters, end.share.text, -1 if end.is_first else 1
    low, high = end.share.sure or 0.0, end.share.maybe or 0.0
    tall = _RADIUS * letters / picture.pitch
    look: dict[str, Any] = {"role": "range", "opacity": 0.3, "tall": tall}
    look |= {"hover": (f"{name}, {end.name}: {text}",)}
    picture.bar(axes, f"{name}-{end.name}-span", (low, high), y + sign * tall, end.color, **look)
    half, (first, last) = widest([text], letters) / 2, axes.get_xlim()
    middle = picture.at(axes, (low + high) / 2)
    right = max(middle, picture.at(axes, first) + half)  # right of the names
    right = min(right, picture.at(axes, last) + 4 * letters - half) - middle
    picture.beside(
        axes,
        text,
        ((low + high) / 2, y),
        right=right,
        down=sign * 1.25 * letters,
        color=end.color,
        ha="center",
    )


def _dot(picture: Chart, axes: Axes, name: str, end: _End, y: float) -> None:
    """Draw a share as a dot, with the band of what may be more of it."""
    radius, sure, maybe = _RADIUS * picture.letters, end.share.sure or 0.0, end.share.maybe
    text = f"{name}-{end.name}"
    if maybe is not None and maybe > sure:
        tall = 0.6 * radius / picture.pitch
        picture.bar(
            axes, f"{text}-maybe", (sure, maybe), y, end.color, role="range", opacity=0.3, tall=tall
        )
    fill, hover = PAPER if end.is_first else end.color, (f"{name}, {end.name}: {end.share.text}",)
    picture.dot(axes, text, sure, y, radius, fill, edge=end.color, markeredgewidth=1.8, hover=hover)


def _figure(
    picture: Chart, axes: Axes, end: _End, y: float, *, is_close: bool, is_decided: bool
) -> None:
    """Write a share above its dot, or beside it where the dots of the row are close."""
    sure, opposite, letters = end.share.sure or 0.0, end.opposite.sure, picture.letters
    look: dict[str, Any] = {"weight": "bold", "color": end.color, "ha": "center", "right": 0.0}
    is_left = opposite is not None and (sure < opposite or (sure == opposite and end.is_first))
    if is_close:
        look["right"] = (-1 if is_left else 1) * (_RADIUS * letters + 4)
        look["ha"] = "right" if is_left else "left"
    else:  # a span beside it has its words on the other side of the row
        look["down"] = (-1.25 if is_decided or end.is_first else 1.25) * letters
    picture.beside(axes, end.share.text, (sure, y), **look)


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
        question.net,
        result.provenance,
        question.year,
        f"Exposure of {result.to_name} to {result.exposed_name}, {question.year}:",
        text,
        f"Share of {supply}{f'. {what}' if what else ''}",
        f"Counted by {lens}; where routes meet, what goes on holds the average of what came."
        + ("" if result.is_measured else f" {_chosen(result)}"),
    )
