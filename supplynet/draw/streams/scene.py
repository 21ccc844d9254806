"""Sankey diagrams: tonnes by country and stage, one panel or two on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from supplynet.analysis.balance.result import BalanceResult
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.draw.answer import named_element, plan_of
from supplynet.draw.figure import picture
from supplynet.draw.scene import Scene
from supplynet.draw.streams import words as wording
from supplynet.draw.streams.ledger import (
    Potential,
    streams_of,
)
from supplynet.draw.streams.painter import Painter, View
from supplynet.draw.streams.upright import UprightPainter
from supplynet.draw.style import Size, find_size
from supplynet.errors import OptionError
from supplynet.questions.potential import PotentialResult

#: countries of a stage that stand alone at the most, at the most and at the least where not all
#: have room for a name, and at the most on a screen held upright
_TOP, _FEWER, _FEWEST, _TOP_UPRIGHT = 6, 4, 3, 5
#: part of a row of an upright screen that tonnes are to fill
_FILLED = 0.5
#: width below which stages are rows, points; the height that a row of a stage takes, and what is
#: around each panel, over the size of letters
NARROW, _ROW, _AROUND = 320.0, 6.5, 17.0


def sankey_scene(
    result: BalanceResult | PotentialResult | Potential,
    *,
    against: BalanceResult | PotentialResult | Potential | None = None,
    element: str | Sequence[str] | None = None,
    to: str | None = None,
    order: str | Sequence[str] = "size",
    top: int | None = None,
    size: str | Size = "slide",
    theme: str = "light",
    is_brief: bool = False,
) -> Scene:
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
    is_brief : bool
        Whether the spans over all balances that are as good are left out, two programs each: for a
        first picture that another follows.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`sankey`, what is laid out in it by :func:`sankey_scene`.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or a potential is set beside a contested figure.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> base = sn.allocate(net)
    >>> ban = sn.allocate(net, avoid="ISL", near=base)  # what differs is an effect, and not a tie
    >>> picture = sn.draw.sankey(ban, against=base, element="Nd")
    >>> len({box.id.split(":")[0] for box in picture.scene.boxes})
    2
    """
    paper = find_size(size, theme)
    if top is not None and (isinstance(top, bool) or top < 1):
        raise OptionError(f"top must be a whole number from 1 on, not {top!r}")
    shown = plan_of(result)
    results = [shown] if against is None else [plan_of(against), shown]
    for one in results:
        if not isinstance(one, BalanceResult | Potential):
            raise OptionError(
                "a Sankey diagram needs the result of balance, potential or max_flow, not "
                f"{type(one)}"
            )
    if type(results[0]) is not type(results[-1]):
        raise OptionError(
            "a potential and a contested figure do not stand side by side",
            hint="compare two of one kind: balances, potentials or flows",
        )
    chosen = _element(shown, element)
    views = [
        View(one, streams_of(one, chosen, to), heading, is_brief)
        for one, heading in zip(results, wording.headings(results), strict=True)
    ]
    if len({view.streams.unit for view in views}) > 1:
        raise OptionError("the results count in different units and have no common scale")
    if paper.width < NARROW:  # a column of a journal has no room for words between stages
        rows = len(views) * len(result.question.net.stages)
        tall = (_AROUND * len(views) + rows * _ROW) * paper.label
        taller = max(paper.height, tall) if paper.is_free else paper.height
        paper = replace(paper, height=taller, is_upright=True)
    if paper.is_upright:
        return _upright(views, to, order, top, paper).scene()
    return _lying(views, to, order, top, paper).scene()


sankey = picture(sankey_scene)


def _lying(
    views: Sequence[View], to: str | None, order: str | Sequence[str], top: int | None, size: Size
) -> Painter:
    """Return the painter of as many boxes a column as leave letters that can be read."""
    # a few names less of several boxes tell more than all of one
    few = min(top or _FEWER, _FEWER)
    least = min(few, _FEWEST)
    tries = [(most, False) for most in range(top or _TOP, least - 1, -1)]
    tries += [(most, True) for most in range(few, least - 1, -1)]
    tries += [
        (most, is_left_out) for most in range(least - 1, 0, -1) for is_left_out in (False, True)
    ]
    plain = [replace(view, is_brief=True) for view in views]
    for most, may_leave_out in tries:
        # Spans take two programs a box, and their words room: what has none without has none.
        if (most, may_leave_out) != tries[-1] and not Painter(
            plain, to, order, most, size, may_leave_out=may_leave_out
        ).fits:
            continue
        painter = Painter(views, to, order, most, size, may_leave_out=may_leave_out)
        if painter.fits:
            break
    return painter


def _upright(
    views: Sequence[View], to: str | None, order: str | Sequence[str], top: int | None, size: Size
) -> Painter:
    """Return the painter of as many boxes a row as leave room for the widths of streams."""
    for most in range(top, 0, -1) if top else range(_TOP_UPRIGHT, 1, -1):
        painter = UprightPainter(views, to, order, most, size)
        if painter.is_whole() and (top or painter.fills() >= _FILLED):
            break
    return painter


def _element(
    result: BalanceResult | Potential, element: str | Sequence[str] | None
) -> str | Sequence[str]:
    if isinstance(result, SolvedPotential):
        return named_element(result, None if element is None else str(element))
    if not isinstance(result, BalanceResult):
        if element is not None and element != result.element:
            raise OptionError(f"the result speaks of {result.element}, not of {element!r}")
        return result.element
    if element is not None:
        return element
    followed = result.run.model.scope.elements
    leading = [one for one in result.question.net.commodity.headline if one in followed]
    return (leading or list(followed))[0]
