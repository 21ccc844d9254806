"""Cut: what stops more of an element from reaching a nation, and every set of such limits."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.rows import ALSO, BY, HEADLINE, NESTED, Bottleneck, FlowResult
from supplynet.contract.json_schema import array_of, columns_schema
from supplynet.contract.query import OfElement, option, sentence
from supplynet.contract.row import col, rows
from supplynet.errors import OptionError
from supplynet.questions.declared import question

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.proofs import Proof
    from supplynet.model.case import Case
    from supplynet.solve.check import Check


#: part of the flow by which a set may be off
_SAME = 1e-6


#: tables of limits beside that of all
_TABLES = "cut", "sets", "in_every", "nearest_nation", "nearest_mines"


class Query(OfElement):
    """Whether one set of limits is reported, or every one."""

    is_all: bool = option(
        "Whether to list every set of limits that lets through just as much, and what is in all.",
        default=False,
        kind="bool",
        said="--all",
    )
    limit: int | None = option(
        "With all: the most sets to list; what is in every one does not depend on it.",
        default=None,
        kind="int",
        usual="100",
        said="--limit N",
        least=1,
        most=100,
    )


class CutsResult(
    FlowResult,
    name="min_cuts",
    title="All sets of limits that together let through exactly what can arrive",
    headline=HEADLINE,
    also=(*ALSO, "n_sets", "nearest_mines"),
    by=BY
    | {"n_sets": "count(sets)"}
    | {f"{table}.capacity": "max(in_some.capacity, kind, id)" for table in _TABLES},
    nested={**NESTED, "sets": array_of(array_of(columns_schema(Bottleneck.COLUMNS)))},
    document="supplynet.reports.results_flow.of_cuts",
):
    """A maximum flow, and sets of limits that together let through exactly what can arrive."""

    is_all: bool = col("Whether every set was asked for.")
    is_complete: bool = col("Whether these are all.")
    in_every: tuple[Bottleneck, ...] = rows(
        "Limits in every set: raising one of them lets more arrive"
    )
    in_some: tuple[Bottleneck, ...] = rows("Limits in at least one set")
    nearest_nation: tuple[Bottleneck, ...] = rows("The set nearest to the nation")
    #: distinct sets, the one nearest to the mines first; no more than were asked for
    sets: tuple[tuple[Bottleneck, ...], ...]

    @property
    def n_sets(self) -> int:
        """How many sets are listed."""
        return len(self.sets)

    @property
    def nearest_mines(self) -> tuple[Bottleneck, ...]:
        """The set nearest to the mines."""
        return self.sets[0]

    def proof(self) -> list[Proof]:
        """Return the flow, its ends and the limits, each with what it rests on."""
        from supplynet.analysis.flow.answer_evidence import answer_proof

        return [answer_proof(self, "in_some")]

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return one row a limit: its set and what it lets through; or a table by name."""
        if table is not None:
            return super().to_frame(table)
        import pandas as pd

        names = [column.name for column in Bottleneck.COLUMNS]
        rows = [
            [index, *(getattr(member, name) for name in names), self.coverage, self.value]
            for index, members in enumerate(self.sets, 1)
            for member in members
        ]
        return pd.DataFrame(rows, columns=["set", *names, "coverage", "value"])

    def _nested(self) -> dict[str, Any]:
        sets = [[asdict(member) for member in members] for members in self.sets]
        return {**super()._nested(), "sets": sets}


@question(
    "cut",
    title="{asked}",
    together="What stops more from reaching {target}",
    metrics={
        "value": lambda answer: answer.value,
        "members": lambda answer: float(len(answer.in_some if answer.is_all else answer.cut)),
    },
)
def cut(case: Case, query: Query) -> CutsResult:
    """Which sets of plants, links and corridors hold a nation's supply back?

    The members of a minimum cut: plants, links and corridors whose capacities add up to what
    could arrive at most. Of several such sets it is the one nearest to the ground; is_all lists
    every one.

    Returns
    -------
    CutsResult

    Raises
    ------
    UnknownNameError
        If a selector or element names nothing.
    OptionError
        If an option's value is not allowed.
    UnboundedError
        If nothing limits the flow.

    Notes
    -----
    Picard and Queyranne (1980), see :mod:`supplynet.solve.flow.cuts`.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.flow.cut(sn.load("tutorial"), to="MLT", element="Nd", is_all=True)
    >>> all(abs(sum(one.capacity for one in each) - found.value) < 1e-6 for each in found.sets)
    True
    """
    from supplynet.analysis.flow.flow import bottlenecks
    from supplynet.solve.check import Certificate
    from supplynet.solve.flow.cuts import cut_structure

    if query.limit is not None and not query.is_all:
        raise OptionError("limit is about every set of limits", hint="give --all too")
    flow = case.coverage()
    solved, limit = flow.solved, (query.limit or 100) if query.is_all else 1
    structure = cut_structure(solved.problem, solved.solution, limit=limit)
    sets = tuple(bottlenecks(solved, cut) for cut in structure.cuts)
    record: dict[str, Any] = {entry.name: getattr(flow, entry.name) for entry in fields(flow)}
    record["certificate"] = Certificate((*flow.certificate.checks, _sets_check(flow.value, sets)))
    return CutsResult(
        **record,
        is_all=query.is_all,
        sets=sets,
        is_complete=structure.is_complete,
        in_every=bottlenecks(solved, structure.in_every),
        in_some=bottlenecks(solved, structure.in_some),
        nearest_nation=bottlenecks(solved, structure.nearest_sink),
    )


def _sets_check(value: float, sets: tuple[tuple[Bottleneck, ...], ...]) -> Check:
    """Check that every set lets through what can arrive, and no more."""
    from supplynet.solve.check import within

    totals = (sum(member.capacity for member in members) for members in sets)
    off = (abs(total - value) / max(total, value) for total in totals if total != value)
    return within("sets let through the flow", max(off, default=0.0), _SAME)


@sentence(CutsResult)
def say(result: CutsResult) -> str:
    """How much can arrive, and how many sets of limits hold it there."""
    from supplynet.present.words import amount, count, element_name, target

    question, n_sets = result.question, len(result.sets)
    most = amount(result.value, result.unit)
    name = element_name(question.net, result.element)
    if n_sets == 1:
        return (
            f"At most {most} of {name} can reach {target(question)}. One set of limits lets "
            "through exactly that: to bring more, one of its members has to be raised."
        )
    more = "" if result.is_complete else "At least "
    return (
        f"At most {most} of {name} can reach {target(question)}. {more}{n_sets} different sets of "
        "limits each let through exactly that: to bring more, at least one limit of every set "
        f"has to be raised. {count(len(result.in_some), 'limit')} in all, "
        f"{len(result.in_every)} in every set."
    )
