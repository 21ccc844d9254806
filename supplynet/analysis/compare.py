"""Compare answers, or networks, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.bypass import BypassResult
from supplynet.analysis.flow.evidence import read_flow
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.flow.rows import FlowResult
from supplynet.analysis.proofs import ROWS, Composed, Reading, changed
from supplynet.analysis.provenance import provenance_of
from supplynet.contract.answer import DeclaredResult, Result
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import NUMBER, TEXT, array_of
from supplynet.contract.row import col
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import TABLES, Row
from supplynet.questions.chokepoints import ChokepointResult
from supplynet.solve.check import worst

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.proofs import Proof
    from supplynet.questions.contested import AllocateResult


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is reported by the answers compared."""

    what: tuple[str, ...]  #: what it is: element and tier, chokepoint, or table, row and column
    values: tuple[Any, ...]  #: one per answer; None where an answer does not have it
    unit: str = ""

    @property
    def change(self) -> float | None:
        """Last value minus first, where both are numbers."""
        first, last = self.values[0], self.values[-1]
        if isinstance(first, (int, float)) and isinstance(last, (int, float)):
            return float(last) - float(first)
        return None


class CompareResult(
    DeclaredResult,
    name="comparison",
    title="Answers of one kind, or networks, side by side",
    headline=(Lead("figures that differ", "n_changed"),),
    also=("n_changed",),
    by={
        "n_changed": "count(rows, change != 0)",
        # of networks, rows of their tables, values may be texts
        "rows.change": "None if table != '' else change(values)",
    },
    nested={
        "rows": {
            **array_of(
                {
                    "type": "object",
                    "properties": {
                        "values": {"type": "array", "description": "One per answer."},
                        "change": {**NUMBER, "description": "Last value less first."},
                        "unit": TEXT,
                    },
                    "required": ["values", "change", "unit"],
                }
            ),
            "description": "One figure each; the keys beside these say what it is.",
        }
    },
    document="supplynet.reports.results.of_compare",
    open=(
        "n_changed",
        "rows.values",
        "rows.change",
    ),
):
    """Answers side by side."""

    names: tuple[str, ...] = col("What the answers are called.")
    columns: tuple[str, ...]  #: what the parts of ``Difference.what`` are
    rows: tuple[Difference, ...]  #: for networks only what differs

    @property
    def n_changed(self) -> int:
        """Rows of which the last answer says something else than the first."""
        return sum(row.values[0] != row.values[-1] for row in self.rows)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the one table that there is: its columns are those of the answers."""
        return {"rows": self.to_frame()}

    def _nested(self) -> dict[str, Any]:
        return {
            "rows": [
                {
                    **dict(zip(self.columns, row.what, strict=True)),
                    "values": list(row.values),
                    "change": row.change,
                    "unit": row.unit,
                }
                for row in self.rows
            ]
        }

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return one row a figure: what it is, its value in each answer, change, unit."""
        import pandas as pd

        if table not in (None, "rows"):
            return super().to_frame(table)
        return pd.DataFrame(
            [
                {
                    **dict(zip(self.columns, row.what, strict=True)),
                    **dict(zip(self.names, row.values, strict=True)),
                    "change": row.change,
                    "unit": row.unit,
                }
                for row in self.rows
            ],
            columns=[*self.columns, *self.names, "change", "unit"],
        )


