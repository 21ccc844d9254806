"""What is asked from outside: the words of a question and what was changed, checked once."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, ValidationError

from supplynet.errors import OptionError
from supplynet.io.jsonfile import dump_toml
from supplynet.network.problems import did_you_mean
from supplynet.network.scenario.change import AnyChange
from supplynet.network.scenario.scenario import Scenario, is_file, split_joined
from supplynet.terms import DEFAULT_TIER, LensName, TierName
from supplynet.terms.parameters import PARAMETERS

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

_Asked = TypeVar("_Asked", bound=BaseModel)
#: letters of what is wrong with a question
_MOST_TOLD = 4000

#: what the scenario of the changes is called, and its file
EXPLORED = "explored"
SCENARIO_FILE = f"{EXPLORED}.toml"

Words = Annotated[str, Field(max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Target = Annotated[
    str, Field(min_length=1, max_length=2000, description="Selector of the nation or bloc.")
]


class State(BaseModel):
    """A question with the changes that were made before it.

    Examples
    --------
    >>> State(to="MLT").tier
    'operating'
    """

    model_config = ConfigDict(extra="forbid", frozen=True, title="State")

    #: words that say nothing in a question, and why
    idle: ClassVar[Mapping[str, str]] = {}

    to: Target
    avoid: Annotated[Words, Field(description="Selector of what is shut; empty for nothing.")] = ""
    element: Annotated[
        Words, Field(description="Elements with commas; empty for the headline elements.")
    ] = ""
    year: Annotated[int | None, Field(ge=1800, le=2200, description=PARAMETERS["year"].help)] = None
    tier: Annotated[TierName, Field(description="Which links and plants count.")] = DEFAULT_TIER
    lens: Annotated[LensName, Field(description=PARAMETERS["lens"].meaning)] = "location"
    scenarios: Annotated[
        tuple[Name, ...],
        Field(max_length=20, description="Scenarios of the graph, name:parameter=value."),
    ] = ()
    edits: Annotated[
        tuple[AnyChange, ...],
        Field(max_length=200, description="Changes, written as in a scenario file."),
    ] = ()

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the schema of the words that say something."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        for name in cls.idle:
            schema["properties"].pop(name)
        return schema

    def unused(self) -> Mapping[str, str]:
        """Return words that say nothing in this question, each with the reason."""
        return self.idle

    def require_used(self) -> None:
        """Refuse a word that would be passed over in silence."""
        for name, why in self.unused().items():
            if getattr(self, name) != type(self).model_fields[name].get_default():
                raise OptionError(f"{name} says nothing here: {why}", hint="leave it out")

    def explored(self) -> Scenario | None:
        """Return the changes as a scenario; None where nothing was changed."""
        if not self.edits:
            return None
        return Scenario(name=EXPLORED, title="What was changed while exploring", change=self.edits)

    def words(self) -> dict[str, Any]:
        """Return the question as keywords of the library, but for the element.

        A scenario that is named by a file is an OptionError: those of strangers are not read.
        """
        names = [name for joined in self.scenarios for name in split_joined(joined)]
        for name in names:
            if is_file(name):
                raise OptionError(
                    f"{name[:200]!r} names a file, and only scenarios of the graph may be named",
                    hint="send the changes of the file as edits",
                )
        explored = self.explored()
        return {
            "to": self.to,
            "avoid": self.avoid or None,
            "year": self.year,
            "tier": self.tier,
            "lens": self.lens,
            "scenario": [*names, *([] if explored is None else [explored])] or None,
        }

    def elements(self) -> str | None:
        """Return the value of ``element=``."""
        return self.element or None


def scenario_text(state: State) -> str:
    """Return what was changed as the text of a scenario file; empty where nothing was.

    Examples
    --------
    >>> shut = {"verb": "close", "nodes": "ref-big"}
    >>> "close" in scenario_text(State(to="MLT", edits=[shut]))
    True
    """
    explored = state.explored()
    return "" if explored is None else dump_toml(explored.to_content())


def command_line(verb: str, graph: str, state: State, **options: str | bool) -> str:
    """Return the command line that answers the same, beside the file of what was changed.

    Options that are True are flags; what is empty or False is left out.

    Examples
    --------
    >>> command_line("coverage", "tutorial", State(to="MLT", year=2026, tier="operating"))
    'supplynet coverage tutorial --to MLT --year 2026 --tier operating'
    """
    words = ["supplynet", *verb.split(), graph]
    given: dict[str, str | bool] = {
        "to": state.to,
        "avoid": state.avoid,
        "element": state.element,
        "year": "" if state.year is None else str(state.year),
        "tier": state.tier,
        "lens": "" if state.lens == "location" else state.lens,
        **options,
    }
    for name, value in given.items():
        if value:
            words += [f"--{name}", *([] if value is True else [str(value)])]
    for name in (*state.scenarios, *([SCENARIO_FILE] if state.edits else [])):
        words += ["--scenario", name]
    return shlex.join(words)


def validated(kind: type[_Asked], words: Any, hint: str) -> _Asked:
    """Return the words of a question; an OptionError states what is wrong with each of them."""
    try:
        return kind.model_validate(words)
    except ValidationError as error:
        faults = [_fault(kind, one) for one in error.errors(include_url=False, include_input=False)]
        raise OptionError("; ".join(faults)[:_MOST_TOLD], hint=hint) from error


def _fault(kind: type[BaseModel], fault: Any) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    field = kind.model_fields.get(place)
    if fault["type"] == "missing" and field is not None:
        return f"{place} is missing: {field.description or 'it must be given'}"
    if fault["type"] == "extra_forbidden":
        near = did_you_mean(place, kind.model_fields)
        return f"there is no word {place!r}{f' ({near})' if near else ''}"
    return f"{place}: {fault['msg']}" if place else str(fault["msg"])
