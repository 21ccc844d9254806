from __future__ import annotations

import importlib
import inspect
import io
import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.analysis.balance.worst import interdict_balance
from supplynet.errors import OptionError
from supplynet.present.document import Document, Paragraph
from supplynet.questions.chokepoints import as_document
from supplynet.questions.contested.page import of_balance
from supplynet.questions.disrupt.page import document as of_disrupt
from supplynet.questions.interdict.page import of_fortify, of_interdict
from supplynet.reports.brief import work_out
from supplynet.reports.brief_sections import document_of as brief
from supplynet.reports.data_writers import to_csv, to_json, to_markdown
from supplynet.reports.results import document_of, of_compare
from supplynet.reports.results_flow import of_bypass, of_cut, of_flow, of_routes
from supplynet.reports.results_network import of_check, of_network, of_node
from supplynet.reports.results_page import kinds
from supplynet.reports.results_potential import of_potential
from supplynet.reports.study import study
from supplynet.reports.terminal import print_document
from tests.contract.test_results import figures
from tests.reports.networks import hostile

if TYPE_CHECKING:
    from supplynet.contract.answer import Result
    from supplynet.network.network import SupplyNetwork


MAKERS: dict[str, Callable[[SupplyNetwork], Document]] = {
    "potential": lambda net: of_potential(
        sn.coverage(net, to="MLT", avoid="ISL", year=2024, tier="possible")
    ),
    "flow": lambda net: of_flow(sn.flow(net, to="MLT", element="Nd", year=2024, tier="possible")),
    "cut": lambda net: of_cut(
        sn.flow(net, to="MLT", element="Nd", avoid="ISL", year=2024, tier="possible")
    ),
    "bypass": lambda net: of_bypass(
        sn.bypass(net, to="MLT", avoid="ISL", year=2024, tier="possible")
    ),
    "chokepoints": lambda net: as_document(
        [sn.chokepoints(net, to="MLT", element="Nd", year=2024)]
    ),
    "interdict": lambda net: of_interdict(
        sn.chokepoints.interdict(net, to="MLT", element="Nd", k=2, year=2024)
    ),
    "fortify": lambda net: of_fortify(
        sn.chokepoints.fortify(net, to="MLT", element="Nd", k_defend=1, k_attack=1, year=2024)
    ),
    "balance": lambda net: of_balance(
        sn.allocate(net, year=2024, tier="possible", explain="nation", nation="MLT", ranges=True)
    ),
    "balance of most": lambda net: of_balance(
        sn.allocate(net, objective="max_supply", avoid="ISL", nation="MLT")
    ),
    "balance without demand": lambda net: of_balance(
        sn.allocate(net.replace(demand=()), nation="MLT", ranges=True)
    ),
    "balance of costs": lambda net: of_balance(sn.allocate(net, objective="cost")),
    "balance of prices": lambda net: of_balance(sn.allocate(net, objective="price")),
    "balance that was seen": lambda net: of_balance(sn.allocate(net, objective="observed")),
    "cuts": lambda net: document_of(sn.flow.cut(net, is_all=True, to="MLT", element="Dy")),
    "exposure": lambda net: document_of(
        sn.trace(net, to="MLT", exposed_to="FJI", lens="control", within=0.25)
    ),
    "owners": lambda net: of_disrupt(sn.chokepoints.disrupt(net, by="owner")),
    "worst balance": lambda net: document_of(interdict_balance(net, to="MLT", k=2)),
    "disrupt": lambda net: of_disrupt(sn.chokepoints.disrupt(net, year=2024)),
    "routes": lambda net: of_routes(sn.flow.routes(net, to="MLT", year=2024, tier="possible")),
    "check": lambda net: of_check(net.check()),
    "network": of_network,
    "node": lambda net: of_node(net, "ref-small"),
    "compare": lambda net: of_compare(sn.compare.answers(net, net.at(2025))),
    "study": lambda net: study(net, to="MLT", avoid="ISL").document,
    "study of all at once": lambda net: (
        study(net, to="MLT", avoid="FJI", element="Nd", contested=True).document
    ),
    "first page": lambda net: brief(work_out(net, to="MLT", avoid="ISL", year=[2026, 2024])),
}


