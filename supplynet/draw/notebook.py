"""The picture that a result or network shows of itself in a notebook, where one is its own."""

from __future__ import annotations

import base64
from typing import Any

from supplynet import draw
from supplynet.errors import SupplynetError
from supplynet.network.network import SupplyNetwork

#: by type of result: the function that draws it, and whether it is given the network first
_OWN = {
    "FlowResult": ("layers", True),
    "PotentialResult": ("layers", True),
    "BypassResult": ("layers", True),
    "OutlookResult": ("outlook", False),
    "BalanceResult": ("sankey", False),
    "ExposureResult": ("dependence", False),
    "ChokepointResult": ("losses", False),
    "DisruptionResult": ("losses", False),
    "InterdictionResult": ("worst", False),
    "ScenariosResult": ("scenarios", False),
    "RunResult": ("months", False),
    "IndexResult": ("concentration", False),
}


def picture(result: Any) -> str:
    """Return the picture of a result as an image of HTML; empty where it has none of its own.

    That of a network is how concentrated its stages are.

    It is an image and no part of the page, so that names in it can neither be markup nor meet
    those of another picture.

    Parameters
    ----------
    result : object
        What an analysis returned, or a network.

    Examples
    --------
    >>> import supplynet as sn
    >>> worst = sn.chokepoints.interdict(sn.load("tutorial"), to="MLT", element="Nd", k=1)
    >>> picture(worst)[:29]
    '<img style="max-width: 100%" '
    """
    try:
        if isinstance(result, SupplyNetwork):
            from supplynet.analysis.indices import indices

            result = indices(result)
        name, has_network = _OWN.get(type(result).__name__, ("", False))
        if not name:
            return ""
        given = (result.question.net, result) if has_network else (result,)
        figure = getattr(draw, name)(*given)
    except SupplynetError:
        return ""  # nothing in it can be drawn: words and table tell it
    data = base64.b64encode(draw.render(figure, "svg")).decode("ascii")
    return (
        '<img style="max-width: 100%" alt="picture of the answer" '
        f'src="data:image/svg+xml;base64,{data}"/>'
    )
