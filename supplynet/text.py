"""How numbers and lists are written: one home, so that every writer and sentence agrees.

Tonnes get three significant digits, shares become percent, what is not known is said so, and a
sentence names six at most. Untrusted text is made harmless: names in a graph come from anyone,
control characters could move the cursor or color the terminal, and marks that turn the writing
direction could make a text read as another.
"""

from __future__ import annotations

import math
import re
import shlex
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

NOT_KNOWN = "not known"
NONE = "-"
NO_LIMIT = "no limit"
#: unit of money of plans
MILLION_USD = "million USD"

# digits of a figure that no rounding of a solver moves, and those of tonnes that are written
_STEADY, _DIGITS = 9, 3
#: units whose figures are shares, written in percent
_SHARES = ("1", "share", "share, 0 to 1", "share of consumption")
#: units of indices, which are no tonnes and no shares
_SCORES = ("0-10,000", "score", "0-1", "0-10")
# below this many tonnes only the order of magnitude is said
_SMALLEST = 0.001
# below this no gap of a check is reported from none
_LEAST_GAP = 1e-9
# what a computed share may miss 0 or 1 by and still be it: rows of programs may be off as far
_ROUNDING = 1e-7
#: names that a sentence lists at most
MOST_NAMES = 6


def steady(value: float) -> float:
    """Return a figure without the digits that the rounding of a solver moves.

    A figure that lies in the middle between two that can be written, such as 162,500, is else
    rounded up by one solver and down by the next.

    Examples
    --------
    >>> steady(162_499.999_999_999), steady(162_500.000_000_001)
    (162500.0, 162500.0)
    """
    return float(f"{value:.{_STEADY}g}")


def by_size(value: float) -> float:
    """Return the key that sorts figures as they are written, the largest first.

    Those that are written alike go by what stands after it in the key, such as an id: what the
    rounding of a solver moves never changes the order of rows.

    Examples
    --------
    >>> rows = [("b", 1236.4), ("c", 1250.0), ("a", 1236.2)]
    >>> [name for name, _ in sorted(rows, key=lambda row: (by_size(row[1]), row[0]))]
    ['c', 'a', 'b']
    """
    return -float(f"{steady(value):.{_DIGITS}g}")


def tonnes(value: float | None, *, missing: str = NOT_KNOWN) -> str:
    """Return tonnes with three significant digits.

    Examples
    --------
    >>> [tonnes(value) for value in (1236.4, 12.44, 0.4100, 0.0, 0.0002)]
    ['1,240', '12.4', '0.41', '0', '< 0.001']
    >>> tonnes(None), tonnes(float("inf")), tonnes(-55.56)
    ('not known', 'no limit', '-55.6')
    """
    if value is None or math.isnan(value):
        return missing
    if math.isinf(value):
        return NO_LIMIT if value > 0 else f"-{NO_LIMIT}"
    value = steady(value)
    size = abs(value)
    if size == 0.0:
        return "0"
    if size < _SMALLEST:
        return f"< {_SMALLEST}" if value > 0 else f"> -{_SMALLEST}"
    digits = _DIGITS - 1 - math.floor(math.log10(size))
    rounded = round(value, digits)
    # rounding can add a digit: 9.996 is 10.0
    if abs(rounded) >= 10.0 ** (_DIGITS - digits):
        digits -= 1
    text = f"{rounded:,.{max(digits, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def dollars(value: float) -> str:
    """Return US dollars with three significant digits, large sums in words.

    Examples
    --------
    >>> dollars(56_000), dollars(2_345_678.0), dollars(-1.2e10), dollars(0.0)
    ('USD 56,000', 'USD 2.35 million', '-USD 12 billion', 'USD 0')
    >>> dollars(float("inf"))
    'no limit'
    """
    sign, size = "-" if value < 0 else "", abs(value)
    if math.isinf(value):
        return f"{sign}{NO_LIMIT}"
    # from half a unit of the last digit on, a thousand millions read as a billion
    for name, unit in ((" billion", 1e9), (" million", 1e6)):
        if size >= 0.9995 * unit:
            return f"{sign}USD {tonnes(size / unit)}{name}"
    return f"{sign}USD {tonnes(size)}"


def million_usd(value: float) -> str:
    """Return millions of US dollars as plans tell them: whole ones.

    Examples
    --------
    >>> million_usd(1234.5)
    '1,234 million USD'
    """
    return f"{value:,.0f} {MILLION_USD}"


