"""A country-level draft of any mineral: trade records and national production together.

Each country has one node a form that stands for all that buys, uses and sells it there, an
origin with what it mined, and for each later form a maker with what it made of the form before.
Links are what was observed; an open market between all countries is merely possible. The books
of what each country made, bought, sold, worked up and kept of each form close: what is observed
serves all that is kept.

Production is known of some forms, by a table; trade of all. A country works up the form before
into a form as far as that one was made there; what it neither sells nor works up it keeps. Where
it sells more than it makes and buys, the rest is unexplained: stocks, another grade, or records
that do not fit. All is in tonnes of content.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.errors import OptionError
from supplynet.io.production import read_production
from supplynet.network.countries import country_name, is_country
from supplynet.network.edit import validate_rows
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Stage, Unit
from supplynet.terms import did_you_mean
from supplynet.trade.lines import digest
from supplynet.trade.network import (
    NATION,
    RECORDS,
    by_form,
    codes_in,
    flow_links,
    home_link,
    metadata_of,
    nations,
    need,
    product_records,
    refuse_stages,
    sources_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.trade.concordance import Concordance
    from supplynet.trade.table import TradeTable


@dataclass(frozen=True, slots=True)
class Account:
    """The books of one country, form and year, in tonnes of content."""

    country: str
    form: str
    year: int
    made: float  #: mined, or made of the form before
    #: whether a table of production states it; else it is the least that explains the rest
    is_known: bool
    bought: float
    sold: float
    worked_up: float  #: what went into the form that follows
    kept: float  #: what nations use, or what else became of it
    unexplained: float  #: sold and worked up beyond what was made and bought


@dataclass(frozen=True)
class Made:
    """Production of one form by a published table, in tonnes of content."""

    form: str
    tonnes: Mapping[tuple[int, str], float]  #: by year and country
    #: by year, of rows that are no country: all others, and names that are not known
    left_out: Mapping[int, float] = field(default_factory=dict)
    #: years and countries whose figure the table marks as an estimate
    estimated: frozenset[tuple[int, str]] = frozenset()
    #: what the table calls it, such as mine production
    labels: tuple[str, ...] = ()
    name: str = ""  #: of the file
    sha256: str = ""

    @property
    def years(self) -> tuple[int, ...]:
        """Years that the table states of some country."""
        return tuple(sorted({year for (year, _), tonnes in self.tonnes.items() if tonnes > 0.0}))

    def of(self, year: int) -> dict[str, float]:
        """Return the tonnes of each country in a year."""
        if year not in self.years:
            raise OptionError(
                f"{self.name or 'the production table'} holds no production of {year}; it holds "
                f"{', '.join(map(str, self.years)) or 'none'}",
                hint="choose years that both know with --year (year=)",
            )
        return {code: tonnes for (of, code), tonnes in self.tonnes.items() if of == year}


def read_made(
    path: str | os.PathLike[str],
    form: str,
    *,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
) -> Made:
    """Read the production of one form; see :func:`supplynet.io.production.read_production`."""
    frame = read_production(path, columns=columns, where=where)
    tonnes: dict[tuple[int, str], float] = {}
    left_out: dict[int, float] = {}
    estimated = set()
    rows = frame[frame["statistic"].eq("production") & frame["tonnes"].notna()]
    for row in rows.to_dict("records"):
        year, code = int(row["year"]), str(row["country"])
        if row["kind"] == "country" and is_country(code):
            tonnes[year, code] = float(row["tonnes"])
            if row["is_estimated"]:
                estimated.add((year, code))
        elif row["kind"] in ("country", "other"):
            left_out[year] = left_out.get(year, 0.0) + float(row["tonnes"])
    labels = tuple(label for label in dict.fromkeys(rows["label"]) if label)
    name, sha256 = Path(path).name, digest(Path(path))
    return Made(form, tonnes, left_out, frozenset(estimated), labels, name, sha256)


def accounts(
    flows: pd.DataFrame,
    forms: Sequence[str],
    made: Mapping[str, Made],
    yields: Mapping[str, float],
    grades: Mapping[str, float],
) -> list[Account]:
    """Return the books of every country, form and year.

    Flows have columns form, exporter, importer, year and tonnes as customs weigh them; forms go
    from the first of the chain, whose production is needed, to the last. `yields` are the content
    of a form over that of the form before which it is made of, `grades` the content of a tonne of a
    form; 1 where not given.

    Examples
    --------
    >>> import pandas as pd
    >>> flows = pd.DataFrame(
    ...     [["ore", "FJI", "MLT", 2024, 10.0], ["metal", "MLT", "ISL", 2024, 3.0]],
    ...     columns=["form", "exporter", "importer", "year", "tonnes"])
    >>> books = accounts(flows, ["ore", "metal"], {"ore": Made("ore", {(2024, "FJI"): 12.0})},
    ...     yields={"metal": 0.5}, grades={})
    >>> [(one.country, one.form, one.kept, one.worked_up) for one in books if one.form == "ore"]
    [('FJI', 'ore', 2.0, 0.0), ('MLT', 'ore', 4.0, 6.0)]
    """
    trade: dict[tuple[str, str, int], list[float]] = {}
    for row in flows.to_dict("records"):
        tonnes = row["tonnes"] * grades.get(row["form"], 1.0)
        for side, column in (("importer", 0), ("exporter", 1)):
            trade.setdefault((row[side], row["form"], row["year"]), [0.0, 0.0])[column] += tonnes
    years = sorted({int(year) for year in flows["year"]})
    values = {(form, year): book.of(year) for form, book in made.items() for year in years}
    countries = {country for country, _, _ in trade}
    countries |= {country for of in values.values() for country in of}
    rows = []
    for year in years:
        for country in sorted(countries):
            rows += _of(country, year, forms, trade, values, yields)
    return rows


def _of(
    country: str,
    year: int,
    forms: Sequence[str],
    trade: Mapping[tuple[str, str, int], Sequence[float]],
    names: Mapping[tuple[str, int], Mapping[str, float]],
    yields: Mapping[str, float],
) -> list[Account]:
    """The books of a country and year, from the last form back to the first."""
    rows: list[Account] = []
    worked_up = 0.0
    for form in reversed(forms):
        bought, sold = trade.get((country, form, year), (0.0, 0.0))
        needed = sold + worked_up
        table = names.get((form, year))  # of countries that it does not name: nothing
        made = max(0.0, needed - bought) if table is None else table.get(country, 0.0)
        over = made + bought - needed
        if made or bought or needed:
            rows.append(
                Account(
                    country,
                    form,
                    year,
                    made,
                    table is not None,
                    bought,
                    sold,
                    worked_up,
                    max(0.0, over),
                    max(0.0, -over),
                )
            )
        worked_up = made / yields.get(form, 1.0)
    return rows[::-1]


ORIGIN, UNEXPLAINED, CONTENT = "production", "unexplained", "t"
_KEPT = "Made and bought beyond what was sold and worked up; what is made of it at home is in it"
_LEAST = "Least that explains what was sold of it beyond what was bought; no table states it"
_OVER = "Sold and worked up beyond what was made and bought: stocks, or records that do not fit"


def draft_network(
    table: TradeTable,
    concordance: Concordance,
    made: Sequence[Made],
    *,
    name: str,
    title: str = "",
    goods: str = "goods",
    yields: Mapping[str, float] | None = None,
    grades: Mapping[str, float] | None = None,
    min_tonnes: float = 0.0,
) -> SupplyNetwork:
    """Which network do trade and national production show?

    Parameters
    ----------
    table : TradeTable
    concordance : Concordance
        The form of each code, in the order of the chain.
    made : sequence of Made
        Production by form; that of the first form must be there.
    name : str
        Id of the graph.
    title : str, optional
    goods : str
        What flows, for the unit ``t goods/yr``.
    yields : mapping of str to float, optional
        Content of a form over that of the form before which it is made of; 1 where not given.
    grades : mapping of str to float, optional
        Content of a tonne of a form as customs weigh it; 1 where not given.
    min_tonnes : float
        Flows below are left out.

    Returns
    -------
    SupplyNetwork
        With ``production`` ``countries``: every answer says that it is a draft.

    Raises
    ------
    OptionError
        If a form has the name of a stage, is not there, lacks its production, or the production
        of a year is not reported; or if a yield or grade is no share.
    DataError
        If flows have no weight, or nothing is left.
    """
    yields, grades = dict(yields or {}), dict(grades or {})
    flows = by_form(table, concordance, min_tonnes)
    forms = [
        form for form in concordance.forms if form in {*flows["form"], *(m.form for m in made)}
    ]
    by_name = {book.form: book for book in made}
    require_words(forms, concordance, by_name, yields, grades)
    books = accounts(flows, forms, by_name, yields, grades)
    years = sorted({int(year) for year in flows["year"]})
    draft = _Draft(forms, books, years, by_name, yields, grades, table.areas)
    records = {
        "nodes": draft.nodes(),
        "capacities": draft.capacities(),
        "recoveries": draft.recoveries(),
        "edges": (
            *flow_links(flows, draft.unit_of, has_values=False),
            *draft.home_links(),
        ),
        "rules": draft.markets(flows),
        "accepted": draft.accepted(),
        "products": product_records(forms),
        "contents": draft.contents(goods),
        "demand": draft.demand(),
        "sources": (*sources_of(table, flows, concordance), *_production_sources(made)),
    }
    rows = {name: validate_rows(name, tuple(record)) for name, record in records.items()}
    metadata = metadata_of(
        table,
        forms,
        years,
        draft.stages(),
        draft.units(),
        name=name,
        title=title or f"Production and trade of {goods} by country (draft)",
        description=f"A draft by country: trade in HS {codes_in(concordance)} from customs "
        f"records, production of {', '.join(by_name)} from national totals. Yields and grades are "
        "one figure for all. What is made and used at home of later forms counts with the form "
        "before.",
        attribution="the publishers of the records and of the production, under their terms",
        goods=goods,
        production="countries",
    )
    return SupplyNetwork.from_rows(metadata, rows)


def maker_stage(form: str) -> str:
    """Return the stage of those who make a form of the form before."""
    return f"make-{form}"


def require_words(
    forms: Sequence[str],
    concordance: Concordance,
    made: Mapping[str, Made],
    yields: Mapping[str, float],
    grades: Mapping[str, float],
) -> None:
    """Refuse forms, yields and grades that make no draft."""
    names = concordance.forms
    for what, named in (("production", made), ("yield", yields), ("grade", grades)):
        for form in named:
            if form not in names:
                raise OptionError(
                    f"the {what} names the form {form!r}; there are {', '.join(names)}",
                    hint=did_you_mean(form, names) or f"write {what} {names[0]}=...",
                )
    for what, shares in (("yield", yields), ("grade", grades)):
        for form, share in shares.items():
            if not 0.0 < share <= 1.0:
                raise OptionError(f"the {what} of {form} is a share above 0, at most 1 ({share})")
    if forms[0] in yields:
        raise OptionError(
            f"the form {forms[0]!r} is the first of the chain: it is made of no other and has no "
            "yield",
            hint="give the yield of a later form",
        )
    if forms[0] not in made:
        raise OptionError(
            f"no production of {forms[0]}, the first form of the chain, is given",
            hint="give it with --production FILE (made=)",
        )
    refuse_stages(forms, (ORIGIN, UNEXPLAINED, NATION), "make-")


#: chapters of the Harmonized System for what mines sell: salt, sulphur, earths and stone; ores,
#: slag and ash; mineral fuels
_MINED_CHAPTERS = ("25", "26", "27")
#: first letters of words by which a table of production says at which step it counts
_MINED_WORDS, _MADE_WORDS = ("mine", "mining"), ("refin", "smelt")


def require_fitting_form(made: Made, concordance: Concordance) -> None:
    """Refuse production that a table counts at another step than the form that it would go to.

    What mines bring out is no carbonate: taken for one, it would be a demand that nobody has.

    Raises
    ------
    OptionError
        If the table counts mine production and no code of the form is of a chapter for what mines
        sell, or it counts what smelters and refineries make and all are.
    """
    codes = [meaning.code for meaning in concordance.codes if meaning.form == made.form]
    is_mined = [code.startswith(_MINED_CHAPTERS) for code in codes]
    texts = [word for label in made.labels for word in label.casefold().split()]
    if any(word.startswith(_MINED_WORDS) for word in texts) and not any(is_mined):
        what, choice = "is no ore", "add the code of its ore to --codes, as the first of the chain"
    elif any(word.startswith(_MADE_WORDS) for word in texts) and is_mined and all(is_mined):
        what, choice = "is an ore", "give it to the form that smelters and refineries make"
    else:
        return
    raise OptionError(
        f"{made.name} counts {' and '.join(map(repr, made.labels))}, and {made.form} "
        f"(HS {', '.join(codes)}), the first form of the chain, {what}",
        hint=f"{choice}; or say that it is meant: --production-of {made.form}={made.name}",
    )


def production_id(form: str) -> str:
    """Return the id of the source of a form's production."""
    return f"production-{form}"


