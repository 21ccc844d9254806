"""Losses by place beside losses by owner: the figures of both, and which of them change."""

from __future__ import annotations

from dataclasses import replace

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.questions.chokepoints.page import lens_blocks, of_lenses


def both(net, **words):
    return tuple(sn.chokepoints(net, lens=lens, **words) for lens in ("location", "control"))


@pytest.fixture(scope="module")
def pair():
    net = sn.load("rare-earths")
    return both(net, to="KOR", element="Nd", by="country", tier="committed", count="all", year=2024)


def test_every_loss_stands_under_both_lenses(pair):
    place, owner = pair
    table = lens_blocks(place, owner)[1]
    by_owner = {row.name: row.loss for row in owner.rows}
    for row in table.rows:
        assert row["change"] == pytest.approx(row["owner"] - row["place"])
        if row["name"] in by_owner:
            assert row["owner"] == by_owner[row["name"]]
    assert len(table.rows) == len({row.id for row in (*place.rows, *owner.rows)})


def test_no_difference_and_no_loss_are_said(pair):
    place, _ = pair
    same = lens_blocks(place, place)
    assert "makes no difference for Nd" in same[0]
    nothing = replace(place, rows=())
    assert lens_blocks(nothing, nothing) == [
        "No country costs any Nd when it is lost, by place or by owner."
    ]
    with pytest.raises(OptionError, match="at least one"):
        of_lenses()
