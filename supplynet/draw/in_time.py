"""Pictures of time and of choices: runs, ramps, plans, coverage by year, and scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.draw.charts.months import months_scene
from supplynet.draw.charts.outlook import outlook_scene
from supplynet.draw.charts.plans import plan_scene
from supplynet.draw.charts.ramps import ramps_scene
from supplynet.draw.charts.scenarios import scenarios_scene
from supplynet.draw.charts.years import years_scene
from supplynet.draw.mpl import Picture, figure_of

if TYPE_CHECKING:
    from supplynet.analysis.decisions.result import PlanResult
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.analysis.potential.outlook import OutlookResult
    from supplynet.analysis.scenarios_result import ScenariosResult
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


def plan(
    result: PlanResult, *, what: str = "gantt", size: str | Size = "slide", theme: str = "light"
) -> Picture:
    """Draw a plan: what starts when, what coverage costs, or which options no cheap plan misses.

    Parameters
    ----------
    result : PlanResult
    what : {"gantt", "curve", "matrix", "waterfall"}
        Years of money and of tonnes of each option that is chosen; coverage against money with
        the ends of all costs, of a plan with its curve; options against plans of little more
        cost, of a plan with its alternatives; what each option adds in the last year.
    size, theme : str
        As in :func:`supplynet.draw.layers`.

    Returns
    -------
    Picture
        A matplotlib figure that a notebook shows.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the plan does not hold what is to be drawn.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.network.schema import Option
    >>> thrift = Option(
    ...     id="thrift", name="Goods that are done without", kind="substitute", target="MLT",
    ...     product="goods", capacity=100, unit="t goods", capex=5e6, earliest_year=2025, lead=1,
    ...     confidence="estimated", note="Made up",
    ... )
    >>> net = sn.load("tutorial").replace(options=[thrift])
    >>> result = sn.plan(net, to="MLT", avoid="ISL", by=2026, target=0.3, tier="building")
    >>> sorted(shape.id for shape in sn.draw.plan(result).scene.shapes if shape.role == "bar")
    ['money-0', 'tonnes-0']
    """
    return figure_of(plan_scene(result, what=what, size=size), theme)


def years(result: BypassResult, *, size: str | Size = "slide", theme: str = "light") -> Picture:
    """Draw what could cover a nation's need by year without a jurisdiction, element by element.

    A bar a year, its tiers stacked up to the need, with what is beyond it as a hatched stub, the
    range from the low to the high end of the data, and the plants that make the largest steps by
    name. Where no need is known, tonnes in place of its share. Upper bounds: maximum flows.

    Parameters
    ----------
    result : BypassResult
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture
        A matplotlib figure that a notebook shows.

    Raises
    ------
    OptionError
        If an option's value is not allowed.

    Examples
    --------
    >>> import supplynet as sn
    >>> picture = sn.draw.years(sn.bypass(sn.load("tutorial"), to="MLT", avoid="ISL"))
    >>> sorted({shape.role for shape in picture.scene.shapes} & {"bar", "need", "curve"})
    ['bar', 'need']
    """
    return figure_of(years_scene(result, size=size), theme)


def outlook(
    result: OutlookResult,
    *,
    form: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
    """Draw what nations could cover by year: tiers stacked, with the range of the data.

    Parameters
    ----------
    result : OutlookResult
    form : str, optional
        Form of the products; default: the first that all need, or every form if there is none.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture
        A matplotlib figure that a notebook shows.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or nobody needs the form.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.outlook(sn.load("tutorial"), to=["MLT", "ISL"], avoid="FJI")
    >>> sum(shape.role == "bar" for shape in sn.draw.outlook(found).scene.shapes)
    6
    """
    return figure_of(outlook_scene(result, form=form, size=size), theme)


def scenarios(
    result: ScenariosResult, *, size: str | Size = "slide", theme: str = "light"
) -> Picture:
    """Draw scenarios side by side: what is served when all draw at once, and what could arrive.

    Parameters
    ----------
    result : ScenariosResult
    size, theme : str
        As in :func:`supplynet.draw.layers`.

    Returns
    -------
    Picture
        A matplotlib figure that a notebook shows.

    Raises
    ------
    OptionError
        If an option's value is not allowed.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.compare_scenarios(sn.load("tutorial"), "base", to="MLT", element="Nd")
    >>> sn.draw.scenarios(found).scene.title
    'Malta, 2026: scenarios compared'
    """
    return figure_of(scenarios_scene(result, size=size), theme)
