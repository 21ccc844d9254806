"""The layouts of trade records: which file holds records, which column what, in which unit."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from supplynet.errors import DataError, OptionError
from supplynet.network.explain import show
from supplynet.terms import did_you_mean
from supplynet.text import listing
from supplynet.trade import lines
from supplynet.trade.clean import has_country_codes, read_country_table
from supplynet.trade.columns import (
    USD,
    YEARS,
    Column,
    Layout,
    Publisher,
    bare,
    figures_by_year,
    publisher_of,
    value_columns,
    weight_columns,
    year_columns,
)
from supplynet.trade.columns import places as columns_of
from supplynet.trade.lines import Given, Listed, Source, list_sources

#: what a user may name the column of, and the unit that the name brings
VALUES = {"value_usd": 1.0, "value_1000usd": 1000.0}
WEIGHTS = {"tonnes": 1.0, "kg": 0.001}
_PLACES = ("year", "code", "exporter", "importer", "reporter", "partner", "flow")
PARTS = (*_PLACES, *VALUES, *WEIGHTS)

_NEEDED: dict[Layout, tuple[str, ...]] = {
    "baci": ("exporter", "importer", "code"),
    "plain": ("exporter", "importer", "code"),
    "comtrade": ("reporter", "partner", "flow", "code"),
}
#: columns that say what the figure of a row is
_KINDS_OF_FIGURE = frozenset(
    {"unit", "units", "measure", "indicator", "indicators", "variable", "statistic", "element"}
)
_NO_VALUE = "No column holds a value: every share is by weight."
_TITLES = {
    "baci": "BACI has t, i, j, k, v and q",
    "comtrade": "UN Comtrade has reporterCode, partnerCode, flowCode, cmdCode and primaryValue",
    "plain": "plain records have exporter, importer, hs6, year, value_usd and tonnes",
}
_NAME_THEM = "name columns with --columns, for example code=PRODUCT,value_usd=AMOUNT"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read."""

    layout: Layout
    names: tuple[str, ...]  #: columns of the file
    places: dict[str, int]  #: place of the column of each field
    dollars: float  #: US dollars in a unit of the value
    tonnes: float  #: tonnes in a unit of the weight
    notes: tuple[str, ...] = ()  #: what the names of the columns leave open, and how it was read
    year: int | None = None  #: the one year that all figures are of
    parts: tuple[Reading, ...] = ()  #: where each year has columns of its own: how each is read
    publisher: Publisher | None = None  #: whose file it is
    #: name of the column that says what the figures of a row are, where the names of their columns
    #: do not; else empty
    unit_by_row: str = ""

    @property
    def is_split(self) -> bool:
        """Whether a flow is parted into rows that add up, with no total among them."""
        return self.publisher is not None and self.publisher.is_split

    def name(self, field: str) -> str:
        """Name of the column that holds a field."""
        return self.names[self.places[field]]


