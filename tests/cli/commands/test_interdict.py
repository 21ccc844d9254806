"""``supplynet chokepoints interdict`` and other searches on the command line."""

from __future__ import annotations

import functools
from importlib import import_module
from typing import Any

import pytest

from supplynet import limits

ASKED = ("tutorial", "--to", "MLT", "--element", "Nd")
#: a command, and the function that searches for it
SEARCHES = {
    "model.interdiction.worst": ("chokepoints interdict", *ASKED),
    "analysis.balance.worst.interdict_balance": (
        "chokepoints interdict",
        *ASKED,
        "--model",
        "balance",
    ),
    "model.interdiction.safest": ("chokepoints fortify", *ASKED, "--defend", "1", "--attack", "1"),
    "analysis.balance.worst.fortify_balance": (
        "chokepoints fortify",
        *ASKED,
        "--model",
        "balance",
    ),
}


@pytest.mark.parametrize("function", SEARCHES)
def test_a_search_of_a_large_network_has_a_limit_that_can_be_raised(
    invoke, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    module, _, name = f"supplynet.{function}".rpartition(".")
    search, seconds = getattr(import_module(module), name), []

    @functools.wraps(search)
    def told(*args: Any, **words: Any) -> Any:
        seconds.append(words["time_limit"])
        return search(*args, **words)

    monkeypatch.setattr(f"{module}.{name}", told)
    assert invoke(*SEARCHES[function]).code == 0
    monkeypatch.setattr(limits, "SEARCHED_LINKS", 0)
    limited = invoke(*SEARCHES[function])
    assert (limited.code, "stops after 60 s; --time-limit allows more" in limited.err) == (0, True)
    assert invoke(*SEARCHES[function], "--time-limit", "600").code == 0
    assert seconds == [None, limits.SEARCH_SECONDS, 600.0]


def test_what_is_stopped_says_how_to_let_it_go_on(invoke) -> None:
    stopped = invoke(*SEARCHES["model.interdiction.safest"], "--time-limit", "1e-9")
    assert stopped.code == 4
    assert "--time-limit allows more seconds" in stopped.err
    stopped = invoke(*SEARCHES["analysis.balance.worst.interdict_balance"], "--time-limit", "1e-9")
    assert (stopped.code, "give it more time" in stopped.err) == (4, True)
