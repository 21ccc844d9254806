"""All sets of limits that hold a nation's supply back, and what no plan can leave out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from supplynet.analysis.flow.evidence import flow_proof
from supplynet.analysis.flow.flow import bottlenecks, solve_question
from supplynet.analysis.flow.rows import Bottleneck
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import ask
from supplynet.analysis.words import QuestionWords, known_words, takes
from supplynet.contract.answer import Answer
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import array_of, columns_schema
from supplynet.contract.row import ElementId, Tonnes, col, rows
from supplynet.errors import OptionError
from supplynet.network.units import one_element
from supplynet.solve.check import Certificate, Check, within
from supplynet.solve.flow.cuts import cut_structure
from supplynet.text import tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.network.network import SupplyNetwork

#: part of the flow by which a set may be off
_SAME = 1e-6


class CutsResult(
    Answer,
    name="min_cuts",
    title="All sets of limits that together let through exactly what can arrive",
    headline=(Lead("maximum flow", "value", of="{row.element}"),),
    also=("n_sets", "nearest_mines"),
    nested={"sets": array_of(array_of(columns_schema(Bottleneck.COLUMNS)))},
    document="supplynet.reports.results_cuts.of_cuts",
):
    """All sets of limits that together let through exactly what can arrive."""

    element: ElementId = col("Id of the element.")
    value: Tonnes = col("What can arrive per year, and what each set lets through.", ITS_UNIT)
    unit: str = col("Unit of what arrives.")
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

    def summary(self) -> str:
        """Return in a sentence how many sets there are and what they share."""
        more = "" if self.is_complete else "at least "
        sets = "set" if len(self.sets) == 1 else "sets"
        return (
            f"{more}{len(self.sets)} {sets} of limits each let through exactly "
            f"{tonnes(self.value)} {self.unit} of {self.element} to {self.question.to_name} in "
            f"{self.question.year}; {len(self.in_every)} of {len(self.in_some)} limits are in "
            "every one."
        )

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return one row a limit: its set and what it lets through; or a table by name."""
        import pandas as pd

        if table is not None:
            return super().to_frame(table)
        names = [column.name for column in Bottleneck.COLUMNS]
        rows = [
            [number, *(getattr(member, name) for name in names)]
            for number, members in enumerate(self.sets, 1)
            for member in members
        ]
        return pd.DataFrame(rows, columns=["set", *names])

    def _nested(self) -> dict[str, Any]:
        return {"sets": [[asdict(member) for member in members] for members in self.sets]}


@takes(QuestionWords)
def min_cuts(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = None,
    limit: int = 100,
    **words: Unpack[QuestionWords],
) -> CutsResult:
    """Which sets of plants, links and corridors hold a nation's supply back?

    Parameters
    ----------
    net : SupplyNetwork
    element : str, optional
        An element of the graph, or ``"basket"`` for the whole mix; default: the first of the
        graph's headline elements.
    limit : int
        The most sets to list; what is in every one does not depend on it.

    Returns
    -------
    CutsResult

    Raises
    ------
    UnknownNameError
        If a selector or element names nothing.
    OptionError
        If an option's value is not allowed.

    Notes
    -----
    Picard and Queyranne (1980), see :mod:`supplynet.solve.flow.cuts`.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = min_cuts(sn.load("tutorial"), to="MLT", element="Nd")
    >>> all(abs(sum(one.capacity for one in each) - found.value) < 1e-6 for each in found.sets)
    True
    """
    if limit < 1:
        raise OptionError(f"limit must be at least 1, not {limit}")
    known_words(words, min_cuts)
    question = ask(net, to=to, **words)
    wanted = one_element(question.net, element, "min_cuts")
    solved = solve_question(question, wanted)
    structure = cut_structure(solved.problem, solved.solution, limit=limit)
    sets = tuple(bottlenecks(solved, cut) for cut in structure.cuts)
    return CutsResult(
        question=question,
        element=wanted,
        value=solved.value,
        unit=solved.graph.unit,
        sets=sets,
        is_complete=structure.is_complete,
        in_every=bottlenecks(solved, structure.in_every),
        in_some=bottlenecks(solved, structure.in_some),
        nearest_nation=bottlenecks(solved, structure.nearest_sink),
        certificate=Certificate((*solved.certificate.checks, _sets_check(solved.value, sets))),
        evidence=partial(flow_proof, solved),
        provenance=provenance(question, element=wanted),
    )


@takes(QuestionWords)
def min_cut(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = None,
    **words: Unpack[QuestionWords],
) -> CutsResult:
    """What stops more of an element from reaching a nation?

    Parameters
    ----------
    net : SupplyNetwork
    element : str, optional
        An element of the graph, or ``"basket"`` for the whole mix; default: the first of the
        graph's headline elements.

    Returns
    -------
    CutsResult
        With one set, the minimum cut nearest to the ground: its capacities add up to the flow.
        What is in every minimum cut stands beside it; :func:`min_cuts` lists more of them.

    Raises
    ------
    UnknownNameError
        If a selector, element or scenario names nothing.
    OptionError
        If an option's value is not allowed.
    UnboundedError
        If nothing limits the flow.

    Examples
    --------
    >>> import supplynet as sn
    >>> cut = sn.min_cut(sn.load("tutorial"), to="MLT", element="Nd")
    >>> [(member.name, member.capacity) for member in cut.nearest_mines][:1]
    [('makers in Iceland to Malta (Goods; rule goods-to-malta)', 100.0)]
    """
    known_words(words, min_cut)
    return min_cuts(net, to=to, element=element, limit=1, **words)


def _sets_check(value: float, sets: tuple[tuple[Bottleneck, ...], ...]) -> Check:
    """Check that every set lets through what can arrive, and no more."""
    totals = (sum(member.capacity for member in members) for members in sets)
    off = (abs(total - value) / max(total, value) for total in totals if total != value)
    return within("sets let through the flow", max(off, default=0.0), _SAME)