def reading_of(
    names: Sequence[str],
    layout: Layout | None,
    path: Source,
    columns: Mapping[str, str] | None = None,
    rates: Mapping[str, float] | None = None,
) -> Reading:
    """Return how to read a file with some columns.

    Without a layout it is the one whose columns are there; `columns` come before what is
    recognized, and `rates` are US dollars for one of another currency, such as ``{"EUR": 1.05}``. A
    DataError if a needed column is missing, no layout fits, two columns may hold the value, or its
    currency has no rate.

    Examples
    --------
    >>> from pathlib import Path
    >>> reading_of(["t", "i", "j", "k", "v", "q"], None, Path("x.csv")).layout
    'baci'
    """
    columns = columns or {}
    record = _told_of_years(names, columns)
    choices = _chosen(names, {key: columns[key] for key in columns if key not in record}, path)
    layout = layout or layout_of(names, columns)
    if layout is None:
        raise DataError(
            f"{path}, line 1: the columns are those of no layout; {'; '.join(_TITLES.values())}",
            hint=f"the columns are {show(', '.join(names))}; {_NAME_THEM}",
        )
    notes: list[str] = []
    publisher = _publisher(names, layout, notes)
    told_by = {} if publisher is None else publisher.places(names)
    places = {**columns_of(names, layout), **told_by, **choices}
    if is_wide(names, layout, columns):
        return _wide(names, layout, places, record, path, notes, rates or {})
    value = _measure(names, choices, VALUES)
    weight = _measure(names, choices, WEIGHTS)
    if publisher is not None:
        its_value, its_weight = publisher.figures(names)
        value, weight = value or its_value, weight or its_weight
    value = value or _value(names, path, notes)
    weight = weight or _weight(names, layout, places, path, notes)
    for piece, column in (("value", value), ("weight", weight)):
        if column is not None:
            places[piece] = column.place
    _require(names, layout, places, path)
    if value is None:
        notes.append(_NO_VALUE)
    # beside a quantity, a unit is that of the quantity
    has_no_unit = value is not None and not value.is_told and "quantity" not in places
    return Reading(
        layout,
        tuple(names),
        places,
        1.0 if value is None else _dollars(value, rates or {}, path, notes),
        1.0 if weight is None else weight.factor,
        tuple(notes),
        publisher=publisher,
        unit_by_row=_unit_by_row(names) if has_no_unit else "",
    )


def _unit_by_row(names: Sequence[str]) -> str:
    return next((name for name in names if bare(name) in _KINDS_OF_FIGURE), "")


def _publisher(names: Sequence[str], layout: Layout, notes: list[str]) -> Publisher | None:
    publisher = publisher_of(names)
    if publisher is None or publisher.layout != layout:
        return None
    notes.append(f"Columns as in files of {publisher.name}.")
    return publisher


def _dollars(value: Column, rates: Mapping[str, float], path: Source, notes: list[str]) -> float:
    """US dollars in a unit of a value."""
    note = f"Values are in {value.money}: no rate of {listing(rates)} is used."
    if value.money not in rates and rates and note not in notes:
        notes.append(note)
    if value.money == USD:
        return value.factor
    rate = rates.get(value.money)
    if rate is None:
        raise DataError(
            f"{path}: the values of column {show(value.name)!r} are not in US dollars but in "
            f"{value.money}",
            hint=f"say what one {value.money} was worth in that year with --rate "
            f"{value.money}=DOLLARS, or name another column with --columns value_usd=NAME",
        )
    notes.append(f"Values in {value.money} count {rate:g} US dollars for each, in every year.")
    return value.factor * rate


def is_wide(names: Sequence[str], layout: Layout, columns: Mapping[str, str] | None = None) -> bool:
    """Whether each year has columns of its own.

    Examples
    --------
    >>> is_wide(["exporter", "importer", "hs6", "2021", "2022"], "plain")
    True
    """
    inputs = {bare(name) for name in names}
    selection = {piece for piece, name in (columns or {}).items() if bare(name) in inputs}
    if "year" in columns_of(names, layout) or selection & {"year", *VALUES, *WEIGHTS}:
        return False
    return bool(year_columns(names))


def _told_of_years(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, float]:
    """Parts and factors that a user names for the cells under bare years."""
    if YEARS in {bare(name) for name in names}:
        return {}
    return {
        piece: {**VALUES, **WEIGHTS}[piece]
        for piece, name in columns.items()
        if piece in {*VALUES, *WEIGHTS} and bare(name) == YEARS
    }


