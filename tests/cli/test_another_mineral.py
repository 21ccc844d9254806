"""Another mineral is a folder of tables: made-up lithium, by every command.

``tests/lithium`` has stages, forms, units and countries of its own, one element and tonnes of
that element. Its plants and figures are made up, with round numbers, so that they can be worked
out by hand::

    salar (CHL) 300 -> evap (CHL) 250 x 0.8 -> cam-big (IDN) 160 -> cell-big (IDN) 140 -> DEU, USA
    pit (AUS) 200 -> kiln (IDN) 150 x 0.9 -> cam-big                cam-big -40-> cell-home
    evap -30, contracted-> cam-home (FIN) 60 -> cell-home (DEU) 80 -> DEU
    kiln -20, possible-> cam-home
    from 2026, planned: pit -> kiln-home (PRT) 50 x 0.9 -> cam-home
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import supplynet as sn
from supplynet.questions import members

GRAPH = Path(__file__).parents[1] / "lithium"
TO = ("--to", "DEU")
WITHOUT = (*TO, "--avoid", "IDN")
#: what another graph speaks of, and this one does not
ALIEN = re.compile(
    r"rare.earth|\bREO\b|magnet|neodym|dyspros|\b(Nd|Pr|Dy|Tb)\b|\boxide|\brefiner|metal maker|"
    r"\b(Korea|KOR|China|CHN|Japan|JPN|Viet ?[Nn]am|VNM)\b",
    re.IGNORECASE,
)
COMMANDS = {
    "graph show": (),
    "graph check": ("--strict", "all"),
    "graph scenarios": (),
    "flow": TO,
    "flow cut": (*TO, "--all"),
    "chokepoints unavoidable": TO,
    "flow routes": WITHOUT,
    "bypass": (*WITHOUT, "--year", "2026"),
    "chokepoints": (*TO, "--by", "country"),
    "chokepoints interdict": (*TO, "--model", "balance"),
    "chokepoints fortify": TO,
    "allocate": ("--objective", "price"),
    "chokepoints disrupt": ("--top", "3"),
    "trace": (*TO, "--exposed-to", "IDN", "--ranges", "none"),
    "graph calibrate": (),
    "indices": (),
    "report": (*WITHOUT, "--full", "--contested"),
}


@pytest.fixture(scope="module")
def lithium() -> sn.SupplyNetwork:
    return sn.load(GRAPH)


@pytest.mark.parametrize(
    ("year", "tier", "expected"), [(2024, "possible", 30), (2026, "announced", 60)]
)
def test_without_the_dominant_supplier(
    lithium: sn.SupplyNetwork, year: int, tier: str, expected: float
) -> None:
    """30 of Chilean carbonate; with 50 x 0.9 of Portuguese hydroxide the cathodes are full."""
    found = sn.bypass(lithium, to="DEU", avoid="IDN", element="Li", year=year, tier=tier)
    assert [row["without"] for row in found.to_frame().to_dict("records")][-1] == expected


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_speaks_of_another_mineral(invoke, name: str) -> None:
    ran = invoke(name, GRAPH, *COMMANDS[name])
    assert ran.code == 0, ran.err
    assert ran.out
    assert ALIEN.findall(ran.out) == []


def test_scenarios_are_compared(invoke) -> None:
    """Without Chilean carbonate there are 150 x 0.9 of Indonesian hydroxide."""
    cases = ("base", "chile-quota:strength=1", "water-cap")
    ran = invoke("compare", GRAPH, *cases, *TO, "--links", "contracted", "--format", "json")
    assert ran.code == 0, ran.err
    assert ALIEN.findall(ran.out) == []
    figures = {
        row["case"]: row["value"]
        for row in json.loads(ran.out)["potentials"]
        if row["tier"] == "operating"
    }
    assert figures == {"base": 190, "chile-quota:strength=1": 135, "water-cap": 190}


@pytest.mark.parametrize(
    "name", sorted(set(members("draw")) - {"plan"})
)  # this graph has no options
def test_every_figure_is_drawn(invoke, tmp_path: Path, name: str) -> None:
    asked = {
        "sankey": ("--avoid", "IDN", "--against", "base"),
        "dependence": (*TO, "--exposed-to", "IDN"),
        "concentration": (),
        "ramps": (),
        "months": (*TO, "--avoid", "IDN", "--during", "2024-02", "--end", "2024-03"),
        "losses": TO,
        "worst": TO,
    }
    ran = invoke("draw", name, GRAPH, *asked.get(name, WITHOUT), "-o", "x.svg")
    assert (ran.code, ran.err) == (0, "Written: x.svg\n")
    text = (tmp_path / "x.svg").read_text(encoding="utf-8")
    assert ALIEN.findall(" ".join(re.findall(r">([^<]+)<", text))) == []
