"""The independent check accepts right flows and refuses every way to be wrong."""

import ast
import inspect
import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from supplynet.solve import check
from supplynet.solve.flow import certificate
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.lp import certificate as linear_certificate
from supplynet.solve.lp import side_by_side

# 0 -> 1 -> 3 and 0 -> 2 -> 3 with a loop, a way back and a cross arc; node 2 is limited.
PROBLEM = FlowProblem(
    tail=[0, 0, 1, 2, 1, 1, 1, 3],
    head=[1, 2, 3, 3, 2, 1, 0, 1],
    capacity=[5.5, 4.0, 3.5, 6.0, 2.0, 9.0, 9.0, 9.0],
    n_nodes=4,
    source=0,
    sink=3,
    node_capacity=[np.inf, np.inf, 5.0, np.inf],
)
SOLUTION = max_flow(PROBLEM)
# Its floats are exact in binary units, with 1/3 and 2/3 on two arcs to the sink.
THIRDS = FlowProblem([0, 0], [1, 1], [1 / 3, 1e-9 / 3], n_nodes=2, source=0, sink=1)
ROUNDED = max_flow(THIRDS)


def flowing(units, value_units=85, **changes):
    """The solution with other flow, its floats and value consistent with it."""
    units = np.array(units, dtype=np.int64)
    value = value_units / 10
    return replace(
        SOLUTION,
        units=units,
        flow=units / 10,
        value_units=value_units,
        value=value,
        lower=value,
        upper=value,
        **changes,
    )


def side(*nodes, halves=()):
    """A cut with whole nodes and single halves (node, half) on the source side."""
    array = np.zeros((4, 2), dtype=bool)
    array[list(nodes)] = True
    for node, half in halves:
        array[node, half] = True
    return array


def test_the_solution_that_is_corrupted_below_is_right():
    assert SOLUTION.value == 8.5
    assert SOLUTION.units.tolist()[:4] == [45, 40, 35, 50]
    assert certify_flow(PROBLEM, SOLUTION).ok
    assert certify_flow(PROBLEM, flowing([45, 40, 35, 50, 10, 0, 0, 0])).ok
    assert certify_flow(THIRDS, ROUNDED).ok and not ROUNDED.is_exact


