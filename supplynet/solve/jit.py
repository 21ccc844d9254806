"""Compiled code where numba is installed, the same code as plain Python where it is not."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, TypeVar, cast

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


def prefetcher() -> Callable[[Any, Any], None]:
    """Return what compiled code calls to have an item of an array brought near ahead of its use.

    A large network does not fit a processor's caches, and code that goes from node to node waits
    for memory most of its time unless it says where it goes next. No result depends on it.

    Returns
    -------
    callable
        Of an array and an unsigned place in it. One instruction (``llvm.prefetch`` of the `LLVM
        language reference <https://llvm.org/docs/LangRef.html#llvm-prefetch-intrinsic>`_) where
        :func:`jit` compiles; without numba it does nothing.

    Examples
    --------
    >>> import numpy as np
    >>> prefetch = prefetcher()
    >>> @jit
    ... def total(values):
    ...     prefetch(values, np.uint64(1))
    ...     return values.sum()
    >>> int(total(np.array([1, 2])))
    3
    """
    if not is_compiled_available():
        return _stay
    from llvmlite import ir
    from numba.core import cgutils, config, types
    from numba.extending import intrinsic

    code, make, switched = cast(Any, cgutils), cast(Any, intrinsic), cast(Any, config)  # untyped
    if switched.DISABLE_JIT:  # by NUMBA_DISABLE_JIT in the environment: all runs as plain Python
        return _stay

    def prefetch(_context: Any, array: Any, position: Any) -> Any:
        def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kind = signature.args[0]
            values = context.make_array(kind)(context, builder, arguments[0])
            entry = code.get_item_pointer(context, builder, kind, values, [arguments[1]])
            byte, index = ir.IntType(8).as_pointer(), ir.IntType(32)
            to_call = ir.FunctionType(ir.VoidType(), [byte, index, index, index])
            name = "llvm.prefetch.p0i8"
            call = code.get_or_insert_function(builder.module, to_call, name)
            # to be read, kept in all caches, data
            builder.call(call, [builder.bitcast(entry, byte), index(0), index(3), index(1)])
            return context.get_dummy_value()

        return types.void(array, position), write

    made: Callable[[Any, Any], None] = make(prefetch)
    return made


def _stay(array: Any, position: Any) -> None:
    """Bring nothing near."""
