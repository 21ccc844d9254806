"""What goods a code of the Harmonized System stands for, as data: a form for each code.

The shipped table (``data/hs_codes.csv``) names a form, what else hides in the code, and pairs
of countries whose trade under the code is something else. Everything in it can be set anew.
``data/sources.csv`` has the documents it was checked against, the Harmonized System first of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.countries import country_codes
from supplynet.network.schema import ID_PATTERN
from supplynet.terms import did_you_mean
from supplynet.trade.clean import AreaTable, shipped
from supplynet.trade.rows import code_of, six_digits


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What a code stands for, for every pair of countries or for one."""

    code: str  #: six digits
    form: str  #: name of the form
    edition: str = ""  #: editions of the Harmonized System in which it holds
    #: exporter, importer: three letters each; empty: every country
    exporter: str = ""
    importer: str = ""
    #: title, hides, source: what the code is called, what else is entered under it, and who says
    #: so, by the name that the document has in ``data/sources.csv``
    title: str = ""
    hides: str = ""
    source: str = "given by the user"
    mineral: str = ""  #: name by which all codes of a chain are asked for; empty for none

    @property
    def is_pair(self) -> bool:
        """Whether it holds for one pair of countries only."""
        return bool(self.exporter or self.importer)


@dataclass(frozen=True)
class Concordance:
    """The meaning of some codes."""

    codes: tuple[CodeMeaning, ...]  #: one for each code, in the order of the chain
    pairs: tuple[CodeMeaning, ...] = ()  #: pairs of countries whose trade is something else

    @property
    def forms(self) -> tuple[str, ...]:
        """Names of the forms from the first of the chain to the last.

        The order is that of the codes; forms that only pairs have are feed and come first.
        """
        named = dict.fromkeys(meaning.form for meaning in self.codes)
        feed = dict.fromkeys(meaning.form for meaning in self.pairs if meaning.form not in named)
        return (*feed, *named)

    def form_of(self, code: str, exporter: str, importer: str) -> str:
        """Return the form that a flow is."""
        for pair in self.pairs:
            if (
                pair.code == code
                and pair.exporter in ("", exporter)
                and pair.importer in ("", importer)
            ):
                return pair.form
        return self._by_code[code]

    @property
    def _by_code(self) -> Mapping[str, str]:
        return {meaning.code: meaning.form for meaning in self.codes}


@lru_cache(maxsize=1)
def shipped_meanings() -> tuple[CodeMeaning, ...]:
    """Every row of the shipped table."""
    return tuple(CodeMeaning(**row) for row in shipped("hs_codes"))


def minerals() -> dict[str, tuple[str, ...]]:
    """Return the codes of each mineral of the shipped table, from the ground on.

    Codes of every edition of the Harmonized System are among them, so that records by any edition
    have each form; what an edition does not know is in no record by it.

    Examples
    --------
    >>> len(minerals()) >= 30, minerals()["tin"]
    (True, ('260900', '800110'))
    """
    codes: dict[str, tuple[str, ...]] = {}
    for meaning in shipped_meanings():
        if meaning.mineral:
            codes[meaning.mineral] = (*codes.get(meaning.mineral, ()), meaning.code)
    return codes


def concordance(codes: Iterable[str] | str, overrides: Iterable[str] = ()) -> Concordance:
    """Return the meaning of codes.

    Parameters
    ----------
    codes : str or iterable of str
        Each ``CODE`` or ``CODE:FORM``, in the order of the chain; a text may list several with
        commas. A code without a form has that of the shipped table. The name of a mineral of the
        shipped table stands for all of its codes.
    overrides : iterable of str
        Each ``CODE:EXPORTER:IMPORTER:FORM``; they come before those of the shipped table.

    Raises
    ------
    OptionError
        If one is not written so.
    UnknownNameError
        If a code has no form and the shipped table does not know it.

    Examples
    --------
    >>> found = concordance("284690:oxide,280530:metal,850511:magnet")
    >>> found.forms
    ('concentrate', 'oxide', 'metal', 'magnet')
    >>> found.form_of("280530", "AUS", "MYS"), found.form_of("280530", "CHN", "JPN")
    ('concentrate', 'metal')
    """
    meanings: dict[str, CodeMeaning] = {}
    for word in _single(codes):
        meaning = _meaning(word)
        if meaning.code in meanings:
            raise OptionError(f"the code {meaning.code} is given twice")
        meanings[meaning.code] = meaning
    shipped = [
        meaning for meaning in shipped_meanings() if meaning.is_pair and meaning.code in meanings
    ]
    pairs = [*(_override(word, meanings) for word in overrides), *shipped]
    return Concordance(tuple(meanings.values()), tuple(pairs))


def codes_of(texts: Iterable[str] | str) -> tuple[str, ...]:
    """Return the codes that words name, for a question that asks for no form of them.

    Words are as for :func:`concordance`: the name of a mineral stands for all of its codes.

    Examples
    --------
    >>> codes_of("tin, 850511:magnet, 999999")
    ('260900', '800110', '850511', '999999')
    """
    return tuple(_code(word.partition(":")[0]) for word in _single(texts))


def _single(texts: Iterable[str] | str) -> list[str]:
    """Return words that name a code each: a mineral is parted into its own."""
    values = minerals()
    stripped = (word.strip() for word in (texts.split(",") if isinstance(texts, str) else texts))
    return [code for name in stripped for code in values.get(name.lower(), (name,))]


def _code(word: str) -> str:
    """Return a code by its digits; what is none is an OptionError."""
    hint = "write CODE:FORM, for example 850511:magnet, or the name of a mineral: "
    known = minerals()
    return code_of(word, did_you_mean(word.lower(), known) or hint + ", ".join(known))


def _meaning(word: str) -> CodeMeaning:
    name, _, form = word.partition(":")
    code, form = _code(name), form.strip()
    shipped = next(
        (meaning for meaning in shipped_meanings() if meaning.code == code and not meaning.is_pair),
        None,
    )
    if not form and shipped is None:
        raise UnknownNameError(
            f"the form of code {code} is not known", hint=f"say what it is, as {code}:FORM"
        )
    if shipped is not None and form in ("", shipped.form):
        return shipped
    _check_form(form)
    values = {"title": shipped.title, "hides": shipped.hides} if shipped is not None else {}
    return CodeMeaning(code, form, **values)


def _override(word: str, codes: Mapping[str, CodeMeaning]) -> CodeMeaning:
    parts = [piece.strip() for piece in word.split(":")]
    if len(parts) != 4 or not all(parts):
        raise OptionError(
            f"{word!r} is no override",
            hint="write CODE:EXPORTER:IMPORTER:FORM, with countries of three letters",
        )
    code, exporter, importer, form = parts
    if six_digits(code) not in codes:
        raise OptionError(f"{word!r}: the code {code} is not among those that are read")
    for country in (exporter, importer):
        if AreaTable()[country].iso3 != country:
            raise OptionError(
                f"{word!r}: {country!r} is no country of three capital letters",
                hint=did_you_mean(country, country_codes()) or "write for example KOR",
            )
    _check_form(form)
    return CodeMeaning(six_digits(code), form, "", exporter, importer)


def _check_form(form: str) -> None:
    if not re.fullmatch(ID_PATTERN, form):
        raise OptionError(
            f"{form!r} cannot be the name of a form: use letters, digits and . _ -",
            hint="for example 850511:magnet",
        )
