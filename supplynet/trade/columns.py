"""The names of columns of trade records: fields, values, weights and units, and known publishers.

``data/publishers.csv`` holds a row for each kind of file, with the publisher's own pages as
source. A file whose columns are those of a row is read as it says; others by the names alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from supplynet.errors import DataError
from supplynet.network.explain import show
from supplynet.trade.clean import shipped
from supplynet.trade.lines import Source

USD = "USD"
_DOLLARS = frozenset(["usd", "us", "$", "dollar", "dollars"])


def _by_word(**sayings: tuple[str, float]) -> dict[str, float]:
    """Return what words stand for: of each unit how it is written, and its size."""
    return {word: size for words, size in sayings.values() for word in words.split()}


#: how other currencies are written
_OTHER_MONEY = {
    word: money
    for money, words in {
        "EUR": "eur euro euros €",
        "CNY": "cny rmb",
        "JPY": "jpy yen",
        "KRW": "krw won",
        **{code: code.lower() for code in ("GBP", "INR", "CAD", "AUD", "CHF")},
    }.items()
    for word in words.split()
}
#: multiples of dollars that one word says
_OF_DOLLARS = frozenset(["kusd", "musd", "tusd"])
_TIMES = _by_word(
    thousand=("1000 thousand thousands k kusd kus tusd", 1e3),
    million=("million millions mn mio musd m", 1e6),
)
_VALUE = frozenset(["value", "values", "tradevalue", "primaryvalue", "cifvalue", "fobvalue"])
_NO_VALUE = frozenset(
    ["unit", "share", "flag", "desc", "token", "quantity", "qty", "weight", "price", "rank", "note"]
)
_TONNES = _by_word(
    t=("t tonnes tonne mt mtonnes tons ton", 1.0),
    kg=("kg kgs kgm kilogram kilograms kilo kilos", 1e-3),
    kt=("kt kilotonnes", 1e3),
)
_NET = frozenset(["net", "netweight", "netwgt"])
_WEIGHT = frozenset(["weight", "netweight", "netwgt", "wgt", "mass"])
_ABOUT_WEIGHT = _WEIGHT | frozenset(["quantity", "qty", "net", "metric", "in", "volume"])
_NO_WEIGHT = frozenset(
    [
        "is",
        "estimated",
        "flag",
        "unit",
        "alt",
        "gross",
        "code",
        "abbr",
        "token",
        "desc",
        "per",
        "note",
        "share",
    ]
)
#: tonnes in the units of quantities, by the code of UN Comtrade or in words
UNITS = _by_word(
    kg=("8 kg kgs kilogram kilograms weightinkilograms", 1e-3),
    t=("t mt tonnes tonne metrictons metricton", 1.0),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that holds a measure."""

    place: int
    name: str
    factor: float  #: US dollars or tonnes in its unit; for other money how many of it
    is_told: bool  #: whether the name says the unit
    money: str = USD  #: currency of a value, by ISO 4217


def words_in(name: str) -> list[str]:
    """Return the words of a column's name in small letters.

    Examples
    --------
    >>> words_in("TradeValue in 1000 USD"), words_in("Netweight (kg)"), words_in("value_1000usd")
    (['trade', 'value', 'in', '1000', 'usd'], ['netweight', 'kg'], ['value', '1000', 'usd'])
    """
    spaced = re.sub(r"(?<=\d)[,.](?=\d{3})", "", name)
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", spaced)
    return re.findall(r"[a-z]+|\d+|[$€]", spaced.lower())


def value_columns(names: Sequence[str]) -> list[Column]:
    """Return the columns that are best as the value: one, unless several are as good.

    Examples
    --------
    >>> [(one.name, one.factor) for one in value_columns(["v", "q"])]
    [('v', 1000.0)]
    """
    return _best(names, _value)


def _value(texts: list[str]) -> _Rank | None:
    """Return how good a column is as the value, the factor, whether that is told, and the money."""
    stated, joined = set(texts), "".join(texts)
    if joined == "v":
        return 1, 1e3, True
    if not (stated & _VALUE or joined in _VALUE) or stated & _NO_VALUE:
        return None
    factor = math.prod(_TIMES.get(word, 1.0) for word in stated)
    is_money = bool(stated & (_DOLLARS | _OF_DOLLARS))
    other = sorted({_OTHER_MONEY[word] for word in stated & _OTHER_MONEY.keys()})
    if other and not is_money:
        return 5, factor, True, other[0]
    if joined == "primaryvalue":  # of UN Comtrade, which is in US dollars
        return 0, 1.0, True
    if stated & {"cif", "fob", "cifvalue", "fobvalue"}:
        return 4, factor, is_money
    is_known = is_money or joined == "tradevalue"
    return 2 if is_known else 3, factor, is_known


