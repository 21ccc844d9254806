"""Chokepoints: what the loss of each plant, country or owner costs, exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow import solve_question
from supplynet.analysis.numbers import share, tonnes
from supplynet.analysis.provenance import Provenance, provenance
from supplynet.analysis.question import Question, ask
from supplynet.analysis.solving import Solved, solve, solve_ahead
from supplynet.errors import OptionError
from supplynet.model.countries import country_name
from supplynet.model.demand import DemandFigure, demand
from supplynet.model.problems import did_you_mean
from supplynet.model.selector import holder
from supplynet.model.units import elements_of

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.model.network import SupplyNetwork
    from supplynet.model.scenario import Scenario

#: candidates that are solved for in one go
_AT_ONCE = 16

BY = ("node", "country", "owner", "country-stage")


@dataclass(frozen=True, slots=True)
class Chokepoint:
    """One plant, country or owner, and what its loss costs.

    Parameters
    ----------
    id : str
        Node id, country code, or code and stage.
    name : str
        As a reader knows it.
    stage : str
        Of a node or of a country's stage; empty for whole countries.
    loss : float
        t/yr that no longer arrive when it is gone and everything else is rerouted at best.
    remaining : float
        t/yr that still arrive.
    loss_share : float
        Loss over the flow with everything in place, 0 to 1.
    demand_share : float or None
        Part of the demand that is no longer covered; None without a demand.
    n_nodes : int
        Plants in it that carry flow.
    """

    id: str
    name: str
    stage: str
    loss: float
    remaining: float
    loss_share: float
    demand_share: float | None
    n_nodes: int


@dataclass(frozen=True)
class ChokepointResult:
    """The exact loss for every plant, country or owner, largest first.

    Parameters
    ----------
    question : Question
    element : str
    by : str
    value : float
        t/yr that arrive with everything in place.
    unit : str
    demand : DemandFigure
    rows : tuple of Chokepoint
        Those whose loss costs something.
    n_candidates, n_solved : int
        How many there are, and for how many a flow had to be solved.
    provenance : Provenance
    """

    question: Question
    element: str
    by: str
    value: float
    unit: str
    demand: DemandFigure
    rows: tuple[Chokepoint, ...]
    n_candidates: int
    n_solved: int
    provenance: Provenance

    def summary(self) -> str:
        """Return the largest chokepoint in a sentence."""
        asked = self.question
        if not self.rows:
            return (
                f"No single {self.by} whose loss costs {asked.to_name} any {self.element} "
                f"in {asked.year}."
            )
        first = self.rows[0]
        what = first.name if self.by == "node" or first.stage else f"all plants of {first.name}"
        return (
            f"First comes the loss of {what}: {asked.to_name} could then receive "
            f"{tonnes(first.loss)} {self.unit} of {self.element} less ({share(first.loss_share)}) "
            f"in {asked.year}."
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row a chokepoint."""
        import pandas as pd

        names = list(Chokepoint.__slots__)
        return pd.DataFrame(
            [[getattr(row, name) for name in names] for row in self.rows], columns=names
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "question": self.question.to_dict(),
            "element": self.element,
            "by": self.by,
            "value": self.value,
            "unit": self.unit,
            "rows": [
                {name: getattr(row, name) for name in Chokepoint.__slots__} for row in self.rows
            ],
            "n_candidates": self.n_candidates,
            "n_solved": self.n_solved,
            "provenance": self.provenance.to_dict(),
        }


