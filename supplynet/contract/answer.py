"""What an answer is: frozen data with cells, tables, provenance and proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, replace
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, dataclass_transform

from supplynet.contract.backing import Alike, Kinds, has_proofs
from supplynet.contract.frozen import thawed
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import schema_of
from supplynet.contract.proof_text import ProofText
from supplynet.contract.row import (
    Column,
    Layout,
    Table,
    col,
    columns_of,
    of_property,
    rows,
    tables_of,
)
from supplynet.notebook import Shown

if TYPE_CHECKING:
    import os
    from pathlib import Path

    import pandas as pd

    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.contract.headline import Headline
    from supplynet.solve.check import Certificate


def laid_out(path: str, result: Any) -> Any:
    """Return what a function, called by its module and name, makes of a result."""
    module, name = path.rsplit(".", 1)
    return getattr(import_module(module), name)(result)


def bound(content: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with its proofs in one text, bound to what they are of.

    The proofs of answers in it stand there, too. Who adds to a content binds it again.
    """
    from supplynet.verify import outline

    own: list[Proof] = content["proof"]
    if not own or not has_proofs():
        return content
    text = ProofText()
    if not text.take(own):
        own = [text.add(proof) for proof in own]
    content = text.moved({**content, "proof": []}, 0)
    whose = {"outline": outline(content)}
    own = [{**proof, "of": whose} for proof in own]
    own[0]["text"] = text.text()
    return {**content, "proof": own}


def solved_anew(*open_ones: str) -> Proof:
    """Return the proof of an answer that nobody can check but by asking again: of what it is."""
    keys = "matrices", "names", "programs", "figures"
    return {**{key: [] for key in keys}, "open": list(open_ones)}


def _unproved(piece: Any) -> Any:
    """Return a content without proofs in it: two optima that are as good prove one answer."""
    if isinstance(piece, dict):
        return {key: _unproved(value) for key, value in piece.items() if key != "proof"}
    return list(map(_unproved, piece)) if isinstance(piece, list) else piece


def _counted(table: Table, answer: Result) -> Any:
    """Return the rows of a table as records; where figures are counted one for those alike."""
    rows = table.rows_of(answer)
    if has_proofs() or not isinstance(rows, Alike):
        return table.records(answer)
    kinds = rows.kinds
    return Kinds(thawed([table.record(rows[index]) for index in kinds]), [*kinds.values()])


