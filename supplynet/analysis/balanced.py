"""What questions about the supply in a balance of all nations are asked by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from supplynet.contract.query import OfElements, shared

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult


class Balanced(OfElements):
    """How all nations share what there is, and which of the balances that are as good is shown."""

    priority: str | Iterable[str] | None = shared("priority", said="--priority WHO...")
    weights: Mapping[str, float] | None = shared(
        "weights", said="--weight PRODUCT=NUMBER...", is_open=False
    )
    basis: str | None = shared("basis", default=None)
    near: BalanceResult | None = shared("near", in_command=False, is_open=False)
    firm: bool = shared("firm", in_command=False, is_open=False)
    time_limit: float | None = shared("time_limit", is_open=False)

    def balanced(self) -> dict[str, Any]:
        """Return the keywords of a balance that were said, those that are as usual left out."""
        names = {entry.name: entry.default for entry in fields(Balanced) if entry.name != "to"}
        record = {name: getattr(self, name) for name in names}
        return {name: value for name, value in record.items() if value != names[name]}