def change(value: float | None, *, missing: str = NOT_KNOWN) -> str:
    """Return a difference in tonnes with its sign.

    Examples
    --------
    >>> change(12.44), change(-3.0), change(0.0)
    ('+12.4', '-3', '0')
    """
    text = tonnes(value, missing=missing)
    return f"+{text}" if value is not None and value > 0 and text[0].isdigit() else text


def share(value: float | None, *, missing: str = NOT_KNOWN) -> str:
    """Return a share of 1 in percent; only the whole is written as 100%.

    Examples
    --------
    >>> [share(value) for value in (0.4321, 0.0432, 1.0, 0.9971, 0.0, 0.0004)]
    ['43%', '4.3%', '100%', '> 99%', '0%', '< 0.1%']
    """
    if value is None or not math.isfinite(value):
        return missing
    if abs(value) <= _ROUNDING:
        return "0%"
    if value < 0:
        return f"-{share(-value)}"
    value = steady(value)
    if value < 0.001:
        return "< 0.1%"
    if value < 0.0995:
        return f"{value * 100:.1f}".removesuffix(".0") + "%"
    if 0.995 <= value < 1 - _ROUNDING:
        return "> 99%"
    return f"{value * 100:,.0f}%"


def gap_at_most(gap: float) -> str:
    """Return what a gap of a check is at most, a power of ten: its digits are rounding.

    Examples
    --------
    >>> gap_at_most(3e-15), gap_at_most(2.5e-8)
    ('1e-09', '1e-07')
    """
    return f"{max(_LEAST_GAP, 10.0 ** math.ceil(math.log10(max(gap, _LEAST_GAP)))):.0e}"


def score(value: float, bounds: tuple[float | None, float | None] = (None, None)) -> str:
    """Return an index with three digits, as the tonnes behind it have, or less where it has ends.

    Its last digit is a tenth of the first one of its range, or more: what is finer says nothing.

    Examples
    --------
    >>> score(4923.62), score(4923.62, (4310.2, 5702.9)), score(4.971, (4.2, 5.9))
    ('4,920', '4,900', '5.0')
    """
    value = steady(value)
    low, high = (value if end is None else end for end in bounds)
    sizes = [abs(value) / 10.0, abs(steady(high) - steady(low))]
    first = max((math.floor(math.log10(size)) for size in sizes if size), default=0)
    return f"{round(value, 1 - first):,.{max(1 - first, 0)}f}"


def quantity(
    value: float | None,
    unit: str,
    *,
    has_unit: bool = True,
    ends: tuple[float | None, float | None] = (None, None),
) -> str:
    """Return a figure of any unit as it is written, behind it the unit where it is a word.

    An index has no more digits than its `ends` leave it.

    Examples
    --------
    >>> quantity(4923.62, "0-10,000"), quantity(0.127, "1"), quantity(None, "1")
    ('4,920', '13%', 'not known')
    >>> quantity(12.44, "t"), quantity(12.44, "t", has_unit=False)
    ('12.4 t', '12.4')
    """
    if value is None:
        return NOT_KNOWN
    if unit in _SHARES:
        return share(value)
    if unit in _SCORES:
        return score(value, ends)
    text = format(value, ",.0f") if unit == MILLION_USD else tonnes(value)
    return f"{text} {unit}".strip() if has_unit else text


def integer(value: float | None, *, missing: str = NOT_KNOWN) -> str:
    """Return a whole number, rounded, with separators between thousands.

    Examples
    --------
    >>> integer(12345), integer(4995.99)
    ('12,345', '4,996')
    """
    if value is None or not math.isfinite(value):
        return missing
    return f"{round(steady(value)):,}"


def between(low: float | None, high: float | None, *, missing: str = NOT_KNOWN) -> str:
    """Return a range of tonnes, or one figure where both ends are written alike.

    Examples
    --------
    >>> between(12.0, 40.4), between(3.0, 3.0)
    ('12 to 40.4', '3')
    """
    first, last = tonnes(low, missing=missing), tonnes(high, missing=missing)
    return first if first == last else f"{first} to {last}"


def share_range(low: float | None, high: float | None, *, missing: str = NOT_KNOWN) -> str:
    """Return a range of shares in percent, or one figure where both ends are written alike.

    Examples
    --------
    >>> share_range(0.12, 0.404), share_range(1.0, 1.0), share_range(0.0004, 0.02)
    ('12 to 40%', '100%', '< 0.1% to 2%')
    """
    first, last = share(low, missing=missing), share(high, missing=missing)
    if first == last:
        return first
    return f"{first.removesuffix('%') if first[0].isdigit() else first} to {last}"


