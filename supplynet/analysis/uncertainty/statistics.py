"""What many draws say of a figure, each number with its standard error.

What drives the spread of a figure, and what would narrow it: from the same draws.

First-order indices are correlation ratios: how much of the variance lies between groups of draws
that are alike in one input. Total indices are those of a chaos polynomial that is fitted to the
inputs that matter; what it does not explain is reported, not shared out.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial.legendre import legvander

from supplynet.analysis.uncertainty.rows import Spread
from supplynet.arrays import Floats

#: what is reported of the spread, and the share of the draws that lies below each
QUANTILES = {"p5": 0.05, "p10": 0.1, "p50": 0.5, "p90": 0.9, "p95": 0.95}
#: part of the draws, the worst ones, whose mean is the shortfall at risk
WORST = 0.1
# share of the intervals that are reported which hold what they are of
_SURE = 0.95
#: part of the largest value that two values of the same may be apart: rounding of a solver
ROUNDED = 1e-9


def spread(values: Floats) -> Spread:
    """Return what draws say of a figure.

    Quantiles and means are those of all draws; how far those of the batches lie from them, each an
    even set by itself and independent of the others, states how well they are known (sectioning,
    Asmussen and Glynn, 2007, doi:10.1007/978-0-387-69033-9, chapter III.5a). Values are batches by
    draws.

    Examples
    --------
    >>> told = spread(np.linspace(0.0, 1.0, 400).reshape(4, 100, order="F"))
    >>> round(told.p10, 3), round(told.mean, 3), told.p10_se < 0.01
    (0.1, 0.5, True)
    """
    totals, parts = _told(values.reshape(1, -1)), _told(values)
    record: dict[str, Any] = {name: float(array[0]) for name, array in totals.items()}
    record |= {f"{name}_se": _error(parts[name], record[name]) for name in parts}
    size, errors = abs(record["p50"]) or abs(record["p90"]), [record["p10_se"], record["p90_se"]]
    precision = None
    if None not in errors:
        precision = half_width(values.shape[0]) * max(errors) / size if size else 0.0
    return Spread(**record, precision=precision)


def quantile_error(values: Floats, share: float) -> float:
    """Return the standard error of a quantile of independent draws; even ones are known better.

    Half of what lies between the draws whose count is one standard deviation less and more
    (Woodruff, 1952, doi:10.1080/01621459.1952.10483443).

    Examples
    --------
    >>> round(quantile_error(np.linspace(0.0, 1.0, 101), 0.5), 2)
    0.05
    """
    margin = np.sqrt(share * (1.0 - share) / values.size)
    bounds = np.clip([share - margin, share + margin], 0.0, 1.0)
    return float(np.ptp(np.quantile(values, bounds))) / 2.0


def chance(values: Floats, least: float) -> tuple[float, float | None]:
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


def _told(values: Floats) -> dict[str, Floats]:
    """Return each statistic of every row of some values, which may be without limit."""
    ordered = np.sort(values, axis=1)
    n_worst = max(1, round(WORST * values.shape[1]))
    record = {"mean": values.mean(axis=1), "worst_tenth": ordered[:, :n_worst].mean(axis=1)}
    for name, share in QUANTILES.items():
        with np.errstate(invalid="ignore"):
            linear = np.quantile(ordered, share, axis=1)
        # between two values without limit there is no straight line
        higher = np.quantile(ordered, share, axis=1, method="higher")
        record[name] = np.where(np.isnan(linear), higher, linear)
    return record


def _error(parts: Floats, total: float) -> float | None:
    """Return the standard error of what all draws say, by what each batch says; None for one.

    Around what all say, not around the mean of the batches: few draws lean to a side in quantiles,
    and an even set may lean further than its quantiles vary.
    """
    if parts.size < 2 or not np.isfinite(parts).all():
        return None
    return float(np.sqrt(((parts - total) ** 2).sum() / (parts.size - 1) / parts.size))


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


# inputs that a polynomial is fitted to at the most, and what of the variance each must show
_FITTED, _SHOWS = 6, 0.01
# degrees of it, each tried, the draws for each of its terms, and its terms at the most
_DEGREES, _FOR_TERM, _MOST_TERMS = (1, 2, 3, 4, 6, 8, 10, 12), 4, 320
# how far a term must be from what the terms before it say, as part of its own size
_APART = 1e-4
# an index below so many standard errors of an input that does nothing is no finding
_SEEN = 7.0
# orders by chance that a narrowing is set against, and the standard errors that it must be above
_SHUFFLES, _SURELY = 16, 4.0
# groups of like draws: so many draws in each at the least, and at the most so many groups
_IN_GROUP, _MOST_GROUPS = 32, 32


class Indices(NamedTuple):
    """Sensitivity indices of a figure."""

    first: Floats  #: shape (n_inputs,); share of the variance that is the input's alone
    #: shape (n_inputs,); share of the variance that the input has a part in; NaN where no
    #: polynomial was fitted
    total: Floats
    #: share of the variance that the polynomial explains of draws that it was not fitted to
    explained: float


def sobol(points: Floats, values: Floats) -> Indices:
    """Return first-order and total sensitivity indices of a figure from plain draws of it.

    Points are uniform and independent, 0 to 1, a row a draw and a column an input.

    References
    ----------
    Sobol (1993); correlation ratios of given data: Plischke, Borgonovo and Smith (2013),
    doi:10.1016/j.ejor.2012.11.047; totals from a polynomial: Sudret (2008),
    doi:10.1016/j.ress.2007.04.002.

    Examples
    --------
    An input that moves neither the figure nor its spread has no total: it is left out of the fit.

    >>> at = np.random.default_rng(0).random((2048, 3))
    >>> found = sobol(at, 3.0 * at[:, 0] + at[:, 1])
    >>> found.first.round(1).tolist(), found.total.round(1).tolist()
    ([0.9, 0.1, 0.0], [0.9, 0.1, nan])
    """
    n_inputs = points.shape[1]
    variance = float(values.var())
    total = np.full(n_inputs, np.nan)
    if variance <= 1e-24 * max(1.0, float(np.abs(values).max(initial=0.0))) ** 2:
        return Indices(np.zeros(n_inputs), np.zeros(n_inputs), 1.0)
    first = ratios(points, values)
    # what moves the spread and not the middle matters in total, too
    # An input may act only together with others, and show nothing in the mean: it is seen in how
    # the spread changes with it.
    around = ratios(points, (values - values.mean()) ** 2)
    shown = np.maximum(first, around)
    leading = np.argsort(-shown, kind="stable")[:_FITTED]
    selection = np.sort(leading[shown[leading] >= min(_SHOWS, float(shown.max()))])
    # Total indices need interactions, which groups of one input cannot show. A polynomial chaos
    # expansion gives all of them from the same draws (Sudret, 2008), and says how much of the
    # variance it explains.
    fitted, explained = _polynomial(points[:, selection], values)
    total[selection] = np.maximum(fitted, first[selection])  # no input has less in all than alone
    return Indices(first, total, explained)


def narrowing(names: Floats, values: Floats) -> float:
    """Return the part of the width from P10 to P90 that knowing an input takes away, on average.

    `names` is the input, or any number that says it.

    Examples
    --------
    >>> at = np.linspace(0.0, 1.0, 1024)
    >>> narrowing(at, 5.0 * at) > 0.9
    True
    """
    width = _width(values)
    if width <= 0.0:
        return 0.0
    # Draws alike in the input stand beside each other; how wide each group still is states what
    # would be left if the input were known.
    by_it = _narrowed(values[np.argsort(names, kind="stable")], width)
    # few draws in a group look narrower than they are, and some groups more than others
    # A fixed seed: the same study names the same drivers each time it is reported.
    generator = np.random.default_rng(0)
    by_chance = [_narrowed(generator.permutation(values), width) for _ in range(_SHUFFLES)]
    nothing, error = float(np.mean(by_chance)), float(np.std(by_chance))
    if by_it <= nothing + _SURELY * error:
        return 0.0
    return float(np.clip((by_it - nothing) / (1.0 - nothing), 0.0, 1.0))


def _narrowed(ordered: Floats, width: float) -> float:
    """Return what groups of neighbors are narrower than the whole, on average, of its width."""
    groups = np.array_split(ordered, _n_groups(ordered.size))
    sizes = {group.size for group in groups}
    # groups of one size are reported all at once: one by one it takes three times as long
    alike = [np.stack([group for group in groups if group.size == size]) for size in sorted(sizes)]
    widths = np.concatenate([_widths(same) for same in alike])
    return 1.0 - float(np.mean(widths)) / width


def _width(values: Floats) -> float:
    """Return how far P10 and P90 of some values are apart."""
    return float(_widths(values[None, :])[0])


def _widths(rows: Floats) -> Floats:
    """Return how far P10 and P90 of each row are apart."""
    low, high = np.quantile(rows, [0.1, 0.9], axis=1)
    widths: Floats = high - low
    return widths


def _n_groups(n: int) -> int:
    return max(2, min(_MOST_GROUPS, n // _IN_GROUP))


def ratios(points: Floats, values: Floats) -> Floats:
    """Return the share of the variance that lies between groups alike in each input.

    What would lie between groups by chance is taken off: the variance within them over their size.
    """
    n_groups = _n_groups(values.size)
    order = np.argsort(points, axis=0, kind="stable")
    groups = np.array_split(values[order], n_groups, axis=0)
    sizes = np.array([group.shape[0] for group in groups])[:, None]
    means = np.stack([group.mean(axis=0) for group in groups])
    within = np.stack([group.var(axis=0, ddof=1) for group in groups])
    between = (sizes * (means - values.mean()) ** 2).sum(axis=0) / values.size
    # Means of groups differ by chance alone; what they would differ by is taken off, or many small
    # inputs would add up to more than the whole.
    chance = (within * (n_groups - 1) / n_groups / sizes).mean(axis=0)
    variance = values.var()
    shares: Floats = np.clip((between - chance) / variance, 0.0, 1.0) if variance else 0.0 * chance
    # what groups of this size show of an input that does nothing is no finding
    return np.where(shares > _SEEN * np.sqrt(2.0 * n_groups) / values.size, shares, 0.0)


def _polynomial(points: Floats, values: Floats) -> tuple[Floats, float]:
    """Return total indices from the polynomial that foretells draws left out best."""
    best, explained = np.zeros(points.shape[1]), -np.inf
    for degree in _DEGREES:
        eye = np.eye(points.shape[1], dtype=int)
        pairs = combinations_with_replacement(eye, 2)  # degrees of one input, and of two together
        powers = [
            (number_, other)
            for number_ in range(degree + 1)
            for other in range(degree + 1 - number_)
        ]
        terms = np.unique([i * a + j * b for a, b in pairs for i, j in powers], axis=0)
        if len(terms) > min(_MOST_TERMS, values.size // _FOR_TERM):
            break
        # Legendre polynomials of variance 1, a column a term
        names = legvander(2.0 * points - 1.0, degree) * np.sqrt(2 * np.arange(degree + 1) + 1)
        basis = np.ones((points.shape[0], len(terms)))
        for index, of_input in enumerate(terms.T):
            basis *= names[:, index, of_input]
        into = _orthonormal(basis)
        if into is None:
            break
        orthogonal = basis @ into
        coefficients = orthogonal.T @ values
        fitted = orthogonal @ coefficients
        # The error of each draw when it is left out, from one fit: the residual over one minus its
        # leverage. The degree that foretells best is taken, so that more terms must earn their
        # place.
        left = (values - fitted) / np.maximum(1.0 - (orthogonal**2).sum(axis=1), 1e-9)
        foretold = 1.0 - float((left**2).mean() / values.var())
        if foretold > explained:
            # The basis is orthonormal under the draws' distribution: squares of coefficients are
            # shares of variance, and those of all terms with an input are its total index.
            explained, best = foretold, (into @ coefficients) ** 2 @ (terms > 0)
    return best / values.var(), max(0.0, explained)


def _orthonormal(basis: Floats) -> Floats | None:
    """Return what makes columns orthonormal; None where rows do not distinguish some of them.

    Polynomials of evenly spread points are nearly so, so that this by their products is exact to
    the last digits and takes a tenth of the time of a QR decomposition.
    """
    try:
        lower = np.linalg.cholesky(basis.T @ basis)
    except np.linalg.LinAlgError:
        return None
    if lower.diagonal().min() < _APART * np.sqrt(basis.shape[0]):
        return None
    into: Floats = np.linalg.inv(lower).T
    return into
