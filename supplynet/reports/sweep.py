"""Any question over nations, years, tiers and scenarios: each alone, and all in one table.

Every question is answered as it is alone; nothing is shared between answers but the network, so
that the table does not depend on who works on it, and a folder of answers goes on where it ended.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.analysis.jobs import Folder, Plan, batches, timed, workers_of
from supplynet.analysis.provenance import provenance_of
from supplynet.errors import OptionError, SupplynetError
from supplynet.network.scenario.scenario import scenario_list
from supplynet.present.document import Document, Head, section, table_from
from supplynet.questions import QUESTIONS, renamed
from supplynet.questions.declared import load
from supplynet.terms import one_of
from supplynet.text import between, listing, share, share_range, tonnes

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from supplynet.contract.query import Declaration
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario, ScenarioLike


#: what is reported of a maximum flow, whose tables are of routes
_OF_FLOW = (
    "element",
    "value",
    "low",
    "high",
    "unit",
    "need",
    "coverage",
    "coverage_low",
    "coverage_high",
)
#: what is reported of a headline
_LEAD = ("name", "of", "value", "low", "high", "unit", "tier", "year")
#: the network as it is, among scenarios
BASE = "base"
#: columns before those of an answer
CELL = ("question", "scenario", "ask", "year")


@dataclass(frozen=True)
class Cell:
    """One question under one scenario."""

    question: str
    ask: str
    words: Mapping[str, Any]
    scenario: str
    changes: tuple[str | Scenario, ...]


@dataclass(frozen=True)
class Sweep(Plan[str]):
    """Questions under scenarios, each a batch of its own; ready to be worked on as it is."""

    net: SupplyNetwork = field(repr=False)
    cells: tuple[Cell, ...]

    @property
    def plan(self) -> Sweep:
        """What is asked."""
        return self

    def prepared(self) -> Sweep:
        """Return what is worked on."""
        return self

    def asked(self) -> dict[str, Any]:
        """Return what is asked of the graph, in plain types."""
        cells = [
            [cell.question, cell.ask, cell.scenario, dict(cell.words), list(map(str, cell.changes))]
            for cell in self.cells
        ]
        return {"cells": cells}

    def batch(self, index: int) -> str:
        """Return the headline of an answer and its rows, as JSON."""
        cell = self.cells[index]
        words = {**cell.words, **({"scenario": cell.changes} if cell.changes else {})}
        declared = asked_by(cell.ask)
        # rows are of products, where all that is wanted of them is what they cover
        first = {"detail": "coverage"} if declared.name == "potential" else {}
        try:
            answer = declared.ask(self.net, first | words)
        except SupplynetError as error:
            raise type(error)(
                f"question {cell.question!r} under {cell.scenario}: {error.message}",
                hint=error.hint,
            ) from error
        if declared.name == "flow":
            columns, rows = list(_OF_FLOW), [{name: getattr(answer, name) for name in _OF_FLOW}]
            rows[0]["need"] = answer.demand.value
        else:
            frame = answer.to_frame()
            columns, rows = list(frame.columns), frame.to_dict("records")
        year = answer.question.year if hasattr(answer, "question") else None
        asked = {"question": cell.question, "scenario": cell.scenario, "ask": cell.ask}
        head = {
            **{name: getattr(answer.headline, name) for name in _LEAD},
            "status": getattr(answer, "status", ""),
            "metrics": {of: declared.facts(part) for of, part in declared.judged(answer).items()},
        }
        return json.dumps(
            {
                "headline": asked | head,
                "columns": columns,
                "rows": [asked | {"year": year} | row for row in rows],
            }
        )


def asked_by(ask: str) -> Declaration[Any]:
    """Return the question of a network that is called so, by its words or the last of them."""
    text = ask if ask in QUESTIONS.values() else renamed(ask)
    names = {words: name for name, words in QUESTIONS.items()}
    declared = load(names[one_of(text or ask, names, "ask")])
    if not declared.query.OF:
        raise OptionError(f"{text} is asked of no network")
    return declared


def sweep(
    net: SupplyNetwork,
    questions: Mapping[str, Mapping[str, Any]],
    scenarios: Iterable[ScenarioLike] = (BASE,),
    *,
    workers: int = 1,
    executor: Executor | str | None = None,
    folder: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Ask many questions under many scenarios; return all answers as one table.

    Parameters
    ----------
    net : SupplyNetwork
    questions : mapping of str to mapping
        By a name of their own, the keywords of each, such as ``{"to": "KOR", "avoid": "CHN",
        "year": 2030}``. The keyword ``ask`` names the question, by default ``"coverage"``, as in
        ``"chokepoints interdict"``.
    scenarios : iterable of str, path or Scenario
        Each alone; ``"base"`` is the network as it is. Several at once are joined by commas in a
        text: ``"late,dear:price=2"``.
    workers : int, default 1
        Processes of this machine. With 1 none is started.
    executor : str or Executor, optional
        Who works instead: the address of the scheduler of a Dask cluster, which needs the extra
        dask, or any executor of ``concurrent.futures``.
    folder : str or path, optional
        Where answers are kept, a file each. What is there is not worked out again: killed at any
        moment, it goes on from there and ends with the same bytes.
    progress : callable, optional
        Called with the answers that are done and those asked for.

    Returns
    -------
    pandas.DataFrame
        The rows of every answer, in the order asked, after the columns ``question``, ``scenario``,
        ``ask`` and ``year``. Of ``flow`` one row with its value, range and coverage. Its
        ``attrs`` have the headline of every answer and what all rest on, as ``headlines`` and
        ``provenance``.

    Raises
    ------
    OptionError
        If there is no question, one is not one of those that can be asked, or an answer cannot be
        worked out; the message names question and scenario.
    DataError
        If the folder holds other answers.
    SupplynetError
        Of the class of the first answer that fails.

    Examples
    --------
    >>> import supplynet as sn
    >>> change = {"verb": "close", "nodes": "ref-big", "reason": "what-if"}
    >>> shut = sn.Scenario.from_dict({"change": [change]}, name="shut")
    >>> asked = {"alone": {"to": "MLT"}, "all": {"ask": "allocate"}}
    >>> table = sn.compare.sweep(sn.load("tutorial"), asked, ["base", shut])
    >>> table.groupby(["question", "scenario"]).coverage.min().round(2).to_dict()
    {('all', 'base'): 0.78, ('all', 'shut'): 0.0, ('alone', 'base'): 0.91, ('alone', 'shut'): 0.0}
    """
    import pandas as pd

    if not questions:
        raise OptionError("no question is asked", hint='write {"name": {"to": "KOR"}}')
    if workers < 1:
        raise OptionError(f"workers must be at least 1, not {workers}")
    cells = []
    for name, words in questions.items():
        own = {word: value for word, value in words.items() if word != "ask"}
        try:
            declared = asked_by(str(words.get("ask", "coverage")))
            declared.query.checked(own, declared.name)
        except (OptionError, TypeError) as error:
            hint = getattr(error, "hint", "")
            raise OptionError(f"question {name!r}: {error}", hint=hint) from error
        ask = QUESTIONS[declared.name]
        cells += [Cell(name, ask, own, *_named(scenario)) for scenario in scenarios]
    plan = Sweep(net, tuple(cells))
    kept = folder and Folder(
        Path(folder),
        plan,
        str,
        lambda _index, text: json.dumps(json.loads(text)),
        ending="json.gz",
    )
    n_workers = min(len(cells), workers)
    report, answers = progress or timed("answers"), list[dict[str, Any]]()
    with workers_of(executor, kept or None) as others:
        for text in batches(plan, len(cells), kept or None, n_workers, others):
            answers.append(json.loads(text))
            report(len(answers), len(cells))
    if kept:
        kept.finish(len(cells))
    columns = dict.fromkeys(chain(CELL, *(answer["columns"] for answer in answers)))
    table = pd.DataFrame([row for answer in answers for row in answer["rows"]], columns=[*columns])
    table.attrs["headlines"] = [answer["headline"] for answer in answers]
    table.attrs["provenance"] = provenance_of(plan.asked(), net=net).to_dict()
    return table