def _wide(
    names: Sequence[str],
    layout: Layout,
    places: dict[str, int],
    record: Mapping[str, float],
    path: Source,
    notes: list[str],
    rates: Mapping[str, float],
) -> Reading:
    """How to read a table with columns of each year."""
    fields = {"value" if piece in VALUES else "weight": record[piece] for piece in record}
    if len(record) > len(fields):
        raise OptionError("the cells of the years can hold one part only")
    years = figures_by_year(names, fields, path, notes)
    parts = []
    for year, columns in years.items():
        own = {**places, **{field: column.place for field, column in columns.items()}}
        _require(names, layout, own, path)
        value, weight = columns.get("value"), columns.get("weight")
        dollars = 1.0 if value is None else _dollars(value, rates, path, notes)
        tonnes = 1.0 if weight is None else weight.factor
        parts.append(Reading(layout, tuple(names), own, dollars, tonnes, year=year))
    if "value" not in parts[0].places:
        notes.append(_NO_VALUE)
    notes = list(dict.fromkeys(notes))
    unit = _unit_by_row(names) if fields else ""
    return dataclasses.replace(parts[0], notes=tuple(notes), parts=tuple(parts), unit_by_row=unit)


def _require(names: Sequence[str], layout: Layout, places: Mapping[str, int], path: Source) -> None:
    missing = [field for field in _NEEDED[layout] if field not in places]
    if "value" not in places and ("weight" not in places or layout == "comtrade"):
        missing.append("value")
    if missing:
        near = did_you_mean(missing[0], names) or f"the columns are {show(', '.join(names))}"
        raise DataError(
            f"{path}, line 1: no column holds the {' and the '.join(missing)}; {_TITLES[layout]}",
            hint=f"{near}; {_NAME_THEM}",
        )


def layout_of(names: Sequence[str], columns: Mapping[str, str] | None = None) -> Layout | None:
    """Return the layout whose columns are there; None where it is none.

    Examples
    --------
    >>> layout_of(["exporter", "importer", "hs6", "value_usd"])
    'plain'
    """
    publisher = publisher_of(names)
    if publisher is not None:
        return publisher.layout
    inputs = {bare(name) for name in names}
    selection = {piece for piece, name in (columns or {}).items() if bare(name) in inputs}
    has_value = bool(selection & set(VALUES)) or bool(value_columns(names))
    has_weight = bool(selection & set(WEIGHTS)) or bool(weight_columns(names))
    for layout in ("comtrade", "plain", "baci"):
        has_figures = has_value or is_wide(names, layout, columns)
        has_figures = has_figures or (has_weight and layout != "comtrade")
        if has_figures and {*columns_of(names, layout), *selection}.issuperset(_NEEDED[layout]):
            return layout
    return None


def _chosen(names: Sequence[str], columns: Mapping[str, str], path: Source) -> dict[str, int]:
    """Places of the columns that a user names."""
    plain = [bare(name) for name in names]
    numbers = {}
    for piece, name in columns.items():
        if piece not in PARTS:
            raise OptionError(
                f"trade records have no part {show(piece)!r} to name a column for; there are "
                f"{', '.join(PARTS)}",
                hint=did_you_mean(piece, PARTS),
            )
        if bare(name) not in plain:
            raise OptionError(
                f"{path}: there is no column {show(name)!r}",
                hint=did_you_mean(name, names) or f"the columns are {show(', '.join(names))}",
            )
        numbers[piece] = plain.index(bare(name))
    return numbers


def _measure(
    names: Sequence[str], choices: Mapping[str, int], factors: Mapping[str, float]
) -> Column | None:
    for piece, factor in factors.items():
        if piece in choices:
            return Column(choices[piece], names[choices[piece]], factor, is_told=True)
    return None


def _value(names: Sequence[str], path: Source, notes: list[str]) -> Column | None:
    columns = value_columns(names)
    if not columns:
        return None
    if not columns[0].is_told:
        notes.append(f"Column {show(columns[0].name)!r} names no unit: read as US dollars.")
    return _only(columns, "value", path)


