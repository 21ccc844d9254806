"""Files of fonts, and text as far as a font can draw it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

import matplotlib
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from supplynet.errors import OptionError
from supplynet.network.problems import did_you_mean


def fonts(family: str | None) -> tuple[Path, Path]:
    """Return the files of the plain and the bold letters of a family."""
    if family is None:
        folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        return folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf"
    plain, bold = (FontProperties(family=family, weight=weight) for weight in ("normal", "bold"))
    try:
        found = [font_manager.findfont(one, fallback_to_default=False) for one in (plain, bold)]
    except ValueError as error:
        names = font_manager.get_font_names()
        raise OptionError(
            f"font {family!r} is not installed",
            hint=did_you_mean(family, names) or f"for example {', '.join(sorted(names)[:5])}",
        ) from error
    return Path(found[0]), Path(found[1])


@lru_cache(maxsize=8)
def _letters(file: Path) -> frozenset[int]:
    return frozenset(FT2Font(str(file)).get_charmap())


def drawable(text: str, file: Path | None = None) -> str:
    """Return a text with a hollow square for each character that the font does not have.

    A character that is another one set low or in another form becomes that one.
    """
    known = _letters(file or fonts(None)[0])

    def drawn(char: str) -> str:
        usual = unicodedata.normalize("NFKC", char)
        forms = (char, usual if len(usual) == 1 else char)
        return next((form for form in forms if ord(form) in known), "\u25a1")

    return "".join(map(drawn, text))
