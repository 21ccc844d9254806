"""With which figure plants count: what they made, or what they could make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from supplynet.terms import BASES, one_of

if TYPE_CHECKING:
    from supplynet.analysis.question import Question
    from supplynet.network.schema import Production


@dataclass(frozen=True, slots=True)
class Basis:
    """A basis and why it was taken.

    Parameters
    ----------
    name : {"capacity", "production"}
    reason : str
        In words, to stand after a figure's name: ``"as was asked for"``.
    """

    name: str
    reason: str


def basis_of(question: Question, asked: str | None) -> Basis:
    """Return the basis of a balance.

    By default plants count with what they made where the base year is reproduced as it was:
    nothing is avoided and no scenario is applied. In every what-if they count with what they
    could make.

    Raises
    ------
    OptionError
        If the word that was asked for is no basis.
    """
    if asked is not None:
        return Basis(one_of(asked, BASES, "basis"), "as was asked for")
    net, year = question.net, question.year
    if year != net.commodity.base_year:
        return Basis("capacity", f"as {year} is not the base year")
    if net.applied:
        return Basis("capacity", "as a scenario is applied")
    if question.avoid:
        return Basis("capacity", "as something is avoided")
    rows = cast("tuple[Production, ...]", net.rows("production"))
    if not any(row.year == year for row in rows):
        return Basis("capacity", f"as nothing says what they made in {year}")
    return Basis("production", f"as {year} is the base year and nothing is changed in it")
