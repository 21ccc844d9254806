"""A graph to start from passes every check, answers, and explains itself."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.io.draft import NOTE, draft, draft_files
from supplynet.io.folder import write_folder
from supplynet.io.graph_schemas import datapackage_schema, scenario_schema
from supplynet.io.load import graph_ids
from tests.network.networks import headed

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("like", ["", *graph_ids()])
def test_a_draft_passes_every_check_and_something_arrives(like: str, tmp_path: Path) -> None:
    net = draft("mine", like=sn.load(like) if like else None)
    write_folder(tmp_path / "mine", draft_files(net))
    back = sn.load(tmp_path / "mine")
    assert sn.graph.check(back, strict="all").ok
    assert {row.note for row in back.node_rows} == {NOTE}
    assert all(row.confidence == "estimated" for row in back.node_rows)
    found = sn.flow(back, to=back.nation_ids[0])
    assert found.value > 0
    assert list(back.scenarios) == ["stop"]


def test_a_graph_of_one_year_lends_its_chain(tmp_path: Path) -> None:
    net = sn.load("tutorial")
    one_year = headed(net, last_year=2024)
    write_folder(tmp_path / "mine", draft_files(draft("mine", like=one_year)))
    assert sn.graph.check(sn.load(tmp_path / "mine"), strict="all").ok


def test_a_draft_explains_every_column_and_names_its_schemas() -> None:
    files = draft_files(draft("mine"))
    head = json.loads(files["datapackage.json"])
    assert head["$schema"] in files
    first = files["scenarios/stop.toml"].splitlines()[0]
    assert first.removeprefix("#:schema ../") in files
    for column in ("standing", "recovery", "quantity_low", "is_verified"):
        assert f"| `{column}` |" in files["README.md"]


def test_figures_of_a_graph_that_names_no_distribution_are_drawn() -> None:
    """As pert, whatever their confidence: none drawn would look as if all were known."""
    commodity = draft("tungsten").commodity
    assert commodity.shapes == dict.fromkeys(("sourced", "derived", "summary", "estimated"), "pert")
    content = {**commodity.model_dump(), "shapes": {}}
    assert type(commodity).model_validate(content) == commodity
    only = {**content, "shapes": {"estimated": "lognormal"}}
    assert type(commodity).model_validate(only).shapes == {"estimated": "lognormal"}


def test_a_graph_without_a_way_lends_no_chain() -> None:
    net = sn.load("tutorial")
    with pytest.raises(OptionError, match="no route leads"):
        draft("mine", like=net.replace(edges=[], rules=[]))


@pytest.mark.parametrize("path", sorted((ROOT / "graphs").glob("*/datapackage.json")), ids=str)
def test_heads_that_ship_fit_the_schema_that_they_name(path: Path) -> None:
    head = json.loads(path.read_text(encoding="utf-8"))
    named = (path.parent / head["$schema"]).resolve()
    assert json.loads(named.read_text(encoding="utf-8")) == datapackage_schema()
    jsonschema.Draft202012Validator(datapackage_schema()).validate(head)


def test_scenarios_that_ship_fit_the_schema_that_they_name() -> None:
    checker = jsonschema.Draft202012Validator(scenario_schema())
    named = set()
    for path in (ROOT / "graphs").glob("*/scenarios/*.toml"):
        text = path.read_text(encoding="utf-8")
        checker.validate(tomllib.loads(text))
        first, _, _ = text.partition("\n")
        if first.startswith("#:schema "):
            named.add((path.parent / first.removeprefix("#:schema ")).resolve())
    (schema,) = named
    assert json.loads(schema.read_text(encoding="utf-8")) == scenario_schema()


@pytest.mark.parametrize(
    "text",
    [
        '[[change]]\nverb = "close"\nnode = "a"',
        '[[change]]\nverb = "shut"\nnodes = "a"',
        'titel = "x"',
        '[[change]]\nverb = "scale"\nnodes = "a"\nfactor = "half"',
    ],
)
def test_the_schema_of_scenarios_sees_faults(text: str) -> None:
    checker = jsonschema.Draft202012Validator(scenario_schema())
    assert not checker.is_valid(tomllib.loads(text))
