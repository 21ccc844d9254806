"""The page ``docs/reliability.md``: what is held, by which tests, and how many cases they have.

    python tools/reliability.py            print the page
    python tools/reliability.py --write    write it

The goals and the tests that show each are declared here; how many cases those tests have, how many
of them are random with how many examples, and the bounds in force are counted from the project.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fuzz.records import RUNS, counted  # noqa: E402  as a script it must find the folder first
from supplynet.reports.data_writers import script  # noqa: E402

PAGE = ROOT / "docs" / "reliability.md"


@dataclass(frozen=True)
class Goal:
    """What is held, and the files or tests that show it; ``note`` says what else is known."""

    number: str
    text: str
    tests: tuple[str, ...]
    note: str = ""


def _limits() -> str:
    from supplynet import limits

    return (
        "by the memory of the machine a 32nd of it a file, a row for every 2 KiB of it; "
        f"{limits.MAX_CELL_CHARS:,} characters a cell, {limits.MAX_COLUMNS:,} columns, depth "
        f"{limits.MAX_DEPTH}; archives a quarter of it, ratio "
        f"{limits.MAX_ZIP_RATIO}, {limits.MAX_ZIP_MEMBERS:,} members; "
        f"{limits.MAX_VARIABLES:,} variables of the program of a year, which `{limits.SIZE_LIMIT}` "
        "may raise"
    )


def _coverage() -> str:
    with (ROOT / "pyproject.toml").open("rb") as file:
        coverage = tomllib.load(file)["tool"]["coverage"]
    rooms = " and ".join(f"`{one.rpartition('.')[2]}/`" for one in coverage["run"]["source"])
    share = coverage["report"]["fail_under"]
    return f"CI fails below {share}% of the lines and branches of {rooms} by their own tests"


def _oldest() -> int:
    """Return how many libraries are held at their lower bounds."""
    return (ROOT / "constraints-oldest.txt").read_text(encoding="utf-8").count("==")


def _verifier() -> int:
    """Return the lines of ``verify.py``, blank ones among them."""
    return len(script().splitlines())


#: what a written result carries so that ``verify.py`` checks it again, by kind of result
PROVED = {
    "chokepoints": "the flow, what is left without each loss that is listed, each with a cut as "
    "large, and their order; not that no other loss costs more, nor losses by the balance",
    "flow, min_cuts, unavoidable, bypass": "the flow and a cut as large, exactly "
    "where capacities are decimals of up to nine digits behind the point, else to 1e-7 of what "
    "meets in a row; of `flow` that routes are parts of it, and all of it; not losses of plants "
    "other than those of the cut",
    "interdiction, interdiction_balance": "what each set leaves, and by the parts of the search "
    "that no removal leaves less; not whether further sets are as bad, nor other budgets",
    "fortify": "the worst removals before and after, and that every other choice leaves a removal "
    "open after which no more is left",
    "balance": "rows, bounds and duals of every program, figures against their solution, and both "
    "ends of reported ranges",
    "potential, outlook": "the same with all figures at their low and their high end; the page of "
    "`report` leaves out the proof of its outlook, which makes it 2.5 times as large",
    "exposure": "the balance, and every share as a mixture of what its variables move; not what a "
    "unit holds, nor ranges, whose programs would make a page of several megabytes",
    "run": "that what is done keeps to all rows of the horizon, months and stocks against it, and "
    "what there is without a shock; not that no other plan serves the worst covered better",
    "survive": "the longest time of every form and end of the data, and the run of all nations",
    "plan": "what it brings in each year with its ends, every cost, and what it costs in parts at "
    "least; not that no plan of whole options costs less",
    "comparison": "the programs of every answer, values that they prove, and what changes; not "
    "ends of the data nor losses; of networks nothing is solved",
    "scenarios": "flows and balances of every case, what nations get, potentials as flows with "
    "both ends of the data, and what cases add together; not elements in products, nor potentials "
    "by the balance",
    "progress": "what could come in every year and tier with both ends of the data, the first "
    "program of each and the last; not whether it is shared out as evenly as can be, nor months "
    "between the years, nor years beyond a proof of about a megabyte",
    "disruptions": "what is served with everything in place, and without each of the 50 largest "
    "losses; not smaller ones, nor demand",
    "replay": "months against the run, as of `run`; not how it scores by what was seen",
    "bypass_balance": "every row by the programs of both potentials; not demand of elements",
    "explanation": "the balance, and what is missing in it; not which limits are to be lifted",
    "risks": "the longest time without every plant listed; not how long it is out, nor "
    "plants that nobody misses",
    "routes": "a flow of each element and a cut as large, that routes lie in it, and all of "
    "it unless a plant on them is asked for; not their owners",
    "dead_ends": "what could leave each plant at most; not that nobody is named to buy it. Without "
    "such a plant no program is solved and no proof carried",
    "calibration": "the programs of each year, every flow and residual of the baseline, targets "
    "against the flows and the least sum of deviations; not targets held against production",
    "company": "the balance of each graph, streams as sums of its variables, every share as a "
    "mixture of them, and how concentrated stages are; not what a unit holds, nor days of stock",
    "stockpile": "days, tonnes, costs, and what rules and curves lose, by what is missing in every "
    "period; not that so much is missing, whose programs of every month would be too many",
    "indices": "values and shortfalls from their inputs, concentrations from the tonnes of "
    "suppliers, which `verify` works out anew from the tables of the graph, as it does inputs and "
    "ranges of concentrations: no proof bounds these",
    "footprint": "what moves keeps to all rows, and what is served; not what plants bring",
    "draws": "means, quantiles and chances of up to 200,000 values; not the program of each draw",
}


#: kinds for which no program is solved
COUNTED = ("editions", "merge", "dependence")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def carrying() -> dict[str, str]:
    """Return what is proved of each kind of result, empty where nothing is carried."""
    from supplynet.reports.results_page import kinds

    told = {name: what for names, what in PROVED.items() for name in names.split(", ")}
    return {name: told.get(name, "") for name in kinds()}


def _killed() -> str:
    """Return what the last run of kills counted."""
    told = json.loads((ROOT / "tools" / "kills.json").read_text(encoding="utf-8"))
    return (
        f"{told['kills']} kills by `python tools/kills.py`: {told['half_written']} half written, "
        f"{told['left_at_once']} left a temporary name, {told['left_after_next_write']} after the "
        "next write"
    )


def _changed() -> str:
    """Return how many changes of the code of certificates the tests noticed."""
    told = json.loads((ROOT / "tools" / "mutants.json").read_text(encoding="utf-8"))
    runs = told["runs"]
    tried, noticed, known, every = (
        sum(run[key] for run in runs.values()) for key in ("tried", "noticed", "known", "mutants")
    )
    reasons = [why for known_ones in told["known"].values() for why in known_ones.values()]
    n_open = sum(not why.startswith(("equivalent", "stricter")) for why in reasons)
    n_same = known - n_open
    return (
        f"`python tools/mutants.py` changed {tried} of {every} places of {len(runs)} modules that "
        f"solve programs, check answers or form rows: tests noticed {noticed}; of the other "
        f"{known}, {n_same} mean no other answer and {n_open} are open, each named in "
        "`tools/mutants.json`"
    )


def _mutated() -> str:
    """Return what runs of the fuzzers of whole graphs and of readers are on record."""
    commands = counted(RUNS, "commands").values()
    n_commands, n_failures = (sum(run[k] for run in commands) for k in (0, 1))
    fed = [f"{n:,} of `{name}`" for name, (n, _) in counted(RUNS, "inputs").items()]
    n_refused = sum(n for _, n in counted(RUNS, "inputs").values())
    return (
        f"longer: `python -m fuzz.mutations` ran {n_commands:,} commands and met {n_failures} "
        f"kind{'s' * (n_failures != 1)} of failure; `python -m fuzz.plain` fed {', '.join(fed)}, "
        f"and met {n_refused or 'none'}; `python fuzz/run.py` is guided by what inputs reach"
    )


def _compared() -> str:
    """Return how many random answers were held against fractions."""
    told = []
    for kind, what in (
        ("flows", "flows in shortest augmenting paths"),
        ("balances", "balances in a simplex method, from the tables alone"),
    ):
        n_done, n_failures = counted(RUNS, kind).get("random", (0, 0))
        told.append(f"{n_done:,} {what} ({n_failures or 'none'} differed)")
    return f"longer: `python -m fuzz.answers` compared with exact fractions {' and '.join(told)}"


def goals() -> tuple[Goal, ...]:
    """Return the goals, with what is counted beside tests."""
    return (
        Goal(
            "R1",
            "Every flow: conservation, bounds and a cut as large, exactly; every linear program: "
            "rows, bounds, duals, gap at most 1e-8; every worst case: value and bound. Corrupted "
            "solutions are refused.",
            (
                "tests/solve/flow/test_certificate.py",
                "tests/solve/lp/test_certificate.py",
                "tests/solve/interdiction/test_certificate.py",
                "tests/solve/interdiction/test_corrupted.py",
                "tests/test_verify.py",
                "tests/test_verify_programs.py",
                "tests/test_verify_figures.py",
                "tests/test_verify_attacks.py",
                "tests/test_verify_results.py",
                "tests/test_verify_composed.py",
                "tests/test_verify_arithmetic.py",
            ),
            f"`supplynet verify`: the same with nothing but Python; {_changed()}",
        ),
        Goal(
            "R2",
            "Independent methods agree: exact fractions, brute force, other solvers.",
            (
                "tests/solve/flow/test_maxflow.py",
                "tests/solve/interdiction/test_attack.py",
                "tests/analysis/test_oracle.py",
                "tests/reference/test_independent_lp.py",
            ),
            _compared(),
        ),
        Goal(
            "R3",
            "Laws: more capacity never hurts, relabelling and units change nothing, a worst loss "
            "grows with the budget, a factor of 1 is the base.",
            (
                "tests/analysis/test_laws.py",
                "tests/analysis/balance/test_laws.py",
                "tests/analysis/balance/test_scale.py",
                "tests/analysis/exposure/test_laws.py",
                "tests/network/scenario/test_compose.py",
            ),
        ),
        Goal(
            "R4",
            "Mass is conserved: a trace that misses its balance is refused.",
            ("tests/analysis/exposure/test_trace.py", "tests/trade/test_tracing.py"),
        ),
        Goal("R5", "Published cases are given back.", ("tests/reference",)),
        Goal("R6", "What the tests reach.", (), _coverage()),
        Goal(
            "R7",
            "Readers raise only errors of the project; commands on mutated graphs end in an answer "
            "or a clear error.",
            ("tests/test_fuzz.py",),
            _mutated(),
        ),
        Goal("R8", "Sizes are bounded.", ("tests/test_limits.py",), _limits()),
        Goal(
            "R9",
            "No path leaves the graph's folder, also inside archives.",
            ("tests/io/test_paths.py", "tests/trade/test_sources.py"),
        ),
        Goal(
            "R10", "Document types and entities of XML are refused.", ("tests/io/test_graphml.py",)
        ),
        Goal(
            "R11",
            "No pickle, eval, exec, shell or import by file content.",
            ("tests/test_package.py",),
        ),
        Goal("R12", "No cell of a sheet is a formula.", ("tests/reports/test_data_writers.py",)),
        Goal(
            "R13",
            "A page is one file that asks for nothing and runs no script but its own.",
            ("tests/reports/test_html.py", "tests/browser/test_hostile.py"),
        ),
        Goal(
            "R14",
            "Markup and control characters in names are text in Markdown, terminal and pictures.",
            (
                "tests/reports/test_terminal.py",
                "tests/reports/test_markdown.py",
                "tests/cli/test_hostile.py",
            ),
        ),
        Goal(
            "R15",
            "Files are whole or as they were, whenever a command is killed.",
            ("tests/test_files.py", "tests/io/test_folder.py", "tests/test_kills.py"),
            _killed(),
        ),
        Goal(
            "R16",
            "The same question gives the same bytes, whatever the hash seed or the order of sets.",
            ("tests/draw/test_mpl.py", "tests/reports/test_data_writers.py"),
        ),
        Goal(
            "R17",
            "Processes are spawned, solvers run in one thread but for large tables of losses, "
            "which threads share with the same answer, Ctrl-C ends a solve.",
            ("tests/analysis/balance/test_threads.py", "tests/cli/test_interrupt.py"),
        ),
        Goal("R18", "Every shipped graph passes its check.", ("tests/test_graphs.py",)),
        Goal(
            "R19",
            "Oldest and newest dependencies, random order, warnings are errors.",
            (),
            "`.ci/run` runs the suite on Python 3.11 and 3.13 and on the lower bounds of "
            f"{_oldest()} libraries",
        ),
    )


@cache
def collected() -> dict[str, int]:
    """Return the number of test cases by file, all marks counted."""
    files = sorted({test for goal in goals() for test in goal.tests})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, *files], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    counts: dict[str, int] = {}
    for line in done.stdout.splitlines():
        file, found, _ = line.partition("::")
        if found:
            counts[file] = counts.get(file, 0) + 1
    return counts


def properties(path: Path) -> int:
    """Return how many tests of a file take random examples."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return sum(
        any("given" in ast.dump(mark) for mark in node.decorator_list)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    )


