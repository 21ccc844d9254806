"""The trace of one element: shares by stage, by plant and by mine, with its certificate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.balance.model import product_recovery
from supplynet.analysis.exposure.moves import Moves, moves_of
from supplynet.analysis.exposure.tables import (
    ANY,
    KEYS,
    ROUNDING,
    TOGETHER,
    Holder,
    Passed,
    StageExposure,
    concentration,
)
from supplynet.analysis.exposure.trace import (
    ElementFlow,
    Mark,
    arrived,
    by_each,
    certify_trace,
    flow_of,
    last_abroad,
    last_of,
    shares,
    touched,
)
from supplynet.analysis.proofs import Programs, Proof, figure, packed
from supplynet.analysis.question import joined, target_nodes
from supplynet.arrays import Bools, Floats
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.selector import Selection, holder, select, select_some
from supplynet.network.units import BASKET, elements_of
from supplynet.solve.check import Certificate, require
from supplynet.sums import added
from supplynet.terms import LENSES, did_you_mean
from supplynet.text import by_size, few

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.network.network import SupplyNetwork


_OPEN = "what a tonne that moves holds, concentrations, ranges, and which plants are of whom"
#: the solution, but that nations take no more than is served
_TAKEN = "taken"


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
        every = (plant for plants in self.plants.values() for plant in plants)
        return frozenset(plant for plant in every if holder(self.net, plant, lens) not in home)

    def supply(self, moves: Moves) -> Bools:
        """Return the pots whose supply is asked about."""
        return moves.where(
            lambda pot: (
                pot.kind == "supply" and pot.label in self.nations and pot.thing in self.products
            )
        )

    def marks(self, flow: ElementFlow) -> Iterator[tuple[list[str], Mark]]:
        """Yield every mark with the names of its columns: what each states a share of.

        Of each lens and stage what touched the jurisdiction, and who holds what passed last; the
        plant of each stage that was passed last; and what passed each plant at some step.
        """
        moves = flow.moves
        for lens, selection in self.exposed.items():
            for stage in (ANY, *self.plants):
                bounds = [
                    self.of_stage(group, stage) for group in (selection.surely, selection.possibly)
                ]
                names = [f"{lens} {stage} {key}" for key in KEYS]
                yield names[:2], last_abroad(moves, self.foreign(lens), bounds)
                yield from _touched(moves, zip(names[2:], bounds, strict=True))
        for stage, plants in self.plants.items():
            yield [f"last {plant}" for plant in plants], by_each(moves, plants)
            for lens in LENSES:
                contents: dict[str, set[str]] = {}
                for plant in plants:
                    contents.setdefault(holder(self.net, plant, lens), set()).add(plant)
                names = [f"{lens} {stage} {country}" for country in contents]
                yield names, last_of(moves, frozenset(plants), list(contents.values()))
        busy = {moves.pots[pot].label for pot in np.unique(moves.tail[flow.arriving > 0.0])}
        every = [plant for plants in self.plants.values() for plant in plants]
        sets = ((f"passed {plant}", frozenset({plant} & busy)) for plant in every)
        yield from _touched(moves, sets)


def _touched(
    moves: Moves, named: Iterable[tuple[str, frozenset[str]]]
) -> Iterator[tuple[list[str], Mark]]:
    """Yield the marks of what passed sets of plants, with all names of each set."""
    sets: dict[frozenset[str], list[str]] = {}
    for name, plants in named:
        sets.setdefault(plants, []).append(name)
    for plants, names in sets.items():
        yield names, touched(moves, plants, len(names))


@dataclass(frozen=True, repr=False)
class Study:
    """The trace of one element."""

    element: str
    supply: float  #: t/yr that the nations have of it
    tonnes: Mapping[str, float]  #: of the supply, by the names of marks
    certificate: Certificate
    flow: ElementFlow  #: tonnes of every move of the element
    pots: Bools  #: pots whose supply is asked about

    @property
    def moves(self) -> Moves:
        """All moves of the element."""
        return self.flow.moves


def study(model: Model, x: Floats, asked: Asked, element: str) -> Study:
    """Trace one element through a solution of the balance.

    Raises
    ------
    CertificateError
        If the trace does not conserve mass.
    """
    taken = without_excess(model, x)
    flow = flow_of(moves_of(model, element), taken)
    moves, supply = flow.moves, asked.supply(flow.moves)
    done: list[tuple[Mark, Floats]] = []  # for the certificate
    tonnes: dict[str, float] = {}
    for names, mark in asked.marks(flow):
        share = shares(flow, mark)
        done.append((mark, share))
        tonnes |= zip(names, arrived(flow, share, supply).tolist(), strict=True)
    by_mine = by_each(moves, [pot.label for pot in moves.pots if pot.kind == "ground"])
    certificate = certify_trace(flow, taken, (by_mine, shares(flow, by_mine)), done, supply)
    require(certificate)
    total = float(flow.arriving[supply[moves.head]].sum())
    return Study(element, total, tonnes, certificate, flow, supply)


def followed(model: Model, x: Floats, element: str) -> ElementFlow:
    """Return what moves of an element in a solution, what nations take beyond need left out."""
    taken = without_excess(model, x)
    return flow_of(moves_of(model, element, taken), taken)


def without_excess(model: Model, x: Floats) -> Floats:
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


def used_share(model: Model, moves: Moves, x: Floats) -> Floats:
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


def _arriving(model: Model, x: Floats) -> dict[tuple[str, str], float]:
    """Return how many tonnes of each product come to each nation."""
    bounds = (
        (column, (model.scope.frame.arcs[int(str(arc))].head, str(product)))
        for column, (arc, product) in model.columns.of("product")
    )
    return added(
        (key, product_recovery(model.scope, *key) * float(x[column]))
        for column, key in bounds
        if model.scope.is_nation(key[0])
    )


# -- what is reported --------------------------------------------------------------------------


def tables_of(query: Asked, studies: Sequence[Study], lens: str) -> dict[str, Any]:
    """Return the rows of every kind: of each element, and of all together where there are several.

    Holders and plants come with the largest part first.
    """
    names = ("stages", "holders", "plants", "concentrations")
    rows: dict[str, tuple[Any, ...]] = dict.fromkeys(names, ())
    several: list[tuple[str, Sequence[Study]]] = [(study.element, [study]) for study in studies]
    for element, selection in [*several, *([(TOGETHER, studies)] if len(studies) > 1 else [])]:
        rows |= added([*rows.items(), *_rows(query, element, selection, lens)])
    return rows


def _rows(
    query: Asked, element: str, studies: Sequence[Study], lens: str
) -> Iterator[tuple[str, tuple[Any]]]:
    """Yield the rows of one element, or of several whose tonnes are added up, by their tables."""
    supply = sum(study.supply for study in studies)

    def part(name: str) -> float | None:
        """Return a part of the supply; the last digits of a sum may leave 0 to 1."""
        if supply <= 0.0:
            return None
        share = min(1.0, max(0.0, sum(study.tonnes[name] for study in studies) / supply))
        return 0.0 if share < ROUNDING else 1.0 if share > 1.0 - ROUNDING else share

    def parts(of: str, names: Iterable[str]) -> dict[str, float]:
        """Return the parts of those that have one, the largest first."""
        shares = ((name, part(f"{of} {name}")) for name in names)
        record = ((name, share) for name, share in shares if share)
        return dict(sorted(record, key=lambda pair: (by_size(pair[1]), pair[0])))

    exposed = query.exposed[lens]
    stage_of = {plant: stage for stage, plants in query.plants.items() for plant in plants}
    for plant, passed in parts("passed", stage_of).items():
        marks = plant in exposed.surely, plant in exposed.possibly
        yield "plants", (Passed(element, plant, stage_of[plant], *marks, passed),)
    for by in query.exposed:
        for stage in (ANY, *query.plants):
            shares = (part(f"{by} {stage} {key}") for key in KEYS)
            yield "stages", (StageExposure(element, by, stage, supply, *shares),)
    last = {stage: parts("last", plants) for stage, plants in query.plants.items()}
    for by in query.exposed:
        for stage, plants in last.items():
            holders = {holder(query.net, plant, by) for plant in plants}
            for country, amount in parts(f"{by} {stage}", holders).items():
                yield "holders", (Holder(element, by, stage, country, amount),)
    for stage, plants in last.items():
        for by in query.exposed:
            owned = {plant: holder(query.net, plant, by) for plant in plants}
            yield "concentrations", (concentration(element, stage, by, plants, owned),)
        itself = dict(zip(plants, plants, strict=True))
        yield "concentrations", (concentration(element, stage, "plant", plants, itself),)


# -- what is asked -------------------------------------------------------------------------


def asked_of(
    balance: SolvedBalance,
    to: str | Iterable[str],
    exposed_to: str | Iterable[str],
    form: str | Iterable[str] | None,
    product: str | Iterable[str] | None,
    lens: str,
) -> Asked:
    """Look up nations, products and the jurisdiction."""
    net = balance.question.net
    every = frozenset(net.nation_ids)
    text = joined(exposed_to)
    # under the other lens there may be no such plant
    selections: dict[str, Selection] = {
        lens_name: select(net, text, lens=lens_name) for lens_name in LENSES
    }
    selections[lens] = select_some(net, text, lens=lens, what="exposed_to")
    drawn = frozenset(row.product for row in balance.deliveries)
    if (form is not None or product is not None) and not balance.run.model.scope.demand:
        raise OptionError(f"{net.name} knows no demand, so that no form or product can be chosen")
    products = chosen_products(net, drawn, form, product)
    if not products and drawn:
        raise OptionError("nobody draws products of that kind in this balance")
    return Asked(
        net=net,
        nations=drawing_nations(balance, to),
        products=products,
        exposed={
            lens_name: Selection(selection.surely - every, selection.possibly - every)
            for lens_name, selection in selections.items()
        },
        plants={
            stage.name: tuple(node.id for node in net.node_rows if node.stage == stage.name)
            for stage in net.stages
            if not stage.is_nation
        },
    )


def drawing_nations(balance: SolvedBalance, to: str | Iterable[str]) -> frozenset[str]:
    """Return the nations that are asked about and draw; an OptionError for none."""
    drawing = {row.nation for row in balance.deliveries}
    nations = target_nodes(balance.question.net, joined(to)) & drawing
    if not nations:
        raise OptionError(
            f"{joined(to)!r} names no nation that draws in this balance",
            hint=f"nations that draw: {few(sorted(drawing))}",
        )
    return nations


def chosen_products(
    net: SupplyNetwork,
    drawn: Iterable[str],
    form: str | Iterable[str] | None,
    product: str | Iterable[str] | None = None,
) -> frozenset[str]:
    """Return those of some products that are of forms, and have ids, where such are named."""
    products = frozenset(drawn)
    for what, inputs, names in (
        ("form", form, net.form_by_name),
        ("product", product, net.product_by_id),
    ):
        if inputs is None:
            continue
        texts = {word.strip() for word in joined(inputs).split(",")}
        for unknown in sorted(texts - names.keys()):
            raise UnknownNameError(
                f"{net.name} has no {what} {unknown!r}; it has {', '.join(names)}",
                hint=did_you_mean(unknown, names),
            )
        products = frozenset(
            name
            for name in products
            if (name if what == "product" else net.product_by_id[name].form) in texts
        )
    return products


def followed_elements(
    balance: SolvedBalance, element: str | Iterable[str] | None
) -> tuple[str, ...]:
    """Return the elements that are asked about, each of them followed by the balance."""
    net, names = balance.question.net, balance.run.model.scope.elements
    texts = element if element is None or isinstance(element, str) else list(element)
    elements = elements_of(net, texts)
    if BASKET in elements:
        raise OptionError(
            "an exposure is that of elements, and the basket is all of them",
            hint='write element="all"',
        )
    missing = [element for element in elements if element not in names]
    if missing and element is not None:
        raise OptionError(
            f"the balance does not follow {missing[0]}; it follows {', '.join(names)}",
            hint="leave elements= out of the balance for all",
        )
    return tuple(element for element in elements if element in names) or names


# -- what proves it ------------------------------------------------------------------------


def trace_proof(run: Run, query: Asked, studies: Sequence[Study]) -> Proof:
    """Return the mixtures behind every share, and the tonnes that mix."""
    programs = Programs()
    taken = without_excess(run.model, run.x)
    point = taken[: len(run.model.columns)]
    programs.add(_TAKEN, run.model.program(np.zeros(point.size), maximize=True), (), x=point)
    for each in studies:
        if each.supply > 0.0:
            _add_mixtures(programs, query, each, taken)
    return programs.proof(_figures(studies), _OPEN)


def _add_mixtures(programs: Programs, query: Asked, study: Study, taken: Floats) -> None:
    """Add the mixtures of one element: of what is marked limits alone differ.

    A row for each pot, which is a mean: where all is marked, all of the pot is. And a last one, for
    a last variable: tonnes of the supply that are marked.
    """
    flow, moves = study.flow, study.moves
    n = len(moves.pots)
    busy = np.flatnonzero(flow.arriving > 0.0)
    column, tail, head = moves.column[busy], moves.tail[busy], moves.head[busy]
    content = flow.arriving[busy] / taken[column]
    into = study.pots[head]
    last = np.array([n])
    entries = [  # row, column, value and variable of the balance
        (head, head, content, column),
        (head, tail, -content, column),
        (np.full(into.sum(), n), tail[into], content[into], column[into]),
        (last, last, np.array([-1.0]), np.array([-1])),
    ]
    record = programs.mixture(_TAKEN, *map(np.concatenate, zip(*entries, strict=True)))
    record |= {"c": packed(np.eye(n + 1)[n])}
    counted = np.bincount(tail[into], flow.arriving[busy][into], minlength=n)
    labels = [f"{pot.kind} {pot.label}" for pot in moves.pots]
    total = Mark(np.full(n, True), np.ones((n, 1)))
    for names, mark in [(["supply"], total), *query.marks(flow)]:
        bounds = np.append(np.where(mark.is_fixed, np.inf, 0.0), 0.0)
        values = np.where(mark.is_fixed[:, None], mark.values, 0.0)
        for name, fixed, part in zip(names, values.T, shares(flow, mark).T, strict=True):
            programs.add_mixture(
                f"{study.element} {name}",
                labels,
                record,
                np.append(part, part @ counted),
                low=-bounds,
                high=bounds,
                lower=np.append(fixed, 0.0),
                upper=np.append(np.where(mark.is_fixed, fixed, np.inf), np.inf),
            )


def _figures(studies: Sequence[Study]) -> Iterator[Proof]:
    """Yield the shares by their mixtures: of each element, and of all together."""
    supplies = {each.element: each.supply for each in studies if each.supply > 0.0}
    several: dict[str, Mapping[str, float]] = {name: {name: supplies[name]} for name in supplies}
    if len(studies) > 1 and supplies:
        several[TOGETHER] = supplies
    for name, parts in several.items():
        options: dict[str, Any] = {"where": {"element": name}}
        yield figure("stages", "supply", *(f"{piece} supply" for piece in parts), **options)
        options["times"] = 1.0 / sum(parts.values())
        record = {("stages", key): f"{{lens}} {{stage}} {key}" for key in KEYS}
        record |= {("holders", "share"): "{lens} {stage} {country}"}
        record |= {("plants", "share"): "passed {node}"}
        for at, mixture in record.items():
            yield figure(*at, *(f"{text} {mixture}" for text in parts), **options)
