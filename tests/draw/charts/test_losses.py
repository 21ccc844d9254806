"""Rankings of losses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.draw.charts.losses import losses_scene
from supplynet.draw.mpl import figure_of
from supplynet.errors import OptionError
from tests.draw.structure import require_good

if TYPE_CHECKING:
    from supplynet.analysis.flow.chokepoints import ChokepointResult
    from supplynet.network.network import SupplyNetwork


LOOSE = {"tier": "conceivable", "count": "all"}


def ranking(net: SupplyNetwork, **words: Any) -> ChokepointResult:
    return sn.chokepoints(net, **{"to": "KOR", "element": "Dy", "by": "country", **LOOSE, **words})


def test_bars_are_as_long_as_the_losses(rare_earths: SupplyNetwork) -> None:
    first, other = ranking(rare_earths), ranking(rare_earths, lens="control")
    scene = losses_scene(first, beside=other)
    bars = [shape for shape in scene.shapes if shape.role == "bar"]
    widths = [one.path[1][1][0][0] - one.path[0][1][0][0] for one in bars if one.id.endswith("-0")]
    assert widths[0] / widths[1] == pytest.approx(first.rows[0].loss / first.rows[1].loss, rel=1e-6)
    assert len(bars) == 20  # ten countries, two lenses
    titles = [label.text for label in scene.labels]
    assert "China" in titles and "by who owns them" in titles
    require_good(figure_of(scene))


def test_by_plant_no_lens_is_told(rare_earths: SupplyNetwork) -> None:
    scene = losses_scene(ranking(rare_earths, by="node"), top=3)
    assert sum(shape.role == "bar" for shape in scene.shapes) == 3
    assert "by where plants stand" not in {label.text for label in scene.labels}


def test_the_rest_is_counted(rare_earths: SupplyNetwork) -> None:
    found = ranking(rare_earths, by="country-stage")
    scene = losses_scene(found, top=2)
    assert any(label.text == f"{len(found.rows) - 2} more cost less" for label in scene.labels)


def test_no_loss_is_said(tutorial: SupplyNetwork) -> None:
    found = replace(ranking(tutorial, to="MLT", element="Nd"), rows=())
    scene = losses_scene(found)
    assert "no single loss costs anything" in scene.title
    assert any(label.role == "note" for label in scene.labels)


def test_what_does_not_go_together_is_refused(tutorial: SupplyNetwork) -> None:
    first = ranking(tutorial, to="MLT", element="Nd")
    for beside, message in (
        (sn.disrupt(tutorial), "do not stand side by side"),
        (ranking(tutorial, to="MLT", element="Nd", by="node"), "not about the same"),
        ("x", "needs the result of chokepoints or disrupt"),
    ):
        with pytest.raises(OptionError, match=message):
            losses_scene(first, beside=beside)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="whole number from 1 on"):
        losses_scene(first, top=True)
