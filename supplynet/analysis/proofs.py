"""What a result carries so that others can check it: problems, solutions and their duals.

Each proof is a plain dict of the kind that ``verify.py`` reads. Arrays are packed: little-endian,
compressed, as text, behind a letter that says what they hold.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from supplynet.analysis.arrays.flowgraph import FlowGraph
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.balance.model import Model
    from supplynet.solve.flow.problem import FlowProblem, FlowSolution
    from supplynet.solve.interdiction.attack import AttackSolution
    from supplynet.solve.interdiction.problem import AttackProblem
    from supplynet.solve.lp.program import LinearProgram, LinearSolution

__all__ = ["Proof", "attack_proof", "flow_proof", "linear_proof", "packed"]

#: problem, solution and bound of one figure or several, as JSON holds them
Proof = dict[str, Any]


def packed(values: npt.ArrayLike | Iterable[str]) -> str:
    """Return numbers or names as one text that ``verify.py`` unpacks.

    Parameters
    ----------
    values : array_like of number, or iterable of str
        Numbers become 64-bit floats (``f``) or integers (``i``); names (``s``) hold no line end.

    Examples
    --------
    >>> packed([1.0, 2.0])[:2], packed([1, 2])[:2], packed(["a", "b"])[:2]
    ('f:', 'i:', 's:')
    """
    held = list(values) if not isinstance(values, np.ndarray) else values  # type: ignore[arg-type]
    if len(held) and isinstance(held[0], str):
        kind, raw = "s", "\n".join(map(str, held)).encode()
    else:
        array = np.asarray(held)
        is_whole = array.dtype.kind in "iub"
        kind = "i" if is_whole else "f"
        raw = array.astype("<i8" if is_whole else "<f8").tobytes()
    return f"{kind}:{base64.b64encode(zlib.compress(raw)).decode('ascii')}"


def flow_proof(solved: Solved, of: str = "value") -> Proof:
    """Return a flow and the cut that proves it.

    Parameters
    ----------
    solved : Solved
    of : str
        Key of the figure of the result that the flow's value is.
    """
    network = _network(solved.graph, solved.problem)
    return {"kind": "flow", "of": of, **network, **_flow(solved.solution)}


def _network(graph: FlowGraph, problem: FlowProblem) -> Proof:
    limits = problem.node_capacity
    whole = np.full(problem.n_nodes, np.inf) if limits is None else limits
    return {
        "labels": packed(graph.labels),
        "source": problem.source,
        "sink": problem.sink,
        "tail": packed(problem.tail),
        "head": packed(problem.head),
        "capacity": packed(problem.capacity),
        "node_capacity": packed(whole),
    }


def _flow(solution: FlowSolution) -> Proof:
    """Return the flow in whole units, and on which side of the cut each half of a node lies."""
    return {
        "value": solution.value,
        "scale": [str(solution.scale.numerator), str(solution.scale.denominator)],
        "units": packed(map(str, solution.units.tolist())),
        "side": packed(solution.source_side.astype(np.int64).ravel()),
    }


def attack_proof(graph: FlowGraph, problem: AttackProblem, solution: AttackSolution) -> Proof:
    """Return the worst removal within a budget, and the log that proves that none is worse.

    The log is a tree: at each of its leaves some elements are removed and some spared, and a flow
    that avoids what is removed shows how much is left at least, whatever else is taken.
    """
    return {
        "kind": "attack",
        "of": "value",
        **_network(graph, problem.flow),
        "arc_element": packed(problem.arc_element),
        "node_element": packed(problem.node_element),
        "cost": packed(problem.cost),
        "budget": problem.budget,
        "step": solution.step,
        "bound": solution.bound,
        "unattacked": _flow(solution.unattacked),
        "unit": [str(solution.arena.scale.numerator), str(solution.arena.scale.denominator)],
        "attacks": [
            {"removed": list(members), **_flow(left)}
            for members, left in zip(solution.sets, solution.set_solutions, strict=True)
        ],
        "leaves": [
            {
                "decisions": [[element, is_removed] for element, is_removed in leaf.decisions],
                "arcs": packed(leaf.arcs),
                "units": packed(leaf.units),
            }
            for leaf in solution.leaves
        ],
    }


def linear_proof(
    model: Model,
    programs: Mapping[str, tuple[LinearProgram, LinearSolution]],
    x: npt.NDArray[np.float64],
) -> Proof:
    """Return linear programs with their solutions and duals, rows that recur held once.

    Parameters
    ----------
    model : Model
        For the names of variables and the rows that the shown solution must keep to.
    programs : mapping of str to (LinearProgram, LinearSolution)
        By name.
    x : ndarray of float64, shape (n_columns,)
        The solution whose figures are shown.
    """
    held = _Matrices()
    base = {"ub": model.stacked(False), "eq": model.stacked(True)}
    return {
        "kind": "linear",
        "columns": packed(column_names(model)),
        "shown": {
            "x": packed(x),
            **{
                name: {"rows": held.blocks(matrix), "sides": packed(sides)}
                for name, (matrix, sides) in base.items()
            },
        },
        "programs": [
            {
                "name": name,
                "is_largest": lp.maximize,
                "objective": solution.objective,
                "c": packed(lp.c),
                "lower": packed(lp.lower),
                "upper": packed(lp.upper),
                "ub": {"rows": held.blocks(lp.a_ub), "sides": packed(lp.b_ub)},
                "eq": {"rows": held.blocks(lp.a_eq), "sides": packed(lp.b_eq)},
                "x": packed(solution.x),
                "duals": {"ub": packed(solution.dual_ub), "eq": packed(solution.dual_eq)},
            }
            for name, (lp, solution) in programs.items()
        ],
        "matrices": held.told,
    }


def column_names(model: Model) -> list[str]:
    """Return what each variable counts: its kind, then where and what, apart by blanks.

    What moves on a link is named by its ends, ``tail>head``.
    """
    from supplynet.analysis.balance.tables import thing_name

    arcs = model.scope.frame.arcs

    def named(kind: str, key: Sequence[object]) -> str:
        words = [str(one) if isinstance(one, int) else thing_name(one) for one in key]
        if kind in ("feed", "element", "product"):
            arc = arcs[int(words[0])]
            words[0] = f"{arc.tail}>{arc.head}"
        return " ".join([kind, *words])

    return [named(kind, key) for kind, key in model.columns.keys]


class _Matrices:
    """Rows of programs, each block once: later programs have the rows of the first and more."""

    def __init__(self) -> None:
        self.told: list[Proof] = []
        self._known: list[Any] = []

    def blocks(self, matrix: Any) -> list[int]:
        """Return the numbers of the blocks that a matrix consists of, from its first row on."""
        first = 0
        numbers = []
        while first < matrix.shape[0]:
            rest = matrix[first:] if first else matrix
            number = next((n for n, one in enumerate(self._known) if _begins(rest, one)), None)
            if number is None:
                number = len(self._known)
                self._known.append(rest)
                self.told.append(
                    {
                        "starts": packed(rest.indptr.astype(np.int64)),
                        "columns": packed(rest.indices.astype(np.int64)),
                        "values": packed(rest.data),
                    }
                )
            numbers.append(number)
            first += self._known[number].shape[0]
        return numbers


def _begins(matrix: Any, known: Any) -> bool:
    """Whether the first rows of a matrix are those that are known."""
    n_rows, n_entries = known.shape[0], known.indices.size
    return (
        n_rows <= matrix.shape[0]
        and bool((matrix.indptr[: n_rows + 1] == known.indptr).all())
        and bool((matrix.indices[:n_entries] == known.indices).all())
        and bool((matrix.data[:n_entries] == known.data).all())
    )
