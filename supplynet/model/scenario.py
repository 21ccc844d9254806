"""Scenarios: named, sourced changes to a network that compose.

A scenario file is TOML::

    title = "Refining stops"
    description = "No plant of the dominant supplier refines any more."

    [[change]]
    verb = "close"                  # close, open, scale, set or redate
    nodes = "CHN:refiner"           # a selector; or links = {...}, or rules = "id,id"
    from_year = 2026                # optional: the change holds from this year on
    reason = "what-if"
    source_ids = ["some-source"]

    [[change]]
    verb = "scale"
    links = {source = "node:kuantan-lamp", target = "JPN", form = "oxide"}
    factor = 0.5

    [[change]]
    verb = "charge"                 # on links, or with kind = "processing" at nodes
    links = {source = "CHN", target = "USA", form = "magnet"}
    kind = "tariff"                 # or tax, freight, premium
    amount = 0.25
    unit = "share"                  # of the market price; or a unit, then dollars for a tonne of it
    from_year = 2026                # optional, and so is end_year, the last year

    [[change]]
    verb = "price"                  # multiplies what these nodes pay for what travels in the form
    nodes = "KOR"
    form = "magnet"
    item = "magnet-traction"        # optional: one product or element
    factor = 1.5
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from supplynet.errors import OptionError, TableError, UnknownNameError
from supplynet.model.problems import Problem, did_you_mean, raise_problems
from supplynet.model.schema import ChargeKind, Status

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork

Verb = Literal["close", "open", "scale", "set", "redate", "charge", "price"]
#: verbs that add a row of money: they change nothing that is there, so that their order is free
MONEY_VERBS = frozenset({"charge", "price"})


class LinkSelector(BaseModel):
    """Which links a change is about: from these nodes, to those, carrying this form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = "all"
    target: str = "all"
    form: str | None = None


class Change(BaseModel):
    """One change to nodes, named links or link rules.

    Exactly one of ``nodes``, ``links`` and ``rules`` says what changes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    verb: Verb
    nodes: str | None = None
    links: LinkSelector | None = None
    rules: str | None = None
    from_year: int | None = Field(default=None, ge=1800, le=2200)
    factor: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    capacity: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    unit: str | None = None
    start_year: int | None = Field(default=None, ge=1800, le=2200)
    end_year: int | None = Field(default=None, ge=1800, le=2200)
    status: Status = "operating"
    kind: ChargeKind | None = None
    amount: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    form: str | None = None
    item: str = "all"
    group: str = "all"
    reason: str = ""
    source_ids: tuple[str, ...] = ()

    @property
    def is_money(self) -> bool:
        """Whether it adds a charge or a price factor, which any order of changes allows."""
        return self.verb in MONEY_VERBS

    @model_validator(mode="after")
    def _is_complete(self) -> Change:
        if sum(item is not None for item in (self.nodes, self.links, self.rules)) != 1:
            raise ValueError("name exactly one of nodes, links and rules")
        if self.verb == "scale" and self.factor is None:
            raise ValueError("verb scale needs factor")
        if self.verb == "set" and self.capacity is None:
            raise ValueError("verb set needs capacity")
        if self.verb == "redate" and self.start_year is None and self.end_year is None:
            raise ValueError("verb redate needs start_year or end_year")
        if self.verb == "open" and self.nodes is None:
            raise ValueError("verb open is for nodes: write nodes = ...")
        if self.is_money:
            self._is_complete_money()
        return self

    def _is_complete_money(self) -> None:
        """Refuse a charge or a price that does not say how much, on what."""
        if self.verb == "price" and (self.factor is None or None in (self.nodes, self.form)):
            raise ValueError("verb price needs nodes (who buys), form and factor")
        if self.verb == "charge" and None in (self.kind, self.amount, self.unit):
            raise ValueError("verb charge needs kind, amount and unit")
        if self.verb == "charge" and (
            self.rules is not None or (self.kind == "processing") != (self.nodes is not None)
        ):
            raise ValueError("verb charge needs links = {...}, or for kind processing nodes = ...")


class Scenario(BaseModel):
    """A named list of changes.

    Parameters
    ----------
    name : str
        Id, by default the file's name.
    title, description : str
        What is assumed, in words.
    change : tuple of Change
        Applied in order.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str = ""
    description: str = ""
    change: tuple[Change, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, name: str, file: str = "") -> Scenario:
        """Validate the content of a scenario file.

        Raises
        ------
        TableError
            Every problem at once, with its place in the file.
        """
        try:
            return cls.model_validate({"name": name, **data})
        except ValidationError as error:
            problems = [
                Problem(
                    "scenario-format",
                    item["msg"].removeprefix("Value error, "),
                    file=file or name,
                    column=".".join(str(part) for part in item["loc"]),
                    value="" if isinstance(item["input"], dict) else str(item["input"])[:80],
                    hint=_key_hint(item),
                )
                for item in error.errors()
            ]
            raise_problems(problems, TableError, what=f"scenario {name}")
            raise  # unreachable: a ValidationError holds at least one problem


