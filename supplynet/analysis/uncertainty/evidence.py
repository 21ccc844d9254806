"""What draws carry so that others can check them: the figures without any draw, and their ends."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.evidence import covered, renamed
from supplynet.analysis.proofs import Programs, Proof, figure

if TYPE_CHECKING:
    from supplynet.analysis.uncertainty.programs import Served
    from supplynet.questions.uncertainty import Study

# part of a figure by which what is read off a program may differ from it
_READ = 1e-7
#: what a row of figures is of
_OF = "scenario", "nation", "product", "element", "subject", "year"


def central_figures(study: Study, measure: Served, programs: Programs) -> Iterator[Proof]:
    """Yield the figures without any draw, and the data range of the first, by their programs."""
    values = {level: served.figures() for level, served in measure.by_level.items()}
    for level, served in measure.by_level.items():
        model = served.model
        by_claim = {claim: form for form, claims in served.forms.items() for claim in claims}
        names = renamed(model, lambda *claim, by=by_claim: by.get(claim))
        for form, (lp, solution) in served.solved.items():
            programs.add(f"{level} {form}", lp, names, solution=solution)
    outputs = {(row.figure, row.product): row for row in measure.outputs}
    for row in study.figures:
        output = outputs.get((row.figure, row.product))
        is_first = (row.scenario, row.year) == (study.first.scenario, measure.question.year)
        is_read = is_first and output is not None
        if output is not None and is_read:
            is_read = isclose(row.central, values["central"][output], rel_tol=_READ)
        options: dict[str, Any] = {}
        if row.figure == "coverage":
            options = covered(row.product)["coverage"]
        at = {"figure": row.figure, **{key: getattr(row, key) for key in _OF}}
        of = [f"central {row.product}"] * bool(is_read)
        yield figure("figures", "central", *of, where=at, **options)
        if row is study.first and is_read and study.data_low is not None:
            of = [f"{level} {row.product}" for level, own in values.items() if output in own]
            for key, end in (("data_low", "min"), ("data_high", "max")):
                yield figure("", key, *of, end=end, **options)
