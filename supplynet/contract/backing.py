"""How many figures of an answer have a proof, as its kind declares it: no proof is made."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from supplynet.contract.frozen import thawed
from supplynet.contract.row import NAMED, OPEN

if TYPE_CHECKING:
    from supplynet.verify import Arithmetic, Place

RowT = TypeVar("RowT")
_SAYS_OPEN = re.compile(rf"\b{OPEN}\b").search
_HAS_PROOFS = ContextVar("has_proofs", default=True)


@contextmanager
def without_proofs() -> Iterator[None]:
    """Let answers say that they carry a proof, and not make it."""
    token = _HAS_PROOFS.set(False)
    try:
        yield
    finally:
        _HAS_PROOFS.reset(token)


def has_proofs() -> bool:
    """Whether answers make the proofs that they carry."""
    return _HAS_PROOFS.get()


class Backing(NamedTuple):
    """How many figures there are, and how many are open by the column that is declared so."""

    n: int
    open: Mapping[str, int]

    @property
    def n_certified(self) -> int:
        """How many figures have a proof, or follow from those that have one."""
        return self.n - sum(self.open.values())


class Alike(Sequence[RowT]):
    """Rows that are made when they are read, of a few kinds with as many figures each.

    Examples
    --------
    >>> class Squares(Alike):
    ...     def _made(self, index):
    ...         return index * index
    >>> Squares(4)[1:], Squares(4)[-1]
    ((1, 4, 9), 9)
    """

    def __init__(self, n: int) -> None:
        self._read: dict[int, RowT] = {}
        self._n = n

    def __len__(self) -> int:
        return self._n

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return tuple(self[index] for index in range(*place.indices(self._n)))
        index = range(self._n)[place]
        if index not in self._read:
            self._read[index] = self._made(index)
        return self._read[index]

    def _made(self, index: int) -> RowT:
        raise NotImplementedError

    @property
    def kinds(self) -> Mapping[int, int]:
        """How many rows have figures, and open ones, as one of them has: by the index of that."""
        return {0: self._n} if self._n else {}


@dataclass(frozen=True)
class Kinds:
    """Rows of a table of which each stands for several."""

    rows: list[Any]
    n_rows: list[int]


def backing(content: Any) -> Backing:
    """Return the figures of all answers in a content for JSON.

    Examples
    --------
    >>> answer = {"served": 2.0, "need": 3.0, "provenance": {}, "proof": [{}]}
    >>> backing([{**answer, "arithmetic": [["", "need", "open"]]}, {**answer, "proof": []}])
    Backing(n=4, open=Counter({'need': 2, 'served': 1}))
    """
    from supplynet.verify import Arithmetic, column_of

    n_all, rest = 0, Counter[str]()
    for answer in _answers(thawed(content)):
        kinds = {key: part.n_rows for key, part in answer.items() if isinstance(part, Kinds)}
        rules = answer.get("arithmetic", ())
        named = [rule for rule in rules if rule[2] == NAMED]
        said = [(*at, ast.parse(text, mode="eval")) for *at, text in rules if _SAYS_OPEN(text)]
        listed = {key: part.rows for key, part in answer.items() if key in kinds}
        sums = Arithmetic({**answer, **listed, "proof": [], "arithmetic": named})
        known = {place for rule in said for place in _open(sums, *rule)}
        n_all += sum(_n_of(place, kinds) for place in sums.cells(sums.result, ()))
        for place in sums.open:  # all that no rule gives, without a proof
            wholes = (column_of(place[:n]) for n in range(1, len(place) + 1) if place[:n] in known)
            name = next(wholes, "" if answer.get("proof") else column_of(place))
            rest[name] += _n_of(place, kinds)
    del rest[""]
    return Backing(n_all, rest)


def _n_of(place: Place, kinds: Mapping[str, list[int]]) -> int:
    """Return for how many figures one stands, by the row that it is in."""
    return kinds[str(place[0])][int(place[1])] if place[0] in kinds else 1


def _answers(content: Any) -> Iterator[dict[str, Any]]:
    """Yield the answers in a content: what has an origin."""
    if isinstance(content, dict):
        if "provenance" in content:
            yield content
        content = content.values()
    elif not isinstance(content, list):
        return
    for piece in content:
        yield from _answers(piece)


def _open(sums: Arithmetic, table: str, key: str, tree: ast.Expression) -> Iterator[Place]:
    """Yield the places of a column of which its rule says that they are open."""
    for row in sums.rows(table):
        end = tree.body
        while isinstance(end, ast.IfExp):
            end = end.body if sums.worth(end.test, row, key) else end.orelse
        if ast.unparse(end) == OPEN:
            yield (*row, int(key) if isinstance(sums.at(row), list) else key)
