"""The question of a study of draws, checked and worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import joined
from supplynet.analysis.uncertainty.plan import BASE, MEASURES, Batch, Plan, Prepared
from supplynet.analysis.uncertainty.points import BATCH, METHODS
from supplynet.analysis.uncertainty.statistics import spread
from supplynet.analysis.uncertainty.study import Study
from supplynet.errors import OptionError
from supplynet.network.scenario.file import scenario_list
from supplynet.solve.check import worst
from supplynet.terms import one_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.file import ScenarioLike
    from supplynet.network.scenario.scenario import Scenario

#: coverages whose chance is told where none are asked for
LEAST = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0)
#: draws at the most, and how well P10 and P90 must be known to stop before
DRAWS, UNTIL = 4096, 0.01
# batches before the stop rule is asked: fewer say too little of how much they differ
_FIRST = 8


def sample(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    of: str = "potential",
    avoid: str | Iterable[str] | None = None,
    year: int | Iterable[int] | None = None,
    links: str | None = None,
    plants: str | None = None,
    tier: str | None = None,
    lens: str = "location",
    scenario: Mapping[str, ScenarioLike | Iterable[ScenarioLike] | None] | None = None,
    draws: int = DRAWS,
    until: float | None = UNTIL,
    seed: int = 0,
    method: str = "sobol",
    policy: bool = False,
    least: Iterable[float] = LEAST,
) -> Study:
    """How sure is an answer, when every figure behind it is drawn from what is known of it?

    Capacities, links, needs, recoveries and scrap are drawn between their ends, from the
    distributions that the graph declares (the table uncertainty, and ``shapes`` by confidence);
    plants stop, projects are late or never come. What shares a country, an owner, a technology or
    a source moves together. Every draw is one linear program with its certificate.

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str
        Selector of the nation or bloc that is asked for.
    of : {"potential"}
        What is asked of every draw.
    avoid, links, plants, tier, lens
        As in :func:`supplynet.potential`.
    year : int or iterable of int, optional
        Default: the graph's base year. Several share their draws.
    scenario : mapping of str to scenario, optional
        By name, what is applied, None for nothing; all share their draws.
    draws : int
        At the most; rounded up to whole batches of 256.
    until : float or None
        Stop before, once P10 and P90 of the first figure are known to this part of the median, at
        95 %. None draws all.
    seed : int
        The same seed gives the same draws, whoever works them out.
    method : {"sobol", "lhs", "random"}
        Scrambled Sobol points, Latin hypercubes or plain random numbers.
    policy : bool
        Whether controls of the table uncertainty are drawn, too.
    least : iterable of float
        Coverages whose chance is told.

    Returns
    -------
    Study

    Raises
    ------
    DataError
        If the graph does not say how its figures are drawn, or says what no distribution can be.
    UnknownNameError
        If a selector or scenario names nothing.
    OptionError
        If a word is not allowed.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    No figure of the tutorial has a range, so that all draws are alike:

    >>> import supplynet as sn
    >>> study = sample(sn.load("tutorial"), to="MLT", avoid="ISL", year=2026, draws=256)
    >>> [(row.product, round(row.p10, 3), round(row.p90, 3)) for row in study.figures[:1]]
    [('goods', 0.25, 0.25)]
    """
    if draws < 1:
        raise OptionError(f"draws must be at least 1, not {draws}")
    if until is not None and not until > 0.0:
        raise OptionError(f"until must be above 0, not {until:g}", hint="None draws all")
    plan = Plan(
        net=net,
        of=one_of(of, MEASURES, "of"),
        words={
            "to": joined(to),
            "avoid": None if avoid is None else joined(avoid),
            "links": links,
            "plants": plants,
            "tier": tier,
            "lens": lens,
        },
        years=(year,) if year is None or isinstance(year, int) else tuple(dict.fromkeys(year)),
        scenarios=tuple(_scenarios(scenario)),
        seed=seed,
        method=one_of(method, METHODS, "method"),
        policy=policy,
    )
    prepared = Prepared(plan)
    batches: list[Batch] = []
    for number in range(-(-draws // BATCH)):
        batches.append(prepared.batch(number))
        if until is not None and is_known(batches, until):
            break
    return study_of(prepared, batches, tuple(least))


def is_known(batches: list[Batch], until: float) -> bool:
    """Whether P10 and P90 of the first figure are known well enough to stop."""
    if len(batches) < _FIRST:
        return False
    precision = spread(np.stack([batch.values[:, 0] for batch in batches])).precision
    return precision is not None and precision <= until


def study_of(prepared: Prepared, batches: list[Batch], least: tuple[float, ...]) -> Study:
    """Return what some batches of draws tell."""
    plan, centre = prepared.plan, prepared.central()
    question = prepared.strands[0].questions[0]
    options: dict[str, Any] = {
        "of": plan.of,
        "years": [one.year for one in prepared.strands[0].questions],
        "draws": len(batches) * BATCH,
        "seed": plan.seed,
        "method": plan.method,
        "policy": plan.policy,
        "strands": [name for name, _ in plan.scenarios],
    }
    return Study(
        question=question,
        measure=plan.of,
        outputs=prepared.outputs,
        inputs=prepared.rows,
        values=np.stack([batch.values for batch in batches]),
        central=centre.values[0],
        least=least,
        method=plan.method,
        seed=plan.seed,
        n_kept=sum(batch.n_kept for batch in batches),
        n_programs=sum(batch.n_programs for batch in batches),
        certificate=worst([centre.certificate, *(batch.certificate for batch in batches)]),
        provenance=provenance(question, **options),
    )


def _scenarios(
    given: Mapping[str, ScenarioLike | Iterable[ScenarioLike] | None] | None,
) -> Iterable[tuple[str, tuple[str | Scenario, ...]]]:
    """Yield each scenario by name with what is applied."""
    for name, some in (given or {BASE: None}).items():
        yield name, () if some is None else tuple(scenario_list(some))
