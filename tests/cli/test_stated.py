"""Answers of other tables that bear the digest of these: the row that was changed is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet import SupplyNetwork, verify
from supplynet.cli import stated
from supplynet.network.schema import Restriction
from supplynet.reports.data_writers import jsonable
from tests.cli.conftest import Invoke
from tests.contract import test_question as contract
from tests.test_verify import opened

NET = sn.load("tutorial")
HELD = {"id": "hold", "source": "ISL:maker", "target": "MLT", "form": "goods", "reason": "quota"}


def with_cell(net: SupplyNetwork, table: str, place: int, **cells: Any) -> SupplyNetwork:
    rows: dict[str, Any] = {table: [*net.rows(table)]}
    rows[table][place] = rows[table][place].with_cells(**cells)
    return net.replace(**rows)


def holding(withheld: float) -> SupplyNetwork:
    row = Restriction.model_validate({**HELD, "withheld": withheld, "confidence": "estimated"})
    return NET.replace(restrictions=[row])


ASKED: dict[str, Callable[[SupplyNetwork], Any]] = {
    "flow": lambda net: sn.flow(net, to="MLT", element="Nd", year=2026),
    "coverage": lambda net: sn.coverage(net, to="MLT", avoid="ISL", year=2026, tier="committed"),
    "chokepoints": lambda net: sn.chokepoints(net, to="MLT", year=2026),
    "allocate": lambda net: sn.allocate(net, year=2026),
}


def forged(asked: str, net: SupplyNetwork, other: SupplyNetwork) -> Any:
    """The answer of another network that says it is of this one, wherever it says so."""
    text = json.dumps(jsonable(ASKED[asked](other).to_dict()))
    answer = opened(json.loads(text.replace(other.digest, net.digest)))
    for part in verify.parts_of(answer):
        for proof in part["proof"]:
            proof["of"]["outline"] = verify.outline(part)
    return answer


def faults(answer: Any, net: SupplyNetwork) -> str:
    return "; ".join(what for word, what in stated.of_tables(answer, net) if word == "FAILS")


@pytest.mark.parametrize(
    ("asked", "other", "named"),
    [
        (asked, other, named)
        for other, named, several in (
            (
                NET.with_capacity("ref-big", 100.0),
                "nodes.csv row 4 (ref-big), capacity: 100 is stated, 200 in the table",
                ("flow", "chokepoints"),
            ),
            (
                with_cell(NET, "edges", 1, capacity=70.0),
                "edges.csv row 3 (mine-small ref-big ore), capacity: 70 is stated, 50 in the table",
                ("flow",),
            ),
            (
                with_cell(NET, "assays", 0, share=0.8),
                "assays.csv row 2 (mine-big Nd), share: 0.8 is stated, 0.9 in the table",
                ("flow",),
            ),
            (
                with_cell(NET, "contents", 0, share=0.05),
                "contents.csv row 2 (goods Nd), share: 0.05 is stated, 0.0857354 in the table",
                ("coverage",),
            ),
            (
                with_cell(NET, "recoveries", 1, recovery=0.9),
                "recoveries.csv row 3 (ref-big heavy), recovery: 0.9 is stated, 0.5 in the table",
                ("coverage",),
            ),
            (
                with_cell(NET, "demand", 1, quantity=900.0),
                "demand.csv row 3 (MLT Everything goods), quantity: 900 is stated, 1200 in the",
                ("allocate",),
            ),
            (
                with_cell(NET, "nodes", 3, status="closed"),
                "nodes.csv row 5 (ref-small): not in the program",
                ("flow",),
            ),
        )
        for asked in several
    ],
)
def test_the_row_of_a_figure_that_is_stated_otherwise_is_named(
    asked: str, other: SupplyNetwork, named: str
) -> None:
    answer = forged(asked, NET, other)
    assert "FAILS" not in {word for word, _ in verify.verify(answer)}
    assert named in faults(answer, NET)


@pytest.mark.parametrize("asked", ["coverage"])
@pytest.mark.parametrize(("other", "part"), [(holding(0.2), "0.2"), (NET, "nothing")])
def test_a_restriction_that_is_loosened_or_left_out_is_named(
    asked: str, other: SupplyNetwork, part: str
) -> None:
    named = f"restrictions.csv row 2 (hold), withheld: {part} is stated, 0.5 in the table"
    assert named in faults(forged(asked, holding(0.5), other), holding(0.5))


def test_several_rows_are_named_one_after_the_other() -> None:
    other = NET.with_capacity("ref-big", 100.0).with_capacity("mine-big", 90.0)
    told = faults(forged("flow", NET, other), NET)
    assert "(ref-big), capacity: 100 is" in told and "(mine-big), capacity: 90 is" in told


def test_what_figures_are_read_off_is_that_of_the_question() -> None:
    answer = forged("flow", NET, NET)
    answer["proof"][0]["figures"][0]["near"] = 9.0
    assert ".value is read otherwise" in faults(answer, NET)


def test_another_build_may_form_other_rows() -> None:
    answer = forged("flow", NET, with_cell(NET, "nodes", 3, status="closed"))
    answer["provenance"]["build"] = "another"
    words = dict(stated.of_tables(answer, NET))
    assert "FAILS" not in words
    assert "forms otherwise" in words["not checked"]


def test_the_network_is_that_of_the_scenarios_that_are_stated(tmp_path: Path) -> None:
    net = sn.load("gallium-germanium")
    name = next(iter(net.scenarios))
    answer = jsonable(sn.flow(net, to="KOR", scenario=name).to_dict())
    assert {word for word, _ in stated.of_tables(answer, net)} == {"holds"}
    answer["provenance"]["scenarios"] = ["none such"]
    ((word, what),) = stated.of_tables(answer, net)
    assert word == "not checked" and "none such" in what


@pytest.mark.parametrize(
    "name", [name for name, graph in contract.EVERYWHERE if graph == "tutorial"]
)
def test_what_is_right_holds(name: str) -> None:
    told = [*stated.of_tables(jsonable(contract.kept(name, "tutorial").to_dict()), NET)]
    assert "FAILS" not in {word for word, _ in told}, told
    assert "not checked" not in {word for word, _ in told}, told


def test_the_command_names_the_row(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "flow.json"
    path.write_text(json.dumps(forged("flow", NET, NET.with_capacity("ref-big", 100.0))))
    told = invoke("verify", str(path), "--graph", "tutorial")
    assert told.code == 4
    assert "nodes.csv row 4 (ref-big), capacity: 100 is stated, 200 in the table" in told.out
