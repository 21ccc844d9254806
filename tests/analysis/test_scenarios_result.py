"""A comparison of scenarios: what is read from it adds up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.compared import compared, three


@pytest.fixture(scope="module")
def found() -> Any:
    return compared(three())


def test_additions_are_differences(found: Any) -> None:
    rows = {(row.kind, row.what): row for row in found.additions}
    assert {row.case for row in found.additions} == {"half + shut"}
    row = rows["potential", ("Nd", "possible")]
    values = [found.potential(case, "Nd", "possible").value for case in found.cases]
    assert row.base == values[0]
    assert dict(row.alone) == pytest.approx(
        {"half": values[1] - values[0], "shut": values[2] - values[0]}
    )
    assert row.together == pytest.approx(values[3] - values[0])
    assert row.interaction == pytest.approx(row.together - sum(dict(row.alone).values()))
    assert ("contested", ("MLT", "goods")) in rows
