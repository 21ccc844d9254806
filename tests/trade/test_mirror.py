"""Two reports of one flow: the gap between them, and which one counts."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from supplynet.trade.table import gaps, reconciled, reliability


def reports(*rows: tuple[str, str, str, float, float, str]) -> pd.DataFrame:
    names = ["importer", "exporter", "reporter", "value_usd", "tonnes", "tonnes_how"]
    return pd.DataFrame(list(rows), columns=names).assign(hs6="111111", year=2022)


BOTH = reports(
    ("MLT", "FJI", "importer", 110.0, 11.0, "reported"),
    ("MLT", "FJI", "exporter", 100.0, 10.0, "reported"),
    ("MLT", "ISL", "importer", 50.0, 5.0, "reported"),
    ("ISL", "FJI", "exporter", 30.0, 3.0, "reported"),
)


def values(frame: pd.DataFrame) -> dict[str, float]:
    return dict(zip(frame["exporter"] + "-" + frame["importer"], frame["value_usd"], strict=True))


def test_a_gap_is_the_importer_over_the_exporter() -> None:
    found = gaps(BOTH)
    assert len(found) == 1
    assert found["ratio"].iloc[0] == pytest.approx(1.1)


def test_one_side_counts_and_the_other_fills_in() -> None:
    assert values(reconciled(BOTH, "importer")) == {"FJI-MLT": 110, "ISL-MLT": 50, "FJI-ISL": 30}
    assert values(reconciled(BOTH, "exporter")) == {"FJI-MLT": 100, "ISL-MLT": 50, "FJI-ISL": 30}


def test_a_weighted_flow_lies_between_nearer_to_the_reliable_side() -> None:
    """Fiji's reports are off by a factor of two with everybody but Malta's agree with others."""
    rows = []
    for partner in ("ISL", "NZL", "AUS", "PNG", "TON", "WSM"):
        rows += [
            (partner, "FJI", "importer", 200.0, 20.0, "reported"),
            (partner, "FJI", "exporter", 100.0, 10.0, "reported"),
            ("MLT", partner, "importer", 100.0, 10.0, "reported"),
            ("MLT", partner, "exporter", 100.0, 10.0, "reported"),
        ]
    rows += [
        ("MLT", "FJI", "importer", 300.0, 30.0, "reported"),
        ("MLT", "FJI", "exporter", 100.0, 10.0, "reported"),
    ]
    both = reports(*rows)
    quality = reliability(both).set_index(["reporter", "side"])["mean_gap"]
    assert quality["FJI", "exporter"] >= math.log(2.0)
    weight = {
        side: 1.0 / quality[country, side] ** 2
        for country, side in (("MLT", "importer"), ("FJI", "exporter"))
    }
    mean = (weight["importer"] * 300 + weight["exporter"] * 100) / sum(weight.values())
    found = reconciled(both, "weighted")
    one = found[(found["importer"] == "MLT") & (found["exporter"] == "FJI")].iloc[0]
    assert one["value_usd"] == pytest.approx(mean)
    assert one["tonnes"] == pytest.approx(mean / 10)
    assert mean > 200


def test_a_reported_weight_goes_before_an_estimated_one() -> None:
    both = reports(
        ("MLT", "FJI", "importer", 110.0, 99.0, "estimated"),
        ("MLT", "FJI", "exporter", 100.0, 10.0, "reported"),
        ("ISL", "FJI", "importer", 110.0, 11.0, "reported"),
        ("ISL", "FJI", "exporter", 100.0, 99.0, "estimated"),
    )
    found = reconciled(both, "weighted").set_index("importer")
    assert found.loc["MLT", ["tonnes", "tonnes_how"]].tolist() == [10.0, "reported"]
    assert found.loc["ISL", ["tonnes", "tonnes_how"]].tolist() == [11.0, "reported"]


def test_without_a_flow_of_two_reports_nothing_is_weighed() -> None:
    one_sided = BOTH[BOTH["exporter"] != "FJI"]
    assert values(reconciled(one_sided, "weighted")) == {"ISL-MLT": 50}
    assert gaps(one_sided).empty
