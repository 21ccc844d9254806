"""The changes that a scenario is made of: one model a verb, and no key that a verb does not take.

Every verb but ``redate``, ``need`` and ``recover`` has a period, ``from_year`` to ``end_year``,
both counted in: without the first it holds from the beginning, without the second for good, and
what was before holds again after it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.schema import ChargeKind, DesignName, RelativeTo
from supplynet.network.schema.row import Tonnes
from supplynet.terms import LevelName, StandingName, StatusName, did_you_mean, must_be_one_of

_Year = Annotated[int, Field(ge=1800, le=2200)]


class LinkSelector(BaseModel):
    """Which links a change is about: from these nodes, to those, carrying this form.

    Links are those with a row of their own and those that rules stand for; ``named`` leaves out
    the latter.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    source: str = "all"
    target: str = "all"
    form: str | None = None
    named: bool = False


class _Change(BaseModel):
    """What every change says: why, and on what it rests."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    reason: str = ""
    source_ids: tuple[str, ...] = ()


class _Timed(_Change):
    """A change that holds in some years."""

    from_year: _Year | None = None
    end_year: _Year | None = None

    @model_validator(mode="after")
    def _is_in_order(self) -> _Timed:
        if None not in (self.from_year, self.end_year) and self.end_year < self.from_year:  # type: ignore[operator]
            raise ValueError(f"end_year {self.end_year} lies before from_year {self.from_year}")
        return self


class _Aimed(_Change):
    """A change to nodes, links or rules."""

    nodes: str | None = None
    links: LinkSelector | None = None
    rules: str | None = None

    @model_validator(mode="after")
    def _has_one_aim(self) -> _Aimed:
        if sum(aim is not None for aim in (self.nodes, self.links, self.rules)) != 1:
            raise ValueError("name exactly one of nodes, links and rules")
        return self


class Close(_Aimed, _Timed):
    """Nodes do not run, links and rules do not hold."""

    verb: Literal["close"]


class Open(_Timed):
    """Nodes run, from their own start on or from `from_year`."""

    verb: Literal["open"]
    nodes: str
    status: StatusName = "operating"


class Scale(_Aimed, _Timed):
    """Capacities are multiplied; of a link without a limit, what was observed on it."""

    verb: Literal["scale"]
    factor: Tonnes


class Set(_Aimed, _Timed):
    """Nodes, links and rules have another capacity; links and rules another standing."""

    verb: Literal["set"]
    capacity: Tonnes | None = None
    unit: str | None = None
    standing: StandingName | None = None

    @model_validator(mode="after")
    def _sets_something(self) -> Set:
        if self.standing is not None and self.nodes is not None:
            raise ValueError("standing is set of links and rules, nodes have a status: verb open")
        if self.capacity is None and self.standing is None:
            raise ValueError("verb set needs capacity, or of links and rules standing")
        if self.unit is not None and self.capacity is None:
            raise ValueError("verb set takes unit with a capacity only")
        return self


class Redate(_Aimed):
    """Nodes, links and rules begin or end in another year."""

    verb: Literal["redate"]
    start_year: _Year | None = None
    end_year: _Year | None = None

    @model_validator(mode="after")
    def _has_a_year(self) -> Redate:
        if self.start_year is None and self.end_year is None:
            raise ValueError("verb redate needs start_year or end_year")
        return self


class ChargeChange(_Timed):
    """A tariff, tax, freight or premium on links, or a cost of processing at nodes."""

    verb: Literal["charge"]
    nodes: str | None = None
    links: LinkSelector | None = None
    kind: ChargeKind
    amount: Tonnes
    unit: str
    form: str | None = None
    group: str = "all"

    @model_validator(mode="after")
    def _has_one_aim(self) -> ChargeChange:
        is_at_nodes = self.nodes is not None
        if is_at_nodes == (self.links is not None) or is_at_nodes != (self.kind == "processing"):
            raise ValueError("verb charge needs links = {...}, or for kind processing nodes = ...")
        if self.links is not None and self.links.named:
            raise ValueError("a charge is on every link: leave named out")
        return self


class PriceChange(_Timed):
    """What some nations pay for what travels in a form is multiplied."""

    verb: Literal["price"]
    nodes: str
    form: str
    factor: Tonnes
    item: str = "all"


class NeedChange(_Change):
    """What some nations ask for of a product, or of all, is multiplied, in every year."""

    verb: Literal["need"]
    nodes: str
    product: str = "all"
    factor: Tonnes


class RecoverChange(_Change):
    """Plants pass on another part of an element, of a group or of all that they take in."""

    verb: Literal["recover"]
    nodes: str
    group: str = "all"
    recovery: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Redesign(_Change):
    """Products may hold as little of what is scarce as their low ends, or hold their high ends."""

    verb: Literal["redesign"]
    product: str = "all"
    design: DesignName = "redesigned"


class Add(_Timed):
    """A row of any table, before all other changes; the years are those of the row."""

    verb: Literal["add"]
    table: str
    row: dict[str, Any]


class Restrict(_Timed):
    """Some elements are held back at a border, and products that hold them."""

    verb: Literal["restrict"]
    links: LinkSelector
    elements: tuple[str, ...] = ()
    withheld: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    relative_to: RelativeTo = "need"

    @model_validator(mode="after")
    def _is_on_every_link(self) -> Restrict:
        if self.links.named:
            raise ValueError("a restriction is on every link: leave named out")
        return self


class CapChange(_Timed):
    """A burden of the table intensities is limited at some plants together."""

    verb: Literal["cap"]
    nodes: str
    burden: str
    amount: Tonnes
    level: LevelName = "central"


AimedChange: TypeAlias = Close | Open | Scale | Set | Redate
MoneyChange: TypeAlias = ChargeChange | PriceChange
BorderChange: TypeAlias = Restrict | CapChange
TableChange: TypeAlias = NeedChange | RecoverChange | Redesign
#: one change of a scenario
Change: TypeAlias = AimedChange | MoneyChange | BorderChange | TableChange | Add
AnyChange = Annotated[Change, Field(discriminator="verb")]

#: the model of each verb
VERBS: dict[str, type[_Change]] = {
    get_args(model.model_fields["verb"].annotation)[0]: model for model in get_args(Change)
}
#: why a verb does not take a key that others do
_WHY_NOT = {
    ("redate", "from_year"): "redate gives what it is about other years: write start_year",
    ("close", "start_year"): "write from_year, the first year in which the change holds",
    ("close", "elements"): "close shuts all that moves; restrict holds back some elements",
    ("scale", "capacity"): "scale multiplies what is given; set gives another figure",
    ("set", "factor"): "set gives a figure; scale multiplies what is given",
}


def keys_of(verb: str) -> tuple[str, ...]:
    """Return the keys that a verb takes, those of every change last.

    Examples
    --------
    >>> keys_of("redate")
    ('nodes', 'links', 'rules', 'start_year', 'end_year', 'reason', 'source_ids')
    """
    last = tuple(_Change.model_fields)
    own = [key for key in VERBS[verb].model_fields if key not in (*last, "verb")]
    first = [key for key in ("nodes", "links", "rules", "table") if key in own]
    years = [key for key in ("from_year", "start_year", "end_year") if key in own]
    others = [key for key in own if key not in (*first, *years)]
    return (*first, *others, *years, *last)


def why_not(verb: str, key: str) -> str:
    """Return what to write in place of a key that a verb does not take; empty if unknown.

    Examples
    --------
    >>> why_not("scale", "withheld")
    'withheld is a key of restrict'
    """
    if (verb, key) in _WHY_NOT:
        return _WHY_NOT[verb, key]
    owners = [name for name, model in VERBS.items() if key in model.model_fields]
    return f"{key} is a key of {', '.join(owners)}" if owners else ""


#: what starts a word that stands for the value of a parameter
SIGN = "$"
Value = float | str


class Parameter(BaseModel):
    """A figure, or one of a few words, that changes of a scenario may use.

    Parameters
    ----------
    default : float or str
    low, high : float or None
        Ends of what a figure may be.
    choices : tuple of str
        What a word may be; empty for a figure.
    meaning : str
        What it says, with its unit.
    source_ids : tuple of str
        Where the default and the ends come from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, allow_inf_nan=False)

    default: float | str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    meaning: str = Field(min_length=1)
    source_ids: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Parameter:
        is_figure = not isinstance(self.default, str)
        if is_figure and (self.low is None or self.high is None):
            raise ValueError("a figure needs low and high")
        if is_figure == bool(self.choices):
            raise ValueError("a word needs choices, a figure has none")
        problem = self.problem(self.default)
        if problem:
            raise ValueError(f"default {problem}")
        return self

    def problem(self, value: Value) -> str:
        """Return what is wrong with a value; empty if it may be used."""
        if self.choices:
            return "" if value in self.choices else must_be_one_of(self.choices)
        if isinstance(value, str):
            return "must be a number"
        low, high = self.low or 0.0, self.high or 0.0
        return "" if low <= value <= high else f"must lie from {low:g} to {high:g}"

    def ends(self) -> tuple[Value, ...]:
        """Return the values at which a file is tried: the ends, or every choice."""
        return self.choices or (self.low or 0.0, self.high or 0.0)


