"""JSON read strictly, JSON and TOML written: what a lenient parser lets through is refused."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any, NoReturn

from supplynet import limits
from supplynet.errors import DataError
from supplynet.network.explain import show


def parse_json(text: str, file: str) -> Any:
    """Parse JSON that holds no NaN, no Infinity, no key twice, and is not too deep.

    A DataError names file and line.
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping = dict(pairs)
        # Python keeps the last of two equal keys and says nothing; one of the two is a mistake.
        if len(mapping) < len(pairs):
            twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
            raise DataError(f"{file}: the key {show(twice)!r} occurs twice in one object")
        return mapping

    def refuse(word: str) -> NoReturn:
        raise DataError(f"{file}: {word} is not a number that a graph may hold")

    def number(word: str) -> float:
        value = float(word)
        # 1e999 is read as infinity without a word.
        if not math.isfinite(value):
            raise DataError(f"{file}: the number {show(word)} is too large")
        return value

    try:
        tree = json.loads(text, object_pairs_hook=unique, parse_constant=refuse, parse_float=number)
    except RecursionError as error:
        raise limits.too_deep(file) from error
    except json.JSONDecodeError as error:
        where = f"{file}, line {error.lineno}, column {error.colno}"
        raise DataError(f"{where}: not JSON ({error.msg.lower()})") from error
    except ValueError as error:  # a whole number of more digits than Python converts
        raise DataError(f"{file}: a number has too many digits") from error
    limits.check_tree(tree, file)
    return tree


def dump_json(tree: Any) -> str:
    """Return JSON text with two spaces of indent and a line feed at the end."""
    return json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def dump_toml(tree: dict[str, Any]) -> str:
    """Return a mapping as TOML: plain values first, then lists of mappings as ``[[tables]]``.

    Examples
    --------
    >>> print(dump_toml({"title": "Stop", "change": [{"verb": "close", "nodes": "CHN"}]}), end="")
    title = "Stop"
    <BLANKLINE>
    [[change]]
    verb = "close"
    nodes = "CHN"
    """
    lines: list[str] = []
    tables: list[str] = []
    for key, value in tree.items():
        if _is_table_list(value):
            for entry in value:
                tables += ["", f"[[{_toml_key(key)}]]"]
                tables += [f"{_toml_key(name)} = {_toml(inner)}" for name, inner in entry.items()]
        else:
            lines.append(f"{_toml_key(key)} = {_toml(value)}")
    return "\n".join(lines + tables).lstrip("\n") + "\n"


def _is_table_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(i, dict) for i in value)


def _toml_key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _toml(key)


def _toml(value: Any) -> str:
    # Before numbers: True is an int to Python, and would be written as True, which TOML does not
    # know.
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # A JSON string is a TOML string but for DEL, which JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml_key(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    return repr(value)
