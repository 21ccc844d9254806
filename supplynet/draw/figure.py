"""Every picture as a function of a result, and pictures in files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from supplynet.draw.answer import Drawable
from supplynet.draw.layered import layer_scene
from supplynet.draw.mpl import FORMATS, Picture, figure_of, render
from supplynet.draw.streams.scene import sankey_scene
from supplynet.errors import OptionError
from supplynet.files import write_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.flow import FlowResult
    from supplynet.model.network import SupplyNetwork


def layers(
    net: SupplyNetwork,
    result: Drawable,
    *,
    level: str = "country",
    highlight: str = "cut",
    element: str | None = None,
    top: int | None = None,
    size: str = "slide",
    theme: str = "light",
) -> Picture:
    """Draw a flow from the ground to the nation: a column a stage, widths by t/yr.

    What could still arrive is drawn in blue, the surer the darker; what would pass the avoided
    jurisdiction if nothing were shut lies in grey behind it; members of the minimum cut are
    red.

    Parameters
    ----------
    net : SupplyNetwork
        The network that the result was asked of.
    result : BypassResult, ElementBypass or FlowResult
    level : {"country", "facility"}
        Whether a box is a country at a stage or a single plant.
    highlight : {"cut", "none"}
        Whether members of the minimum cut are told apart.
    element : str, optional
        Of a result about several; default: its first.
    top : int, optional
        Boxes of a column that stand alone, largest first; the others make one box. Default:
        as many as can be read.
    size : {"slide", "column", "page"}
        13.33 x 7.5 inches, the text column of an A4 sheet, or an A4 sheet on its side.
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
    >>> flow = sn.max_flow(net, to="nation", element="Nd")
    >>> sn.draw.layers(net, flow).get_size_inches().round(2).tolist()
    [13.33, 7.5]
    """
    return figure_of(
        layer_scene(
            net, result, level=level, highlight=highlight, element=element, top=top, size=size
        ),
        theme,
    )


def sankey(
    result: BalanceResult | FlowResult,
    *,
    against: BalanceResult | FlowResult | None = None,
    element: str | Sequence[str] | None = None,
    to: str | None = None,
    order: str | Sequence[str] = "size",
    top: int | None = None,
    size: str = "slide",
    theme: str = "light",
) -> Picture:
    """Draw the tonnes between countries, stage by stage, alone or before and after.

    What a balance leaves over, loses or sends back as new scrap has boxes of its own; what is
    needed and not served is an empty box below what is. Two results have one scale, and every
    country has the same place in its column and the same color in both.

    Parameters
    ----------
    result : BalanceResult or FlowResult
        Contested tonnes, or those of a potential.
    against : BalanceResult or FlowResult, optional
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
    >>> ban = sn.balance(net, avoid="ISL")
    >>> picture = sn.draw.sankey(ban, against=sn.balance(net), element="Nd")
    >>> len({box.id.split(":")[0] for box in picture.scene.boxes})
    2
    """
    scene = sankey_scene(
        result, against=against, element=element, to=to, order=order, top=top, size=size
    )
    return figure_of(scene, theme)


def save(figure: Figure, path: str | os.PathLike[str]) -> None:
    """Write a figure to a file, whole or not at all, as its suffix says.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    path : str or path
        Ends in .svg, .png or .pdf. A file that is there is replaced.

    Raises
    ------
    OptionError
        If the suffix is another one.
    OutputError
        If the file cannot be written.
    """
    target = Path(path)
    suffix = target.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise OptionError(
            f"{target}: a picture can be {', '.join(FORMATS)}, not {target.suffix or 'without'!r}",
            hint="end the name in .svg, .png or .pdf",
        )
    write_bytes(target, render(figure, suffix))
