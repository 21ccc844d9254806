"""Scenarios by name or in files: what an argument or a word of the command line stands for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from supplynet import limits
from supplynet.network.scenario.parameters import split_values
from supplynet.network.scenario.scenario import Scenario

_ENDING = ".toml"
#: a scenario: the name of one of the graph's, a file, or an object
ScenarioLike: TypeAlias = "str | os.PathLike[str] | Scenario"


def scenario_list(
    scenario: ScenarioLike | Iterable[ScenarioLike] | None,
) -> list[str | Scenario]:
    """Return the scenarios that an argument stands for: names as they are, files read.

    A text that ends in ``.toml`` is a path; ``name.toml:strength=0.5`` sets a parameter of what
    stands there. Names may be joined by commas.

    Examples
    --------
    >>> scenario_list("late, dear:price=2")
    ['late', 'dear:price=2']
    >>> scenario_list(None)
    []
    """
    if scenario is None:
        return []
    if isinstance(scenario, Scenario):
        return [scenario]
    if isinstance(scenario, os.PathLike):
        return [read_scenario(Path(scenario))]
    if isinstance(scenario, str):
        whole = [scenario] if Path(scenario).is_file() else scenario.split(",")
        return [each for word in whole if word.strip() for each in _of_word(word.strip())]
    return [each for like in scenario for each in scenario_list(like)]


def is_file(text: str) -> bool:
    """Whether a text is the path of a scenario file, with or without values of its parameters.

    Examples
    --------
    >>> is_file("what-if/late.toml:years=2"), is_file("late")
    (True, False)
    """
    return text.lower().endswith(_ENDING) or f"{_ENDING}:" in text or "/" in text or os.sep in text


def _of_word(text: str) -> list[str | Scenario]:
    path, is_toml, values = text.partition(f"{_ENDING}:")
    if is_toml:
        scenario = read_scenario(Path(f"{path}{_ENDING}"))
        return [scenario.with_values(split_values(f"{scenario.name}:{values}")[1])]
    return [read_scenario(Path(text))] if is_file(text) else [text]


def read_scenario(path: Path) -> Scenario:
    """Read a scenario from a TOML file; its name is that of the file.

    A TableError tells every fault at once.
    """
    text = limits.decode(limits.read_bytes(path), str(path))
    tree = limits.parse_toml(text, str(path))
    content = {key: value for key, value in tree.items() if key != "name"}
    return Scenario.from_dict(content, name=path.stem, file=str(path))
