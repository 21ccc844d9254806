"""What a reader sees on pointing at a Sankey diagram: plants, tonnes, standing, sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from supplynet.draw.hover import largest, listed, source_line
from supplynet.draw.words import plain
from supplynet.network.timeline import capacities_in_force
from supplynet.text import tonnes as number

if TYPE_CHECKING:
    from supplynet.analysis.question import Question
    from supplynet.draw.streams.ledger import Stop

_STANDINGS = {
    "sure": "observed or contracted",
    "planned": "planned",
    "plausible": "merely plausible",
}
#: links between plants that are told
_MOST = 4


class Teller:
    """Tells of the parts of a panel.

    Parameters
    ----------
    question : Question
    unit : str
    """

    def __init__(self, question: Question, unit: str) -> None:
        self.question, self.net, self.unit = question, question.net, unit
        self.steps = capacities_in_force(question.net, question.year)

    def box(self, stop: Stop, stage: str) -> tuple[str, ...]:
        """Lines about a country at a stage."""
        lines = [f"{stop.title}, {stage}: {number(stop.through)} {self.unit}"]
        if stop.need:
            lines.append(f"needs {number(stop.need)} {self.unit}")
        if stop.is_estimated:
            lines.append("mostly from plants whose capacity is estimated")
        shown = largest(stop.members)
        rows = [self.steps.get(node, self.net.node(node)) for node, _ in shown]
        return listed(
            lines,
            (f"{self._name(node)}: {number(amount)} t" for node, amount in shown),
            len(stop.members),
            source_line(self.question, (s for row in rows for s in row.source_ids)),
        )

    def stream(
        self,
        ends: tuple[str, str],
        tonnes: float,
        kind: str,
        pairs: Mapping[tuple[str, str], float],
    ) -> tuple[str, ...]:
        """Lines about what goes from one box to another.

        Parameters
        ----------
        ends : tuple of str
            Titles of the boxes.
        tonnes : float
        kind : str
            Class of standing; another word for what is no link.
        pairs : mapping of (str, str) to float
            t/yr by tail and head of the links between plants.
        """
        lines = [f"{ends[0]} to {ends[1]}: {number(tonnes)} {self.unit}"]
        if kind in _STANDINGS:
            lines.append(_STANDINGS[kind])
        ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
        return listed(lines, self._links(ranked[:_MOST]), len(ranked))

    def _links(self, pairs: Iterable[tuple[tuple[str, str], float]]) -> Iterable[str]:
        for (tail, head), amount in pairs:
            yield f"{self._name(tail)} to {self._name(head)}: {number(amount)} t"

    def _name(self, node: str) -> str:
        return plain(self.net.node(node).name)
