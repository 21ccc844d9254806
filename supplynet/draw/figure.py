"""Every picture as a function of a result, and pictures in files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from supplynet.draw.answer import Drawable
from supplynet.draw.charts.concentration import concentration_scene
from supplynet.draw.charts.dependence import dependence_scene
from supplynet.draw.charts.losses import losses_scene
from supplynet.draw.charts.sure import sure_scene
from supplynet.draw.charts.worst import worst_scene
from supplynet.draw.layered import layer_scene
from supplynet.draw.marked import marked, marks_of
from supplynet.draw.mpl import FORMATS, PNG_DPI, Picture, figure_of, render
from supplynet.draw.sheet import legend_line
from supplynet.draw.streams.scene import sankey_scene
from supplynet.draw.style import Size, find_size
from supplynet.errors import OptionError
from supplynet.files import write_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.exposure.result import ExposureResult
    from supplynet.analysis.flow.worst_case import WorstCase
    from supplynet.analysis.indices.result import IndexResult
    from supplynet.analysis.uncertainty.study import Study
    from supplynet.draw.marked import Markable
    from supplynet.draw.streams.ledger import Potential
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.chokepoints import ChokepointResult
    from supplynet.questions.disrupt import DisruptionResult


def layers(
    net: SupplyNetwork,
    result: Drawable,
    *,
    level: str = "country",
    highlight: str = "cut",
    element: str | None = None,
    top: int | None = None,
    mark: Markable | None = None,
    is_single: bool = False,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
    """Draw what could arrive from the ground to the nation: a column a stage, widths by t/yr.

    Where something is shut, it is drawn twice by country: with everything open and without, one
    below the other on one scale, as :func:`sankey` draws it. A single picture, also that of plants,
    has what could arrive in blue, the surer the weakest link of its way the darker; limits that
    stop more are red. The bar beside the nation is its need, filled as far as each tier covers it.

    Parameters
    ----------
    net : SupplyNetwork
        The network that the result was asked of.
    result : PotentialResult, BypassResult, ElementBypass or FlowResult
        By the balance, or a maximum flow.
    level : {"country", "facility"}
        Whether a box is a country at a stage or a single plant.
    highlight : {"cut", "none"}
        Whether limits that stop more are told apart.
    element : str, optional
        Of a result about several; default: its first.
    top : int, optional
        Boxes of a column that stand alone at the most, largest first; the others make one box.
        As many as can be read do.
    mark : InterdictionResult, FortifyResult or UnavoidableResult, optional
        Plants to frame in a single picture: the worst to lose, what to protect, or those on every
        route.
    is_single : bool
        Whether what is left is drawn alone, where something is shut.
    size : {"slide", "column", "page"} or Size
        13.33 x 7.5 inches, the text column of an A4 sheet, an A4 sheet on its side, or a size of
        :func:`supplynet.draw.print_size`.
    theme : {"light", "dark"}

    Returns
    -------
    Picture
        A :class:`matplotlib.figure.Figure` that a notebook shows as SVG. It is not registered
        with pyplot; :func:`save` and :func:`render` write it the same every time.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the result holds no such element.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> alone = sn.potential(net, to="MLT")
    >>> sn.draw.layers(net, alone, element="Nd").get_size_inches().round(2).tolist()
    [13.33, 7.5]
    """
    paper = find_size(size)
    if mark is not None:  # the line about what is marked comes on top
        paper = replace(paper, height=paper.height - legend_line(paper))
    scene = layer_scene(
        net,
        result,
        level=level,
        highlight=highlight,
        element=element,
        top=top,
        size=paper,
        is_single=is_single or mark is not None,
    )
    if mark is not None:
        scene = marked(scene, marks_of(mark), size=size)
    return figure_of(scene, theme)


def sankey(
    result: BalanceResult | Potential,
    *,
    against: BalanceResult | Potential | None = None,
    element: str | Sequence[str] | None = None,
    to: str | None = None,
    order: str | Sequence[str] = "size",
    top: int | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
    """Draw the tonnes between countries, stage by stage, alone or before and after.

    What a balance leaves over, loses or sends back as new scrap has boxes of its own; what is
    needed and not served is an empty box below what is. Two results have one scale, and every
    country has the same place in its column and the same color in both.

    Parameters
    ----------
    result : BalanceResult, PotentialResult or FlowResult
        Contested tonnes, or those of a potential by the balance or by the maximum flow.
    against : BalanceResult, PotentialResult or FlowResult, optional
        Of the same kind, drawn before it on the left.
    element : str or sequence of str, optional
        Of a balance; the tonnes of several are added up. Default: the first of the graph's
        headline.
    to : str, optional
        Of a balance: only what ends up with these nations.
    order : {"size", "name", "crossings"} or codes of countries
        From top to bottom in every column: largest first, by name, as few crossings as can be,
        or the countries that are named first.
    top : int, optional
        Countries of a column that stand alone, largest first.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture

    Raises
    ------
    OptionError
        If an option's value is not allowed, or a potential is set beside a contested figure.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> base = sn.balance(net)
    >>> ban = sn.balance(net, avoid="ISL", near=base)  # what differs is an effect, and not a tie
    >>> picture = sn.draw.sankey(ban, against=base, element="Nd")
    >>> len({box.id.split(":")[0] for box in picture.scene.boxes})
    2
    """
    scene = sankey_scene(
        result, against=against, element=element, to=to, order=order, top=top, size=size
    )
    return figure_of(scene, theme)


def sure(
    study: Study, *, what: str = "exceedance", size: str | Size = "slide", theme: str = "light"
) -> Picture:
    """Draw how sure an answer is, from a study of draws.

    Parameters
    ----------
    study : Study
    what : {"exceedance", "fan", "tornado", "stability"}
        The chance that the headline reaches a value; its years with bands of the draws; what
        drives it; how often each chokepoint comes first.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture
        A matplotlib figure that a notebook shows.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the study does not hold what is to be drawn.

    Examples
    --------
    >>> import supplynet as sn
    >>> study = sn.sample(sn.load("tutorial"), to="MLT", avoid="ISL", draws=256)
    >>> picture = sn.draw.sure(study)
    >>> (axes,) = picture.axes
    >>> axes.get_xlabel()
    'coverage of the need'

    Its axes and legend are changed as those of any figure:

    >>> _ = axes.set_xlim(0.2, 0.6)
    >>> axes.set_xlabel("coverage of Malta's need").get_text()
    "coverage of Malta's need"
    >>> [text.get_text() for text in picture.legends[0].get_texts()]
    ['share of the draws', 'central figures']
    """
    return figure_of(sure_scene(study, what=what, size=size), theme)


def losses(
    result: ChokepointResult | DisruptionResult,
    *,
    beside: ChokepointResult | DisruptionResult | None = None,
    top: int | None = None,
    has_ranges: bool = False,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
    """Draw what losses cost of the coverage as bars, by one lens or side by side by both.

    Parameters
    ----------
    result : ChokepointResult or DisruptionResult
    beside : of the same kind, optional
        By the other lens.
    top : int, optional
        How many are drawn, largest first.
    has_ranges : bool
        Whether each bar has the data range of its loss: everything is solved anew with every
        figure at its low and at its high end. Of the losses of one nation, up to its need.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture
        A matplotlib figure that a notebook shows.

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
    >>> "bar" in {shape.role for shape in sn.draw.losses(ranked, beside=owners).scene.shapes}
    True
    """
    scene = losses_scene(result, beside=beside, top=top, has_ranges=has_ranges, size=size)
    return figure_of(scene, theme)


def worst(result: WorstCase, *, size: str | Size = "slide", theme: str = "light") -> Picture:
    """Draw how much of the need is covered when the worst few are lost, and who they are.

    Parameters
    ----------
    result : InterdictionResult or BalanceInterdictionResult
        With its frontier.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture
        A matplotlib figure that a notebook shows.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the result holds no frontier.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.interdict(sn.load("tutorial"), to="MLT", element="Nd", k=2)
    >>> sum(shape.role == "dot" for shape in sn.draw.worst(found).scene.shapes) >= 3
    True
    """
    return figure_of(worst_scene(result, size=size), theme)


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
        A matplotlib figure that a notebook shows.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the exposures are not about the same.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.exposure(sn.load("tutorial"), to="MLT", exposed_to="FJI", element="Nd")
    >>> sum(shape.role == "range" for shape in sn.draw.dependence(found).scene.shapes)
    1
    """
    return figure_of(dependence_scene(result, against=against, size=size), theme)


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
        A matplotlib figure that a notebook shows.

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
    return figure_of(concentration_scene(result, net=net, element=element, size=size), theme)


def save(figure: Figure, path: str | os.PathLike[str], *, dpi: int = PNG_DPI) -> None:
    """Write a figure to a file, whole or not at all, as its suffix says.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    path : str or path
        Ends in .svg, .png or .pdf. A file that is there is replaced.
    dpi : int
        Pixels an inch of a PNG.

    Raises
    ------
    OptionError
        If the suffix is another one.
    OutputError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import supplynet as sn
    >>> flow = sn.max_flow(sn.load("tutorial"), to="MLT", element="Nd")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "malta.svg"
    ...     sn.draw.save(sn.draw.layers(flow.question.net, flow), path)
    ...     path.read_bytes()[:5]
    b'<?xml'
    """
    target = Path(path)
    suffix = target.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise OptionError(
            f"{target}: a picture can be {', '.join(FORMATS)}, not {target.suffix or 'without'!r}",
            hint="end the name in .svg, .png or .pdf",
        )
    write_bytes(target, render(figure, suffix, dpi=dpi))
