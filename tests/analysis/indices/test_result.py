"""An index with its inputs: what was estimated is reported, and nothing is lost on the way out."""

from __future__ import annotations

from supplynet.analysis.indices import concentration, criticality, geopolrisk
from supplynet.analysis.indices.concentration import HHI


def test_every_method_says_what_it_is_and_who_says_so() -> None:
    homes = (concentration, criticality, geopolrisk)
    declared = [value for home in homes for value in vars(home).values()]
    known = [value for value in declared if isinstance(value, type(HHI))]
    assert len({one.id for one in known}) == len(known) >= 5
    for one in known:
        assert one.title
        assert one.formula
        assert one.meaning
        assert one.source
