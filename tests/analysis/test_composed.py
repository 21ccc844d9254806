"""Proofs of parts as one: what is taken over, what recurs once, and how figures are read."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from supplynet import verify
from supplynet.analysis.proofs import Composed, Programs, Proof, changed, figure, packed
from supplynet.solve.lp.program import LinearProgram


def part(x: tuple[float, float], name: str = "shown") -> Proof:
    """Two variables, of which no more than 4 together, and a figure that is the first."""
    programs = Programs()
    none = csr_array((0, 2))
    limits = np.array([4.0]), none, np.zeros(0), np.zeros(2), np.full(2, 9.0)
    lp = LinearProgram(np.ones(2), csr_array(np.ones((1, 2))), *limits, maximize=True)
    programs.add(name, lp, ["a {b}", "c"], x=np.array(x))
    programs.add_values("values", np.array(x))
    specs = [
        figure("rows", "tonnes", name, sum=["{what}"], where={"kind": "sum"}),
        figure("", "mean", "values", is_each=True, end="mean"),
    ]
    return programs.proof(specs, "what is open")


ROW = {"kind": "sum", "what": "a {b}", "tonnes": 1.0}


def checked(whole: Composed, **result: object) -> list[str]:
    told = verify.verify({"provenance": {}, "proof": [whole.proof("open")], **result})
    return [word for word, _ in told]


def test_figures_of_parts_are_those_of_the_whole() -> None:
    whole = Composed()
    whole.add("before", [part((1.0, 2.0))])
    whole.add("after", [part((3.0, 1.0))])
    before, after = (whole.read(name, "rows", "tonnes", ROW) for name in ("before", "after"))
    whole.tell("", "first", before)
    whole.tell("", "more", changed(before, after))
    whole.tell("", "never", None)
    assert checked(whole, first=1.0, more=2.0) == [
        "holds",
        "holds",
        "holds",
        "not checked",
        "certified",
    ]
    assert "FAILS" in checked(whole, first=3.0, more=2.0)
    assert "FAILS" in checked(whole, first=1.0, more=-2.0)
    told = whole.proof("open")
    assert [spec["key"] for spec in told["figures"]] == ["first", "more"]
    assert len(told["matrices"]) == 1, "rows of both parts are reported once"
    assert "like" in told["programs"][2]


def test_what_is_no_figure_of_a_part_is_read_off_nothing() -> None:
    whole = Composed()
    whole.add("part", [part((1.0, 2.0))])
    assert whole.read("part", "rows", "tonnes", {**ROW, "kind": "other"}) is None
    assert whole.read("part", "rows", "other", ROW) is None
    assert whole.read("part", "", "tonnes", ROW) is None


def test_only_programs_that_are_read_come_along_if_it_is_sparing() -> None:
    for is_sparing, n in ((False, 2), (True, 1)):
        whole = Composed(is_sparing=is_sparing)
        whole.add("{part}", [part((1.0, 2.0))])
        whole.tell("", "first", whole.read("{part}", "rows", "tonnes", ROW))
        assert checked(whole, first=1.0) == ["holds", "holds", "holds", "not checked", "certified"]
        assert len(whole.proof("open")["programs"]) == n


def test_rows_that_multiply_a_point_of_a_part_keep_it() -> None:
    programs = Programs()
    programs.add_values("taken", np.array([2.0, 7.0]))
    at = np.array([0, 0])
    ends = np.array([0, 1]), np.array([1.0, -1.0]), np.array([0, -1])
    mixture = programs.mixture("taken", at, *ends) | {"c": packed(np.array([0.0, 1.0]))}
    limits = {"low": [0.0], "high": [0.0], "lower": [0.5, 0.0], "upper": [0.5, 9.0]}
    arrays = {key: np.array(values) for key, values in limits.items()}
    programs.add_mixture("marked", ["pot", "all"], mixture, np.array([0.5, 1.0]), **arrays)
    whole = Composed(is_sparing=True)
    whole.add("part", [programs.proof([figure("", "share", "marked", sum=["all"])])])
    whole.tell("", "share", whole.read("part", "", "share", {}))
    assert checked(whole, share=1.0) == ["holds", "holds", "holds", "not checked", "certified"]
    assert "FAILS" in checked(whole, share=0.9)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (None, {"of": ["a"]}),
        ({"of": ["a"]}, None),
        ({"of": ["a"], "sum": ["x"]}, {"of": ["b"], "sum": ["y"]}),
        ({"of": ["a"], "end": "min"}, {"of": ["b"], "end": "min"}),
        ({"of": ["a", "b"]}, {"of": ["c"]}),
        ({"of": ["a"]}, {"of": ["b", "c"]}),
    ],
)
def test_a_change_is_that_of_two_figures_that_are_read_alike(
    first: Proof | None, last: Proof | None
) -> None:
    assert changed(first, last) is None
    assert changed({"of": ["a"]}, {"of": ["b"]}) == {"of": ["a", "b"], "end": "change"}
