"""Every example runs from another folder and says what its title promises."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sweeps import IS_WHOLE

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
#: all but the first: each is a process of some seconds
SLOW = {
    "02_vietnam_or_australia.py",
    "03_your_own_network.py",
    "04_who_gets_the_oxide.py",
    "05_april_2025.py",
    "06_korea_vietnam_center.py",
    "07_worst_two_plants.py",
    "08_figures_for_a_paper.py",
    "09_from_customs_records.py",
    "10_dysprosium_price.py",
    "11_how_long.py",
    "12_stock_adviser.py",
    "13_how_sure.py",
    "14_portfolio.py",
    "15_my_mineral.py",
    "16_my_company.py",
}
#: of these CI sees that they begin well; what they say in the end is seen where SUPPLYNET_MANY=1
DEAR = {
    "04_who_gets_the_oxide.py",
    "06_korea_vietnam_center.py",
    "08_figures_for_a_paper.py",
    "10_dysprosium_price.py",
    "14_portfolio.py",
}
SAYS = {
    "01_quickstart.py": ["could bring South Korea at most", "certified: True"],
    "02_vietnam_or_australia.py": ["2024 Nd", "2030 Dy", "VNM: through", "AUS: through", "either"],
    "03_your_own_network.py": ["400 t graphite/yr", "60 t graphite/yr", "without China", "90.0"],
    "04_who_gets_the_oxide.py": [
        "counted by what they made",
        "2024, everybody there",
        "2030, without CHN",
        "served in all: ",
        "Korea: ",
        "fair, KOR: ",
        "surplus: ",
        "certified: True",
    ],
    "05_april_2025.py": [
        "Potentials, on operating plants and contracted links that run",
        "china-april-2025:strength=0.75: Dy",
        "Contested, shared out fairly",
        "limits of the licences bind, such as: What restriction",
        "certified: True",
    ],
    "06_korea_vietnam_center.py": [
        "potential, with what is being built, korea-vietnam-center: Dy",
        "contested, korea-vietnam-center: ",
        "Nd: korea-vietnam-center +",
        "together +",
        "certified: True",
    ],
    "10_dysprosium_price.py": [
        "contents free, before: USD/kg Dy2O3 in China 88 (1.00), elsewhere 113 (1.00)",
        "contents free, as in the year: USD/kg Dy2O3 in China 186 (2.12), elsewhere 211 (1.87)",
        "contents free, three quarters held back: "
        "USD/kg Dy2O3 in China 337 (3.86), elsewhere 363 (3.22)",
        "contents free, nothing let through: "
        "USD/kg Dy2O3 in China 343 (3.92), elsewhere 333 (2.96)",
        "as built, before: USD/kg Dy2O3 in China 332 (1.00), elsewhere 350 (1.00); certified: True",
        "as built, as in the year: USD/kg Dy2O3 in China 319 (0.96), elsewhere 350 (1.00)",
        "as built, three quarters held back: "
        "USD/kg Dy2O3 in China 338 (1.02), elsewhere 370 (1.06)",
        "as built, nothing let through: USD/kg Dy2O3 in China 338 (1.02), elsewhere 3,867 (11.03)",
    ],
    "13_how_sure.py": ["What drives the first of them:", "Worth looking up:", ".csv, row "],
    "15_my_mineral.py": [
        "a draft of 3 nodes; without an error: True",
        "operating: 0% (0% to 0%) of demand without FJI; certified: True",
        "committed: 30% (27% to 33%) of demand without FJI; certified: True",
        "look up first: nodes.csv, row 2 (mine-1)",
        "the workbook holds the same graph: True",
    ],
    "16_my_company.py": [
        "3 of 4 covered parts rest by half or more on China by the flows of 2024, and 4 if all",
        "1 of 5 parts is of materials that no graph covers (Cu): nothing is said of them.",
        "Which plant made the Ga?",
    ],
    "08_figures_for_a_paper.py": [
        "layers: South Korea, neodymium, 2030: could arrive before: 2,010 of 2,550 t (79%); ",
        "sankey: South Korea, dysprosium when all buy at once, 2030: served before: ",
        "years: South Korea without China, share of its demand, 2032: at most Nd ",
        "losses: South Korea, neodymium, 2026: without China, by ",
        "worst: South Korea without China, neodymium, 2030: the worst 3 plants to lose cut ",
        "dependence: Exposure of South Korea to China, 2030: Nd ",
        "concentration: Concentration by stage, neodymium, 2026: most at the ",
    ],
    "09_from_customs_records.py": [
        "left out: 1 rows, Areas not elsewhere specified",
        "JPN value: 27% direct, 27% to 70% looked through",
        "with PHL and VNM passing on: 47% by value",
        "observed links: 9",
        "knows what crossed borders, not what is made",
        "KOR without CHN, possible links: 64.2 t magnets/yr",
    ],
    "12_stock_adviser.py": [
        "2025-magnets: 35 days of Nd, 75 are held",
        "full-stop-6: 182 days of Nd",
        "M USD a year",
        "at once: 19% lost",
        "evenly: 19% lost",
        "knee: 35 days leave",
        "certified: True",
    ],
    "14_portfolio.py": [
        "cost: 296 (76 to 739) million USD",
        "2029: VTRE metal plant runs again",
        "Without it 2031 covers 15% in place of 50%",
        "reached in ",
        "in 2030 alone the same money covers ",
        "certified: True",
    ],
    "11_how_long.py": [
        "Magnet: ",
        "alone 88 days, without stocks 0",
        "Magnets at Korean users: 88 days of magnet",
        "with foresight: the worst month brings ",
        "certified: True",
    ],
    "07_worst_two_plants.py": [
        "It is worst to lose",
        "one by one",
        "2 lost: ",
        " protected, it would still be ",
        "certified: True",
    ],
}


def test_every_example_is_known() -> None:
    assert [path.name for path in EXAMPLES] == sorted(SAYS)
    assert set(SAYS) >= SLOW


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[pytest.mark.slow] * (path.name in SLOW)) for path in EXAMPLES],
    ids=lambda path: path.name,
)
def test_an_example_runs(path: Path, tmp_path: Path) -> None:
    is_begun_only = path.name in DEAR and not IS_WHOLE
    try:
        done = subprocess.run(
            [sys.executable, "-W", "error", str(path)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=5 if is_begun_only else 600,
        )
    except subprocess.TimeoutExpired:
        if is_begun_only:
            return
        raise
    assert done.returncode == 0, done.stderr
    for text in SAYS[path.name]:
        assert text in done.stdout


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_short_enough_to_read_at_a_glance(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 60
