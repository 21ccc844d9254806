"""Policy and contracts: borders, caps on burdens and what capped plants could mine, firm links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple, cast
from zlib import crc32

import numpy as np
from scipy.sparse import block_array, csr_array

from supplynet.analysis.arrays.restrict import (
    held_tonnages,
    is_barred,
    is_of_need,
    is_restricted,
    receivable,
)
from supplynet.analysis.arrays.skeleton import link_label
from supplynet.analysis.balance.columns import Columns, Key, OnArcs, Sent
from supplynet.analysis.balance.limits import measure, on_arcs, on_links
from supplynet.analysis.balance.model import Block
from supplynet.analysis.balance.outcome import Burden, FirmDelivery, Headroom, Target
from supplynet.analysis.balance.programs import PIN, Run
from supplynet.analysis.balance.recipes import contents_of
from supplynet.analysis.balance.rows import Label, Names, Rows, Sum, ints, joined, upper_limits
from supplynet.analysis.balance.scope import Scope
from supplynet.analysis.balance.tables import describe
from supplynet.arrays import Bools, Floats, Ints
from supplynet.network.rules import Border, borders
from supplynet.network.schema import Cap, Intensity
from supplynet.network.selector import select
from supplynet.network.units import pick
from supplynet.solve.lp.engine import Starts
from supplynet.solve.lp.program import widened
from supplynet.terms import LEVEL_NAMES, LevelName
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.arrays.feeds import Feed
    from supplynet.analysis.balance.codes import Codes
    from supplynet.analysis.balance.model import Model
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Edge, Rule


def restriction(scope: Scope, names: Columns) -> Rows:
    """A receiver gets no more than restrictions let pass of what it needs or can handle.

    For each restriction z of elements Z, receiver k, form and element e in Z, a running over
    the arcs of the form that bring k things from restricted senders only, with s(f, e) tonnes
    of e in a tonne of f, and w(z) the part that is withheld::

        sum_a element[a, e] + sum_a s(f, e) feed[a, f] <= (1 - w(z)) could(k, form, e)

    and for each product g that holds an element of Z, could being the demand of a nation, and
    for a plant what it could handle of the element that is scarcest over what g holds of it::

        sum_a product[a, g] <= (1 - w(z)) could(k, g)
    """
    codes, gates = names.codes, list(_gates(scope))
    amounts, holds = _held_back(codes, gates)
    texts: list[Label] = [*codes.element_words, *codes.product_words, ("all",)]
    is_bar = np.array([not gate.receiver for gate in gates], dtype=bool)[:, None]
    # A bar into a corridor stops all things together: one row for the gate. A limit by need is one
    # row for each element and product, as each has a limit of its own.
    row = np.where(is_bar, len(texts) - 1, np.arange(len(texts)))  # by gate and thing
    n, every = len(codes.elements), np.arange(len(codes.elements))
    e_gate, element = _at_gates(gates, names.element)
    p_gate, product = _at_gates(gates, names.product)
    f_gate, feed = _at_gates(gates, names.feed_by_arc)
    e, p, every_gate = element.thing, product.thing, f_gate[:, None]
    feeds, share = feed.place[:, None], codes.share[feed.thing]
    return upper_limits(
        Sum(element.place, 1.0, at=(e_gate, row[e_gate, e]), where=amounts[e_gate, e]),
        Sum(feeds, share, at=(every_gate, row[every_gate, every]), where=amounts[f_gate]),
        Sum(product.place, 1.0, at=(p_gate, row[p_gate, n + p]), where=holds[p_gate, p]),
        by=([gate.label for gate in gates], texts),
        rhs=_passing(scope, codes, gates),
    )


def restriction_on_tonnage(scope: Scope, names: Columns) -> Rows:
    """No more goes on some links together than restrictions let pass of a tonnage.

    For each group h of arcs that a restriction of elements Z holds to a part of what was observed
    on them, or of what they may carry, with u the measure of the unit that this is reported in, and
    a running over the arcs of h::

        sum u(e) element[a, e] + sum u(f) feed[a, f] + sum u(g) product[a, g] <= tonnage(h)

    over the elements e in Z, and the feeds f and products g that hold one of them, each as a whole.
    """
    members = held_tonnages(scope.net, scope.frame, scope.year, scope.level)
    weigh = cache(partial(measure, scope))
    of, arcs, measures = [], [], []
    for count, tonnage in enumerate(members):
        for index in tonnage.arcs:
            # Tonnes are weighed as the customs of the sender do: the unit of the tonnage is that of
            # the good as it crosses the border.
            sender = scope.frame.nodes.get(scope.frame.arcs[index].tail)
            of.append(count)
            arcs.append(index)
            measures.append(weigh(tonnage.unit, sender.product if sender else None, tonnage.form))
    counted = on_arcs(names, arcs, measures)
    row = ints(of)[counted.of]
    is_meant = [
        _holds_any(scope, names.keys[column], members[group].border.elements)
        for group, column in zip(row.tolist(), counted.place.tolist(), strict=True)
    ]
    labels: list[Label] = [
        (
            "restriction",
            tonnage.border.row.id,
            "+".join(tonnage.receivers),
            tonnage.form,
            tonnage.unit,
            tonnage.name,
        )
        for tonnage in members
    ]
    return upper_limits(
        Sum(
            counted.place,
            counted.weight,
            at=(row,),
            where=np.array(is_meant, dtype=bool) & np.isfinite(counted.weight),
        ),
        by=(labels,),
        rhs=np.array([tonnage.tonnage for tonnage in members]),
    )


def _holds_any(scope: Scope, key: tuple[str, Key], elements: frozenset[str]) -> bool:
    """Whether what a variable moves holds one of some elements."""
    kind, (_, name) = key
    if kind == "element":
        return name in elements
    if kind == "product":
        table = contents_of(scope.net)
        return any(table.get((str(name), element), 0.0) for element in elements)
    return any(scope.share(cast("Feed", name), element) > 0.0 for element in elements)


class _Gate(NamedTuple):
    """What a restriction is on: arcs into a receiver in a form, or one into a corridor."""

    border: Border
    label: Label
    arcs: Sequence[int]
    #: receiver, form: the receiver is empty where nothing passes, whoever receives
    receiver: str
    form: str


def _gates(scope: Scope) -> Iterator[_Gate]:
    """Yield what restrictions in force are on.

    Shut-out senders send nothing into corridors of which all receivers are meant.
    """
    frame = scope.frame
    for border in borders(scope.net):
        # Restrictions on a tonnage have a family of their own below; here are those that stop
        # everything or a part of what is needed.
        is_meant = border.row.withheld == 1.0 or is_of_need(border)
        if not border.holds(scope.year) or not is_meant:
            continue
        name = "restriction", border.row.id
        for receiver in (label for label in frame.nodes if label in border.targets):
            by_form: dict[str, list[int]] = {}
            for index in frame.arcs_in.get(receiver, ()):
                if is_restricted(frame, frame.arcs[index], border):
                    by_form.setdefault(frame.arcs[index].form, []).append(index)
            for form, arcs in by_form.items():
                yield _Gate(border, (*name, receiver, form), arcs, receiver, form)
        for index, arc in enumerate(frame.arcs):
            if is_barred(frame, arc, border):
                yield _Gate(border, (*name, arc.tail, arc.form), [index], "", arc.form)


def _held_back(codes: Codes, gates: Sequence[_Gate]) -> tuple[Bools, Bools]:
    """Return which elements each gate holds back, and which products hold one of them."""
    elements = [[element in gate.border.elements for element in codes.elements] for gate in gates]
    amounts = np.array(elements, dtype=bool).reshape(len(gates), len(codes.elements))
    return amounts, np.any(amounts[:, None, :] & (codes.content > 0.0), axis=2)


def _at_gates(gates: Sequence[_Gate], group: OnArcs | Sent) -> tuple[Ints, OnArcs]:
    """Return the variables on the arcs of gates, and the gate of each."""
    gate = np.repeat(np.arange(len(gates)), [len(gate.arcs) for gate in gates])
    of, at = joined(ints([index for gate in gates for index in gate.arcs]), group.arc)
    return gate[of], OnArcs(*(array[at] for array in group[:5]))


def _passing(scope: Scope, codes: Codes, gates: Sequence[_Gate]) -> Callable[[int, int], float]:
    """Return what says how much of an element or product may pass a gate."""

    @cache
    # Cached by gate and element: products ask for the same elements again and again, and what a
    # plant can receive is worked out from the whole of its links.
    def of_element(gate: int, element: str) -> float:
        border, _, _, receiver, form = gates[gate]
        passes = 1.0 - border.row.withheld
        if not passes:
            return 0.0
        limits, node = scope.limits[element], scope.frame.nodes[receiver]
        return passes * receivable(limits, node, form, scope.year)

    def of_thing(gate: int, index: int) -> float:
        border, _, _, receiver, _ = gates[gate]
        if not receiver:
            return 0.0
        if index < len(codes.elements):
            return of_element(gate, codes.elements[index])
        product = index - len(codes.elements)
        if scope.is_nation(receiver):
            query: float = scope.demand.get((receiver, codes.products[product]), 0.0)
            return (1.0 - border.row.withheld) * query
        shares = zip(codes.elements, codes.content[product].tolist(), strict=True)
        inside = [
            (element, share) for element, share in shares if share and element in border.elements
        ]
        # A product passes as far as the scarcest of the elements that it holds lets it.
        return min(of_element(gate, element) / float(share) for element, share in inside)

    return of_thing


# -- burdens ---------------------------------------------------------------------------------


def intensities_of(net: SupplyNetwork, burden: str) -> tuple[Intensity, ...]:
    """Return the intensities of a burden."""
    rows = cast("tuple[Intensity, ...]", net.rows("intensities"))
    return tuple(row for row in rows if row.burden == burden)


def caps_in_force(net: SupplyNetwork, year: int) -> tuple[Cap, ...]:
    """Return the caps that hold in a year."""
    return tuple(
        row
        for row in cast("tuple[Cap, ...]", net.rows("caps"))
        if (row.start_year is None or row.start_year <= year)
        and (row.end_year is None or year <= row.end_year)
    )


def burden_terms(
    model: Model, burden: str, nodes: str, level: LevelName
) -> list[tuple[int, float]]:
    """Return the tonnes of a burden that each variable brings at some plants.

    The model has the family ``element_balance``; of an intensity those plants count that it names
    too.
    """
    from supplynet.analysis.balance.bill import handled_by

    terms: list[tuple[int, float]] = []
    for row in intensities_of(model.scope.net, burden):
        amount = pick(row, "amount", level) or 0.0
        for _, column, weight in handled_by(
            model, row.nodes, within=nodes, form=row.form, group=row.group, unit=row.unit
        ):
            terms.append((column, amount * weight))
    return terms


def burden_cap(model: Model, caps: Iterable[Cap] | None = None) -> Rows:
    """Plants together bring no more of a burden than a cap allows.

    For each cap c on the plants K and a burden, with b(i) tonnes of it for a tonne of what the
    intensity i counts, u(i, v) what a tonne of the variable v takes of i's unit, and v running
    over what i counts at the plants of both::

        sum_i b(i) sum_v u(i, v) v <= amount(c)

    `caps` stand in place of those in force where they are given.
    """
    if caps is None:
        caps = caps_in_force(model.scope.net, model.scope.year)
    members = tuple(caps)
    terms = [
        (index, *term)
        for index, cap in enumerate(members)
        for term in burden_terms(model, cap.burden, cap.nodes, cap.level)
    ]
    row, column, weight = np.array(terms, dtype=np.float64).reshape(-1, 3).T
    return upper_limits(
        Sum(column.astype(np.int64), weight, at=(row.astype(np.int64),)),
        by=([("cap", cap.id) for cap in members],),
        rhs=np.array([cap.amount for cap in members]),
    )


def burdens(model: Model, x: Floats) -> tuple[Burden, ...]:
    """Return the burden under each cap in force, in the order of the table."""
    scope, rows = model.scope, []
    for cap in caps_in_force(scope.net, scope.year):
        sums = {
            level: sum(
                float(x[column]) * weight
                for column, weight in burden_terms(model, cap.burden, cap.nodes, level)
            )
            for level in LEVEL_NAMES
        }
        rows.append(Burden(cap.id, cap.nodes, cap.burden, cap.amount, cap.level, **sums))
    return tuple(rows)


def headroom(run: Run) -> tuple[Headroom, ...]:
    """Return how much capped plants can mine and process before each cap binds, and all of them.

    The most that the mines among the plants of all caps can bring to the surface, none of it
    thrown away there, with everything else in the network as it is: demand sets no limit.
    Solved for each cap and end of the intensities, each program certified.
    """
    model = run.model
    caps = caps_in_force(model.scope.net, model.scope.year)
    plants = frozenset().union(*(select(model.scope.net, cap.nodes).surely for cap in caps))
    if not any(key[0] in plants for _, key in model.columns.of("mined")):
        return ()
    free = _most(run, plants, (), "central")
    rows = []
    for counted_caps in [*((cap,) for cap in caps), *([caps] if len(caps) > 1 else [])]:
        bounds = {level: _most(run, plants, counted_caps, level) for level in LEVEL_NAMES}
        rows.append(
            Headroom(counted_caps[0].id if len(counted_caps) == 1 else "", **bounds, free=free)
        )
    return tuple(rows)


def _most(run: Run, plants: frozenset[str], caps: tuple[Cap, ...], level: str) -> float:
    """Return the most that some mines can bring, with some caps at one end of intensities."""
    model = run.model
    bare = replace(
        model, blocks=tuple(block for block in model.blocks if block.family != "burden_cap")
    )
    mined = {column: 1.0 for column, key in model.columns.of("mined") if key[0] in plants}
    upper = np.full(len(model.columns), np.inf)
    for column, key in model.columns.of("lost"):
        if key[0] in plants and model.scope.is_origin(str(key[0])):
            upper[column] = 0.0
    holding = burden_cap(model, [cap.model_copy(update={"level": level}) for cap in caps])
    more = holding.matrix(len(model.columns)), holding.rhs
    lp = bare.program(model.vector(mined), maximize=True, more=more, upper=upper)
    names = "+".join(cap.id for cap in caps) or "no cap"
    return run.solve(f"headroom {names}, {level}", lp).objective


@dataclass(frozen=True, slots=True)
class SeenLink:
    """A link or corridor with a tonnage, and the variables that count on it."""

    label: Label
    link: Edge | Rule
    tonnage: float
    terms: dict[int, float]

    def carried(self, x: Floats) -> float:
        """Return what it carries, in its unit."""
        return sum(weight * float(x[column]) for column, weight in self.terms.items())


def targets(model: Model, x: Floats) -> tuple[Target, ...]:
    """Return every link with a tonnage and what it carries, the largest deviation first."""
    targets = []
    for link in seen_links(model):
        kind, ident, name, unit, _ = describe(model.scope, link.label)
        carried = max(0.0, link.carried(x))
        missing, beyond = max(0.0, link.tonnage - carried), max(0.0, carried - link.tonnage)
        row = (link.link.standing, link.tonnage, carried, missing, beyond, unit)
        targets.append(Target(kind, ident, name, *row))
    return tuple(sorted(targets, key=lambda row: (by_size(row.missing + row.beyond), row.id)))


def seen_links(model: Model) -> list[SeenLink]:
    """Return every link and corridor with a tonnage above 0 that went or is firm."""
    return links_of(model, tonnage_of)


def links_of(model: Model, tonnage: Callable[[Edge | Rule], float]) -> list[SeenLink]:
    """Return every link and corridor with a tonnage above 0, such as that which is firm.

    Those that nothing can use are left out: one of their ends is shut or has no use for them.
    """
    scope, frame = model.scope, model.scope.frame
    links: list[tuple[Label, Edge | Rule, tuple[int, ...]]] = [
        (link_label(arc), arc.link, (index,))
        for index, arc in enumerate(frame.arcs)
        if arc.is_bound_here and tonnage(arc.link)
    ]
    links += [
        (("rule", rule.id), rule, frame.arcs_in.get(hub, ()))
        for hub, rule in frame.hubs.items()
        if tonnage(rule) and frame.arcs_out.get(hub)
    ]
    carried = on_links(
        model.columns, [(link, arcs) for _, link, arcs in links], partial(measure, scope)
    )
    return [
        SeenLink(label, link, tonnage(link), terms)
        for (label, link, _), terms in zip(links, carried.terms(len(links)), strict=True)
        if terms
    ]


def matrix_of(model: Model, links: Sequence[SeenLink]) -> csr_array:
    """Return what links carry as rows over the variables of a balance."""
    rows = [model.vector(link.terms) for link in links]
    return csr_array(np.array(rows).reshape(len(links), len(model.columns)))


def firm_of(link: Edge | Rule) -> float:
    """Return what is firm on a link; 0 for nothing."""
    return getattr(link, "minimum", None) or 0.0


def tonnage_of(link: Edge | Rule) -> float:
    """Return what went on a link or, where that is not reported, what is firm; 0 for neither."""
    if link.observed is not None:
        return link.observed
    return firm_of(link)


def part_of(name: str) -> float:
    """Return a number between 0 and 1 that hangs on a name alone.

    Examples
    --------
    >>> part_of("pit -> mill") == part_of("pit -> mill") != part_of("pit -> works")
    True
    """
    return crc32(name.encode()) / 2.0**32


#: family of the rows that hold what firm deliveries reached
FIRM = "firm_delivery"
# share of what they reached that later programs may give up: rounding of the solver
_ROOM = 1e-9


def serve_firm(run: Run) -> Run:
    """Return the run with rows that hold firm deliveries as near to their minima as can be.

    The sum of what is short is least, each link in tonnes of its own unit; where it cannot be 0,
    the largest share that is short is least too. Nothing changes where no link has a minimum, or
    where not every element is followed, as a minimum counts all that its link carries.
    """
    links = _firm_links(run.model)
    if not links:
        return run
    first = Run(run.model, run.time_limit, starts=Starts())
    x = _nearest(first, links)
    rows = [(link, min(link.tonnage, link.carried(x))) for link in links]
    members = [(link, reached) for link, reached in rows if reached > 0.0]
    block = Block(
        family=FIRM,
        is_equality=False,
        whole=-matrix_of(run.model, [link for link, _ in members]),
        rhs=np.array([-(1.0 - _ROOM) * reached for _, reached in members]),
        names=Names.of([link.label for link, _ in members]),
    )
    model = replace(run.model, blocks=(*run.model.blocks, block))
    checked = {**run.certificates, **first.certificates}
    return Run(model, run.time_limit, run.starts, certificates=checked)


def firm_deliveries(model: Model, x: Floats) -> tuple[FirmDelivery, ...]:
    """Return every link with a firm tonnage and what it carries, what is most short first.

    Contracts of plants that are shut, or that do not run in the tier or year, are void.
    """
    rows = []
    for link in _firm_links(model):
        _, ident, name, unit, _ = describe(model.scope, link.label)
        carried = max(0.0, link.carried(x))
        short = link.tonnage - carried
        short = short if short > 2.0 * _ROOM * link.tonnage else 0.0
        row = FirmDelivery(ident, name, link.link.standing, link.tonnage, carried, short, unit)
        rows.append(row)
    return tuple(sorted(rows, key=lambda row: (by_size(row.short), row.id)))


def firm_terms(model: Model) -> dict[str, dict[int, float]]:
    """Return, by the id of a firm delivery, the variables that it is the sum of."""
    return {describe(model.scope, link.label)[1]: link.terms for link in _firm_links(model)}


def _firm_links(model: Model) -> list[SeenLink]:
    scope = model.scope
    return links_of(model, firm_of) if scope.elements == scope.net.commodity.elements else []


def _nearest(run: Run, links: Sequence[SeenLink]) -> Floats:
    """Return the flows that fall short of the minima least."""
    model, n, n_links = run.model, len(run.model.columns), len(links)
    minima = np.array([link.tonnage for link in links])
    shares = csr_array(np.diag(1.0 / minima))
    # further variables: what is short of each, and the largest share that is
    short = np.concatenate([np.zeros(n), np.ones(n_links), [0.0]])
    largest = np.concatenate([np.zeros(n + n_links), [1.0]])
    lp = widened(
        model.program(np.zeros(n), maximize=False),
        n_links + 1,
        c=short,
        a_ub=block_array(
            [
                [-matrix_of(model, links), -csr_array(np.eye(n_links)), csr_array((n_links, 1))],
                [csr_array((n_links, n)), shares, -csr_array(np.ones((n_links, 1)))],
            ]
        ),
        b_ub=np.concatenate([-minima, np.zeros(n_links)]),
        upper=np.append(minima, 1.0),
    )
    solution = run.solve("firm deliveries", lp)
    if solution.objective > _ROOM * float(minima.sum()):
        most = solution.objective * (1.0 + PIN)
        program = widened(lp, c=largest, a_ub=short[np.newaxis], b_ub=most)
        solution = run.solve("firm deliveries, evenly", program)
    return solution.x[:n]