def chokepoints(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str,
    by: str = "node",
    avoid: str | Iterable[str] | None = None,
    year: int | None = None,
    links: str = "plausible",
    lens: str = "location",
    scenario: str | Scenario | Iterable[str | Scenario] | None = None,
    top: int | None = None,
) -> ChokepointResult:
    """Which plant, country or owner costs a nation most when it is lost?

    Each loss is exact for the network at hand: it is solved again without the candidate, with
    the yields and richest feeds of the whole network. ``max_flow(avoid=...)`` works these out
    anew, so that what it finds can lie a little below ``remaining``. A candidate whose nodes
    carry nothing in the flow at hand costs nothing and is not solved for.

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str
    element : str
        One element, or ``"basket"``.
    by : {"node", "country", "owner", "country-stage"}
        What is lost at once. ``owner`` is ``country`` under the control lens.
    avoid, year, links, lens, scenario
        As in :func:`supplynet.max_flow`.
    top : int, optional
        Keep this many rows.

    Returns
    -------
    ChokepointResult

    Raises
    ------
    UnknownNameError
        If a selector or element names nothing.
    OptionError
        If an option's value is not allowed.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.chokepoints(sn.load("tutorial"), to="MLT", element="Nd", by="country")
    >>> found.rows == tuple(sorted(found.rows, key=lambda row: -row.loss))
    True
    """
    if by not in BY:
        raise OptionError(
            f"by must be one of {', '.join(BY)}, not {by!r}", hint=did_you_mean(by, BY)
        )
    if top is not None and top < 1:
        raise OptionError(f"top must be at least 1, not {top}")
    question = ask(net, to=to, avoid=avoid, year=year, links=links, lens=lens, scenario=scenario)
    elements = elements_of(question.net, element)
    if len(elements) != 1:
        raise OptionError(f"chokepoints takes one element, not {', '.join(elements)}")
    base = solve_question(question, elements[0])
    need = demand(question.net, question.targets, elements[0], question.year)
    groups = _groups(question, base, by)
    rows = _largest_first(question, groups, by, base, need.value, top)
    ranked = sorted((row for row in rows if row.loss > 0.0), key=lambda row: (-row.loss, row.id))
    return ChokepointResult(
        question=question,
        element=elements[0],
        by=by,
        value=base.value,
        unit=base.graph.unit,
        demand=need,
        rows=tuple(ranked[:top]),
        n_candidates=len(groups),
        n_solved=len(rows),
        provenance=provenance(question, element=elements[0], by=by),
    )


def _largest_first(
    question: Question,
    groups: dict[tuple[str, str], frozenset[str]],
    by: str,
    base: Solved,
    need: float,
    top: int | None,
) -> list[Chokepoint]:
    """Solve without one candidate after the other, those that carry most first.

    A loss is never more than what the candidate carries, so that the rest can be left alone
    once the ``top`` largest losses found are larger than that.
    """
    carried = {key: sum(base.through(one) for one in nodes) for key, nodes in groups.items()}
    order = sorted((key for key in groups if carried[key]), key=lambda one: (-carried[one], one))
    rows: list[Chokepoint] = []
    while order:
        losses = sorted((row.loss for row in rows), reverse=True)
        if top is not None and len(rows) >= top and losses[top - 1] > carried[order[0]]:
            break
        now, order = order[:_AT_ONCE], order[_AT_ONCE:]
        solve_ahead((base.graph, groups[key]) for key in now)
        for key in now:
            n_nodes = sum(base.through(one) > 0.0 for one in groups[key])
            rows.append(_row(question, key, by, base, groups[key], need, n_nodes))
    return rows


def _groups(question: Question, base: Solved, by: str) -> dict[tuple[str, str], frozenset[str]]:
    """Candidates: code or node id, and stage, with the nodes that are lost together."""
    net = question.net
    nations = frozenset(net.nation_ids)
    lens = "control" if by == "owner" else question.lens
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for label in base.graph.labels:
        if label not in net.node_by_id or label in nations or label in question.targets:
            continue
        stage = net.node(label).stage
        if by == "node":
            groups[label, stage].add(label)
        elif by == "country-stage":
            groups[holder(net, label, lens), stage].add(label)
        else:
            groups[holder(net, label, lens), ""].add(label)
    return {key: frozenset(nodes) for key, nodes in groups.items()}


def _row(
    question: Question,
    key: tuple[str, str],
    by: str,
    base: Solved,
    nodes: frozenset[str],
    need: float,
    n_nodes: int,
) -> Chokepoint:
    net = question.net
    code, stage = key
    remaining = solve(base.graph, removed=nodes).value
    loss = max(0.0, base.value - remaining)
    if by == "node":
        name = net.node(code).name
    else:
        name = country_name(code, net.commodity.areas)
        if by == "country-stage":
            name += f", {net.stage_by_name[stage].plural}"
            code = f"{code}:{stage}"
    lost = min(base.value, need) - min(remaining, need)
    return Chokepoint(
        id=code,
        name=name,
        stage=stage,
        loss=loss,
        remaining=remaining,
        loss_share=loss / base.value if base.value else 0.0,
        demand_share=lost / need if need else None,
        n_nodes=n_nodes,
    )
