"""Pictures of time: a run by month, and the plants that are to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.draw.charts.months import months_scene
from supplynet.draw.charts.ramps import ramps_scene
from supplynet.draw.mpl import Picture, figure_of

if TYPE_CHECKING:
    from supplynet.analysis.time.result import RunResult
    from supplynet.draw.style import Size
    from supplynet.network.network import SupplyNetwork


def months(
    result: RunResult,
    *,
    to: str | None = None,
    form: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
    """Draw a run by month: what arrives, what stocks give, what is missing, and own stocks.

    Parameters
    ----------
    result : RunResult
    to : str, optional
        Selector of the nations that are shown; default all of them together.
    form : str, optional
        Form of the products; default: the first that is needed.
    size, theme : str
        As in :func:`supplynet.draw.layers`.

    Returns
    -------
    Picture
        A matplotlib figure that a notebook shows.

    Raises
    ------
    UnknownNameError
        If the selector names nothing.
    OptionError
        If an option's value is not allowed, or nobody needs the form.

    Examples
    --------
    >>> import supplynet as sn
    >>> result = sn.run(
    ...     sn.load("tutorial"), avoid="ISL", during="2024-02", begin="2024-01", end="2024-03"
    ... )
    >>> sum(shape.role == "bar" for shape in sn.draw.months(result, to="MLT").scene.shapes)
    9
    """
    return figure_of(months_scene(result, to=to, form=form, size=size), theme)


def ramps(
    net: SupplyNetwork,
    *,
    nodes: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
    """Draw the plants that are to come: when each starts, and how it fills year by year.

    Parameters
    ----------
    net : SupplyNetwork
    nodes : str, optional
        Selector of the plants; default all.
    size, theme : str
        As in :func:`supplynet.draw.layers`.

    Returns
    -------
    Picture
        A matplotlib figure that a notebook shows.

    Raises
    ------
    DataError
        If none is to come.

    Examples
    --------
    >>> import supplynet as sn
    >>> "bar" in {shape.role for shape in sn.draw.ramps(sn.load("tutorial")).scene.shapes}
    True
    """
    return figure_of(ramps_scene(net, nodes=nodes, size=size), theme)
