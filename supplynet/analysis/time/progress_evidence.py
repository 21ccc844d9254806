"""What a study of the years carries so that others can check it: the programs of every year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.evidence import covered
from supplynet.analysis.potential.evidence import add_cell
from supplynet.analysis.proofs import MOST_CHARACTERS, Programs, Proof, figure
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.analysis.potential.solved import SolvedPotential

#: by how late plants come, tier and year: the answer, and the one without scenarios
Answers = Mapping[tuple[int, str, int], tuple["SolvedPotential", "SolvedPotential"]]

#: figures of a row that are proved
_KEYS = ("need", "served", "before", "dependence", "dependence_low", "dependence_high")
_OPEN = (
    "whether rows say what the tables do, whether what comes is shared out as evenly as can be, "
    "months between the years, and what binds"
)


def progress_proof(answers: Answers) -> Proof:
    """Return the programs of every year, late plants and tier, with both ends of the data.

    Rows of which the programs would make the proof too large are left open.
    """
    programs, figures = Programs(), list[Proof]()
    for (slip, tier, year), (answer, bare) in answers.items():
        where = {"slip": slip, "tier": tier, "year": year}
        if programs.size > MOST_CHARACTERS:
            figures += [figure("rows", key, where=where) for key in _KEYS]
            continue
        cell = f"{slip} {tier} {year}"
        add_cell(programs, cell, answer, is_whole=False)
        before = f"{cell} shown"
        if bare is not answer:
            add_cell(programs, f"{cell} before", bare, is_whole=False, has_ends=False)
            before = f"{cell} before shown"
        figures += (
            figure("rows", key, *of, **words, where=where)
            for key, (of, words) in zip(_KEYS, _figures(cell, before), strict=True)
        )
    is_whole = programs.size <= MOST_CHARACTERS
    return programs.proof(figures, _OPEN, *([] if is_whole else ["rows that are left open"]))


def _figures(cell: str, before: str) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Yield how each figure of a row is read off the programs of its cell."""
    told, shown = covered("{form}"), f"{cell} shown"
    both = [shown, *(f"{cell} {end.name}" for end in ENDS.values())]
    lacks = {"sum": told["unmet"]["sum"], "over": told["demand"]["sum"]}
    yield [shown], told["demand"]
    yield [shown], told["served"]
    yield [before], told["served"]
    yield [shown], lacks
    yield both, {**lacks, "end": "min"}
    yield both, {**lacks, "end": "max"}
