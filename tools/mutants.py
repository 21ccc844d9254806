"""Change the code of certificates and solvers a little, and see whether a test notices.

    python tools/mutants.py --sample 40 --seed 1
    python tools/mutants.py supplynet/solve/check.py --write

Each mutant has one comparison, operator, constant or condition changed. The tests that mirror its
module run first in a child of a process that has run them unchanged, with the code of one function
exchanged: that takes no imports. What they accept there is asked again in a process of its own, on
a copy of the project: a mutant that is accepted there, too, survives and is printed with its line,
to be killed by a test or shown to be no change at all. Survivors that are known stand in
``tools/mutants.json`` with the reason; any other is a failure. ``--write`` puts the counts there.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import multiprocessing
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
#: ``known``: by module, the line and the change of survivors, and why no test notices them;
#: ``runs``: by module, what was counted last
KNOWN = ROOT / "tools" / "mutants.json"
#: modules whose mistakes would be wrong answers with a certificate, and the tests of each
MODULES = {
    "supplynet/solve/check.py": ("tests/solve/test_check.py",),
    "supplynet/solve/flow/certificate.py": (
        "tests/solve/flow/test_certificate.py",
        "tests/solve/flow/test_maxflow.py",
    ),
    "supplynet/solve/lp/certificate.py": (
        "tests/solve/lp/test_certificate.py",
        "tests/solve/lp/test_solve.py",
        "tests/solve/lp/test_scaling.py",
        "tests/solve/lp/test_proved.py",
        "tests/solve/lp/test_refine.py",
    ),
    "supplynet/solve/lp/side_by_side.py": (
        "tests/solve/lp/test_side_by_side.py",
        "tests/solve/lp/test_certificate.py",
    ),
    "supplynet/solve/interdiction/certificate.py": (
        "tests/solve/interdiction/test_certificate.py",
        "tests/solve/interdiction/test_defense.py",
        "tests/solve/interdiction/test_corrupted.py",
    ),
    "supplynet/analysis/exposure/certify.py": ("tests/analysis/exposure/test_trace.py",),
    "supplynet/verify.py": (
        "tests/test_verify_programs.py",
        "tests/test_verify_figures.py",
        "tests/test_verify_attacks.py",
        "tests/test_verify_results.py",
        "tests/test_verify.py",
    ),
}
_FLOW, _BALANCE = "tests/solve/flow/test_maxflow.py", "tests/analysis/balance/test_model.py"
#: solvers, and what forms the rows of a balance: of these a sample is tried
MODULES |= {
    **{
        f"supplynet/solve/flow/{name}.py": (_FLOW, "tests/solve/flow/test_engines.py", *tests)
        for name, *tests in (
            ("cuts", "tests/solve/flow/test_cuts.py"),
            ("engines",),
            ("layout", "tests/solve/flow/test_layout.py"),
            ("maxflow",),
            ("paths", "tests/solve/flow/test_paths.py"),
            ("problem", "tests/solve/flow/test_problem.py"),
            ("push_relabel",),
            ("units", "tests/solve/flow/test_units.py"),
        )
    },
    **{
        f"supplynet/solve/loss/{name}.py": ("tests/solve/loss/test_losses.py",)
        for name in ("breakdown", "contraction", "each", "losses", "rank", "search")
    },
    **{
        f"supplynet/solve/lp/{name}.py": (f"tests/solve/lp/test_{name}.py",)
        for name in (
            *("closed", "engine", "infeasible", "integer", "narrow", "proved"),
            *("refine", "relief", "removals", "scaling", "solve", "starts"),
        )
    },
    **{
        f"supplynet/solve/interdiction/{name}.py": (f"tests/solve/interdiction/test_{of}.py",)
        for name, of in (
            *((name, name) for name in ("arena", "attack", "bound", "defense", "hitting")),
            *((name, name) for name in ("problem", "tree", "program")),
            *((f"program_{name}", "program") for name in ("certificate", "problem")),
        )
    },
    **{
        f"supplynet/analysis/balance/{name}.py": (
            _BALANCE,
            f"tests/analysis/balance/test_{name}.py",
        )
        for name in ("codes", "columns", "model", "rows")
    },
}
# what the program of a balance is made of is seen by what is solved of it
MODULES["supplynet/analysis/balance/model.py"] += (
    "tests/analysis/balance/test_solve.py",
    "tests/analysis/balance/test_objectives.py",
)
_SECONDS = 300
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_CALLED = {"max": "min", "min": "max", "all": "any", "any": "all"}


@dataclass(frozen=True)
class Mutant:
    """A module with one change: where, what, and its whole text."""

    module: str
    line: int
    change: str
    text: str


def reason(mutant: Mutant) -> str:
    """Return why it is known that no test notices a mutant; empty where it should be noticed."""
    lines = (ROOT / mutant.module).read_text(encoding="utf-8").splitlines()
    known = json.loads(KNOWN.read_text(encoding="utf-8"))["known"].get(mutant.module, {})
    told: str = known.get(f"{lines[mutant.line - 1].strip()} | {mutant.change}", "")
    return told


def mutated(node: ast.AST) -> str:
    """Change a node in place; return what was done, empty for nothing."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARED:
        before = type(node.ops[0])
        node.ops[0] = _COMPARED[before]()
        return f"{before.__name__} to {_COMPARED[before].__name__}"
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _COMPUTED:
        done = type(node.op)
        node.op = _COMPUTED[done]()
        return f"{done.__name__} to {_COMPUTED[done].__name__}"
    if isinstance(node, ast.BoolOp):
        is_and = isinstance(node.op, ast.And)
        node.op = ast.Or() if is_and else ast.And()
        return "and to or" if is_and else "or to and"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLED:
        name = node.func.id
        node.func.id = _CALLED[name]
        return f"{name} to {node.func.id}"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node.op = ast.UAdd()
        node.operand = ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
        return "not taken away"
    if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value:
        before_value = node.value
        node.value = before_value * 10
        return f"{before_value!r} to {node.value!r}"
    return ""


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all parts of the types that are told at a node: nothing runs them."""
    for name in ("annotation", "returns"):
        told = getattr(node, name, None)
        if isinstance(told, ast.AST):
            yield from ast.walk(told)


def mutants(module: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, one change each."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    told = {id(part) for node in ast.walk(tree) for part in _annotations(node)}
    for place, node in enumerate(ast.walk(tree)):
        if not isinstance(node, ast.expr | ast.AugAssign) or id(node) in told:
            continue
        if not mutated(copy.deepcopy(node)):
            continue
        other = copy.deepcopy(tree)
        change = mutated(next(one for n, one in enumerate(ast.walk(other)) if n == place))
        yield Mutant(module, node.lineno, change, ast.unparse(ast.fix_missing_locations(other)))


def options(module: str) -> list[str]:
    """Return the options of pytest for the tests of a module."""
    told = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "-m", "not slow"]
    return [*told, *MODULES[module]]


def limit(seconds: float) -> None:
    """End this process after so long on the processor: a loop without end is noticed, too."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))


