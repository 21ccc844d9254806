"""Many questions under many scenarios as one tidy table, side by side in processes.

Every question is answered as its function answers it alone; nothing is shared between answers but
the network, so that the table does not depend on how many processes work on it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import supplynet
from supplynet.errors import OptionError, SupplynetError
from supplynet.network.scenario.scenario import scenario_list
from supplynet.solve.processes import Processes
from supplynet.terms import one_of

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario, ScenarioLike


#: functions that a sweep can ask, by name
ASKED_BY = ("coverage", "outlook", "flow", "bypass", "allocate", "trace", "chokepoints")
#: what is reported of a maximum flow
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
#: the network as it is, among scenarios
BASE = "base"


@dataclass(frozen=True)
class _Task:
    """One question under one scenario, fit to be sent to a process."""

    question: str
    words: Mapping[str, Any]
    scenario: str
    changes: tuple[str | Scenario, ...]


def sweep(
    net: SupplyNetwork,
    questions: Mapping[str, Mapping[str, Any]],
    scenarios: Iterable[ScenarioLike] = (BASE,),
    *,
    processes: int | None = None,
) -> pd.DataFrame:
    """Ask many questions under many scenarios; return all answers as one table.

    Parameters
    ----------
    net : SupplyNetwork
    questions : mapping of str to mapping
        By a name of their own, the keywords of each, such as ``{"to": "KOR", "avoid": "CHN",
        "year": 2030}``. The keyword ``ask`` names the function, by default ``"coverage"``.
    scenarios : iterable of str, path or Scenario
        Each alone; ``"base"`` is the network as it is. Several at once are joined by commas in a
        text: ``"late,dear:price=2"``.
    processes : int, optional
        How many work at a time; default: as many as the machine has processors. With 1 no process
        is started.

    Returns
    -------
    pandas.DataFrame
        The rows of every answer, in the order asked, after the columns ``question``, ``scenario``,
        ``ask`` and ``year``. Of ``flow`` one row with its value, range and coverage.

    Raises
    ------
    OptionError
        If there is no question, a function is not one of those that can be asked, or an answer
        cannot be worked out; the message names question and scenario.
    SupplynetError
        Of the class of the first answer that fails.

    Examples
    --------
    >>> import supplynet as sn
    >>> change = {"verb": "close", "nodes": "ref-big", "reason": "what-if"}
    >>> shut = sn.Scenario.from_dict({"change": [change]}, name="shut")
    >>> asked = {"alone": {"to": "MLT"}, "all": {"ask": "allocate"}}
    >>> table = sn.compare.sweep(sn.load("tutorial"), asked, ["base", shut], processes=1)
    >>> table.groupby(["question", "scenario"]).coverage.min().round(2).to_dict()
    {('all', 'base'): 0.78, ('all', 'shut'): 0.0, ('alone', 'base'): 0.91, ('alone', 'shut'): 0.0}
    """
    if not questions:
        raise OptionError("no question is asked", hint='write {"name": {"to": "KOR"}}')
    if processes is not None and processes < 1:
        raise OptionError(f"processes must be at least 1, not {processes}")
    for name, options in questions.items():
        one_of(str(options.get("ask", "coverage")), ASKED_BY, f"question {name!r}: ask")
    tasks = [
        _Task(name, dict(record), *_named(scenario))
        for name, record in questions.items()
        for scenario in scenarios
    ]
    n_workers = min(len(tasks), processes or os.cpu_count() or 1)
    if n_workers <= 1:
        return _joined([_answer(net, task) for task in tasks])
    with Processes(n_workers, initializer=_begin, initargs=(net,)) as pool:
        return _joined(list(pool.map(_answer_here, tasks)))


def _named(scenario: ScenarioLike) -> tuple[str, tuple[str | Scenario, ...]]:
    """Return the name of a scenario in the table, and what is to be applied."""
    if scenario == BASE:
        return BASE, ()
    changes = tuple(scenario_list(scenario))
    return ",".join(
        change if isinstance(change, str) else change.name for change in changes
    ), changes


#: the network of a process that works on a sweep
_network: list[SupplyNetwork] = []


def _begin(net: SupplyNetwork) -> None:
    _network.append(net)


def _answer_here(task: _Task) -> pd.DataFrame:
    return _answer(_network[0], task)


def _answer(net: SupplyNetwork, task: _Task) -> pd.DataFrame:
    """Return the rows of one answer, with what was asked in front."""
    options = dict(task.words)
    asked_by = str(options.pop("ask", "coverage"))
    if task.changes:
        options["scenario"] = task.changes
    try:
        # as the library asks it: an outlook by the words of its family
        name = "coverage.outlook" if asked_by == "outlook" else asked_by
        first = {"detail": "coverage"} if asked_by == "coverage" else {}  # rows are of products
        result = attrgetter(name)(supplynet)(net, **first | options)
    except SupplynetError as error:
        raise type(error)(
            f"question {task.question!r} under {task.scenario}: {error.message}", hint=error.hint
        ) from error
    frame = (_flow_row(result) if asked_by == "flow" else result.to_frame()).copy()
    if "year" not in frame.columns:
        frame.insert(0, "year", result.question.year if hasattr(result, "question") else None)
    frame.insert(0, "ask", asked_by)
    frame.insert(0, "scenario", task.scenario)
    frame.insert(0, "question", task.question)
    return frame


def _flow_row(result: FlowResult) -> pd.DataFrame:
    """Return a maximum flow as one row: its frame lists routes."""
    import pandas as pd

    record = {name: getattr(result, name) for name in _OF_FLOW}
    return pd.DataFrame([record | {"need": result.demand.value}])


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the answers below each other; what an answer does not state stays empty."""
    import pandas as pd

    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled or frames[:1], ignore_index=True)