def _named(scenario: ScenarioLike) -> tuple[str, tuple[str | Scenario, ...]]:
    """Return the name of a scenario in the table, and what is to be applied."""
    if scenario == BASE:
        return BASE, ()
    changes = tuple(scenario_list(scenario))
    names = (change if isinstance(change, str) else change.name for change in changes)
    return ",".join(names), changes


def of_sweep(table: pd.DataFrame, axes: Sequence[str]) -> Document:
    """Return the headline of every answer, one a row; `axes` name the parts of their names."""
    headlines = table.attrs["headlines"]
    first = headlines[0]
    cells = [
        dict(zip(axes, headline["question"].split(", "), strict=False)) | headline
        for headline in headlines
    ]
    by_axis: dict[str, Any] = {name: Head(name.capitalize()) for name in axes}
    shown = table_from(
        "answers",
        cells,
        **by_axis,
        scenario=Head("Scenario"),
        of=Head("Of", of=lambda cell: cell["of"]),
        value=Head(first["name"].capitalize(), of=_value, align="right"),
        span=Head("Data range", of=_range, align="right"),
    )
    names = listing(dict.fromkeys(headline["name"] for headline in headlines))
    return Document(
        f"{first['ask'].capitalize()} by {listing([*axes, 'scenario'])}",
        (section("", "answers", f"The headline of each answer: {names}.", shown),),
        lambda: {
            "provenance": table.attrs["provenance"],
            "headlines": headlines,
            "rows": table.to_dict("records"),
        },
    )


def _value(cell: Mapping[str, Any]) -> str:
    """Return the value of a headline with its unit."""
    is_share = cell["unit"].startswith("share")
    return share(cell["value"]) if is_share else f"{tonnes(cell['value'])} {cell['unit']}".strip()


def _range(cell: Mapping[str, Any]) -> str:
    """Return the range of a headline; empty where none is worked out."""
    if cell["low"] is None:
        return ""
    text = share_range if cell["unit"].startswith("share") else between
    return text(cell["low"], cell["high"])
