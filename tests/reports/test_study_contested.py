"""The contested answer inside a study: apart from the potentials, and that of the balance."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.analysis.question import ask
from supplynet.present.document import Paragraph, Table
from supplynet.reports.study import study
from supplynet.reports.study_contested import Contest, contest, section

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document


@pytest.fixture(scope="module")
def korea(rare_earths: SupplyNetwork) -> Contest:
    """What South Korea gets in 2030 when all buy at once, without China; solved once."""
    return contest(ask(rare_earths, to="KOR", avoid="CHN", year=2030, tier="possible"))


def texts(what: Document) -> list[str]:
    blocks = what.section("contested").blocks
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def test_it_stands_alone_and_only_where_it_is_asked_for(tutorial: SupplyNetwork) -> None:
    plain = study(tutorial, to="MLT", avoid="ISL").document
    full = study(tutorial, to="MLT", avoid="ISL", contested=True).document
    names = [one.name for one in full.sections]
    assert names.index("contested") == names.index("elements") + 1
    assert "contested" not in [one.name for one in plain.sections]
    assert "contested" not in plain.data
    assert full.data["command"] == plain.data["command"] + " --contested"
    apart = {table.name for table in full.tables()} - {table.name for table in plain.tables()}
    assert apart == {"contested-forms", "contested-elements"}
    assert "Never set it beside a potential" in texts(full)[-1]


def test_the_figures_are_those_of_the_balance(tutorial: SupplyNetwork) -> None:
    report = study(tutorial, to="MLT", avoid="ISL", contested=True)
    whole = sn.allocate(tutorial, objective="fair")
    apart = sn.allocate(tutorial, objective="fair", avoid="ISL")
    tables = {table.name: table for table in report.document.tables()}
    (row,) = tables["contested-forms"].rows
    (with_all,) = (one for one in whole.coverage if one.nation == "MLT")
    (without,) = (one for one in apart.coverage if one.nation == "MLT")
    assert (row["whole"], row["apart"]) == (with_all.served, without.served)
    assert row["coverage"] == without.coverage
    data = json.loads(report.to_json())["contested"]
    assert data["without"]["coverage"] == json.loads(json.dumps(apart.to_dict()["coverage"]))


def elements(found: Contest) -> Table:
    (table,) = (
        block
        for block in section(found).blocks
        if isinstance(block, Table) and block.name == "contested-elements"
    )
    return table


@pytest.mark.slow
def test_elements_that_makers_may_mix_have_ends(korea: Contest) -> None:
    """How much of an element is in what is served is reported from the least to the most."""
    table = elements(korea)
    apart = korea.apart
    mine = [row for row in apart.elements if row.nation == "KOR"]
    for row, element in zip(table.rows, mine, strict=True):
        span = apart.range_of("element", "KOR", element.element)
        assert row["apart_range"] in ((span.low, span.high), span.shown)
    assert any(isinstance(row["apart_range"], tuple) for row in table.rows)
    assert "least and most are those over all optimal solutions" in table.caption
