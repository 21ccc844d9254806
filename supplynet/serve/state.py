"""What is asked from outside: the words of a question and what was changed, checked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, ValidationError

from supplynet.errors import OptionError
from supplynet.io.jsonfile import dump_toml
from supplynet.network.scenario.change import AnyChange
from supplynet.network.scenario.scenario import Scenario, is_file, scenario_list, split_joined
from supplynet.network.scenario.years import default_year
from supplynet.terms import BEHAVIORS, DEFAULT_TIER, OBJECTIVES, LensName, TierName, did_you_mean
from supplynet.terms.parameters import PARAMETERS

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

    from supplynet.network.network import SupplyNetwork

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
        names = require_named(self.scenarios)
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


#: a target that nothing is asked of
Nobody = Annotated[str, Field(max_length=2000)]


class Avoiding(State):
    """A question that needs something to avoid."""

    avoid: Annotated[Words, Field(min_length=1, description="Selector of what is shut.")]


class Everybody(State):
    """A question about all nations."""

    idle: ClassVar[Mapping[str, str]] = {"to": "all nations buy at once"}

    to: Nobody = ""


class Through(State):
    """A question asked month by month.

    With a shock of the graph its months count, and what is avoided is shut throughout; without one
    what is avoided is shut in the first half of the year, and the whole year is shown.
    """

    idle: ClassVar[Mapping[str, str]] = {
        "to": "all nations buy at once, and each has a row",
        "element": "all elements move together",
    }

    to: Nobody = ""
    gradual: Annotated[bool, Field(description=PARAMETERS["gradual"].meaning)] = False
    seasonal: Annotated[bool, Field(description=PARAMETERS["seasonal"].meaning)] = False
    delays: Annotated[bool, Field(description=PARAMETERS["delays"].meaning)] = False
    respond: Annotated[
        tuple[Name, ...], Field(max_length=200, description=PARAMETERS["respond"].meaning)
    ] = ()
    shock: Annotated[
        str, Field(max_length=200, description="Name of a shock of the graph; empty for none.")
    ] = ""
    behavior: Annotated[
        str, Field(max_length=40, description=f"How it is decided: {', '.join(BEHAVIORS)}.")
    ] = "rolling"

    def unused(self) -> Mapping[str, str]:
        """Return words that say nothing: beside a shock the year, too."""
        return {**self.idle, "year": "a shock has its own months"} if self.shock else self.idle

    def months(self, net: SupplyNetwork) -> dict[str, str]:
        """Return the months of a run as its keywords: none with a shock, which has its own."""
        if self.shock:
            return {"shock": self.shock}
        changes = scenario_list(self.words()["scenario"] or ())
        year = default_year(net.with_scenario(*changes)) if self.year is None else self.year
        shown = {"begin": f"{year}-01", "end": f"{year}-12"}
        return {"during": f"{year}-01..{year}-06", **shown} if self.avoid else shown


PictureName = Literal["sankey", "layers", "map", "years", "losses"]
#: title of each picture, the quickest first
PICTURES: dict[PictureName, str] = {
    "sankey": "Tonnes by country and stage",
    "layers": "From the ground to the nation, with what stops more",
    "map": "The same on the map",
    "years": "Coverage by year and tier",
    "losses": "Whose loss costs most, each proved",
}

#: how each question is asked
QUESTIONS = {"potential": "alone", "contested": "all buy at once", "run": "month by month"}

#: those of who gets what; the others are of what could be had alone
CONTESTED_PICTURES = ("sankey", "map")


class Viewed(Through):
    """A state with what the page shows of it."""

    idle: ClassVar[Mapping[str, str]] = {}

    to: Target
    question: Annotated[
        Literal["potential", "contested", "run"],
        Field(description="What could be had alone, what all get at once, or that by month."),
    ] = "potential"
    objective: Annotated[
        str, Field(max_length=40, description=f"How it is shared out: {', '.join(OBJECTIVES)}.")
    ] = "fair"
    month: Annotated[
        str,
        Field(
            pattern=r"^(\d{4}-\d{2})?$",
            description="Month that is reported; empty for that in which the least is served.",
        ),
    ] = ""
    product: Annotated[
        str,
        Field(
            max_length=200, description="Product whose figures are reported; empty for all by form."
        ),
    ] = ""
    picture: Annotated[PictureName, Field(description="What is drawn.")] = "sankey"
    beside: Annotated[
        Viewed | None, Field(description="The state that it is set beside, on one scale.")
    ] = None
    is_upright: Annotated[
        bool, Field(description="Whether the Sankey stands upright, for a phone.")
    ] = False
    is_quick: Annotated[
        bool, Field(description="Central figures only: no data range, and its sentence later.")
    ] = False


def require_named(scenarios: Iterable[str]) -> list[str]:
    """Return the names of scenarios, those that were joined apart; refuse one of a file."""
    names = [name for joined in scenarios for name in split_joined(joined)]
    for name in names:
        if is_file(name):
            raise OptionError(
                f"{name[:200]!r} names a file, and only scenarios of the graph may be named",
                hint="send the changes of the file as edits",
            )
    return names


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


def validated(kind: type[_Asked], texts: Any, hint: str) -> _Asked:
    """Return the words of a question; an OptionError states what is wrong with each of them."""
    try:
        return kind.model_validate(texts)
    except ValidationError as error:
        faults = [
            _fault(kind, entry) for entry in error.errors(include_url=False, include_input=False)
        ]
        raise OptionError("; ".join(faults)[:_MOST_TOLD], hint=hint) from error


def _fault(kind: type[BaseModel], fault: Any) -> str:
    country = ".".join(str(piece) for piece in fault["loc"])
    field = kind.model_fields.get(country)
    if fault["type"] == "missing" and field is not None:
        return f"{country} is missing: {field.description or 'it must be given'}"
    if fault["type"] == "extra_forbidden":
        near = did_you_mean(country, kind.model_fields)
        return f"there is no word {country!r}{f' ({near})' if near else ''}"
    return f"{country}: {fault['msg']}" if country else str(fault["msg"])
