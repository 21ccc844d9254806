"""The document of published indices: with formula, source, inputs, and what was estimated."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from supplynet.analysis.indices.concentration import COVER, SIDES
from supplynet.analysis.indices.rows import ASKED, CAPACITY, FED, GOVERNANCE
from supplynet.network.countries import country_name
from supplynet.network.units import BASKET
from supplynet.present.document import (
    Block,
    Content,
    Document,
    Head,
    Section,
    Table,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import the
from supplynet.text import NONE, quantity, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.indices.rows import Index, Input, Method
    from supplynet.questions.indices import IndexResult

#: subjects that a note names before the rest is counted
_NAMED = 4
#: what ranges of a graph's indices hold
_RANGES = (
    "Ranges hold every index whose capacities, recoveries, demand and parameters lie between "
    "their ends, whatever owners are not known; products hold their central contents."
)


def of_indices(answer: IndexResult, *, with_inputs: bool = False) -> Document:
    """Return the document of published indices, and with them every input of every index."""
    notes = (*_notes(answer.indices), *([_RANGES] if answer.tier is not None else []))
    sections = (
        section("", "answer", verdict(answer)),
        *[_method_section(method, answer.of(method.id)) for method in answer.methods],
        section("Before you quote them", "notes", notes) if notes else None,
        section("Inputs", "inputs", _input_table(answer.indices)) if with_inputs else None,
    )
    return of_result(answer.title, sections, answer)


def verdict(answer: IndexResult) -> str:
    """Return what the indices say, a sentence for each method."""
    extremes = []
    for method in answer.methods:
        indexes = [index for index in answer.of(method.id) if index.value is not None]
        if indexes and method.metric:  # one without is a benchmark
            extremes.append(method.alarming(indexes, key=attrgetter("value")))
    record = (
        f"{extreme.title}, {f'{in_sentence(extreme)}: ' if extreme.subject else ''}{extreme.told}"
        for extreme in extremes
    )
    texts = [f"The most alarming figure of each index: {'; '.join(record)}."] if extremes else []
    judged = [index for index in answer.indices if index.passes is not None]
    if judged:
        n_met = sum(index.passes is True for index in judged)
        name = the(country_name(judged[0].place))
        texts.append(f"Of {len(judged)} benchmarks that can be judged, {name} meets {n_met}.")
    return " ".join(texts) or "No index is known."


def in_sentence(index: Index) -> str:
    """Return what an index is about inside a sentence."""
    element = "" if index.element in ("", BASKET) else f"{index.element}, "
    return f"{element}{index.subject[:1].lower()}{index.subject[1:]}"


def _method_section(method: Method, indices: tuple[Index, ...]) -> Section:

    blocks: tuple[Content, ...] = (
        method.meaning,
        _index_table(method, indices),
        *_published(indices),
        (f"Formula: {method.formula}.", f"Source: {method.source}."),
    )
    return section(method.title, method.id, *blocks)


def _index_table(method: Method, indices: tuple[Index, ...]) -> Table:

    has_range = any(index.low != index.high for index in indices)
    has_limit = any(entry.limit for entry in indices)
    has_target = any(member.target is not None for member in indices)
    is_met = {True: "met", False: "missed", None: "not known"}
    heads: dict[str, tuple[bool, Head]] = {
        "element": (
            any(candidate.element for candidate in indices),
            Head(
                "Element",
                of=lambda one: "all together" if one.element == BASKET else one.element,
            ),
        ),
        "subject": (True, Head("Of")),
        "value": (True, Head("Value", of=attrgetter("value_text"), align="right")),
        "range": (has_range, Head("Range", of=lambda one: one.range_text or NONE, align="right")),
        "fed": (has_limit, Head("Fed, of capacity", of=_fed, align="right")),
        "limit": (has_limit, Head("Limited by", of=lambda one: one.limit or NONE)),
        "target": (has_target, Head("Benchmark", of=_target, align="right")),
        "verdict": (has_target, Head("Verdict", of=lambda one: is_met[one.passes])),
        "shortfall": (has_target, Head("Short by", "tonnes", unit="t/yr")),
        "estimated": (True, Head("Estimated, of a digest or assumed", of=_estimated)),
    }
    shown = {name: head for name, (is_shown, head) in heads.items() if is_shown}
    return table_from(method.id, indices, **shown)


def _fed(index: Index) -> str:
    """Tonnes that links can feed of what all others could handle."""
    if not index.limit:
        return NONE
    fed, could = (index.input(name).value for name in (FED, CAPACITY))
    return f"{tonnes(fed)} of {tonnes(could)} t"


def _published(indices: Iterable[Index]) -> Iterable[Block]:
    """Yield both sides of what others published of an index beside ours, where they did."""
    results: list[dict[str, Any]] = []
    for index in indices:
        record = {options.name: options.value for options in index.inputs}
        if COVER not in record:
            continue
        of, theirs = in_sentence(index), quantity(record[COVER], index.unit)
        has = record.get(FED, record["supply"] - record["supply of the largest"])
        sides = dict(zip(("has", "asked"), map(record.get, SIDES), strict=True))
        results += [
            {"of": f"{of}, published", "value": theirs, **sides},
            {"of": f"{of}, here", "value": index.value_text, "has": has, "asked": record[ASKED]},
        ]
    if results:
        yield table_from(
            "published",
            results,
            of="Beside what others published",
            value=Head("Value", align="right"),
            has=Head("Others have", "tonnes", unit="t"),
            asked=Head("They ask for", "tonnes", unit="t"),
        )


def _target(one: Index) -> str | None:
    sign = "at most" if one.subject.startswith("Largest") else "at least"
    return None if one.target is None else f"{sign} {share(one.target)}"


def _estimated(index: Index) -> str:
    """Names of what was estimated, governance of single countries told once."""
    unsure = (entry for entry in index.inputs if entry.is_estimated or entry.known == "summary")
    return ", ".join(dict.fromkeys(map(_unsure_name, unsure))) or NONE


def _unsure_name(entry: Input) -> str:
    if entry.name.startswith(GOVERNANCE):
        return "governance"
    if entry.known != "estimated":
        return f"{entry.name} ({entry.known})"
    fraction = entry.estimated_share
    return entry.name if fraction >= 1.0 else f"{entry.name} ({share(fraction)})"


def _notes(indices: Iterable[Index]) -> Iterable[str]:
    """Yield what a reader must know, each said once with what it is about."""
    about: dict[str, list[str]] = {}
    for index in indices:
        for flag in index.flags:
            about.setdefault(flag, []).append(f"{index.title}, {in_sentence(index)}")
    for flag, subjects in about.items():
        if len(subjects) > _NAMED:
            subjects[_NAMED - 1 :] = [f"{len(subjects) - _NAMED + 1} more"]
        yield f"{flag} ({'; '.join(subjects)})"


def _input_table(indices: Iterable[Index]) -> Table:

    pairs = [(index, options) for index in indices for options in index.inputs]
    return table_from(
        "inputs",
        pairs,
        index=Head("Index", of=lambda pair: pair[0].title),
        of=Head("Of", of=lambda pair: in_sentence(pair[0])),
        input=Head("Input", of=lambda pair: pair[1].name),
        value=Head("Value", of=lambda pair: quantity(pair[1].value, pair[1].unit), align="right"),
        known=Head("How known", of=lambda pair: pair[1].known),
        note=Head("From", of=lambda pair: pair[1].note),
    )
