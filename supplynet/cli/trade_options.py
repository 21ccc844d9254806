"""The options of the commands that read customs records, each declared once."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from supplynet.cli import words
from supplynet.cli.console import Progress
from supplynet.cli.options import Decorator, apply_all, choice, option

if TYPE_CHECKING:
    from supplynet.trade.columns import Layout
    from supplynet.trade.concordance import Concordance
    from supplynet.trade.table import Reconcile, TradeTable

Function = Callable[..., Any]
# A test holds these together with those of the reader, which is not imported for a help text.
LAYOUTS = ("auto", "baci", "comtrade", "plain")
RECONCILE = ("importer", "exporter", "weighted")


@dataclass(frozen=True, slots=True)
class Records:
    """Which customs records a command was given, and how they are read."""

    files: tuple[str, ...]
    layout: str
    codes: str
    years: tuple[int, ...]
    countries: str | None
    columns: Mapping[str, str]
    where: Mapping[str, str]
    reconcile: str
    unit_values: Mapping[str, float]
    rates: Mapping[str, float]
    overrides: tuple[str, ...]
    max_unmapped: float
    max_malformed: float

    def meaning(self) -> Concordance:
        """The form of each code; a UsageError for a code or form that is not known."""
        from supplynet.trade.concordance import concordance

        return concordance(self.codes, self.overrides)

    def read(self, codes: tuple[str, ...], progress: Progress) -> TradeTable:
        """Read the records."""
        from supplynet.trade.read import read_trade
        from supplynet.trade.rows import six_digits

        for code in self.unit_values:
            if six_digits(code) not in codes:
                raise click.BadParameter(
                    f"{code} is none of the codes that are read: {', '.join(codes)}",
                    param_hint="'--unit-value'",
                )
        return read_trade(
            [Path(file) for file in self.files],
            codes=codes,
            year=self.years or None,
            layout=None if self.layout == "auto" else cast("Layout", self.layout),
            countries=self.countries,
            columns=self.columns,
            where=self.where,
            reconcile=cast("Reconcile", self.reconcile),
            unit_values=self.unit_values,
            rates=self.rates,
            max_unmapped=self.max_unmapped,
            max_malformed=self.max_malformed,
            step=progress.step,
        )

    def words(self, progress: Progress) -> dict[str, Any]:
        """Return what is read as keywords of a question about customs records."""
        from supplynet.trade.concordance import codes_of

        table = self.read(codes_of(self.codes), progress)
        records = {**table.provenance, "notes": list(table.notes)}
        return {"trade": table.frame, "unlisted": table.unlisted, "records": records}


def years_of(text: str) -> tuple[int, ...]:
    """Return the years of a text such as ``2022``, ``2021,2022`` or ``2019-2024``.

    Examples
    --------
    >>> years_of("2019-2021,2024")
    (2019, 2020, 2021, 2024)
    """
    years: list[int] = []
    for word in text.split(","):
        match = re.fullmatch(r"\s*(\d{4})(?:-(\d{4}))?\s*", word, re.ASCII)
        if match is None or (match[2] and int(match[2]) < int(match[1])):
            raise click.BadParameter(
                f"{text!r} names no years: write for example 2022 or 2019-2024",
                param_hint="'--year'",
            )
        years += range(int(match[1]), int(match[2] or match[1]) + 1)
    return tuple(years)


_FILES = click.argument("files", nargs=-1, required=True, metavar="[LAYOUT] FILE...")
_OPTIONS: list[Decorator] = [
    click.option(
        "--codes",
        required=True,
        type=words.Text("codes", "--codes 850511:magnet"),
        metavar="CODE[:FORM],...",
        help="Codes of the Harmonized System, six digits, and what each is; forms in the order "
        "of the chain. The form of a code that is known may be left out. The name of a mineral, "
        "such as tungsten, stands for all of its codes.",
    ),
    option(
        "--year YEAR",
        words.Text("years", "--year 2022"),
        "One year, several (2021,2022) or a span (2019-2024). Default: every year.",
        "years",
    ),
    option(
        "--countries FILE",
        words.Text("file", "--countries country_codes.csv"),
        "Table of the codes of countries (country_code, country_iso3).",
    ),
    option(
        "--columns PART=NAME...",
        words.Pair("tonnes=quantity"),
        "Name of a column that is not recognized: year, code, exporter, importer, reporter, "
        "partner, flow, value_usd, value_1000usd, tonnes or kg. Repeatable.",
    ),
    option(
        "--where COLUMN=VALUE...",
        words.Pair("basis=fob"),
        "Only rows in which a further column holds this. Repeatable.",
    ),
    choice(
        "--reconcile",
        RECONCILE,
        "importer",
        help="Whose report counts where both sides report a flow.",
    ),
    option(
        "--unit-value CODE=DOLLARS...",
        words.NamedNumber("price", "850511=40000"),
        "What a tonne costs, for codes without any weight. Repeatable.",
        "prices",
    ),
    option(
        "--rate CURRENCY=DOLLARS...",
        words.NamedNumber("rate", "EUR=1.05"),
        "What one of another currency is worth, for records that are not in US dollars. "
        "Repeatable.",
        "money",
    ),
    click.option(
        "--override",
        "overrides",
        multiple=True,
        metavar="CODE:FROM:TO:FORM",
        help="What a code means between two countries. Repeatable.",
    ),
    option(
        "--max-unmapped SHARE",
        words.Share(),
        "Share of the value that may be left out.",
        default="1%",
    ),
    option(
        "--max-malformed SHARE",
        words.Share(),
        "Share of the rows that may be malformed.",
        default="0%",
    ),
]


def records(function: Function) -> Function:
    """Add the files of customs records and how to read them; the command gets ``trade``."""

    @functools.wraps(function)
    def gather(**given: Any) -> Any:
        files = given.pop("files")
        layout = "auto"
        if files[0] in LAYOUTS:
            layout, files = files[0], files[1:]
        if not files:
            raise click.UsageError(f"name the files after the layout: {layout} FILE...")
        years = given.pop("years")
        query = Records(
            files=files,
            layout=layout,
            years=years_of(years) if years else (),
            columns=words.columns_of(given.pop("columns")),
            where=dict(given.pop("where")),
            unit_values=dict(given.pop("prices")),
            rates={money.upper(): rate for money, rate in given.pop("money")},
            **{name: given.pop(name) for name in Records.__slots__ if name in given},
        )
        return function(trade=query, **given)

    return apply_all([_FILES, *_OPTIONS], gather)
