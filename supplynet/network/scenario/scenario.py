"""Scenarios: named, sourced changes to a network that compose.

A scenario file is TOML::

    title = "Refining stops"
    description = "No plant of the dominant supplier refines any more."
    excludes = ["refining-grows"]   # scenarios that cannot hold at the same time

    [[change]]
    verb = "close"                  # close, open, scale, set or redate
    nodes = "CHN:refiner"           # a selector; or links = {...}, or rules = "id,id"
    from_year = 2026                # optional: first and last year; what was before
    end_year = 2027                 # holds again after it
    reason = "what-if"
    source_ids = ["some-source"]

    [[change]]
    verb = "scale"                  # named links, and the pairs of nodes that rules link; with
    links = {source = "node:kuantan-lamp", target = "JPN", form = "oxide"}   # named = true
    factor = 0.5                    # only the former

    [[change]]
    verb = "set"                    # another capacity of nodes, links or rules, or how sure
    rules = "some-corridor"         # links and rules are
    capacity = 500
    unit = "t metal"
    standing = "planned"

    [[change]]
    verb = "redate"                 # other years of what is there: no period of its own
    nodes = "node:some-plant"
    start_year = 2029

    [[change]]
    verb = "charge"                 # on links, or with kind = "processing" at nodes
    links = {source = "CHN", target = "USA", form = "magnet"}
    kind = "tariff"                 # or tax, freight, premium
    amount = 0.25
    unit = "share"                  # of the market price; or a unit, then dollars for a tonne of it
    from_year = 2026

    [[change]]
    verb = "price"                  # multiplies what these nodes pay for what travels in the form
    nodes = "KOR"
    form = "magnet"
    item = "magnet-traction"        # optional: one product or element
    factor = 1.5

    [[change]]
    verb = "need"                   # multiplies what nations ask for, in every year
    nodes = "KOR"
    product = "magnet-traction"     # optional: of all products without it
    factor = 1.2

    [[change]]
    verb = "recover"                # what plants pass on of what they take in
    nodes = "node:some-plant"
    group = "heavy"                 # optional: an element or group; of all without it
    recovery = 0.9

    [[change]]
    verb = "redesign"               # products may hold as little as the low ends of their contents
    product = "magnet-traction"     # optional: all products without it
    design = "high-contents"        # optional: they hold their high ends instead

    [[change]]
    verb = "add"                    # a row of any table, before all other changes
    table = "edges"
    row = {source = "sep", target = "maker", form = "oxide", standing = "planned", ...}
    reason = "agreed, not built"    # the row's note, and its sources those of the change

    [[change]]
    verb = "restrict"               # holds some elements back at a border
    links = {source = "CHN", target = "!CHN", form = "magnet"}    # no form: every form
    elements = ["Dy", "Tb"]         # or groups; left out: all
    withheld = "$strength"          # 0 to 1: part of what each receiver needs or can take
    relative_to = "need"            # or observed, or capacity: what withheld is a part of
    from_year = 2025

    [[change]]
    verb = "cap"                    # limits a burden of the table intensities, in a balance
    nodes = "VNM"
    burden = "tailings"
    amount = 1e6                    # t of it per year
    level = "high"                  # end of the intensities that counts; central by default

    [parameters.strength]           # "$strength" above stands for its value
    default = 1.0                   # set by name:strength=0.5
    low = 0.0
    high = 1.0
    meaning = "part of the applications that are refused"

Rows are added first, so that the changes of every scenario see them. Potentials and balances
know every verb but these: charges, prices and caps count in a balance only. The keys of each verb
stand in :mod:`supplynet.network.scenario.change`; any other key is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
)

from supplynet.errors import TableError
from supplynet.limits import AMOUNT_HINT, MAX_AMOUNT
from supplynet.network.problems import Problem, did_you_mean, raise_problems
from supplynet.network.scenario.change import VERBS, AnyChange, LinkSelector, keys_of, why_not
from supplynet.network.scenario.parameters import (
    SIGN,
    Parameter,
    Value,
    checked,
    filled,
)

if TYPE_CHECKING:
    from pydantic import ValidationError


class Scenario(BaseModel):
    """A named list of changes.

    Parameters
    ----------
    name : str
        Id, by default the file's name.
    title, description : str
        What is assumed, in words.
    parameters : dict of str to Parameter
        Figures that a question may set, by :meth:`with_values`.
    excludes : tuple of str
        Names of scenarios that say the opposite, so that they cannot hold at the same time.
    change : tuple of Change
        Applied in order, but for rows that are added first; with the values of the parameters.

    Examples
    --------
    >>> import supplynet as sn
    >>> change = {"verb": "close", "nodes": "ref-big", "reason": "what-if"}
    >>> shut = sn.Scenario.from_dict({"title": "No big refinery", "change": [change]}, name="shut")
    >>> sn.flow(sn.load("tutorial"), to="MLT", element="Nd", scenario=shut).value
    30.0
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    name: str
    title: str = ""
    description: str = ""
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    excludes: tuple[str, ...] = ()
    change: tuple[AnyChange, ...] = ()
    # changes as the file writes them, with the names of parameters; and the values they have
    _template: list[Any] = PrivateAttr(default_factory=list)
    _values: dict[str, Value] = PrivateAttr(default_factory=dict)

    @property
    def values(self) -> dict[str, Value]:
        """The value of each parameter, its default where none was set."""
        return dict(self._values)

    @property
    def label(self) -> str:
        """The name with the value of each parameter, such as ``licences:strength=0.5``."""
        shown = (
            f"{name}={value if isinstance(value, str) else f'{value:g}'}"
            for name, value in self._values.items()
        )
        return ":".join([self.name, *shown])

    def with_values(self, values: Mapping[str, Value]) -> Scenario:
        """Return the scenario with other values of its parameters; text is read as a number.

        Raises
        ------
        UnknownNameError
            If it has no parameter of a name.
        OptionError
            If a value is not allowed.

        Examples
        --------
        >>> half = {"verb": "scale", "nodes": "refiner", "factor": "$rest"}
        >>> rest = {"default": 0.5, "low": 0, "high": 1, "meaning": "part that goes on"}
        >>> one = Scenario.from_dict({"parameters": {"rest": rest}, "change": [half]}, name="less")
        >>> one.with_values({"rest": "0.25"}).label
        'less:rest=0.25'
        """
        return self._filled(checked(self.name, self.parameters, values))

    def _filled(self, values: dict[str, Value]) -> Scenario:
        content = {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "parameters": self.parameters,
            "excludes": self.excludes,
            "change": filled(self._template, values),
        }
        scenario = Scenario.model_validate(content) if self._template else self.model_copy()
        scenario._template, scenario._values = self._template, values  # noqa: SLF001  its own class
        return scenario

    def to_content(self) -> dict[str, Any]:
        """Return what a file holds: everything but the name, defaults left out."""
        content = self.model_dump(mode="json", exclude={"name"}, exclude_defaults=True)
        if self._template:
            content["change"] = [dict(change) for change in self._template]
        return content

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, name: str, file: str = "") -> Scenario:
        """Validate the content of a scenario file.

        Raises
        ------
        TableError
            Every problem at once, with its place in the file.
        """
        try:
            if not data.get("parameters"):
                return cls.model_validate({"name": name, **data})
            return cls._with_parameters(data, name)
        except ValidationError as error:
            keys = [key for key in cls.model_fields if key != "name"]
            problems = faults(error, keys, file or name)
            raise_problems(problems, TableError, what=f"scenario {name}")
            raise  # unreachable: a ValidationError holds at least one problem
        except KeyError as error:
            problem = Problem(
                CODE,
                f"there is no parameter {error.args[0]!r}",
                file=file or name,
                column="change",
                value=f"{SIGN}{error.args[0]}",
                hint=did_you_mean(str(error.args[0]), data["parameters"]),
            )
            raise_problems([problem], TableError, what=f"scenario {name}")
            raise  # unreachable: there is a problem

    @classmethod
    def _with_parameters(cls, data: Mapping[str, Any], name: str) -> Scenario:
        """Validate a file with parameters, at the default and at each end of each of them."""
        template = data.get("change", [])
        scenario = cls.model_validate({"name": name, **data, "change": ()})
        scenario._template = list(template)
        values = checked(name, scenario.parameters, {})
        for key, parameter in scenario.parameters.items():
            for end in parameter.ends():
                scenario._filled({**values, key: end})  # noqa: SLF001
        return scenario._filled(values)  # noqa: SLF001


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