def _measured(goal: Goal) -> str:
    """Return what was counted for a goal."""
    cases = sum(
        count
        for file, count in collected().items()
        if any(file == test or file.startswith(f"{test}/") for test in goal.tests)
    )
    paths = [
        path
        for test in goal.tests
        for path in ([ROOT / test] if test.endswith(".py") else (ROOT / test).rglob("test_*.py"))
    ]
    random = sum(map(properties, paths))
    parts = [f"{cases:,} cases"] if goal.tests else []
    parts += [f"{random} of them random"] if random else []
    told = ", ".join(parts)
    return "; ".join(part for part in (told, goal.note) if part)


def page() -> str:
    """Return the page."""
    rows = [
        f"| {goal.number} | {goal.text} | {_measured(goal)} | "
        f"{', '.join(f'`{test}`' for test in goal.tests) or '-'} |"
        for goal in goals()
    ]
    bare = [name for name, what in carrying().items() if not what and name not in COUNTED]
    return "\n".join(
        [
            "# Reliability",
            "",
            "What holds of every answer, file and page, and where it is shown. A random case",
            "stands for 50 examples in `make test`, or fewer where examples are dear: the same in",
            "every run of CI, which tries 25 new ones of flows, files and writers beside; new ones",
            "in every run by hand, and up to 2,000 with `HYPOTHESIS_PROFILE=many`.",
            "`python tools/reliability.py --write` writes this page.",
            "",
            "| # | What holds | Counted | Shown by |",
            "|---|---|---|---|",
            *rows,
            "",
            "## What others can check",
            "",
            "A reader need not trust the program: `supplynet verify RESULT`, and the `verify.py`",
            "that every JSON and HTML file with a proof carries, check results again with nothing",
            f"but Python. Its {_verifier()} lines share nothing with the package. All proofs have",
            "one form: points of programs, duals that bound them, and figures read off them.",
            "Rows and bounds hold to 1e-7 of the amounts that meet there, or 1e-12 of the largest",
            "that moves, and duals leave nobody more than 3e-7 of the objective. What the package",
            "writes as a proof has passed the same rule.",
            "",
            "| Result | What is checked again |",
            "|---|---|",
            *(
                f"| {', '.join(f'`{one}`' for one in names.split(', '))} | {what} |"
                for names, what in PROVED.items()
            ),
            f"| {_listed(COUNTED)} | no program is solved: sums and shares of rows of the tables, "
            "of `dependence` through a linear system, so that there is arithmetic alone to check; "
            "`verify` says that no proof is carried |",
            *(
                f"| {_listed(bare)} | nothing: checked when solved, as the result says, but no "
                "proof is carried, and `verify` says so |"
                for _ in bare[:1]
            ),
            "",
        ]
    )


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the page")
    text = page()
    if parser.parse_args().write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
