"""The proof of an answer that is made of others: their programs, and figures read off them.

A figure of the whole is one of a part, or the difference of two. What proves it there proves it
here: only where it stands in the result changes. A program of a part goes by the name of the part
and its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import (
    coo_array,  # type: ignore[import-untyped, unused-ignore]
    csr_array,  # type: ignore[import-untyped, unused-ignore]
    hstack,  # type: ignore[import-untyped, unused-ignore]
)

from supplynet.analysis.proofs import Programs, Proof, plain
from supplynet.arrays import Floats
from supplynet.solve.lp.program import LinearProgram, LinearSolution, widened
from supplynet.sums import added
from supplynet.verify import unpack

#: of which programs a figure is, and how, as :func:`supplynet.analysis.proofs.figure` takes it
Reading = dict[str, Any]

#: what no proof of answers together says
ROWS = "whether rows and capacities say what the tables do"
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

    def read(
        self, part: str, table: str, key: str, row: Mapping[str, Any], number: int | None = None
    ) -> Reading | None:
        """Return how a figure of a row of a part is proved there; None where nothing does.

        `number` is that of the row in its table, where rows are read by lines of a program.
        """
        for spec in (spec for proof in self._parts[part] for spec in proof["figures"]):
            at = spec.get("where", {}).items()
            if (spec["table"], spec["key"]) == (table, key) and at <= row.items():
                read = {word: value for word, value in spec.items() if word not in _WHERE}
                if "lines" in read:
                    if number is None:
                        return None
                    read["line"] = [int(unpack(read.pop("lines"))[number])]
                for word in {"of", "sum", "over"} & read.keys():
                    read[word] = [plain(name.format(**row)) for name in read[word]]
                return {**read, "of": [f"{plain(part)}: {name}" for name in read["of"]]}
        return None

    def tell(self, table: str, key: str, read: Reading | None, **options: Any) -> None:
        """Say how a figure of the whole is proved; None: by nothing, so that it is open."""
        self._figures.append({"table": table, "key": key, **(read or {"of": []}), **options})

    def proof(self, *open_ones: str) -> Proof:
        """Return all as one proof; `open_ones` say what others cannot check."""
        programs = Programs()
        # a column of which nothing is proved is not reported as one
        proved = {
            (figure["table"], figure["key"])
            for figure in self._figures
            if figure["of"] or "rows" in figure
        }
        figures = [record for record in self._figures if (record["table"], record["key"]) in proved]
        sparing = figures if self._is_sparing else ()
        used = {name.format() for row in sparing for name in row["of"]}
        for piece, proofs in self._parts.items():
            for proof in proofs:
                programs.take(proof, f"{piece}: ", used if self._is_sparing else None)
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


class Sum(NamedTuple):
    """A sum of variables, each multiplied by a weight, and a constant."""

    terms: Mapping[int, float]  #: weight by place of a variable
    constant: float = 0.0

    def times(self, factor: float) -> Sum:
        """Return a multiple."""
        terms = {position: factor * weight for position, weight in self.terms.items()}
        return Sum(terms, factor * self.constant)

    def less(self, other: Sum, factor: float = 1.0) -> Sum:
        """Return the sum less a multiple of another."""
        off = other.times(-factor)
        terms = added((*self.terms.items(), *off.terms.items()))
        return Sum(terms, self.constant + off.constant)

    def at(self, x: Floats) -> float:
        """Return its value at a solution."""
        return self.constant + sum(by * float(x[position]) for position, by in self.terms.items())


def with_sums(lp: LinearProgram, x: Floats, sums: Sequence[Sum]) -> tuple[LinearProgram, Floats]:
    """Return a program and a point of it with a further variable for each sum.

    Examples
    --------
    >>> lp = LinearProgram([1.0, 1.0], None, None, None, None, [0.0, 0.0], [9.0, 9.0])
    >>> wider, point = with_sums(lp, np.array([1.0, 2.0]), [Sum({0: 3.0, 1: 2.0}, 1.0)])
    >>> point.tolist(), wider.a_eq.toarray().tolist(), wider.b_eq.tolist()
    ([1.0, 2.0, 8.0], [[3.0, 2.0, -1.0]], [-1.0])
    """
    n, more = lp.c.size, len(sums)
    rows = np.repeat(np.arange(more), [len(row.terms) for row in sums])
    columns = np.array([term for pair in sums for term in pair.terms], dtype=np.int64)
    weights = np.array(
        [weight for entry in sums for weight in entry.terms.values()], dtype=np.float64
    )
    matrix = coo_array((weights, (rows, columns)), shape=(more, n)).tocsr()
    constants = np.array([member.constant for member in sums])
    own = -csr_array(np.eye(more)) if more else csr_array((0, 0))
    wider = widened(lp, more, a_eq=hstack([matrix, own]), b_eq=-constants, lower=-np.inf)
    return wider, np.append(x, matrix @ x[:n] + constants)


def solved_with_sums(
    lp: LinearProgram, solution: LinearSolution, sums: Sequence[Sum]
) -> tuple[LinearProgram, LinearSolution]:
    """Return a program and its solution with a further variable for each sum."""
    wider, x = with_sums(lp, solution.x, sums)
    none = np.zeros(len(sums))
    return wider, replace(
        solution,
        x=x,
        dual_eq=np.append(solution.dual_eq, none),
        reduced_costs=np.append(solution.reduced_costs, none),
    )