CORRUPTIONS = {
    "flow of the wrong length": (replace(SOLUTION, flow=SOLUTION.flow[1:]), "shapes"),
    "flow of whole numbers": (replace(SOLUTION, flow=np.ones(8, dtype=int)), "shapes"),
    "units of the wrong length": (replace(SOLUTION, units=SOLUTION.units[1:]), "shapes"),
    "one column of sides": (replace(SOLUTION, source_side=np.ones((4, 1), bool)), "shapes"),
    "sides as numbers": (replace(SOLUTION, source_side=np.ones((4, 2))), "shapes"),
    "units as floats": (replace(SOLUTION, units=SOLUTION.units * 1.0), "whole-units"),
    "units as fractions": (
        replace(SOLUTION, units=np.array([Fraction(1)] * 8, dtype=object)),
        "whole-units",
    ),
    "value units as float": (replace(SOLUTION, value_units=85.0), "whole-units"),
    "flow not a number": (
        replace(SOLUTION, flow=np.where(np.arange(8) == 0, np.nan, SOLUTION.flow)),
        "finite",
    ),
    "value infinite": (replace(SOLUTION, value=math.inf), "finite"),
    "upper end infinite": (replace(SOLUTION, upper=math.inf), "finite"),
    "lower end not a number": (replace(SOLUTION, lower=math.nan), "finite"),
    "unit no power of ten": (replace(SOLUTION, scale=Fraction(20)), "scale"),
    "unit no power of two": (replace(ROUNDED, scale=Fraction(10)), "scale"),
    "unit negative": (replace(ROUNDED, scale=Fraction(-2)), "scale"),
    "unknown method": (replace(ROUNDED, method="guess"), "scale"),
    "other unit for the same units": (
        replace(SOLUTION, scale=Fraction(100)),
        "flow-equals-units",
    ),
    "arc above its capacity": (flowing([55, 30, 45, 40, 10, 0, 0, 0]), "arc-bounds"),
    "arc below zero": (flowing([25, 60, 35, 50, -10, 0, 0, 0]), "arc-bounds"),
    "float above its capacity": (
        replace(SOLUTION, flow=SOLUTION.flow + [0, 0, 0.5, 0, 0, 0, 0, 0]),
        "flow-bounds",
    ),
    "float below zero": (
        replace(SOLUTION, flow=SOLUTION.flow - [0, 0, 0, 0, 0, 1.0, 0, 0]),
        "flow-bounds",
    ),
    "node above its capacity": (
        flowing([55, 40, 35, 60, 20, 0, 0, 0], value_units=95),
        "node-bounds",
    ),
    "floats that differ from units": (
        replace(SOLUTION, flow=SOLUTION.flow - [0, 0, 0.1, 0, 0, 0, 0, 0]),
        "flow-equals-units",
    ),
    "one unit lost at a node": (flowing([45, 40, 34, 50, 10, 0, 0, 0]), "conservation"),
    "one unit created at a node": (flowing([44, 40, 35, 50, 10, 0, 0, 0]), "conservation"),
    "source sends less than the value": (
        flowing([44, 40, 35, 50, 10, 0, 0, 0]),
        "source-balance",
    ),
    "sink receives less than the value": (
        flowing([45, 40, 34, 50, 10, 0, 0, 0]),
        "sink-balance",
    ),
    "flow back into the source": (flowing([55, 40, 35, 50, 10, 0, 10, 0]), "no-circulation"),
    "flow out of the sink": (flowing([0] * 7 + [10], value_units=0), "no-circulation"),
    "flow on a loop": (flowing([45, 40, 35, 50, 10, 10, 0, 0]), "no-circulation"),
    "flow that is not the largest": (
        flowing([35, 40, 35, 40, 0, 0, 0, 0], value_units=75),
        "cut-equals-flow",
    ),
    "no flow at all": (flowing([0] * 8, value_units=0), "cut-equals-flow"),
    "value other than the units": (
        replace(SOLUTION, value=8.6, lower=8.6, upper=8.6),
        "value-equals-units",
    ),
    "cut without the source": (replace(SOLUTION, source_side=side(1)), "cut-separates"),
    "cut with the sink": (replace(SOLUTION, source_side=side(0, 1, 2, 3)), "cut-separates"),
    "cut with the sink's out-half": (
        replace(SOLUTION, source_side=side(0, halves=[(3, 1)])),
        "cut-separates",
    ),
    "cut that is not smallest": (replace(SOLUTION, source_side=side(0)), "cut-equals-flow"),
    "cut through an unlimited node": (
        replace(SOLUTION, source_side=side(halves=[(0, 0)])),
        "cut-equals-flow",
    ),
    "interval above the cut": (
        replace(SOLUTION, lower=8.5, value=8.5, upper=9.0, is_exact=True),
        "interval",
    ),
    "interval beside the value": (replace(ROUNDED, value=ROUNDED.upper * 2), "interval"),
    "lower end above the flow": (replace(ROUNDED, lower=ROUNDED.upper), "interval"),
    "upper end below the cut": (replace(ROUNDED, upper=ROUNDED.lower), "cut-in-interval"),
    "interval too wide": (replace(ROUNDED, lower=ROUNDED.lower / 2), "gap"),
    "rounded claimed exact": (
        replace(ROUNDED, is_exact=True, lower=ROUNDED.value, upper=ROUNDED.value),
        "exactness",
    ),
    "decimals claimed inexact": (replace(SOLUTION, is_exact=False), "exactness"),
}


@pytest.mark.parametrize(("corrupted", "name"), CORRUPTIONS.values(), ids=CORRUPTIONS.keys())
def test_every_corruption_is_refused_by_the_check_that_names_it(corrupted, name):
    problem = THIRDS if corrupted.units.size == 2 else PROBLEM
    found = certify_flow(problem, corrupted)
    assert not found.ok
    assert name in [each.name for each in found.checks if not each.is_ok]


