"""What a calibration carries so that others can check it: its programs, and what is read off them.

The last program of each year has the flows that are told. What goes where and every expression of a
target are sums of its variables. Results and their rows are not named as types: they need this
module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from supplynet.analysis.proofs import Programs, Proof, figure
from supplynet.analysis.read_off import Sum, solved_with_sums
from supplynet.terms import ENDS

_OPEN = "whether rows say what the tables do, and targets that are held against production"
#: columns of a target between which it is to lie
_ENDS = [end.name for end in ENDS.values()]
#: columns of the baseline that say what a figure is of
_KEYS = "what", "source", "target", "rule", "form", "item"
_NAME = " ".join(f"{{{key}}}" for key in _KEYS)
# a figure of six digits is off by half of the last one at most, and its residual by as much again
_DIGITS = 6e-6


def calibration_proof(
    result: Any, moved: Callable[[Any], Iterable[tuple[object, ...] | None]]
) -> Proof:
    """Return the programs of each year, and what targets and the baseline say of them.

    `moved` says what each variable of a year moves, as the baseline has it.
    """
    programs, figures = Programs(), list[Proof]()
    targets = {row.id: row for row in result.fit_rows}
    for fit in result.years:
        read = _Read(fit, moved(fit))
        for row in (row for row in targets.values() if row.id in fit.lines):
            figures += read.target(row)
        figures += read.baseline([row for row in result.baseline if row.year == fit.year])
        last = next(reversed(fit.run.programs))
        for name, (lp, solution) in fit.run.programs.items():
            names: Sequence[str] = ()
            if name == last:
                lp, solution = solved_with_sums(lp, solution, list(read.sums.values()))
                names = [*read.names, *[""] * (solution.x.size - len(read.names) - len(read.sums))]
                names = [*names, *read.sums]
            programs.add(f"{fit.year} {name}", lp, names, solution=solution)
        figures.append(figure("", f"deviation.{fit.year}", f"{fit.year} least deviation"))
    for row in (row for row in targets.values() if row.model_year is None):
        keys = ("model", "difference", "is_within") if row.model is not None else ()
        figures += [figure("targets", key, where={"id": row.id}) for key in keys]
    return programs.proof(figures, _OPEN)


class _Read:
    """What is read off the flows of a year."""

    def __init__(self, fit: Any, keys: Iterable[tuple[object, ...] | None]) -> None:
        self._fit = fit
        self._program = f"{fit.year} {next(reversed(fit.run.programs))}"
        self._largest = float(fit.x.max(initial=0.0)) or 1.0
        self.sums: dict[str, Sum] = {}  #: by name
        #: of the variables of flows
        self.names = ["" if key is None else _name("flow", *key) for key in keys]

    def _add(self, name: str, line: Sum, size: float | None = None) -> float:
        """Add an expression; with a size it is told on the scale of the flows. Return by what."""
        by = 1.0 if size is None else self._largest / (abs(size) or 1.0)
        self.sums[name] = line.times(by)
        return by

    def target(self, row: Any) -> Iterator[Proof]:
        """Yield the figures of a target that there are."""
        fit, where = self._fit, {"id": row.id}
        lines = fit.lines[row.id]
        several = {"model": (lines.part, lines.whole)}
        if lines.by_weight is not None:
            several["by_weight"] = lines.by_weight
        for key, (part, whole) in several.items():
            if getattr(row, key) is None:
                continue
            of = f"{key} of {row.id}"
            words: dict[str, Any] = {"sum": [of], "where": where}
            if whole.terms or whole.constant != 1.0:
                by = self._add(f"whole of {of}", whole, whole.at(fit.x))
                self.sums[of] = part.times(by)
                words["over"] = [f"whole of {of}"]
            else:
                words["times"] = 1.0 / self._add(of, part, part.at(fit.x))
            yield figure("targets", key, self._program, **words)
            if key == "model":
                yield figure("targets", "difference", self._program, less="published", **words)
                yield figure("targets", "is_within", self._program, within=_ENDS, **words)

    def baseline(self, rows: Sequence[Any]) -> Iterator[Proof]:
        """Yield the figures of the baseline; those that are told of several alike are left open."""
        for seen in self._fit.observed:
            ids = seen.source, seen.target, seen.rule, seen.form, None
            self._add(_name(seen.what, *ids), seen.line)
        for (plant, element), line in self._fit.unplaced_lines.items():
            self._add(_name("unplaced", plant, None, None, None, element), line)
        told = Counter(tuple(getattr(row, key) for key in _KEYS) for row in rows)
        double = {key[0] for key, n in told.items() if n > 1}
        for what, n_rows in Counter(row.what for row in rows).items():
            of = () if what in double else (self._program,)
            words: dict[str, Any] = {"where": {"year": self._fit.year, "what": what}}
            words |= {"n": n_rows, "sum": [_NAME], "near": _DIGITS}
            yield figure("baseline", "flow", *of, **words)
            if what not in ("flow", "unplaced"):
                yield figure("baseline", "residual", *of, less="observed", **words)


def _name(*parts: object) -> str:
    """Return what a figure of the baseline is of, as its row is formatted."""
    return _NAME.format(**dict(zip(_KEYS, parts, strict=True)))
