"""What the tiers of a picture count on, in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from supplynet.network.tiers import counted

if TYPE_CHECKING:
    from supplynet.analysis.flow.tiers import Tier


def tiers_in_words(tiers: Iterable[Tier]) -> str:
    """Return what each tier counts on, in a sentence."""
    told = "; ".join(f"{one.name}: {counted(one.links, one.plants)}" for one in tiers)
    return f"{told[:1].upper()}{told[1:]}."