def weight_columns(names: Sequence[str]) -> list[Column]:
    """Return the columns that are best as the weight: one, unless several are as good.

    Examples
    --------
    >>> [(one.name, one.factor) for one in weight_columns(["netWgt", "grossWgt", "qty"])]
    [('netWgt', 0.001)]
    """
    return _best(names, _weight)


def _weight(texts: list[str]) -> _Rank | None:
    """Return how good a column is as the weight, and the factor of its unit."""
    stated, joined = set(texts), "".join(texts)
    if joined == "q":
        return 0, 1.0, True
    if stated & (_NO_WEIGHT | _VALUE):
        return None
    units = [word for word in texts if word in _TONNES]
    is_weight = bool(stated & _WEIGHT) or joined in _WEIGHT
    if units and (is_weight or stated <= {*_TONNES, *_ABOUT_WEIGHT, *_TIMES}) and joined != "t":
        factor = _TONNES[units[-1]] * math.prod(_TIMES.get(word, 1.0) for word in stated)
        return 1 if stated & _NET else 2, factor, True
    # of UN Comtrade, which is in kilograms
    return (1 if "net" in joined else 3, 1e-3, True) if is_weight else None


#: rank of a column, the best first, its factor, whether its name says that, and perhaps its money
_Rank = tuple[int, float, bool] | tuple[int, float, bool, str]


def _best(names: Sequence[str], judge: Callable[[list[str]], _Rank | None]) -> list[Column]:
    """Return the columns that are judged best by the words of their names."""
    ranked = [
        (rank[0], Column(index, name, *rank[1:]))
        for index, name in enumerate(names)
        if (rank := judge(words_in(name)))
    ]
    least = min((rank for rank, _ in ranked), default=0)
    return [column for rank, column in ranked if rank == least]


#: what a user names as the column of a part whose figures stand under bare years
YEARS = "years"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: words beside a year that say nothing of what the cells hold
_BARE = frozenset({"y", "yr", "year", "x", "f", "0"})


@dataclass(frozen=True, slots=True)
class YearColumn:
    """A column that holds figures of one year."""

    year: int
    field: str  #: one of "value", "weight", ""; empty where the name is the bare year
    column: Column  #: its money is that of its name


def year_columns(names: Sequence[str]) -> list[YearColumn]:
    """Return the columns whose name is a year, or a year with what its figures are.

    Examples
    --------
    >>> [(one.year, one.field, one.column.factor)
    ...  for one in year_columns(["hs2017", "2021", "tonnes_2021", "Value 2022 (1000 USD)"])]
    [(2021, '', 1.0), (2021, 'weight', 1.0), (2022, 'value', 1000.0)]
    """
    return [column for index, name in enumerate(names) if (column := _year_column(index, name))]


def _year_column(position: int, name: str) -> YearColumn | None:
    years = set(_YEAR.findall(name))
    if len(years) != 1:
        return None
    tail = " ".join(_YEAR.sub(" ", name).split()).strip("_- ")
    if set(words_in(tail)) <= _BARE:
        return YearColumn(int(years.pop()), "", Column(position, name, 1.0, is_told=False))
    for field, find in (("value", value_columns), ("weight", weight_columns)):
        for reading in find([tail]):
            column = replace(reading, place=position, name=name)
            return YearColumn(int(years.pop()), field, column)
    return None


