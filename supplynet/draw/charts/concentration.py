"""Concentration by stage: Herfindahl-Hirschman indices by where plants stand and who owns them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supplynet.draw.charts.plot import (
    Drawing,
    plot_of_rows,
    with_columns,
    with_names,
)
from supplynet.draw.figure import picture
from supplynet.draw.scene import Anchor, Scene
from supplynet.draw.sheet import Entry, Words, source_of, weightiest
from supplynet.draw.style import ACCENT, INK, MUTED, SECOND, Size, find_size
from supplynet.draw.words import fit, spelled, text_width
from supplynet.errors import OptionError
from supplynet.questions.indices import IndexResult
from supplynet.terms import HOLDINGS, PLANTS
from supplynet.text import integer, plain, quantity, share

if TYPE_CHECKING:
    from supplynet.analysis.indices.rows import Index
    from supplynet.network.network import SupplyNetwork

FULL = 10_000.0
#: above which a supply is called moderately and highly concentrated (US merger guidelines, 2010)
MODERATE, HIGH = 1_500.0, 2_500.0
#: where, the word, and to which side of the mark it stands
_THRESHOLDS: tuple[tuple[float, str, Anchor], ...] = (
    (MODERATE, "moderate", "right"),
    (HIGH, "high", "left"),
)
#: parts of the height of a stage that its bars may fill, and what lies above and below all of
#: them, over the size of letters
_FILLED, _AROUND = (0.74, 0.86, 0.94), 5.2
#: how an index says its lens -> how a legend does
_LENSES = {lens.index: f"by {lens.pronoun}" for lens in HOLDINGS.values()}


@dataclass(frozen=True, slots=True)
class _Stage:
    name: str
    indices: dict[str, Index]


def concentration_scene(
    result: IndexResult,
    *,
    net: SupplyNetwork | None = None,
    element: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Scene:
    """Draw the Herfindahl-Hirschman index of each stage, by where plants stand and who owns them.

    Parameters
    ----------
    result : IndexResult
    net : SupplyNetwork, optional
        Whose result it is: its licence and its weightiest sources are named.
    element : str, optional
        Of a result about several; default: its first.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`concentration`, what is laid out in it by :func:`concentration_scene`.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the result holds no such index.

    Examples
    --------
    >>> import supplynet as sn
    >>> picture = sn.draw.concentration(sn.indices(sn.load("tutorial")))
    >>> "bar" in {shape.role for shape in picture.scene.shapes}
    True
    """
    paper = find_size(size, theme)
    known, chosen = _asked(result, element)
    stages = _stages([one for one in known if one.element == chosen])
    canvas = Drawing(_words(result, chosen, stages, net), paper, _legend(stages))
    # as many bars as have words that can be read: where it is narrow, fewer
    letters, n_rows = paper.letters(0.0), len(stages)
    high = canvas.bottom - canvas.top - _AROUND * letters
    n_read = max(1, int(_FILLED[-1] * high / (max(n_rows, 1) * letters)))
    stages = [_Stage(one.name, dict(list(one.indices.items())[:n_read])) for one in stages]
    canvas.around = replace(canvas.around, entries=_legend(stages))
    room = canvas.bottom - canvas.top - 3 * paper.label
    letters = paper.letters(room / (max(n_rows, 1) * 3.4))
    names = max((text_width(one.name, letters, is_bold=True) for one in stages), default=0.0)
    left = paper.margin + min(max(10.5 * letters, names + letters + 6), 0.33 * paper.width)
    right, most = paper.width - paper.margin - 13 * letters, 6.0 * letters
    top, bottom = canvas.top + 1.6 * letters, canvas.bottom - 3.6 * letters
    plot = plot_of_rows(left, top, right, bottom, n_rows, most, 0.0, FULL)
    marks, titles = [FULL / 4 * n for n in range(5)], [stage.name for stage in stages]
    says = "Herfindahl-Hirschman index"
    plot = with_columns(plot, marks, integer, 0.9 * letters, has_grid=True, title=says)
    room = left - paper.margin - 6
    plot = with_names(plot, titles, letters, room, paper.least, bold=range(n_rows))
    canvas.plots.append(plot)
    for value, name, anchor in _THRESHOLDS:  # with its name on the free side
        x, y = plot.x(value), plot.top - 0.4 * letters
        mark, dash = f"from-{name}", (4.0, 3.0)
        ends = (x, y), (x, plot.bottom)
        canvas.line(mark, ends, MUTED, role="threshold", width=1.0, dash=dash)
        x += 4 if anchor == "left" else -4
        told, y = f"{name} from {integer(value)}", plot.top - 0.8 * letters
        canvas.write(told, x, y, letters * 0.9, MUTED, anchor=anchor, role="axis")
    for place, stage in enumerate(stages):
        # many bars leave less between the stages, for words that can be read
        n, pitch = len(stage.indices), plot.pitch
        part = next((part for part in _FILLED if part * pitch >= n * letters), _FILLED[-1])
        tall = min(part * pitch / max(n, 1), 1.7 * letters)
        for number, (lens, index) in enumerate(stage.indices.items()):
            top = plot.y(place) + (number - n / 2) * tall
            _bar(canvas, stage.name, lens, index, top, tall, letters)
    return canvas.scene("Bars by stage.")


concentration = picture(concentration_scene)


def _asked(result: IndexResult, element: str | None) -> tuple[tuple[Index, ...], str]:
    """Return the indices of concentration of a result, and the element whose are shown."""
    if not isinstance(result, IndexResult):
        raise OptionError(
            f"a picture of concentration needs the result of indices, not {type(result)}"
        )
    known = result.of("hhi")
    elements = list(dict.fromkeys(index.element for index in known))
    if not known:
        raise OptionError("the result holds no index of concentration")
    chosen = elements[0] if element is None else element
    if chosen not in elements:
        raise OptionError(
            f"the result holds no concentration of {element!r}; it holds {', '.join(elements)}"
        )
    return known, chosen


def _legend(stages: Sequence[_Stage]) -> list[Entry]:
    """Explain what is in the picture, and nothing else."""
    lenses = dict.fromkeys(lens for stage in stages for lens in stage.indices)
    entries = [Entry(_LENSES.get(lens, lens), fill=_color(lens)) for lens in lenses]
    if any(_is_ranged(index) for stage in stages for index in stage.indices.values()):
        entries.append(Entry("range of the data and of unknown owners", stroke=INK, is_line=True))
    return entries


def _color(lens: str) -> str:
    return {"by location": ACCENT, "by shares of owners": MUTED}.get(lens, SECOND)


def _bar(
    canvas: Drawing,
    stage: str,
    lens: str,
    index: Index,
    top: float,
    tall: float,
    letters: float,
) -> None:
    """Draw one index with its range, and who is the largest."""
    value, plot = index.value or 0.0, canvas.plot
    largest, part = _largest(index)
    told = quantity(value, index.unit, ends=(index.low, index.high))
    told += f", {largest} {share(part)}" if largest else ""
    hover = f"{stage}, {_LENSES.get(lens, lens)}: {told}", *index.flags
    end, y, name = plot.x(value), top + 0.44 * tall, f"{stage}-{lens}"
    canvas.bar(name, (0.0, value), y, 0.88 * tall, _color(lens), hover=hover)
    if _is_ranged(index):
        low, high = plot.x(index.low or 0.0), plot.x(index.high or 0.0)
        end, name = max(end, high), f"{name}-range"
        canvas.line(name, ((low, y), (high, y)), INK, role="range", width=1.2, layer="above")
    # Words stand behind the bar or its range, whichever ends later, and are cut at the edge of the
    # paper.
    room = plot.right + 13 * letters - end - 6
    size = min(letters * 0.9, tall * 0.95)
    canvas.write(fit(told, size, room), end + 5, y, size, has_halo=True)


def _is_ranged(index: Index) -> bool:
    return index.low is not None and index.high is not None and index.high > index.low * (1 + 1e-9)


def _largest(index: Index) -> tuple[str, float | None]:
    for one in index.inputs:
        if one.name == "largest share":
            return plain(one.note), one.value
    return "", None


def _stages(indices: Sequence[Index]) -> list[_Stage]:
    found: dict[str, _Stage] = {}
    for one in indices:
        name, _, lens = one.subject.rpartition(", ")
        name = name or one.subject
        found.setdefault(name, _Stage(plain(name), {})).indices[lens if name != lens else ""] = one
    return list(found.values())


def _words(
    result: IndexResult, element: str, stages: Sequence[_Stage], net: SupplyNetwork | None
) -> Words:
    ranked = sorted(
        (
            (index.value or 0.0, stage.name, lens, index)
            for stage in stages
            for lens, index in stage.indices.items()
        ),
        key=lambda row: -row[0],
    )
    value, name, lens, index = ranked[0]
    told = quantity(value, index.unit, ends=(index.low, index.high))
    largest, part = _largest(index)
    who = f", {largest} alone {share(part)}" if largest else ""
    what = "whole mix" if element == "basket" else spelled(element) or "supply"
    rests = max(
        (
            one.estimated_share
            for stage in stages
            for index in stage.indices.values()
            for one in index.inputs
            if one.is_estimated
        ),
        default=0.0,
    )
    options = result.provenance.options
    basis = str(options.get("basis", "capacity"))
    tier = ""
    if "plants" in options:  # of a graph, not of a table
        tier = f", {PLANTS[str(options['plants'])].phrase}"
    return Words(
        plain(f"Concentration by stage, {what}, {index.year}:"),
        plain(f"most at the {name.lower()} stage {_LENSES.get(lens, lens)}, {told}{who}"),
        plain(
            "Herfindahl-Hirschman index: the sum of squared shares of countries, 0 to 10,000; "
            f"plants count by {basis}{tier}"
        ),
        plain(
            f"{index.method.source}. Up to {share(rests)} of a stage's tonnes rest on estimates."
        ),
        _source(result, net),
        result.provenance.digest,
    )


def _source(result: IndexResult, net: SupplyNetwork | None) -> str:
    proof = result.provenance
    if net is not None:
        titles = weightiest(net, result.indices[0].year)
        return source_of(net, proof.digest, proof.versions, mostly=titles)
    parts = [f"Data: {proof.graph or result.title}"]
    if proof.scenarios:
        parts.append(f"scenarios: {', '.join(proof.scenarios)}")
    if proof.digest:
        parts.append(f"network {proof.digest[:12]}")
    parts.append(f"supplynet {proof.versions.get('supplynet', '')}".rstrip())
    return plain(" · ".join(parts))
