"""``supplynet plan``, and a plan in a report, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from supplynet.io.load import save
from tests.analysis.decisions.networks import option, usual

ASKED = ("--to", "MLT", "--avoid", "ISL", "--by", "2026", "--until", "2026", "--tier", "committed")
HUB = option("hub", "stock", nodes="MLT", form="goods", product="goods", capacity=1, lead=0)
HUB |= {"unit": "t goods", "capex": 4e6, "earliest_year": 2026}


def told(invoke, *args: str) -> dict:
    ran = invoke("plan", *args, "--format", "json", "-q")
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


def test_a_report_holds_a_plan_where_one_is_asked_for(invoke, tmp_path: Path) -> None:
    save(usual(), tmp_path / "usual")
    args = ("report", "usual", "--to", "MLT", "--avoid", "ISL", "--year", "2026")
    plain = invoke(*args)
    assert plain.code == 0 and "What to do" not in plain.out
    ran = invoke(*args, "--plan", "coverage=0.1")
    assert (
        ran.code == 0
        and "What to do" in ran.out
        and "No plan of these options costs less" in ran.out
    )
    page = invoke(*args, "--plan", "coverage=0.1", "-o", "page.html")
    assert page.code == 0
    text = (tmp_path / "page.html").read_text()
    assert "What each option adds in 2026" in text and "plan-waterfall" in text
    held = json.loads(invoke(*args, "--plan", "coverage=0.1", "--format", "json").out)
    assert held["plan"]["objective"] == "cost" and "--plan" in held["command"]
    wrong = invoke(*args, "--plan", "coverage=2")
    assert wrong.code != 0 and "cannot be a target" in wrong.err


def test_a_budget_that_could_mean_millions_is_refused(invoke, tmp_path: Path) -> None:
    save(usual(), tmp_path / "usual")
    for amount in ("500", "500.5", "2026=500"):
        ran = invoke("plan", "usual", *ASKED, "--budget", amount)
        bare = amount.rpartition("=")[2]
        hint = f"--budget {bare} is ambiguous: write {bare}M for millions of USD, or {bare}USD"
        assert (ran.code, hint in ran.err) == (2, True), ran.err
    for amount in ("9x", "M", "-5M", "nan", "1e400", "2026=", "soon=5M"):
        ran = invoke("plan", "usual", *ASKED, f"--budget={amount}")
        assert (ran.code, "write 500M, 0.5bn or 500e6" in ran.err) == (2, True), ran.err
    options = [
        told(invoke, "usual", *ASKED, "--budget", amount)["provenance"]["options"]["budget"]
        for amount in ("9M", "0.009bn", "9e6", "9000000", "9 million USD", "9_000 k", "0", "500USD")
    ]
    assert options == [9e6] * 6 + [0.0, 500.0]
    by_year = told(invoke, "usual", *ASKED, "--budget", "2025=9M,2026=0.5M")
    assert by_year["provenance"]["options"]["budget"] == {"2025": 9e6, "2026": 5e5}