def survives(mutant: Mutant, project: Path) -> bool:
    """Whether all tests of its module accept a mutant, in a copy of the project."""
    path = project / mutant.module
    before = path.read_bytes()
    path.write_text(mutant.text, encoding="utf-8")
    # of two texts as long within one second Python would take the first one's code for the second
    Path(cache_from_source(str(path))).unlink(missing_ok=True)
    told = {**os.environ, "PYTHONPATH": str(project), "HYPOTHESIS_PROFILE": "ci"}
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "pytest", *options(mutant.module)],
            cwd=project,
            env=told,
            capture_output=True,
            preexec_fn=lambda: limit(_SECONDS),  # noqa: PLW1509  one thread
            check=False,
        )
    finally:
        path.write_bytes(before)
    return done.returncode == 0


def functions(holder: Any, module: str) -> Iterator[FunctionType]:
    """Yield the functions of a module or class, methods and what decorators wrap among them."""
    for value in list(vars(holder).values()):
        bare = getattr(value, "fget", None) or getattr(value, "__func__", None) or value
        bare = getattr(bare, "__wrapped__", bare)
        if getattr(bare, "__module__", "") != module:
            continue
        if isinstance(bare, FunctionType):
            yield bare
        elif isinstance(bare, type):
            yield from functions(bare, module)


