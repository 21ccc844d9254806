"""The trace of one element: shares by stage, by plant and by mine, with its certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplynet.analysis.balance.families import product_recovery
from supplynet.analysis.exposure.certify import certify_trace
from supplynet.analysis.exposure.moves import Mask, Moves, Vector, moves_of
from supplynet.analysis.exposure.trace import (
    ElementFlow,
    Mark,
    arrived,
    by_each,
    flow_of,
    last_abroad,
    shares,
    touched,
)
from supplynet.network.selector import holder
from supplynet.solve.check import Certificate, require
from supplynet.sums import added

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.selector import Selection

#: stands for all stages together
ANY = ""


@dataclass(frozen=True)
class Asked:
    """What is asked of a balance, looked up."""

    net: SupplyNetwork = field(repr=False)
    nations: frozenset[str]  #: whose supply
    products: frozenset[str]  #: of which products, or elements where the graph knows no demand
    exposed: Mapping[str, Selection]  #: the jurisdiction's plants by lens
    plants: Mapping[str, tuple[str, ...]] = field(repr=False)  #: all plants by stage, in order

    def of_stage(self, plants: frozenset[str], stage: str) -> frozenset[str]:
        """Return those of some plants that are of a stage, or all of them."""
        return plants if stage == ANY else plants & frozenset(self.plants[stage])

    def foreign(self, lens: str) -> frozenset[str]:
        """Return the plants that do not belong to the nations themselves."""
        home = {self.net.node(nation).country for nation in self.nations}
        return frozenset(
            plant
            for plants in self.plants.values()
            for plant in plants
            if holder(self.net, plant, lens) not in home
        )

    def supply(self, moves: Moves) -> Mask:
        """Return the pots whose supply is asked about."""
        return moves.where(
            lambda pot: (
                pot.kind == "supply" and pot.label in self.nations and pot.thing in self.products
            )
        )


class Parts(NamedTuple):
    """Tonnes of the supply that touched a jurisdiction, with unknown owners either way."""

    #: direct, direct_possibly: whose last plant abroad is of the jurisdiction, t/yr: surely, and
    #: possibly
    direct: float
    direct_possibly: float
    #: traced, traced_possibly: which passed the jurisdiction at some step, t/yr: surely, and
    #: possibly
    traced: float
    traced_possibly: float


@dataclass(frozen=True)
class Study:
    """The trace of one element."""

    element: str
    supply: float  #: t/yr that the nations have of it
    #: by lens and stage; the empty stage stands for all together
    parts: Mapping[tuple[str, str], Parts] = field(repr=False)
    #: by stage: tonnes by the last plant of that stage that they passed
    last: Mapping[str, Mapping[str, float]] = field(repr=False)
    passed: Mapping[str, float] = field(repr=False)  #: tonnes that passed each plant
    certificate: Certificate
    flow: ElementFlow = field(repr=False)  #: tonnes of every move of the element
    pots: Mask = field(repr=False)  #: pots whose supply is asked about

    @property
    def moves(self) -> Moves:
        """All moves of the element."""
        return self.flow.moves


def study(model: Model, x: Vector, asked: Asked, element: str) -> Study:
    """Trace one element through a solution of the balance.

    Raises
    ------
    CertificateError
        If the trace does not conserve mass.
    """
    moves = moves_of(model, element)
    taken = without_excess(model, x)
    flow = flow_of(moves, taken)
    supply = asked.supply(moves)
    done: list[tuple[Mark, Vector]] = []  # for the certificate

    def tonnes(mark: Mark) -> list[float]:
        """Return the tonnes of the supply that bear each mark."""
        share = shares(flow, mark)
        done.append((mark, share))
        marked: list[float] = arrived(flow, share, supply).tolist()
        return marked

    def part(lens: str, stage: str) -> Parts:
        """Return what touched the jurisdiction at a stage."""
        exposed = asked.exposed[lens]
        sure = asked.of_stage(exposed.surely, stage)
        maybe = asked.of_stage(exposed.possibly, stage)
        direct = tonnes(last_abroad(moves, asked.foreign(lens), [sure, maybe]))
        (traced,) = (both,) = tonnes(touched(moves, sure))
        if maybe != sure:
            (both,) = tonnes(touched(moves, maybe))
        return Parts(direct[0], direct[1], traced, both)

    parts = {
        (lens, stage): part(lens, stage) for lens in asked.exposed for stage in (ANY, *asked.plants)
    }
    last = {
        stage: dict(zip(plants, tonnes(by_each(moves, plants)), strict=True))
        for stage, plants in asked.plants.items()
    }
    tails = np.unique(flow.moves.tail[flow.arriving > 0.0]).tolist()
    busy = {moves.pots[pot].label for pot in tails}
    passed = {
        plant: tonnes(touched(moves, {plant}))[0] if plant in busy else 0.0
        for plants in asked.plants.values()
        for plant in plants
    }
    mines = [pot.label for pot in moves.pots if pot.kind == "ground"]
    by_mine = by_each(moves, mines)
    origins = by_mine, shares(flow, by_mine)
    certificate = certify_trace(flow, taken, origins, done, supply)
    require(certificate)
    total = float(flow.arriving[supply[moves.head]].sum())
    return Study(element, total, parts, last, passed, certificate, flow, supply)


def without_excess(model: Model, x: Vector) -> Vector:
    """Return a solution in which nations take no more out of what arrives than is served.

    Taking is free where the elements are there: the program leaves open how much of them is
    bound in a bundle that nobody counts.
    """
    reduced, arriving = x.copy(), _arriving(model, x)
    columns = model.columns
    for column, (nation, product) in columns.of("bundle"):
        need = float(x[columns.at("served", nation, product)])
        left = need - arriving.get((str(nation), str(product)), 0.0)
        reduced[column] = min(float(x[column]), max(0.0, left))
    return reduced


def used_share(model: Model, moves: Moves, x: Vector) -> Vector:
    """Return which share of what comes to each pot counts as served, shape (n_pots,).

    Firm deliveries bring a nation more of a product than it asks for; what it has of others counts
    in full.
    """
    arriving = _arriving(model, x)
    shares = np.ones(len(moves.pots))
    for index, pot in enumerate(moves.pots):
        if pot.kind == "supply" and (came := arriving.get((pot.label, str(pot.thing)), 0.0)) > 0.0:
            served = model.columns.get("served", pot.label, pot.thing)
            shares[index] = 1.0 if served is None else min(1.0, float(x[served]) / came)
    return shares


def _arriving(model: Model, x: Vector) -> dict[tuple[str, str], float]:
    """Return how many tonnes of each product come to each nation."""
    ends = (
        (column, (model.scope.frame.arcs[int(str(arc))].head, str(product)))
        for column, (arc, product) in model.columns.of("product")
    )
    return added(
        (key, product_recovery(model.scope, *key) * float(x[column]))
        for column, key in ends
        if model.scope.is_nation(key[0])
    )
