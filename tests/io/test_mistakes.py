"""Forty mistakes that authors make, each answered with its file, row, column, and what to do."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.errors import DataError
from supplynet.io.package import ArchiveMembers, package_files, parse_package

FILES = package_files(sn.load("tutorial"))
BIG_MINE = "mine-big,Big Mine,mine,,ISL"
#: file, what stands there, what an author writes, and what the answer must hold
MISTAKES: list[tuple[str, str, str, list[str]]] = [
    # cells
    ("nodes.csv", BIG_MINE, "mine-big,Big Mine,mine,,Iceland",
     ["nodes.csv, row 2, column country", "write ISL"]),
    ("nodes.csv", BIG_MINE, "mine-big,Big Mine,mine,,isl", ["row 2, column country", "write ISL"]),
    ("nodes.csv", BIG_MINE, "mine-big,Big Mine,mine,,XXX",
     ["nodes.csv, row 2, column country", "XXX"]),
    ("nodes.csv", BIG_MINE, "mine big,Big Mine,mine,,ISL",
     ["row 2, column id", "letters, digits and . _ -"]),
    ("nodes.csv", BIG_MINE, "mine-big,,mine,,ISL", ["row 2, column name", "a value is needed"]),
    ("nodes.csv", BIG_MINE, "mine-big,Big Mine,mines,,ISL",
     ["row 2, column stage", "did you mean 'mine'"]),
    ("nodes.csv", ",64.8,-18.6,operating", ",164.8,-18.6,operating",
     ["row 2, column lat", "at most 90"]),
    ("nodes.csv", ",64.8,-18.6,operating", ",64.8N,-18.6,operating",
     ["row 2, column lat", "must be a number", "write it plain"]),
    ("nodes.csv", "-18.6,operating", "-18.6,running", ["row 2, column status", "must be one of"]),
    ("nodes.csv", "-18.6,operating", "-18.6,operatng",
     ["row 2, column status", "did you mean 'operating'"]),
    ("nodes.csv", "operating,2010,,200", "operating,2010,,200 t",
     ["row 2, column capacity", "write it plain"]),
    ("nodes.csv", "operating,2010,,200", 'operating,2010,,"1,200"',
     ["row 2, column capacity", "no thousands separator"]),
    ("nodes.csv", "operating,2010,,200", "operating,2010,,-200",
     ["row 2, column capacity", "at least 0"]),
    ("nodes.csv", "operating,2010,,200", "operating,2010,2005,200",
     ["nodes.csv, row 2, column end_year", "2005"]),
    ("nodes.csv", "operating,2010,,200", "operating,20100,,200",
     ["row 2, column start_year", "at most 2200"]),
    ("nodes.csv", "200,,,t ore", "200,,,t", ["nodes.csv, row 2, column unit"]),
    ("nodes.csv", "200,,,t ore", "200,,,tore", ["row 2, column unit", "did you mean 't ore'"]),
    ("nodes.csv", "200,,,t ore", "200,,,", ["row 2, column unit", "unit"]),
    ("nodes.csv", "200,,,t ore", "200,300,,t ore",
     ["row 2, column capacity", "below its low end, 300", "correct"]),
    ("nodes.csv", "light;heavy", "light;hevy", ["row 4, column makes", "did you mean 'heavy'"]),
    ("nodes.csv", "light;heavy", "light,heavy", ["nodes.csv, row 4", "quotation marks"]),
    ("nodes.csv", "light ore,,estimated", "light ore,,guess",
     ["row 2, column confidence", "sourced"]),
    ("nodes.csv", "light ore,,estimated", "light ore,,", ["row 2, column confidence", "needed"]),
    ("nodes.csv", "light ore,,estimated,", "light ore,,estimated,usgs",
     ["row 2, column source_ids", "usgs"]),
    ("nodes.csv", "mine-small,Small Mine", "mine-big,Small Mine", ["row 3", "mine-big"]),
    # heads
    ("nodes.csv", "id,name,stage", "id,name,step", ["nodes.csv, row 1", "no column 'step'"]),
    ("nodes.csv", "country,region", "land,region", ["nodes.csv, row 1, column country", "missing"]),
    ("nodes.csv", "id,name,stage", "id,id,stage", ["row 1, column id", "twice"]),
    ("nodes.csv", "id,name,stage", ",,", ["nodes.csv, row 1"]),
    # links and demands
    ("edges.csv", "mine-big,ref-big,ore", "mine-big,ref-bug,ore",
     ["edges.csv, row 2, column target", "did you mean 'ref-big'"]),
    ("edges.csv", "mine-big,ref-big,ore", "mine-big,ref-big,ores",
     ["row 2, column form", "did you mean 'ore'"]),
    ("edges.csv", "mine-big,ref-big,ore", "ref-big,mine-big,ore", ["edges.csv, row 2"]),
    ("edges.csv", ",observed,estimated", ",seen,estimated", ["column standing", "must be one of"]),
    ("edges.csv", "50,,,50,,t ore", "50,,,50,,", ["edges.csv, row 3, column unit"]),
    ("demand.csv", "MLT,Everything,goods,2024", "MLT,Everything,good,2024",
     ["demand.csv, row 2, column product", "did you mean 'goods'"]),
    ("demand.csv", "MLT,Everything,goods,2024", "Malta,Everything,goods,2024",
     ["demand.csv, row 2, column nation", "Malta"]),
    ("demand.csv", "goods,2026,1200", "goods,2024,1200", ["demand.csv, row 3", "2024"]),
    ("assays.csv", "mine-big,Nd,0.9", "mine-big,Nd,90", ["row 2, column share", "at most 1"]),
    ("assays.csv", "mine-big,Nd,0.9", "mine-big,Nd,0.95", ["assays.csv, row 2", "1.05"]),
    ("assays.csv", "mine-big,Nd,0.9", "mine-big,ND,0.9",
     ["row 2, column element", "did you mean 'Nd'"]),
    ("recoveries.csv", "ref-big,light,1", "ref-big,lite,1",
     ["row 2, column group", "did you mean 'light'"]),
    ("rules.csv", "ISL:maker", "ISL:makers-of", ["rules.csv, row 2, column source"]),
    # the head of the graph
    ("datapackage.json", '"base_year": 2024', '"base_year": "soon"', ["base_year", "whole number"]),
    ("datapackage.json", '"elements": [', '"element": [', ["did you mean 'elements'"]),
    ("datapackage.json", '"name": "edges"', '"name": "edge"', ["did you mean 'edges'"]),
    ("datapackage.json", '"title": "A made', '"title" "A made', ["line 4", "not JSON"]),
]  # fmt: skip


def answer(file: str, before: str, after: str) -> str:
    """What loading and checking say of a graph with one mistake."""
    assert before in FILES[file], before
    text = FILES[file].replace(before, after, 1)
    files = {name: content.encode() for name, content in {**FILES, file: text}.items()}
    try:
        report = sn.graph.check(parse_package(ArchiveMembers(files), what="mine"))
    except DataError as error:
        return str(error)
    return "\n".join(map(str, (*report.errors, *report.warnings)))


def test_there_are_forty_and_more() -> None:
    assert len(MISTAKES) >= 40
    assert answer("nodes.csv", BIG_MINE, BIG_MINE) == ""  # no mistake, no answer


@pytest.mark.parametrize(("file", "before", "after", "words"), MISTAKES, ids=str)
def test_a_mistake_is_answered(file: str, before: str, after: str, words: list[str]) -> None:
    text = answer(file, before, after)
    assert [word for word in words if word not in text] == [], text


def test_a_fault_that_no_check_names_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    from supplynet.errors import OptionError
    from supplynet.network.checks import check as checks

    def stumble(net: object) -> list[object]:
        raise OptionError("cannot be read")

    broken = checks.Check("broken", "error", stumble)  # type: ignore[arg-type]
    monkeypatch.setattr(checks, "CHECKS", (broken,))
    with pytest.raises(OptionError, match="cannot be read"):
        checks.check(sn.load("tutorial").replace())
