"""What a result carries so that others can check it: programs, points of them and their duals.

A proof is a plain dict that ``verify.py`` reads. A flow is a program, too: what enters a node
leaves it, and the cut is its dual. Arrays are packed: little-endian, compressed, as text, behind a
letter that says what they hold.

The proof of an answer that is made of others: their programs, and figures read off them.

A figure of the whole is one of a part, or the difference of two. What proves it there proves it
here: only where it stands in the result changes. A program of a part goes by the name of the part
and its own.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array, hstack

from supplynet.arrays import Floats, Ints
from supplynet.solve.lp.evidence import as_solved, evidence
from supplynet.solve.lp.program import LinearProgram, LinearSolution, widened
from supplynet.sums import added
from supplynet.verify import unpack

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model

#: beyond so many characters no further programs are reported: a page would have megabytes
MOST_CHARACTERS = 1_000_000

# what a program calls the one on whose amounts its rows rest
_BASES = "of", "along"

#: problem, solution and bound of one figure or several, as JSON holds them
Proof = dict[str, Any]


def packed(values: npt.ArrayLike | Iterable[str]) -> str:
    """Return numbers or names as one text that ``verify.py`` unpacks.

    Numbers become 64-bit floats (``f``) or integers (``i``); names (``s``) hold no line end.

    Examples
    --------
    >>> packed([1.0, 2.0])[:2], packed([1, 2])[:2], packed(["a", "b"])[:2]
    ('f:', 'i:', 's:')
    """
    holding = list(values) if not isinstance(values, np.ndarray) else values  # type: ignore[arg-type]
    if len(holding) and isinstance(holding[0], str):
        kind, raw = "s", "\n".join(map(str, holding)).encode()
    else:
        array = np.asarray(holding)
        is_whole = array.dtype.kind in "iub"
        kind = "i" if is_whole else "f"
        raw = array.astype("<i8" if is_whole else "<f8").tobytes()
    return f"{kind}:{base64.b64encode(zlib.compress(raw)).decode('ascii')}"


def figure(table: str, key: str, *of: str, **options: Any) -> Proof:
    """Return which figure of a result is read off which programs.

    Parameters
    ----------
    table, key : str
        Table of the result, empty for its own figures, and column or figure.
    *of : str
        Names of programs, with what stands in the row in braces, as in ``"{year} low"``.
    **words
        ``sum``, ``over``: names of variables whose amounts are added up, and divided by; without,
        the objective counts. With ``is_each`` every amount counts by itself. ``times``: what it is
        multiplied by. ``per``: the figure times this column is what is proved. ``end``: min, max,
        sum and others of several. ``least``: those count that reach this column. ``most``: no more
        than this column. ``where``: only rows that have these values, of which there is one at
        least, or ``n``. ``open``: a figure that is null is at least this. ``room``: what it may be
        off, and ``near`` as a part of its size. ``less``: what is proved less this column.
        ``within``: whether it lies between these two columns. ``rows``: tables whose rows are
        counted. ``is_whole``: the sum of the column is what is proved.
        ``lines``: numbers of rows of the program, packed, by which the rows of the table are read,
        or ``line``: that of one, or those of several together; ``is_limit``: what limits them;
        ``is_dual``: what one more of them is worth, ``times`` a factor. ``weights``: by which each
        program is multiplied. ``cap``: no more than this number.
    """
    return {"table": table, "key": key, "of": list(of), **options}


def _rounded(x: Floats) -> Floats:
    """Return a point to ten digits: its rows are checked to seven.

    Examples
    --------
    >>> _rounded(np.array([0.0, 1 / 3, 2e5 / 3])).tolist()
    [0.0, 0.3333333333, 66666.66667]
    """
    size = np.floor(np.log10(np.abs(np.where(x, x, 1.0))))
    unit = 10.0 ** np.clip(9.0 - size, 0.0, 22.0)  # these are exact, so that decimals come of it
    return np.asarray(np.round(x * unit) / unit)


def elements_of(base: str, ids: Sequence[str], sets: Iterable[Ints], cost: npt.ArrayLike) -> Proof:
    """Return what can be removed from a program.

    Of each come the variables that are 0 without it, and the cost of removing it.
    """
    places = [packed(several) for several in sets]
    return {"base": base, "ids": packed(ids), "sets": places, "cost": packed(cost)}


def is_paid(cost: Floats, members: Iterable[int], budget: float) -> bool:
    """Whether a budget pays for a removal."""
    return bool(cost[list(members)].sum() <= budget * (1.0 + 1e-12))


def removal_within(removed: Sequence[Proof], **keys: str) -> Proof:
    """Return removals of a smaller budget, below which the bound of the larger one holds as well.

    Without keys that of what ranks highest one by one, of which nothing more is proved.
    """
    ranked = {"told": "ranked.sets", "value": "ranked.value", "bound": "ranked.value"}
    named = {**keys, "under": "bound"} if keys else {**ranked, "budget": "ranked.budget"}
    return {**named, "safe": [], "step": 0.0, "removed": list(removed)}


def tree_of(
    ids: Sequence[str], bounds: Mapping[tuple[tuple[int, bool], ...], Proof]
) -> Iterator[str | Proof]:
    """Yield a tree of decisions, from its root on: an element, then what follows if it is chosen.

    `bounds` has what stands at the end of each way: elements by place, and whether they are chosen.
    """
    waiting = [bounds]
    while waiting:
        open_ends = waiting.pop()
        if () in open_ends:
            yield open_ends[()]
            continue
        element = next(iter(open_ends))[0][0]
        yield ids[element]
        for is_chosen in (False, True):  # the last is the next
            own = (element, is_chosen)
            inner = {route[1:]: end for route, end in open_ends.items() if route[0] == own}
            waiting += [inner] * bool(inner)


def plain(name: str) -> str:
    """Return a name that stands for itself where parts in braces stand for columns.

    Examples
    --------
    >>> plain("a {b}")
    'a {{b}}'
    """
    return name.replace("{", "{{").replace("}", "}}")


class Programs:
    """Programs with points and duals as a proof holds them, what recurs once.

    Those of an answer that lies in another are reported by what they are like `within` its proof.
    """

    def __init__(self, within: Programs | None = None) -> None:
        self._within, self._told, self._size = within, list[Proof](), 0
        if within is None:
            self._matrices, self._names = _Matrices(), dict[str, int]()
            self._totals, self._holders = list[Proof](), dict[tuple[str, str], int]()
        else:
            self._matrices, self._names = within._matrices, within._names
            self._totals, self._holders = within._totals, within._holders

    def add(
        self,
        name: str,
        lp: LinearProgram,
        names: Sequence[str],
        x: Floats | None = None,
        solution: LinearSolution | None = None,
        *,
        duals: Floats | None = None,
        is_exact: bool = False,
    ) -> Floats | None:
        """Add a program with a point of it; return the duals of a solution.

        Further variables than those of `names` have none. The point keeps to its rows; that of a
        solution has duals by which none is better, or they are given. `is_exact` says whether both
        hold of the decimals as they are written.
        """
        if solution is not None:
            x, duals = (as_solved if is_exact else evidence)(lp, solution)
        x = np.zeros(lp.c.size) if x is None else x
        has_rows = lp.b_ub.size + lp.b_eq.size > 0
        totals: Proof = {
            "rows": [*self._matrices.blocks(lp.a_ub), *self._matrices.blocks(lp.a_eq)],
            "low": packed(np.concatenate([np.full(lp.b_ub.size, -np.inf), lp.b_eq])),
            "high": packed(np.concatenate([lp.b_ub, lp.b_eq])),
            "lower": packed(lp.lower),
            "upper": packed(lp.upper),
            "c": packed(lp.c),
            "x": packed(_rounded(x) if has_rows and not is_exact else x),
        }
        if duals is not None:
            totals |= {"is_largest": lp.maximize, "duals": packed(duals)}
            totals |= {"is_exact": True} if is_exact else {}
        self._tell(name, {"names": self._names_of(names, lp.c.size), **totals})
        return duals

    @property
    def size(self) -> int:
        """How many characters the programs take up to now."""
        return self._size + self._matrices.size

    def know(self, lp: LinearProgram) -> None:
        """Take the rows of a program as known: others that begin with them tell theirs alone."""
        self._matrices.blocks(lp.a_ub)
        self._matrices.blocks(lp.a_eq)

    def add_values(self, name: str, values: Floats) -> None:
        """Add values that no rows hold, as the point of a program."""
        free = np.full(values.size, np.inf)
        none, rows = np.zeros(0), csr_array((0, values.size))
        lp = LinearProgram(np.zeros(values.size), rows, none, rows, none, -free, free)
        self.add(name, lp, (), x=values)

    def add_ways(
        self,
        name: str,
        flow: str,
        routes: Sequence[tuple[Sequence[str], float]],
        *,
        is_exact: bool = False,
    ) -> None:
        """Add the amounts on ways through a flow that was reported, of which they are parts.

        A way is what it passes from end to end, as the names of the flow's variables have it,
        ``tail>head``. Its amount goes by the list of what it passes between the ends, but for what
        has a colon; of what has an at sign the part before it counts.
        """
        steps = {step for passed, _ in routes for step in pairwise(passed)}
        none = np.zeros(len(routes))
        totals: Proof = {
            "along": flow,
            "names": self._names_of([">".join(passed) for passed, _ in routes], len(routes)),
            # rows are the steps of the ways, and have no more than the flow
            **{"rows": [], "low": packed(np.full(len(steps), -np.inf)), "high": packed([])},
            **{"lower": packed(none), "upper": packed(none + np.inf), "c": packed(none)},
            "x": packed(np.array([amount for _, amount in routes], dtype=np.float64)),
        }
        self._tell(name, totals | ({"is_exact": True} if is_exact else {}))

    def add_mixture(
        self, name: str, names: Sequence[str], mixture: Proof, x: Floats, **limits: Floats
    ) -> None:
        """Add a point of rows that multiply contents by the amounts of another point.

        `mixture` is ``rows`` and ``of``, as :meth:`mixture` returns them, and ``c``; limits are
        ``low`` and ``high`` of the rows, ``lower`` and ``upper`` of the variables.
        """
        record = {key: packed(values) for key, values in limits.items()}
        named = {"names": self._names_of(names, x.size)}
        self._tell(name, {**named, **mixture, **record, "x": packed(_rounded(x))})

    def mixture(self, of: str, row: Ints, column: Ints, value: Floats, variable: Ints) -> Proof:
        """Return rows whose entries are multiplied by the amounts of a point that was reported.

        `of` is the program whose point it is; there may be several entries in one place. Each is
        column, value and variable of the other program, -1 for one that is not multiplied. Values
        have ten digits.
        """
        order = np.argsort(row, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(row))])
        entries = column, _rounded(value), variable
        block = [packed(starts), *(packed(entry[order]) for entry in entries)]
        return {"rows": [self._matrices.add(block)], "of": of}

    def removal(self, members: Sequence[str], lp: LinearProgram, solution: LinearSolution) -> Proof:
        """Return what is left without some elements, as worst removals hold it.

        In the program all members are held at 0.
        """
        x, duals = evidence(lp, solution)
        return {"elements": list(members), "x": packed(x), "duals": packed(duals)}

    def take(self, proof: Proof, prefix: str, wanted: Container[str] | None = None) -> None:
        """Add the programs of a proof under longer names; `wanted` has those names, None for all.

        Of those that are not wanted come the ones on whose amounts rows of others rest.
        """
        from supplynet.verify import whole

        fully = [whole(proof["programs"], record) for record in proof["programs"]]
        bases = {row[key] for row in fully for key in _BASES if key in row}
        for record in fully:
            name = prefix + record["name"]
            if wanted is not None and name not in wanted and record["name"] not in bases:
                continue
            parts = {key: value for key, value in record.items() if key != "name"}
            parts["rows"] = [self._matrices.take(proof["matrices"][at]) for at in record["rows"]]
            packed_names = proof["names"][record["names"]]
            parts["names"] = self._names.setdefault(packed_names, len(self._names))
            self._tell(name, parts | {key: prefix + record[key] for key in _BASES if key in record})

    def _tell(self, name: str, totals: Proof) -> None:
        """Add a program by its parts, each of which is reported where it differs from another's."""
        keys = [(key, str(value)) for key, value in totals.items()]
        near = {self._holders[key] for key in keys if key in self._holders}
        # a point without duals must not take those of another
        fitting = [n for n in near if self._totals[n].keys() == totals.keys()]
        saved, position = max(
            ((_saved(totals, self._totals[n]), -n) for n in fitting), default=(0, 0)
        )
        self._size += sum(len(text) for _, text in keys) - saved
        like = {"like": -position} if saved else {}
        own = {
            key: value
            for key, value in totals.items()
            if not like or value != self._totals[-position][key]
        }
        self._told.append({"name": name, **like, **own})
        if self._within is None:
            new = (pair for pair in keys if pair[0] in own)
            self._holders.update(dict.fromkeys(new, len(self._totals)))
            self._totals.append(totals)

    def _names_of(self, names: Sequence[str], n: int) -> int:
        """Return the number of names of `n` variables; those beyond the given ones have none."""
        texts = [*names[:n], *("",) * (n - len(names))]
        # one empty text is packed as none at all
        text = packed(["-"] if texts == [""] else texts)
        return self._names.setdefault(text, len(self._names))

    def proof(self, figures: Iterable[Proof], *open_ones: str, **further: Any) -> Proof:
        """Return all as a proof.

        `open_ones` say what others cannot check; further are elements, attacks and choices.
        """
        shared = {"matrices": self._matrices.told, "names": list(self._names)}
        return {
            **(shared if self._within is None else {}),
            "programs": self._told,
            "figures": list(figures),
            "open": list(open_ones),
            **further,
        }


