"""Concentration by stage: Herfindahl-Hirschman indices by where plants stand and who owns them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from supplynet.draw.chart import Chart, chart, widest
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, frame, source_of, weightiest
from supplynet.draw.style import ACCENT, INK, MUTED, SECOND, Size, find_size
from supplynet.draw.words import fit, spelled
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
#: parts of the height of a stage that its bars may fill: many leave less between the stages
_FILLED = (0.74, 0.86, 0.94)
#: how an index says its lens -> how a legend does
_LENSES = {lens.index: f"by {lens.pronoun}" for lens in HOLDINGS.values()}


@dataclass(frozen=True, slots=True)
class _Stage:
    name: str
    indices: dict[str, Index]


def concentration(
    result: IndexResult,
    *,
    net: SupplyNetwork | None = None,
    element: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
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
    Picture

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the result holds no such index.

    Examples
    --------
    >>> import supplynet as sn
    >>> sn.draw.concentration(sn.indices(sn.load("tutorial"))).axes[0].get_xlabel()
    'Herfindahl-Hirschman index'
    """
    paper = find_size(size, theme)
    indexes, choice = _asked(result, element)
    stages = _stages([member for member in indexes if member.element == choice])
    texts, n = _words(result, choice, stages, net), len(stages)
    # as many bars as have words that can be read: where it is narrow, fewer
    around = frame(texts, paper, _legend(stages))
    high = around.bottom - around.top - 5.2 * paper.row
    n_read = max(1, int(_FILLED[-1] * high / (n * paper.row)))
    stages = [_Stage(entry.name, dict(list(entry.indices.items())[:n_read])) for entry in stages]
    with chart(
        texts, paper, _legend(stages), what="Bars by stage.", rows=n, head=1.6, foot=3.6, pace=3.4
    ) as picture:
        room = picture.room([stage.name for stage in stages], 0.33, is_bold=True)
        names, behind = [(stage.name,) for stage in stages], 13 * picture.letters
        axes = picture.rows(names, room, behind, ends=(0.0, FULL), bold=range(n))
        marks, says = [FULL / 4 * n for n in range(5)], "Herfindahl-Hirschman index"
        picture.across(axes, marks, integer, says)
        for value, name, side in ((MODERATE, "moderate", -1), (HIGH, "high", 1)):
            picture.line(
                axes,
                f"from-{name}",
                (value, value),
                axes.get_ylim(),
                MUTED,
                role="threshold",
                width=1.0,
                dash=(4.0, 3.0),
            )
            text, at = f"{name} from {integer(value)}", (value, -0.5)  # on the free side
            # within the paper, which is narrow on a phone
            room = paper.margin + widest([text], picture.small) - picture.at(axes, value)
            picture.beside(
                axes,
                text,
                at,
                right=max(-4.0, room) if side < 0 else 4.0,
                down=-0.8 * picture.letters,
                fontsize=picture.small,
                color=MUTED,
                ha="left" if side > 0 else "right",
                has_halo=False,
            )
        for position, stage in enumerate(stages):
            least = len(stage.indices) * picture.letters / picture.pitch
            filled = next((part for part in _FILLED if part >= least), _FILLED[-1])
            tall = min(filled / len(stage.indices), 1.7 * picture.letters / picture.pitch)
            for count, (lens, index) in enumerate(stage.indices.items()):
                y = position + (count - (len(stage.indices) - 1) / 2) * tall
                _bar(picture, axes, stage.name, lens, index, y, tall)
    return picture


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
    picture: Chart, axes: Axes, stage: str, lens: str, index: Index, y: float, tall: float
) -> None:
    """Draw one index with its range, and who is the largest."""
    value = end = index.value or 0.0
    largest, fraction = _largest(index)
    text = quantity(value, index.unit, ends=(index.low, index.high))
    text += f", {largest} {share(fraction)}" if largest else ""
    hover = f"{stage}, {_LENSES.get(lens, lens)}: {text}", *index.flags
    name, color = f"{stage}-{lens}", _color(lens)
    picture.bar(axes, name, (0.0, value), y, color, tall=0.88 * tall, hover=hover, opacity=1.0)
    if _is_ranged(index):
        low, high = index.low or 0.0, index.high or 0.0
        end, name = max(end, high), f"{name}-range"
        picture.line(axes, name, (low, high), (y, y), INK, role="range", width=1.2, zorder=5)
    # Words stand behind the bar or its range, whichever ends later.
    size = min(picture.small, 0.95 * tall * picture.pitch)
    room = picture.width - picture.size.margin - picture.at(axes, end) - 6
    picture.beside(axes, fit(text, size, room), (end, y), fontsize=size)


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
