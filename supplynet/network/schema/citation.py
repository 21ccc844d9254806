"""Tables of documents that rows cite, of what was left out, and of accepted warnings."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from supplynet.network.schema.row import Id, Names, Row


class Source(Row):
    """A document or data set that rows cite."""

    id: Id = Field(description="unique id")
    title: str = Field(min_length=1, description="title as published")
    publisher: str = Field(default="", description="who published it")
    year: str = Field(default="", description="year or years of publication")
    edition: str = Field(default="", description="edition, where figures change between editions")
    page: str = Field(default="", description="page, table or section")
    locator: str = Field(default="", description="address or repository")
    is_verified: Literal["yes", "no"] = Field(description="yes: the document was read")


class Exclusion(Row):
    """Something that the data names and the graph leaves out, with the reason."""

    id: Id = Field(description="unique id")
    what: Literal["node", "edge", "demand"] = Field(description="kind of row left out")
    title: str = Field(min_length=1, description="what was left out")
    why: str = Field(min_length=1, description="why, and where it is counted instead")
    source_ids: Names = Field(default=(), description="ids of the table sources, separated by ;")


class Accepted(Row):
    """A warning of `supplynet check` that is known and right as it is."""

    key: ClassVar = ("check", "value")

    check: Id = Field(description="name of the check, such as missing-capacity")
    value: str = Field(
        min_length=1, description="the value that the check shows, such as the id of the node"
    )
    reason: str = Field(min_length=1, description="why it is right as it is")
