"""Change the code of certificates and solvers a little, and see whether a test notices.

    python tools/mutants.py --sample 40 --seed 1
    python tools/mutants.py supplynet/solve/check.py

Each mutant has one comparison, operator, constant or condition changed. The tests that mirror its
module run on a copy of the project; a mutant that they all accept survives and is printed with its
line, to be killed by a test or shown to be no change at all. Those that are known to change nothing
that is meant stand in ``tools/mutants.json`` with the reason; any other survivor is a failure.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: survivors that are known: by module, the line and the change, and why no test can notice it
KNOWN = ROOT / "tools" / "mutants.json"
#: modules whose mistakes would be wrong answers with a certificate, and the tests of each
MODULES = {
    "supplynet/solve/check.py": ("tests/solve/test_check.py",),
    "supplynet/solve/flow/certificate.py": ("tests/solve/flow/test_certificate.py",),
    "supplynet/solve/lp/certificate.py": ("tests/solve/lp/test_certificate.py",),
    "supplynet/solve/lp/side_by_side.py": ("tests/solve/lp/test_certificate.py",),
    "supplynet/solve/interdiction/certificate.py": (
        "tests/solve/interdiction/test_certificate.py",
        "tests/solve/interdiction/test_defense.py",
        "tests/solve/interdiction/test_corrupted.py",
    ),
    "supplynet/analysis/exposure/certify.py": ("tests/analysis/exposure/test_trace.py",),
    "supplynet/verify.py": ("tests/test_verify.py",),
}
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
    known = json.loads(KNOWN.read_text(encoding="utf-8")).get(mutant.module, {})
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


def mutants(module: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, one change each."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    for place, node in enumerate(ast.walk(tree)):
        if not isinstance(node, ast.expr | ast.AugAssign):
            continue
        other = copy.deepcopy(tree)
        change = mutated(next(one for n, one in enumerate(ast.walk(other)) if n == place))
        if change:
            yield Mutant(module, node.lineno, change, ast.unparse(ast.fix_missing_locations(other)))


def survives(mutant: Mutant, project: Path) -> bool:
    """Whether all tests of its module accept a mutant, in a copy of the project."""
    path = project / mutant.module
    before = path.read_bytes()
    path.write_text(mutant.text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    command += ["-p", "no:randomly", "-m", "not slow", *MODULES[mutant.module]]
    told = {**os.environ, "PYTHONPATH": str(project), "HYPOTHESIS_PROFILE": "ci"}
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=project, env=told, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False  # a loop without end is noticed, too
    finally:
        path.write_bytes(before)
    return done.returncode == 0


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(MODULES), help="of those listed here")
    parser.add_argument("--sample", type=int, help="how many at random; default: all")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    every = [mutant for module in given.modules for mutant in mutants(module)]
    chosen = every
    if given.sample is not None:
        chosen = random.Random(given.seed).sample(every, min(given.sample, len(every)))  # noqa: S311
    alive, known = 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        ignored = shutil.ignore_patterns(".*", "__pycache__", "out", "dist", "build")
        shutil.copytree(ROOT, project, ignore=ignored)
        for mutant in chosen:
            if reason(mutant):
                known += 1
            elif survives(mutant, project):
                alive += 1
                print(f"survives: {mutant.module}:{mutant.line}: {mutant.change}", flush=True)
    noticed = len(chosen) - alive - known
    print(f"{noticed} of {len(chosen)} mutants are noticed, {known} change nothing that is meant")
    sys.exit(alive > 0)


if __name__ == "__main__":
    main()
