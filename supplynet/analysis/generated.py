"""Random supply networks as graphs: made up, of any size, the same for the same seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet import limits
from supplynet.errors import LimitError, OptionError
from supplynet.network.edit import simple_metadata
from supplynet.network.schema import Columns, Edge, Node
from supplynet.solve.flow.generate import GeneratedNetwork, generate_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplynet.arrays import Ints
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Row


STAGES = ("mine", "refiner", "metalmaker", "manufacturer", "nation")
MATERIAL = "material"
#: of every row
_SAID: dict[str, Any] = {"confidence": "estimated", "note": "Drawn at random"}
#: of a written link, at most
_ROW_BYTES = 100
# how countries share plants: the k-th has a weight of 1 / k
MOST_COUNTRIES = 400


def generate(kind: str, *, edges: int, seed: int, countries: int = 12) -> SupplyNetwork:
    """Draw a random supply network: mines, refiners, metal makers, manufacturers and nations.

    Degrees follow a power law, capacities are skewed, and plants are limited as well as links.
    Countries are made up and have a few plants or many.

    Parameters
    ----------
    kind : {"layered", "cyclic"}
        Links from each stage to the next only, or also back and within stages.
    edges : int
        Links to draw, 20 or more; links from a plant to one nation are drawn together, so that
        there are somewhat fewer.
    seed : int
        At least 0. The same seed gives the same network.
    countries : int
        Between how many the plants are shared out; each is a nation that may be supplied.

    Returns
    -------
    SupplyNetwork

    Raises
    ------
    OptionError
        If the number of countries is out of range.
    LimitError
        If no machine with this memory would read the network again.
    SolverInputError
        If the kind is unknown or another number is out of range.

    Notes
    -----
    For arrays without a network around them, which take far less memory, see
    :func:`supplynet.solve.flow.generate.generate_arrays`.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.graph.generate("layered", edges=200, seed=7)
    >>> net == sn.graph.generate("layered", edges=200, seed=7), len(net.node_rows) > 20
    (True, True)
    """
    from supplynet.network.network import SupplyNetwork

    if not 1 <= countries <= MOST_COUNTRIES:
        raise OptionError(f"there are 1 to {MOST_COUNTRIES} countries, not {countries}")
    most = min(limits.MAX_ROWS, limits.MAX_FILE_BYTES // _ROW_BYTES)
    if edges > most:
        raise LimitError(
            f"{edges:,} links take more memory than this machine has to read them again: {most:,} "
            "may be drawn",
            hint="write OUT.npz: arrays, without names, take far less memory",
        )
    drawn = generate_arrays(kind, edges, seed=seed)
    rng = np.random.default_rng([seed, 1])
    codes = [f"X{chr(65 + index // 26)}{chr(65 + index % 26)}" for index in range(countries)]
    weight = 1.0 / np.arange(1, countries + 1)
    home = rng.choice(countries, drawn.stage.size, p=weight / weight.sum())
    names = {code: f"Country {count}" for count, code in enumerate(codes, 1)}
    metadata = simple_metadata(
        f"{kind}-{edges}-{seed}",
        stages=STAGES,
        commodity=MATERIAL,
        title=f"A made-up network, {kind}, {edges:,} links drawn, seed {seed}",
    )
    commodity = metadata.commodity.model_copy(update={"areas": names})
    return SupplyNetwork.from_rows(
        metadata.model_copy(update={"commodity": commodity}),
        _rows(drawn, [codes[position] for position in home], names),
    )


def _rows(
    drawn: GeneratedNetwork, country: list[str], names: dict[str, str]
) -> dict[str, Sequence[Row]]:
    """Nodes and links; the users of a country are its nation."""
    last = len(STAGES) - 1
    label = [
        country[index] if stage == last else f"{STAGES[stage]}-{index}"
        for index, stage in enumerate(drawn.stage.tolist())
    ]
    nodes = [
        Node(
            id=label[count],
            name=f"{STAGES[stage].capitalize()} {count}",
            stage=STAGES[stage],
            country=country[count],
            owner_country=country[count],
            status="operating",
            capacity=float(drawn.node_capacity[count]),
            unit="t",
            **_SAID,
        )
        for count, stage in enumerate(drawn.stage.tolist())
        if stage != last
    ]
    used = sorted({label[position] for position in np.flatnonzero(drawn.stage == last).tolist()})
    nodes += [
        Node(id=code, name=names[code], stage=STAGES[last], country=code, **_SAID) for code in used
    ]
    # what nations send back does not come from the ground
    leaves = drawn.stage[drawn.tail] != last
    texts = [row.id for row in nodes]
    place_of = {text: place for place, text in enumerate(texts)}
    places = np.array([place_of.get(text, -1) for text in label])
    tail, head = places[drawn.tail[leaves]], places[drawn.head[leaves]]
    # links between the same two are one, where the first of them was drawn
    _, begins, which = np.unique(tail * len(texts) + head, return_index=True, return_inverse=True)
    order = np.argsort(begins)
    tonnes = np.bincount(which, drawn.capacity[leaves])[order]
    begins = begins[order]
    edge = Edge(
        source=texts[tail[0]],
        target=texts[head[0]],
        form=MATERIAL,
        capacity=float(tonnes[0]),
        unit="t",
        standing="observed",
        **_SAID,
    )
    cells: dict[str, tuple[Ints, list[Any]]] = {
        "source": (tail[begins], texts),
        "target": (head[begins], texts),
        "capacity": (np.arange(tonnes.size), tonnes.tolist()),
    }
    return {"nodes": tuple(nodes), "edges": Columns(edge, cells, tonnes.size)}
