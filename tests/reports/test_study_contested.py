"""The contested answer inside a study: apart from the potentials, and that of the balance."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import supplynet as sn
from supplynet.present.document import Paragraph
from supplynet.reports.study import study

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document


def texts(what: Document) -> list[str]:
    blocks = what.section("contested").blocks
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def test_it_stands_alone_and_only_where_it_is_asked_for(tutorial: SupplyNetwork) -> None:
    plain = study(tutorial, to="MLT", avoid="ISL").document
    full = study(tutorial, to="MLT", avoid="ISL", contested=True).document
    names = [one.name for one in full.sections]
    assert names.index("contested") == names.index("confidence") + 1
    assert "contested" not in [one.name for one in plain.sections]
    assert "contested" not in plain.data
    assert full.data["command"] == plain.data["command"] + " --contested"
    apart = {table.name for table in full.tables()} - {table.name for table in plain.tables()}
    assert apart == {"contested-forms", "products", "elements"}
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
