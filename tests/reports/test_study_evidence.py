from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.present.document import Bullets
from supplynet.reports.data_writers import to_markdown
from supplynet.reports.parts import CITED
from supplynet.reports.study import study
from supplynet.reports.study_evidence import assumed_share, corridor_loads, used_sources
from supplynet.reports.terminal import print_document
from tests.reports.networks import sourced

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_corridors_and_what_they_carry(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(tutorial, to="MLT", avoid="FJI")
    (load,) = corridor_loads(result)
    assert load.rule.id == "goods-to-malta"
    assert load.tonnes["Nd"] == pytest.approx(100.0)
    assert load.share == pytest.approx(100.0 / result["Nd"].flow.value)
    assert assumed_share(result["Nd"].flow) == pytest.approx(load.share)


def test_only_sources_of_rows_used(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(sourced(tutorial), to="MLT", avoid="ISL", element="Nd")
    assert [source.id for source in used_sources(result)] == ["read", "recalled"]
    assert used_sources(sn.bypass(tutorial, to="MLT", avoid="ISL", element="Nd")) == ()


def test_sources_are_numbered_and_rows_carry_the_numbers(tutorial: SupplyNetwork) -> None:
    """Every number that a row carries is that of a source in the list, which it links to."""
    what = study(sourced(tutorial), to="MLT", avoid="ISL").document
    lists = [block for block in what.section("sources").blocks if isinstance(block, Bullets)]
    assert [lead for block in lists for lead in block.leads] == ["[1] ", "[2] "]
    assert [block.items[0].rpartition("[")[2] for block in lists] == ["read]", "recalled]"]
    cited = {
        name: {number for row in table.rows for number in row[CITED.key]}
        for table in what.tables()
        if table.columns[-1] == CITED
        for name in [table.name.partition("-")[0]]
    }
    assert set(cited) == {"demand", "routes", "cut"}
    assert set().union(*cited.values()) == {1, 2}
    route = next(table for table in what.tables() if table.name == "routes-sure-Nd")
    flow = sn.bypass(sourced(tutorial), to="MLT", avoid="ISL", element="Nd")["Nd"].flow
    numbers = {"read": 1, "recalled": 2}
    assert {row[CITED.key] for row in route.rows} <= {
        tuple(sorted(numbers[key] for key in way.source_ids if key in numbers))
        for way in flow.routes
    }
    stream = io.StringIO()
    print_document(what, file=stream, width=100)
    assert "\n[1] " in stream.getvalue()
    assert "- \\[1\\] " in to_markdown(what)
