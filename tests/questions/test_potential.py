"""A potential is worked out when it is asked, as far as it is asked to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import supplynet as sn

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

ASKED = {"to": "MLT", "avoid": "ISL", "year": 2026, "tier": "committed"}


def test_coverage_alone_solves_no_element_and_is_the_same(tutorial: SupplyNetwork) -> None:
    whole = sn.coverage(tutorial, **ASKED)
    part = sn.coverage(tutorial, detail="coverage", **ASKED)
    assert (part.forms, part.products) == (whole.forms, whole.products)
    assert whole.elements and whole.carried_by and whole.conditions and whole.raised
    assert not (part.elements or part.carried_by or part.conditions or part.raised)
    assert not any(name.startswith("element ") for name in part.solved.plan.run.certificates)


def test_reading_an_answer_solves_nothing(tutorial: SupplyNetwork) -> None:
    answer = sn.coverage(tutorial, **ASKED)
    solved = answer.solved.plan.run
    before = len(solved.programs), len(solved.further), len(solved.certificates)
    assert answer.to_dict_unproved() and answer.summary() and answer.certificate.ok
    assert (len(solved.programs), len(solved.further), len(solved.certificates)) == before
