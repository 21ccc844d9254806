"""Options of the commands that read customs records: what is allowed, and what a mistake says."""

from __future__ import annotations

import click
import pytest

from supplynet.cli import trade_options
from supplynet.cli.trade_options import years_of
from supplynet.cli.words import Share
from supplynet.trade.columns import LAYOUTS
from supplynet.trade.table import RECONCILE


def test_the_words_are_those_of_the_reader() -> None:
    assert ("auto", *LAYOUTS) == trade_options.LAYOUTS
    assert trade_options.RECONCILE == RECONCILE


@pytest.mark.parametrize(
    ("text", "share"), [("1%", 0.01), ("0.5", 0.5), (" 100 % ", 1.0), (0.2, 0.2)]
)
def test_shares(text: str, share: float) -> None:
    assert Share().convert(text, None, None) == pytest.approx(share)


@pytest.mark.parametrize("text", ["", "x", "-1%", "101%", "nan"])
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no share"):
        Share().convert(text, None, None)


@pytest.mark.parametrize("text", ["", "22", "2022-", "2024-2022", "x"])
def test_what_is_no_year(text: str) -> None:
    with pytest.raises(click.BadParameter, match="names no years"):
        years_of(text)
