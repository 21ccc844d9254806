"""Points that fill the unit cube evenly, batch by batch, the same whoever works them out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from supplynet.terms import SPREADS, one_of

#: draws in a batch; a power of two, as Sobol points want it
BATCH = 256


def points(batch: int, n_inputs: int, *, seed: int, method: str = "lhs") -> NDArray[np.float64]:
    """Return the points of a batch: an even set by itself, independent of all others.

    Every batch is scrambled anew (randomized quasi-Monte Carlo), and its axes go to the inputs in
    another order, from the seed and its number alone. So batches may be worked out in any order by
    anybody, and what differs between them tells how well a figure is known.

    Parameters
    ----------
    method : {"sobol", "lhs", "random"}

    Returns
    -------
    ndarray of float64, shape (BATCH, n_inputs)
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
    from scipy.stats import qmc  # type: ignore[import-untyped, unused-ignore]

    one_of(method, SPREADS, "method")
    generator = np.random.default_rng([seed, batch])
    if n_inputs == 0:
        return np.zeros((BATCH, 0))
    if method == "sobol":
        engine = qmc.Sobol(n_inputs, scramble=True, **_seeded(qmc.Sobol, generator))
    elif method == "lhs":
        engine = qmc.LatinHypercube(n_inputs, **_seeded(qmc.LatinHypercube, generator))
    else:
        return generator.random((BATCH, n_inputs))
    drawn: NDArray[np.float64] = engine.random(BATCH)
    # far axes of few points go together in pairs: which inputs these are changes with the batch
    return drawn[:, generator.permutation(n_inputs)]


def _seeded(engine: object, generator: np.random.Generator) -> dict[str, np.random.Generator]:
    """Return the generator by the name that this SciPy has for it: seed, later rng."""
    import inspect

    return {"rng" if "rng" in inspect.signature(engine).parameters else "seed": generator}  # type: ignore[arg-type]