def figures_by_year(
    names: Sequence[str], record: Mapping[str, float], path: Source, notes: list[str]
) -> dict[int, dict[str, Column]]:
    """Return the columns of value and weight of each year.

    `record` is ``value`` or ``weight`` and its factor, where a user says what bare years hold;
    `notes` gets how the columns were read. A DataError if it is not reported what the cells hold,
    or two columns may be meant.
    """
    by_year = year_columns(names)
    bare = [dated for dated in by_year if not dated.field]
    if len(record) > 1:
        raise DataError(
            f"{path}: the cells of the years cannot hold both values and weights",
            hint=f"name one part with --columns, for example value_usd={YEARS}",
        )
    if bare and not record:
        raise DataError(
            f"{path}: the columns {_listed(bare)} do not say what their cells hold",
            hint=f"say it with --columns: value_usd={YEARS}, value_1000usd={YEARS}, "
            f"tonnes={YEARS} or kg={YEARS}",
        )
    for field, factor in record.items():
        by_year = [
            YearColumn(
                dated.year, field, Column(dated.column.place, dated.column.name, factor, True)
            )
            for dated in bare
        ]
    years: dict[int, dict[str, Column]] = {}
    for dated in sorted(by_year, key=lambda dated: dated.year):
        columns = years.setdefault(dated.year, {})
        if dated.field in columns:
            raise DataError(
                f"{path}: several columns may hold the {dated.field} of {dated.year}: "
                f"{show(columns[dated.field].name)}, {show(dated.column.name)}",
                hint="leave one of them out of the file",
            )
        columns[dated.field] = dated.column
    _require_values(years, path)
    notes.append(
        f"Years are columns ({_listed(by_year)}): each year of a line counts as a row of its own."
    )
    if any(dated.field == "value" and not dated.column.is_told for dated in by_year):
        notes.append("The columns of years name no unit of value: read as US dollars.")
    return years


def _require_values(years: Mapping[int, Mapping[str, Column]], path: Source) -> None:
    """Values of all years or of none: a year without would count as worth nothing."""
    without = [year for year, columns in years.items() if "value" not in columns]
    if without and len(without) < len(years):
        raise DataError(
            f"{path}: {without[0]} has a column of weights and none of values, other years have "
            "both",
            hint="read the years with values by themselves",
        )


def _listed(columns: Sequence[YearColumn]) -> str:
    names = [show(dated.column.name) for dated in columns]
    return ", ".join(names if len(names) <= 4 else [*names[:2], "...", names[-1]])


Layout = Literal["baci", "comtrade", "plain"]
LAYOUTS: tuple[Layout, ...] = ("baci", "comtrade", "plain")

_EDITIONS = ("92", "96", "02", "07", "12", "17", "22")
_CODES = [
    f"{stem}{at}{end}" for at in _EDITIONS for stem in ("hs", "producths") for end in ("", "code")
]
#: field -> names of its column, the best first; compared in small letters, without other signs
_SHARED = {
    "year": "t year refyear yr period refperiod time date",
    "period": "period refperiod",
    "month": "refmonth month",
    "code": "k hs6 cmdcode commoditycode cmd hscode productcode hs6code resourcehscode "
    f"hsproductcode producths6 {' '.join(_CODES)} productnc hs8 hs10 cn8 cn10 hts8 hts10 cncode "
    "htscode htsnumber hts hs code product commodity",
    "unit": "qtyunitcode qtyunit qtunit qtcode quantityunit quantitytoken qtytoken qtyunitabbr "
    "unit units",
    "quantity": "qty quantity tradequantity",
    "edition": "classificationcode classification pfcode nomenclature nomencode",
}


def _side(letter: str, role: str, *others: str) -> str:
    """Names of the column of one end of a flow: codes before names."""
    bounds = ["iso3", "iso", "code", "m49", "countrycode", "countryiso3", "id"]
    codes = [
        word
        for stem in (letter, role, *others)
        for word in (*(f"{stem}{end}" for end in bounds), f"iso3{stem}", f"iso{stem}")
    ]
    plain = [word for stem in (role, *others) for word in (stem, f"{stem}country", f"{stem}name")]
    return " ".join((letter, *codes, *plain))


def _report(role: str, short: str) -> str:
    """Names of the column of the country that reports, or of its partner."""
    return (
        f"{role}code {short}code {role}m49 {role}iso3 {role}iso {short}3iso {role} {role}country "
        f"{role}desc {role}name"
    )


_FIELDS: dict[Layout, dict[str, str]] = {
    "baci": {
        **_SHARED,
        "exporter": _side("i", "exporter", "exporting"),
        "importer": _side("j", "importer", "importing"),
    },
    "plain": {
        **_SHARED,
        "exporter": _side("o", "exporter", "origin", "exporting").partition(" ")[2],
        "importer": _side("d", "importer", "destination", "importing").partition(" ")[2],
    },
    "comtrade": {
        **_SHARED,
        "reporter": f"{_report('reporter', 'rt')} declarant",
        "partner": _report("partner", "pt"),
        "flow": "flowcode rgcode tradeflowcode flow tradeflow tradeflowname flowdesc flowname",
        "customs": "customscode cstcode",
        "mode": "motcode modeoftransportcode",
        "partner2": "partner2code ptcode2 2ndpartnercode partner2iso",
    },
}


