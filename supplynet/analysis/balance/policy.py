"""The constraint families of policy: what borders hold back, and caps on burdens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, cast

from supplynet.analysis.balance.bill import handled_by
from supplynet.analysis.balance.columns import Columns
from supplynet.analysis.balance.recipes import contents_of
from supplynet.analysis.balance.rows import Rows, Term
from supplynet.analysis.balance.scope import Scope
from supplynet.analysis.restrict import is_barred, is_restricted, receivable
from supplynet.model.restrictions import Border, borders
from supplynet.model.schema import Cap, Intensity
from supplynet.model.units import pick

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.model.network import SupplyNetwork
    from supplynet.model.units import Level


def restriction(given: Scope, names: Columns) -> Rows:
    """A receiver gets no more than restrictions let pass of what it needs or can handle.

    For each restriction z of elements Z, receiver k, form and element e in Z, a running over
    the arcs of the form that bring k things from restricted senders only, with s(f, e) tonnes
    of e in a tonne of f, and w(z) the part that is withheld::

        sum_a element[a, e] + sum_a s(f, e) feed[a, f] <= (1 - w(z)) could(k, form, e)

    and for each product g that holds an element of Z, could being the demand of a nation, and
    for a plant what it could handle of the element that is scarcest over what g holds of it::

        sum_a product[a, g] <= (1 - w(z)) could(k, g)
    """
    rows = Rows(is_equality=False)
    for border in borders(given.net):
        if border.holds(given.year) and border.row.withheld > 0.0:
            for receiver, form, arcs in _arcs(given, border):
                _hold_back(rows, given, names, border, receiver, form, arcs)
            _bar(rows, given, names, border)
    return rows


def _arcs(given: Scope, border: Border) -> Iterator[tuple[str, str, list[int]]]:
    """Yield each receiver and form with the arcs that a restriction is on."""
    frame = given.frame
    for receiver in frame.nodes:
        if receiver not in border.targets:
            continue
        found: dict[str, list[int]] = {}
        for place in frame.arcs_in.get(receiver, ()):
            if is_restricted(frame, frame.arcs[place], border):
                found.setdefault(frame.arcs[place].form, []).append(place)
        for form, arcs in found.items():
            yield receiver, form, arcs


def _hold_back(
    rows: Rows,
    given: Scope,
    names: Columns,
    border: Border,
    receiver: str,
    form: str,
    arcs: list[int],
) -> None:
    """Add the rows of a restriction on one receiver in one form."""
    passes, node = 1.0 - border.row.withheld, given.frame.nodes[receiver]
    could: dict[str, float] = {}

    def most(element: str) -> float:
        if passes and element not in could:
            could[element] = receivable(given.limits[element], node, form, given.year)
        return passes * could.get(element, 0.0)

    label = "restriction", border.row.id, receiver, form
    held = [one for one in given.limits if one in border.elements]
    for one in held:
        terms: list[Term] = [(names.get("element", arc, one), 1.0) for arc in arcs]
        for arc in arcs:
            for feed in given.frame.feeds.get(receiver, ()):
                terms.append((names.get("feed", arc, feed), given.share(feed, one)))
        if any(place is not None and weight for place, weight in terms):
            rows.add((*label, one), terms, most(one))
    table = contents_of(given.net)
    products = {one for arc in arcs for one in given.carried[arc][1]}
    for product in sorted(products):
        inside = [(table[product, one], one) for one in held if table.get((product, one))]
        if not inside:
            continue
        if given.is_nation(receiver):
            tonnes = passes * given.demand.get((receiver, product), 0.0)
        else:
            tonnes = min(most(one) / share for share, one in inside)
        terms = [(names.get("product", arc, product), 1.0) for arc in arcs]
        rows.add((*label, product), terms, tonnes)


def _bar(rows: Rows, given: Scope, names: Columns, border: Border) -> None:
    """Let shut-out senders send nothing into corridors of which all receivers are meant."""
    table, frame = contents_of(given.net), given.frame
    for place, arc in enumerate(frame.arcs):
        if not is_barred(frame, arc, border):
            continue
        elements, products = given.carried[place]
        held = [one for one in products if any((one, e) in table for e in border.elements)]
        terms: list[Term] = [
            (names.get("element", place, one), 1.0) for one in sorted(elements & border.elements)
        ]
        terms += [(names.get("product", place, one), 1.0) for one in sorted(held)]
        for feed in sorted(frame.leaving.get(arc.tail, ()), key=str):
            held_of = sum(given.share(feed, one) for one in border.elements if one in given.limits)
            terms.append((names.get("feed", place, feed), held_of))
        rows.add(("restriction", border.row.id, arc.tail, arc.form, "all"), terms)


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


def burden_terms(model: Model, burden: str, nodes: str, level: Level) -> list[Term]:
    """Return the tonnes of a burden that each variable brings at some plants.

    Parameters
    ----------
    model : Model
        With the family ``element_balance``.
    burden : str
    nodes : str
        Selector of the plants; of an intensity those count that it names too.
    level : {"low", "central", "high"}
    """
    terms: list[Term] = []
    for row in intensities_of(model.scope.net, burden):
        amount = pick(row, "amount", level) or 0.0
        for _, place, weight in handled_by(
            model, row.nodes, within=nodes, form=row.form, group=row.group, unit=row.unit
        ):
            terms.append((place, amount * weight))
    return terms


def burden_cap(model: Model, caps: Iterable[Cap] | None = None) -> Rows:
    """Plants together bring no more of a burden than a cap allows.

    For each cap c on the plants K and a burden, with b(i) tonnes of it for a tonne of what the
    intensity i counts, u(i, v) what a tonne of the variable v takes of i's unit, and v running
    over what i counts at the plants of both::

        sum_i b(i) sum_v u(i, v) v <= amount(c)

    `caps` stand in place of those in force where they are given.
    """
    rows = Rows(is_equality=False)
    if caps is None:
        caps = caps_in_force(model.scope.net, model.scope.year)
    for cap in caps:
        terms = burden_terms(model, cap.burden, cap.nodes, cap.level)
        rows.add(("cap", cap.id), terms, cap.amount)
    return rows
