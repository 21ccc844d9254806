"""Shares that a model does not decide: said to be so, and not printed as findings.

A linear program may have many answers that are as good. Where they move a share by more than ten
points, the one that is shown says nothing about the world: the words are then *not decided by
these figures*, with the least and the greatest. A data range is something else: there the figures
themselves are uncertain.
"""

from __future__ import annotations

from supplynet.text import share

#: what is said of a share that is not
NOT_DECIDED = "not decided by these figures"
#: how far a share may move over all answers that are as good and still be reported
MOST = 0.1


def is_decided(least: float | None, greatest: float | None) -> bool:
    """Whether all answers that are as good say about the same.

    Both are ends of a share, 0 to 1; None for nothing to share.

    Examples
    --------
    >>> is_decided(0.5, 0.58), is_decided(0.0, 1.0), is_decided(None, None)
    (True, False, True)
    """
    return least is None or greatest is None or greatest - least <= MOST + 1e-9


def not_decided(least: float | None, greatest: float | None) -> str:
    """Return the words for a share that is not decided.

    Examples
    --------
    >>> not_decided(0.0, 1.0)
    'not decided by these figures: 0% to 100%'
    """
    return f"{NOT_DECIDED}: {share(least)} to {share(greatest)}"


def told(shown: float, least: float, greatest: float) -> str:
    """Return a share in words: the one that is shown, or that it is not decided.

    Examples
    --------
    >>> told(0.5, 0.48, 0.52), told(0.5, 0.0, 0.9)
    ('50%', 'not decided by these figures: 0% to 90%')
    """
    return share(shown) if is_decided(least, greatest) else not_decided(least, greatest)
