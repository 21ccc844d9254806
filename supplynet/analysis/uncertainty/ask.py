"""The question of a study of draws, checked and worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import joined
from supplynet.analysis.uncertainty.asked import KINDS
from supplynet.analysis.uncertainty.folder import Folder, Raw
from supplynet.analysis.uncertainty.plan import BASE, Plan, Prepared, in_order
from supplynet.analysis.uncertainty.shapes import BATCH
from supplynet.analysis.uncertainty.study import (
    LOOKED_AT,
    DriverRow,
    Study,
    WorthRow,
    chances,
    differences,
    figures,
    leading,
    stability,
    tornado,
    worth_of_knowing,
)
from supplynet.analysis.words import takes
from supplynet.errors import OptionError
from supplynet.network.scenario.scenario import scenario_list
from supplynet.solve.check import worst
from supplynet.terms import DRAWN, SPREADS, one_of

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from supplynet.analysis.uncertainty.programs import Answered
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import ScenarioLike

#: coverages whose chance is reported where none are asked for
LEAST = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0)
#: draws at the most, and how well P10 and P90 must be known to stop before
DRAWS, UNTIL = 4096, 0.01
# draws of the smallest batch: of fewer nothing is reported
_FEWEST = 32
#: draws of a first page: one batch, and a small one of what is asked of the graph of each draw
FIRST_DRAWS = {of: _FEWEST if of in KINDS else BATCH for of in DRAWN}


@takes()
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
    method: str = "lhs",
    policy: bool = False,
    least: Iterable[float] = LEAST,
    options: Mapping[str, Any] | None = None,
    drivers: bool = True,
    folder: str | Path | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Study:
    """How sure is an answer, when every figure behind it is drawn from what is known of it?

    Capacities, links, needs, recoveries and scrap are drawn between their ends, from the
    distributions that the graph declares (the table uncertainty, and ``shapes`` by confidence);
    plants stop, projects are late or never come. What shares a country, an owner, a technology or
    a source moves together. Every draw is one linear program with its certificate. It is asked on
    the tier ``operating`` unless stated otherwise, for on links that are merely possible hardly
    anything is unsure.

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str
        Selector of the nation or bloc that is asked for.
    of : {"potential", "balance", "flow", "bypass", "chokepoints", "interdict", "contested", \
"survive", "indices"}
        What is asked of every draw. A potential, or a balance of all nations together, is one
        program whose figures change from draw to draw; anything else is asked of the graph of each
        draw, which takes longer.
    year : int or iterable of int, optional
        Default: that of today. Several share their draws.
    scenario : mapping of str to scenario, optional
        By name, what is applied, None for nothing; all share their draws.
    draws : int
        At the most; rounded up to whole batches of 256. Fewer are one batch of the next power of
        two, 32 at least, where no folder keeps it.
    until : float or None
        Stop before, once P10 and P90 of the first figure are known to this part of the median, at
        95 %. None draws all.
    seed : int
        The same seed gives the same draws, whoever works them out.
    method : {"lhs", "sobol", "random"}
        Latin hypercubes, scrambled Sobol points or plain random numbers. Sobol points are the more
        even for a few dozen inputs; of hundreds, a batch has pairs that go together.
    policy : bool
        Whether controls of the table uncertainty are drawn, too.
    least : iterable of float
        Coverages whose chance is reported.
    options : mapping of str to object, optional
        Words of the analysis that is asked of every draw, such as ``{"element": "Dy"}`` for flow,
        bypass and chokepoints, or ``{"shock": "full-stop-6"}`` for survive.
    drivers : bool
        Whether it is reported what drives the spread, and what would narrow it if it were looked
        up.
    folder : path, optional
        Where the study is kept: plan, inputs, a file a batch, and a manifest when it is done. What
        is there already is not drawn again; killed at any moment, it goes on from there and ends
        with the same bytes.
    workers : int
        Processes of this machine. The study is the same for any number of them.
    executor : Executor, optional
        Whoever works instead: any executor of ``concurrent.futures``, such as that of a Dask
        client (``client.get_executor()``).
    progress : callable, optional
        Called with the draws that are done and those asked for, batch by batch.

    Returns
    -------
    Study

    Raises
    ------
    DataError
        If the graph does not say how its figures are drawn, or says what no distribution can be.
        Also if the folder holds another study: of another graph, question or version.
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
    >>> asked = {"to": "MLT", "avoid": "ISL", "year": 2026, "tier": "possible"}
    >>> study = sample(sn.load("tutorial"), **asked, draws=256)
    >>> [(row.product, round(row.p10, 3), round(row.p90, 3)) for row in study.figures[:1]]
    [('goods', 0.25, 0.25)]
    """
    if draws < 1:
        raise OptionError(f"draws must be at least 1, not {draws}")
    if until is not None and not until > 0.0:
        raise OptionError(f"until must be above 0, not {until:g}", hint="None draws all")
    # as Sobol points want them a power of two, which hold some
    few = min(BATCH, max(_FEWEST, 1 << (draws - 1).bit_length()))
    given = (scenario or {BASE: None}).items()
    plan = Plan(
        net=net,
        of=one_of(of, DRAWN, "of"),
        words={
            "to": joined(to),
            "avoid": None if avoid is None else joined(avoid),
            "links": links,
            "plants": plants,
            "tier": tier,
            "lens": lens,
        },
        years=(year,) if year is None or isinstance(year, int) else tuple(dict.fromkeys(year)),
        scenarios=tuple((name, tuple(scenario_list(some))) for name, some in given),
        seed=seed,
        method=one_of(method, SPREADS, "method"),
        policy=policy,
        options=dict(options or {}),
        batch=few if folder is None else BATCH,
    )
    prepared = Prepared(plan)
    if not prepared.outputs:
        raise OptionError(
            f"{of} with the central figures states nothing, so that nothing can be drawn of it",
            hint='ask for something else, such as of="potential", or of another nation or element',
        )
    kept = None if folder is None else Folder(Path(folder), prepared)
    n_batches = -(-draws // plan.batch)
    with Raw() as raw:
        # In the order of their numbers, whoever is done first: where the study stops must not
        # depend on which worker was quick.
        for batch in _batches(prepared, n_batches, kept, workers, executor):
            raw.add(batch)
            if progress is not None:
                progress(raw.n_batches * plan.batch, n_batches * plan.batch)
            if until is not None and raw.is_known(until):
                break
        if kept is not None:
            kept.finish(raw.n_batches)
        return study_of(prepared, raw, tuple(least), drivers=drivers)


def _batches(
    prepared: Prepared,
    n_batches: int,
    kept: Folder | None,
    workers: int,
    executor: Executor | None,
) -> Iterator[Answered]:
    """Yield batches in order: those that a folder holds, and the others as they are worked out."""
    held = [kept is not None and kept.holds(number) for number in range(n_batches)]
    missing = (number for number, is_held in enumerate(held) if not is_held)
    worked = in_order(prepared, missing, workers=workers, executor=executor)
    try:
        for number, is_held in enumerate(held):
            if kept is not None and is_held:
                yield kept.batch(number)
                continue
            batch = next(worked)
            if kept is not None:
                kept.keep(batch)
            yield batch
    finally:
        worked.close()


def study_of(
    prepared: Prepared, raw: Raw, least: tuple[float, ...], *, drivers: bool = True
) -> Study:
    """Return what some batches of draws tell."""
    plan, centre, strand = prepared.plan, prepared.central(), prepared.strands[0]
    question, values, outputs = strand.questions[0], raw.values(), prepared.outputs
    checked, central = worst((centre.certificate, raw.certificate)), centre.values[0]
    told = {name: getattr(plan, name) for name in ("of", "seed", "method", "policy")}
    told |= {"options": dict(plan.options), "draws": raw.n_batches * plan.batch}
    told |= {"years": [one.year for one in strand.questions]}
    told |= {"strands": [name for name, _ in plan.scenarios]}
    tornadoes, worth = list[DriverRow](), list[WorthRow]()
    if drivers and strand.inputs.rows and strand.outputs:
        # What drives the leading figure and what would narrow it, year by year: the first of its
        # kind in the first strand that moves in the draws.
        n_batches = min(values.shape[0], -(-LOOKED_AT // plan.batch))
        at = np.concatenate([prepared.points_of(0, number) for number in range(n_batches)])
        lead = strand.outputs[leading(outputs, values)]
        for index, output in enumerate(strand.outputs):
            if output._replace(year=lead.year) == lead:
                looked = strand.inputs, at, values[:n_batches, :, index].ravel(), output.year
                tornadoes += tornado(*looked)
                worth += worth_of_knowing(*looked)
    return Study(
        question=question,
        measure=plan.of,
        method=plan.method,
        seed=plan.seed,
        figures=tuple(figures(outputs, values, central)),
        chances=tuple(chances(outputs, values, central, least)),
        differences=tuple(differences(outputs, values)),
        drivers=tuple(tornadoes),
        worth=tuple(worth),
        stability=tuple(stability(outputs, values, central)),
        outputs=outputs,
        inputs=prepared.rows,
        values=values,
        least=least,
        n_programs=raw.n_programs,
        certificate=checked if checked.checks else None,
        provenance=provenance(question, **told),
    )