def _key_hint(item: Any) -> str:
    if item["type"] != "extra_forbidden":
        return ""
    model = Change if item["loc"][0] == "change" else Scenario
    return did_you_mean(str(item["loc"][-1]), model.model_fields)


#: what joins scenarios that hold at once; that of ``1e+3`` belongs to a number
_AND = re.compile(r"(?<![0-9][eE])\+|,")


def split_joined(text: str) -> list[str]:
    """Return the names of scenarios that a text joins by ``+`` or commas.

    Examples
    --------
    >>> split_joined("late + dear:price=1e+3")
    ['late', 'dear:price=1e+3']
    """
    return [word.strip() for word in _AND.split(text) if word.strip()]


def find_scenario(net: SupplyNetwork, name: str) -> Scenario:
    """Return one of the graph's scenarios by name.

    Raises
    ------
    UnknownNameError
        If the graph has none of that name; near names are suggested.
    """
    if name not in net.scenarios:
        known = ", ".join(sorted(net.scenarios)) or "none"
        raise UnknownNameError(
            f"{net.name} has no scenario {name!r}; it has {known}",
            hint=did_you_mean(name, net.scenarios),
        )
    return net.scenarios[name]


def apply_scenarios(net: SupplyNetwork, scenarios: Sequence[str | Scenario]) -> SupplyNetwork:
    """Return the network changed by scenarios, whose order does not matter.

    Raises
    ------
    UnknownNameError
        If a name is not among the graph's scenarios.
    OptionError
        If two scenarios change the same thing in ways that do not commute; both are named. If
        one was applied before.
    """
    from supplynet.model.changes import apply_change, touched

    chosen = [find_scenario(net, one) if isinstance(one, str) else one for one in scenarios]
    unique = {scenario.name: scenario for scenario in chosen}
    if len(unique) < len({id(scenario) for scenario in chosen}):
        raise OptionError("two scenarios share a name", hint="give each its own name")
    for name in sorted(unique.keys() & set(net.applied)):
        raise OptionError(f"scenario {name!r} is applied already", hint="start from the base graph")
    ordered = [unique[name] for name in sorted(unique)]
    seen: dict[tuple[str, str], list[tuple[str, Change]]] = {}
    for scenario in ordered:
        for change in scenario.change:
            things = list(touched(net, change))
            if not things:
                raise UnknownNameError(
                    f"scenario {scenario.name!r}: no link is meant by {change.links}",
                    hint="widen source, target or form",
                )
            for thing in things:
                others = seen.setdefault(thing, [])
                for name, other in others:
                    if name != scenario.name and not _commute(other, change):
                        raise OptionError(
                            f"scenarios {name!r} and {scenario.name!r} clash: one would "
                            f"{other.verb}, the other {change.verb} the {thing[0]} {thing[1]}",
                            hint="apply one of them, or write a scenario that says what holds",
                        )
                others.append((scenario.name, change))
    changed = net
    for scenario in ordered:
        for change in scenario.change:
            changed = apply_change(changed, change)
    names = tuple(sorted({*net.applied, *unique}))
    return changed.replace(applied=names)


def _commute(one: Change, other: Change) -> bool:
    """Whether the order of two changes to one thing does not matter."""
    if one.is_money or other.is_money:
        return True
    if (one.links is None) != (other.links is None):
        return False  # closing some links of a rule leaves rules of other names
    if {one.verb, other.verb} <= {"scale", "close"}:
        return one.from_year is None or other.from_year is None or one.verb == other.verb
    fields = ("verb", "from_year", "factor", "capacity", "unit", "start_year", "end_year", "status")
    return all(getattr(one, field) == getattr(other, field) for field in fields)