def split_values(text: str) -> tuple[str, dict[str, str]]:
    """Return the name of a scenario and the values that are set after it.

    An OptionError if a part is not ``parameter=value``, or one is set twice.

    Examples
    --------
    >>> split_values("licences:strength=0.5")
    ('licences', {'strength': '0.5'})
    """
    name, *parts = (portion.strip() for portion in text.split(":"))
    values: dict[str, str] = {}
    for piece in parts:
        key, sign, value = (word.strip() for word in piece.partition("="))
        if not (key and sign and value):
            raise OptionError(
                f"scenario {text!r}: {piece!r} sets no parameter",
                hint="write for example name:strength=0.5",
            )
        if key in values:
            raise OptionError(f"scenario {text!r} sets {key} twice")
        values[key] = value
    return name, values


def checked(
    scenario: str, parameters: Mapping[str, Parameter], values: Mapping[str, Value]
) -> dict[str, Value]:
    """Return the value of every parameter: as set, or its default.

    An unknown parameter is an UnknownNameError, a value that is not allowed an OptionError.
    """
    for name in values:
        if name not in parameters:
            text = ", ".join(parameters) or "none"
            raise UnknownNameError(
                f"scenario {scenario!r} has no parameter {name!r}; it has {text}",
                hint=did_you_mean(name, parameters),
            )
    accepted: dict[str, Value] = {}
    for name, parameter in parameters.items():
        value = values.get(name, parameter.default)
        if isinstance(value, str) and not parameter.choices:
            with contextlib.suppress(ValueError):  # told as not a number
                value = float(value)
        problem = parameter.problem(value)
        if problem:
            raise OptionError(
                f"scenario {scenario!r}: {name} {problem}, not {value}", hint=parameter.meaning
            )
        accepted[name] = value
    return accepted


def filled(content: Any, values: Mapping[str, Value]) -> Any:
    """Return content of a file with the value of each parameter in place of ``$name``."""
    if isinstance(content, str) and content.startswith(SIGN):
        return values[content[len(SIGN) :]]
    if isinstance(content, Mapping):
        return {key: filled(value, values) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [filled(value, values) for value in content]
    return content
