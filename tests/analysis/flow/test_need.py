"""Losses are asked for on what is firm, and count up to the need: what is lost is coverage."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.flow.attackable import counted_flow
from supplynet.analysis.question import ask
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.network.tiers import risk_tier

ASKED = {"to": "MLT", "element": "Nd"}


def test_the_flow_ends_at_the_need_of_each_form(tutorial: SupplyNetwork) -> None:
    """Malta asks for 100 t; on firm links 150 t could come, on all links 160 t."""
    question = ask(tutorial, to="MLT", tier="firm")
    assert counted_flow(question, "Nd", "need")[0].value == pytest.approx(100.0)
    assert counted_flow(question, "Nd", "all")[0].value == pytest.approx(150.0)
    unknown = ask(tutorial.replace(demand=()), to="MLT", tier="firm")
    assert counted_flow(unknown, "Nd", "need")[0].value == pytest.approx(150.0)
    with pytest.raises(OptionError, match="count must be one of need, all") as refused:
        counted_flow(question, "Nd", "needs")
    assert "'need'" in refused.value.hint


def test_a_loss_is_what_is_no_longer_covered(tutorial: SupplyNetwork) -> None:
    """Without the big refinery 30 t of 100 come; the 50 t beyond the need are no loss."""
    need, every = (
        {row.id: row.loss for row in sn.chokepoints(tutorial, count=count, **ASKED).rows}
        for count in ("need", "all")
    )
    assert need["ref-big"] == pytest.approx(70.0)
    assert every["ref-big"] == pytest.approx(120.0)
    found = sn.chokepoints(tutorial, **ASKED)
    assert found.is_up_to_need
    assert all(row.demand_share == pytest.approx(row.loss / 100.0) for row in found.rows)


@pytest.mark.parametrize("by", ["node", "country"])
def test_both_models_count_the_need(tutorial: SupplyNetwork, by: str) -> None:
    flow = sn.chokepoints(tutorial, by=by, **ASKED)
    balance = sn.chokepoints(tutorial, by=by, model="balance", **ASKED)
    assert balance.value <= flow.value * (1.0 + 1e-6)
    assert balance.is_up_to_need


def test_the_worst_set_and_the_protection_agree_with_the_losses(tutorial: SupplyNetwork) -> None:
    losses = sn.chokepoints(tutorial, **ASKED)
    worst = sn.interdict(tutorial, k=1, **ASKED)
    safe = sn.fortify(tutorial, k_defend=0, k_attack=1, **ASKED)
    assert worst.loss == pytest.approx(losses.rows[0].loss)
    assert safe.undefended == pytest.approx(worst.value)
    assert (worst.is_up_to_need, safe.is_up_to_need) == (True, True)
    assert worst.to_dict()["count"] == safe.to_dict()["count"] == "need"


def test_risk_is_asked_of_what_is_firm_unless_said_otherwise(tutorial: SupplyNetwork) -> None:
    assert risk_tier(None, "planned", None) is None
    assert risk_tier(None, None, "announced") == "announced"
    for result in (
        sn.chokepoints(tutorial, **ASKED),
        sn.interdict(tutorial, k=1, **ASKED),
        sn.fortify(tutorial, k_defend=1, k_attack=1, **ASKED),
        sn.unavoidable(tutorial, **ASKED),
        sn.disrupt(tutorial),
        sn.interdict_balance(tutorial, k=1),
    ):
        assert result.question.tier == "firm", type(result).__name__
    exposed = sn.exposure(tutorial, to="MLT", exposed_to="FJI")
    assert exposed.balance.question.tier == "firm"
    wide = sn.chokepoints(tutorial, links="plausible", **ASKED)
    assert wide.question.tier == "conceivable"


def test_what_was_measured_needs_no_tier(rare_earths: SupplyNetwork) -> None:
    assert sn.exposure(rare_earths, to="KOR", exposed_to="CHN", element="Nd").is_measured


def test_a_need_whose_high_end_is_nothing_has_no_range_of_coverage() -> None:
    """A table that fails its check, which a flow does not ask for."""
    net = sn.load("tutorial")
    wrong = [row.model_copy(update={"quantity_high": 0.0}) for row in net.demand_rows]
    found = sn.max_flow(net.replace(demand=wrong), to="MLT", element="Nd")
    assert found.coverage_range is None
    assert found.value > 0.0
