"""Places that may pass on goods: named by what they buy and sell."""

from __future__ import annotations

import pandas as pd

from supplynet.trade.table import hubs


def trade() -> pd.DataFrame:
    rows = [
        ("HKG", "FJI", 1.0),
        ("MLT", "HKG", 9.0),
        ("ISL", "FJI", 50.0),
        ("MLT", "ISL", 40.0),
        ("NZL", "FJI", 30.0),
        ("MLT", "NZL", 20.0),
    ]
    frame = pd.DataFrame(rows, columns=["importer", "exporter", "value_usd"])
    return frame.assign(hs6="111111", year=2022)


def test_only_countries_on_both_sides_are_hubs_by_what_they_can_pass_on() -> None:
    found = hubs(trade())
    assert [(hub.country, hub.passed) for hub in found] == [("ISL", 40), ("NZL", 20), ("HKG", 1)]


def test_known_entrepots_are_named_however_small() -> None:
    found = hubs(trade(), top=1)
    assert [(hub.country, hub.is_entrepot) for hub in found] == [("ISL", False), ("HKG", True)]
