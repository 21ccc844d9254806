"""One change of a scenario: the verbs, what each is about, and what it cannot do without."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from supplynet.model.schema import ChargeKind, RelativeTo, Standing, Status

Verb = Literal[
    "close", "open", "scale", "set", "redate", "charge", "price", "add", "restrict", "cap"
]
#: verbs that add a row: they change nothing that is there, so that their order is free
MONEY_VERBS = frozenset({"charge", "price"})
BORDER_VERBS = frozenset({"restrict", "cap"})


class LinkSelector(BaseModel):
    """Which links a change is about: from these nodes, to those, carrying this form."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str = "all"
    target: str = "all"
    form: str | None = None


class Change(BaseModel):
    """One change to nodes, named links or link rules.

    Exactly one of ``nodes``, ``links`` and ``rules`` says what changes; with the verb ``add``,
    ``table`` and ``row`` say what comes new.
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
    standing: Standing | None = None
    kind: ChargeKind | None = None
    amount: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    form: str | None = None
    item: str = "all"
    group: str = "all"
    table: str | None = None
    row: dict[str, Any] | None = None
    elements: tuple[str, ...] = ()
    withheld: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)
    relative_to: RelativeTo = "need"
    burden: str | None = None
    level: Literal["low", "central", "high"] = "central"
    reason: str = ""
    source_ids: tuple[str, ...] = ()

    @property
    def is_money(self) -> bool:
        """Whether it adds a charge or a price factor, which any order of changes allows."""
        return self.verb in MONEY_VERBS

    @property
    def is_border(self) -> bool:
        """Whether it adds a restriction or a cap, which any order of changes allows."""
        return self.verb in BORDER_VERBS

    @model_validator(mode="after")
    def _is_complete(self) -> Change:
        named = sum(item is not None for item in (self.nodes, self.links, self.rules))
        if self.verb == "add":
            if named or None in (self.table, self.row):
                raise ValueError("verb add needs table and row = {...}, and nothing else")
            return self
        if named != 1:
            raise ValueError("name exactly one of nodes, links and rules")
        if self.verb == "scale" and self.factor is None:
            raise ValueError("verb scale needs factor")
        if self.verb == "set" and self.capacity is None and self.standing is None:
            raise ValueError("verb set needs capacity, or of links and rules standing")
        if self.standing is not None and (self.verb != "set" or self.nodes is not None):
            raise ValueError("standing is set of links and rules: verb set")
        if self.verb == "redate" and self.start_year is None and self.end_year is None:
            raise ValueError("verb redate needs start_year or end_year")
        if self.verb == "open" and self.nodes is None:
            raise ValueError("verb open is for nodes: write nodes = ...")
        if self.is_money:
            self._is_complete_money()
        if self.verb == "restrict" and None in (self.links, self.withheld):
            raise ValueError("verb restrict needs links = {...} and withheld")
        if self.verb == "cap" and None in (self.nodes, self.burden, self.amount):
            raise ValueError("verb cap needs nodes, burden and amount")
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
