"""HiGHS as WebAssembly, as a page carries it: its script with its licence, and the program itself.

Both come unchanged from the npm package ``highs``; ``vendor/README.md`` says which and how packed.
"""

from __future__ import annotations

import base64
import gzip
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["engine_script", "engine_text"]


@cache
def engine_script() -> str:
    """Return the script that starts HiGHS, its licence before it.

    Examples
    --------
    >>> "MIT License" in engine_script()[:80]
    True
    """
    licence = (_vendor() / "LICENSE").read_text("utf-8").rstrip()
    script = gzip.decompress((_vendor() / "highs.js.gz").read_bytes()).decode("utf-8")
    return f"/*! HiGHS as WebAssembly (npm: highs)\n\n{licence}\n*/\n{script}\n"


@cache
def engine_text() -> str:
    """Return the WebAssembly, packed with gzip and written in base 64.

    Examples
    --------
    >>> engine_text()[:4]
    'H4sI'
    """
    return base64.b64encode((_vendor() / "highs.wasm.gz").read_bytes()).decode("ascii")


def _vendor() -> Traversable:
    return files("supplynet.report").joinpath("vendor")
