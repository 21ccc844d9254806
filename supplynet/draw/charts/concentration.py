"""Concentration by stage: Herfindahl-Hirschman indices by where plants stand and who owns them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from supplynet.draw.chart import Part, Row, Scale, row_chart
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, frame, source_of, weightiest
from supplynet.draw.style import ACCENT, INK, MUTED, SECOND, Size, find_size
from supplynet.draw.words import spelled
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
#: part of the height of a stage that its bars may fill
_FILLED = 0.84
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
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
    """Draw the Herfindahl-Hirschman index of each stage, by where plants stand and who owns them.

    Parameters
    ----------
    result : IndexResult
    net : SupplyNetwork, optional
        Whose result it is: its licence and its weightiest sources are named.
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
    indexes = _asked(result)
    choice = indexes[0].element  # of several the first
    stages = _stages([member for member in indexes if member.element == choice])
    texts, n = _words(result, choice, stages, net), len(stages)
    # as many bars as have words that can be read: where it is narrow, fewer
    around = frame(texts, paper, _legend(stages))
    high = around.bottom - around.top - 5.2 * paper.row
    n_read = max(1, int(_FILLED * high / (n * paper.row)))
    stages = [_Stage(entry.name, dict(list(entry.indices.items())[:n_read])) for entry in stages]
    rows = []
    for stage in stages:
        name, (first, *others) = stage.name, [_row(stage.name, *of) for of in stage.indices.items()]
        rows.append(replace(first, names=(name,), is_bold=True, also=others))
    levels = ((MODERATE, "moderate"), (HIGH, "high"))
    look = {"role": "threshold", "width": 1.0, "dash": (4.0, 3.0)}
    lines = [Part("upright", f"from-{name}", (at, at), MUTED, look) for at, name in levels]
    rows[0] = replace(rows[0], parts=(*rows[0].parts, *lines))
    scale = Scale([FULL / 4 * n for n in range(5)], integer, "Herfindahl-Hirschman index")
    looks: dict[str, Any] = {"what": "Bars by stage.", "foot": 3.6, "pace": 3.4}
    return row_chart(texts, paper, _legend(stages), rows, scale, **looks)


def _asked(result: IndexResult) -> Sequence[Index]:
    """Return the indices of concentration of a result."""
    if not isinstance(result, IndexResult):
        raise OptionError(
            f"a picture of concentration needs the result of indices, not {type(result)}"
        )
    if not (indexes := result.of("hhi")):
        raise OptionError("the result holds no index of concentration")
    return indexes


def _legend(stages: Sequence[_Stage]) -> list[Entry]:
    """Explain what is in the picture, and nothing else."""
    lenses = dict.fromkeys(lens for stage in stages for lens in stage.indices)
    entries = [Entry(_LENSES.get(lens, lens), fill=_color(lens)) for lens in lenses]
    if any(_is_ranged(index) for stage in stages for index in stage.indices.values()):
        entries.append(Entry("range of the data and of unknown owners", stroke=INK, is_line=True))
    text = f"moderate from {integer(MODERATE)}, high from {integer(HIGH)}"
    return [*entries, Entry(text, stroke=MUTED, is_line=True, dash=(4.0, 3.0))]


def _color(lens: str) -> str:
    return {"by location": ACCENT, "by shares of owners": MUTED}.get(lens, SECOND)


def _row(stage: str, lens: str, index: Index) -> Row:
    """Return one index with its range, and who is the largest."""
    value, (largest, fraction) = index.value or 0.0, _largest(index)
    text = quantity(value, index.unit, ends=(index.low, index.high))
    text += f", {largest} {share(fraction)}" if largest else ""
    hover = f"{stage}, {_LENSES.get(lens, lens)}: {text}", *index.flags
    name, look = f"{stage}-{lens}", {"hover": hover, "opacity": 1.0}
    parts = [Part("bar", name, (0.0, value), _color(lens), look)]
    if _is_ranged(index):
        ends = index.low or 0.0, index.high or 0.0
        parts.append(Part("whisker", f"{name}-range", ends, look={"role": "range"}))
    return Row(("",), parts, text)


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
