"""Published indices as documents: with formula, source, inputs, and what was estimated.

What changed between two editions of tables or graphs stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from supplynet.analysis.indices.concentration import ASKED, CAPACITY, COVER, FED, SIDES
from supplynet.analysis.indices.parameters import GOVERNANCE
from supplynet.network.countries import country_name
from supplynet.network.units import BASKET
from supplynet.present.document import (
    Block,
    Bullets,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    of_result,
)
from supplynet.present.words import the
from supplynet.text import NONE, quantity, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.indices.result import Index, IndexResult, Input, Method


#: subjects that a note names before the rest is counted
_NAMED = 4
#: what ranges of a graph's indices hold
_RANGES = (
    "Ranges hold every index whose capacities, recoveries, demand and parameters lie between "
    "their ends, whatever owners are not known; products hold their central contents."
)


def of_indices(result: IndexResult, *, with_inputs: bool = False) -> Document:
    """Return the document of published indices, and with them every input of every index."""
    sections = [Section("", (Paragraph(answer(result)),), "answer")]
    sections += [_method_section(method, result.of(method.id)) for method in result.methods]
    notes = _notes(result.indices)
    if result.tier is not None:
        notes = (*notes, _RANGES)
    if notes:
        sections.append(Section("Before you quote them", (Bullets(notes),), "notes"))
    if with_inputs:
        sections.append(Section("Inputs", (_input_table(result.indices),), "inputs"))
    return of_result(result.title, tuple(sections), result)


def answer(result: IndexResult) -> str:
    """Return what the indices say, a sentence for each method."""
    texts_of = []
    for index in _extremes(result):
        where = f"{in_sentence(index)}: " if index.subject else ""
        around = f" ({index.range_text})" if index.range_text else ""
        texts_of.append(f"{index.method.title}, {where}{index.value_text}{around}")
    judged = [index for index in result.indices if index.passes is not None]
    lead = "The most alarming figure of each index"
    texts = [f"{lead}: {'; '.join(texts_of)}."] if texts_of else []
    if judged:
        n_met = sum(index.passes is True for index in judged)
        name = the(country_name(judged[0].place))
        texts.append(f"Of {len(judged)} benchmarks that can be judged, {name} meets {n_met}.")
    return " ".join(texts) or "No index is known."


def _extremes(result: IndexResult) -> list[Index]:
    """The most alarming index of each method that has no benchmark."""
    extremes = []
    for method in result.methods:
        known = [index for index in result.of(method.id) if index.value is not None]
        if known and all(index.target is None for index in known):
            pick = min if method.id == "n-1" else max
            extremes.append(pick(known, key=lambda index: index.value or 0.0))
    return extremes


def in_sentence(one: Index) -> str:
    """Return what an index is about inside a sentence."""
    element = "" if one.element in ("", BASKET) else f"{one.element}, "
    return f"{element}{one.subject[:1].lower()}{one.subject[1:]}"


def _method_section(method: Method, indices: tuple[Index, ...]) -> Section:
    blocks: tuple[Block, ...] = (
        Paragraph(method.meaning),
        _index_table(method, indices),
        *_published(indices),
        Bullets((f"Formula: {method.formula}.", f"Source: {method.source}.")),
    )
    return Section(method.title, blocks, method.id)


def _index_table(method: Method, indices: tuple[Index, ...]) -> Table:
    has_target = any(index.target is not None for index in indices)
    has_range = any(index.low != index.high for index in indices)
    columns = [Column("subject", "Of")]
    if any(index.element for index in indices):
        columns.insert(0, Column("element", "Element"))
    columns.append(Column("value", "Value", align="right"))
    if has_range:
        columns.append(Column("range", "Range", align="right"))
    if any(index.limit for index in indices):
        columns.append(Column("fed", "Fed, of capacity", align="right"))
        columns.append(Column("limit", "Limited by"))
    if has_target:
        columns += [
            Column("target", "Benchmark", align="right"),
            Column("verdict", "Verdict"),
            Column("shortfall", "Short by", kind="tonnes", unit="t/yr"),
        ]
    columns.append(Column("estimated", "Estimated, of a digest or assumed"))
    return Table(tuple(columns), tuple(map(_row, indices)), "", method.id)


def _row(one: Index) -> dict[str, Any]:
    return {
        "element": "all together" if one.element == BASKET else one.element,
        "subject": one.subject,
        "value": one.value_text,
        "fed": _fed(one),
        "limit": one.limit or NONE,
        "range": one.range_text or NONE,
        "target": None if one.target is None else _target(one),
        "verdict": {True: "met", False: "missed", None: "not known"}[one.passes],
        "shortfall": one.shortfall,
        "estimated": _estimated(one.inputs),
    }


def _fed(one: Index) -> str:
    """Tonnes that links can feed of what all others could handle."""
    if not one.limit:
        return NONE
    fed, could = (one.input(name).value for name in (FED, CAPACITY))
    return f"{tonnes(fed)} of {tonnes(could)} t"


def _published(indices: Iterable[Index]) -> tuple[Table, ...]:
    """Both sides of what others published of an index beside ours, where they did."""
    rows: list[dict[str, Any]] = []
    for index in indices:
        told = {given.name: given.value for given in index.inputs}
        if COVER not in told:
            continue
        of, theirs = in_sentence(index), quantity(told[COVER], index.unit)
        has = told.get(FED, told["supply"] - told["supply of the largest"])
        rows += [
            {
                "of": f"{of}, published",
                "value": theirs,
                **{key: told.get(side) for key, side in zip(("has", "asked"), SIDES, strict=True)},
            },
            {"of": f"{of}, here", "value": index.value_text, "has": has, "asked": told[ASKED]},
        ]
    columns = (
        Column("of", "Beside what others published"),
        Column("value", "Value", align="right"),
        Column("has", "Others have", kind="tonnes", unit="t"),
        Column("asked", "They ask for", kind="tonnes", unit="t"),
    )
    return (Table(columns, tuple(rows), "", "published"),) if rows else ()


def _target(one: Index) -> str:
    sign = "at most" if one.subject.startswith("Largest") else "at least"
    return f"{sign} {share(one.target)}"


def _estimated(inputs: Iterable[Input]) -> str:
    """Names of what was estimated, governance of single countries told once."""
    unsure = (entry for entry in inputs if entry.is_estimated or entry.known == "summary")
    return ", ".join(dict.fromkeys(map(_unsure_name, unsure))) or NONE


def _unsure_name(one: Input) -> str:
    if one.name.startswith(GOVERNANCE):
        return "governance"
    if one.known != "estimated":
        return f"{one.name} ({one.known})"
    part = one.estimated_share
    return one.name if part >= 1.0 else f"{one.name} ({share(part)})"


def _notes(indices: Iterable[Index]) -> tuple[str, ...]:
    """What a reader must know, each said once with what it is about."""
    about: dict[str, list[str]] = {}
    for index in indices:
        for flag in index.flags:
            about.setdefault(flag, []).append(f"{index.method.title}, {in_sentence(index)}")
    return tuple(f"{flag} ({_about(subjects)})" for flag, subjects in about.items())


def _about(subjects: list[str]) -> str:
    if len(subjects) > _NAMED:
        subjects = [*subjects[: _NAMED - 1], f"{len(subjects) - _NAMED + 1} more"]
    return "; ".join(subjects)


def _input_table(indices: Iterable[Index]) -> Table:
    rows = [
        {
            "index": index.method.title,
            "of": in_sentence(index),
            "input": given.name,
            "value": quantity(given.value, given.unit),
            "known": given.known,
            "note": given.note,
        }
        for index in indices
        for given in index.inputs
    ]
    columns = (
        Column("index", "Index"),
        Column("of", "Of"),
        Column("input", "Input"),
        Column("value", "Value", align="right"),
        Column("known", "How known"),
        Column("note", "From"),
    )
    return Table(columns, tuple(rows), "", "inputs")
