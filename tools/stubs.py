"""The public names for editors and type checkers: stub files written from the tables of names.

    python tools/stubs.py           name the stub files that are not those of today's names
    python tools/stubs.py --write   write them anew

``supplynet/__init__.py`` and ``supplynet/draw/__init__.py`` load what they name on first use, which
no type checker sees; ``__init__.pyi`` beside each says the same as imports. A declared
question has its signature from its options, which none sees either: it stands as a function.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the tree that this file lies in, wherever it is started
LINE = 100  # columns of a line
PACKAGES = ("supplynet", "supplynet.draw")
#: what the types of options, no public names, come from
STANDARD = (
    "from collections.abc import Callable, Iterable, Mapping, Sequence",
    "from concurrent.futures import Executor",
    "from pathlib import Path",
    "from typing import Any",
    "",
    "import pandas as pd",
)
TYPES = {
    "Strands": "supplynet.analysis.uncertainty.rows",
    "ScenarioLike": "supplynet.network.scenario.scenario",
    "Progress": "supplynet.solve.loss.losses",
    "Parameter": "supplynet.network.schema",
    "Allocated": "supplynet.analysis.balance.solved",
}


def stub(name: str) -> str:
    """Return the text of the stub file of a package that loads its public names lazily.

    Parameters
    ----------
    name : str
        Dotted name of the package; its ``_PUBLIC`` says where each name comes from.
    """
    package = importlib.import_module(name)
    homes: dict[str, list[str]] = {}
    for public, home in package._PUBLIC.items():
        homes.setdefault(home, []).append(f"{public} as {public}")  # public to type checkers
    for part in getattr(package, "_SUBPACKAGES", ()):
        homes.setdefault(name, []).append(f"{part} as {part}")
    lines = [f'"""Public names of {name}, written by tools/stubs.py."""', ""]
    families = [_family(package, one, homes) for one in getattr(package, "_FAMILIES", ())]
    if families:
        lines += [*STANDARD, ""]
        for kind, home in TYPES.items():
            homes.setdefault(home, []).append(kind)
    for home in sorted(homes):
        for named in sorted(set(homes[home])):
            line = f"from {home} import {named}"
            split = [f"from {home} import (", f"    {named},", ")"]
            lines += split if len(line) > LINE else [line]
    lines += ["", "\n\n".join(families)] if families else []
    if hasattr(package, "__version__"):
        lines += ["", "__version__: str"]
    listed = [f'    "{public}",' for public in package.__all__]
    return "\n".join([*lines, "", "__all__ = [", *listed, "]", ""])


def _family(package: Any, family: str, homes: dict[str, list[str]]) -> str:
    """Return a question with those below it: a class that is called, and its one instance."""
    kind = f"_{family.capitalize()}"
    lines = [f"class {kind}:"]
    for words, path in package._QUESTIONS.items():
        top, _, member = words.partition(".")
        home, _, name = path.rpartition(".")
        if top != family:
            continue
        function = getattr(importlib.import_module(home), name)
        if hasattr(function, "__signature__"):
            lines.append(_function(member or "__call__", function, is_called=not member))
        else:  # with its types where it is written
            alias = f"_{words.replace('.', '_')}"
            homes.setdefault(home, []).append(f"{name} as {alias}")
            lines.append(f"    {member or '__call__'} = staticmethod({alias})")
    return "\n".join([*lines, "", f"{family}: {kind}"])


def _function(name: str, function: Callable[..., object], *, is_called: bool) -> str:
    """Return a function as it stands in a class of a stub file."""
    signature = inspect.signature(function)
    options = signature.parameters.values()
    named = [
        f"        {'*' * (one.kind is one.VAR_POSITIONAL)}{one.name}: {one.annotation}"
        f"{'' if one.default is one.empty else ' = ...'},"
        for one in options
    ]
    by_place = [one for one in options if one.kind is one.POSITIONAL_OR_KEYWORD]
    if not any(one.kind is one.VAR_POSITIONAL for one in options):
        named.insert(len(by_place), "        *,")
    head = [f"    def {name}("]
    if is_called:
        head.append("        self,")
    else:
        head.insert(0, "    @staticmethod")
    return "\n".join([*head, *named, f"    ) -> {signature.return_annotation}: ..."])


def path_of(name: str) -> Path:
    """Return where the stub file of a package lies."""
    return ROOT.joinpath(*name.split(".")) / "__init__.pyi"


def main(words: list[str]) -> int:
    """Say which stub files are out of date, or write them anew."""
    n_old = 0
    for name in PACKAGES:
        path, text = path_of(name), stub(name)
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        n_old += 1
        print(path.relative_to(ROOT))
        if "--write" in words:
            path.write_text(text, encoding="utf-8")
    return int(bool(n_old) and "--write" not in words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
