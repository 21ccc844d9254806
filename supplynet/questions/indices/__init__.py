"""Indices: how concentrated and risky a supply is, by what others have published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from supplynet.analysis.indices.rows import (
    ASKED,
    CAPACITY,
    FED,
    FULL,
    LARGEST,
    METHODS,
    OF_METHOD,
    OWN,
    Index,
    Input,
    Method,
)
from supplynet.contract.answer import DeclaredResult, solved_anew
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import array_of, columns_schema, record
from supplynet.contract.query import Query as Options
from supplynet.contract.query import option, sentence, shared
from supplynet.contract.row import Table, col, rows
from supplynet.errors import UnknownNameError
from supplynet.questions.declared import question
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from supplynet.model.case import Case
    from supplynet.network.scenario.scenario import ScenarioLike
    from supplynet.network.schema import Parameter


class Query(Options):
    """Whose indices of what, and by which figures."""

    to: str = option(
        "Country or bloc whose supply risk and benchmarks are asked for.",
        default="EU",
        kind="str",
        said="--to WHO...",
        usual="EU, and of tables none",
    )
    element: str | None = option(
        "Elements of the graph, with commas.",
        default=None,
        kind="str",
        usual="the concentration of the whole mix, and the other indices of the headline elements, "
        "one by one and together",
        said="--element NAME...",
    )
    year: int | None = shared("year")
    basis: str = shared("basis")
    links: str | None = shared("links")
    plants: str | None = shared("plants")
    tier: str | None = shared("tier")
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = shared("scenario")
    parameters: Iterable[Parameter] = option(
        "Governance, recycling and the like; they come before those of the graph.",
        default=(),
        kind="iterable of Parameter",
        is_open=False,
        in_command=False,
    )


def _sum(column: str, name: str) -> str:
    """Return the arithmetic of the input of a name."""
    return f"sum(inputs.{column}, name == '{name}')"


def _formula(own: str, other: str, spread: str) -> str:
    """Return the arithmetic of one end of an index; `other` is the end of what divides.

    Where imports go into a supply risk, or no demand is known, nothing follows.
    """
    others = f"{_sum(own, 'supply')} - {_sum(own, 'supply of the largest')}"
    left = f"min(inputs.{own}, name in {[CAPACITY, FED]}) if limit != '' else {others}"
    asked, used = _sum(other, ASKED), _sum(other, "consumption")
    risk = f"{_sum(own, 'GS')} * (1 - {_sum(other, 'EoL_RIR')}) * {_sum(own, 'SI_SR')}"
    ratio = f"sum(inputs.{own}, name != 'consumption') / {used}"
    of_two = f"{ratio} if count(inputs.value) == 2 else None"
    is_share = "count(inputs.value, name == 'main_supplier_share') == 1"
    formulas = {
        "hhi": spread,
        "n-1": f"({left}) / {asked}",
        "eu-supply-risk": f"{risk} if count(inputs.value, name == 'S') == 0 else None",
        "crma": f"sum(inputs.{own}) if {is_share} else {of_two}",
        "geopolrisk": f"{_sum(own, 'HHI')} * {_sum(own, 'import risk')}",
    }
    cases = (f"({text}) if index == '{name}' else " for name, text in formulas.items())
    return f"{''.join(cases)}None"


_LACKS = f"target * {_sum('value', 'consumption')} - sum(inputs.value, name != 'consumption')"
_MISSED = f"{_LACKS} if 'own capacity' in subject else -({_LACKS})"
_OWN = (f"{portion} if '{kind.capitalize()}' in subject else " for kind, portion in OWN.items())
_SUPPLIERS, _ANEW = "suppliers(element, subject)", "anew(index, element, subject, {}, itself)"
_SPREAD = _ANEW.format("''")
_SQUARES = f"{FULL} * squares({_SUPPLIERS}) / sum({_SUPPLIERS}) / sum({_SUPPLIERS})"
_ENDS = "value", "low", "high"
#: arithmetic of indices and of their inputs
_BY = {
    "indices.year": "asked",
    "indices.value": _formula("value", "value", _SQUARES),
    "indices.low": _formula("low", "high", _SPREAD),
    "indices.high": _formula("high", "low", _SPREAD),
    "indices.target": f"(({''.join(_OWN)}{LARGEST}) if place == asked.to else None) "
    "if index == 'crma' else None",
    "indices.shortfall": f"((max(0, {_MISSED}) if value >= 0 else None) "
    "if count(inputs.value) == 2 else None) if index == 'crma' else None",
    **{f"indices.inputs.{key}": _ANEW.format("name") for key in (*_ENDS, "estimated_share")},
}
_OPEN = "ranges of concentrations, and inputs, but by working them out anew"
#: the inputs of an index
_INPUTS = Table("inputs", "Inputs", Input)


class IndexResult(
    DeclaredResult,
    name="indices",
    title="Published indices of supply",
    headline=(
        Lead(
            "index",
            "value",
            "low",
            "high",
            of="{row.index} {row.subject}",
            table="rows",
            place=("indices",),
        ),
    ),
    nested={
        "indices": array_of(
            record(
                {
                    **columns_schema(Index.COLUMNS)["properties"],
                    "inputs": array_of(columns_schema(Input.COLUMNS)),
                }
            )
        )
    },
    by=_BY,
    document="supplynet.questions.indices.page.of_indices",
):
    """Several indices of one question."""

    title: str = col("What the indices are of.")
    indices: tuple[Index, ...] = rows(
        "Every index with its range", name="rows", in_json=False, without=OF_METHOD
    )
    notes: tuple[str, ...] = col("What is to be reported of the year and of scenarios.", default=())
    tier: str | None = col("Links and plants that count; of a table none.", default=None)

    def _nested(self) -> dict[str, Any]:
        return {
            "indices": [
                {
                    **{column.name: column.of(index) for column in Index.COLUMNS},
                    "inputs": _INPUTS.records(index),
                }
                for index in self.indices
            ]
        }

    def of(self, method: str) -> tuple[Index, ...]:
        """Return the indices of a method, by its id."""
        return tuple(index for index in self.indices if index.method.id == method)

    def only(self, methods: Iterable[str]) -> IndexResult:
        """Return the same result with the indices of some methods alone.

        Parameters
        ----------
        methods : iterable of str
            Ids of methods, such as ``"n-1"``.

        Raises
        ------
        UnknownNameError
            If the result has no index of one.

        Examples
        --------
        >>> import supplynet as sn
        >>> [one.id for one in sn.indices(sn.load("tutorial")).only(["n-1"]).methods]
        ['n-1']
        """
        names = [method.id for method in self.methods]
        wanted = list(methods)
        for name in wanted:
            if name not in names:
                raise UnknownNameError(
                    f"there is no index {name!r} here; there are {', '.join(names)}",
                    hint=did_you_mean(name, names),
                )
        indexes = tuple(index for index in self.indices if index.method.id in wanted)
        return replace(self, indices=indexes)

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods used, each once."""
        return tuple(dict.fromkeys(index.method for index in self.indices))