def codes(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of all functions in the code of a module or class."""
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield const
            yield from codes(const)


def exchanged(mutant: Mutant) -> bool:
    """Give the functions of a loaded module the code of its mutant; false where none differs.

    Functions keep their identity, so that whoever imported them gets the mutant. A change outside
    of functions, as in a constant of the module, is none of theirs.
    """
    name = mutant.module.removesuffix(".py").replace("/", ".")
    text = (ROOT / mutant.module).read_text(encoding="utf-8")
    texts = (ast.unparse(ast.parse(one)) for one in (text, mutant.text))
    before, after = (list(codes(compile(one, name, "exec"))) for one in texts)
    changed = {new.co_qualname: new for old, new in zip(before, after, strict=True) if old != new}
    is_changed = False
    for function in functions(import_module(name), name):
        if function.__code__.co_qualname in changed:
            function.__code__ = changed[function.__code__.co_qualname]
            is_changed = True
    return is_changed


def accepted(module: str, mutant: Mutant | None, seconds: float) -> bool:
    """Whether tests accept a mutant, or no change, in a child of this process that ran them."""

    def ask() -> None:
        import pytest

        limit(seconds)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        is_asked = mutant is None or exchanged(mutant)
        os._exit(int(is_asked and pytest.main(options(module)) != 0))

    child = multiprocessing.get_context("fork").Process(target=ask)
    child.start()
    child.join()
    return child.exitcode == 0


def alive(module: str, chosen: list[Mutant]) -> Iterator[Mutant]:
    """Yield the mutants of a module that its tests accept."""
    import pytest

    os.environ["HYPOTHESIS_PROFILE"] = "ci"
    begin = time.process_time()
    is_right = pytest.main(options(module)) == 0
    seconds = 10 * (time.process_time() - begin) + 10
    if not is_right or not accepted(module, None, seconds):
        raise SystemExit(f"the tests of {module} fail where nothing is changed")
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        ignored = shutil.ignore_patterns(".*", "__pycache__", "out", "dist", "build")
        shutil.copytree(ROOT, project, ignore=ignored)
        for mutant in chosen:
            is_known = bool(reason(mutant))
            if is_known or (accepted(module, mutant, seconds) and survives(mutant, project)):
                yield mutant


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(MODULES), help="of those listed here")
    parser.add_argument("--sample", type=int, help="how many of each at random; default: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="put the counts into mutants.json")
    given = parser.parse_args()
    n_unknown = 0
    for module in given.modules:
        every = list(mutants(module))
        size = min(given.sample or len(every), len(every))
        chosen = random.Random(given.seed).sample(every, size)  # noqa: S311
        survivors = list(alive(module, chosen))
        unknown = [mutant for mutant in survivors if not reason(mutant)]
        for mutant in unknown:
            print(f"survives: {mutant.module}:{mutant.line}: {mutant.change}", flush=True)
        n_unknown += len(unknown)
        counted = {
            "mutants": len(every),
            "tried": size,
            "seed": given.seed,
            "noticed": size - len(survivors),
            "known": len(survivors) - len(unknown),
        }
        print(f"{module}: {counted}", flush=True)
        if given.write:
            told = json.loads(KNOWN.read_text(encoding="utf-8"))
            told["runs"][module] = counted
            KNOWN.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    sys.exit(n_unknown > 0)


if __name__ == "__main__":
    main()
