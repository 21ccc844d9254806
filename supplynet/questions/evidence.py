"""Evidence: how much of a graph rests on documents, and which rows to look up first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import Setting, option, page, sentence, shared
from supplynet.contract.row import ElementTonnes, Row, Share, answered, col, rows
from supplynet.errors import CheckError
from supplynet.questions.declared import question
from supplynet.terms import CONFIDENCES
from supplynet.text import share

if TYPE_CHECKING:
    from supplynet.analysis.potential.ways import Way
    from supplynet.analysis.work_list import Carried
    from supplynet.io.parameters import Correction
    from supplynet.model.case import Case
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Provenance
    from supplynet.present.document import Content, Document

#: t/yr below which nothing rests on a row
_LEAST = 1e-6
#: rows of a work list that people read and a template has, and routes that are looked at
_SHOWN, _MOST_WAYS = 25, 200


class Query(Setting):
    """Whose headline is to be narrowed, and what others hand in."""

    to: str | Iterable[str] | None = option(
        "Selector of the nations whose coverage is to be narrowed.",
        default=None,
        kind="str or iterable of str",
        usual="none: rows are ranked by the tonnes that rest on them",
        said="--to WHO...",
    )
    avoid: str | Iterable[str] | None = shared("avoid", said="--avoid WHAT...")
    year: int | None = shared(
        "year", usual="of the coverage that of today; of tonnes the base year"
    )
    template: str | Path | None = option(
        "File to write: a line for each of the first rows, to fill in and hand in.",
        default=None,
        kind="path",
        said="--template FILE",
        example="corrections.csv",
        is_open=False,
    )
    corrections: str | Path | None = option(
        "File of better figures with their documents: it is refused with the place of each fault, "
        "or else the graph is checked and answered for with them.",
        default=None,
        kind="file",
        said="--corrections FILE",
        example="corrections.csv",
        is_open=False,
    )


class WorkRow(Row):
    """A row without a source, and what it is worth to look it up."""

    table: str = col("Table of the graph.", head="Table")
    row: int = col("Row in its file, the head being row 1.", head="Row", by="names")
    what: str = col("What the row is about.", head="What")
    column: str = col("Column of its figure; empty where it has none.")
    confidence: str = col("How well its figure is known.", head="Known")
    tonnes: ElementTonnes = col(
        "What of the headline elements goes its way in the base year.", head="Rests on it, t/yr"
    )
    narrows_share: Share | None = col(
        "Part of the width from P10 to P90 of the coverage that knowing it takes away, on average; "
        "null where it is not among those that narrow it most, or none is asked about.",
        head="Narrows the coverage by",
        none="-",
    )
    note: str = col("The row's own.", head="Note")


class TableRow(Row):
    """How well the figures of a table are known."""

    table: str = col("Table of the graph; all for the sum.", head="Table")
    rows: int = col("Rows with a figure.", head="Rows")
    sourced: int = col("Rows whose figure a document prints.", head="Read in a source")
    derived: int = col("Rows of arithmetic on such figures.", head="Derived from sources")
    summary: int = col("Rows whose figure a digest prints.", head="Read in a digest")
    estimated: int = col("Rows that are judged or allocated.", head="Estimated")
    of_tonnes: Share | None = col(
        "Part of the tonnes that rest on rows which are sourced or derived; null where none do.",
        head="Sourced or derived, of tonnes",
        none="-",
    )


class HeadlineRow(Row):
    """How well the capacities and links are known on which an element arrives."""

    element: str = col(head="Headline")
    sourced: Share = col("Printed in a document, weighted by tonnes.", head="Sourced")
    derived: Share = col("Arithmetic on sourced figures.", head="Derived")
    summary: Share = col("Printed in a digest.", head="Of a digest")
    estimated: Share = col("Judged or allocated.", head="Estimated")


class CorrectedRow(Row):
    """A figure that was handed in."""

    table: str = col("Table of the graph.", head="Table")
    row: str = col("What tells the row from others.", head="Row")
    column: str = col("Column of the figure.", head="Column")
    value: float = col("The better figure.", "of the row", head="Now")
    document: str = col("Where it is printed.", head="Document")
    second_reader: str = col("Who else read it there.", head="Second reader")


class EvidenceResult(
    Answer,
    name="evidence",
    title="How much rests on documents, and which rows to look up first",
    headline=(Lead("sourced or derived, of tonnes", "known_share"),),
    by={
        **{
            f"work.{key}": answered(key, "work", "table row") for key in ("tonnes", "narrows_share")
        },
        "by_table.*": answered("itself", "by_table", "table"),
        "by_headline.*": answered("itself", "by_headline", "element"),
    },
):
    """How much of a graph rests on documents, and which rows to look up first."""

    known_share: Share = col(
        "Part of the tonnes on rows whose figure is sourced or derived.", by=answered("known_share")
    )
    work: tuple[WorkRow, ...] = rows("Rows to look up, those that are worth most first")
    by_table: tuple[TableRow, ...] = rows("How well figures are known, by table")
    by_headline: tuple[HeadlineRow, ...] = rows(
        "Capacities and links on the routes of each headline, by tonnes"
    )
    corrections: tuple[CorrectedRow, ...] = rows("Corrections that were handed in")


@question(
    "evidence",
    title="",
    together="",
    metrics=("known_share",),
    judged=lambda answer: {"": answer},
)
def evidence(case: Case, query: Query) -> EvidenceResult:
    """How much of a graph rests on documents, and which rows to look up first?

    Tonnes are those of the headline elements that go the way of a row when all buy at once in
    the base year. With a nation, rows come first that would narrow its coverage most if they were
    known, by draws of every figure.

    Returns
    -------
    EvidenceResult

    Raises
    ------
    TableError
        If a correction fits no row, column or unit, or lacks its document or second reader.
    CheckError
        If the graph has errors, with the corrections where there are any.
    UnknownNameError
        If a selector or scenario names nothing.
    OutputError
        If the template cannot be written.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.graph.evidence(sn.load("tutorial"))
    >>> found.work[0].table, found.work[0].what, found.known_share
    ('nodes', 'ref-big', 0.0)
    """
    from supplynet.analysis.balance.evidence import balance_proof
    from supplynet.analysis.provenance import provenance
    from supplynet.analysis.work_list import carried, measured
    from supplynet.io.parameters import corrected, write_template
    from supplynet.network.problems import raise_problems
    from supplynet.network.scenario.scenario import scenario_list

    net = case.net
    handed: tuple[Correction, ...] = ()
    if query.corrections is not None:
        net, handed = corrected(net, Path(query.corrections))
    changed = net.with_scenario(*scenario_list(query.scenario))
    raise_problems(changed.check().errors, CheckError, what=net.name)
    result = measured(changed)
    listed = carried(changed, result)
    ranked = _ranked(listed, _narrowing(net, query))
    if query.template is not None:
        write_template(Path(query.template), [row.row for row, _ in ranked[:_SHOWN]])
    options = {**query.asked(), "corrections": handed}
    return EvidenceResult(
        question=result.question,
        known_share=_known_of(listed) or 0.0,
        work=tuple(_work(pair, narrows) for pair, narrows in ranked),
        by_table=tuple(_by_table(listed)),
        by_headline=tuple(_by_headline(net, query, result)),
        corrections=tuple(map(_corrected, handed)),
        certificate=result.certificate,
        provenance=provenance(result.question, asked=repr(options)),
        evidence=partial(balance_proof, result, has_figures=False),
    )


def _corrected(line: Correction) -> CorrectedRow:
    stated = line.table, line.row, line.column, line.value, line.document, line.second_reader
    return CorrectedRow(*stated)


def _is_known(row: Provenance) -> bool:
    """Whether the figure of a row is printed in a document, or is arithmetic on such figures."""
    return CONFIDENCES.rank(row.confidence) <= CONFIDENCES.rank("derived")


def _known_of(listed: Iterable[Carried]) -> float | None:
    """Return the part of the tonnes that rests on known rows; None where none do."""
    several = [*listed]
    total = sum(row.tonnes for row in several)
    return sum(pair.tonnes for pair in several if _is_known(pair.row)) / total if total else None


def _by_table(listed: Sequence[Carried]) -> Iterator[TableRow]:
    """Yield how well figures are known by table, those on which most rests first, and of all."""
    for table in (*dict.fromkeys(entry.table for entry in listed), ""):
        of_table = [row for row in listed if table in ("", row.table)]
        texts: list[str] = [pair.row.confidence for pair in of_table]
        counts = {name: texts.count(name) for name in CONFIDENCES}
        yield TableRow(table or "all", len(texts), **counts, of_tonnes=_known_of(of_table))


def _by_headline(net: SupplyNetwork, query: Query, result: Any) -> Iterator[HeadlineRow]:
    """Yield how well is known what brings each headline element to whom it is asked for, or all."""
    from supplynet.analysis.potential.ways import confidence_of, ways
    from supplynet.analysis.work_list import headline_of

    solved = result.run.model, result.x
    if query.to is not None:
        from supplynet.questions.potential import potential

        solved_potential = potential(net, **query.asked()).solved
        solved = solved_potential.plan.model, solved_potential.x
    for element in headline_of(net, result):
        routes: list[Way] = ways(*solved, element, most=_MOST_WAYS)
        if routes:
            yield HeadlineRow(element, **confidence_of(routes))


def _narrowing(net: SupplyNetwork, query: Query) -> dict[tuple[str, int], float]:
    """Return how much knowing a row narrows the coverage that is asked about; of the best alone."""
    from supplynet.network.uncertain import has_model

    if query.to is None or not has_model(net):
        return {}
    from supplynet.questions.uncertainty import sample

    study = sample(net, brief=True, **query.asked())
    return {(row.table, row.row): row.narrows_share for row in study.worth}


def _ranked(
    listed: Iterable[Carried], narrowing: dict[tuple[str, int], float]
) -> list[tuple[Carried, float | None]]:
    """Return rows that nobody has read in a source by what they are worth."""
    work = [
        (row, narrowing.get((row.table, row.number)))
        for row in listed
        if not _is_known(row.row) and (row.tonnes > _LEAST or (row.table, row.number) in narrowing)
    ]
    return sorted(work, key=lambda pair: -(pair[1] or 0.0))


def _work(row: Carried, narrows: float | None) -> WorkRow:
    from supplynet.io.parameters import figure_of

    stated = row.what, figure_of(row.row), row.row.confidence, row.tonnes, narrows, row.row.note
    return WorkRow(row.table, row.number, *stated)


@sentence(EvidenceResult)
def say(answer: EvidenceResult) -> str:
    """Return how much is known, and how many rows are not."""
    from supplynet.present.words import count

    text = f"Sourced or derived are {share(answer.known_share)} of the tonnes that rest on rows."
    if not answer.work:
        return f"{text} The figure of every row that something rests on was read in a source."
    return (
        f"{text} {count(len(answer.work), 'row')} on which tonnes of the base year or the coverage "
        "rest have figures that were read in no source."
    )


@page(EvidenceResult)
def as_document(answers: Sequence[EvidenceResult]) -> Document:
    """Return the document: what is known by table and headline, then the rows to look up."""
    from supplynet.present.answers import table_of
    from supplynet.present.document import of_result, section

    (answer,) = answers
    tables = (table_of(answer, name) for name in ("by_table", "by_headline", "corrections"))
    names: tuple[Content, ...] = (
        answer.summary(),
        *(table for table in tables if table.rows),
    )
    shown = answer.work[:_SHOWN]
    first = f"{len(shown)} of {len(answer.work)} rows; CSV and JSON have all"
    without = () if any(row.narrows_share for row in shown) else ("narrows_share",)
    work = table_of(answer, "work", rows=shown, caption=first, without=without)
    return of_result(
        f"Evidence of {answer.question.net.name}",
        (
            section("How well figures are known", "evidence", *names),
            section("Work list", "work-list", work if shown else None),
        ),
        answer,
    )
