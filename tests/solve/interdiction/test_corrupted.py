"""Certificates of attacks and defenses refuse whatever is changed so that it is no longer true."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction.arena import attack_on_arcs
from supplynet.solve.interdiction.attack import fortify, interdict
from supplynet.solve.interdiction.certificate import can_be_hit, certify_attack, certify_defense
from supplynet.solve.interdiction.program import (
    ProgramAttack,
    Witness,
    certify_program_attack,
    interdict_program,
)
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import maximum

SIZES = (1e-8, 1e-3, 1.0, 1e3, 1e8)
CAPACITIES = np.array([4.0, 5.0, 6.0, 3.0, 1.0])


def problem_of(size: float):
    flow = FlowProblem([0, 0, 1, 2, 2], [1, 2, 3, 3, 1], CAPACITIES * size, 4, 0, 3)
    return attack_on_arcs(flow, budget=1)


def refused(check, problem, claim, **changes: object) -> list[str]:
    """Names of the checks that refuse a claim with other parts."""
    checks = check(problem, dataclasses.replace(claim, **changes)).checks
    return [one.name for one in checks if not one.is_ok]


defense_of_one = partial(certify_defense, n_protected=1)


def wrong_attack(problem, found):
    """The attack that leaves more, told with its own honest flow, as the best."""
    solution = max_flow(problem.without((4,)))
    return dataclasses.replace(
        found,
        removed=(4,),
        value=solution.value,
        bound=solution.value,
        solution=solution,
        sets=((4,),),
        set_solutions=(solution,),
    )


#: what a claim may say of itself so that a wrong attack looks right
LIES = {
    "step": [1e9, math.nan, math.inf, -1.0, 1e300],
    "whole": [1e12, math.inf, math.nan, 0.0, -1.0],
    "bound": [math.nan, math.inf, 1e12, "5"],
    "value": [math.nan, 1e12, None],
    "status": ["done", None],
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("name", "lie"), [(key, one) for key in LIES for one in LIES[key]])
def test_no_lie_makes_a_wrong_attack_pass(size: float, name: str, lie: object) -> None:
    problem = problem_of(size)
    found = interdict(problem)
    assert certify_attack(problem, found).ok
    wrong = wrong_attack(problem, found)
    assert refused(certify_attack, problem, wrong)
    assert refused(certify_attack, problem, wrong, **{name: lie})


@pytest.mark.parametrize("size", SIZES)
def test_other_parts_of_a_claim_are_proved_too(size: float) -> None:
    problem = problem_of(size)
    found = interdict(problem, n_sets=9)
    (leaf,) = found.leaves
    other = max_flow(problem.without((4,)))
    twice = dataclasses.replace(leaf, arcs=leaf.arcs.repeat(2), units=leaf.units.repeat(2))
    beyond = dataclasses.replace(leaf, arcs=leaf.arcs + 99)
    arena = dataclasses.replace(found.arena, scale=Fraction(-1))
    changes = {
        "unattacked": {"unattacked": other},
        "whole and its flow": {"unattacked": other, "whole": other.value},
        "a set that leaves more": {"sets": ((4,),), "set_solutions": (other,)},
        "a set with another's flow": {"sets": ((4,),), "set_solutions": found.set_solutions[:1]},
        "a set too many": {"sets": (*found.sets, (4,))},
        "a set above the budget": {
            "sets": ((0, 1),),
            "set_solutions": (max_flow(problem.without((0, 1))),),
        },
        "members twice": {"removed": (0, 0)},
        "members that are not there": {"removed": (77,)},
        "members by name": {"removed": ("0",)},
        "arcs twice": {"leaves": (twice,)},
        "arcs that are not there": {"leaves": (beyond,)},
        "a scale below nothing": {"arena": arena},
    }
    for what, change in changes.items():
        assert refused(certify_attack, problem, found, **change), what


def test_a_bound_between_steps_is_proved_as_it_is() -> None:
    """All values are whole, so that 8 and a half would pass for 9 if it were rounded down first."""
    problem = problem_of(1.0)
    found = interdict(problem)
    assert found.step == 1.0
    for part in (0.25, 0.5, 0.75):
        cut = {"status": "time limit"}
        assert refused(certify_attack, problem, found, bound=found.value + part, **cut)
        assert not refused(certify_attack, problem, found, bound=found.value - part, **cut)


@pytest.mark.parametrize("size", SIZES)
def test_no_lie_makes_a_wrong_defense_pass(size: float) -> None:
    problem = problem_of(size)
    safe = fortify(problem, n_protected=1)
    assert certify_defense(problem, safe, n_protected=1).ok
    none = fortify(problem, n_protected=0)
    changes = {
        "nothing protected": {
            "protected": (),
            "attack": none.attack,
            "value": none.value,
        },
        "nothing protected, bound too": {
            "protected": (),
            "attack": none.attack,
            "value": none.value,
            "bound": none.value,
        },
        "first": {"first": safe.attack},
        "bound nan": {"bound": math.nan},
        "bound below": {"bound": safe.bound - size},
        "bound above": {"bound": safe.bound + size},
        "value nan": {"value": math.nan},
        "witness nan": {"witnesses": ((safe.witnesses[0][0], math.nan), *safe.witnesses[1:])},
        "no witness": {"witnesses": ()},
        "status": {"status": "done"},
        "twice": {"protected": (0, 0)},
    }
    for what, change in changes.items():
        assert refused(defense_of_one, problem, safe, **change), what


def test_every_choice_of_elements_is_tried() -> None:
    attacks = [frozenset(pair) for pair in ((1, 2), (2, 3), (4, 5))]
    each = np.ones(9)
    unable = np.where(np.isin(np.arange(9), [4, 5]), np.inf, 1.0)
    assert can_be_hit(attacks, each, 2.0)
    assert not can_be_hit(attacks, each, 1.0)
    assert not can_be_hit(attacks, unable, 2.0)
    assert can_be_hit([], each, 0.0)
    assert not can_be_hit([frozenset()], each, 3.0)


def test_a_claim_on_a_program_of_the_wrong_form_is_refused() -> None:
    lp = maximum([1.0], upper=[3.0])
    problem = ProgramAttack(lp, [[0]], [1.0], budget=1)
    found = interdict_program(problem)
    assert certify_program_attack(problem, found).ok
    for change in ({"whole": math.nan}, {"status": "done"}, {"removed": (7,)}, {"sets": ()}):
        assert refused(certify_program_attack, problem, found, **change) == ["attack-form"]
    assert refused(certify_program_attack, problem, found, whole=1e12)


def test_a_defense_tells_what_its_first_attack_was() -> None:
    safe = fortify(problem_of(1.0), n_protected=1)
    assert safe.undefended_attack == safe.first.removed
    assert (safe.undefended, safe.whole) == (safe.first.value, safe.first.whole)


def drawn(seed: int):
    """A small network whose arcs cost differently, attacked with a budget for about two."""
    draw = np.random.default_rng(seed)
    tail, head = np.array([0, 0, 1, 2, 1, 2, 3, 3]), np.array([1, 2, 3, 3, 4, 4, 4, 2])
    flow = FlowProblem(tail, head, draw.integers(1, 7, tail.size) * 1.0, 5, 0, 4)
    return attack_on_arcs(flow, budget=3.0, cost=draw.integers(1, 4, tail.size) * 1.0)


@pytest.mark.parametrize("seed", range(25))
def test_no_lesser_attack_passes_by_the_parts_of_the_best(seed: int) -> None:
    """Any arc that may be removed, told as the best with its own honest flow and value."""
    problem = drawn(seed)
    found = interdict(problem)
    assert certify_attack(problem, found).ok
    for arc in np.flatnonzero(problem.cost <= problem.budget).tolist():
        left = max_flow(problem.without((arc,)))
        lesser = dataclasses.replace(
            found,
            removed=(arc,),
            value=left.value,
            bound=left.value,
            solution=left,
            sets=((arc,),),
            set_solutions=(left,),
        )
        assert certify_attack(problem, lesser).ok is (left.value == found.value)


@pytest.mark.parametrize("size", SIZES)
def test_one_bad_set_beside_good_ones_is_seen(size: float) -> None:
    problem = problem_of(size)
    found = interdict(problem, n_sets=9)
    for extra in ((4,), (0, 1)):  # one leaves more, one costs more
        sets = (*found.sets, extra)
        solutions = (*found.set_solutions, max_flow(problem.without(extra)))
        assert refused(certify_attack, problem, found, sets=sets, set_solutions=solutions)


def test_one_part_without_its_flow_is_seen_beside_others() -> None:
    checked = 0
    for seed in range(25):
        problem = drawn(seed)
        found = interdict(problem)
        for number, leaf in enumerate(found.leaves if len(found.leaves) > 1 else ()):
            empty = dataclasses.replace(leaf, units=np.zeros_like(leaf.units))
            leaves = (*found.leaves[:number], empty, *found.leaves[number + 1 :])
            checked += bool(refused(certify_attack, problem, found, leaves=leaves))
    assert checked > 10


@pytest.mark.parametrize("size", SIZES)
def test_one_witness_that_tells_less_is_seen_beside_others(size: float) -> None:
    problem = problem_of(size)
    safe = fortify(problem, n_protected=1)
    assert len(safe.witnesses) > 1
    for number, (attack, value) in enumerate(safe.witnesses):
        told = (attack, value - 0.5 * size)
        witnesses = (*safe.witnesses[:number], told, *safe.witnesses[number + 1 :])
        assert refused(defense_of_one, problem, safe, witnesses=witnesses)


@pytest.mark.parametrize("size", SIZES)
def test_a_flow_that_is_not_legal_is_seen_at_every_size(size: float) -> None:
    problem = problem_of(size)
    found = interdict(problem)
    (leaf,) = found.leaves
    lopsided = leaf.units.copy()
    lopsided[0] //= 2
    for units in (leaf.units * 2, lopsided, -leaf.units):
        leaves = (dataclasses.replace(leaf, units=units),)
        assert refused(certify_attack, problem, found, leaves=leaves) == ["part-bounds"]


def test_one_witness_of_no_form_is_seen_beside_others() -> None:
    problem = problem_of(1.0)
    safe = fortify(problem, n_protected=1)
    for attack, value in (((77,), 1.0), ((0, 0), 1.0), (("0",), 1.0), ((0,), math.nan)):
        witnesses = (*safe.witnesses, (attack, value))
        assert refused(defense_of_one, problem, safe, witnesses=witnesses) == ["defense-form"]


@pytest.mark.parametrize("size", SIZES)
def test_bounds_on_the_wrong_side_of_the_value_are_seen_at_every_size(size: float) -> None:
    """An attack leaves at least its bound, a defense keeps at most its bound."""
    problem = problem_of(size)
    found, safe = interdict(problem), fortify(problem, n_protected=1)
    above = {"bound": found.value + size / 2, "status": "time limit"}
    assert "bound-below-value" in refused(certify_attack, problem, found, **above)
    below = {"bound": safe.value - size / 2, "status": "time limit"}
    assert "bound-above-value" in refused(defense_of_one, problem, safe, **below)


@pytest.mark.parametrize("scale", [Fraction(-1), Fraction(0), 1.0, 10])
def test_a_scale_is_a_fraction_above_nothing(scale: object) -> None:
    problem = problem_of(1.0)
    found = interdict(problem)
    arena = dataclasses.replace(found.arena, scale=scale)
    assert refused(certify_attack, problem, found, arena=arena) == ["attack-form"]


def program_of(size: float) -> ProgramAttack:
    """Six pairs that make up to a unit each, of which the k-th is worth k + 1; two may go."""
    worth = np.arange(1.0, 7.0)
    limits = np.full(6, size)
    lp = maximum(worth, upper=limits)
    return ProgramAttack(lp, [[k] for k in range(6)], np.ones(6), 2.0)


def told_as_best(problem: ProgramAttack, found, removed: tuple[int, ...]):
    """A lesser attack with its own honest solution, told as the best."""
    solution = solve_linear(problem.without(removed))
    return dataclasses.replace(
        found,
        removed=removed,
        value=solution.objective,
        bound=solution.objective,
        solution=solution,
        sets=(removed,),
        set_solutions=(solution,),
    )


PROGRAM_SIZES = (1e-6, 1e-3, 1.0, 1e3, 1e6)
PROGRAM_LIES = {
    "whole": [1e12, math.inf, math.nan, 0.0, -1.0],
    "bound": [math.nan, math.inf, -math.inf, 0.0, 1e12, "5", None],
    "value": [math.nan, math.inf, 0.0, 1e12, None],
    "status": ["done", "time limit", None],
    "witnesses": [()],
    "set_solutions": [()],
    "sets": [(), ((0, 0),), ((77,),), ((-1,),), (("0",),)],
    "removed": [(0, 0), (77,), (-1,), ("0",), (3, 4, 5)],
}


@pytest.mark.parametrize("size", PROGRAM_SIZES)
def test_no_lie_makes_a_wrong_attack_on_a_program_pass(size: float) -> None:
    problem = program_of(size)
    found = interdict_program(problem)
    assert certify_program_attack(problem, found).ok
    wrong = told_as_best(problem, found, (3, 4))
    assert refused(certify_program_attack, problem, wrong)
    for name, lies in PROGRAM_LIES.items():
        for lie in lies:
            told = refused(certify_program_attack, problem, wrong, **{name: lie})
            assert told, (name, lie)


@pytest.mark.parametrize("size", PROGRAM_SIZES)
def test_other_parts_of_a_claim_on_a_program_are_proved_too(size: float) -> None:
    problem = program_of(size)
    found = interdict_program(problem)
    assert found.removed == (4, 5)
    least, most = problem.without((3, 4)), problem.without(())
    other, all_there_is = solve_linear(least), solve_linear(most)
    dear = solve_linear(problem.without((3, 4, 5)))
    first, *rest = found.witnesses
    own, sets = found.set_solutions, found.sets
    one_more = (*rest, dataclasses.replace(first, value=first.value + size))
    changes = {
        "attack-value": {"value": found.value + size},
        "unattacked-program": {"unattacked": other},
        "whole": {"whole": found.whole + size},
        "attack-cost": {"removed": (3, 4, 5)},
        "attack-gap": {"bound": found.bound - size},
        "bound-below-value": {"bound": found.bound + size, "status": "time limit"},
        "set-values": {"sets": (*sets, (3, 4)), "set_solutions": (*own, other)},
        "set-costs": {"sets": (*sets, (3, 4, 5)), "set_solutions": (*own, dear)},
        "set-programs": {"sets": (*sets, (5, 3)), "set_solutions": (*own, all_there_is)},
        "every-attack-misses-one": {"witnesses": (*found.witnesses[:1],)},
        "witnesses-are-legal": {"witnesses": (*rest, Witness(first.x * 2, first.value * 2))},
        "witnesses-reach-bound": {"witnesses": (*one_more, Witness(first.x * 0, first.value))},
    }
    for name, change in changes.items():
        assert name in refused(certify_program_attack, problem, found, **change)
    ill_formed = (
        Witness(first.x, math.nan),
        Witness(first.x * math.nan, first.value),
        Witness(first.x[:-1], first.value),
    )
    for witness in ill_formed:
        told = {"witnesses": (*found.witnesses, witness)}
        assert refused(certify_program_attack, problem, found, **told) == ["attack-form"]


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_a_claim_on_a_program_may_be_off_by_its_tolerance_and_no_more(size: float) -> None:
    """A millionth of the whole, whatever the unit; a ten-millionth for what a witness holds to."""
    problem = program_of(size)
    found = interdict_program(problem)
    margin = 1e-6 * found.whole
    first, *rest = found.witnesses

    def failed(**changes: object) -> set[str]:
        return {*refused(certify_program_attack, problem, found, **changes)}

    def larger(part: float) -> Witness:
        return Witness(first.x * (1.0 + part), first.value)

    assert failed() == set()
    assert failed(value=found.value + margin / 2) == set()
    assert failed(value=found.value + 3 * margin) == {"attack-value", "attack-gap"}
    assert failed(bound=found.bound - margin / 2) == set()
    assert failed(bound=found.bound - 3 * margin) == {"attack-gap"}
    for short, names in ((margin, set()), (5 * margin, {"witnesses-reach-bound"})):
        x = found.solution.x.copy()
        x[0] -= short / problem.lp.c[0]
        assert failed(witnesses=(*found.witnesses, Witness(x, found.bound))) == names
    assert failed(witnesses=(larger(1e-8), *rest)) == set()
    assert failed(witnesses=(larger(1e-5), *rest)) == {"witnesses-are-legal"}


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize(("n_margins", "names"), [(1, []), (5, ["set-values"])])
def test_an_attack_that_is_listed_is_as_bad(size: float, n_margins: int, names: list[str]) -> None:
    """The fourth pair is worth as much as the fifth, but for some millionths of the whole."""
    worth = np.arange(1.0, 7.0)
    worth[3] = 5.0 - n_margins * 1e-6 * 22.0
    problem = program_of(size)
    problem = dataclasses.replace(problem, lp=dataclasses.replace(problem.lp, c=worth))
    found = interdict_program(problem)
    other = solve_linear(problem.without((3, 5)))
    told = {"sets": (*found.sets, (3, 5)), "set_solutions": (*found.set_solutions, other)}
    assert refused(certify_program_attack, problem, found, **told) == names


def test_of_a_program_that_reaches_nothing_nothing_else_may_be_told() -> None:
    lp = maximum([1.0], upper=[0.0])
    problem = ProgramAttack(lp, [[0]], [1.0], 1.0)
    found = interdict_program(problem)
    assert certify_program_attack(problem, found).ok
    assert refused(certify_program_attack, problem, found, value=5e-6, bound=5e-6)


@pytest.mark.parametrize("size", PROGRAM_SIZES)
def test_a_witness_holds_to_equalities(size: float) -> None:
    """What comes is sold for one or two each, or thrown away; either sale may be lost."""
    lp = maximum(
        [1.0, 2.0, 0.0], a_eq=[[1.0, 1.0, 1.0]], b_eq=[3.0 * size], upper=np.full(3, 4.0 * size)
    )
    problem = ProgramAttack(lp, [[0], [1]], [1.0, 1.0], 1.0)
    found = interdict_program(problem)
    assert (found.removed, found.value) == ((1,), pytest.approx(3.0 * size))
    assert certify_program_attack(problem, found).ok
    first, *rest = found.witnesses
    more = Witness(first.x + np.array([0.0, 0.0, 0.1 * size]), first.value)
    told = refused(certify_program_attack, problem, found, witnesses=(more, *rest))
    assert told == ["witnesses-are-legal"]
