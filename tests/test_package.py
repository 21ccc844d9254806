"""The package as a whole: what it imports, names, never does, and installs."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

import supplynet as sn

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "supplynet").rglob("*.py"))
HEAVY = ("highspy", "matplotlib", "networkx", "numpy", "pandas", "pydantic", "rich", "scipy")


def run(*command: str | Path, cwd: Path = ROOT, **variables: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("statement", ["import supplynet", "import supplynet.cli.main"])
def test_the_import_is_light(statement: str) -> None:
    program = f"{statement}; import sys; print(*(n for n in {HEAVY} if n in sys.modules))"
    assert run(sys.executable, "-c", program).split() == []


@pytest.mark.parametrize("name", sn.__all__)
def test_public_names_resolve(name: str) -> None:
    assert getattr(sn, name) is not None
    assert name in dir(sn)


def test_a_public_name_is_one_thing_in_any_order_of_imports() -> None:
    """A module of the name of a function would take its place once it is imported."""
    homes = {path.relative_to(ROOT / "supplynet").parts[0].removesuffix(".py") for path in SOURCES}
    assert homes & set(sn.__all__) == {"draw", "errors"}  # which are the modules of these names
    program = (
        "import supplynet as sn; before = sn.report; import supplynet.reports.study as study;"
        "print(before is sn.report is study.study, sn.graph is sn.graph)"
    )
    assert run(sys.executable, "-c", program).split() == ["True", "True"]


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="no attribute 'bypas'"):
        sn.bypas  # noqa: B018


# -- what the code never does (R11) ----------------------------------------------------------

MODULES = {"pickle", "cPickle", "dill", "shelve", "marshal", "joblib", "cloudpickle", "yaml"}
CALLS = {"eval", "exec", "compile", "__import__"}
METHODS = {"query", "eval", "read_pickle", "to_pickle"}


def dangers(tree: ast.AST) -> Iterator[str]:
    """Ways in which data could become code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            yield from (f"import {name}" for name in names if name.split(".")[0] in MODULES)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in CALLS:
                yield f"{node.func.id}()"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in METHODS:
                yield f".{node.func.attr}()"
            if any(word.arg == "shell" for word in node.keywords):
                yield "shell="
            if any(word.arg == "allow_pickle" for word in node.keywords):
                yield "allow_pickle="


def test_no_data_becomes_code() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): ways
        for path in SOURCES
        if (ways := list(dangers(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from pickle import loads",
        "import yaml",
        "eval('1')",
        "exec(x)",
        "frame.query('a > 1')",
        "pd.eval('1')",
        "pd.read_pickle(p)",
        "subprocess.run(x, shell=True)",
        "np.load(p, allow_pickle=True)",
    ],
)
def test_the_search_for_dangers_finds_them(code: str) -> None:
    assert list(dangers(ast.parse(code)))


def test_only_the_public_table_of_names_imports_by_name() -> None:
    users = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if re.search(r"import_module|importlib\.util|runpy", path.read_text(encoding="utf-8"))
    ]
    # each imports from a fixed table of its own, never by a name that a user gave
    assert set(users) == {
        "supplynet/__init__.py",
        "supplynet/analysis/balance/programs.py",
        "supplynet/cli/program.py",
        "supplynet/contract/answer.py",  # what kinds of results declare of themselves
        "supplynet/draw/__init__.py",
        "supplynet/io/load.py",
        "supplynet/questions/declared.py",  # the module of a question in the table
        "supplynet/solve/jit.py",  # asks for one library, by a fixed name
    }


# -- what no file of the project holds -------------------------------------------------------

# Put together from parts, so that this file does not hold them itself.
PRIVATE = re.compile(
    "|".join(
        [
            r"pypi\." + "org",
            "python" + r"hosted\.org",
            "--(extra-)?index" + "-url",
            "PIP_(EXTRA_)?INDEX" + "_URL",
            r"(?<![\w.:/-])/(home|root|Users|work)" + r"/\w",
        ]
    )
)
BINARY = {".png", ".gz", ".zip", ".pdf", ".ico", ".woff2", ".parquet"}


def project_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    paths = [ROOT / name for name in names if name] or [*ROOT.glob("*"), *SOURCES]
    return [path for path in paths if path.is_file() and path.suffix not in BINARY]


def test_no_file_holds_an_index_address_or_the_path_of_a_machine() -> None:
    files = project_files()
    assert ROOT / "pyproject.toml" in files
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files
        for match in PRIVATE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["/home" + "/ann/x", "x = '/work" + "/main'", "https://pypi" + ".org/simple"]
)
def test_the_search_for_private_text_finds_it(text: str) -> None:
    assert PRIVATE.search(text)


# -- the wheel -------------------------------------------------------------------------------


@pytest.mark.slow
def test_wheel_and_sdist_are_the_same_bytes_when_built_again(tmp_path: Path) -> None:
    """And what is unpacked from the sdist holds all that its tests and checks read."""
    made = []
    for name in ("first", "second"):
        run(sys.executable, "-m", "hatchling", "build", "-d", tmp_path / name, cwd=ROOT)
        made.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert made[0] == made[1]
    assert sorted(name.rpartition(".")[2] for name in made[0]) == ["gz", "whl"]
    (sdist,) = (tmp_path / "first").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")]
    needed += ["Makefile", "mkdocs.yml", "constraints.txt", ".ci/run", "benchmarks/README.md"]
    assert set(needed) <= names


@pytest.mark.slow
def test_the_wheel_installs_and_brings_its_graphs(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    run(*pip, "wheel", "--no-deps", "--wheel-dir", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("supplynet-*.whl")
    venv.create(tmp_path / "env", with_pip=False)
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    (own,) = (tmp_path / "env").glob("[Ll]ib/**/site-packages")
    run(*pip, "--python", scripts / "python", "install", "--no-deps", wheel)
    # libraries are those that these tests have; CI installs them in environments of their own
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    listed = run(scripts / "supplynet", "graph list", cwd=elsewhere, PYTHONPATH="")
    program = (
        "import supplynet as sn, pathlib; "
        "print(pathlib.Path(sn.__file__).parent); "
        "print(*(sn.load(g.id).digest for g in sn.graph.list())); "
        "from supplynet.draw.maps.projection import outlines; print(len(outlines()))"
    )
    place, digests, n_outlines = run(
        scripts / "python", "-c", program, cwd=elsewhere, PYTHONPATH=""
    ).splitlines()
    assert Path(place).is_relative_to(tmp_path / "env")
    assert (Path(place) / "py.typed").is_file()
    assert (Path(place) / "_graphs" / "LICENSE").is_file()
    assert (Path(place) / "draw" / "maps" / "data" / "NOTICE.txt").is_file()
    assert int(n_outlines) > 200
    (notice,) = Path(place).parent.glob("supplynet-*.dist-info/licenses/**/NOTICE.txt")
    assert "Natural Earth" in notice.read_text(encoding="utf-8")
    assert digests.split() == [sn.load(graph.id).digest for graph in sn.graph.list()]
    for graph in ("tutorial", "rare-earths"):
        assert graph in listed
