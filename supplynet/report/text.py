"""Untrusted text made harmless: what cannot be seen is made visible.

Names in a graph come from anyone. Control characters could move the cursor or color the
terminal, and marks that turn the writing direction could make a text read as another.
"""

from __future__ import annotations

import re
import unicodedata

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
