"""The head of a graph: what it may say, and that JSON loses nothing of it."""

from __future__ import annotations

from supplynet.network.schema import Metadata
from tests.network.networks import metadata


def test_a_head_survives_json() -> None:
    head = metadata(blocs={"PAIR": ("AUS", "JPN")}, areas={"EUU": "European Union"})
    assert Metadata.model_validate_json(head.model_dump_json()) == head