def test_a_cut_through_a_node_needs_node_capacities():
    problem = FlowProblem([0], [1], [1.0], n_nodes=2, source=0, sink=1)
    sides = np.array([[True, False], [False, False]])
    found = certify_flow(problem, replace(max_flow(problem), source_side=sides))
    assert not found.ok and found.gap == 0.0


def test_capacities_that_are_no_decimals_cannot_be_cut_in_decimals():
    """0.26 counted in tenths is 0.3, which no flow may use and no cut may claim."""
    problem = FlowProblem([0], [1], [0.26], n_nodes=2, source=0, sink=1)
    honest = max_flow(problem)
    for units in (2, 3):
        value = units / 10
        claim = replace(
            honest,
            scale=Fraction(10),
            units=np.array([units]),
            value_units=units,
            flow=np.array([value]),
            value=value,
            lower=value,
            upper=value,
        )
        failed = {each.name for each in certify_flow(problem, claim).checks if not each.is_ok}
        assert failed & {"arc-bounds", "exactness"}


def test_units_too_large_for_a_float_are_refused_not_raised():
    problem = FlowProblem([0], [1], [1e-300], n_nodes=2, source=0, sink=1)
    units = np.array([10**700], dtype=object)
    found = certify_flow(problem, replace(max_flow(problem), units=units))
    residuals = {each.name: each.residual for each in found.checks}
    assert residuals["arc-bounds"] == math.inf


def test_the_check_shares_no_code_with_what_it_checks():
    """A shared mistake would be confirmed: only plain parts may be imported."""
    allowed = {
        "__future__", "collections", "collections.abc", "copy", "dataclasses", "fractions", "math",
        "numpy", "numpy.typing", "supplynet.arrays", "supplynet.errors", "supplynet.solve.check",
        "supplynet.solve.lp.certificate", "supplynet.solve.lp.side_by_side",
        "supplynet.solve.flow.problem", "typing",
    }  # fmt: skip
    for module in (certificate, check, linear_certificate, side_by_side):
        tree = ast.parse(inspect.getsource(module))
        for node in tree.body:  # the types under TYPE_CHECKING are not imported
            if isinstance(node, ast.Import):
                assert {name.name for name in node.names} <= allowed
            if isinstance(node, ast.ImportFrom):
                assert node.module in allowed


def claim(problem, flow, nodes):
    """A flow in tenths with a cut of whole nodes, all floats as the units say."""
    units = np.array(flow, dtype=np.int64)
    leaving = int(units[problem.tail == problem.source].sum())
    cut = np.zeros((problem.n_nodes, 2), dtype=bool)
    cut[nodes] = True
    value = leaving / 10
    return replace(
        SOLUTION,
        units=units,
        flow=units / 10,
        value_units=leaving,
        value=value,
        lower=value,
        upper=value,
        source_side=cut,
    )


def failed(problem, solution):
    return [check.name for check in certify_flow(problem, solution).checks if not check.is_ok]


def test_what_ends_in_one_node_and_begins_in_another_is_no_flow():
    """Nothing leads from 1 to 2: the cut around the source is as large, and proves nothing."""
    apart = FlowProblem([0, 2], [1, 3], [5.0, 5.0], n_nodes=4, source=0, sink=3)
    assert failed(apart, claim(apart, [50, 50], [0])) == ["conservation"]


def test_the_limit_of_the_source_counts_though_nothing_comes_to_it():
    one = FlowProblem([0], [1], [5.0], n_nodes=2, source=0, sink=1, node_capacity=[3.0, np.inf])
    assert failed(one, claim(one, [50], [0])) == ["node-bounds"]


def test_a_float_on_an_arc_without_units_is_no_flow():
    idle = SOLUTION.flow.copy()
    assert SOLUTION.units[5] == 0  # the loop
    idle[5] = 0.5
    assert "flow-equals-units" in failed(PROBLEM, replace(SOLUTION, flow=idle))


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_the_interval_is_narrow_beside_the_value(size):
    """A thousandth is too wide, whatever the unit is."""
    thirds = FlowProblem([0, 0], [1, 1], [size / 3, size * 1e-9 / 3], n_nodes=2, source=0, sink=1)
    found = max_flow(thirds)
    assert not found.is_exact and certify_flow(thirds, found).ok
    wide = replace(found, upper=found.upper * 1.001)
    assert failed(thirds, wide) == ["gap"]