def _weight(
    names: Sequence[str],
    layout: Layout,
    places: Mapping[str, int],
    path: Source,
    notes: list[str],
) -> Column | None:
    columns = weight_columns(names)
    if columns:
        return _only(columns, "weight", path)
    if layout != "comtrade" and "quantity" in places and "unit" not in places:
        name = names[places["quantity"]]
        notes.append(f"Column {show(name)!r} names no unit: read as tonnes.")
        return Column(places["quantity"], name, 1.0, is_told=False)
    return None


def _only(columns: Sequence[Column], what: str, path: Source) -> Column:
    if len(columns) > 1:
        listed = ", ".join(show(column.name) for column in columns)
        raise DataError(
            f"{path}: several columns may hold the {what}: {listed}",
            hint="say which with --columns, for example "
            f"{'value_usd' if what == 'value' else 'tonnes'}={show(columns[0].name)}",
        )
    return columns[0]


#: a partition of a year, as databases write it
_PART_OF_YEAR = re.compile(r"[/\\](?:t|year)=(\d{4})[/\\][^/\\]+$", re.ASCII)
#: how CEPII names the file of a year: BACI_HS17_Y2022_V202601.csv
_YEAR_FILE = re.compile(r"BACI_HS\d\d_Y(\d{4})_V\w+\.csv(\.gz)?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A source of records."""

    source: Source
    header: lines.Header
    reading: Reading


@dataclass
class Choice:
    """What the given files are."""

    records: list[Chosen] = field(default_factory=list)
    #: ISO 3166 alpha-3 by code, of country tables beside the records
    countries: dict[str, str] = field(default_factory=dict)
    #: what was passed over, and how columns were read
    notes: list[str] = field(default_factory=list)


def choose(
    files: Given | Iterable[Given],
    *,
    layout: Layout | None = None,
    columns: Mapping[str, str] | None = None,
    years: Collection[int] = (),
    rates: Mapping[str, float] | None = None,
) -> Choice:
    """Return which files hold records; a file that is named must.

    Files are as for :func:`supplynet.trade.lines.list_sources`, layout, columns and rates as for
    :func:`supplynet.trade.layouts.reading_of`. Files of a folder or archive that CEPII's names put
    into other years are passed over. A DataError where none holds records of the years, an
    OptionError where some have values and others only weights.
    """
    choice = Choice()
    listed = list_sources(files)
    for candidate in listed:
        _choose(candidate, choice, layout, columns or {}, years, rates or {})
    if not choice.records:
        raise DataError(
            f"{os.path.commonprefix([str(candidate.source) for candidate in listed])}: none of "
            f"{len(listed)} files holds records that were asked for",
            hint="; ".join(choice.notes)[:600],
        )
    first = choice.records[0]
    for other in choice.records:
        if ("value" in other.reading.places) != ("value" in first.reading.places):
            raise OptionError(
                f"{first.source} and {other.source}: one has values, the other only weights",
                hint="read them by themselves",
            )
    return choice


def _choose(
    listed: Listed,
    choice: Choice,
    layout: Layout | None,
    columns: Mapping[str, str],
    years: Collection[int],
    rates: Mapping[str, float],
) -> None:
    source = listed.source
    year = _YEAR_FILE.fullmatch(source.name.rpartition("/")[2]) or _PART_OF_YEAR.search(str(source))
    if not listed.is_named and years and year is not None and int(year[1]) not in years:
        choice.notes.append(f"{source.name}: passed over, its name says {year[1]}")
        return
    header = lines.read_header(source, lambda names: layout_of(names, columns) is not None)
    if not listed.is_named and layout_of(header.names, columns) is None:
        if has_country_codes(header.names):
            choice.countries.update(read_country_table(source))
            choice.notes.append(f"{source.name}: read as the table of countries")
        else:
            names = show(", ".join(header.names))
            choice.notes.append(f"{source.name}: passed over, its columns are {names}")
        return
    reading = reading_of(header.names, layout, source, columns, rates)
    choice.notes += [f"{source.name}: {note}" for note in reading.notes]
    choice.records.append(Chosen(source, header, reading))
