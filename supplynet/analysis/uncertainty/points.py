"""Points that fill the unit cube evenly, batch by batch, the same whoever works them out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from supplynet.terms import SPREADS, one_of

#: draws in a batch; a power of two, as Sobol points want it
BATCH = 256


def points(
    batch: int, n_inputs: int, *, seed: int, method: str = "lhs", n: int | None = None
) -> NDArray[np.float64]:
    """Return the points of a batch: an even set by itself, independent of all others.

    Every batch is scrambled anew (randomized quasi-Monte Carlo), and its axes go to the inputs in
    another order, from the seed and its number alone. So batches may be worked out in any order by
    anybody, and what differs between them tells how well a figure is known.

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


def _hypercube(n: int, n_inputs: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """Return a Latin hypercube: that of SciPy to the bit, without a second for its statistics."""
    own = generator.spawn(1)[0]
    within = own.uniform(size=(n, n_inputs))
    slices = np.tile(np.arange(1, n + 1), (n_inputs, 1))
    for axis in slices:
        own.shuffle(axis)
    return (slices.T - within) / n


def _net(n: int, n_inputs: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """Return scrambled Sobol points."""
    from scipy.stats import qmc  # type: ignore[import-untyped, unused-ignore]

    engine = qmc.Sobol(n_inputs, scramble=True, **_seeded(qmc.Sobol, generator))
    points: NDArray[np.float64] = engine.random(n)
    return points


def _seeded(engine: object, generator: np.random.Generator) -> dict[str, np.random.Generator]:
    """Return the generator by the name that this SciPy has for it: seed, later rng."""
    import inspect

    return {"rng" if "rng" in inspect.signature(engine).parameters else "seed": generator}  # type: ignore[arg-type]
