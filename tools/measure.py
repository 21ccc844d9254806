"""Measures of the package: how large it is, and how cheap to read and to extend.

    python tools/measure.py          one line a measure
    python tools/measure.py --json   the same for a program

Counted from the syntax trees: nothing of the package is imported but its vocabularies. What
``[tool.measure]`` of pyproject.toml names may not grow beyond what stands there: it may be lowered
by anybody, and raised by nobody.
"""

from __future__ import annotations

import ast
import importlib
import io
import json
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "supplynet"
LONG = 60  # lines of a function body, at most
#: functions that are longer, and why
LONGER = {
    "supplynet.solve.flow.push_relabel.push": "compiled, a tenth to a third slower if split",
}
#: local names that say nothing of what they hold
_GENERIC = """
    found one place some thing item data tmp res told asked words given known whole rest part
    number own held left way ways said ends felt chosen kept
"""
GENERIC = frozenset(_GENERIC.split())
#: where the words of vocabularies are declared
HOME = "supplynet.terms"
ALONE = "supplynet.verify"  # runs without the package, so that it holds its own words


@cache
def modules() -> dict[str, ast.Module]:
    """Return the syntax tree of every module by its dotted name."""
    found = {}
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imports(tree: ast.Module, known: set[str]) -> set[str]:
    """Return the modules of the package that a module imports when it is loaded, or for types."""
    top: set[str] = set()
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.If, ast.Try)):
            waiting += [*node.body, *node.orelse]
        elif isinstance(node, ast.ImportFrom) and node.module:
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            top |= {one for one in named if one in known} or {node.module} & known
        elif isinstance(node, ast.Import):
            top |= {alias.name for alias in node.names} & known
    return top


