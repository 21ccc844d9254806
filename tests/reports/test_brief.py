"""The answer on one page: short, in numbers that the analyses give, each with its tier."""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.network.selector import select
from supplynet.present.document import Paragraph, Table
from supplynet.reports.brief import Brief, _years, work_out
from supplynet.reports.brief_sections import answer, document_of, sections
from supplynet.reports.build import Report
from supplynet.reports.data_writers import to_markdown
from supplynet.reports.terminal import print_document
from supplynet.text import share, share_range, tonnes
from tests.analysis.uncertainty.networks import STOPS, with_ranges
from tests.network.networks import changed
from tests.sweeps import sweep


@pytest.fixture(scope="module")
def page() -> Brief:
    return work_out(
        sn.load("tutorial"), to="MLT", avoid="ISL", year=[2026, 2024], command="supplynet report"
    )


def section(page: Brief, name: str) -> Any:
    return document_of(page).section(name)


def n_words(text: str) -> int:
    """Words and figures; the rules of a table are neither."""
    return len(re.findall(r"[^\s|:-][^\s|]*", text))


def test_the_answer_is_the_potential_of_the_firm_tier(tutorial: SupplyNetwork, page: Brief) -> None:
    (form,) = sn.coverage(tutorial, to="MLT", avoid="ISL", year=2026, tier="operating").forms
    text = answer(page)
    part = "none" if form.coverage == 0.0 else share(form.coverage)
    assert text.startswith(f"Malta could cover {part} ")
    assert f"of its demand for {tonnes(form.need)} t of goods in 2026 without Iceland" in text
    assert len(text.split()) <= 60


def test_business_as_usual_stands_beside_what_is_left(tutorial: SupplyNetwork, page: Brief) -> None:
    """Of every cell, in the same year and tier, as the question by itself answers it."""
    (table,) = (block for block in section(page, "answer").blocks if isinstance(block, Table))
    usual = [row for row in table.rows if row["shut"] == "nothing"]
    assert len(usual) == 2
    for year, cells in zip((2024, 2026), usual, strict=True):
        for tier in page.outlook.tiers:
            (form,) = sn.coverage(tutorial, to="MLT", year=year, tier=tier).forms
            told = page.outlook.row("MLT", year, tier).coverage_nothing_shut
            assert cells[tier] == told == pytest.approx(form.coverage)
    told = page.outlook.row("MLT", 2026, "operating").coverage_nothing_shut
    assert f"; with nothing shut {share(told)}." in answer(page)


def test_countries_on_the_way_are_told_also_where_nothing_comes(tutorial: SupplyNetwork) -> None:
    """Those that the graph names, or the reader; who is asked for or shut is none of them."""
    asked: Any = {"to": "MLT", "avoid": "ISL", "year": 2026, "draws": 0}
    page = work_out(tutorial, via="FJI,GRL", **asked)
    line = section(page, "how").blocks[-1].text
    whole = sn.flow(tutorial, to="MLT", avoid="ISL", year=2026, tier="operating", element="Nd")
    assert line.startswith(f"By way of Fiji {share(whole.coverage)}")
    assert "by way of Greenland nothing" in line
    assert {row.tier for row in page.via} == {"operating", "announced"}
    named = tutorial.replace(
        metadata=tutorial.metadata.model_copy(
            update={"commodity": tutorial.commodity.model_copy(update={"via": ("FJI",)})}
        )
    )
    assert section(work_out(named, **asked), "how").blocks[-1].text.startswith("By way of Fiji ")
    assert not work_out(tutorial, **asked).via
    assert not work_out(tutorial, via="MLT", **asked).via


def test_potentials_tell_the_element_of_the_page_and_in_full_every_one() -> None:
    net = sn.load("tutorial")
    found = work_out(net, to="MLT", avoid="ISL", draws=0)
    assert len(net.commodity.headline) > 1

    def told(data: dict[str, Any]) -> list[list[str]]:
        return [
            [row["element"] for row in data[tier]["elements"]]
            for tier in ("operating", "committed")
        ]

    alone, whole = found.to_dict(), found.to_dict(is_full=True)
    assert told(alone) == [[found.element]] * 2
    assert told(whole) == [list(net.commodity.headline)] * 2
    same = ("products", "forms", "binding", "flows", "served")
    for tier in ("operating", "committed"):
        assert {key: alone[tier][key] for key in same} == {key: whole[tier][key] for key in same}
    asked = work_out(net, to="MLT", avoid="ISL", element="Dy", draws=0).to_dict()
    assert told(asked) == [["Dy"]] * 2


def _helps(page: Brief) -> str:
    """What would help most: the first limit to raise, or why there is none below the table."""
    for part in sections(page):
        if part.name == "raise":
            return part.blocks[0].items[0]
    blocks = section(page, "answer").blocks
    place = next(place for place, block in enumerate(blocks) if isinstance(block, Table))
    texts = [block.text for block in blocks[place + 1 :] if isinstance(block, Paragraph)]
    return next(text for text in texts if not text.startswith("What carries it"))


