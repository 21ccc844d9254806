"""``supplynet draw map``: the map in a file, by the words of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplynet.cli import words
from supplynet.draw.maps.fill import FILLS
from supplynet.draw.maps.markers import SITES
from supplynet.draw.maps.regions import AUTO, REGIONS

ASKED = ("map", "tutorial", "--to", "MLT", "--element", "Nd")


def test_the_words_of_options_are_those_of_the_library() -> None:
    assert (AUTO, *REGIONS) == words.REGIONS
    assert set(words.FILLS) == {*FILLS, "loss"}
    assert words.SITES == SITES


def test_contested_tonnes_can_be_drawn(invoke, tmp_path: Path) -> None:
    ran = invoke("draw", *ASKED, "--contested", "--objective", "fair", "-o", "m.svg")
    assert ran.code == 0
    assert b"when all buy at once" in (tmp_path / "m.svg").read_bytes()
    ran = invoke("draw", "map", "tutorial", "--to", "FJI", "--contested", "-o", "m.svg")
    assert ran.code != 0
    assert "FJI" in ran.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--region", "aisa"), "did you mean 'asia'"),
        (("--fill", "los"), "did you mean 'loss'"),
        (("--least", "1.5"), "--least"),
        (("--element", "Nd,Dy"), "a figure shows one element"),
        (("--contested", "--fill", "loss"), "--fill loss belongs to a potential"),
        (("--contested", "--sites", "all"), "--sites all belongs to a potential"),
    ],
)
def test_wrong_words_are_told(invoke, options: tuple[str, ...], message: str) -> None:
    ran = invoke("draw", *ASKED, *options, "-o", "m.svg")
    assert ran.code == 2
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_a_graph_without_coordinates_is_told_with_a_way_out(invoke, tmp_path: Path) -> None:
    from supplynet.io.load import save
    from tests.draw.networks import network

    save(network(), tmp_path / "plain")
    options = ("--to", "MLT", "--element", "graphite", "-o", "m.svg")
    ran = invoke("draw", "map", "plain", *options, "--level", "facility")
    assert ran.code == 2
    assert "no plant of the graph demo has coordinates" in ran.err
    assert invoke("draw", "map", "plain", *options).code == 0
