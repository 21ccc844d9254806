"""The program around the commands: help, version, unknown names, what it loads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from supplynet import errors
from supplynet.cli import words
from supplynet.cli.commands.draw import FIGURES
from supplynet.cli.main import COMMANDS, cli, main
from supplynet.draw.mpl import FORMATS
from supplynet.draw.style import SIZES, THEMES
from supplynet.trade.table_indices import KINDS

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"matplotlib", "networkx", "numpy", "pandas", "pycountry", "pydantic", "rich", "scipy"}


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


def figure(name: str) -> click.Command:
    group = command("draw")
    assert isinstance(group, click.Group)
    found = group.get_command(click.Context(group), name)
    assert found is not None
    return found


def every_command() -> dict[str, click.Command]:
    figures = {f"draw {name}": figure(name) for name in FIGURES}
    return {name: command(name) for name in COMMANDS} | figures


def loaded(args: list[str], env: dict[str, str] | None = None) -> tuple[str, set[str]]:
    """Output of a command line, and the heavy libraries that it loaded."""
    code = (
        "import sys\n"
        "from supplynet.cli.main import cli\n"
        "try:\n"
        f"    cli.main({args!r})\n"
        "finally:\n"
        f"    print(*sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **(env or {})},
    )
    return done.stdout, set(done.stderr.split())


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["--version"],
        ["flow", "--help"],
        ["report", "-h"],
        ["balance", "--help"],
        ["exposure", "--help"],
        ["completion", "bash"],
        ["draw", "-h"],
        ["draw", "layers", "-h"],
    ],
    ids=" ".join,
)
def test_help_version_and_completion_load_no_heavy_library(args: list[str]) -> None:
    out, heavy = loaded(args)
    assert out
    assert heavy == set()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("supplynet choke", "chokepoints"), ("supplynet flow tuto", "tutorial")],
)
def test_completing_a_word_loads_no_heavy_library(typed: str, expected: str) -> None:
    env = {
        "_SUPPLYNET_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
    }
    out, heavy = loaded([], env)
    assert out.split() == [f"plain,{expected}"]
    assert heavy == set()


def test_main_help_lists_every_command_and_exit_code(invoke) -> None:
    ran = invoke("--help")
    assert (ran.code, ran.err) == (0, "")
    for name, text in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(text)}$", ran.out, re.MULTILINE)
    kinds = [getattr(errors, name) for name in errors.__all__ if name != "SupplynetError"]
    codes = {kind.exit_code for kind in kinds if isinstance(kind, type)}
    for code in {0, 1, *codes, 7, 130, 141}:
        assert re.search(rf"^ +{code}  \w", ran.out, re.MULTILINE), code


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command(invoke, name: str) -> None:
    ran = invoke(name, "-h")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: supplynet {name} ")
    assert (command(name).help or "").splitlines()[0] == COMMANDS[name]
    assert command(name).name == name


@pytest.mark.parametrize("name", FIGURES)
def test_help_of_each_figure(invoke, name: str) -> None:
    ran = invoke("draw", name, "-h")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: supplynet draw {name} ")
    assert (figure(name).help or "").splitlines()[0] == FIGURES[name]
    assert figure(name).name == name
    assert re.search(rf"^  {name} +{re.escape(FIGURES[name])}$", invoke("draw", "-h").out, re.M)


def test_every_option_has_a_help_text() -> None:
    for name, one in every_command().items():
        for parameter in one.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (name, parameter.name)


#: of these some commands take one and others several
SEVERAL = ("--year", "--tier", "--form", "-o")
#: further words for an option where readers write them
FURTHER = ("--nation", "--months")
#: what a plan counts in years and dollars has the name that others have for what they count
OF_PLANS = ("--by", "--begin", "--until", "--budget")


def test_an_option_means_the_same_in_every_command() -> None:
    seen: dict[str, set[tuple[object, ...]]] = {}
    for one in every_command().values():
        for parameter in one.params:
            if one.name == "plan" and parameter.opts[0] in OF_PLANS:
                continue
            if isinstance(parameter, click.Option):
                is_several = parameter.multiple or parameter.opts[0] in SEVERAL
                metavar = "YEAR" if parameter.metavar == "YEARS" else parameter.metavar
                words = tuple(word for word in parameter.opts if word not in FURTHER)
                shape = (words, metavar, is_several)
                seen.setdefault(parameter.opts[0], set()).add(shape)
    assert {option: len(shapes) for option, shapes in seen.items() if len(shapes) > 1} == {}


def test_the_words_of_options_are_those_of_the_library() -> None:
    assert words.KINDS == KINDS
    assert tuple(SIZES) == words.SIZES
    assert tuple(THEMES) == words.THEMES
    assert tuple(f".{name}" for name in FORMATS) == words.FIGURES


def test_no_command_shows_the_help_on_stderr(invoke) -> None:
    ran = invoke()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == invoke("--help").out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["reprt", "tutorial"], "there is no command 'reprt'. Did you mean 'report'?"),
        (["tutorial"], "The command comes first: supplynet report tutorial ..."),
        (["zzz"], "A command comes first, such as report; supplynet --help lists them."),
        (["--verson"], "--version"),
        (["flow", "tutorial", "--elemnt", "Dy"], "--element"),
    ],
    ids=str,
)
def test_unknown_commands_and_options_suggest_near_ones(invoke, args, message: str) -> None:
    ran = invoke(*args)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert "--help' for help." in ran.err


def test_main_runs_the_arguments_of_the_process(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["supplynet", "--version"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("supplynet ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(invoke, shell: str) -> None:
    ran = invoke("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert f"_SUPPLYNET_COMPLETE={shell}_complete" in ran.out
    assert "supplynet" in ran.out


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("supplynet ch", ["plain,check", "plain,chokepoints"]),
        ("supplynet flow tutorial --element D", ["plain,Dy"]),
        ("supplynet draw la", ["plain,layers"]),
        ("supplynet draw tuto", ["plain,tutorial"]),
        ("supplynet draw tutorial --lev", ["plain,--level"]),
        ("supplynet flow tutorial --lens c", ["plain,control"]),
        ("supplynet flow nowhere.js", ["file,nowhere.js"]),
        ("supplynet flow tutorial --scenario x.to", ["file,x.to"]),
        ("supplynet flow tutorial -o fi", ["file,fi"]),
        ("supplynet show rare-earths --scenario china-ref", ["plain,china-refining-stops"]),
        ("supplynet flow tutorial --to ml", ["plain,MLT"]),
        ("supplynet flow tutorial --to MLT --avoid ISL,ref-n", ["plain,ISL,ref-new"]),
        ("supplynet flow tutorial --to MLT --avoid FJI:re", ["plain,FJI:refiner"]),
        ("supplynet flow nowhere --to M", []),
        ("supplynet nodes tutorial AS", ["plain,ASEAN"]),
    ],
    ids=str,
)
def test_completing_words(invoke, monkeypatch, typed: str, expected: list[str]) -> None:
    monkeypatch.setenv("_SUPPLYNET_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    assert invoke().out.split() == expected


def test_scipy_loads_nothing_that_numpy_puts_off() -> None:
    code = (
        "import sys\n"
        "from supplynet.cli.main import main\n"
        "sys.argv = ['supplynet', '--help']\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    import scipy.sparse\n"
        "    import numpy\n"
        "    print('numpy.f2py' in sys.modules, numpy.ma.array([1, 2]).sum())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False 3"
