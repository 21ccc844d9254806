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
    indexes, choice = _asked(result, element)
    stages = _stages([member for member in indexes if member.element == choice])
    canvas = Drawing(_words(result, choice, stages, net), paper, _legend(stages))
    # as many bars as have words that can be read: where it is narrow, fewer
    letters, n_rows = paper.letters(0.0), len(stages)
    high = canvas.bottom - canvas.top - _AROUND * letters
    n_read = max(1, int(_FILLED[-1] * high / (max(n_rows, 1) * letters)))
    stages = [_Stage(entry.name, dict(list(entry.indices.items())[:n_read])) for entry in stages]
    canvas.around = replace(canvas.around, entries=_legend(stages))
    room = canvas.bottom - canvas.top - 3 * paper.label
    letters = paper.letters(room / (max(n_rows, 1) * 3.4))
    names = max(
        (text_width(candidate.name, letters, is_bold=True) for candidate in stages), default=0.0
    )
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
        bounds = (x, y), (x, plot.bottom)
        canvas.line(mark, bounds, MUTED, role="threshold", width=1.0, dash=dash)
        x += 4 if anchor == "left" else -4
        text, y = f"{name} from {integer(value)}", plot.top - 0.8 * letters
        canvas.write(text, x, y, letters * 0.9, MUTED, anchor=anchor, role="axis")
    for position, stage in enumerate(stages):
        # many bars leave less between the stages, for words that can be read
        n, pitch = len(stage.indices), plot.pitch
        fraction = next(
            (portion for portion in _FILLED if portion * pitch >= n * letters), _FILLED[-1]
        )
        tall = min(fraction * pitch / max(n, 1), 1.7 * letters)
        for count, (lens, index) in enumerate(stage.indices.items()):
            top = plot.y(position) + (count - n / 2) * tall
            _bar(canvas, stage.name, lens, index, top, tall, letters)
    return canvas.scene("Bars by stage.")


concentration = picture(concentration_scene)


def _asked(result: IndexResult, element: str | None) -> tuple[tuple[Index, ...], str]:
    """Return the indices of concentration of a result, and the element whose are shown."""
    if not isinstance(result, IndexResult):
        raise OptionError(
            f"a picture of concentration needs the result of indices, not {type(result)}"
        )
    indexes = result.of("hhi")
    elements = list(dict.fromkeys(index.element for index in indexes))
    if not indexes:
        raise OptionError("the result holds no index of concentration")
    name = elements[0] if element is None else element
    if name not in elements:
        raise OptionError(
            f"the result holds no concentration of {element!r}; it holds {', '.join(elements)}"
        )
    return indexes, name


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
    largest, fraction = _largest(index)
    text = quantity(value, index.unit, ends=(index.low, index.high))
    text += f", {largest} {share(fraction)}" if largest else ""
    hover = f"{stage}, {_LENSES.get(lens, lens)}: {text}", *index.flags
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
    canvas.write(fit(text, size, room), end + 5, y, size, has_halo=True)


def _is_ranged(index: Index) -> bool:
    return index.low is not None and index.high is not None and index.high > index.low * (1 + 1e-9)


def _largest(index: Index) -> tuple[str, float | None]:
    for entry in index.inputs:
        if entry.name == "largest share":
            return plain(entry.note), entry.value
    return "", None


def _stages(indices: Sequence[Index]) -> list[_Stage]:
    stages: dict[str, _Stage] = {}
    for index in indices:
        name, _, lens = index.subject.rpartition(", ")
        name = name or index.subject
        stages.setdefault(name, _Stage(plain(name), {})).indices[lens if name != lens else ""] = (
            index
        )
    return list(stages.values())


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
    text = quantity(value, index.unit, ends=(index.low, index.high))
    largest, fraction = _largest(index)
    who = f", {largest} alone {share(fraction)}" if largest else ""
    what = "whole mix" if element == "basket" else spelled(element) or "supply"
    rests = max(
        (
            entry.estimated_share
            for stage in stages
            for index in stage.indices.values()
            for entry in index.inputs
            if entry.is_estimated
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
        plain(f"most at the {name.lower()} stage {_LENSES.get(lens, lens)}, {text}{who}"),
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