def _worst(method: Method, answer: IndexResult) -> float | None:
    """Return the most alarming value of a method; None where none is known."""
    names = (index.value for index in answer.of(method.id) if index.value is not None)
    worst: float | None = method.alarming(names, default=None)
    return worst


def _missed(answer: IndexResult) -> float | None:
    """Return how many benchmarks are missed; None where none can be judged."""
    judged = [index.passes for index in answer.indices if index.passes is not None]
    return float(judged.count(False)) if judged else None


@question(
    "indices",
    title="",
    together="",
    metrics={
        **{method.metric: partial(_worst, method) for method in METHODS.values() if method.metric},
        "missed": _missed,
    },
    judged=lambda answer: {"": answer},
)
def indices(case: Case, query: Query) -> IndexResult:
    """Return the published indices of a graph: concentration, N-1, EU supply risk, benchmarks.

    Concentration and supply risk are of shares within a stage, in the stage's own tonnes. N-1
    and the benchmarks set a stage beside what nations ask for: there its tonnes are carried to
    the end by the yields of the way, and links tell which ore a plant may get. Ranges are those of
    capacities, recoveries, demand and parameters, each between its ends; products are as built,
    with their central contents.

    Returns
    -------
    IndexResult

    Raises
    ------
    UnknownNameError
        If an element or a scenario is not there.
    DataError
        If the graph knows only what crossed borders.
    TableError
        If rows of the graph name something that is not there.
    OptionError
        If the year lies outside the graph, or a word is not allowed.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.indices(sn.load("tutorial"))
    >>> mines = found.of("hhi")[0]
    >>> mines.subject, round(mines.value)
    ('Mine, by location', 5102)
    """
    from supplynet.analysis.indices.ask import indices_of
    from supplynet.analysis.indices.risk import Parameters
    from supplynet.analysis.provenance import provenance_of
    from supplynet.analysis.question import ask, joined
    from supplynet.network.tiers import floors, tier_name

    counted = floors(query.links, query.plants, query.tier)
    floor = {"links": counted.links, "plants": counted.plants}
    request = ask(case.net, to="all", year=query.year, scenario=query.scenario, **floor)
    given = tuple(query.parameters)
    parameters = Parameters.of(request.net, given)
    country = parameters.require_place(joined(query.to))
    element = None if query.element is None else joined(query.element)
    values: dict[str, Any] = {"element": element, "basis": query.basis}
    indexes = indices_of(
        request.net, request.year, counted, **values, known=parameters, place=country
    )
    options = {
        "element": element,
        "year": request.year,
        "to": country,
        "basis": query.basis,
        **floor,
        # no table has these, so that nothing is looked up in one
        **({"given": [row.indicator for row in given]} if given else {}),
    }
    return IndexResult(
        title=f"Published indices of {request.net.metadata.title}, {request.year}, "
        f"{tier_name(counted)}",
        indices=tuple(indexes),
        provenance=provenance_of(options, net=request.net),
        notes=request.notes,
        tier=tier_name(counted),
        evidence=partial(solved_anew, _OPEN),
    )


@sentence(IndexResult)
def say(answer: IndexResult) -> str:
    """Return the indices in a line each, with their ranges."""
    lines = [answer.title]
    for index in answer.indices:
        of = ", ".join(piece for piece in (index.place, index.element, index.subject) if piece)
        lines.append(f"  {index.title} ({of}, {index.year}): {index.told}")
    return "\n".join(lines)
