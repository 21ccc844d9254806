"""Wrong input of every kind: what a user reads, and the exit code.

Words of declared questions are those of ``tests/contract/test_question.py``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import supplynet as sn
from supplynet.limits import SIZE_LIMIT

FLOW = ("flow", "tutorial", "--to", "MLT")
BYPASS = ("bypass", "tutorial", "--to", "MLT", "--avoid", "ISL")
CHOKE = ("chokepoints", "tutorial", "--to", "MLT")
INTERDICT = ("chokepoints interdict", "tutorial", "--to", "MLT")
BALANCE = ("allocate", "tutorial")
DISRUPT = ("chokepoints disrupt", "tutorial")
EXPOSURE = ("trace", "tutorial", "--to", "MLT")
DRAW = ("draw", "tutorial", "--to", "MLT")

USAGE = [
    # argument GRAPH
    (("flow", "tutoral", "--to", "MLT"), "did you mean 'tutorial'?"),
    (("flow", "--to", "MLT"), "Missing argument 'GRAPH'. Shipped graphs: "),
    (("graph show", ""), "must not be empty"),
    (("graph show", "tutorial", "ref-smll"), "did you mean 'ref-small'"),
    # --to, --avoid, --via
    (("flow", "tutorial", "--to"), "requires an argument"),
    (("flow", "tutorial", "--to", "MLT,,ISL"), "has an empty part"),
    (("bypass", "tutorial", "--to", "MLT"), "Missing option '--avoid'"),
    ((*BYPASS, "--via", "Figi"), "did you mean 'Fiji'"),
    # --element
    ((*FLOW, "--element", "Dz"), "carries no element 'Dz'; it carries Nd, Dy, basket"),
    ((*DRAW, "-o", "x.svg", "--element", "Nd,Dy"), "a figure shows one element"),
    # --year
    ((*FLOW, "--year", "soon"), "'soon' is no year"),
    ((*FLOW, "--year", "1990"), "which speaks of 2024 to 2026"),
    # --objective, --priority, --exposed-to, --basis, --nation, --explain
    ((*BALANCE, "--objective", "priority"), "for example --objective priority, --priority KOR,JPN"),
    ((*BALANCE, "--objective", "priority", "--priority", "FJI"), "names no nation of tutorial"),
    ((*BALANCE, "--objective", "least_exposure", "--exposed-to", "CHN"), "matches 'CHN'"),
    ((*BALANCE, "--nation", "FJI"), "Fiji is no nation of tutorial"),
    ((*BALANCE, "--nation", "ISL", "--avoid", "ISL"), "names no nation that draws"),
    # --weight
    ((*BALANCE, "--weight", "goods"), "no name with a number above 0; write for example --weight"),
    (
        (*BALANCE, "--objective", "max_supply", "--weight", "goodz=2"),
        "has no product 'goodz' to weigh",
    ),
    ((*BALANCE, "--weight", "goods=2", "--objective", "fair"), "weights say nothing to objective"),
    # --lost, --time-limit
    ((*DISRUPT, "--lost", "node:MLT"), "names nations only"),
    ((*DISRUPT, "--lost", "ISL", "--by", "node"), "give one of them"),
    ((*EXPOSURE,), "Missing option '--exposed-to'. Write for example --exposed-to CHN"),
    ((*EXPOSURE, "--exposed-to", "FJI", "--form", "good"), "has no form 'good'"),
    ((*EXPOSURE, "--exposed-to", "FJI", "--element", "basket"), "the basket is all of them"),
    # -k, --budget, --cost, --protect, --time-limit, --defend, --attack
    ((*INTERDICT, "--by", "edge"), "write 'link'"),
    ((*INTERDICT, "--budget", "inf"), "budget must be a number from 0 on, not inf"),
    ((*INTERDICT, "-k", "1", "--budget", "1"), "give either k or budget"),
    ((*INTERDICT, "--cost", "ref-big=2"), "cost goes with budget, not with k"),
    ((*INTERDICT, "--budget", "2", "--cost", "ref-bg=1"), "did you mean 'ref-big'"),
    # --scenario
    ((*FLOW, "--scenario", "crisis"), "has no scenario 'crisis'"),
    # --format, -o
    (
        (*FLOW, "-o", "x.docx"),
        ".html, .htm, .xlsx, or give --format",
    ),
    ((*FLOW, "-o", "."), "is a folder; name a file in it, such as"),
    ((*FLOW, "-o", "no/x.md"), "there is no folder 'no'; make it first"),
    ((*DRAW, "--height", "50mm"), "--height goes with --width"),
    ((*DRAW, "--width", "89"), "width '89' is no length"),
    ((*DRAW, "--width", "5mm"), "width '5mm' must be 49 to 1411 mm"),
    ((*DRAW, "--font", "No Such Font"), "font 'No Such Font' is not installed"),
    ((*DRAW, "-o", "x.gif"), "ends in none of .svg, .png, .pdf"),
    # --fail-on
    ((*FLOW, "--fail-on", "covrage<1"), "did you mean 'coverage' or"),
    (("shock", "tutorial", "--aggregate"), "Months keep their limits without it"),
    # --strict
    (("graph check", "tutorial", "--strict", "isolatd-node"), "did you mean 'isolated-node'?"),
    (("graph check", "tutorial", "--fail-on", "errors"), "write for example 'errors>0'"),
    # what would be passed over without a word
    (("flow cut", "tutorial", "--to", "MLT", "--limit", "3"), "give --all too"),
    (("indices", "tutorial", "--hs", "850511"), "--hs is about a table of imports"),
    (("compare diff", "a.csv", "b.csv", "--where", "A=b", "--where", "A=c"), "'A' is given twice"),
    (("graph generate", "cyclic", "x.npz", "--nations", "3"), "--nations says nothing to arrays"),
    # a picture where there is none
    ((*FLOW, "-o", "x.svg"), "supplynet draw --help lists"),
    # arguments of the others
    (("graph convert", "tutorial"), "Missing argument 'OUT'"),
    (("graph convert", "tutorial", "x.doc"), ".zip, .json, .graphml or .xlsx file"),
    (("completion", "fsh"), "did you mean 'fish'"),
    (("compare", "tutorial", "base:x=1", "--to", "MLT"), "base is the network as it is"),
    (("graph",), "graph list"),
]


@pytest.mark.parametrize(("args", "message"), USAGE, ids=str)
def test_a_wrong_question_exits_with_2(invoke, tmp_path: Path, args, message: str) -> None:
    ran = invoke(*args)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert "internal error" not in ran.err
    assert list(tmp_path.iterdir()) == []


def test_scenario_file_that_is_not_there(invoke) -> None:
    ran = invoke(*FLOW, "--scenario", "ban.toml")
    assert (ran.code, ran.out) == (3, "")
    assert "ban.toml: there is no such file" in ran.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "not TOML"),
        ("[[change]]\nverb = 'scale'\nnodes = 'ISL'\n", "verb scale needs factor"),
    ],
)
def test_scenario_file_with_a_fault(invoke, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "ban.toml").write_text(text)
    ran = invoke(*FLOW, "--scenario", "ban.toml")
    assert (ran.code, ran.out) == (3, "")
    assert message in ran.err
    assert "ban" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("flow", "mine", "--to", "MLT"),
        ("graph check", "mine"),
        ("compare diff", "mine", "tutorial"),
    ],
    ids=lambda words: words[0],
)
def test_graph_with_faults_exits_with_3(invoke, tmp_path: Path, words: tuple[str, ...]) -> None:
    sn.save(sn.load("tutorial"), tmp_path / "mine")
    table = tmp_path / "mine" / "nodes.csv"
    text, n_faults = re.subn(
        r"(?<=Big Mine)([^\n]*?),ISL,", r"\1,Iceland,", table.read_text(), count=1
    )
    assert n_faults == 1
    table.write_text(text)
    ran = invoke(*words)
    assert (ran.code, ran.out) == (3, "")
    assert "nodes.csv" in ran.err
    assert "write ISL" in ran.err


@pytest.mark.parametrize("name", ["notes.txt", "empty"])
def test_what_is_no_graph_exits_with_3(invoke, tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "empty").mkdir()
    ran = invoke("graph show", name)
    assert (ran.code, ran.out) == (3, "")
    assert "Hint: " in ran.err


def test_convert_into_a_folder_that_is_not_there(invoke) -> None:
    ran = invoke("graph convert", "tutorial", "no/x.json")
    assert (ran.code, ran.out) == (6, "")
    assert "make the folder first" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        BALANCE,
        (*EXPOSURE, "--exposed-to", "FJI"),
        ("report", "tutorial", "--to", "MLT", "--avoid", "FJI"),
        (*DRAW, "-o", "x.svg"),
    ],
    ids=lambda words: words[0],
)
def test_a_network_too_large_for_a_program(
    invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    sn.save(sn.load("tutorial"), tmp_path / "mine")  # of the shipped one programs may be at hand
    monkeypatch.setenv(SIZE_LIMIT, "12")
    ran = invoke(*("mine" if word == "tutorial" else word for word in words))
    assert (ran.code, ran.out) == (3, "")
    told = r"\d+ links x 2 elements make a program of (\d+) variables; at most 12 are solved"
    assert (large := re.search(told, ran.err)), ran.err
    assert f"{SIZE_LIMIT}={large[1]} in the environment solves it" in " ".join(ran.err.split())


def test_a_network_too_large_for_a_program_has_flows(
    invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SIZE_LIMIT, "12")
    for words in (FLOW, CHOKE, INTERDICT):
        assert invoke(*words).code == 0, words
