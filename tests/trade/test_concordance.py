"""What a code stands for: shipped rows, words of the user, and pairs that are something else."""

from __future__ import annotations

import csv
import re
from importlib import resources
from pathlib import Path

import pytest

from supplynet.errors import OptionError, SupplynetError, UnknownNameError
from supplynet.trade.concordance import concordance, minerals, shipped_meanings

#: codes of the headings that the table touches, with the first and the last edition that has them;
#: from the lists of UN Comtrade (``supplynet/trade/data/sources.csv``)
EDITIONS = Path(__file__).parent / "hs_editions.csv"
ALL_EDITIONS = (1992, 1996, 2002, 2007, 2012, 2017, 2022)
#: chapters of minerals, ores and concentrates: what comes out of the ground
RAW = ("25", "26")


def known_editions() -> dict[str, tuple[int, int]]:
    with EDITIONS.open(encoding="utf-8") as file:
        return {row["code"]: (int(row["first"]), int(row["last"])) for row in csv.DictReader(file)}


def editions_of(code: str) -> set[int]:
    first, last = known_editions()[code]
    return {edition for edition in ALL_EDITIONS if first <= edition <= last}


def test_every_code_is_in_the_editions_that_the_table_tells() -> None:
    known = known_editions()
    for meaning in shipped_meanings():
        first, last = known[meaning.code]
        until = "on" if last == ALL_EDITIONS[-1] else f"to {last}"
        assert meaning.edition == f"HS {first} {until}", meaning.code
        for named in re.findall(r"\b\d{6}\b", meaning.hides):
            assert named in known and named != meaning.code, (meaning.code, named)


def test_every_source_is_told_and_cited() -> None:
    text = resources.files("supplynet.trade").joinpath("data/sources.csv").read_text("utf-8")
    sources = list(csv.DictReader(text.splitlines()))
    assert all(source["title"] and source["publisher"] and source["locator"] for source in sources)
    cited = {meaning.source for meaning in shipped_meanings()}
    assert cited == {source["name"] for source in sources}


@pytest.mark.parametrize("mineral", sorted(minerals()))
def test_the_codes_of_a_mineral_are_steps_of_one_chain(mineral: str) -> None:
    """One step a code, all codes of a step together, raw before made, a code in each edition."""
    codes = concordance(mineral).codes
    steps = list(dict.fromkeys(meaning.form for meaning in codes))
    assert [meaning.form for meaning in codes] == sorted(
        (meaning.form for meaning in codes), key=steps.index
    ), "codes of a step stand together"
    is_raw = {
        step: {meaning.code[:2] in RAW for meaning in codes if meaning.form == step}
        for step in steps
    }
    assert all(len(kinds) == 1 for kinds in is_raw.values()), "raw and made are no one step"
    order = [kinds == {True} for kinds in is_raw.values()]
    assert order == sorted(order, reverse=True), "what is raw comes first"
    for step in steps:
        held = [editions_of(meaning.code) for meaning in codes if meaning.form == step]
        assert set().union(*held) == set(ALL_EDITIONS), step


def test_every_shipped_row_is_whole() -> None:
    rows = shipped_meanings()
    assert len({(one.code, one.exporter, one.importer) for one in rows}) == len(rows)
    for one in rows:
        assert len(one.code) == 6 and one.code.isdigit()
        assert one.form and one.edition and one.hides and one.source, one.code


def test_a_mineral_stands_for_its_codes_from_the_ground_on() -> None:
    known = minerals()
    assert len(known) >= 30
    for name, codes in known.items():
        assert [one.code for one in concordance(name).codes] == list(codes)
    assert concordance("Tungsten").forms == ("ore", "tungstate", "powder", "metal")
    assert concordance("rare-earths").forms[1:] == ("oxide", "metal", "magnet")
    assert concordance("tin,850511").forms == ("ore", "metal", "magnet")
    with pytest.raises(OptionError, match="did you mean 'tungsten'"):
        concordance("tungstn")
    with pytest.raises(OptionError, match="or the name of a mineral: rare-earths"):
        concordance("something else")


def test_the_user_comes_before_the_table() -> None:
    found = concordance("850511:assembly,999999:thing", ["850511:FJI:MLT:scrap"])
    assert [one.form for one in found.codes] == ["assembly", "thing"]
    assert found.codes[0].hides, "what hides in the code is the same whatever it is taken as"
    assert found.form_of("850511", "FJI", "MLT") == "scrap"
    assert found.form_of("850511", "MLT", "FJI") == "assembly"
    assert found.forms == ("scrap", "assembly", "thing")


def test_an_override_comes_before_a_shipped_pair() -> None:
    found = concordance(["280530:metal"], ["280530:AUS:MYS:alloy"])
    assert found.form_of("280530", "AUS", "MYS") == "alloy"


def test_codes_of_one_form_are_one_step() -> None:
    assert concordance("284610,284690:oxide").forms[-1:] == ("oxide",)


@pytest.mark.parametrize(
    ("codes", "overrides", "error", "message"),
    [
        ("8505:magnet", [], OptionError, "six digits"),
        ("999999", [], UnknownNameError, "form of code 999999 is not known"),
        ("850511,850511:x", [], OptionError, "given twice"),
        ("850511:a b", [], OptionError, "cannot be the name of a form"),
        ("850511", ["850511:FJI:MLT"], OptionError, "is no override"),
        ("850511", ["850511:FJI::x"], OptionError, "is no override"),
        ("850511", ["111111:FJI:MLT:x"], OptionError, "not among those"),
        ("850511", ["850511:Fiji:MLT:x"], OptionError, "three capital letters"),
        ("850511", ["850511:FJI:MLT:a b"], OptionError, "cannot be the name of a form"),
    ],
)
def test_what_is_written_wrong_is_told(
    codes: str, overrides: list[str], error: type[SupplynetError], message: str
) -> None:
    with pytest.raises(error, match=message):
        concordance(codes, overrides)