def places(names: Sequence[str], layout: Layout) -> dict[str, int]:
    """Return the place of the column of each field that is recognized.

    Examples
    --------
    >>> places(["t", "i", "j", "k", "v", "q"], "baci")
    {'year': 0, 'code': 3, 'exporter': 1, 'importer': 2}
    """
    plain = [bare(name) for name in names]
    columns = {}
    for field, text in _FIELDS[layout].items():
        index = next((plain.index(word) for word in text.split() if word in plain), None)
        if index is not None:
            columns[field] = index
    return columns


def bare(name: str) -> str:
    """Return a name in small letters, without other signs.

    Examples
    --------
    >>> bare("Trade Value (US$)")
    'tradevalueus'
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


_COLUMNS = ("exporter", "importer", "reporter", "partner", "flow", "year", "code")
_MULTIPLES = {"": 1.0, "1000": 1e3}


@dataclass(frozen=True, slots=True)
class Publisher:
    """A kind of file."""

    name: str
    layout: Layout
    columns: dict[str, str]  #: name of the column of each field
    #: value, weight: names of the columns of figures; ``weight`` is empty where the names must tell
    value: str
    weight: str
    money: str  #: currency of the value
    dollars: float  #: its multiple: 1000 where the value is in thousands
    tonnes: float  #: tonnes in a unit of the weight
    #: has_code_prefix, has_country_prefix: whether only the last six digits and three letters are
    #: the code
    has_code_prefix: bool
    has_country_prefix: bool
    #: whether countries have numbers that nobody else uses: a country table must name them
    has_own_countries: bool
    is_split: bool  #: whether a flow is parted into rows that add up, without a total among them
    source: str

    def places(self, names: Sequence[str]) -> dict[str, int]:
        """Place of each field among the columns of a file."""
        plain = [bare(name) for name in names]
        return {field: plain.index(bare(name)) for field, name in self.columns.items()}

    def figures(self, names: Sequence[str]) -> tuple[Column, Column | None]:
        """Columns of the value and, where the publisher's unit is known, of the weight."""
        plain = [bare(name) for name in names]
        index = plain.index(bare(self.value))
        value = Column(index, names[index], self.dollars, is_told=True, money=self.money)
        if not self.weight:
            return value, None
        index = plain.index(bare(self.weight))
        return value, Column(index, names[index], self.tonnes, is_told=True)


@lru_cache(maxsize=1)
def known() -> tuple[Publisher, ...]:
    """Every kind of file, those with more columns first."""
    publishers = []
    for row in shipped("publishers"):
        multiple, _, money = row["money"].rpartition(" ")
        publishers.append(
            Publisher(
                name=row["publisher"],
                layout=row["layout"],  # type: ignore[arg-type]
                columns={field: row[field] for field in _COLUMNS if row[field]},
                value=row["value"],
                weight=row["weight"],
                money=money,
                dollars=_MULTIPLES[multiple],
                tonnes=float(row["tonnes"] or 1.0),
                has_code_prefix=row["code_form"] == "last six",
                has_country_prefix=row["country_form"] == "last three",
                has_own_countries=row["country_form"] == "own numbers",
                is_split=row["splits"] == "added",
                source=row["source"],
            )
        )
    return tuple(sorted(publishers, key=lambda publisher: -len(_wanted(publisher))))


def _wanted(publisher: Publisher) -> set[str]:
    figures = {publisher.value, publisher.weight} - {""}
    return {bare(name) for name in (*publisher.columns.values(), *figures)}


def publisher_of(names: Sequence[str]) -> Publisher | None:
    """Return whose file has some columns; None where it is nobody's that is known.

    Examples
    --------
    >>> publisher_of(["t", "i", "j", "k", "v", "q"]).name
    'CEPII BACI'
    >>> publisher_of(["exporter", "importer", "hs6"]) is None
    True
    """
    inputs = {bare(name) for name in names}
    return next((publisher for publisher in known() if _wanted(publisher) <= inputs), None)
