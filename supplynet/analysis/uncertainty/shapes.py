"""Distributions of a figure between its low and high end, as quantiles of uniform numbers."""

from __future__ import annotations

import numpy as np

from supplynet.arrays import Floats
from supplynet.terms import SPREADS, one_of

#: standard normal quantiles of 0.95 and 0.9
_AT_95, _AT_90 = 1.6448536269514722, 1.2815515655446004
# how much a PERT distribution leans to its likeliest value
_PERT = 4.0


def quantile(shape: str, u: Floats, low: Floats, central: Floats, high: Floats) -> Floats:
    """Return what figures are where their distribution has passed a share of its weight.

    triangular and pert lie between the ends with the central figure as the likeliest (the second is
    a beta distribution with mean (low + 4 central + high) / 6, Malcolm, Roseboom, Clark and Fazar,
    1959, doi:10.1287/opre.7.5.646); lognormal has the central figure as median and the ends at 5
    and 95 %, each half with the spread of its own end. `u` is uniform, 0 to 1, a row a draw;
    figures are in order and, for lognormal, above 0. Without a shape it is the central figure.

    Examples
    --------
    >>> ends = (np.array([value]) for value in (0.0, 100.0, 200.0))
    >>> quantile("triangular", np.array([[0.0], [0.5], [1.0]]), *ends).ravel().tolist()
    [0.0, 100.0, 200.0]
    """
    width = high - low
    is_wide = width > 0.0
    safe = np.where(is_wide, width, 1.0)
    if shape == "triangular":
        turn = (central - low) / safe
        rising = low + np.sqrt(u * safe * (central - low))
        falling = high - np.sqrt((1.0 - u) * safe * (high - central))
        drawn = np.where(u < turn, rising, falling)
    elif shape == "pert":
        from scipy.special import betaincinv  # type: ignore[import-untyped, unused-ignore]

        turn = _PERT * (central - low) / safe
        drawn = low + safe * betaincinv(1.0 + turn, 1.0 + _PERT - turn, u)
    elif shape == "lognormal":
        with np.errstate(divide="ignore", invalid="ignore"):
            below, above = np.log(central / low), np.log(high / central)
        score = normal(u)
        drawn = central * np.exp(np.where(score < 0.0, below, above) * score / _AT_95)
    else:
        drawn = np.broadcast_to(central, u.shape)
    return np.where(is_wide, drawn, central)


def delay_of(u: Floats, median: float, late: float) -> Floats:
    """Return lognormal delays with a median, and one that 1 in 10 passes.

    Examples
    --------
    >>> delay_of(np.array([0.5, 0.9]), 0.25, 0.6).round(3).tolist()
    [0.25, 0.6]
    """
    spread = np.log(late / median) / _AT_90
    delays: Floats = median * np.exp(spread * normal(u))
    return delays


def events(u: Floats, rate: float) -> Floats:
    """Return how often something happens in a year that happens so often on average (Poisson).

    Examples
    --------
    >>> events(np.array([0.5, 0.9]), 0.37).tolist()
    [0.0, 1.0]
    """
    from scipy.special import pdtr  # type: ignore[import-untyped, unused-ignore]

    counted = np.zeros_like(u)
    last = int(rate + 12.0 * np.sqrt(rate) + 12.0)  # beyond any uniform number of 53 bits
    for index in range(last):
        counted += u > pdtr(index, rate)
    return counted


def normal(u: Floats) -> Floats:
    """Return the standard normal quantiles of uniform numbers, 0 and 1 taken as just inside."""
    from scipy.special import ndtri  # type: ignore[import-untyped, unused-ignore]

    tiny = np.finfo(np.float64).epsneg
    scores: Floats = ndtri(np.clip(u, tiny, 1.0 - tiny))
    return scores


def uniform(score: Floats) -> Floats:
    """Return how much of the standard normal distribution lies below some values."""
    from scipy.special import ndtr

    shares: Floats = ndtr(score)
    return shares


#: draws in a batch; a power of two, as Sobol points want it
BATCH = 256


def points(
    batch: int, n_inputs: int, *, seed: int, method: str = "lhs", n: int | None = None
) -> Floats:
    """Return the points of a batch: an even set by itself, independent of all others.

    Every batch is scrambled anew (randomized quasi-Monte Carlo), and its axes go to the inputs in
    another order, from the seed and its number alone. So batches may be worked out in any order by
    anybody, and what differs between them states how well a figure is known.

    Parameters
    ----------
    method : {"sobol", "lhs", "random"}
    n : int, optional
        Draws of the batch, a power of two; default :data:`BATCH`.

    Returns
    -------
    ndarray of float64, shape (n, n_inputs)
        Uniform, 0 to 1.

    Raises
    ------
    OptionError
        If there is no such method.

    References
    ----------
    Owen (1997), "Monte Carlo variance of scrambled net quadrature", doi:10.1137/S0036142994277468;
    McKay, Beckman and Conover (1979), doi:10.1080/00401706.1979.10489755.

    Examples
    --------
    >>> points(3, 2, seed=1).shape
    (256, 2)
    >>> bool((points(3, 2, seed=1) == points(3, 2, seed=1)).all())
    True
    """
    one_of(method, SPREADS, "method")
    generator = np.random.default_rng([seed, batch])
    n = BATCH if n is None else n
    if n_inputs == 0:
        return np.zeros((n, 0))
    if method == "random":
        return generator.random((n, n_inputs))
    drawn = _hypercube(n, n_inputs, generator) if method == "lhs" else _net(n, n_inputs, generator)
    # far axes of few points go together in pairs: which inputs these are changes with the batch
    return drawn[:, generator.permutation(n_inputs)]


def _hypercube(n: int, n_inputs: int, generator: np.random.Generator) -> Floats:
    """Return a Latin hypercube: that of SciPy to the bit, without a second for its statistics."""
    own = generator.spawn(1)[0]
    within = own.uniform(size=(n, n_inputs))
    slices = np.tile(np.arange(1, n + 1), (n_inputs, 1))
    for axis in slices:
        own.shuffle(axis)
    return (slices.T - within) / n


def _net(n: int, n_inputs: int, generator: np.random.Generator) -> Floats:
    """Return scrambled Sobol points."""
    from scipy.stats import qmc  # type: ignore[import-untyped, unused-ignore]

    engine = qmc.Sobol(n_inputs, scramble=True, **_seeded(qmc.Sobol, generator))
    points: Floats = engine.random(n)
    return points


def _seeded(engine: object, generator: np.random.Generator) -> dict[str, np.random.Generator]:
    """Return the generator by the name that this SciPy has for it: seed, later rng."""
    import inspect

    return {"rng" if "rng" in inspect.signature(engine).parameters else "seed": generator}  # type: ignore[arg-type]
