"""How many names a sentence holds: six, and how many more there are."""

from __future__ import annotations

from collections.abc import Iterable

#: names that a sentence lists at most
MOST = 6


def few(items: Iterable[str], last: str = "and", *, most: int = MOST) -> str:
    """Return items as a reader lists them, at most so many by name.

    Examples
    --------
    >>> few(["Fiji", "Malta"]), few("abcdefgh"), few(["Fiji"]), few([])
    ('Fiji and Malta', 'a, b, c, d, e, f and 2 more', 'Fiji', '')
    """
    words = list(items)
    if len(words) > most + 1:  # one more name is no longer than saying so
        words = [*words[:most], f"{len(words) - most:,} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
