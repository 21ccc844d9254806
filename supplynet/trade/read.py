"""``read_trade``: customs records of any known layout, with every row accounted for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from supplynet.errors import DataError, OptionError, TableError
from supplynet.network.problems import Problem, raise_problems
from supplynet.terms import one_of
from supplynet.trade import clean, lines
from supplynet.trade import table as mirror
from supplynet.trade.clean import (
    AreaTable,
    read_country_table,
    summed,
    with_weights,
    without_repeats,
)
from supplynet.trade.columns import LAYOUTS, Layout
from supplynet.trade.layouts import choose
from supplynet.trade.lines import Given, Source
from supplynet.trade.rows import CELLS, Found, RowReader, code_of
from supplynet.trade.table import (
    COLUMNS,
    RECONCILE,
    Effect,
    LedgerRow,
    Reconcile,
    TradeFile,
    TradeTable,
)

if TYPE_CHECKING:
    import pandas as pd


#: progress(label, done, total)
Step = Callable[[str, float, float], None]
_SHOWN_CODES = 8
#: rows that were not looked into, and why
_UNREAD: dict[str, tuple[str, Effect]] = {
    "other-code": ("About other goods", "passed over"),
    "other-year": ("About other years", "passed over"),
    "other-rows": ("Not chosen by --where", "passed over"),
    "empty": ("Without a figure", "passed over"),
    "other-flow": (
        "Re-exports and re-imports, which exports and imports hold too",
        "passed over",
    ),
    "malformed": ("Malformed", "left out"),
}


def read_trade(
    files: Given | Iterable[Given],
    *,
    codes: Iterable[str] | str | None = None,
    year: int | Iterable[int] | None = None,
    layout: Layout | None = None,
    countries: Given | None = None,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, str] | None = None,
    reconcile: Reconcile = "importer",
    unit_values: Mapping[str, float] | None = None,
    rates: Mapping[str, float] | None = None,
    max_unmapped: float = 0.01,
    max_malformed: float = 0.0,
    step: Step | None = None,
) -> TradeTable:
    """What do customs records say of the trade in some goods?

    Files are read in blocks: memory depends on the rows that are asked for, not on the file.

    Parameters
    ----------
    files : path or iterable of path
        CSV (commas, semicolons, tabs or bars), gzip of CSV, zip archives of them, or Parquet;
        folders and patterns such as ``BACI_*.csv``. A table of countries in a folder or an
        archive is read as that, other files without records are passed over with a note.
    codes : str or iterable of str, optional
        Codes of the Harmonized System of six digits; a text may list several with commas. By
        default every code.
    year : int or iterable of int, optional
        By default every year. Needed where no column holds the year.
    layout : {"baci", "comtrade", "plain"}, optional
        By default the one whose columns are there.
    countries : path, optional
        Table with country_code and country_iso3, such as the one that comes with BACI. The
        numbers of ISO 3166 and of UN Comtrade are known without.
    columns : mapping of str to str, optional
        Name of the column of parts of :data:`supplynet.trade.layouts.PARTS` that are not
        recognized, such as ``{"tonnes": "quantity"}``.
    where : mapping of str to str, optional
        What further columns must hold, by column, such as ``{"basis": "fob"}``.
    reconcile : {"importer", "exporter", "weighted"}
        Whose report counts where both sides report a flow; see
        :func:`supplynet.trade.table.reconciled`.
    unit_values : mapping of str to float, optional
        US dollars a tonne by code, for codes without any weight in the records.
    rates : mapping of str to float, optional
        US dollars for one of another currency that the files are in, such as ``{"EUR": 1.05}``.
    max_unmapped : float
        Share of the value (0 to 1) that may be left out: areas that are no country, codes that
        are not known, trade with itself.
    max_malformed : float
        Share of the rows asked for that may be malformed.
    step : callable, optional
        Told what is done, and how far it is.

    Returns
    -------
    TradeTable

    Raises
    ------
    OptionError
        If an option's value is not allowed.
    DataError
        If a file cannot be read, no row is about what was asked, or more is left out than
        allowed.
    TableError
        If more rows are malformed than allowed; each with file and line.
    LimitError
        If a line is too long for a table, or an archive unpacks to far more than it holds.
    UnsafePathError
        If a name in an archive leads out of it.
    MissingExtraError
        If a file is Parquet and DuckDB is not installed.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "trade.csv"
    ...     size = path.write_text('''exporter,importer,hs6,year,value_usd,tonnes
    ... FJI,MLT,850511,2024,5000,2
    ... ISL,MLT,850511,2024,15000,4
    ... ''')
    ...     table = read_trade(path, codes="850511")
    >>> table.frame[["exporter", "value_usd", "tonnes"]].values.tolist()
    [['FJI', 5000.0, 2.0], ['ISL', 15000.0, 4.0]]
    """
    import pandas as pd

    _check_options(layout, reconcile, max_unmapped, max_malformed, unit_values or {}, rates or {})
    wanted, years = _codes(codes), _years(year)
    further = read_country_table(countries) if countries is not None else {}
    choice = choose(files, layout=layout, columns=columns, years=years, rates=rates)
    paths = [record.source for record in choice.records]
    tally = Found()
    read: list[TradeFile] = []
    for index, record in enumerate(choice.records):
        delimiter = record.header.delimiter
        reader = RowReader(
            record.source, index, record.reading, wanted, years, where or {}, delimiter
        )
        read.append(_read_file(reader, record.header, tally, read, step))
    _check_malformed(tally, max_malformed)
    if not tally.rows:
        raise _nothing(tally, wanted, years, paths)
    rows = pd.DataFrame(tally.rows, columns=[*CELLS])
    has_values = bool(rows["value_usd"].notna().any())
    ledger = clean.Ledger("value_usd" if has_values else "tonnes")
    for reason, (title, effect) in _UNREAD.items():
        ledger.count_unread(reason, title, effect, tally.counts[reason])
    del tally  # its rows are as large as the frame
    areas = AreaTable({**choice.countries, **further})
    is_comtrade = read[0].layout == "comtrade"
    has_parts = is_comtrade and not any(record.reading.is_split for record in choice.records)
    rows = without_repeats(rows, paths, ledger, has_parts=has_parts)
    totals = clean.totals(rows, areas, ledger)
    rows, names, unmapped = clean.with_areas(rows, areas, ledger)
    reports = _reports(rows, unit_values or {}, ledger)
    frame = _flows(reports, reconcile if is_comtrade else None)
    table = TradeTable(
        frame=frame,
        ledger=(*ledger.rows(), *_codes_without_rows(wanted, frame)),
        reports=reports,
        gaps=mirror.gaps(reports),
        unlisted=totals.unlisted,
        files=tuple(read),
        options={
            "codes": sorted(wanted),
            "years": sorted(int(year) for year in frame["year"].unique()),
            "reconcile": reconcile if is_comtrade else "records reconciled before",
            "measure": "value" if has_values else "weight",
            "where": dict(where or {}),
            "unit_values": dict(unit_values or {}),
            "rates": dict(rates or {}),
            "max_unmapped": max_unmapped,
            "max_malformed": max_malformed,
            "world_gaps": totals.gaps,
            "columns": dict(columns or {}),
        },
        notes=tuple(choice.notes),
        areas=names,
    )
    _check_lost(table, max_unmapped, unmapped)
    return table


def _read_file(
    reader: RowReader,
    header: lines.Header,
    result: Found,
    before: list[TradeFile],
    step: Step | None,
) -> TradeFile:
    """Add the rows of one file."""
    path, reading = reader.path, reader.reading
    digest = lines.digest(path)
    for earlier in before:
        if earlier.sha256 == digest:
            raise OptionError(f"{path}: holds the same as {earlier.name}; give each file once")
        if earlier.layout != reading.layout:
            raise OptionError(
                f"{path}: is in the layout {reading.layout}, {earlier.name} in {earlier.layout}",
                hint="read the files of each layout by themselves: they overlap",
            )
    n_before = result.counts["read"]

    def advance(done: int, total: int) -> None:
        if step is not None:
            step(f"Reading {path.name}: {result.counts['read']:,} rows", done, total)

    codes = sorted(reader.codes)
    for batch in lines.read_batches(path, codes, header, reading.name("code"), advance):
        reader.add(batch, result)
    return TradeFile(path.name, digest, reading.layout, result.counts["read"] - n_before)


def _reports(
    rows: pd.DataFrame, unit_values: Mapping[str, float], ledger: clean.Ledger
) -> pd.DataFrame:
    """Flows as each side reports them, with weights."""
    # of a report of imports the first side is the importer; else it is the exporter
    is_import = rows["flow"].eq("M")
    rows = rows.assign(
        importer=rows["first"].where(is_import, rows["second"]),
        exporter=rows["second"].where(is_import, rows["first"]),
        reporter=rows["flow"].map({"M": "importer", "X": "exporter", "T": "both"}),
    )
    nothing = rows["value_usd"].fillna(0.0).eq(0) & ~rows["tonnes"].gt(0)
    rows = ledger.count("zero", "No value and no weight", "merged", rows, nothing)
    free = rows["value_usd"].eq(0)
    ledger.count("zero-value", "A weight without a value", "kept", rows, free)
    rows = with_weights(rows, unit_values)
    for reason, title in (
        ("estimated", "Weight estimated from the value"),
        ("missing", "No weight, and no price to estimate one"),
    ):
        ledger.count(f"{reason}-weight", title, "kept", rows, rows["tonnes_how"].eq(reason))
    ledger.count("flow", "Flows between countries as reported", "kept", rows)
    rows = rows[
        ["importer", "exporter", "hs6", "year", "reporter", "value_usd", "tonnes", "tonnes_how"]
    ]
    key = [*mirror.FLOW, "reporter"]
    again = rows.duplicated(key, keep=False)
    if again.any():
        title = "Under several codes that stand for one country, added up"
        ledger.count("one-country", title, "kept", rows, again)
        worst = rows.groupby(key, sort=False)["tonnes_how"].transform(
            lambda how: max(how, key=("reported", "estimated", "missing").index)
        )
        rows = summed(rows.assign(tonnes_how=worst), key)
    return rows.sort_values(key, ignore_index=True)


def _flows(reports: pd.DataFrame, reconcile: Reconcile | None) -> pd.DataFrame:
    flows = mirror.reconciled(reports, reconcile) if reconcile else reports
    return flows[list(COLUMNS)].sort_values(mirror.FLOW, ignore_index=True)


# -- what was asked -----------------------------------------------------------------------


def _codes(codes: Iterable[str] | str | None) -> frozenset[str]:
    if codes is None:
        return frozenset()
    texts = codes.split(",") if isinstance(codes, str) else list(codes)
    names = frozenset(map(code_of, texts))
    if not names:
        raise OptionError("no code is given", hint="write for example 850511")
    return names


def _years(year: int | Iterable[int] | None) -> frozenset[int]:
    if year is None:
        return frozenset()
    return frozenset([year] if isinstance(year, int) else year)


def _check_options(
    layout: str | None,
    reconcile: str,
    max_unmapped: float,
    max_malformed: float,
    unit_values: Mapping[str, float],
    rates: Mapping[str, float],
) -> None:
    if layout is not None:
        one_of(layout, LAYOUTS, "layout")
    one_of(reconcile, RECONCILE, "reconcile")
    for name, share in (("max_unmapped", max_unmapped), ("max_malformed", max_malformed)):
        if not 0 <= share <= 1:
            raise OptionError(f"{name} is a share from 0 to 1 (found {share})")
    for figure, unit, figures in (
        ("price", "US dollars a tonne", unit_values),
        ("rate", "US dollars", rates),
    ):
        for name, value in figures.items():
            if not 0 < value < float("inf"):
                raise OptionError(f"the {figure} of {name} must be above 0 {unit} ({value})")


# -- what was found -----------------------------------------------------------------------


def _codes_without_rows(codes: frozenset[str], frame: pd.DataFrame) -> tuple[LedgerRow, ...]:
    missing = sorted(codes - set(frame["hs6"]))
    return tuple(
        LedgerRow("no-rows", f"Nothing found of {code}", "passed over", 0) for code in missing
    )


def _check_malformed(result: Found, most: float) -> None:
    n_bad, n_good = result.counts["malformed"], len(result.rows)
    if n_bad <= most * (n_bad + n_good):
        return
    problems = list(result.problems)
    if n_bad > len(problems):
        text = f"{n_bad - len(problems):,} more rows are malformed"
        problems.append(Problem("malformed-row", text))
    share = f"{n_bad:,} of {n_bad + n_good:,} rows asked for are malformed, {most:.2%} may be"
    raise_problems(problems, TableError, what=share)


def _nothing(
    result: Found, codes: frozenset[str], years: frozenset[int], paths: list[Source]
) -> DataError:
    what = ", ".join(sorted(codes)[:_SHOWN_CODES]) or "any code"
    when = f" in {', '.join(map(str, sorted(years)))}" if years else ""
    hint = ""
    if result.other_years:
        hint = f"the files speak of {', '.join(map(str, sorted(result.other_years)))}"
    elif result.counts["other-rows"]:
        hint = "no row holds what further columns were asked to hold"
    return DataError(
        f"{', '.join(map(str, paths))}: none of {result.counts['read']:,} rows is about {what}"
        f"{when}",
        hint=hint,
    )


def _check_lost(table: TradeTable, most: float, unmapped: list[str]) -> None:
    if table.lost_share <= most:
        return
    parts = [
        f"{row.title.lower()} {row.share:.2%} ({row.n_rows:,} rows)"
        for row in table.ledger
        if row.effect == "left out" and row.share
    ]
    shown = ", ".join(code[:20] or "(empty)" for code in unmapped[:_SHOWN_CODES])
    raise DataError(
        f"{table.lost_share:.2%} of the {table.measure} would be left out, {most:.2%} may be: "
        f"{'; '.join(parts)}",
        hint=(f"codes not known: {shown}; a country table may name them. " if unmapped else "")
        + "Allow more to be left out if that is meant",
    )
