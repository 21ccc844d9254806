"""The chapters of a study by the balance hold what the analyses give, and nothing of the bound."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from supplynet.analysis.potential.ask import bypass_balance
from supplynet.cli.main import cli
from supplynet.network.network import SupplyNetwork
from supplynet.reports import brief
from supplynet.reports.study_scenarios import by_balance

WORDS = {"to": "MLT", "avoid": "ISL", "year": 2026}


def test_the_chapters_are_those_of_the_analyses(tutorial: SupplyNetwork) -> None:
    page = brief.work_out(tutorial, command="supplynet report", **WORDS)
    document = by_balance(tutorial, page, elements=["Nd", "Dy"], **WORDS)
    titles = [section.title for section in document.sections]
    assert titles[0] == "Answer"
    assert [title for title in titles if title.startswith("What each loss costs")] == [
        "What each loss costs: Nd, by plant",
        "What each loss costs: Dy, by plant",
    ]
    again = bypass_balance(tutorial, element="Nd,Dy", **WORDS)
    assert document.data["bypass"]["rows"] == again.to_dict()["rows"]
    assert [one["model"] for one in document.data["chokepoints"]] == ["balance", "balance"]
    names = [section.name for section in document.sections]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "more", [["--model", "balance"], ["--full", "--model", "balance", "--contested"]]
)
def test_what_does_not_go_together_is_refused(more: list[str]) -> None:
    words = ["report", "tutorial", "--to", "MLT", "--avoid", "ISL", *more]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 2
    assert "with --" in result.output


@pytest.mark.parametrize(("model", "chapter"), [("balance", "By form"), ("flow", "upper bounds")])
def test_the_command_takes_both_models(model: str, chapter: str) -> None:
    words = ["report", "tutorial", "--to", "MLT", "--avoid", "ISL", "--full", "--model", model]
    result = CliRunner().invoke(cli, [*words, "--format", "md"])
    assert result.exit_code == 0, result.output
    assert chapter in result.output