def _saved(program: Proof, values: Proof) -> int:
    """Return how much of a program need not be reported again, in characters."""
    return sum(len(str(value)) for key, value in program.items() if value == values[key])


def column_names(model: Model) -> list[str]:
    """Return what each variable counts: its kind, then where and what, apart by blanks.

    What moves on a link is named by its ends, ``tail>head``.
    """
    from supplynet.analysis.balance.tables import thing_name

    arcs = model.scope.frame.arcs

    def named(kind: str, key: Sequence[object]) -> str:
        texts = [str(entry) if isinstance(entry, int) else thing_name(entry) for entry in key]
        if kind in ("feed", "element", "product"):
            arc = arcs[int(texts[0])]
            texts[0] = f"{arc.tail}>{arc.head}"
        return " ".join([kind, *texts])

    return [named(kind, key) for kind, key in model.columns.keys]


class _Matrices:
    """Rows of programs, each block once: later programs have the rows of the first and more."""

    def __init__(self) -> None:
        self.told: list[list[str]] = []
        self.size = 0  #: in characters
        self._known: dict[int, Any] = {}
        self._numbers: dict[int, tuple[Any, list[int]]] = {}

    def add(self, block: list[str]) -> int:
        """Add rows that are reported once; return their number."""
        self.told.append(block)
        self.size += sum(map(len, block))
        return len(self.told) - 1

    def take(self, block: list[str]) -> int:
        """Return the number of rows that another proof states; the same ones are reported once."""
        return self.told.index(block) if block in self.told else self.add(block)

    def blocks(self, matrix: Any) -> list[int]:
        """Return the numbers of the blocks that a matrix consists of, from its first row on."""
        if id(matrix) in self._numbers:
            return self._numbers[id(matrix)][1]
        first, numbers = 0, list[int]()
        while first < matrix.shape[0]:
            others = matrix[first:] if first else matrix
            index = next((n for n, entry in self._known.items() if _begins(others, entry)), None)
            if index is None:
                index = self.add(
                    [
                        packed(others.indptr.astype(np.int64)),
                        packed(others.indices.astype(np.int64)),
                        packed(others.data),
                    ]
                )
                self._known[index] = others
            numbers.append(index)
            first += self._known[index].shape[0]
        self._numbers[id(matrix)] = matrix, numbers
        return numbers


def _begins(matrix: Any, names: Any) -> bool:
    """Whether the first rows of a matrix are those that are known."""
    n_rows, n_entries = names.shape[0], names.indices.size
    return (
        n_rows <= matrix.shape[0]
        and bool((matrix.indptr[: n_rows + 1] == names.indptr).all())
        and bool((matrix.indices[:n_entries] == names.indices).all())
        and bool((matrix.data[:n_entries] == names.data).all())
    )


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
