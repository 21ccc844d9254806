"""Compiled code where numba is installed, the same code as plain Python where it is not."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, TypeVar

__all__ = ["HINT", "is_compiled_available", "jit"]

HINT = "faster with compiled code: pip install 'supplynet[fast]'"

_Function = TypeVar("_Function", bound=Callable[..., object])


def is_compiled_available() -> bool:
    """Tell whether numba is installed, without loading it.

    Returns
    -------
    bool
        True if :func:`jit` compiles.

    Examples
    --------
    >>> isinstance(is_compiled_available(), bool)
    True
    """
    return find_spec("numba") is not None


def jit(function: _Function) -> _Function:
    """Compile a function at its first call and keep the machine code for later processes.

    The machine code is kept where Python keeps its own: in ``__pycache__`` beside the module or,
    where that cannot be written, in the user's cache folder. Where neither can, it is compiled
    for this process alone. Other threads may run meanwhile.

    Parameters
    ----------
    function : callable
        Of arrays and numbers.

    Returns
    -------
    callable
        The compiled function, or the same function without numba.

    Examples
    --------
    >>> import numpy as np
    >>> @jit
    ... def total(values):
    ...     return values.sum()
    >>> int(total.py_func(np.array([1, 2])) if hasattr(total, "py_func") else total(np.array([3])))
    3
    """
    try:
        from numba import njit
    except ImportError:
        return function
    make: Any = njit  # its own types would hide those of the function
    try:
        compiled: _Function = make(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder for the machine code can be written
        compiled = make(nogil=True)(function)
    return compiled