CODE = "scenario-format"


def faults(error: ValidationError, keys: Iterable[str], file: str) -> list[Problem]:
    """Return every fault that a validation found; `keys` are those outside the changes."""
    known = tuple(keys)
    return [
        Problem(
            CODE,
            _message(fault, known),
            file=file,
            column=_place(fault["loc"]),
            value="" if isinstance(fault["input"], dict) else str(fault["input"])[:80],
            hint=_hint(fault, known),
        )
        for fault in error.errors()
    ]


def _place(loc: tuple[int | str, ...]) -> str:
    """Where a fault stands: the number of the change as a reader counts, its verb and the key."""
    if loc[:1] != ("change",) or len(loc) < 2:
        return ".".join(str(part) for part in loc)
    verb = f" ({loc[2]})" if len(loc) > 2 and loc[2] in VERBS else ""
    rest = loc[3 if verb else 2 :]
    key = f": {'.'.join(str(part) for part in rest)}" if rest else ""
    return f"change {int(loc[1]) + 1}{verb}{key}"


def _verb(loc: tuple[int | str, ...]) -> str:
    return str(loc[2]) if len(loc) > 2 and loc[0] == "change" and loc[2] in VERBS else ""


def _message(item: Any, known: tuple[str, ...]) -> str:
    loc, verb = item["loc"], _verb(item["loc"])
    key = str(loc[-1])
    if item["type"] == "extra_forbidden":
        allowed = _allowed(loc, known)
        what = _taker(loc, verb)
        return f"{what} takes no key {key!r}; it takes {', '.join(allowed)}"
    if item["type"] == "missing" and verb and loc[-2] == verb:
        return f"verb {verb} needs {key}"
    if item["type"] == "union_tag_not_found":
        return f"a change needs verb, one of {', '.join(VERBS)}"
    if item["type"] == "union_tag_invalid":
        return f"there is no verb {item['ctx']['tag']!r}; the verbs are {', '.join(VERBS)}"
    return str(item["msg"]).removeprefix("Value error, ")


def _taker(loc: tuple[int | str, ...], verb: str) -> str:
    """What takes the keys among which one is unknown."""
    if verb:
        return f"verb {verb}" if loc[-2] == verb else "links"
    return "a parameter" if loc[0] == "parameters" and len(loc) > 1 else "a scenario"


def _allowed(loc: tuple[int | str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    verb = _verb(loc)
    if not verb:
        is_parameter = loc[0] == "parameters" and len(loc) > 1
        return tuple(Parameter.model_fields) if is_parameter else known
    return keys_of(verb) if loc[-2] == verb else tuple(LinkSelector.model_fields)


def _hint(item: Any, known: tuple[str, ...]) -> str:
    loc, verb = item["loc"], _verb(item["loc"])
    if item["type"] == "union_tag_invalid":
        return did_you_mean(str(item["ctx"]["tag"]), VERBS)
    if item["type"] == "less_than_equal" and item["ctx"]["le"] == MAX_AMOUNT:
        return AMOUNT_HINT
    if item["type"] != "extra_forbidden":
        return ""
    key = str(loc[-1])
    told = why_not(verb, key) if verb and loc[-2] == verb else ""
    return told or did_you_mean(key, _allowed(loc, known))
