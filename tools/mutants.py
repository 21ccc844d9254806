"""Change the code of certificates and solvers a little, and see whether a test notices.

    python tools/mutants.py --sample 40 --seed 1
    python tools/mutants.py supplynet/solve/check.py --write

Each mutant has one comparison, operator, constant or condition changed. The tests that mirror its
module run in a child of a process that has imported them, with the code of one function exchanged:
that takes no imports. A change outside of functions is asked of a process of its own, on a copy of
the project. A mutant that is accepted survives and is printed with its line, to be killed by a
test or shown to be no change at all. Survivors that are known stand in
``tools/mutants.json`` with the reason; any other is a failure. ``--write`` puts the counts there.
``--again`` asks only those that survived the last run of the same sample, after a test was added.
What is compiled elsewhere runs as plain Python here, so that its changes are tried as quickly.
"""

from __future__ import annotations

import argparse
import ast
import atexit
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
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

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
    "supplynet/solve/lp/evidence.py": ("tests/solve/lp/test_evidence.py",),
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
    "supplynet/analysis/exposure/trace.py": ("tests/analysis/exposure/test_trace.py",),
    "supplynet/verify/programs.py": (
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
        f"supplynet/solve/flow/{name}.py": (f"tests/solve/flow/test_{name}.py", *tests)
        for name, *tests in (
            ("cuts",),
            ("engines", _FLOW, "tests/solve/flow/test_layout.py"),
            ("maxflow",),
            ("paths",),
            ("problem", _FLOW),
            ("units", _FLOW),
        )
    },
    "supplynet/solve/flow/push_relabel.py": (
        "tests/solve/flow/test_engines.py::test_plain_code_agrees",
        "tests/solve/flow/test_engines.py::test_plain_code_agrees_where_ways_are_long",
        "tests/solve/flow/test_engines.py::test_distances_are_worked_out_anew_when_much_was_done",
        "tests/solve/flow/test_engines.py::test_many_parallel_floats_do_not_overflow",
        "tests/solve/flow/test_engines.py::test_any_node_may_have_any_number",
        "tests/solve/flow/test_engines.py::test_what_goes_back_slowly_is_pushed_back",
        "tests/solve/flow/test_push_relabel.py",
    ),
    **{
        f"supplynet/solve/loss/{name}.py": ("tests/solve/loss/test_losses.py",)
        for name in ("breakdown", "losses", "search")
    },
    **{
        f"supplynet/solve/lp/{name}.py": tuple(f"tests/solve/lp/test_{of}.py" for of in tests)
        for name, tests in (
            *((name, (name,)) for name in ("integer", "refine")),
            ("engine", ("engine", "starts")),
            ("narrow", ("narrow", "lean")),
            ("removals", ("removals",)),
            ("evidence", ("closed",)),
            ("loading", ("loading", "scaling")),
            ("program", ("program",)),
            ("relief", ("relief", "infeasible")),
            ("solve", ("solve", "proved")),
        )
    },
    **{
        f"supplynet/solve/interdiction/{name}.py": tuple(
            f"tests/solve/interdiction/test_{of}.py" for of in tests
        )
        for name, tests in (
            ("arena", ("arena", "problem")),
            ("program", ("program",)),
            ("attack", ("attack", "defense")),
            # what a search decides is seen by the attacks that it ends with
            ("tree", ("tree", "anchors", "attack", "bound")),
        )
    },
    "supplynet/solve/interdiction/program.py": (
        "tests/solve/interdiction/test_program.py",
        "tests/solve/interdiction/test_corrupted.py",
    ),
    **{
        f"supplynet/analysis/balance/{name}.py": (
            _BALANCE,
            f"tests/analysis/balance/test_{name}.py",
        )
        for name in ("codes", "columns", "model", "rows")
    },
    # each family of rows stands in one dump of a program
    "supplynet/analysis/balance/model.py": (_BALANCE, "tests/analysis/balance/test_codes.py"),
    "supplynet/analysis/balance/limits.py": (
        _BALANCE,
        "tests/analysis/balance/test_codes.py",
        "tests/analysis/balance/test_limits.py",
        "tests/analysis/balance/test_circuits.py",
    ),
    "supplynet/analysis/potential/programs.py": (
        "tests/analysis/potential/test_contents.py",
        "tests/analysis/potential/test_programs.py",
        "tests/analysis/potential/test_ladder.py",
        "tests/analysis/potential/test_ask.py",
    ),
}
MODULES["supplynet/analysis/potential/programs.py"] += (
    "tests/analysis/potential/test_network.py",
    "tests/analysis/potential/test_chain.py::test_scrap_of_what_others_buy_counts_in_a_potential",
    "tests/analysis/potential/test_chain.py::test_who_shares_a_tonnage_that_may_pass_stays_open",
)
MODULES |= {
    f"supplynet/analysis/exposure/{name}.py": (f"tests/analysis/exposure/test_{name}.py",)
    for name in ("streams", "trace")
}
# what the program of a balance is made of is seen by what is solved of it
MODULES["supplynet/analysis/balance/model.py"] += (
    "tests/analysis/balance/test_solve.py",
    "tests/analysis/balance/test_objectives.py",
)
_SECONDS = 300
#: compiled code as plain Python, and random examples without a search for the smallest
PLAIN = {"NUMBA_DISABLE_JIT": "1", "HYPOTHESIS_PROFILE": "mutants"}
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


