"""What is wrong with the content of a scenario file, each fault with its change and its key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.scenario.change import VERBS, LinkSelector, keys_of, why_not
from supplynet.network.scenario.parameters import Parameter

if TYPE_CHECKING:
    from pydantic import ValidationError

CODE = "scenario-format"


def faults(error: ValidationError, keys: Iterable[str], file: str) -> list[Problem]:
    """Return every fault that a validation found.

    Parameters
    ----------
    error : ValidationError
    keys : iterable of str
        Those that a scenario takes outside its changes.
    file : str
        For the place of each fault.
    """
    known = tuple(keys)
    return [
        Problem(
            CODE,
            _message(fault, known),
            file=file,
            column=_place(fault["loc"]),
            value="" if isinstance(fault["input"], dict) else str(fault["input"])[:80],
            hint=_hint(fault, known),
        )
        for fault in error.errors()
    ]


def _place(loc: tuple[int | str, ...]) -> str:
    """Where a fault stands: the number of the change as a reader counts, its verb and the key."""
    if loc[:1] != ("change",) or len(loc) < 2:
        return ".".join(str(part) for part in loc)
    verb = f" ({loc[2]})" if len(loc) > 2 and loc[2] in VERBS else ""
    rest = loc[3 if verb else 2 :]
    key = f": {'.'.join(str(part) for part in rest)}" if rest else ""
    return f"change {int(loc[1]) + 1}{verb}{key}"


def _verb(loc: tuple[int | str, ...]) -> str:
    return str(loc[2]) if len(loc) > 2 and loc[0] == "change" and loc[2] in VERBS else ""


def _message(item: Any, known: tuple[str, ...]) -> str:
    loc, verb = item["loc"], _verb(item["loc"])
    key = str(loc[-1])
    if item["type"] == "extra_forbidden":
        allowed = _allowed(loc, known)
        what = _taker(loc, verb)
        return f"{what} takes no key {key!r}; it takes {', '.join(allowed)}"
    if item["type"] == "missing" and verb and loc[-2] == verb:
        return f"verb {verb} needs {key}"
    if item["type"] == "union_tag_not_found":
        return f"a change needs verb, one of {', '.join(VERBS)}"
    if item["type"] == "union_tag_invalid":
        return f"there is no verb {item['ctx']['tag']!r}; the verbs are {', '.join(VERBS)}"
    return str(item["msg"]).removeprefix("Value error, ")


def _taker(loc: tuple[int | str, ...], verb: str) -> str:
    """What takes the keys among which one is unknown."""
    if verb:
        return f"verb {verb}" if loc[-2] == verb else "links"
    return "a parameter" if loc[0] == "parameters" and len(loc) > 1 else "a scenario"


def _allowed(loc: tuple[int | str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    verb = _verb(loc)
    if not verb:
        is_parameter = loc[0] == "parameters" and len(loc) > 1
        return tuple(Parameter.model_fields) if is_parameter else known
    return keys_of(verb) if loc[-2] == verb else tuple(LinkSelector.model_fields)


def _hint(item: Any, known: tuple[str, ...]) -> str:
    loc, verb = item["loc"], _verb(item["loc"])
    if item["type"] == "union_tag_invalid":
        return did_you_mean(str(item["ctx"]["tag"]), VERBS)
    if item["type"] != "extra_forbidden":
        return ""
    key = str(loc[-1])
    told = why_not(verb, key) if verb and loc[-2] == verb else ""
    return told or did_you_mean(key, _allowed(loc, known))
