"""An index with its inputs: what was estimated is told, and nothing is lost on the way out."""

from __future__ import annotations

import pytest

from supplynet.analysis.indices import benchmarks, concentration, criticality, geopolrisk
from supplynet.analysis.indices.concentration import HHI
from supplynet.analysis.indices.result import Index, IndexResult, Input
from supplynet.errors import UnknownNameError

INPUTS = (
    Input("supply", 5.0, "t", "estimated", "half of it", 0.5),
    Input("share", 0.5, "1"),
    Input("recycling", 0.0, "1", "assumed"),
    Input("governance", 0.0, "1", "recalled"),
)
INDEX = Index(
    HHI, "Mine", 2024, 1.0, 1.0, 2.0, "0-10,000", "EU", "Dy", inputs=INPUTS, flags=("A.",)
)


def test_inputs_by_name_and_what_was_estimated() -> None:
    assert INDEX.input("share").value == 0.5
    assert INDEX.estimated == ("supply", "recycling")
    with pytest.raises(UnknownNameError, match="no input 'shares'") as caught:
        INDEX.input("shares")
    assert "share" in caught.value.hint


def test_a_result_as_table_record_and_text() -> None:
    unknown = Index(HHI, "Mine", 2024, None, None, None, "0-10,000")
    result = IndexResult("Title", (INDEX, unknown))
    frame = result.to_frame()
    assert list(frame.columns) == [column.name for column in IndexResult.LAYOUT.table().columns]
    assert frame["estimated"][0] == "supply; recycling"
    record = result.to_dict()["indices"][0]
    assert [one["estimated_share"] for one in record["inputs"]] == [0.5, 0.0, 1.0, 0.0]
    assert result.of("hhi") == (INDEX, unknown)
    assert result.methods == (HHI,)
    assert "not known" in result.summary()


def test_text_has_the_range_and_no_more_digits_than_it_leaves() -> None:
    """An index of estimates was told to six digits, without its range."""
    unsure = Index(HHI, "Mine", 2030, 3812.81, 2412.3, 5874.1, "0-10,000")
    sure = Index(HHI, "Mine", 2030, 3812.81, 3812.81, 3812.81, "0-10,000")
    _, *lines = IndexResult("Title", (unsure, sure)).summary().splitlines()
    assert [line.rsplit(": ")[1] for line in lines] == ["3,800 (2,400 to 5,900)", "3,810"]


def test_every_method_says_what_it_is_and_who_says_so() -> None:
    homes = (benchmarks, concentration, criticality, geopolrisk)
    declared = [value for home in homes for value in vars(home).values()]
    known = [value for value in declared if isinstance(value, type(HHI))]
    assert len({one.id for one in known}) == len(known) >= 5
    for one in known:
        assert one.title
        assert one.formula
        assert one.meaning
        assert one.source
