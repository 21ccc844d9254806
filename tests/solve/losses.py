"""Losses found the slow, obvious way, and the searches as plain Python."""

from __future__ import annotations

import importlib.util
import sys
from fractions import Fraction

import numpy as np

from supplynet.solve.flow.maxflow import max_flow


def plain_module(monkeypatch, name):
    """Return a module of compiled code as plain Python; as it is where nothing is compiled."""
    module = sys.modules.get(name)
    if module is None or any(hasattr(value, "py_func") for value in vars(module).values()):
        spec = importlib.util.find_spec(name)
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
    return module


def load_plain_kernels(monkeypatch):
    """Run the searches as plain Python for one test, whether or not numba is installed."""
    monkeypatch.setitem(sys.modules, "numba", None)
    plain_module(monkeypatch, "supplynet.solve.loss.search")
    monkeypatch.setattr("supplynet.solve.loss.losses.is_compiled_available", lambda: True)


def exact_value(solution):
    return Fraction(solution.value_units) / solution.scale


def without_nodes(problem, nodes):
    limits = problem.node_capacity
    limits = np.full(problem.n_nodes, np.inf) if limits is None else limits.copy()
    limits[list(nodes)] = 0.0
    return problem.replace(node_capacity=limits)


def without_arc(problem, arc):
    capacity = problem.capacity.copy()
    capacity[arc] = 0.0
    return problem.replace(capacity=capacity)


def assert_losses_are_removals(losses, solution, removed):
    """Every loss is what the removal costs when the problem is solved again."""
    whole = exact_value(solution)
    for number, units in zip(losses.ids.tolist(), losses.units.tolist(), strict=True):
        again = max_flow(removed(number))
        off = abs(whole - exact_value(again) - Fraction(units) / losses.scale)
        # rounding to units, and reading a capacity as a decimal or as a float, are allowed for
        interval = sum(Fraction(one.upper) - Fraction(one.lower) for one in (solution, again))
        is_rounded = solution.method == "binary" or solution.method != again.method
        assert off <= (interval + whole / 10**14 if is_rounded else 0), f"candidate {number}"


def inner_nodes(problem):
    return [v for v in range(problem.n_nodes) if v not in (problem.source, problem.sink)]