def name(mutant: Mutant) -> str:
    """Return the line and the change of a mutant, which stay when lines before it come and go."""
    lines = (ROOT / mutant.module).read_text(encoding="utf-8").splitlines()
    return f"{lines[mutant.line - 1].strip()} | {mutant.change}"


def reason(mutant: Mutant) -> str:
    """Return why it is known that no test notices a mutant; empty where it should be noticed."""
    known = json.loads(KNOWN.read_text(encoding="utf-8"))["known"].get(mutant.module, {})
    told: str = known.get(name(mutant), "")
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
    """Yield all parts of the types that are reported at a node: nothing runs them."""
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
    told = {**os.environ, **PLAIN, "PYTHONPATH": str(project)}
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
    changed = changes(mutant)
    for function, code in changed:
        function.__code__ = code
    return bool(changed)


def changes(mutant: Mutant) -> list[tuple[FunctionType, CodeType]]:
    """Return the functions of a loaded module that a mutant changes, each with its new code."""
    module = mutant.module.removesuffix(".py").replace("/", ".")
    text = (ROOT / mutant.module).read_text(encoding="utf-8")
    texts = (ast.unparse(ast.parse(one)) for one in (text, mutant.text))
    before, after = (list(codes(compile(one, module, "exec"))) for one in texts)
    new = {b.co_qualname: b for a, b in zip(before, after, strict=True) if a != b}
    every = [(one, one.__code__.co_qualname) for one in functions(import_module(module), module)]
    return [(one, new[qualname]) for one, qualname in every if qualname in new]


class Asked:
    """The tests of a module, asked in children of this process that has only imported them.

    As a plugin of pytest it lets tests that noticed most changes go first, and of the others the
    quickest. A child states by a pipe how long each test took and which failed.
    """

    def __init__(self, module: str) -> None:
        self.module = module
        self.taken: Counter[str] = Counter()
        self.noticed: Counter[str] = Counter()
        self.names: list[str] = []
        self.pipe = -1
        pytest.main([*options(module), "-qq", "--collect-only"], plugins=[self])

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort the tests."""
        items.sort(key=lambda item: (-self.noticed[item.nodeid], self.taken[item.nodeid]))
        self.names = sorted(item.nodeid for item in items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Report how a test went."""
        number = self.names.index(report.nodeid)
        os.write(self.pipe, f"{number} {report.duration} {int(report.failed)}\n".encode())

    def accept(self, mutant: Mutant | None, seconds: float) -> bool:
        """Whether the tests accept a mutant, or no change, within so long on the processor."""
        out, self.pipe = os.pipe()

        def ask() -> None:
            limit(seconds)
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            is_asked = mutant is None or exchanged(mutant)
            os._exit(int(is_asked and pytest.main(options(self.module), plugins=[self]) != 0))

        child = multiprocessing.get_context("fork").Process(target=ask)
        child.start()
        os.close(self.pipe)
        with os.fdopen(out) as told:
            for number, duration, failed in map(str.split, told):
                self.taken[self.names[int(number)]] += float(duration) * (mutant is None)
                self.noticed[self.names[int(number)]] += int(failed)
        child.join()
        return child.exitcode == 0


@cache
def copied() -> Path:
    """Return a copy of the project for this run, made when the first mutant needs it."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ignored = shutil.ignore_patterns(".*", "__pycache__", "out", "dist", "build")
    return Path(shutil.copytree(ROOT, folder / "project", ignore=ignored))


def alive(module: str, chosen: list[Mutant]) -> Iterator[Mutant]:
    """Yield the mutants of a module that its tests accept."""
    os.environ.update(PLAIN)
    tests = Asked(module)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    if not tests.accept(None, _SECONDS):
        raise SystemExit(f"the tests of {module} fail where nothing is changed")
    seconds = 3 * (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before) + 10
    for mutant in chosen:
        is_known = bool(reason(mutant))
        is_accepted = is_known or tests.accept(mutant, seconds)
        if is_known or (is_accepted and (changes(mutant) or survives(mutant, copied()))):
            yield mutant


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(MODULES), help="of those listed here")
    parser.add_argument("--sample", type=int, help="how many of each at random; default: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="put the counts into mutants.json")
    parser.add_argument("--again", action="store_true", help="what the last run did not notice")
    given = parser.parse_args()
    n_unknown = 0
    for module in given.modules:
        every = list(mutants(module))
        size = min(given.sample or len(every), len(every))
        chosen = random.Random(given.seed).sample(every, size)  # noqa: S311
        told = json.loads(KNOWN.read_text(encoding="utf-8"))
        last = told["runs"].get(module, {}).get("unknown", [])
        asked = [one for one in chosen if not given.again or reason(one) or name(one) in last]
        survivors, unknown = [], []
        for mutant in alive(module, asked):
            survivors.append(mutant)
            if not reason(mutant):
                unknown.append(mutant)
                print(f"survives: {mutant.module}:{mutant.line}: {mutant.change}", flush=True)
        n_unknown += len(unknown)
        counted = {
            "mutants": len(every),
            "tried": size,
            "seed": given.seed,
            "noticed": size - len(survivors),
            "known": len(survivors) - len(unknown),
        }
        if unknown:
            counted["unknown"] = sorted({name(mutant) for mutant in unknown})
        print(f"{module}: {counted}", flush=True)
        if given.write:
            told = json.loads(KNOWN.read_text(encoding="utf-8"))
            told["runs"][module] = counted
            KNOWN.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    sys.exit(n_unknown > 0)


if __name__ == "__main__":
    main()
