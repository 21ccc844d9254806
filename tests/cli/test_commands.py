"""Each command: the right answer on standard output, in every format."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import highspy
import pytest

import supplynet as sn
from supplynet.questions import QUESTIONS
from supplynet.solve.lp import engine as linear_engine
from tests.cli.conftest import Ran

ASKED = ("tutorial", "--to", "MLT")
BYPASS = (*ASKED, "--avoid", "ISL")

#: commands that no question declares, and options that change what a page holds
RESULTS = [
    ("graph list",),
    ("graph show", "tutorial"),
    ("graph show", "tutorial", "ref-small"),
    ("graph check", "tutorial"),
    ("flow", *ASKED),
    ("flow cut", *ASKED, "--all"),
    ("allocate", "tutorial", "--nation", "MLT", "--ranges", "--explain", "MLT"),
    ("allocate", "tutorial", "--objective", "price", "--ranges"),
    ("shock", "tutorial", "--avoid", "ISL", "--begin", "2024-01", "--end", "2024-03"),
    ("chokepoints disrupt", "tutorial", "--lost", "ISL:refiner"),
    ("trace", *ASKED, "--exposed-to", "FJI", "--lens", "control", "--ranges", "stages"),
    ("chokepoints", *ASKED, "--model", "balance"),
    ("compare diff", "tutorial", "tutorial"),
    ("report", *BYPASS),
]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def shown(invoke):
    """What a command prints in a format; each is run once for all tests."""

    def run(args: tuple[str, ...], name: str) -> Ran:
        words = args if name == "table" else (*args, "--format", name)
        if words not in _SHOWN:
            _SHOWN[words] = invoke(*words)
        return _SHOWN[words]

    return run


_SHOWN: dict[tuple[str, ...], Ran] = {}


@pytest.mark.parametrize("args", RESULTS, ids=" ".join)
def test_results_alone_go_to_stdout_in_every_format(shown, args) -> None:
    table = shown(args, "table")
    assert (table.code, table.err) == (0, "")
    assert max(map(len, table.out.splitlines())) <= 120
    # of a question that is declared JSON and CSV are held by tests/contract/test_question.py
    for name in ("md",) if args[0] in QUESTIONS.values() else ("md", "json", "csv"):
        ran = shown(args, name)
        assert (ran.code, ran.err) == (0, ""), name
        if name == "md":
            assert ran.out.startswith("# ")
        elif name == "json":
            assert isinstance(json.loads(ran.out), dict)
        else:
            lengths = {len(line) for line in csv.reader(io.StringIO(ran.out))}
            assert len(lengths) == 1


#: a command of each kind in one format, and one command in each; all write by one door
WRITTEN = [(("graph check", "tutorial"), "md"), (("report", *BYPASS), "md")]
WRITTEN += [(("flow", *ASKED), ending) for ending in ("md", "json", "csv", "txt")]


@pytest.mark.parametrize(("args", "ending"), WRITTEN, ids=str)
def test_output_files_hold_what_stdout_would(
    invoke, shown, tmp_path: Path, args, ending: str
) -> None:
    """A report as Markdown also shows its pictures, which are files beside it."""
    ran = invoke(*args, "-o", f"x.{ending}")
    assert (ran.code, ran.out) == (0, "")
    told = [line.removeprefix("Written: ") for line in ran.err.splitlines()]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(told)
    assert told[0] == f"x.{ending}"
    written = (tmp_path / f"x.{ending}").read_text(encoding="utf-8")
    assert written.endswith("\n")
    pictures = re.findall(r"^\n!\[.+\]\((.+)\)\n", written, flags=re.MULTILINE)
    assert pictures == told[1:]
    assert bool(pictures) == (ending == "md" and args[0] == "report")
    if ending != "txt":
        plain = re.sub(r"^\n!\[.+\]\(.+\)\n", "", written, flags=re.MULTILINE)
        assert shown(args, ending).out == plain


def test_scenarios_of_the_graph_by_name(invoke, tmp_path: Path) -> None:
    from supplynet.network.scenario.scenario import Scenario

    net = sn.load("tutorial")
    stops = {
        name: Scenario.from_dict({"change": [{"verb": "close", "nodes": node}]}, name=name)
        for name, node in (("one", "mine-big"), ("two", "mine-small"))
    }
    changed = sn.SupplyNetwork(
        net.metadata, {name: net.rows(name) for name in ("nodes", "edges")}, scenarios=stops
    )
    sn.save(changed, tmp_path / "mine")
    ran = invoke("graph show", "mine", "--scenario", "one,two", "--format", "json")
    assert json.loads(ran.out)["scenarios_applied"] == ["one", "two"]
    assert invoke("graph show", "mine", "--scenario", "one", "--scenario", "two").code == 0


def test_balance_judges_the_nations_that_are_named(invoke) -> None:
    args = ("allocate", "tutorial", "--objective", "max_supply", "--fail-on", "coverage<1")
    args += ("--year", "2024", "--tier", "possible")
    everybody = invoke(*args)
    assert everybody.code == 7
    assert "coverage of Iceland (goods) is 0.625" in everybody.err
    assert invoke(*args, "--nation", "ISL").code == 7
    assert invoke(*args, "--nation", "MLT").code == 0


def test_balance_refuses_money_without_figures(invoke, tutorial, tmp_path: Path) -> None:
    sn.save(tutorial.replace(charges=(), prices=()), tmp_path / "mine")
    for objective, words in (("cost", "has no charges"), ("price", "has no prices")):
        ran = invoke("allocate", "mine", "--objective", objective)
        assert (ran.code, ran.out) == (2, "")
        assert words in ran.err
        assert f"{'charges' if objective == 'cost' else 'prices'}.csv" in ran.err
    assert invoke("allocate", "mine", "--objective", "observed").code == 0


@pytest.mark.parametrize("name", ["allocate", "chokepoints disrupt", "trace"])
def test_a_time_limit_that_is_too_short(invoke, name: str) -> None:
    asked = ["--to", "KOR", "--exposed-to", "CHN"] if name == "trace" else []
    ran = invoke(name, "rare-earths", *asked, "--time-limit", "1e-9", "-o", "x.json")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == (
        "Error: the solver reached its limit before it had an answer\nHint: give it more time\n"
    )


@pytest.mark.parametrize("name", ["allocate", "chokepoints disrupt"])
def test_programs_without_a_solution(invoke, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """No graph leads to one, for everybody may get nothing: only a solver could claim it."""
    claim = highspy.HighsModelStatus.kInfeasible
    monkeypatch.setattr(linear_engine.LinearEngine, "_run", lambda *_, **__: claim)
    words = ("--objective", "max_supply") if name == "allocate" else ()
    ran = invoke(name, "tutorial", *words, "-o", "x.json")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == "Error: no solution satisfies all constraints of the linear program\n"


@pytest.mark.parametrize("name", ["allocate", "chokepoints disrupt"])
def test_a_graph_in_which_nothing_limits_anything(
    invoke, tutorial, tmp_path: Path, name: str
) -> None:
    tables = {
        table: [row.model_copy(update={"capacity": None, "unit": ""}) for row in rows_of]
        for table, rows_of in ((one, tutorial.rows(one)) for one in ("nodes", "edges", "rules"))
    }
    sn.save(tutorial.replace(demand=(), **tables), tmp_path / "mine")
    ran = invoke(name, "mine")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith("Error: no demand is known, and no capacity limits what")


def test_exposure_judges_each_element_over_all_steps(invoke) -> None:
    args = ("trace", *ASKED, "--exposed-to", "FJI", "--ranges", "none")
    ran = invoke(*args, "--fail-on", "traced>20%")
    assert ran.code == 7
    assert "traced of Nd is 0.22" in ran.err
    assert "traced of Dy is 0.4" in ran.err
    assert "together" not in ran.err
    assert invoke(*args, "--fail-on", "direct>0.2").code == 0
    ran = invoke(*args, "--fail-on", "greatest>0.5")
    assert ran.code == 2
    assert "greatest of Nd is not known" in ran.err
    args = ("trace", *ASKED, "--exposed-to", "FJI", "--fail-on", "greatest>0.5")
    assert invoke(*args).code == 7


def test_check_lists_every_error_and_exits_with_3(invoke, tutorial, tmp_path: Path) -> None:
    nodes = [
        row.model_copy(update={"unit": "t x"}) if row.unit else row for row in tutorial.node_rows
    ]
    sn.save(tutorial.replace(nodes=nodes), tmp_path / "mine")
    n_wrong = sum(bool(row.unit) for row in tutorial.node_rows)
    ran = invoke("graph check", "mine", "--format", "csv")
    assert (ran.code, ran.err) == (3, "")
    units = [row for row in rows(ran.out) if row["code"] == "unit"]
    assert len(units) == n_wrong
    assert {row["severity"] for row in units} == {"error"}
    assert all(row["file"] == "nodes.csv" and row["row"] for row in units)


def test_check_strict_makes_errors_of_warnings(invoke, tutorial, tmp_path: Path) -> None:
    edges = [row for row in tutorial.edge_rows if "ref-new" not in (row.source, row.target)]
    sn.save(tutorial.replace(edges=edges, rules=[]), tmp_path / "mine")
    assert invoke("graph check", "mine").code == 0
    assert invoke("graph check", "mine", "--fail-on", "warnings>0").code == 7
    assert invoke("graph check", "mine", "--fail-on", "errors>0").code == 0
    assert invoke("graph check", "mine", "--strict", "isolated-node").code == 3
    assert invoke("graph check", "mine", "--strict", "range,all").code == 3
    assert invoke("graph check", "mine", "--strict", "range", "--strict", "rule").code == 0


@pytest.mark.parametrize(
    ("args", "is_true", "is_false"),
    [
        (("flow", *ASKED), "value>0", "coverage>1"),
        (("bypass", *BYPASS), "loss_share>0%", "loss_share<0"),
        (("report", *BYPASS), "need>0", "coverage<0"),
        (("graph check", "tutorial"), "cited_share<1", "errors>0"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else value,
)
def test_fail_on(invoke, tmp_path: Path, args, is_true: str, is_false: str) -> None:
    plain = invoke(*args)
    assert invoke(*args, "--fail-on", is_false) == plain
    ran = invoke(*args, "--fail-on", is_false, "--fail-on", is_true)
    assert (ran.code, ran.out) == (7, plain.out)
    assert f"--fail-on '{is_true}' is true: " in ran.err
    quiet = invoke(*args, "--fail-on", is_true, "-q", "-o", "x.md")
    assert (quiet.code, quiet.out, quiet.err) == (7, "", "")
    assert (tmp_path / "x.md").exists()


@pytest.mark.parametrize("target", ["mine", "mine.json"])
def test_convert_writes_the_same_graph(invoke, tutorial, tmp_path: Path, target: str) -> None:
    ran = invoke("graph convert", "tutorial", target)
    assert (ran.code, ran.out, ran.err) == (0, "", f"Written: {target}\n")
    assert sn.load(tmp_path / target) == tutorial
    again = invoke("graph convert", "tutorial", target)
    assert (again.code, again.out) == (6, "")
    assert again.err == f"Error: {target}: is there already\nHint: give --force to replace it\n"
    assert invoke("graph convert", "tutorial", target, "--force", "--quiet").err == ""
    assert invoke("graph show", target).code == 0


def test_convert_fills_an_empty_folder_but_deletes_no_other(invoke, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert invoke("graph convert", "tutorial", "empty").code == 0
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "thesis.tex").write_text("mine")
    ran = invoke("graph convert", "tutorial", "own", "--force")
    assert ran.code == 6
    assert (tmp_path / "own" / "thesis.tex").read_text() == "mine"


def test_format_wins_over_the_ending(invoke, tmp_path: Path) -> None:
    assert invoke("graph list", "--format", "json", "-o", "x.dat").code == 0
    assert json.loads((tmp_path / "x.dat").read_text())["graphs"]
    ran = invoke("graph list", "--format", "csv", "-o", "x.json")
    assert ran.err == "Written: x.json (as csv, by --format)\n"
    assert (tmp_path / "x.json").read_text().startswith("id,title,")
    ran = invoke("report", *ASKED, "--avoid", "ISL", "--format", "md", "-o", "x.html")
    assert "Written: x.html (as md, by --format)\nWritten: x-outlook.png\n" in ran.err


def test_firm_deliveries_can_be_left_out(invoke, tutorial, tmp_path: Path) -> None:
    """50 t of ore are promised to the big refinery; only so many are there."""
    edges = [
        row.model_copy(update={"minimum": 50.0}) if row.capacity == 50.0 else row
        for row in tutorial.edge_rows
    ]
    sn.save(tutorial.replace(edges=edges), tmp_path / "promised")
    graph = str(tmp_path / "promised")
    assert "Firm deliveries come first: all 1 are served in full." in invoke("allocate", graph).out
    assert "Firm deliveries" not in invoke("allocate", graph, "--no-firm").out
