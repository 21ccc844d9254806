"""What a code stands for: shipped rows, words of the user, and pairs that are something else."""

from __future__ import annotations

import pytest

from supplynet.errors import OptionError, SupplynetError, UnknownNameError
from supplynet.trade.concordance import concordance, minerals, shipped_meanings


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