def test_only_some_elements_are_said_to_be_followed(tutorial: SupplyNetwork) -> None:
    """With Nd alone all 1,400 t could be served, with Dy 1,250: the page says why."""
    only = "Only Nd is followed: products without it are left out"
    for result, is_said in (
        (sn.allocate(tutorial, element="Nd"), True),
        (sn.chokepoints.disrupt(tutorial, element="Nd"), True),
        (interdict_balance(tutorial, to="MLT", element="Nd", k=1), True),
        (sn.allocate(tutorial), False),
        (sn.allocate(tutorial, element="Nd,Dy"), False),
        (sn.chokepoints.disrupt(tutorial), False),
    ):
        assert (only in paragraphs(document_of(result))) == is_said


def test_limits_that_hold_at_one_point_bring_nothing_by_themselves(tutorial: SupplyNetwork) -> None:
    """Without Fiji mine and refinery both let 200 t pass: more of one brings nothing."""
    found = sn.coverage(tutorial, to="MLT", avoid="FJI", year=2026, tier="operating")
    document = of_potential(found)
    (row,) = next(table for table in document.tables() if table.name == "limits").rows
    assert (row["more"], row["less"]) == (0.0, pytest.approx(5.0, rel=1e-4))
    assert "One more of any of them alone brings nothing" in paragraphs(document)
    both = of_potential(sn.coverage(tutorial, to="MLT", year=2026, tier="operating"))
    assert "alone brings nothing" not in paragraphs(both)


def terminal(what: Document) -> str:
    stream = io.StringIO()
    print_document(what, file=stream, width=100)
    return stream.getvalue()


def paragraphs(what: Document) -> str:
    blocks = (block for section in what.sections for block in section.blocks)
    return " ".join(block.text for block in blocks if isinstance(block, Paragraph))


@pytest.mark.parametrize("name", MAKERS)
def test_hostile_names_are_text_in_every_writer(tutorial: SupplyNetwork, name: str) -> None:
    what = MAKERS[name](hostile(tutorial))
    shown = terminal(what)
    assert not any(unicodedata.category(char) == "Cc" and char != "\n" for char in shown)
    assert "\u202e" not in shown
    marked = to_markdown(what)
    assert "<b>" not in marked
    assert not re.search(r"(?<!\\)\](?=\()", marked)
    assert "\x1b" not in marked
    assert "\x1b" not in to_json(what)
    for table in what.tables():
        assert "\x1b" not in to_csv(table)


@pytest.mark.parametrize("name", MAKERS)
def test_every_number_can_be_read_and_the_same_input_gives_the_same_text(
    tutorial: SupplyNetwork, name: str
) -> None:
    what = MAKERS[name](tutorial)
    shown, marked, told = terminal(what), to_markdown(what), to_json(what)
    assert not re.search(r"\b(nan|NaN|None|inf)\b", shown + marked)
    assert "NaN" not in told
    assert "Infinity" not in told
    assert max(len(line) for line in shown.split("\n")) <= 100
    for table in what.tables():
        keys = {key for row in table.rows for key in row}
        assert {column.key for column in table.columns} <= keys or not table.rows
    if name in ("study", "study of all at once", "first page"):
        cells = [row.get(one.key) for table in what.tables() for row in table.rows
                 for one in table.columns]  # fmt: skip
        assert {*figures(cells)} <= {*figures(what.data)}
    again = MAKERS[name](tutorial.replace())  # a network of its own, with an empty cache
    assert (marked, told) == (to_markdown(again), to_json(again))


@pytest.mark.parametrize(
    "kind",
    [kind for kind in kinds().values() if not hasattr(kind, "DECLARED")],
    ids=lambda kind: kind.LAYOUT.name,
)
def test_every_kind_declares_what_makes_its_document(kind: type[Result]) -> None:
    module, _, name = kind.LAYOUT.document.rpartition(".")
    (result, *_) = inspect.signature(getattr(importlib.import_module(module), name)).parameters
    hints = getattr(importlib.import_module(module), name).__annotations__
    assert hints[result].rpartition(".")[2] == kind.__name__
    assert hints["return"] == "Document"


def test_what_is_no_result_is_refused_with_the_kinds_that_are() -> None:
    with pytest.raises(OptionError, match="cannot report a int") as refused:
        document_of(5)
    assert "bypass, bypass_balance, calibration" in refused.value.hint
