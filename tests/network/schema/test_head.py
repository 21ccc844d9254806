"""The head of a graph: what it may say, and that JSON loses nothing of it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from supplynet.network.schema import Commodity, Metadata, Row, Stage, Unit
from tests.network.networks import metadata


@pytest.mark.parametrize(
    ("model", "record"),
    [
        (Unit, {"name": "t", "measures": "volume"}),
        (Unit, {"name": "t", "measures": "oxide", "factor": 0}),
        (Unit, {"name": "t", "measures": "oxide", "factor": float("inf")}),
        (Unit, {"name": "", "measures": "oxide"}),
        (Stage, {"name": "a b", "title": "A", "plural": "As"}),
        (Stage, {"name": "a", "title": "A", "plural": "As", "capacity_at": "middle"}),
        (Commodity, {"family": "x"}),
        (Metadata, {"name": "a/b", "title": "t", "commodity": {}}),
    ],
)
def test_a_bad_head_is_refused(model: type[Row], record: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(record)


def test_a_head_survives_json() -> None:
    head = metadata(blocs={"PAIR": ("AUS", "JPN")}, areas={"EUU": "European Union"})
    assert Metadata.model_validate_json(head.model_dump_json()) == head
