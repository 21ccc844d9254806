"""Values and weights by the names of their columns, by year too, and the units that these say."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from supplynet.errors import DataError
from supplynet.network.explain import show
from supplynet.trade.sources import Source

USD = "USD"
_DOLLARS = frozenset({"usd", "us", "$", "dollar", "dollars"})
_OTHER_MONEY = {
    **dict.fromkeys(("eur", "euro", "euros", "€"), "EUR"),
    **dict.fromkeys(("cny", "rmb"), "CNY"),
    **dict.fromkeys(("jpy", "yen"), "JPY"),
    **dict.fromkeys(("krw", "won"), "KRW"),
    **{code.lower(): code for code in ("GBP", "INR", "CAD", "AUD", "CHF")},
}
_MULTIPLES = {
    **dict.fromkeys(("1000", "thousand", "thousands", "k", "kusd", "kus", "tusd"), 1e3),
    **dict.fromkeys(("million", "millions", "mn", "mio", "musd", "m"), 1e6),
}
_VALUE = frozenset({"value", "values", "tradevalue", "primaryvalue", "cifvalue", "fobvalue"})
_NO_VALUE = frozenset(
    {"unit", "share", "flag", "desc", "token", "quantity", "qty", "weight", "price", "rank", "note"}
)
_TONNES = {
    **dict.fromkeys(("t", "tonnes", "tonne", "mt", "mtonnes", "tons", "ton"), 1.0),
    **dict.fromkeys(("kg", "kgs", "kgm", "kilogram", "kilograms", "kilo", "kilos"), 1e-3),
    **dict.fromkeys(("kt", "kilotonnes"), 1e3),
}
_WEIGHT = frozenset({"weight", "netweight", "netwgt", "wgt", "mass"})
_NO_WEIGHT = frozenset(
    {"is", "estimated", "flag", "unit", "alt", "gross", "code", "abbr", "token", "desc", "per"}
    | {"note", "share"}
)
#: tonnes in the units of quantities, by the code of UN Comtrade or in words
UNITS = {
    **dict.fromkeys(("8", "kg", "kgs", "kilogram", "kilograms", "weightinkilograms"), 1e-3),
    **dict.fromkeys(("t", "mt", "tonnes", "tonne", "metrictons", "metricton"), 1.0),
}


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
    ranked: list[tuple[int, Column]] = []
    for number, name in enumerate(names):
        words = words_in(name)
        told = set(words)
        joined = "".join(words)
        if joined == "v":
            ranked.append((1, Column(number, name, 1e3, is_told=True)))
            continue
        if not (told & _VALUE or joined in _VALUE) or told & _NO_VALUE:
            continue
        factor = math.prod(_MULTIPLES.get(word, 1.0) for word in told)
        is_money = bool(told & _DOLLARS) or any(word in ("kusd", "musd", "tusd") for word in told)
        other = sorted({_OTHER_MONEY[word] for word in told & _OTHER_MONEY.keys()})
        if other and not is_money:
            ranked.append((5, Column(number, name, factor, is_told=True, money=other[0])))
        elif joined == "primaryvalue":  # of UN Comtrade, which is in US dollars
            ranked.append((0, Column(number, name, 1.0, is_told=True)))
        elif told & {"cif", "fob", "cifvalue", "fobvalue"}:
            ranked.append((4, Column(number, name, factor, is_told=is_money)))
        else:
            is_known = is_money or joined == "tradevalue"
            ranked.append((2 if is_known else 3, Column(number, name, factor, is_told=is_known)))
    return _best(ranked)


def weight_columns(names: Sequence[str]) -> list[Column]:
    """Return the columns that are best as the weight: one, unless several are as good.

    Examples
    --------
    >>> [(one.name, one.factor) for one in weight_columns(["netWgt", "grossWgt", "qty"])]
    [('netWgt', 0.001)]
    """
    ranked: list[tuple[int, Column]] = []
    for number, name in enumerate(names):
        words = words_in(name)
        told = set(words)
        joined = "".join(words)
        if joined == "q":
            ranked.append((0, Column(number, name, 1.0, is_told=True)))
            continue
        if told & (_NO_WEIGHT | _VALUE):
            continue
        units = [word for word in words if word in _TONNES]
        about = _WEIGHT | {"quantity", "qty", "net", "metric", "in", "volume"}
        is_weight = bool(told & _WEIGHT) or joined in _WEIGHT
        if units and (is_weight or told <= {*_TONNES, *about, *_MULTIPLES}) and joined != "t":
            factor = _TONNES[units[-1]] * math.prod(_MULTIPLES.get(w, 1.0) for w in told)
            ranked.append(
                (
                    1 if told & {"net", "netweight", "netwgt"} else 2,
                    Column(number, name, factor, is_told=True),
                )
            )
        elif is_weight:  # of UN Comtrade, which is in kilograms
            ranked.append((1 if "net" in joined else 3, Column(number, name, 1e-3, is_told=True)))
    return _best(ranked)


def _best(ranked: list[tuple[int, Column]]) -> list[Column]:
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
    return [column for number, name in enumerate(names) if (column := _year_column(number, name))]


def _year_column(place: int, name: str) -> YearColumn | None:
    years = set(_YEAR.findall(name))
    if len(years) != 1:
        return None
    rest = " ".join(_YEAR.sub(" ", name).split()).strip("_- ")
    if set(words_in(rest)) <= _BARE:
        return YearColumn(int(years.pop()), "", Column(place, name, 1.0, is_told=False))
    for field, find in (("value", value_columns), ("weight", weight_columns)):
        for reading in find([rest]):
            column = replace(reading, place=place, name=name)
            return YearColumn(int(years.pop()), field, column)
    return None


def figures_by_year(
    names: Sequence[str], told: Mapping[str, float], path: Source, notes: list[str]
) -> dict[int, dict[str, Column]]:
    """Return the columns of value and weight of each year.

    `told` is ``value`` or ``weight`` and its factor, where a user says what bare years hold;
    `notes` gets how the columns were read. A DataError if it is not told what the cells hold, or
    two columns may be meant.
    """
    by_year = year_columns(names)
    bare = [dated for dated in by_year if not dated.field]
    if len(told) > 1:
        raise DataError(
            f"{path}: the cells of the years cannot hold both values and weights",
            hint=f"name one part with --columns, for example value_usd={YEARS}",
        )
    if bare and not told:
        raise DataError(
            f"{path}: the columns {_listed(bare)} do not say what their cells hold",
            hint=f"say it with --columns: value_usd={YEARS}, value_1000usd={YEARS}, "
            f"tonnes={YEARS} or kg={YEARS}",
        )
    for field, factor in told.items():
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
