"""The proofs of an answer, and of answers in it, as one text: JSON that is compressed.

What recurs in several of them, rows, names, limits and points, stands there once, as a list that
they call by its number.
"""

from __future__ import annotations

import base64
import json
import math
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from supplynet.verify import ARRAYS, read_text, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplynet.analysis.proofs import Proof

# what stands beside the text, where everybody sees it
_BESIDE = "of", "open", "n_programs", "at"
_APART = frozenset((*_BESIDE, "matrices", "names", "programs"))
# arrays of elements that can be removed and of searches, which are not called by number
_INNER = frozenset(("x", "duals", "ids", "cost", "sets", "lines"))


class ProofText:
    """Proofs that are gathered for a text, each with a number."""

    def __init__(self) -> None:
        self._arrays = dict[str, int]()
        self._by_packed = dict[tuple[str, bool], int]()
        self._proofs = list[dict[str, Any]]()

    def text(self) -> str:
        """Return all as one text."""
        told = f'{{"arrays":[{",".join(self._arrays)}],"proofs":{_written(self._proofs)}}}'
        return base64.b64encode(zlib.compress(told.encode())).decode()

    def add(self, proof: Proof) -> Proof:
        """Add a proof; return what is told of it beside the text."""
        told = {key: _listed(end) for key, end in proof.items() if key not in _APART}
        if "matrices" in proof:
            told["matrices"] = [
                [self._number(text, is_stepped=n < 2) for n, text in enumerate(block)]
                for block in proof["matrices"]
            ]
            told["names"] = [self._number(text) for text in proof["names"]]
        told["programs"] = [
            {key: self._number(value) if key in ARRAYS else value for key, value in record.items()}
            for record in proof["programs"]
        ]
        self._proofs.append(told)
        at = len(self._proofs) - 1
        return {"open": proof["open"], "n_programs": len(proof["programs"]), "at": at}

    def take(self, proofs: Sequence[Proof]) -> bool:
        """Add the proofs of another text, if the first of some has one."""
        if "text" not in proofs[0]:
            return False
        told = read_text(proofs[0]["text"])
        numbers = [self._place(_written(array)) for array in told["arrays"]]
        for proof in told["proofs"]:
            for key in {"matrices", "names"} & proof.keys():
                proof[key] = _renumbered(proof[key], numbers)
            for record in proof["programs"]:
                record |= {key: numbers[record[key]] for key in ARRAYS & record.keys()}
        self._proofs += told["proofs"]
        return True

    def moved(self, part: Any, first: int) -> Any:
        """Return a part of an answer; the proofs of answers in it are added.

        Those that have no text are in that of the answer around them, which begins at the `first`.
        """
        if not isinstance(part, dict):
            return [self.moved(one, first) for one in part] if isinstance(part, list) else part
        proofs = part.get("proof", []) if "provenance" in part else []
        if proofs:
            n = len(self._proofs)
            first = n if self.take(proofs) else first
            own = [{key: proof[key] for key in _BESIDE} for proof in proofs]
            proofs = [{**proof, "at": first + proof["at"]} for proof in own]
        moved = {key: self.moved(value, first) for key, value in part.items() if key != "proof"}
        return {key: moved.get(key, proofs) for key in part}

    def _number(self, packed: str, *, is_stepped: bool = False) -> int:
        """Return the number of an array; of a stepped one each stands less the one before."""
        known = packed, is_stepped
        if known not in self._by_packed:
            self._by_packed[known] = self._place(_written(_plain(packed, is_stepped=is_stepped)))
        return self._by_packed[known]

    def _place(self, text: str) -> int:
        return self._arrays.setdefault(text, len(self._arrays))


def _written(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _renumbered(part: Any, numbers: Sequence[int]) -> Any:
    """Return numbers of arrays, or lists of them, as the numbers that they have now."""
    return numbers[part] if isinstance(part, int) else [_renumbered(one, numbers) for one in part]


def _plain(packed: str, *, is_stepped: bool = False) -> list[Any]:
    """Return a packed array as a list: whole numbers as such, and none where nothing limits."""
    values: Sequence[Any] = unpack(packed)
    if is_stepped:
        return [after - before for before, after in pairwise((0, *values))]
    if not packed.startswith("f"):
        return list(values)
    return [(int(n) if n.is_integer() else n) if math.isfinite(n) else None for n in values]


def _listed(part: Any) -> Any:
    """Return a part of a proof with lists in place of packed arrays."""
    if isinstance(part, list):
        return list(map(_listed, part))
    if not isinstance(part, dict):
        return part
    listed = dict[str, Any]()
    for key, value in part.items():
        if key == "sets":
            listed[key] = list(map(_plain, value))
        elif key in _INNER and isinstance(value, str):
            listed[key] = _plain(value)
        else:
            listed[key] = value if key == "where" else _listed(value)
    return listed
