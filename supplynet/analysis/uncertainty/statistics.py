"""What many draws say of a figure, each number with its standard error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.row import Row, col

Vector = NDArray[np.float64]

#: what is told of the spread, and the share of the draws that lies below each
QUANTILES = {"p5": 0.05, "p10": 0.1, "p50": 0.5, "p90": 0.9, "p95": 0.95}
#: part of the draws, the worst ones, whose mean is the shortfall at risk
WORST = 0.1
# share of the intervals that are told which hold what they are of
_SURE = 0.95
#: part of the largest value that two values of the same may be apart: rounding of a solver
ROUNDED = 1e-9


class Spread(Row):
    """What draws say of a figure, each number with its standard error."""

    mean: float = col("Of all draws.", ITS_UNIT)
    p5: float = col("What 5 % of the draws do not pass.", ITS_UNIT)
    p10: float = col("What 10 % of the draws do not pass.", ITS_UNIT)
    p50: float = col("What half of the draws do not pass.", ITS_UNIT)
    p90: float = col("What 90 % of the draws do not pass.", ITS_UNIT)
    p95: float = col("What 95 % of the draws do not pass.", ITS_UNIT)
    worst_tenth: float = col("Mean of the lowest tenth of the draws: what is at risk.", ITS_UNIT)
    mean_se: float | None = col(unit=ITS_UNIT)
    p5_se: float | None = col(unit=ITS_UNIT)
    p10_se: float | None = col(unit=ITS_UNIT)
    p50_se: float | None = col(unit=ITS_UNIT)
    p90_se: float | None = col(unit=ITS_UNIT)
    p95_se: float | None = col(unit=ITS_UNIT)
    worst_tenth_se: float | None = col(unit=ITS_UNIT)
    precision: float | None = col(
        "How well P10 and P90 are known: the wider 95 % half-interval over the median, or over P90 "
        "where that is 0.",
        "share of the median",
    )


def spread(values: Vector) -> Spread:
    """Return what draws say of a figure.

    Quantiles and means are those of all draws; how far those of the batches lie from them, each an
    even set by itself and independent of the others, tells how well they are known (sectioning,
    Asmussen and Glynn, 2007, doi:10.1007/978-0-387-69033-9, chapter III.5a). Values are batches by
    draws.

    Examples
    --------
    >>> told = spread(np.linspace(0.0, 1.0, 400).reshape(4, 100, order="F"))
    >>> round(told.p10, 3), round(told.mean, 3), told.p10_se < 0.01
    (0.1, 0.5, True)
    """
    whole, parts = _told(values.reshape(1, -1)), _told(values)
    told: dict[str, Any] = {name: float(one[0]) for name, one in whole.items()}
    told |= {f"{name}_se": _error(parts[name], told[name]) for name in parts}
    size, errors = abs(told["p50"]) or abs(told["p90"]), [told["p10_se"], told["p90_se"]]
    precision = None
    if None not in errors:
        precision = half_width(values.shape[0]) * max(errors) / size if size else 0.0
    return Spread(**told, precision=precision)


def quantile_error(values: Vector, share: float) -> float:
    """Return the standard error of a quantile of independent draws; even ones are known better.

    Half of what lies between the draws whose count is one standard deviation less and more
    (Woodruff, 1952, doi:10.1080/01621459.1952.10483443).

    Examples
    --------
    >>> round(quantile_error(np.linspace(0.0, 1.0, 101), 0.5), 2)
    0.05
    """
    margin = np.sqrt(share * (1.0 - share) / values.size)
    ends = np.clip([share - margin, share + margin], 0.0, 1.0)
    return float(np.ptp(np.quantile(values, ends))) / 2.0


def chance(values: Vector, least: float) -> tuple[float, float | None]:
    """Return the chance that a figure reaches a value, up to rounding, and its standard error.

    Values are batches by draws.

    Examples
    --------
    >>> chance(np.array([[0.0, 1.0], [1.0, 1.0]]), 0.5)
    (0.75, 0.25)
    """
    # what is met in full comes out of a solver as a little more or less than 1
    reached = (values >= least - ROUNDED * max(1.0, abs(least))).mean(axis=1)
    share = float(reached.mean())
    return share, _error(reached, share)


def _told(values: Vector) -> dict[str, Vector]:
    """Return each statistic of every row of some values, which may be without limit."""
    ordered = np.sort(values, axis=1)
    n_worst = max(1, round(WORST * values.shape[1]))
    told = {"mean": values.mean(axis=1), "worst_tenth": ordered[:, :n_worst].mean(axis=1)}
    for name, share in QUANTILES.items():
        with np.errstate(invalid="ignore"):
            linear = np.quantile(ordered, share, axis=1)
        # between two values without limit there is no straight line
        higher = np.quantile(ordered, share, axis=1, method="higher")
        told[name] = np.where(np.isnan(linear), higher, linear)
    return told


def _error(parts: Vector, whole: float) -> float | None:
    """Return the standard error of what all draws say, by what each batch says; None for one.

    Around what all say, not around the mean of the batches: few draws lean to a side in quantiles,
    and an even set may lean further than its quantiles vary.
    """
    if parts.size < 2 or not np.isfinite(parts).all():
        return None
    return float(np.sqrt(((parts - whole) ** 2).sum() / (parts.size - 1) / parts.size))


def half_width(n_batches: int) -> float:
    """Return half the width of an interval in standard errors that some batches told.

    Student's t: few batches say little of how far they lie apart.

    Examples
    --------
    >>> [round(half_width(n), 2) for n in (2, 4, 16, 1000)]
    [12.71, 3.18, 2.13, 1.96]
    """
    from scipy.special import stdtrit  # type: ignore[import-untyped, unused-ignore]

    return float(stdtrit(n_batches - 1, (1.0 + _SURE) / 2.0))
