"""How many figures of an answer have a proof, as its kind declares it: no proof is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from math import isfinite
from typing import Any, NamedTuple

from supplynet.contract.declared import NAMED, OPEN

#: keys of an answer under which no figures of it stand
BESIDE = frozenset(
    ("headline", "question", "questions", "certificate", "certificates", "further_certificate")
    + ("further_certificates", "schema_version", "provenance", "proof", "arithmetic", "verify.py")
)
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


def backing(content: Any) -> Backing:
    """Return the figures of all answers in a content for JSON.

    Examples
    --------
    >>> answer = {"served": 2.0, "need": 3.0, "provenance": {}, "proof": [{}]}
    >>> backing([{**answer, "arithmetic": [["", "need", "open"]]}, {**answer, "proof": []}])
    Backing(n=4, open=Counter({'need': 2, 'served': 1}))
    """
    n_all, rest = 0, Counter[str]()
    for answer in _answers(content):
        says: dict[str, set[str]] = {NAMED: set(), OPEN: set()}
        for table, key, text in answer.get("arithmetic", ()):
            says.get(text, set()).add(f"{table}.{key}".strip("."))
        for column, n in Counter(_columns(answer, "")).items():
            if column not in says[NAMED]:
                n_all += n
                wholes = (name for name in says[OPEN] if f"{column}.".startswith(f"{name}."))
                name = next(wholes, "" if answer.get("proof") else column)
                rest[name] += n * bool(name)
    return Backing(n_all, +rest)


def _answers(content: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the answers in a content: what has an origin."""
    if isinstance(content, Mapping):
        if "provenance" in content:
            yield content
        content = content.values()
    elif not isinstance(content, (list, tuple)):
        return
    for piece in content:
        yield from _answers(piece)


def _columns(part: Any, column: str) -> Iterator[str]:
    """Yield the column of every figure of an answer: the keys that lead to it."""
    if isinstance(part, (Mapping, list, tuple)):
        is_row, pairs = isinstance(part, Mapping), enumerate(part)
        for key, value in part.items() if isinstance(part, Mapping) else pairs:
            is_other = isinstance(value, Mapping) and "provenance" in value
            is_asked = key == "year" and column.startswith("conditions")
            if not (is_other or is_asked or key in BESIDE):
                yield from _columns(value, f"{column}.{key}".lstrip(".") if is_row else column)
    elif isinstance(part, (int, float)) and not isinstance(part, bool) and isfinite(part):
        yield column