def at_ends(low: float, high: float, *, is_open: bool = False) -> str:
    """Return a share with all figures at their low, and with all at their high ends.

    It is no range where nations compete: with the figures of others alone high, a share may lie
    outside. With `is_open`, many answers are as good: `low` is the least of them, `high` the most.

    Examples
    --------
    >>> at_ends(0.1, 0.65), at_ends(0.1, 0.1)
    ('10% with all figures low, 65% with all high', '')
    >>> at_ends(0.1, 0.65, is_open=True)
    'at least 10% with all figures low, at most 65% with all high'
    """
    least, most = ("at least ", "at most ") if is_open else ("", "")
    if low == high:
        return ""
    return f"{least}{share(low)} with all figures low, {most}{share(high)} with all high"


def listing(items: Iterable[str], last: str = "and") -> str:
    """Return items as a reader lists them.

    Examples
    --------
    >>> listing(["Nd", "Pr", "Dy"]), listing(["Nd"]), listing([])
    ('Nd, Pr and Dy', 'Nd', '')
    """
    texts = list(items)
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def few(items: Iterable[str], last: str = "and", *, most: int = MOST_NAMES) -> str:
    """Return items as a reader lists them, at most so many by name.

    Examples
    --------
    >>> few(["Fiji", "Malta"]), few("abcdefgh"), few(["Fiji"]), few([])
    ('Fiji and Malta', 'a, b, c, d, e, f and 2 more', 'Fiji', '')
    """
    texts = list(items)
    if len(texts) > most + 1:  # one more name is no longer than saying so
        texts = [*texts[:most], f"{len(texts) - most:,} more"]
    return listing(texts, last)


# joiners that scripts and emoji need; alone they do nothing
_HARMLESS = "\u200c\u200d"
_SPACES = re.compile(r"[ \t\r\n\f\v\x85\u2028\u2029]+")
#: an address in a text, which a page or Markdown makes a link
ADDRESS = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:)\]])")
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def is_hidden(char: str) -> bool:
    """Whether a character is a control, a mark of direction or half of a pair."""
    return unicodedata.category(char) in _HIDDEN and char not in _HARMLESS


def escaped(char: str) -> str:
    r"""Return a character as its escape, such as ``\x1b``."""
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def one_line(text: str) -> str:
    r"""Return text on one line: runs of white space become a space, controls their escapes.

    Examples
    --------
    >>> one_line("a\n\tb\x1b[31m")
    'a b\\x1b[31m'
    """
    flat = _SPACES.sub(" ", text).strip()
    if flat.isascii() and flat.isprintable():
        return flat
    return "".join(escaped(char) if is_hidden(char) else char for char in flat)


def clean(text: str) -> str:
    r"""Return text with everything that could steer a terminal spelled out; lines stay.

    Examples
    --------
    >>> print(clean("red \x1b[31m name"))
    red \x1b[31m name
    """
    return "".join(escaped(char) if char != "\n" and is_hidden(char) else char for char in text)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a text for a picture: one line, without control, format or unassigned characters.

    Examples
    --------
    >>> plain("Big" + chr(10) + "Mine" + chr(27) + "[31m")
    'Big Mine[31m'
    """
    selection = [
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    ]
    return " ".join("".join(selection).split())


def days(value: float) -> str:
    """Return a time to survive in words.

    Examples
    --------
    >>> days(45.2), days(0.3), days(float("inf"))
    ('45 days', 'less than a day', 'more than ten years')
    """
    if math.isinf(value):
        return "more than ten years"
    if value < 1.0:
        return "less than a day"
    return f"{value:,.0f} days"


def command_line(*words: str, **options: object) -> str:
    """Return a command line; options that are None, False or empty are left out.

    One that is True is a flag, a list is given once for each, and a tuple with commas.

    Examples
    --------
    >>> command_line("flow", "my graph", to="KOR", year=None, all=True, scenario=["a", "b"])
    "supplynet flow 'my graph' --to KOR --all --scenario a --scenario b"
    """
    line = ["supplynet", *words]
    for name, value in options.items():
        for entry in value if isinstance(value, list) else [value]:
            if entry is True:
                line.append(f"--{name}")
            elif entry not in (None, "", ()) and entry is not False:
                line += [
                    f"--{name}",
                    ",".join(map(str, entry)) if isinstance(entry, tuple) else str(entry),
                ]
    return shlex.join(line)
