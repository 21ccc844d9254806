"""What an answer is: frozen data of which each figure and table is declared at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, dataclass_transform

from supplynet.contract.declared import Column, Layout, Table
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result
from supplynet.contract.row import col, columns_of, of_property, rows, tables_of

if TYPE_CHECKING:
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.solve.check import Certificate


_NONE: Mapping[str, dict[str, Any]] = MappingProxyType({})


@dataclass_transform(
    frozen_default=True, kw_only_default=True, eq_default=False, field_specifiers=(col, rows, field)
)
@dataclass(frozen=True, kw_only=True, eq=False)
class DeclaredResult(Result):
    """A result that declares its figures by :func:`col` and its tables by :func:`rows`.

    Parameters
    ----------
    certificate : Certificate or None
        Independent check of what was solved; None where nothing was.
    provenance : Provenance
    evidence : callable or None
        Makes what others need to check the answer.
    """

    #: the declaration of the question that it answers, put here by that
    DECLARED: ClassVar[Any]

    certificate: Certificate | None = field(default=None, repr=False)
    provenance: Provenance
    evidence: Callable[[], Proof] | None = field(default=None, repr=False)

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init_subclass__(
        cls,
        *,
        name: str = "",
        title: str = "",
        headline: tuple[Lead, ...] = (),
        also: tuple[str, ...] = (),
        frames: tuple[str, ...] = (),
        nested: Mapping[str, dict[str, Any]] = _NONE,
        has_conditions: bool = False,
        document: str = "",
        by: Mapping[str, str] = MappingProxyType({}),
        open: tuple[str, ...] = (),
    ) -> None:
        """Make a dataclass of every kind of answer, and declare what it states.

        Parameters
        ----------
        name : str
            As JSON calls it; empty for what several kinds of answer share.
        title, nested, has_conditions, document
            As in :class:`supplynet.contract.declared.Layout`.
        headline : tuple of Lead
            The figure with which it begins; of several the first that is known.
        also : tuple of str
            Properties that are figures or tables, too.
        frames : tuple of str
            Properties that are tables and come first, but are reported in another form by JSON.
        by : mapping of str to str
            Arithmetic that figures of `also` and `nested` follow from, by name and the tables that
            lead to it; after a table a dot for the order of its rows.
        open : tuple of str
            Columns and figures that no proof has, in the same way; all that they hold is, too.
        """
        super().__init_subclass__()
        dataclass(frozen=True, kw_only=True, eq=False)(cls)
        if name:
            further = [of_property(cls, text) for text in also]
            figures = [entry for entry in further if isinstance(entry, Column)]
            tables = [member for member in further if isinstance(member, Table)]
            first = [replace(of_property(cls, frame), in_json=False) for frame in frames]
            cls.LAYOUT = Layout(
                name,
                title,
                headline,
                (*columns_of(cls), *figures),
                (*first, *tables_of(cls), *tables),
                nested=nested,
                has_conditions=has_conditions,
                document=document,
                by=by,
                open=open,
            )

    def summary(self) -> str:
        """Return the answer in a few sentences."""
        if not hasattr(self, "DECLARED"):
            return super().summary()
        text: str = self.DECLARED.say(self)
        return text

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, DeclaredResult):
            return NotImplemented if not isinstance(other, Result) else False
        return self is other or (
            self.provenance == other.provenance
            and self.to_dict_unproved() == other.to_dict_unproved()
        )

    __hash__ = Result.__hash__


class Answer(DeclaredResult):
    """The answer to a question about a network.

    Parameters
    ----------
    question : Question
        What was asked, checked.
    """

    question: Question
    certificate: Certificate = field(repr=False)
