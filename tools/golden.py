"""What commands and the server answer, kept and compared: so that a rebuilding changes no answer.

    python tools/golden.py write FOLDER [WORD...]     keep what they answer now
    python tools/golden.py compare FOLDER [WORD...]   name what is answered otherwise
    python tools/golden.py handful                    keep the few that a test compares

FOLDER holds a copy of the shipped graphs, made when it is first written, so that rows may change
meanwhile. Each command is run as JSON, as CSV and on a terminal with all it prints. Numbers are
compared to six significant digits; proofs, versions and builds are left out. With WORD only
commands that hold one of the words are run.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import gzip
import importlib
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the tree that this file lies in, wherever it is started
FORMS = ("--format json", "--format csv", "--full")
#: commands that print all at once
LOOKED_UP = ("graph nations", "graph scenarios", "graph show", "graph check")
#: nation, what is avoided, a shock and an element of each graph
GRAPHS = {
    "tutorial": ("MLT", "ISL", "", "Nd"),
    "rare-earths": ("KOR", "CHN", "2025-magnets", "Dy"),
    "cobalt": ("KOR", "CHN", "cod-2025", "Co"),
    "gallium-germanium": ("KOR", "CHN", "licences-2025", "Ga"),
}
AT = "--tier operating --year 2026"
#: G is the graph, T the nation, A what is avoided, E an element, S a shock
ASKED = (
    f"flow G --to T {AT}",
    f"flow G --to T --avoid A --element E {AT}",
    "flow G --to T --element E --tier possible --year 2026,2030",
    f"flow cut G --to T {AT}",
    "flow cut G --to T --avoid A --element E --tier announced --year 2030",
    f"flow cut G --to T --all {AT}",
    f"chokepoints unavoidable G --to T {AT}",
    "chokepoints unavoidable G --to T --avoid A --tier possible --year 2026,2030",
    f"flow routes G --to T {AT}",
    "flow routes G --to T --avoid A --element E --tier announced --year 2030",
    f"bypass G --to T --avoid A {AT}",
    "bypass G --to T --avoid A --element E --tier announced --year 2030",
    f"chokepoints G --to T {AT}",
    f"chokepoints G --to T --element E --by country {AT}",
    f"chokepoints G --to T --element E --by owner --top 5 {AT}",
    f"chokepoints G --to T --element E --by link --count all {AT}",
    f"chokepoints G --to T --element E --by country --both-lenses {AT}",
    f"chokepoints G --to T --element E --by country-stage --ranges {AT}",
    f"chokepoints G --to T --element E --lost A,ISL {AT}",
    f"chokepoints G --to T --element E --model balance --top 5 {AT}",
    "chokepoints G --to T --element E --tier announced --year 2026,2030",
    f"chokepoints interdict G --to T -k 1 {AT}",
    f"chokepoints interdict G --to T --element E -k 2 --by country {AT}",
    f"chokepoints interdict G --to T --element E -k 1 --by link --sets 3 {AT}",
    f"chokepoints fortify G --to T --element E --defend 1 --attack 1 {AT}",
    f"coverage G --to T --avoid A {AT}",
    "coverage outlook G --to T --avoid A --year 2026,2030 --tier operating",
    f"allocate G {AT}",
    f"allocate G --objective max_supply {AT}",
    "allocate G --objective observed",
    f"trace G --to T --exposed-to A --ranges none {AT}",
    f"trace footprint G --to T {AT}",
    f"indices G {AT}",
    f"chokepoints disrupt G {AT}",
    f"chokepoints interdict G --to T -k 1 --model balance {AT}",
    f"compare G base --to T {AT}",
    "graph calibrate G --model-year 2024",
    "chokepoints risks G --tier operating --year 2026",
    "shock G --avoid A --tier operating --during 2026-02..2026-03 --begin 2026-01 --end 2026-04",
    "shock survive G --to T --avoid A --tier operating --during 2026-02..2026-03",
    "shock stockpile G --to T --shock S --tier operating",
    "coverage progress G --to T --avoid A --year 2025,2026 --slip 0 --tier announced",
    "report G --to T --avoid A --year 2026",
    "graph show G",
    "graph check G",
    "graph nations G",
    "graph scenarios G",
)
#: asked of the tutorial alone, as they take long on the others
SMALL = ("report", "plan", "coverage outlook", "coverage progress", "chokepoints disrupt", "shock",
         "chokepoints risks", "chokepoints interdict G --to T -k 1 --model", "compare", "trace",
         "graph calibrate", "chokepoints G --to T --element E --model")  # fmt: skip
#: what a test compares, of the copy of the tutorial in tests/golden
HANDFUL = tuple(
    f"{asked} {AT} {form}"
    for asked, form in (
        ("flow graphs/tutorial --to MLT --element Nd", "--full"),
        ("flow graphs/tutorial --to MLT", "--format csv"),
        ("chokepoints unavoidable graphs/tutorial --to MLT", "--format csv"),
        ("chokepoints graphs/tutorial --to MLT --by country", "--full"),
        ("chokepoints graphs/tutorial --to MLT --element Dy", "--format json"),
        ("chokepoints interdict graphs/tutorial --to MLT --element Nd", "--format csv"),
        ("chokepoints fortify graphs/tutorial --to MLT --element Nd", "--full"),
        ("chokepoints disrupt graphs/tutorial", "--format csv"),
        ("allocate graphs/tutorial", "--format csv"),
    )
)
#: what the server is asked, by operation
SERVED: dict[str, dict[str, Any]] = {
    "potential": {},
    "contested": {"to": ""},
    "bypass": {},
    "chokepoints": {"avoid": "", "by": "country", "top": 5},
    "compare": {"cases": ["base"]},
}
#: keys of JSON that name software, or hold a proof that others check
_LEFT_OUT = {"versions", "build", "proof", "verify.py"}
_NOTHING = 1e-9
#: numbers with a point or an exponent: whole ones are compared as they stand
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+(?:e[+-]?\d+)?|e[+-]?\d+)(?![\w.])", re.IGNORECASE)


def cases() -> Iterator[str]:
    """Yield each command line in every format."""
    for graph, (to, avoid, shock, element) in GRAPHS.items():
        known = {"G": f"graphs/{graph}", "T": to, "A": avoid, "S": shock, "E": element}
        for asked in ASKED:
            parts = asked.replace("A,", f"{avoid},").split()
            if (graph != "tutorial" and asked.startswith(SMALL)) or ("S" in parts and not shock):
                continue
            line = " ".join(known.get(part, part) for part in parts)
            for form in FORMS:
                is_whole = form == "--full" and asked.startswith(LOOKED_UP)
                yield line if is_whole else f"{line} {form}"
    for name in importlib.import_module("supplynet.questions").COMMANDS:
        yield f"{name} --help"


def printed(line: str) -> str:
    """Return what a command prints, what it says beside it, and its exit code."""
    from supplynet.cli.main import cli

    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True), io.StringIO()
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main(line.split())
        except SystemExit as end:
            code = end.code
    out.seek(0)
    return f"{out.read()}\n# {err.getvalue().strip()}\n# exit code {code}\n"


def served() -> Iterator[tuple[str, str]]:
    """Yield what the server answers, by operation and graph."""
    from supplynet.io.load import load
    from supplynet.serve.operations import OPERATIONS, answer

    for graph, (to, avoid, _, element) in GRAPHS.items():
        for name, words in SERVED.items():
            operation = OPERATIONS[name]
            base = {"to": to, "avoid": avoid, "tier": "operating", "year": 2026, **words}
            if "element" not in operation.asked.idle and graph != "tutorial":
                base["element"] = element
            told = answer(operation, load(f"graphs/{graph}"), graph, operation.asked(**base))
            yield f"server {name} {graph}", json.dumps(told)


def rounded(match: re.Match[str]) -> str:
    """Return a number to six significant digits; what rounding leaves of nothing is nothing."""
    value = float(match[0])
    return f"{value if abs(value) > _NOTHING else 0.0:.6g}"


def plain(text: str) -> str:
    """Return a text as it is compared."""
    with contextlib.suppress(ValueError):
        body, mark, rest = text.partition("\n# ")
        text = json.dumps(_kept(json.loads(body)), indent=1, sort_keys=True) + mark + rest
    return _NUMBER.sub(rounded, text)


def _kept(told: Any) -> Any:
    """Return JSON without what names software and what only proves."""
    if isinstance(told, dict):
        return {key: _kept(value) for key, value in told.items() if key not in _LEFT_OUT}
    return [_kept(value) for value in told] if isinstance(told, list) else told


def answers(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what is answered now, by command line."""
    for line in cases():
        if not words or any(word in line.split() for word in words):
            yield line, printed(line)
    if not words or "server" in words:
        yield from served()


