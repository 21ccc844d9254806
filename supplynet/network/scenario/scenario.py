"""Scenarios: named, sourced changes to a network that compose.

A scenario file is TOML; ``graphs/README.md`` shows each verb, whose keys stand in
:mod:`supplynet.network.scenario.change`. Rows are added first, so that the changes of every
scenario see them. Potentials and balances know every verb, but charges, prices and caps count in a
balance only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from supplynet import limits
from supplynet.errors import TableError
from supplynet.limits import AMOUNT_HINT, MAX_AMOUNT
from supplynet.network.problems import Problem, raise_problems
from supplynet.network.scenario.change import (
    SIGN,
    VERBS,
    AnyChange,
    LinkSelector,
    Parameter,
    Value,
    checked,
    filled,
    keys_of,
    split_values,
    why_not,
)
from supplynet.terms import did_you_mean


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
    names = tuple(keys)
    return [
        Problem(
            CODE,
            _message(fault, names),
            file=file,
            column=_place(fault["loc"]),
            value="" if isinstance(fault["input"], dict) else str(fault["input"])[:80],
            hint=_hint(fault, names),
        )
        for fault in error.errors()
    ]


def _place(loc: tuple[int | str, ...]) -> str:
    """Where a fault stands: the number of the change as a reader counts, its verb and the key."""
    if loc[:1] != ("change",) or len(loc) < 2:
        return ".".join(str(piece) for piece in loc)
    verb = f" ({loc[2]})" if len(loc) > 2 and loc[2] in VERBS else ""
    others = loc[3 if verb else 2 :]
    key = f": {'.'.join(str(portion) for portion in others)}" if others else ""
    return f"change {int(loc[1]) + 1}{verb}{key}"


def _verb(loc: tuple[int | str, ...]) -> str:
    return str(loc[2]) if len(loc) > 2 and loc[0] == "change" and loc[2] in VERBS else ""


def _message(entry: Any, names: tuple[str, ...]) -> str:
    loc, verb = entry["loc"], _verb(entry["loc"])
    key = str(loc[-1])
    if entry["type"] == "extra_forbidden":
        allowed = _allowed(loc, names)
        what = _taker(loc, verb)
        return f"{what} takes no key {key!r}; it takes {', '.join(allowed)}"
    if entry["type"] == "missing" and verb and loc[-2] == verb:
        return f"verb {verb} needs {key}"
    if entry["type"] == "union_tag_not_found":
        return f"a change needs verb, one of {', '.join(VERBS)}"
    if entry["type"] == "union_tag_invalid":
        return f"there is no verb {entry['ctx']['tag']!r}; the verbs are {', '.join(VERBS)}"
    return str(entry["msg"]).removeprefix("Value error, ")


def _taker(loc: tuple[int | str, ...], verb: str) -> str:
    """What takes the keys among which one is unknown."""
    if verb:
        return f"verb {verb}" if loc[-2] == verb else "links"
    return "a parameter" if loc[0] == "parameters" and len(loc) > 1 else "a scenario"


def _allowed(loc: tuple[int | str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    verb = _verb(loc)
    if not verb:
        is_parameter = loc[0] == "parameters" and len(loc) > 1
        return tuple(Parameter.model_fields) if is_parameter else names
    return keys_of(verb) if loc[-2] == verb else tuple(LinkSelector.model_fields)


def _hint(entry: Any, names: tuple[str, ...]) -> str:
    loc, verb = entry["loc"], _verb(entry["loc"])
    if entry["type"] == "union_tag_invalid":
        return did_you_mean(str(entry["ctx"]["tag"]), VERBS)
    if entry["type"] == "less_than_equal" and entry["ctx"]["le"] == MAX_AMOUNT:
        return AMOUNT_HINT
    if entry["type"] != "extra_forbidden":
        return ""
    key = str(loc[-1])
    text = why_not(verb, key) if verb and loc[-2] == verb else ""
    return text or did_you_mean(key, _allowed(loc, names))


_ENDING = ".toml"
#: a scenario: the name of one of the graph's, a file, or an object
ScenarioLike: TypeAlias = "str | os.PathLike[str] | Scenario"


def scenario_list(
    scenario: ScenarioLike | Iterable[ScenarioLike] | None,
) -> list[str | Scenario]:
    """Return the scenarios that an argument stands for: names as they are, files read.

    A text that ends in ``.toml`` is a path; ``name.toml:strength=0.5`` sets a parameter of what
    stands there. Names may be joined by commas.

    Examples
    --------
    >>> scenario_list("late, dear:price=2")
    ['late', 'dear:price=2']
    >>> scenario_list(None)
    []
    """
    if scenario is None:
        return []
    if isinstance(scenario, Scenario):
        return [scenario]
    if isinstance(scenario, os.PathLike):
        return [read_scenario(Path(scenario))]
    if isinstance(scenario, str):
        total = [scenario] if Path(scenario).is_file() else scenario.split(",")
        return [each for word in total if word.strip() for each in _of_word(word.strip())]
    return [each for like in scenario for each in scenario_list(like)]


def is_file(text: str) -> bool:
    """Whether a text is the path of a scenario file, with or without values of its parameters.

    Examples
    --------
    >>> is_file("what-if/late.toml:years=2"), is_file("late")
    (True, False)
    """
    return text.lower().endswith(_ENDING) or f"{_ENDING}:" in text or "/" in text or os.sep in text


def _of_word(text: str) -> list[str | Scenario]:
    path, is_toml, values = text.partition(f"{_ENDING}:")
    if is_toml:
        scenario = read_scenario(Path(f"{path}{_ENDING}"))
        return [scenario.with_values(split_values(f"{scenario.name}:{values}")[1])]
    return [read_scenario(Path(text))] if is_file(text) else [text]


def read_scenario(path: Path) -> Scenario:
    """Read a scenario from a TOML file; its name is that of the file.

    A TableError states every fault at once.
    """
    text = limits.decode(limits.read_bytes(path), str(path))
    tree = limits.parse_toml(text, str(path))
    content = {key: value for key, value in tree.items() if key != "name"}
    return Scenario.from_dict(content, name=path.stem, file=str(path))
