"""Scenarios side by side: what a nation could get, and what it gets when all draw at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.ask import balance
from supplynet.analysis.balance.ranges import Ends, ranges
from supplynet.analysis.flow import potential
from supplynet.analysis.provenance import Provenance, provenance
from supplynet.analysis.question import Question, ask
from supplynet.analysis.tiers import solve_tiers_ahead, tiers_of
from supplynet.errors import OptionError, UnknownNameError
from supplynet.model.problems import did_you_mean
from supplynet.model.scenario import Scenario, find_scenario, split_joined
from supplynet.model.selector import holder
from supplynet.model.units import BASKET, elements_of

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.model.network import SupplyNetwork

#: the network as it is, without a scenario
BASE = "base"
#: the rule that leaves open as little as can be of who gets what
OBJECTIVE = "fair"


@dataclass(frozen=True, slots=True)
class PotentialRow:
    """What could reach the target of one element on the links up to a standing.

    Parameters
    ----------
    case : str
        Name of the scenario, or of several that hold at once.
    element, links : str
    value : float
        t/yr without what is avoided.
    low, high : float
        The same at the low and high ends of the data.
    demand : float
    coverage : float or None
        Share of the demand; None where none is known.
    unit : str
    """

    case: str
    element: str
    links: str
    value: float
    low: float
    high: float
    demand: float
    coverage: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class ContestedRow:
    """What a nation gets in one form when all draw at once, t of product per year.

    Parameters
    ----------
    case, nation, form : str
    demand, served : float
    low, high : float
        Least and most of it over all ways to share out that are as good.
    coverage : float
        Served over demand.
    """

    case: str
    nation: str
    form: str
    demand: float
    served: float
    low: float
    high: float
    coverage: float


@dataclass(frozen=True, slots=True)
class ContestedPart:
    """A product that a nation gets, t of product, or an element in its products, t of element.

    Parameters
    ----------
    case, nation : str
    kind : {"product", "element"}
    what : str
        Id of the product, or the element.
    demand, served : float
        Per year.
    """

    case: str
    nation: str
    kind: str
    what: str
    demand: float
    served: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """What arrives at the plants of a country in a form when all draw at once.

    Parameters
    ----------
    case, form : str
    country : str
        Where they stand, or with the lens control who owns them.
    element : str
    tonnes : float
        t/yr on the graph's basis, separated.
    """

    case: str
    form: str
    country: str
    element: str
    tonnes: float


@dataclass(frozen=True, slots=True)
class Addition:
    """What scenarios change alone and together.

    Parameters
    ----------
    case : str
        Those that hold at once.
    kind : {"potential", "contested"}
        Of which picture; the two are never mixed.
    what : tuple of str
        Element and link floor, or nation and form.
    base : float
        Without any of them, t/yr.
    alone : tuple of (str, float)
        Each by itself, less the base.
    together : float
        All at once, less the base.
    interaction : float
        ``together`` less the sum of ``alone``: above 0 they help each other, below 0 they
        compete for the same limit.
    """

    case: str
    kind: str
    what: tuple[str, ...]
    base: float
    alone: tuple[tuple[str, float], ...]
    together: float
    interaction: float


@dataclass(frozen=True)
class ScenariosResult:
    """Scenarios side by side, potentials and contested figures apart.

    Parameters
    ----------
    question : Question
        As asked of the first case.
    cases : tuple of str
    common : str
        Scenarios that hold in every case, the base too; empty for none.
    titles, descriptions : mapping of str to str
        What each case assumes, in a line and in a paragraph.
    objective : str
        How the contested picture is shared out.
    potentials : tuple of PotentialRow
    contested : tuple of ContestedRow
    parts : tuple of ContestedPart
    arrivals : tuple of Arrival
        Of the form that was asked for, at plants; nations are in `contested`.
    balances : tuple of BalanceResult
        One a case, for further questions.
    is_certified : bool
        Whether the independent check accepted every flow and program.
    provenance : Provenance
        Of the first case; ``options["cases"]`` names them all, with their digests.
    """

    question: Question
    cases: tuple[str, ...]
    common: str
    titles: dict[str, str]
    descriptions: dict[str, str]
    objective: str
    potentials: tuple[PotentialRow, ...]
    contested: tuple[ContestedRow, ...]
    parts: tuple[ContestedPart, ...]
    arrivals: tuple[Arrival, ...]
    balances: tuple[BalanceResult, ...] = field(repr=False)
    is_certified: bool
    provenance: Provenance

    @property
    def additions(self) -> tuple[Addition, ...]:
        """What scenarios add alone and together, for each case whose parts are cases too."""
        return tuple(_additions(self))

    def potential(self, case: str, element: str, links: str) -> PotentialRow:
        """Return one potential.

        Raises
        ------
        KeyError
            If there is none.
        """
        for row in self.potentials:
            if (row.case, row.element, row.links) == (case, element, links):
                return row
        raise KeyError((case, element, links))

    def coverage(self, case: str, form: str, nation: str | None = None) -> ContestedRow:
        """Return what a nation gets in a form, by default the first target.

        Raises
        ------
        KeyError
            If there is none.
        """
        for row in self.contested:
            if (row.case, row.form) == (case, form) and nation in (None, row.nation):
                return row
        raise KeyError((case, form, nation))

    def summary(self) -> str:
        """Return the most and the least of each picture in a few sentences."""
        from supplynet.analysis.numbers import share, tonnes

        lines = []
        element, links = self.potentials[0].element, self.potentials[-1].links
        chosen = [row for row in self.potentials if (row.element, row.links) == (element, links)]
        figures = ", ".join(f"{row.case} {tonnes(row.value)}" for row in chosen)
        lines.append(f"Potential, {chosen[0].unit}, links up to {links}: {figures}.")
        for nation, form in dict.fromkeys((row.nation, row.form) for row in self.contested):
            rows = [row for row in self.contested if (row.nation, row.form) == (nation, form)]
            parts = ", ".join(f"{row.case} {share(row.coverage)}" for row in rows)
            lines.append(f"Contested, part of the demand of {nation} as {form} served: {parts}.")
        return "\n".join(lines)

    def to_frame(self) -> pd.DataFrame:
        """Return the potentials: one row a case, element and link floor, t/yr."""
        import pandas as pd

        columns = list(PotentialRow.__slots__)
        return pd.DataFrame([asdict(row) for row in self.potentials], columns=columns)

    def contested_frame(self) -> pd.DataFrame:
        """Return the contested picture: one row a case, nation and form, t of product/yr."""
        import pandas as pd

        columns = list(ContestedRow.__slots__)
        return pd.DataFrame([asdict(row) for row in self.contested], columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "question": self.question.to_dict(),
            "cases": [
                {
                    "name": one,
                    "title": self.titles[one],
                    "description": self.descriptions[one],
                }
                for one in self.cases
            ],
            "common": self.common,
            "objective": self.objective,
            "potentials": [asdict(row) for row in self.potentials],
            "contested": [asdict(row) for row in self.contested],
            "contested_parts": [asdict(row) for row in self.parts],
            "arrivals": [asdict(row) for row in self.arrivals],
            "additions": [asdict(row) for row in self.additions],
            "is_certified": self.is_certified,
            "provenance": self.provenance.to_dict(),
        }


def compare_scenarios(
    net: SupplyNetwork,
    *cases: str | Scenario | Sequence[str | Scenario],
    to: str | Iterable[str],
    avoid: str | Iterable[str] | None = None,
    element: str | Iterable[str] | None = None,
    year: int | None = None,
    links: str = "plausible",
    lens: str = "location",
    objective: str = OBJECTIVE,
    arrivals: str | None = None,
    scenario: str | Scenario | Iterable[str | Scenario] | None = None,
    time_limit: float | None = None,
) -> ScenariosResult:
    """What do scenarios change for a nation, alone and together?

    Parameters
    ----------
    net : SupplyNetwork
    *cases : str, Scenario or sequence of them
        ``"base"`` is the network as it is; scenarios that hold at once are joined by ``+`` or
        given as a sequence. Of a scenario with parameters ``name:strength=0.5`` sets one.
    to : str or iterable of str
        Selector of the nations that are looked at.
    avoid : str or iterable of str, optional
        Selector of what is shut in every case.
    element : str or iterable of str, optional
        For the potentials; default the graph's headline. A balance follows all elements.
    year, links, lens, scenario
        As in :func:`supplynet.max_flow`; ``scenario`` holds in every case, the base too.
    objective : {"fair", "max_supply", "cost", "price"}
        How the contested picture is shared out, as in :func:`supplynet.balance`.
    arrivals : str, optional
        Form, such as ``"oxide"``, of which to tell which country's plants get how much.
    time_limit : float, optional
        Seconds after which to give up each program of a balance.

    Returns
    -------
    ScenariosResult

    Raises
    ------
    OptionError
        If no case is given, one is given twice, an option is not allowed, or scenarios clash.
    UnknownNameError
        If a scenario, selector or element names nothing.

    Examples
    --------
    >>> import supplynet as sn
    >>> late = sn.Scenario.from_dict(
    ...     {"change": [{"verb": "close", "nodes": "node:ref-big"}]}, name="late")
    >>> found = sn.compare_scenarios(sn.load("tutorial"), "base", late, to="MLT", element="Nd")
    >>> [round(row.value) for row in found.potentials if row.links == "plausible"]
    [160, 40]
    """
    if objective not in _OBJECTIVES:
        raise OptionError(
            f"objective must be one of {', '.join(_OBJECTIVES)}, not {objective!r}",
            hint="ask for a balance of each scenario for the others",
        )
    if arrivals is not None and arrivals not in net.form_by_name:
        raise UnknownNameError(
            f"{net.name} has no form {arrivals!r}", hint=did_you_mean(arrivals, net.form_by_name)
        )
    common = _parts(scenario) if scenario is not None else []
    sides = [_parts(one) for one in cases]
    names = [_case_name(parts) for parts in sides]
    _require_different(names)
    words: dict[str, Any] = {"avoid": avoid, "year": year, "links": links, "lens": lens}
    questions = [ask(net, to=to, scenario=[*common, *parts], **words) for parts in sides]
    wanted: Any = element
    elements = elements_of(questions[0].net, wanted)
    potentials, are_proved = [], True
    for name, question in zip(names, questions, strict=True):
        solve_tiers_ahead(question, elements)
        for one in elements:
            flow = potential(question, one)
            are_proved = are_proved and flow.certificate.ok
            potentials += _potential_rows(name, question, one, flow.demand.value, flow.unit)
    followed = None if BASKET in elements else elements
    balances = [
        balance(
            net,
            scenario=[*common, *parts],
            objective=objective,
            basis="capacity",  # of every case, so that they differ in their changes alone
            time_limit=time_limit,
            **words,
        )
        for parts in sides
    ]
    first = questions[0]
    digests = {name: question.net.digest for name, question in zip(names, questions, strict=True)}
    return ScenariosResult(
        question=first,
        cases=tuple(names),
        common=_case_name(common) if common else "",
        titles={
            name: _title(net, parts) or _title(net, common) or "The network as it is"
            for name, parts in zip(names, sides, strict=True)
        },
        descriptions={
            name: " ".join(
                " ".join(one.description.split()) for one in _found(net, parts or common)
            ).strip()
            for name, parts in zip(names, sides, strict=True)
        },
        objective=objective,
        potentials=tuple(potentials),
        contested=tuple(
            row
            for name, one in zip(names, balances, strict=True)
            for row in _contested_rows(name, one, first)
        ),
        parts=tuple(
            row
            for name, one in zip(names, balances, strict=True)
            for row in _contested_parts(name, one, first, followed)
        ),
        arrivals=tuple(
            row
            for name, one in zip(names, balances, strict=True)
            for row in _arrivals(name, one, arrivals, followed)
        ),
        balances=tuple(balances),
        is_certified=are_proved and all(one.certificate.ok for one in balances),
        provenance=provenance(first, cases=digests, objective=objective, elements=list(elements)),
    )


_OBJECTIVES = ("fair", "max_supply", "cost", "price")


def _parts(
    case: str | Scenario | Iterable[str | Scenario],
) -> list[str | Scenario]:
    """Return the scenarios of a case; none for the base."""
    if isinstance(case, str):
        return [word for word in split_joined(case) if word != BASE]
    if isinstance(case, Scenario):
        return [case]
    return [part for one in case for part in _parts(one)]


def _case_name(parts: Sequence[str | Scenario]) -> str:
    """What a case is called: names with the values that differ from the defaults."""
    return " + ".join(one if isinstance(one, str) else _told(one) for one in parts) or BASE


def _told(scenario: Scenario) -> str:
    defaults = {name: one.default for name, one in scenario.parameters.items()}
    return scenario.name if scenario.values == defaults else scenario.label


def _require_different(names: Sequence[str]) -> None:
    if not names:
        raise OptionError("nothing to compare", hint="name scenarios, and base for none")
    twice = [name for place, name in enumerate(names) if name in names[:place]]
    if twice:
        raise OptionError(f"{twice[0]!r} is compared twice")


def _title(net: SupplyNetwork, parts: Sequence[str | Scenario]) -> str:
    found = _found(net, parts)
    return "; ".join(one.title or one.name for one in found)


def _found(net: SupplyNetwork, parts: Sequence[str | Scenario]) -> list[Scenario]:
    return [find_scenario(net, one) if isinstance(one, str) else one for one in parts]


def _potential_rows(
    name: str, question: Question, element: str, need: float, unit: str
) -> list[PotentialRow]:
    return [
        PotentialRow(
            name, element, one.links, one.without, one.low, one.high, need, one.coverage, unit
        )
        for one in tiers_of(question, element, need)
    ]


def _contested_rows(name: str, found: BalanceResult, asked: Question) -> list[ContestedRow]:
    rows = [row for row in found.coverage if row.nation in asked.targets]
    spans = {(span.nation, span.form): span for span in ranges(Ends(found.run), rows)}
    return [
        ContestedRow(
            name,
            row.nation,
            row.form,
            row.demand,
            row.served,
            spans[row.nation, row.form].low,
            spans[row.nation, row.form].high,
            row.coverage,
        )
        for row in rows
    ]


def _contested_parts(
    name: str, found: BalanceResult, asked: Question, elements: Sequence[str] | None
) -> list[ContestedPart]:
    products = [
        ContestedPart(name, row.nation, "product", row.product, row.demand, row.served)
        for row in found.deliveries
        if row.nation in asked.targets and row.coverage is not None
    ]
    return products + [
        ContestedPart(name, row.nation, "element", row.element, row.demand, row.served)
        for row in found.elements
        if row.nation in asked.targets and (elements is None or row.element in elements)
    ]


def _arrivals(
    name: str, found: BalanceResult, form: str | None, elements: Sequence[str] | None
) -> list[Arrival]:
    """What arrives at plants in a form, by country and element, the most first."""
    sums: dict[tuple[str, str], float] = {}
    net, model = found.question.net, found.run.model
    for place, (arc, element) in model.columns.of("element"):
        taken = model.scope.frame.arcs[int(str(arc))]
        if taken.form != form or taken.head not in net.node_by_id:
            continue
        if model.scope.is_nation(taken.head) or (elements and element not in elements):
            continue
        key = holder(net, taken.head, found.question.lens), str(element)
        sums[key] = sums.get(key, 0.0) + max(0.0, float(found.x[place]))
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Arrival(name, form or "", *key, tonnes) for key, tonnes in ranked]


def _additions(result: ScenariosResult) -> Iterable[Addition]:
    """What each case of several scenarios adds to the base, and its parts by themselves."""
    figures: dict[tuple[str, tuple[str, ...]], dict[str, float]] = {}
    for row in result.potentials:
        figures.setdefault(("potential", (row.element, row.links)), {})[row.case] = row.value
    for claim in result.contested:
        figures.setdefault(("contested", (claim.nation, claim.form)), {})[claim.case] = claim.served
    for case in result.cases:
        alone = case.split(" + ")
        if len(alone) < 2 or not {BASE, *alone} <= set(result.cases):
            continue
        for (kind, what), values in figures.items():
            base = values[BASE]
            gains = tuple((one, values[one] - base) for one in alone)
            together = values[case] - base
            yield Addition(
                case, kind, what, base, gains, together, together - sum(gain for _, gain in gains)
            )