def _production_sources(made: Sequence[Made]) -> Iterator[dict[str, Any]]:
    for book in made:
        yield {
            "id": production_id(book.form),
            "title": f"Production of {book.form}: {book.name} (SHA-256 {book.sha256[:16]})",
            "year": ", ".join(map(str, book.years)),
            "is_verified": "yes",
        }


class _Draft:
    """The rows of the graph, table by table."""

    def __init__(
        self,
        forms: Sequence[str],
        books: Sequence[Account],
        years: Sequence[int],
        made: Mapping[str, Made],
        yields: Mapping[str, float],
        grades: Mapping[str, float],
        areas: Mapping[str, str],
    ) -> None:
        self.forms, self.years, self.made = forms, years, made
        self.yields, self.grades, self.areas = yields, grades, areas
        self.by_place: dict[tuple[str, str], dict[int, Account]] = {}
        for book in books:
            self.by_place.setdefault((book.country, book.form), {})[book.year] = book

    def unit_of(self, form: str) -> str:
        """Return the unit of a form as customs weigh it."""
        return f"t {form}" if self.grades.get(form, 1.0) < 1.0 else CONTENT

    def stages(self) -> list[Stage]:
        """Return the stages but that of nations: a form's makers where some country has any."""
        there = {maker["stage"] for maker in self.makers()}
        origins = [
            Stage(
                name=name,
                title=name.capitalize(),
                plural=name.capitalize(),
                is_origin=True,
                is_unexplained=name == UNEXPLAINED,
            )
            for name in (ORIGIN, UNEXPLAINED)
        ]
        steps = [
            Stage(name=name, title=title, plural=title)
            for form in self.forms
            for name, title in ((maker_stage(form), f"Making of {form}"), (form, form.capitalize()))
            if name == form or name in there
        ]
        return [*origins, *steps]

    def units(self) -> list[Unit]:
        """Return tonnes of content, and of each form that customs weigh otherwise."""
        return [
            Unit(name=CONTENT, measures="oxide", description="tonnes of content"),
            *(
                Unit(
                    name=self.unit_of(form),
                    measures="product",
                    product=form,
                    description=f"tonnes of {form} as customs weigh them",
                )
                for form in self.forms
                if self.unit_of(form) != CONTENT
            ),
        ]

    def _name(self, country: str) -> str:
        return country_name(country, self.areas)

    def makers(self) -> Iterator[dict[str, Any]]:
        """Origins and makers: id, stage and name of each, and its tonnes by year."""
        for (country, form), books in self.by_place.items():
            is_first = form == self.forms[0]
            name = self._name(country)
            made = {year: books[year].made if year in books else 0.0 for year in self.years}
            over = {year: books[year].unexplained if year in books else 0.0 for year in self.years}
            if any(made.values()):
                yield {
                    "id": f"{country}-{form}-made",
                    "name": f"{name}: {'production' if is_first else 'making'} of {form}",
                    "stage": ORIGIN if is_first else maker_stage(form),
                    "country": country,
                    "form": form,
                    "tonnes": made,
                }
            # What was sold beyond all that is known of gets a node of its own: left out, the
            # records would not add up, and added to the makers it would look like known production.
            if any(tonnes > _negligible(books) for tonnes in over.values()):
                yield {
                    "id": f"{country}-{form}-{UNEXPLAINED}",
                    "name": f"{name}: unexplained {form}",
                    "stage": UNEXPLAINED,
                    "country": country,
                    "form": form,
                    "tonnes": over,
                }

    def _capacity(self, maker: Mapping[str, Any], year: int) -> dict[str, Any]:
        """Capacity of an origin or maker in a year, with where it is from."""
        form, country = maker["form"], maker["country"]
        table = self.made.get(form)
        if maker["stage"] == UNEXPLAINED or table is None:
            is_over = maker["stage"] == UNEXPLAINED
            record = {
                "confidence": "estimated",
                "note": _OVER if is_over else _LEAST,
                "source_ids": RECORDS,
                # from its own soil, from stocks or from anywhere: known between nothing and all
                **(
                    {"capacity_low": 0.0, "capacity_high": maker["tonnes"][year]} if is_over else {}
                ),
            }
        else:
            is_guess = (year, country) in table.estimated
            record = {
                "confidence": "estimated" if is_guess else "sourced",
                "note": "Production of the country, marked as an estimate" if is_guess else "",
                "source_ids": production_id(form),
            }
        return {"capacity": maker["tonnes"][year], "unit": CONTENT, **record}

    def nodes(self) -> Iterator[dict[str, Any]]:
        """Origins and makers with the capacity of their first year, trade and nations."""
        for maker in self.makers():
            yield {
                **{key: maker[key] for key in ("id", "name", "stage", "country")},
                "owner_country": maker["country"],
                "status": "operating",
                **self._capacity(maker, self.years[0]),
            }
        for country, form in self.by_place:
            yield {
                "id": f"{country}-{form}",
                "name": f"{self._name(country)}: {form}",
                "stage": form,
                "country": country,
                "owner_country": country,
                "status": "operating",
                "confidence": "estimated",
                "source_ids": RECORDS,
                "note": "All that buys, uses and sells it there; it sets no limit",
            }
        yield from nations(dict.fromkeys(country for country, _ in self.by_place), self.areas)

    def capacities(self) -> Iterator[dict[str, Any]]:
        """What was made in every year, where there are several."""
        if len(self.years) > 1:
            for maker in self.makers():
                for year in self.years:
                    yield {"node_id": maker["id"], "year": year, **self._capacity(maker, year)}

    def recoveries(self) -> Iterator[dict[str, Any]]:
        """The yield of every maker."""
        for maker in self.makers():
            if maker["stage"] == maker_stage(maker["form"]) and maker["form"] in self.yields:
                yield {
                    "node_id": maker["id"],
                    "group": "all",
                    "recovery": self.yields[maker["form"]],
                    "confidence": "estimated",
                    "note": f"Yield of {maker['form']} as given for every country",
                }

    def contents(self, goods: str) -> Iterator[dict[str, Any]]:
        """What a tonne of each form holds, where customs weigh more than that."""
        for form in self.forms:
            if self.unit_of(form) != CONTENT:
                yield {
                    "product_id": form,
                    "element": goods,
                    "share": self.grades[form],
                    "confidence": "estimated",
                    "note": f"Grade of {form} as given for every country",
                }

    def accepted(self) -> Iterator[dict[str, Any]]:
        """Warnings that are right as they are: places of trade neither limit nor lose anything."""
        places = [f"{country}-{form}" for country, form in self.by_place]
        lossless = [
            maker["id"]
            for maker in self.makers()
            if maker["stage"] == maker_stage(maker["form"]) and maker["form"] not in self.yields
        ]
        for key in places:
            reason = "A place of trade: production and links limit the flow"
            yield {"check": "missing-capacity", "value": key, "reason": reason}
        if any(True for _ in self.recoveries()):
            for key in (*places, *lossless):
                reason = "Nothing is lost in trade, and no yield was given for what is made"
                yield {"check": "missing-recovery", "value": key, "reason": reason}

    def home_links(self) -> Iterator[dict[str, str]]:
        """Links inside a country: from what is made there to its makers and its use."""
        # Forms stand in the order of the chain, so that the one before is what a form is made of.
        before = dict(zip(self.forms[1:], self.forms, strict=False))
        for maker in self.makers():
            form, country = maker["form"], maker["country"]
            note = "What is made in the country is at hand there"
            yield home_link(maker["id"], f"{country}-{form}", form, note)
            if maker["stage"] == maker_stage(form):
                feed = before[form]
                note = "Assumed: made there of what the country has of the form before"
                yield home_link(f"{country}-{feed}", maker["id"], feed, note)
        for country, form in self.by_place:
            note = "What is in the country is at hand there"
            yield home_link(f"{country}-{form}", country, form, note)

    def markets(self, flows: pd.DataFrame) -> Iterator[dict[str, Any]]:
        """For each form that is traded, the assumption that anybody may buy from anybody."""
        for form in self.forms:
            if form in set(flows["form"]):
                yield {
                    "id": f"market-{form}",
                    "source": f"stage:{form}",
                    "target": f"stage:{form}",
                    "form": form,
                    "standing": "possible",
                    "confidence": "estimated",
                    "reason": f"What a country has of {form} could be sold to any other",
                }

    def demand(self) -> Iterator[dict[str, Any]]:
        """What each country keeps of each form."""
        for (country, form), books in self.by_place.items():
            if any(book.kept > _negligible(books) for book in books.values()):
                for year in self.years:
                    # Every year gets a row: without one demand would be interpolated between years,
                    # as if it had been there.
                    share = books[year].kept if year in books else 0.0
                    quantity = share / self.grades.get(form, 1.0)
                    yield need(country, form, year, quantity, self.unit_of(form), _KEPT)


def _negligible(books: Mapping[int, Account]) -> float:
    """What is nothing but the rounding of sums."""
    return 1e-9 * max(book.made + book.bought + book.sold for book in books.values())
