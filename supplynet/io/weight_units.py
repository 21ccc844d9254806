"""Units of weight in words, and how many tonnes each is."""

from __future__ import annotations

import re

#: tonnes in a unit
_UNITS: tuple[tuple[str, float], ...] = (
    (r"(metric )?tonnes?|metric tons?|metr t|m?t|megagrams?|mg", 1.0),
    (r"kilograms?|kg", 1e-3),
    (r"kilotonnes?|kt|gigagrams?|gg", 1e3),
    (r"short tons?", 0.90718474),
    (r"long tons?", 1.0160469088),
    (r"pounds?|lbs?", 0.45359237e-3),
    (r"carats?", 2e-7),
    (r"troy ounces?", 3.11034768e-5),
)
#: words of the longest unit: thousand metric tons
_LONGEST = 4
_MULTIPLES = {"": 1.0, "thousand": 1e3, "1000": 1e3, "million": 1e6}
# "1000", not "mg" for milligrams: a statistic of world production is never in milligrams
_UNIT = re.compile(r"(?:(?P<multiple>thousand|million|1000) )?(?P<rest>.*)")


def tonnes_in(words: str, *, is_whole: bool = False) -> float | None:
    """Return the tonnes in the unit that a text begins with, or is; None for no known unit.

    Parameters
    ----------
    words : str
        In small letters, parted by one blank.
    is_whole : bool
        Whether nothing may follow the unit.

    Examples
    --------
    >>> tonnes_in("kt"), tonnes_in("metric tons of ore"), tonnes_in("barrels")
    (1000.0, 1.0, None)
    """
    match = _UNIT.fullmatch(words)
    assert match is not None  # noqa: S101  the pattern matches any text
    end = r"$" if is_whole else r"\b"
    for pattern, factor in _UNITS:
        if re.match(rf"({pattern}){end}", match["rest"]):
            return factor * _MULTIPLES[match["multiple"] or ""]
    return None


def without_unit(name: str) -> tuple[str, float]:
    """Return a column's name without the unit at its end, and tonnes in that; 0 for none.

    A column that is called by a unit alone, such as tonnes, keeps its name.

    Examples
    --------
    >>> without_unit("production thousand metric tons"), without_unit("tonnes")
    (('production', 1000.0), ('tonnes', 1.0))
    """
    words = name.split()
    for start in range(max(0, len(words) - _LONGEST), len(words)):
        factor = tonnes_in(" ".join(words[start:]), is_whole=True)
        if factor is not None:
            return " ".join(words[:start]) or name, factor
    return name, 0.0
