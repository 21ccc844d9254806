"""What nations get in scenarios side by side, the worst covered served first: no flows.

Shares of a few nations take a fraction of the work of whole balances. They are what a first page
tells, what is firm before an answer that counts on more, and both ends of the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.balance.programs import Words
from supplynet.analysis.balance.spread import coverage_by_claim, ends_of, served_by_claim
from supplynet.analysis.balance.tables import served_by
from supplynet.analysis.provenance import provenance
from supplynet.analysis.scenarios_result import ContestedPart, ContestedRow, ScenariosResult
from supplynet.network.cache import cache_of
from supplynet.solve.check import worst
from supplynet.solve.lp.starts import Starts
from supplynet.solve.together import in_turn
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.analysis.question import Question
    from supplynet.analysis.scenario_sides import Sides
    from supplynet.solve.check import Certificate

#: by case, nation and form
ByForm = Mapping[tuple[str, str, str], tuple[float, float]]


def shares_of(sides: Sides) -> ScenariosResult:
    """Return what nations get in every case by form and product, and nothing else.

    Potentials, elements in products, arrivals and balances are empty.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.scenario_sides import sides_of
    >>> words = dict.fromkeys(("avoid", "links", "plants", "tier", "year", "scenario"))
    >>> sides = sides_of(sn.load("tutorial"), ["base"], to="MLT", lens="location", **words)
    >>> [(row.form, round(row.served)) for row in shares_of(sides).contested]
    [('goods', 938)]
    """
    first = sides.questions[0]
    words = _words(sides)
    contested: list[ContestedRow] = []
    products: list[ContestedPart] = []
    certificates: list[Certificate] = []
    cases = list(zip(sides.names, sides.of_all(), strict=True))
    for name, question in in_turn(cases, lambda case: f"All nations at once, {case[0]}"):
        near = cache_of(question.net)[_near(question)] = Starts()
        run, rows = served_by_claim(question, words, starts=near)
        certificates += run.certificates.values()
        products += [
            ContestedPart(name, row.nation, "product", row.product, row.demand, row.served)
            for row in rows
        ]
        contested += [
            ContestedRow(name, *claim, need, got, got, got, got / need)
            for claim, (need, got) in served_by(rows, lambda row: (row.nation, row.form)).items()
        ]
    return ScenariosResult(
        question=first,
        sides=sides,
        objective="fair",
        potentials=(),
        contested=tuple(contested),
        parts=tuple(products),
        arrivals=(),
        balances=(),
        is_certified=all(certificate.ok for certificate in certificates),
        certificate=worst(certificates),
        provenance=provenance(first),
    )


def data_ends(result: ScenariosResult) -> ByForm:
    """Return the coverage at the low and at the high ends of the data, 0 to 1.

    Known where the rule settles who gets what, as ``fair`` does; else empty.

    Examples
    --------
    >>> import supplynet as sn
    >>> result = sn.compare(sn.load("tutorial"), "base", to="MLT", element="Nd")
    >>> {key: tuple(round(end, 3) for end in ends) for key, ends in data_ends(result).items()}
    {('base', 'MLT', 'goods'): (0.781, 0.781)}
    """
    if result.objective != "fair":
        return {}
    words = _words(result.sides)
    ends: dict[tuple[str, str, str], tuple[float, float]] = {}
    for name, question in zip(result.cases, result.sides.of_all(), strict=True):
        # both ends have the variables and rows of the central figures
        near = cache_of(question.net).get(_near(question))
        low, high = (
            coverage_by_claim(question, words, end.name, starts=near) for end in ENDS.values()
        )
        # who asks for nothing at one end is served in full there
        ends |= {(name, *form): ends_of(low[form], high.get(form, 1.0)) for form in low}
    return ends


def _near(question: Question) -> tuple[str, ...]:
    """Return under which name a network keeps where the programs of its shares ended."""
    return ("starts of shares", question.links, question.plants)


def _words(sides: Sides) -> Words:
    """Return what is asked of a balance: the nations that are looked at alone."""
    return Words(
        objective="fair",
        elements=tuple(sides.networks[0].commodity.elements),
        basis=sides.basis,
        priority=(),
        exposed_to="",
        weights={},
        time_limit=sides.time_limit,
        told=frozenset(sides.questions[0].targets),
    )
