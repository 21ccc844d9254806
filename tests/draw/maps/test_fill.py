"""Colors of countries are shares that the results hold, of the same question."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.flow.bypass import BypassResult
from supplynet.draw.answer import answer_of
from supplynet.draw.maps.fill import NO_FILL, STEPS, Fill, fill_of
from supplynet.draw.style import RAMP, THEMES
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from tests.draw.networks import BYPASS


def test_dependence_is_the_share_of_the_flow_that_passes(demo_bypass: BypassResult) -> None:
    fill = fill_of(answer_of(demo_bypass, None), "dependence")
    # of 100 t, 70 pass Fiji and 30 (and maybe some of the 70) New Zealand; Malta is the target
    assert fill.shares["FJI"] == pytest.approx(0.7)
    assert fill.shares["NZL"] == pytest.approx(0.3)
    assert set(fill.shares) == {"FJI", "NZL"}
    assert fill.words["FJI"].startswith("70% of the flow pass plants there (70 t")


def test_loss_is_that_of_the_chokepoints(demo: SupplyNetwork, demo_bypass: BypassResult) -> None:
    lost = sn.chokepoints(
        demo, to="MLT", avoid="ISL", element="graphite", by="country", tier="conceivable"
    )
    fill = fill_of(answer_of(demo_bypass, None), lost)
    assert fill.shares == {row.id: row.loss / BYPASS for row in lost.rows}
    assert "no longer arrive" in fill.words["FJI"]
    assert "all its plants" in fill.title
    owners = sn.chokepoints(
        demo, to="MLT", avoid="ISL", element="graphite", by="owner", tier="conceivable"
    )
    assert "owners" in fill_of(answer_of(demo_bypass, None), owners).title


def test_chokepoints_of_another_question_are_refused(
    demo: SupplyNetwork, demo_bypass: BypassResult
) -> None:
    other = sn.chokepoints(demo, to="MLT", element="graphite", by="country", tier="conceivable")
    with pytest.raises(OptionError, match="another question"):
        fill_of(answer_of(demo_bypass, None), other)


def test_losses_of_plants_cannot_fill_countries(
    demo: SupplyNetwork, demo_bypass: BypassResult
) -> None:
    plants = sn.chokepoints(demo, to="MLT", avoid="ISL", element="graphite", by="node")
    with pytest.raises(OptionError, match="not by node"):
        fill_of(answer_of(demo_bypass, None), plants)


def test_other_words_are_refused_with_a_near_one(demo_bypass: BypassResult) -> None:
    answer = answer_of(demo_bypass, None)
    assert fill_of(answer, "none") is NO_FILL
    with pytest.raises(OptionError, match="fill must be one of") as caught:
        fill_of(answer, "dependance")
    assert "dependence" in str(caught.value)


def test_the_color_grows_with_the_share() -> None:
    fill = Fill("", {"A": 0.0, **{f"S{n}": step + 0.01 for n, step in enumerate(STEPS)}}, {})
    assert fill.color("A") == fill.color("B") == ""
    assert [fill.color(f"S{n}") for n in range(len(STEPS))] == list(RAMP)


@pytest.mark.parametrize("theme", list(THEMES))
def test_the_ramp_gets_farther_from_the_paper(theme: str) -> None:
    def light(color: str) -> float:
        red, green, blue = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
        return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2

    colors = THEMES[theme]
    paper = light(colors.color("paper"))
    away = [abs(light(colors.color(name)) - paper) for name in RAMP]
    assert away == sorted(away)
    assert min(b - a for a, b in zip(away, away[1:], strict=False)) > 0.01
