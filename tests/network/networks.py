"""Small networks for the tests: made by hand, changed row by row, or drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from supplynet.network.edit import validate_rows
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Commodity, Form, Metadata, Row, Stage, Unit

GUESS = {"confidence": "estimated", "note": "made up for a test"}

_PLAIN = {"products", "sources", "exclusions", "accepted", "baseline"}


def metadata(**changes: Any) -> Metadata:
    """Two elements in two groups, five stages, four forms and one unit of each kind."""
    content: dict[str, Any] = {
        "family": "made-up ores",
        "basis": "oxide",
        "elements": ("Nd", "Dy"),
        "headline": ("Nd", "Dy"),
        "groups": {"light": ("Nd",), "heavy": ("Dy",)},
        "stages": (
            Stage(name="mine", title="Mine", plural="Mines", is_origin=True),
            Stage(name="refiner", title="Refiner", plural="Refiners", capacity_at="input"),
            Stage(name="maker", title="Maker", plural="Makers"),
            Stage(name="nation", title="Nation", plural="Nations", is_nation=True),
        ),
        "forms": (
            Form(name="ore", title="Ore", is_separated=False),
            Form(name="carbonate", title="Carbonate", is_separated=False),
            Form(name="oxide", title="Oxide"),
            Form(name="goods", title="Goods", is_final=True),
        ),
        "units": (
            Unit(name="t ore", measures="basket"),
            Unit(name="t wet ore", measures="basket", factor=0.5),
            Unit(name="t oxide", measures="oxide"),
            Unit(name="t metal", measures="metal"),
            Unit(name="t goods", measures="product"),
        ),
        "first_year": 2024,
        "last_year": 2026,
        "base_year": 2024,
        **changes,
    }
    return Metadata(name="demo", title="Demo", commodity=Commodity(**content))


def rows(table: str, *records: dict[str, Any]) -> tuple[Row, ...]:
    """Validated rows, estimated and with a note unless they say otherwise."""
    base = {} if table in _PLAIN else GUESS
    return validate_rows(table, [{**base, **record} for record in records])


def node(node_id: str, stage: str, country: str, **values: Any) -> dict[str, Any]:
    """A node's record; its owner is of its own country unless named."""
    return {
        "id": node_id,
        "name": node_id.title(),
        "stage": stage,
        "country": country,
        "owner_country": country,
        **values,
    }


def edge(source: str, target: str, form: str, **values: Any) -> dict[str, Any]:
    """A link's record, observed unless it says otherwise."""
    return {"source": source, "target": target, "form": form, "standing": "observed", **values}


def network(head: Metadata | None = None, **tables: list[dict[str, Any]]) -> SupplyNetwork:
    """A network from plain records."""
    return SupplyNetwork.from_rows(
        head or metadata(), {name: rows(name, *records) for name, records in tables.items()}
    )


def changed(
    net: SupplyNetwork, table: str, where: Callable[[Any], bool], **values: Any
) -> SupplyNetwork:
    """The network with new values in the rows that a test picks; at least one must be picked."""
    picked = [row for row in net.rows(table) if where(row)]
    assert picked, f"no row of {table} is picked"
    return net.replace(
        **{table: [row.model_copy(update=values) if where(row) else row for row in net.rows(table)]}
    )


def headed(net: SupplyNetwork, **values: Any) -> SupplyNetwork:
    """The network with other values in what its head says of the commodity."""
    commodity = net.commodity.model_copy(update=values)
    return net.replace(metadata=net.metadata.model_copy(update={"commodity": commodity}))


def asking(
    net: SupplyNetwork, nation: str, year: int, quantity: float, **ends: float
) -> SupplyNetwork:
    """The network with another demand of a nation in a year."""
    return changed(
        net,
        "demand",
        lambda row: (row.nation, row.year) == (nation, year),
        quantity=quantity,
        **ends,
    )


def added(net: SupplyNetwork, table: str, *records: dict[str, Any]) -> SupplyNetwork:
    """The network with further rows."""
    return net.replace(**{table: [*net.rows(table), *rows(table, *records)]})


def without(net: SupplyNetwork, table: str, where: Callable[[Any], bool]) -> SupplyNetwork:
    """The network without the rows that a test picks; at least one must be picked."""
    kept = [row for row in net.rows(table) if not where(row)]
    assert len(kept) < len(net.rows(table)), f"no row of {table} is picked"
    return net.replace(**{table: kept})


# -- random networks -----------------------------------------------------------------------

COUNTRIES = ("CHN", "AUS", "VNM")


