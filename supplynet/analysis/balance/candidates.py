"""What can be lost at once: plants, links, countries or owners, as variables of the balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.rows import Label
from supplynet.analysis.balance.tables import describe
from supplynet.analysis.losses import groups_of, shut_by, told
from supplynet.analysis.question import selector_name
from supplynet.arrays import Ints32
from supplynet.network.schema import Edge

if TYPE_CHECKING:
    from supplynet.analysis.arrays.skeleton import Arc
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.question import Question


@dataclass(frozen=True)
class Candidate:
    """Something that may be lost, and the variables that its loss holds at 0."""

    id: str
    name: str
    stage: str  #: of a plant or of a country's stage; the form of a link; else empty
    n_plants: int  #: open plants that are lost at once; 0 for a link
    columns: Ints32 = field(repr=False)


def candidates(
    model: Model,
    question: Question,
    by: str,
    lost: Iterable[str] | None = None,
    *,
    safe: frozenset[str] = frozenset(),
) -> list[Candidate]:
    """Return what can be lost in a balance; nations are never among it.

    `lost` are selectors in place of `by`, each lost as a whole; nodes in `safe`, and links at one
    of them, cannot be lost otherwise. A selector that names nations only is an OptionError.
    """
    variables = Variables(model)
    if lost is not None:
        return [_selected(variables, question, selector) for selector in lost]
    if by == "link":
        return _links(variables, safe)
    net = model.scope.net
    plants = [label for label in variables.plants if label not in safe]
    groups = []
    for key, together in groups_of(net, plants, by, question.lens).items():
        columns = variables.of_plants(sorted(together))
        groups.append(Candidate(*told(net, by, key), key[1], len(together), columns))
    return groups


class Variables:
    """The variables of a model by plant and by arc.

    The first part of a variable's key is the place of an arc or the label of a vertex.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.frame = model.scope.frame
        self.plants = [label for label in self.frame.nodes if not model.scope.is_nation(label)]
        self._of: dict[object, list[int]] = defaultdict(list)
        for column, (_, key) in enumerate(model.columns.keys):
            self._of[key[0]].append(column)

    def links(self) -> dict[Label, list[int]]:
        """Return the places of the arcs of each named link, and of each corridor as a whole."""
        arcs: dict[Label, list[int]] = defaultdict(list)
        for index, arc in enumerate(self.frame.arcs):
            arcs[_label(arc)].append(index)
        return arcs

    def of_arcs(self, arcs: Iterable[int]) -> Ints32:
        """Return what flows on some arcs."""
        return np.array(
            [column for arc in arcs for column in self._of.get(arc, ())], dtype=np.int32
        )

    def of_plants(self, plants: Iterable[str]) -> Ints32:
        """Return what happens in some plants and on every arc at them."""
        inside = [column for label in plants for column in self._of.get(label, ())]
        bounds = (self.frame.arcs_in, self.frame.arcs_out)
        # With a plant all that goes in and out is held at 0, for corridors let things pass that no
        # variable of the plant counts.
        arcs = {arc for label in plants for side in bounds for arc in side.get(label, ())}
        return np.concatenate([np.array(inside, dtype=np.int32), self.of_arcs(sorted(arcs))])


def _links(variables: Variables, safe: frozenset[str]) -> list[Candidate]:
    """Return the named links, and the corridors each as a whole, but none at a safe node."""
    links = []
    for label, places in variables.links().items():
        if any(
            safe & {variables.frame.arcs[index].tail, variables.frame.arcs[index].head}
            for index in places
        ):
            continue
        limit = describe(variables.model.scope, label)
        form = variables.frame.arcs[places[0]].form
        links.append(Candidate(limit.id, limit.name, form, 0, variables.of_arcs(places)))
    return links


def _label(arc: Arc) -> Label:
    """Return the label of the link that an arc belongs to, all of its contracts together."""
    if isinstance(arc.link, Edge):
        return "link", arc.tail, arc.head, arc.form, ""
    return "rule", arc.link.id


def _selected(variables: Variables, question: Question, text: str) -> Candidate:
    """Return the plants that a selector shuts; nations among them go on drawing."""
    selected = shut_by(question, text, question.net.nation_ids)
    plants = [label for label in variables.plants if label in selected]
    name = selector_name(question.net, text)
    return Candidate(text, name, "", len(plants), variables.of_plants(plants))