@pytest.mark.parametrize(
    ("capacities", "method", "is_exact"),
    [
        ([0.3], "decimal", True),  # its float is below 3 tenths
        ([0.1, 0.2], "decimal", True),  # their floats add up to more than that of 0.3
        ([2.0**-40, 3 * 2.0**-40], "binary", True),
        ([1 / 3, 2.0**-70], "binary", False),
        ([2.0**900, 2.0**900 / 3], "binary", True),
    ],
)
def test_what_each_way_to_count_makes_of_capacities_holds(capacities, method, is_exact):
    """Decimals as they are written, floats as they are, and what is cut off is reported."""
    n = len(capacities)
    problem = FlowProblem([0] * n, [1] * n, capacities, n_nodes=2, source=0, sink=1)
    solution = max_flow(problem)
    assert (solution.method, solution.is_exact) == (method, is_exact)
    assert certify_flow(problem, solution).ok


def test_a_third_of_a_decimal_is_no_whole_unit():
    """0.26 in tenths is 2 whole ones, whatever else the cut consists of."""
    one = FlowProblem([0], [1], [0.26], n_nodes=2, source=0, sink=1)
    assert "arc-bounds" in failed(one, claim(one, [3], [0]))
    two = FlowProblem([0, 0], [1, 1], [0.5, 0.26], n_nodes=2, source=0, sink=1)
    assert "exactness" in failed(two, claim(two, [5, 2], [0]))


def test_units_on_an_arc_without_a_float_are_no_flow():
    idle = SOLUTION.flow.copy()
    idle[2] = 0.0
    assert "flow-equals-units" in failed(PROBLEM, replace(SOLUTION, flow=idle))


def test_two_numbers_that_are_none_do_not_make_one():
    flow = SOLUTION.flow.copy()
    flow[0] = np.nan
    wrong = replace(SOLUTION, flow=flow, value=math.inf)
    assert failed(PROBLEM, wrong) == ["finite"]


@pytest.mark.parametrize("scale", [Fraction(0), Fraction(3), Fraction(1, 3), Fraction(1, 6)])
def test_a_unit_is_a_power_of_two_or_ten(scale):
    assert failed(THIRDS, replace(ROUNDED, scale=scale)) == ["scale"]
    assert failed(PROBLEM, replace(SOLUTION, scale=Fraction(10**23))) == ["scale"]


def test_what_comes_back_is_taken_off_what_was_sent():
    """Balances of source and sink hold of flows in circles, which are refused for themselves."""
    to_source = flowing([55, 40, 35, 50, 10, 0, 10, 0])
    assert failed(PROBLEM, to_source) == ["no-circulation"]
    from_sink = flowing([35, 40, 35, 50, 10, 0, 0, 10], value_units=75)
    assert failed(PROBLEM, from_sink) == ["no-circulation", "cut-equals-flow", "cut-in-interval"]


def test_the_interval_is_as_narrow_as_it_is_told_to_be():
    """Ten roundings are too many for what is exact, and 5e-9 for what is not."""
    off = 8.5 * (1 - 10 * 2.0**-53)
    short = replace(SOLUTION, lower=off, value=off, upper=off)
    assert "cut-in-interval" in failed(PROBLEM, short)
    wide = replace(ROUNDED, upper=ROUNDED.upper * (1 + 5e-9))
    assert failed(THIRDS, wide) == ["gap"]
    nothing = FlowProblem([0], [1], [0.0], n_nodes=2, source=0, sink=1)
    below = replace(max_flow(nothing), lower=-1.0, is_exact=False)
    assert "gap" in failed(nothing, below)


def test_a_lower_end_above_the_flow_is_not_proved_by_a_value_that_is_too_large():
    high = replace(ROUNDED, lower=ROUNDED.upper, value=ROUNDED.upper)
    assert "interval" in failed(THIRDS, high)
