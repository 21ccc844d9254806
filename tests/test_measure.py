"""The measures of the package count what they say."""

from __future__ import annotations

import ast

import pytest

from tools import measure


def test_circles_count_imports_for_types_too() -> None:
    text = "from __future__ import annotations\nif TYPE_CHECKING:\n    from supplynet.b import B\n"
    known = {"supplynet.a", "supplynet.b"}
    assert measure.imports(ast.parse(text), known) == {"supplynet.b"}
    assert measure.circles({"a": {"b"}, "b": set()}) == []


def test_no_two_modules_need_each_other_not_even_for_types() -> None:
    trees = measure.modules()
    known = set(trees)
    graph = {name: measure.imports(tree, known) - {name} for name, tree in trees.items()}
    assert measure.circles(graph) == []


@pytest.mark.parametrize(
    ("text", "n_copies"),
    [
        ('A = {"low": 1, "high": 2}', 1),
        ('A = ("observed", "planned")', 1),
        ('A = {"low": 1, "left": 2}', 0),
        ('A: Literal["flow", "balance"]', 1),
        ('a in ["fair", *others]', 0),
        ('a in {"fair", "cost", other}', 1),
    ],
)
def test_a_copy_of_a_vocabulary_is_seen(text: str, n_copies: int) -> None:
    found = measure.copies(ast.parse(text), measure.vocabularies())
    assert len(found) == n_copies
    assert {line for line, _ in found} <= {1}


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("def f(a: int, *, b: str = '') -> int:", []),
        ("def f(a: int, *, b='') -> int:", ["f"]),
        ("def f(*many, **words: int) -> int:", ["f"]),
        ("def f(a: int):", ["f"]),
        ("def g(a):", []),
    ],
)
def test_a_public_function_without_a_type_is_told(head: str, names: list[str]) -> None:
    assert measure.untyped({"m": ast.parse(f"{head}\n    return 1\n")}, {"f": "m"}) == names


def test_functions_are_no_longer_than_they_may_be() -> None:
    """An exception that a change made needless is named too, so that the list does not grow old."""
    trees = measure.modules()
    assert measure.overlong(trees) == []
    body = "    pass\n" * (measure.LONG + 1)
    assert measure.overlong({**trees, "m": ast.parse(f"def f():\n{body}")}) == ["m.f"]
    push = "supplynet.solve.flow.push_relabel"
    assert measure.overlong({**trees, push: ast.parse("")}) == [f"{push}.push"]


def test_the_package_is_no_larger_than_it_may_be() -> None:
    """A ratchet: what was taken away stays away; no measure is of an empty package."""
    figures = measure.measure()
    assert measure.grown(figures) == []
    assert measure.grown({**figures, "lines": 10**9}) != []
    assert figures["modules"] > 300
    assert figures["lines"] > 50_000
    assert figures["public functions without types"] == 0