class Result(Shown):
    """An answer: frozen data that does not change when it is asked for more.

    A kind of result is a frozen dataclass that declares what it states in ``LAYOUT``; see
    :mod:`supplynet.contract.row`. Two results are equal if they state the same of the same
    question, found by the same build.

    Attributes
    ----------
    LAYOUT : Layout
        Its figures and tables.
    provenance : Provenance
        Network, options and software behind it.
    certificate : Certificate or None
        What an independent check found; None where nothing was solved.
    """

    LAYOUT: ClassVar[Layout]

    if TYPE_CHECKING:

        @property
        def provenance(self) -> Provenance:
            """Network, options and software behind it."""

        @property
        def certificate(self) -> Certificate | None:
            """What an independent check found; None where nothing was solved."""

    @property
    def headline(self) -> Headline:
        """The figure with which the answer begins."""
        headlines = [lead.read(self) for lead in self.LAYOUT.headline]
        return next((entry for entry in headlines if entry.value is not None), headlines[0])

    @property
    def conditions(self) -> Mapping[str, Headline]:
        """The headline under each condition that makes it another, by name."""
        return {}

    def summary(self) -> str:
        """Return the answer in a few sentences: those that its document begins with, and notes."""
        document = laid_out(self.LAYOUT.document, self)
        texts = (
            text
            for block in document.sections[0].blocks
            for text in getattr(block, "items", (getattr(block, "text", ""),))
        )
        return " ".join(filter(None, (*texts, *document.notes)))

    def records(self, table: str | None = None) -> list[dict[str, Any]]:
        """Return the rows of a table as plain records, by default of the first.

        Raises
        ------
        OptionError
            If there is no such table.
        """
        return self.LAYOUT.table(table).records(self)

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return a table as a DataFrame, by default the first; see ``LAYOUT.tables``.

        Raises
        ------
        OptionError
            If there is no such table.
        """
        import pandas as pd

        declared = self.LAYOUT.table(table)
        names = [column.name for column in declared.columns]
        return pd.DataFrame(declared.records(self), columns=names)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table as a DataFrame, by name."""
        return {table.name: Result.to_frame(self, table.name) for table in self.LAYOUT.tables}

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the answer to a file, as :meth:`supplynet.Report.write`; CSV is its first table.

        Raises
        ------
        OptionError
            If the suffix names no kind of file.
        OutputError
            If the file cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> import supplynet as sn
        >>> answer = sn.coverage(sn.load("tutorial"), to="MLT")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     answer.write(f"{folder}/malta.csv").read_text().splitlines()[0][:17]
        'product,name,form'
        """
        from supplynet import report

        return report.of(self).write(path)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer with its proof, for JSON; its schema is :meth:`json_schema`."""
        return self._as_dict()

    def to_dict_unproved(self) -> dict[str, Any]:
        """Return the same without proofs, for whoever states or compares it among others."""
        return self._as_dict(is_proved=False)

    def _as_dict(self, *, is_proved: bool = True) -> dict[str, Any]:
        layout = self.LAYOUT
        question = getattr(self, "question", None)
        certificate = self.certificate
        content = {
            "headline": self.headline.to_dict(),
            **(
                {
                    "conditions": {
                        name: condition.to_dict() for name, condition in self.conditions.items()
                    }
                }
                if layout.has_conditions
                else {}
            ),
            "result": layout.name,
            "schema_version": layout.version,
            **({} if question is None else {"question": question.to_dict()}),
            **{column.name: column.of(self) for column in layout.figures},
            **self._nested(),
            **{table.name: _counted(table, self) for table in layout.tables if table.in_json},
            "certificate": None if certificate is None else certificate.to_dict(),
            **({"arithmetic": layout.arithmetic} if layout.arithmetic else {}),
            # the digest of the source code takes long, and is no figure
            "provenance": self.provenance.to_dict()
            if has_proofs()
            else {"options": self.provenance.options},
        }
        record: dict[str, Any] = thawed(content)
        origin = {"provenance": record.pop("provenance")}
        if not is_proved:
            return {**_unproved(record), "proof": [], **origin}
        if not has_proofs():
            return {**record, "proof": [{}] * self.is_provable, **origin}
        # last: what the tables had solved is part of it
        return bound({**record, "proof": self.proof(), **origin})

    @property
    def is_provable(self) -> bool:
        """Whether it carries a proof."""
        is_own = type(self).proof is not Result.proof
        return is_own or getattr(self, "evidence", None) is not None

    def proof(self) -> list[Proof]:
        """Return what others need to check the answer; see :mod:`supplynet.verify`.

        Empty where nothing was solved, or where too much was solved to carry it.
        """
        evidence: Callable[[], Proof] | None = getattr(self, "evidence", None)
        return [] if evidence is None else [evidence()]

    def _nested(self) -> dict[str, Any]:
        """Return what is neither figure nor table, by the keys of ``LAYOUT.nested``."""
        return {}

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Return the JSON schema of :meth:`to_dict`.

        Examples
        --------
        >>> import supplynet as sn
        >>> sn.DisruptionResult.json_schema()["properties"]["schema_version"]
        {'const': 1}
        """
        has_question = "question" in getattr(cls, "__dataclass_fields__", {})
        return schema_of(cls.LAYOUT, has_question=has_question)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other) or not isinstance(other, Result):
            return NotImplemented if not isinstance(other, Result) else False
        return self.provenance == other.provenance and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.provenance))


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
            As in :class:`supplynet.contract.row.Layout`.
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
