from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.present.document import Document, FigureSlot
from supplynet.reports.study import study
from tests.reports.networks import sourced

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

# the first closes what is avoided anyway, the second begins to run plants later
SCENARIOS = ("china-refining-stops", "heavy-circuits-late")
SECTIONS = [
    "question",
    "answer",
    "figures",
    "via",
    "confidence",
    "routes",
    "chokepoints",
    "cut",
    "years",
    "corridors",
    "method",
    "sources",
    "reproduce",
]


def names(what: Document) -> list[str]:
    return [section.name for section in what.sections]


def test_every_section_in_order(tutorial: SupplyNetwork) -> None:
    what = study(sourced(tutorial), to="MLT", avoid="FJI", year=2024, tier="possible").document
    assert what.title == "Malta without Fiji: made-up rare earths, 2024"
    assert names(what) == SECTIONS
    slots = [b.name for s in what.sections for b in s.blocks if isinstance(b, FigureSlot)]
    assert slots == ["before-after", "layers", "map", "losses", "years"]


def test_a_part_that_fails_says_so_and_the_rest_is_written(
    tutorial: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("bloc")

    monkeypatch.setattr("supplynet.reports.parts.cut_table", broken)
    monkeypatch.setattr("supplynet.reports.study.contest", broken)
    what = study(sourced(tutorial), to="MLT", avoid="FJI", contested=True).document
    assert [name for name in names(what) if name != "not-worked-out"] == [
        one for one in SECTIONS if one != "cut"
    ]
    failed = {one.title: one.blocks[0] for one in what.sections if one.name == "not-worked-out"}
    assert list(failed) == ["Cut", "All nations at once"]
    told = "This part was not worked out: internal error: KeyError: 'bloc'."
    assert {block.text for block in failed.values()} == {told}  # type: ignore[union-attr]


def test_what_is_not_there_is_left_out(tutorial: SupplyNetwork) -> None:
    what = study(tutorial, to="MLT", avoid="ISL,FJI").document
    assert names(what) == [s for s in SECTIONS if s not in ("via", "corridors", "sources")]
    assert "no Nd or Dy" in what.section("answer").blocks[0].text  # type: ignore[union-attr]


def test_figures_come_from_the_results(tutorial: SupplyNetwork) -> None:
    report = study(tutorial, to="MLT", avoid="ISL", year=2024, tier="possible")
    result = sn.bypass(tutorial, to="MLT", avoid="ISL", year=2024, tier="possible")
    data = json.loads(report.to_json())
    assert data["elements"] == json.loads(json.dumps(result.to_dict()))["elements"]
    assert data["is_certified"] is True
    tables = {table.name: table for table in report.document.tables()}
    assert [row["without"] for row in tables["tiers"].rows] == [
        tier.without for one in result.elements for tier in one.tiers
    ]
    years = tables["years-Nd"].rows
    assert [row["year"] for row in years] == [2024, 2025, 2026]
    assert [row["possible"] for row in years] == [r["possible"] for r in result["Nd"].years]
    total = next(row for row in tables["cut"].rows if row["limit"].startswith("Together"))
    assert total["capacity"] == result["Nd"].flow.value


def test_chokepoints_are_those_with_everything_open(tutorial: SupplyNetwork) -> None:
    tables = {t.name: t for t in study(tutorial, to="MLT", avoid="ISL").document.tables()}
    found = sn.chokepoints(tutorial, to="MLT", element="Nd", links="contracted", top=5, count="all")
    shown = [row["loss"] for row in tables["chokepoints-node"].rows][: len(found.rows)]
    assert shown == [row.loss for row in found.rows]
    assert "chokepoints-country-stage-control" in tables  # one owner is not known
    everywhere = tutorial.replace(
        nodes=[n.model_copy(update={"owner_country": n.country}) for n in tutorial.node_rows]
    )
    alike = {t.name for t in study(everywhere, to="MLT", avoid="ISL").document.tables()}
    assert "chokepoints-country-stage-control" not in alike


def test_the_command_makes_the_report_again(tutorial: SupplyNetwork) -> None:
    report = study(
        tutorial,
        to=["MLT"],
        avoid="ISL:refiner,ISL:maker",
        via=["FJI", "node:ref-small"],
        element="Nd",
        year=2025,
        links="planned",
        lens="control",
        graph="./my graph",
    )
    assert report.document.data["command"] == (
        "supplynet report './my graph' --to MLT --avoid ISL:refiner,ISL:maker "
        "--via FJI,node:ref-small --element Nd --year 2025 --links planned "
        "--plants construction --lens control"
    )


def test_scenarios_are_applied_and_told(rare_earths: SupplyNetwork) -> None:
    name = SCENARIOS[0]
    report = study(rare_earths, to="KOR", avoid="CHN", element="Dy", scenario=name)
    assert f"--scenario {name}" in report.document.data["command"]
    assert report.document.data["provenance"]["scenarios"] == [name]
    assert f"under the scenario {name}" in report.title
    shown = next(one for one in report.document.tables() if one.name == "scenarios")
    assert [column.title for column in shown.columns[2:]] == ["No scenario", name]
    for place, words in enumerate(({}, {"scenario": name})):
        found = sn.bypass(rare_earths, to="KOR", avoid="CHN", element="Dy", **words)
        expected = [tier.without for tier in found["Dy"].tiers]
        assert [row[f"case-{place}"] for row in shown.rows] == expected
    assert report.document.data["scenarios"][1]["scenarios"] == [name]