def test_the_wider_range_stands_in_the_answer_and_the_other_below() -> None:
    page = work_out(with_ranges(STOPS), to="MLT", year=2026, avoid="FJI")
    (study,) = page.studies.values()
    row = next(row for row in page.outlook.rows if (row.year, row.tier) == (2026, "operating"))
    assert row.coverage_low < row.coverage_high
    data = f"(data range {share_range(row.coverage_low, row.coverage_high)})"
    drawn = share_range(study.first.p10, study.first.p90)
    first, *_ = answer(page).split(" What is being built")
    assert data in first and "draws" not in first
    assert f"Operating: 64 draws, few; 8 of 10 give {drawn} (" in str(section(page, "sure"))
    rows = [replace(row, coverage_low=row.coverage, coverage_high=row.coverage)]
    rows += [one for one in page.outlook.rows if one is not row]
    narrow: Any = SimpleNamespace(rows=rows)
    first, *_ = answer(replace(page, outlook=narrow)).split(" What is being built")
    assert f"(8 of 10 draws {drawn})" in first and "data range" not in first
    low = 0.97 * row.coverage
    thin: Any = SimpleNamespace(rows=[replace(rows[0], coverage_low=low), *rows[1:]])
    first, *_ = answer(replace(page, outlook=thin)).split(" What is being built")
    data = share_range(low, row.coverage)
    assert f"(8 of 10 draws {drawn}, data range {data})" in first, "estimates hold both"


def test_a_limit_that_brings_nothing_by_itself_is_not_said_to_help() -> None:
    """Without Fiji mine and refinery both let 200 t pass: more of either alone brings nothing."""
    page = work_out(sn.load("tutorial"), to="MLT", avoid="FJI", year=2026, draws=0)
    assert page.second.binding[0].worth == pytest.approx(5.0, rel=1e-4)
    assert _helps(page) == "No single limit binds."


def test_unless_told_the_first_figure_alone_is_drawn(tutorial: SupplyNetwork) -> None:
    asked: Any = {"to": "MLT", "year": 2026, "avoid": "FJI"}
    net = with_ranges(STOPS)
    found = work_out(net, **asked)
    (study,) = found.studies.values()
    row = study.first
    assert (list(found.studies), study.n_draws, row.year) == (["operating"], 64, 2026)
    assert row.central == pytest.approx(found.outlook.row("MLT", 2026, "operating").coverage)
    assert (study.values == work_out(net, **asked).studies["operating"].values).all()
    assert "64 draws" in str(section(found, "sure"))
    for other, more in (
        (net, {"draws": 0}),  # told
        (tutorial, {}),  # without a figure that is drawn
        (with_ranges(shape=""), {}),  # without a word of how figures are drawn
    ):
        undrawn = work_out(other, **asked, **more)
        assert not undrawn.studies
        text = str(section(undrawn, "sure"))
        assert ("names no distributions" in text) != ("--draws 256" in text)
    assert "names no distributions" in text


def test_the_ladder_falls_and_ends_at_the_answer(page: Brief) -> None:
    parts = [rung.coverage for rung in page.ladder]
    assert parts == sorted(parts, reverse=True)
    assert not page.ladder[0].stages
    assert parts[-1] == pytest.approx(page.outlook.row("MLT", 2026, "operating").coverage)


def test_it_is_one_page(page: Brief) -> None:
    document = document_of(page)
    stream = io.StringIO()
    Report(document).print(file=stream, width=100)
    page, line = stream.getvalue().split("\n\nCertified: ")
    assert len(page.splitlines()) <= 60 and len(line.splitlines()) <= 2
    assert n_words(to_markdown(document)) <= 500


REAL = [
    *itertools.product(
        ("rare-earths", "cobalt", "gallium-germanium"), ("KOR", "JPN", "EU", "USA", "VNM")
    )
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("graph", "to"),
    sweep(REAL, [("rare-earths", "EU"), ("cobalt", "KOR"), ("gallium-germanium", "USA")]),
)
def test_it_is_one_page_on_real_data(graph: str, to: str) -> None:
    net = sn.load(graph)
    if not select(net, to).surely & frozenset(net.nation_ids):
        pytest.skip(f"{to} is no nation of {graph}")
    found = work_out(net, to=to, avoid="CHN", year=[2026, 2024, 2030], command="supplynet")
    stream = io.StringIO()
    document = document_of(found)
    print_document(document, file=stream, width=100)
    page, line = stream.getvalue().split("\n\nCertified: ")
    assert len(page.splitlines()) <= 60 and len(line.splitlines()) <= 2
    assert n_words(to_markdown(document)) <= 500


def test_a_scenario_is_asked_about_when_it_acts(tutorial: SupplyNetwork) -> None:
    change = {"verb": "close", "nodes": "ref-big", "from_year": 2025, "end_year": 2025}
    short = sn.Scenario.from_dict({"change": [change]}, name="short")
    assert _years(tutorial, None, short)[0] == 2025
    assert _years(tutorial, 2024, short) == [2024]
    found = work_out(tutorial, to="MLT", avoid="FJI", year=2024, scenario=short)
    assert document_of(found).notes == ("short begins in 2025 and changes nothing in 2024.",)


def test_a_year_without_a_need_is_refused(tutorial: SupplyNetwork) -> None:
    idle = changed(tutorial, "demand", lambda row: row.nation == "MLT", quantity=0.0)
    with pytest.raises(OptionError, match="Malta asks for nothing in 2024: its demand is 0"):
        work_out(idle, to="MLT", avoid="FJI", year=2024)