def circles(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules that can be reached from themselves."""

    def reaches_itself(start: str) -> bool:
        seen, waiting = set[str](), list(graph[start])
        while waiting:
            name = waiting.pop()
            if name == start:
                return True
            if name not in seen:
                seen.add(name)
                waiting += graph[name]
        return False

    return sorted(filter(reaches_itself, graph))


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return all nodes of a module; it is walked once for every measure."""
    return tuple(ast.walk(tree))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a module."""
    for node in nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function below its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]


def overlong(trees: dict[str, ast.Module]) -> list[str]:
    """Return the functions that are longer than they may be, and exceptions that need none."""
    long = {
        f"{name}.{node.name}"
        for name, tree in trees.items()
        for node in functions(tree)
        if body_lines(node) > LONG
    }
    return sorted(long ^ LONGER.keys())


def assigned(tree: ast.AST) -> list[str]:
    """Return the local names that functions assign, one for each assignment."""
    return [
        node.id
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def vocabularies() -> dict[str, frozenset[str]]:
    """Return the words of each vocabulary of the package, by the name of the vocabulary."""
    sys.path.insert(0, str(ROOT))
    terms = importlib.import_module(HOME)
    sys.path.remove(str(ROOT))
    declared = {name: getattr(terms, name) for name in terms.__all__}
    return {
        name: frozenset(words)
        for name, words in declared.items()
        if isinstance(words, terms.Vocabulary)
    }


def copies(tree: ast.AST, known: dict[str, frozenset[str]]) -> list[tuple[int, str]]:
    """Return the dicts, tuples, lists and sets that list the words of a vocabulary.

    Those are all that hold two words of one vocabulary, and no text that is a word of none: names
    of columns may be words too.

    Returns
    -------
    list of (int, str)
        Line, and name of the vocabulary.
    """
    anywhere = frozenset[str]().union(*known.values())
    listed = []
    for node in nodes(tree):
        keys: list[ast.expr | None] = []
        if isinstance(node, ast.Dict):
            keys = [] if None in node.keys else list(node.keys)  # with ** it is a record
        elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            keys = list(node.elts)
        words = {key.value for key in keys if isinstance(key, ast.Constant)}
        if len(words) >= 2 and words <= anywhere:
            names = [name for name, some in known.items() if len(words & some) >= 2]
            listed += [(node.lineno, names[0])] if names else []  # type: ignore[attr-defined]
    return listed


def copies_of_words(trees: dict[str, ast.Module]) -> list[str]:
    """Return every list of a vocabulary's words outside its home: module, line and vocabulary."""
    known = vocabularies()
    return [
        f"{name}, line {line}: words of {vocabulary}"
        for name, tree in trees.items()
        if name not in (HOME, ALONE) and not name.startswith(f"{HOME}.")
        for line, vocabulary in copies(tree, known)
    ]


def untyped(trees: dict[str, ast.Module], homes: dict[str, str]) -> list[str]:
    """Return the public functions of which a user's editor does not know every type.

    Parameters
    ----------
    trees : dict of str to Module
    homes : dict of str to str
        By public name the module that declares it.
    """
    return [
        name
        for name, home in homes.items()
        for function in trees[home].body
        if isinstance(function, ast.FunctionDef) and function.name == name
        if function.returns is None
        or any(argument.annotation is None for argument in arguments(function))
    ]


def arguments(function: ast.FunctionDef) -> list[ast.arg]:
    """Return all arguments of a function."""
    told = function.args
    further = [each for each in (told.vararg, told.kwarg) if each is not None]
    return [*told.posonlyargs, *told.args, *told.kwonlyargs, *further]


def public_names() -> dict[str, str]:
    """Return the module of each public name of the package."""
    sys.path.insert(0, str(ROOT))
    package = vars(importlib.import_module(PACKAGE))
    paths = [path.rpartition(".") for path in package["_QUESTIONS"].values()]
    homes: dict[str, str] = {**package["_PUBLIC"], **{name: home for home, _, name in paths}}
    sys.path.remove(str(ROOT))
    return homes


def comment_lines(path: Path) -> int:
    """Return how many lines of a file hold a comment."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
    return sum(one.type == tokenize.COMMENT for one in tokens)


@cache
def measure() -> dict[str, float]:
    """Return every measure by name."""
    trees = modules()
    paths = sorted((ROOT / PACKAGE).rglob("*.py"))
    texts = [path.read_text(encoding="utf-8").splitlines() for path in paths]
    n_doc = sum(
        len((ast.get_docstring(node, clean=False) or "").splitlines())
        for tree in trees.values()
        for node in nodes(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
    )
    n_comments = sum(map(comment_lines, paths))
    n_filled = sum(bool(line.strip()) for lines in texts for line in lines)
    names = [name for tree in trees.values() for name in assigned(tree)]
    known = set(trees)
    return {
        "modules": len(trees),
        "lines": sum(map(len, texts)),
        "nodes": sum(len(nodes(tree)) for tree in trees.values()),
        "modules over 400 lines": sum(len(lines) > 400 for lines in texts),
        "functions": sum(1 for tree in trees.values() for _ in functions(tree)),
        f"functions over {LONG} lines": sum(
            body_lines(node) > LONG for tree in trees.values() for node in functions(tree)
        ),
        "modules in circles, type-only imports counted": len(
            circles({name: imports(tree, known) - {name} for name, tree in trees.items()})
        ),
        "lists of a vocabulary's words": len(copies_of_words(trees)),
        "public functions without types": len(untyped(trees, public_names())),
        "generic local names, percent": 100.0 * sum(n in GENERIC for n in names) / len(names),
        "comment lines, percent of code lines": 100.0 * n_comments / (n_filled - n_doc),
    }


def grown(figures: dict[str, float]) -> list[str]:
    """Return the measures that are larger than pyproject.toml allows."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        most = tomllib.load(file)["tool"]["measure"]
    return [
        f"{name}: {figures[name]:,}, at most {value:,}"
        for name, value in most.items()
        if figures[name] > value
    ]


def main(words: list[str]) -> None:
    """Print the measures; it is an error where one has grown, or a function is too long."""
    figures = measure()
    if "--json" in words:
        print(json.dumps(figures, indent=2))
        return
    for name, value in figures.items():
        print(f"{value:>10,.1f}  {name}" if isinstance(value, float) else f"{value:>10,}  {name}")
    if more := grown(figures):
        sys.exit(f"grown, see [tool.measure] in pyproject.toml: {'; '.join(more)}")
    if wrong := overlong(modules()):
        sys.exit(
            f"longer than {LONG} lines, or no longer so and still excepted: {', '.join(wrong)}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
