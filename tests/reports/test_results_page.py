"""The reference of results is that of today's results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

import supplynet as sn
from supplynet.cli.main import cli
from supplynet.io.graph_schemas import GRAPH_SCHEMAS, graph_schema_text
from supplynet.reports.results_page import LISTED, kinds
from tools import results_page as tool


def test_the_page_and_the_schemas_are_todays() -> None:
    hint = "python tools/results_page.py --write"
    for path, text in tool.contents().items():
        assert (tool.ROOT / path).read_text(encoding="utf-8") == text, hint
    assert tool.main([]) == 0, hint


def test_what_is_old_is_written_anew_and_what_fell_out_of_use_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    gone = tmp_path / "docs" / "schemas" / "gone.json"
    gone.parent.mkdir(parents=True)
    gone.write_text("{}", encoding="utf-8")
    assert tool.main([]) == 1
    assert tool.main(["--write"]) == 0
    assert not gone.exists()
    assert tool.main([]) == 0


def test_the_command_prints_a_schema_that_holds(tutorial: sn.SupplyNetwork) -> None:
    ran = CliRunner().invoke(cli, ["schema", "disruptions"])
    assert ran.exit_code == 0
    schema = json.loads(ran.output)
    Draft202012Validator(schema).validate(sn.chokepoints.disrupt(tutorial).to_dict())


def test_the_command_lists_the_kinds_and_knows_near_ones() -> None:
    listed = CliRunner().invoke(cli, ["schema"]).output
    assert [line.split()[0] for line in listed.splitlines()] == [*kinds(), *LISTED, *GRAPH_SCHEMAS]
    assert CliRunner().invoke(cli, ["schema", "scenario"]).output == graph_schema_text("scenario")
    ran = CliRunner().invoke(cli, ["schema", "balanec"])
    assert ran.exit_code == 2
    assert "there is no result 'balanec'" in ran.stderr
    assert "did you mean 'balance'" in ran.stderr


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("graph list", "graphs"),
        ("graph nations tutorial", "entries"),
        ("graph nodes tutorial", "entries"),
        ("graph find tutorial ref", "entries"),
        ("graph show tutorial", "graph"),
        ("graph show rare-earths kuantan-lamp", "node"),
        ("graph show tutorial ref-big", "node"),
        ("graph show tutorial MLT", "node"),
        ("graph scenarios tutorial", "scenario_list"),
        ("graph scenarios gallium-germanium", "scenario_list"),
        ("graph show gallium-germanium", "graph"),
        ("graph check tutorial", "check"),
    ],
)
def test_what_is_looked_up_follows_a_schema_too(words: str, name: str) -> None:
    ran = CliRunner().invoke(cli, [*words.split(), "--format", "json"])
    told = json.loads(ran.stdout)
    first = [key for key in told if key != "headline"][:3]  # of a check
    assert first == ["result", "schema_version", "title"]
    assert told["result"] == name
    schema = json.loads(CliRunner().invoke(cli, ["schema", name]).output)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(told)
