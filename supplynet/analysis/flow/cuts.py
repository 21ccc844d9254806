"""All sets of limits that hold a nation's supply back, and what no plan can leave out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.flow import Bottleneck, bottlenecks, solve_question
from supplynet.analysis.provenance import Provenance, provenance
from supplynet.analysis.question import Question, ask
from supplynet.errors import OptionError
from supplynet.network.notebook import Shown
from supplynet.network.units import one_element
from supplynet.solve.flow.cut_structure import cut_structure
from supplynet.text import tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.file import ScenarioLike


@dataclass(frozen=True)
class CutsResult(Shown):
    """All sets of limits that together let through exactly what can arrive.

    Parameters
    ----------
    question : Question
    element : str
    value : float
        t/yr that can arrive, and that each set lets through.
    unit : str
    sets : tuple of tuple of Bottleneck
        Distinct sets, the one nearest to the mines first; no more than were asked for.
    is_complete : bool
        Whether these are all.
    in_every : tuple of Bottleneck
        Limits in every set: raising any one of them lets more arrive.
    in_some : tuple of Bottleneck
        Limits in at least one set.
    nearest_nation : tuple of Bottleneck
        The set nearest to the nation.
    provenance : Provenance
    """

    question: Question
    element: str
    value: float
    unit: str
    sets: tuple[tuple[Bottleneck, ...], ...]
    is_complete: bool
    in_every: tuple[Bottleneck, ...]
    in_some: tuple[Bottleneck, ...]
    nearest_nation: tuple[Bottleneck, ...]
    provenance: Provenance

    @property
    def nearest_mines(self) -> tuple[Bottleneck, ...]:
        """The set nearest to the mines."""
        return self.sets[0]

    def summary(self) -> str:
        """Return in a sentence how many sets there are and what they share."""
        more = "" if self.is_complete else "at least "
        sets = "set" if len(self.sets) == 1 else "sets"
        return (
            f"{more}{len(self.sets)} {sets} of limits each let through exactly "
            f"{tonnes(self.value)} {self.unit} of {self.element} to {self.question.to_name} in "
            f"{self.question.year}; {len(self.in_every)} of {len(self.in_some)} limits are in "
            "every one."
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row a limit: its set and what it lets through."""
        import pandas as pd

        names = list(Bottleneck.__slots__)
        rows = [
            [number, *(getattr(member, name) for name in names)]
            for number, members in enumerate(self.sets, 1)
            for member in members
        ]
        return pd.DataFrame(rows, columns=["set", *names])

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""

        def told(members: tuple[Bottleneck, ...]) -> list[dict[str, Any]]:
            return [asdict(member) for member in members]

        return {
            "question": self.question.to_dict(),
            "element": self.element,
            "value": self.value,
            "unit": self.unit,
            "n_sets": len(self.sets),
            "is_complete": self.is_complete,
            "sets": [told(members) for members in self.sets],
            "in_every": told(self.in_every),
            "in_some": told(self.in_some),
            "nearest_mines": told(self.nearest_mines),
            "nearest_nation": told(self.nearest_nation),
            "provenance": self.provenance.to_dict(),
        }


def min_cuts(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = None,
    avoid: str | Iterable[str] | None = None,
    year: int | None = None,
    links: str | None = None,
    plants: str | None = None,
    tier: str | None = None,
    lens: str = "location",
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = None,
    limit: int = 100,
) -> CutsResult:
    """Which sets of plants, links and corridors hold a nation's supply back?

    Parameters
    ----------
    net, to, element, avoid, year, links, plants, tier, lens, scenario
        As in :func:`supplynet.max_flow`.
    limit : int
        The most sets to list; what is in every one does not depend on it.

    Returns
    -------
    CutsResult

    Raises
    ------
    UnknownNameError
        If a selector or element names nothing.
    OptionError
        If an option's value is not allowed.

    Notes
    -----
    Picard and Queyranne (1980), see :mod:`supplynet.solve.flow.cut_structure`.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = min_cuts(sn.load("tutorial"), to="MLT", element="Nd")
    >>> all(abs(sum(one.capacity for one in each) - found.value) < 1e-6 for each in found.sets)
    True
    """
    if limit < 1:
        raise OptionError(f"limit must be at least 1, not {limit}")
    question = ask(
        net,
        to=to,
        avoid=avoid,
        year=year,
        links=links,
        plants=plants,
        tier=tier,
        lens=lens,
        scenario=scenario,
    )
    wanted = one_element(question.net, element, "min_cuts")
    solved = solve_question(question, wanted)
    found = cut_structure(solved.problem, solved.solution, limit=limit)
    return CutsResult(
        question=question,
        element=wanted,
        value=solved.value,
        unit=solved.graph.unit,
        sets=tuple(bottlenecks(solved, cut) for cut in found.cuts),
        is_complete=found.is_complete,
        in_every=bottlenecks(solved, found.in_every),
        in_some=bottlenecks(solved, found.in_some),
        nearest_nation=bottlenecks(solved, found.nearest_sink),
        provenance=provenance(question, element=wanted),
    )