def compare(*answers: Any, names: Sequence[str] | None = None) -> CompareResult:
    """What differs between answers of one kind, or between two networks?

    Parameters
    ----------
    *answers : Result or SupplyNetwork
        Two or more of one kind. Chokepoints that cost nothing in an answer count as 0 there.
        Of balances what each nation asks for and gets in each form is compared, of kinds that
        :func:`compare` does not know better every number of their first table.
    names : sequence of str, optional
        What to call them; default: the graph, its scenarios and the year.

    Returns
    -------
    CompareResult

    Raises
    ------
    OptionError
        If there are fewer than two answers, or of different kinds.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> both = [sn.flow(net, to="MLT", element="Nd", avoid=x) for x in (None, "ISL")]
    >>> sn.compare.answers(*both, names=["with", "without"]).names
    ('with', 'without')
    """
    if len(answers) < 2:
        raise OptionError("compare needs at least two answers")
    kinds = {type(answer) for answer in answers}
    if len(kinds) > 1:
        shown = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise OptionError(f"answers of one kind can be compared, not {shown}")
    if names is not None and len(names) != len(answers):
        raise OptionError(f"{len(names)} names for {len(answers)} answers")
    kind = kinds.pop()
    entries = _figures_of(kind)
    if kind is not SupplyNetwork and entries is None:
        raise OptionError(
            f"cannot compare {kind.__name__}", hint="answers and networks can be compared"
        )
    selection = _unique(names or [_name(answer) for answer in answers])
    if entries is None:
        digests = [net.digest for net in answers]
        return CompareResult(
            names=selection,
            columns=("table", "row", "column"),
            rows=_network_rows(answers),
            provenance=provenance_of({"names": selection}, digests=digests),
        )
    columns, figures, source = entries
    stated = [figures(answer) for answer in answers]
    keys = list(dict.fromkeys(key for table in stated for key in table))
    missing = 0.0 if kind is ChokepointResult else None
    rows = [
        Difference(
            key,
            tuple(table[key][0] if key in table else missing for table in stated),
            next(table[key][1] for table in stated if key in table),
        )
        for key in keys
    ]
    origins = [answer.provenance.to_dict() for answer in answers]
    named = dict(zip(selection, answers, strict=True))
    return CompareResult(
        names=selection,
        columns=columns,
        rows=tuple(rows),
        certificate=worst(answer.certificate for answer in answers),
        provenance=provenance_of({"names": selection}, answers=origins),
        evidence=partial(_proof, named, columns, rows, source),
    )


def _proof(
    answers: Mapping[str, Any],
    columns: Sequence[str],
    rows: Sequence[Any],
    source: Callable[[Any, tuple[str, ...]], _Source | Solved | None],
) -> Proof:
    """Return the programs of answers, and which of their figures each row states.

    `source` says it for an answer and what a row is, or is the flow that it states; None where
    nothing proves the figure.
    """
    composed = Composed()
    for name, answer in answers.items():
        composed.add(name, answer.proof())
    for row in rows:
        where = dict(zip(columns, row.what, strict=True))
        reads: list[Reading | None] = []
        for index, (name, answer) in enumerate(answers.items()):
            at = source(answer, row.what)
            if row.values[index] is None:
                reads.append(None)
                continue
            if isinstance(at, tuple):
                reads.append(composed.read(name, *at))
            else:
                text = ", ".join((name, *row.what))
                reads.append(None if at is None else read_flow(composed, text, at))
            composed.tell("rows", f"values.{index}", reads[-1], where=where)
        if row.change is not None:
            composed.tell("rows", "change", changed(reads[0], reads[-1]), where=where)
    return composed.proof(ROWS, "figures that are left open: ends of the data, losses, needs")


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """Number names that repeat, so that each can head a column."""
    names_used: list[str] = []
    for name in names:
        n_before = sum(other == name or other.startswith(f"{name} #") for other in names_used)
        names_used.append(f"{name} #{n_before + 1}" if n_before else name)
    return tuple(names_used)


def _name(answer: Any) -> str:
    net = answer if isinstance(answer, SupplyNetwork) else answer.question.net
    texts = [net.name, *net.applied]
    if not isinstance(answer, SupplyNetwork):
        texts.append(str(answer.question.year))
        if answer.question.avoid:
            texts.append(f"without {answer.question.avoid}")
    return " ".join(texts)


_Figures = dict[tuple[str, ...], tuple[Any, str]]
#: which figure of an answer is reported: table, key and row
_Source = tuple[str, str, Mapping[str, Any]]


def _flow_figures(answer: FlowResult) -> _Figures:
    unit = answer.unit
    return {
        (answer.element, "potential"): (answer.value, unit),
        (answer.element, "low"): (answer.low, unit),
        (answer.element, "high"): (answer.high, unit),
        (answer.element, "demand"): (answer.demand.value or None, unit),
        (answer.element, "coverage"): (answer.coverage, ""),
    }


def _bypass_figures(answer: BypassResult) -> _Figures:
    return {
        (element.element, tier.name, name): (getattr(tier, name), element.unit)
        for element in answer.elements
        for tier in element.tiers
        for name in ("with_all", "without")
    }


def _chokepoint_figures(answer: ChokepointResult) -> _Figures:
    return {(answer.element, row.name): (row.loss, answer.unit) for row in answer.rows}


