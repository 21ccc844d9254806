"""What could arrive, by the model that a picture is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supplynet.analysis.flow.flow import FlowResult
    from supplynet.analysis.potential.result import PotentialResult
    from supplynet.cli.asked import Asked
    from supplynet.network.network import SupplyNetwork


def could_arrive(
    net: SupplyNetwork, asked: Asked, element: str, model: str
) -> PotentialResult | FlowResult:
    """Return the potential of a nation by the balance, or the maximum flow of an element.

    Parameters
    ----------
    net : SupplyNetwork
    asked : Asked
    element : str
    model : {"balance", "flow"}

    Raises
    ------
    OptionError
        If the balance is asked for what is no nation, or asks for nothing.
    """
    if model == "flow":
        from supplynet.analysis.flow.flow import max_flow

        return max_flow(net, element=element, **asked.words())
    from supplynet.analysis.potential import potential

    return potential(net, element=element, **asked.words())
