"""The proof of an answer that is made of others: their programs, and figures read off them.

A figure of the whole is one of a part, or the difference of two. What proves it there proves it
here: only where it stands in the result changes. A program of a part goes by the name of the part
and its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from supplynet.analysis.proofs import Programs, Proof, plain

__all__ = ["Composed", "Reading", "changed"]

#: of which programs a figure is, and how, as :func:`supplynet.analysis.proofs.figure` takes it
Reading = dict[str, Any]

#: where a figure stands in the part, which is not how it is read off
_WHERE = ("table", "key", "where")


class Composed:
    """Proofs of parts as one.

    Of each part come all programs, or with `is_sparing` only those that a figure is read off.

    Examples
    --------
    >>> import numpy as np
    >>> from supplynet.analysis.proofs import figure
    >>> part = Programs()
    >>> part.add_values("tonnes", np.array([1.0, 2.0]))
    >>> told = part.proof([figure("rows", "mean", "tonnes", end="mean", is_each=True)])
    >>> whole = Composed()
    >>> whole.add("then", [told])
    >>> whole.tell("", "before", whole.read("then", "rows", "mean", {"mean": 1.5}))
    >>> [one["of"] for one in whole.proof("nothing")["figures"]]
    [['then: tonnes']]
    """

    def __init__(self, *, is_sparing: bool = False) -> None:
        self._parts: dict[str, list[Proof]] = {}
        self._figures: list[Proof] = []
        self._is_sparing = is_sparing

    def add(self, part: str, proofs: Iterable[Proof]) -> None:
        """Add what a part carries; no two parts have one name."""
        self._parts[part] = list(proofs)

    def read(self, part: str, table: str, key: str, row: Mapping[str, Any]) -> Reading | None:
        """Return how a figure of a row of a part is proved there; None where nothing does."""
        for spec in (spec for proof in self._parts[part] for spec in proof["figures"]):
            at = spec.get("where", {}).items()
            if (spec["table"], spec["key"]) == (table, key) and at <= row.items():
                read = {word: value for word, value in spec.items() if word not in _WHERE}
                for word in {"of", "sum", "over"} & read.keys():
                    read[word] = [plain(name.format(**row)) for name in read[word]]
                return {**read, "of": [f"{plain(part)}: {name}" for name in read["of"]]}
        return None

    def tell(self, table: str, key: str, read: Reading | None, **words: Any) -> None:
        """Say how a figure of the whole is proved; None: by nothing, so that it is told as open."""
        self._figures.append({"table": table, "key": key, **(read or {"of": []}), **words})

    def proof(self, *open_ones: str) -> Proof:
        """Return all as one proof; `open_ones` say what others cannot check."""
        programs = Programs()
        # a column of which nothing is proved is not told as one
        proved = {(one["table"], one["key"]) for one in self._figures if one["of"] or "rows" in one}
        figures = [one for one in self._figures if (one["table"], one["key"]) in proved]
        sparing = figures if self._is_sparing else ()
        used = {name.format() for one in sparing for name in one["of"]}
        for part, proofs in self._parts.items():
            for proof in proofs:
                programs.take(proof, f"{part}: ", used if self._is_sparing else None)
        return programs.proof(figures, *open_ones)


def changed(first: Reading | None, last: Reading | None) -> Reading | None:
    """Return how the last of two figures less the first is proved; None where one of them is not.

    Both are read off their programs in one way.
    """
    if not first or not last or {**first, "of": ()} != {**last, "of": ()} or "end" in first:
        return None
    if len(first["of"]) != 1 or len(last["of"]) != 1:
        return None
    return {**last, "of": [*first["of"], *last["of"]], "end": "change"}