def _balance_figures(answer: AllocateResult) -> _Figures:
    unit = "t of product/yr"
    return {
        (answer.name_of(row.nation), row.form, name): (value, text)
        for row in answer.coverage
        for name, value, text in (
            ("demand", row.demand, unit),
            ("served when all buy at once", row.served, unit),
            ("coverage", row.coverage, ""),
        )
    }


def _declared_figures(answer: Result) -> _Figures:
    """Every number of the first table that a result declares, by the words of its row."""
    table = answer.LAYOUT.table()
    texts = [column.name for column in table.columns if column.kind == "text"]
    numbers = [entry for entry in table.columns if entry.kind in ("number", "count", "share")]
    record: _Figures = {}
    for row in table.records(answer):
        of = ", ".join(dict.fromkeys(str(row[name]) for name in texts if row[name]))
        for column in numbers:
            unit = row.get(column.unit, column.unit)  # of the row, where its column says so
            record.setdefault((of, column.title), (row[column.name], unit))
    return record


def _flow_source(_answer: FlowResult, what: tuple[str, ...]) -> _Source | None:
    keys = {"potential": "value", "low": "low", "high": "high"}
    return ("", keys[what[-1]], {}) if what[-1] in keys else None


def _bypass_source(answer: BypassResult, what: tuple[str, ...]) -> Solved | None:
    element, name, key = what
    if element not in [element_bypass.element for element_bypass in answer.elements]:
        return None
    bypass = answer[element]
    tier = next(tier for tier in bypass.tiers if tier.name == name)
    options = {"closed": frozenset[str]()} if key == "with_all" else {}
    return solve_question(bypass.question, element, links=tier.links, plants=tier.plants, **options)


def _no_source(_answer: Any, _what: tuple[str, ...]) -> _Source | None:
    return None


def _balance_source(answer: AllocateResult, what: tuple[str, ...]) -> _Source | None:
    name, form, text = what
    key = "served" if text.startswith("served") else text
    rows = (row for row in answer.coverage if row.form == form)
    row = next((row for row in rows if answer.name_of(row.nation) == name), None)
    return None if row is None else ("coverage", key, {"nation": row.nation, "form": form})


#: columns of a row, figures of an answer, and where it states and proves each
_Told = tuple[tuple[str, ...], Any, Any]
_FIGURES: dict[type, _Told] = {
    FlowResult: (("element", "figure"), _flow_figures, _flow_source),
    BypassResult: (("element", "tier", "figure"), _bypass_figures, _bypass_source),
    ChokepointResult: (("element", "loss of"), _chokepoint_figures, _no_source),
}


def _figures_of(kind: type) -> _Told | None:
    """Return what a kind of answer states; balances take long to import and are looked at last."""
    if kind in _FIGURES or kind is SupplyNetwork:
        return _FIGURES.get(kind)
    from supplynet.questions.contested import AllocateResult

    if kind is AllocateResult:
        return ("nation", "form", "figure"), _balance_figures, _balance_source
    if issubclass(kind, Result):
        return ("row", "figure"), _declared_figures, _no_source
    return None


def _network_rows(nets: Sequence[SupplyNetwork]) -> tuple[Difference, ...]:
    """Rows of each table that only some networks have, and cells that differ."""
    differences = []
    for table in TABLES:
        indexed = [_indexed(net, table) for net in nets]
        for key in dict.fromkeys(key for rows in indexed for key in rows):
            present = [rows.get(key) for rows in indexed]
            if any(row is None for row in present):
                states = tuple("absent" if row is None else "present" for row in present)
                differences.append(Difference((table, key, ""), states))
                continue
            for column in TABLES[table].model_fields:
                values = tuple(getattr(row, column) for row in present)
                if any(value != values[0] for value in values):
                    differences.append(Difference((table, key, column), values))
    return tuple(differences)


def _indexed(net: SupplyNetwork, table: str) -> dict[str, Any]:
    model, rows = TABLES[table], net.rows(table)
    columns = model.set_beside or model.key
    n_alike = Counter(_key(row, columns) for row in rows)
    # rows that these columns do not distinguish, such as contracts that begin together
    return {
        _key(row, columns if n_alike[_key(row, columns)] == 1 else model.key): row for row in rows
    }


def _key(row: Row, columns: Sequence[str]) -> str:
    return " / ".join(str(getattr(row, column)) for column in columns)