def share_networks() -> None:
    """Read each graph once: networks do not change."""
    loading = importlib.import_module("supplynet.io.load")
    loading.load = functools.cache(loading.load)  # type: ignore[attr-defined]


def handful() -> str:
    """Return what the few commands of a test answer, in the folder of the moment."""
    return "\n".join(f"=== {line}\n{plain(printed(line))}" for line in HANDFUL)


def unpack(folder: Path) -> None:
    """Put the copy of the tutorial that a test asks into a folder."""
    shutil.unpack_archive(ROOT / "tests" / "golden" / "tutorial.zip", folder / "graphs")
    os.chdir(folder)
    os.environ["COLUMNS"] = "120"


def keep_handful() -> None:
    """Keep what the few commands of a test answer now."""
    with tempfile.TemporaryDirectory() as folder:
        unpack(Path(folder))
        text = handful()
    (ROOT / "tests" / "golden" / "answers.txt").write_text(text, encoding="utf-8")


def compared(home: Path, words: list[str]) -> int:
    """Name the answers that differ from the ones that were kept."""
    n_other = 0
    for line, text in answers(words):
        path = path_of(home, line)
        before = plain(gzip.decompress(path.read_bytes()).decode()) if path.exists() else ""
        if before != plain(text):
            n_other += 1
            lines = before.split("\n"), plain(text).split("\n")
            print(
                f"\n=== {line}", *[*difflib.unified_diff(*lines, n=0, lineterm="")][:40], sep="\n"
            )
    return n_other


def path_of(home: Path, line: str) -> Path:
    """Return the file of an answer."""
    return home / (re.sub(r"[^\w.-]+", "_", line) + ".txt.gz")


def main(verb: str, folder: str = "", *words: str) -> int:
    """Keep answers, or name those that differ from the ones that were kept."""
    if verb == "handful":
        keep_handful()
        return 0
    home = Path(folder).resolve()
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "graphs").exists():
        shutil.copytree(ROOT / "graphs", home / "graphs")
    os.chdir(home)
    os.environ["COLUMNS"] = "120"
    share_networks()
    if verb == "compare":
        return int(compared(home, list(words)) > 0)
    for line, text in answers(list(words)):
        path_of(home, line).write_bytes(gzip.compress(plain(text).encode(), mtime=0))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
