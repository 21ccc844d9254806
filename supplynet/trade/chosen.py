"""Which files hold the records, how each is read, and what the files beside them are."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from supplynet.errors import DataError, OptionError
from supplynet.network.explain import show
from supplynet.trade import lines
from supplynet.trade.areas import has_country_codes, read_country_table
from supplynet.trade.columns import Layout
from supplynet.trade.layouts import Reading, layout_of, reading_of
from supplynet.trade.sources import Given, Listed, Source, list_sources

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

    Files are as for :func:`supplynet.trade.sources.list_sources`, layout, columns and rates as for
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
    one: Listed,
    found: Choice,
    layout: Layout | None,
    columns: Mapping[str, str],
    years: Collection[int],
    rates: Mapping[str, float],
) -> None:
    source = one.source
    year = _YEAR_FILE.fullmatch(source.name.rpartition("/")[2])
    if not one.is_named and years and year is not None and int(year[1]) not in years:
        found.notes.append(f"{source.name}: passed over, its name says {year[1]}")
        return
    header = lines.read_header(source, lambda names: layout_of(names, columns) is not None)
    if not one.is_named and layout_of(header.names, columns) is None:
        if has_country_codes(header.names):
            found.countries.update(read_country_table(source))
            found.notes.append(f"{source.name}: read as the table of countries")
        else:
            names = show(", ".join(header.names))
            found.notes.append(f"{source.name}: passed over, its columns are {names}")
        return
    reading = reading_of(header.names, layout, source, columns, rates)
    found.notes += [f"{source.name}: {note}" for note in reading.notes]
    found.records.append(Chosen(source, header, reading))
