"""The program around the commands: help, version, unknown names, what it loads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import supplynet as sn
from supplynet import errors
from supplynet.cli import words
from supplynet.cli.main import cli, main
from supplynet.draw.mpl import FORMATS
from supplynet.draw.style import SIZES, THEMES
from supplynet.questions import COMMANDS, members
from supplynet.questions.indices.of_tables import KINDS

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"matplotlib", "networkx", "numpy", "pandas", "pycountry", "pydantic", "rich", "scipy"}


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli, **cli.context_settings), name)
    assert found is not None
    return found


def every_command() -> dict[str, click.Command]:
    return {name: command(name) for name in COMMANDS}


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
        ["allocate", "--help"],
        ["trace", "--help"],
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
    text = " ".join(ran.out.split())
    for name, asks in COMMANDS.items():
        family, _, member = name.partition(" ")
        assert f"{family} {asks}" in text if not member else re.search(rf"\b{member}[, ]", text)
    kinds = [getattr(errors, name) for name in errors.__all__ if name != "SupplynetError"]
    codes = {kind.exit_code for kind in kinds if isinstance(kind, type)}
    for code in {0, 1, *codes, 7, 130, 141}:
        assert re.search(rf"^ +{code}  \w", ran.out, re.MULTILINE), code


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command(invoke, name: str) -> None:
    """The first page is short, and whatever it leaves out stands on the whole one."""
    ran, whole = invoke(name, "-h"), invoke(name, "--help-all")
    assert (ran.code, ran.err, whole.code) == (0, "", 0)
    assert ran.out.startswith(f"Usage: supplynet {name} ")
    if name != "draw":  # which draws the first of its figures where none is named
        assert (command(name).help or "").splitlines()[0] == COMMANDS[name]
    assert command(name).name == name
    first, every = (
        re.findall(r"^  (-[^ ,]+(?:, --\S+)?)", one.out.partition("\nOptions:\n")[2], re.M)
        for one in (ran, whole)
    )
    flags = [one.opts[-1] for one in command(name).params if isinstance(one, click.Option)]
    assert len(first) <= 12
    assert set(first) <= set(every)
    assert {flag for flag in flags if f" {flag}" not in whole.out} == set()
    assert ("--help-all" in first) == (len(set(every) - {"--help-all"}) > 12)
    for member, asks in members(name).items():
        assert f"{name} {member} {asks}" in " ".join(ran.out.split())


def test_at_most_eighteen_words_stand_at_the_top() -> None:
    """Beside them are the three that are for machines: the server, the schemas and the shell."""
    assert len({name.split()[0] for name in COMMANDS} - {"schema", "mcp", "completion"}) <= 18


OLD = """potential coverage, interdict chokepoints interdict, draws uncertainty, run shock,
balance allocate, check graph check, diff compare diff, outlook coverage outlook"""


@pytest.mark.parametrize("words", [words.strip() for words in OLD.split(",")])
def test_an_old_word_names_the_new_one(invoke, words: str) -> None:
    old, _, now = words.partition(" ")
    ran = invoke(old, "tutorial", "--to", "MLT")
    assert (ran.code, ran.out) == (2, "")
    assert f"Error: {old!r} is now {now!r}: supplynet {now} ..." in ran.err
    assert invoke(*now.split(), "--help").code == 0


def test_a_folder_with_the_name_of_a_question_is_a_graph(invoke, tmp_path: Path) -> None:
    sn.save(sn.load("tutorial"), tmp_path / "interdict")
    assert invoke("chokepoints", "./interdict", "--to", "MLT").code == 0
    assert invoke("chokepoints", "interdict", "interdict", "--to", "MLT").code == 0


def test_a_group_without_a_command_lists_them(invoke) -> None:
    ran = invoke("graph")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == invoke("graph", "--help").out


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
            if str(one.name).endswith("plan") and parameter.opts[0] in OF_PLANS:
                continue
            if isinstance(parameter, click.Option):
                is_several = parameter.multiple or parameter.opts[0] in SEVERAL
                metavar = "YEAR" if parameter.metavar == "YEARS" else parameter.metavar
                words = tuple(word for word in parameter.opts if word not in FURTHER)
                shape = (words, metavar, is_several)
                seen.setdefault(parameter.opts[0], set()).add(shape)
    # `graph check` takes the warnings that fail, `verify` fails on every open figure
    apart = {option: shapes for option, shapes in seen.items() if len(shapes) > 1}
    assert apart.keys() == {"--strict"}


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
        (
            ["chokepoints", "interdit", "tutorial"],
            "'chokepoints interdit'. Did you mean 'interdict'?",
        ),
        (["graph", "zzz"], "there is no command 'graph zzz'. There are list, show, find, nations"),
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
        (
            "supplynet co",
            [f"plain,{word}" for word in ("coverage", "compare", "company", "completion")],
        ),
        ("supplynet chokepoints inter", ["plain,interdict"]),
        ("supplynet chokepoints tuto", ["plain,tutorial"]),
        ("supplynet chokepoints tutorial inter", []),  # behind its graph it is no word
        ("supplynet graph ch", ["plain,check"]),
        ("supplynet flow tutorial --element D", ["plain,Dy"]),
        ("supplynet draw la", ["plain,layers"]),
        ("supplynet draw tuto", ["plain,tutorial"]),
        ("supplynet draw tutorial --lev", ["plain,--level"]),
        ("supplynet flow tutorial --lens c", ["plain,control"]),
        ("supplynet flow nowhere.js", ["file,nowhere.js"]),
        ("supplynet flow tutorial --scenario x.to", ["file,x.to"]),
        ("supplynet flow tutorial -o fi", ["file,fi"]),
        ("supplynet graph show rare-earths --scenario china-ref", ["plain,china-refining-stops"]),
        ("supplynet flow tutorial --to ml", ["plain,MLT"]),
        ("supplynet flow tutorial --to MLT --avoid ISL,ref-n", ["plain,ISL,ref-new"]),
        ("supplynet flow tutorial --to MLT --avoid FJI:re", ["plain,FJI:refiner"]),
        ("supplynet flow nowhere --to M", []),
        ("supplynet graph nodes tutorial AS", ["plain,ASEAN"]),
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