@st.composite
def small_networks(draw: st.DrawFn, *, is_lossless: bool = False) -> SupplyNetwork:
    """Up to three plants a stage in three countries, all kinds of links, one or two nations.

    Recoveries differ by group at plants that part the groups, and are one figure for the whole
    basket at those that pass it on, so that a basket's composition follows from its origin.
    """
    whole = st.integers(0, 40).map(float)
    flag = st.booleans()
    nodes: list[dict[str, Any]] = []
    assays: list[dict[str, Any]] = []
    recoveries: list[dict[str, Any]] = []
    share = st.sampled_from([0.25, 0.5, 0.75, 0.875])
    recovery = st.just(1.0) if is_lossless else st.sampled_from([0.5, 0.75, 1.0])

    def plants(stage: str, most: int) -> list[str]:
        return [f"{stage}{number}" for number in range(draw(st.integers(1, most)))]

    owners = st.sampled_from([*COUNTRIES, "unknown"])
    mines, refiners, makers = plants("mine", 2), plants("refiner", 3), plants("maker", 2)
    nations = ["KOR", "JPN"][: draw(st.integers(1, 2))]
    for one in mines:
        country = draw(st.sampled_from(COUNTRIES))
        nodes.append(
            node(
                one, "mine", country, capacity=draw(whole), unit="t ore", owner_country=draw(owners)
            )
        )
        light = draw(share)
        assays += [
            {"node_id": one, "element": "Nd", "share": light},
            {"node_id": one, "element": "Dy", "share": 1.0 - light},
        ]
        recoveries.append({"node_id": one, "group": "heavy", "recovery": draw(recovery)})
    for one in refiners:
        makes = draw(st.sampled_from([(), ("light",), ("heavy",), ("light", "heavy")]))
        nodes.append(
            node(
                one,
                "refiner",
                draw(st.sampled_from(COUNTRIES)),
                capacity=draw(whole),
                unit="t ore",
                makes=makes,
                owner_country=draw(owners),
            )
        )
        if makes:
            recoveries += [
                {"node_id": one, "group": group, "recovery": draw(recovery)}
                for group in ("light", "heavy")
            ]
        else:
            recoveries.append({"node_id": one, "group": "all", "recovery": draw(recovery)})
    for one in makers:
        nodes.append(
            node(
                one,
                "maker",
                draw(st.sampled_from(COUNTRIES)),
                capacity=draw(whole),
                unit="t oxide",
                owner_country=draw(owners),
            )
        )
        recoveries.append({"node_id": one, "group": "all", "recovery": draw(recovery)})
    nodes += [node(one, "nation", one) for one in nations]
    edges: list[dict[str, Any]] = []

    def link(source: str, target: str, form: str, unit: str) -> None:
        bound = {"capacity": draw(whole), "unit": unit} if draw(flag) else {}
        standing = draw(
            st.sampled_from(["observed", "contracted", "planned", "memorandum", "possible"])
        )
        edges.append(edge(source, target, form, standing=standing, **bound))

    for mine in mines:
        for refiner in refiners:
            if draw(flag) or refiner == refiners[0]:
                link(mine, refiner, "ore", "t ore")
    for one in refiners:
        for other in refiners:
            if one != other and draw(flag) and draw(flag):
                if draw(flag):
                    link(one, other, "carbonate", "t ore")
                else:
                    link(one, other, "oxide", "t oxide")
        for maker in makers:
            if draw(flag) or one == refiners[-1]:
                link(one, maker, "oxide", "t oxide")
    for maker in makers:
        for nation in nations:
            if draw(flag) or nation == nations[0]:
                link(maker, nation, "goods", "t oxide")
    rules: list[dict[str, Any]] = []
    if draw(flag):
        bound = {"capacity": draw(whole), "unit": "t oxide"} if draw(flag) else {}
        rules.append(
            {
                "id": "oxide-anywhere",
                "source": "refiner",
                "target": "maker",
                "form": "oxide",
                "standing": "possible",
                "reason": "made up",
                **bound,
            }
        )
    if draw(flag):
        bound = {"capacity": draw(whole), "unit": "t ore"} if draw(flag) else {}
        rules.append(
            {
                "id": "ore-anywhere",
                "source": "mine",
                "target": "refiner,!node:refiner0",
                "form": "ore",
                "standing": "possible",
                "reason": "made up",
                **bound,
            }
        )
    if len(refiners) == 1:
        rules = [rule for rule in rules if rule["id"] != "ore-anywhere"]
    return network(nodes=nodes, edges=edges, assays=assays, recoveries=recoveries, rules=rules)
