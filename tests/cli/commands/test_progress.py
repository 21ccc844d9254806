"""``supplynet coverage progress`` on the command line."""

from __future__ import annotations

import json

import pytest

ASKED = ("coverage progress", "tutorial", "--to", "MLT", "--avoid", "ISL")
LEFT_OUT = "come on time or 2 years late; --full and --slip tell what is between"


def test_the_first_page_tells_plants_on_time_and_latest_and_says_so(invoke) -> None:
    page = " ".join(invoke(*ASKED).out.split())
    assert LEFT_OUT in page
    assert "2 years Committed" in page
    assert "1 year Committed" not in page


@pytest.mark.parametrize("more", [("--full",), ("--slip", "1")])
def test_what_is_between_is_told_when_asked_for(invoke, more: tuple[str, ...]) -> None:
    page = " ".join(invoke(*ASKED, *more).out.split())
    assert "--slip tell" not in page
    assert "1 year Committed" in page


def test_what_a_program_reads_has_every_slip(invoke) -> None:
    rows = json.loads(invoke(*ASKED, "--format", "json").out)["crossings"]
    assert {row["slip"] for row in rows} == {0, 1, 2}
