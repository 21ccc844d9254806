"""What a type checker says of a user's script: nothing of a right one, the fault of a wrong one."""

from __future__ import annotations

import inspect
import subprocess
import sys
from operator import attrgetter
from pathlib import Path

import pytest

import supplynet as sn
from supplynet.analysis.balance.ask import BalanceWords
from supplynet.contract.query import Balanced, options_of
from tools import stubs

RIGHT = """
import supplynet as sn

net = sn.load("tutorial")
flow = sn.flow(net, to="MLT", element="Nd", avoid=["ISL"], scenario="stop.toml")
share: float | None = flow.coverage
result: sn.AllocateResult = sn.allocate(net, year=2024)
found = sn.trace(net, to="MLT", exposed_to="FJI", year=2024, basis="capacity")
burden = sn.trace.footprint(net, to="MLT", lens="control")
print(flow.value + 1.0, result.deliveries[0].served, found.at("Nd").traced, burden.served)
picture = sn.draw.layers(net, flow, level="node")
sn.draw.save(picture, "flow.svg")
table = sn.read_trade("baci.csv", codes="850511")
dependence: sn.DependenceResult = sn.trace.dependence(table.frame, on="CHN", importers="KOR")
report: sn.Report = sn.report(net, to="MLT", avoid="ISL")
print(sn.report.of(flow, title="One").to_markdown(), report, dependence.rows[0].measure)
try:
    net.with_plant("new", stage="mine", country="FJI", capacity=5, unit="t")
except sn.errors.DataError as error:
    print(error)
"""

WRONG = [
    ('sn.flow(net, to="MLT", elemnt="Nd")', "call-arg"),
    ('sn.flow(net, to="MLT").valu', "attr-defined"),
    ("sn.flow(net, to=5)", "arg-type"),
    ('sn.bypas(net, to="MLT", avoid="ISL")', "attr-defined"),
    ('sn.trace(net, to="MLT", exposed_to="FJI", elemnt="Nd")', "call-arg"),
    ('sn.trace.footprint(net, to="MLT", yaer=2024)', "call-arg"),
    ('sn.flow.cut(net, to="MLT", yaer=2024)', "call-arg"),
    ('sn.chokepoints.fortify(net, to="MLT", yaer=2024)', "call-arg"),
    ('sn.draw.layers(net, sn.flow(net, to="MLT"), levl="node")', "call-arg"),
    ("sn.draw.layer(net)", "attr-defined"),
    ("sn.allocate(net).deliveries[0].nothing", "attr-defined"),
]


#: as for a package that is installed: what mypy says of itself is not the user's concern
CONFIG = "[mypy]\nignore_missing_imports = True\n[mypy-supplynet.*]\nignore_errors = True\n"


def check(script: str, folder: Path) -> str:
    """Return what mypy says of a script."""
    (folder / "script.py").write_text(script, encoding="utf-8")
    (folder / "mypy.ini").write_text(CONFIG, encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file", "mypy.ini"),
            *("--cache-dir", str(stubs.ROOT / ".mypy_cache" / "scripts"), "script.py"),
        ],
        cwd=folder,
        env={"PATH": "", "MYPYPATH": str(stubs.ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_right_script_passes_and_every_wrong_line_is_told(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    script = "\n".join([RIGHT.strip(), *(line for line, _ in WRONG), ""])
    n_right = len(RIGHT.strip().splitlines())
    errors: dict[int, list[str]] = {}
    for told in check(script, tmp_path).splitlines():
        file, _, rest = told.partition(":")
        if file == "script.py" and ": error:" in rest:
            errors.setdefault(int(rest.partition(":")[0]), []).append(told)
    assert [text for line, texts in errors.items() if line <= n_right for text in texts] == []
    for number, (line, kind) in enumerate(WRONG, n_right + 1):
        assert [text.endswith(f"[{kind}]") for text in errors.get(number, [])] == [True], line


@pytest.mark.parametrize("name", stubs.PACKAGES)
def test_the_stub_files_are_those_of_todays_names(name: str) -> None:
    hint = "python tools/stubs.py --write"
    assert stubs.path_of(name).read_text(encoding="utf-8") == stubs.stub(name), hint


def test_an_old_stub_file_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stubs, "ROOT", tmp_path)
    (tmp_path / "supplynet" / "draw").mkdir(parents=True)
    assert stubs.main([]) == 1
    assert stubs.main(["--write"]) == 0
    assert stubs.main([]) == 0


def test_every_result_that_is_returned_has_a_public_type() -> None:
    functions = [attrgetter(name)(sn) for name in sn._QUESTIONS]
    returned = {str(inspect.signature(one).return_annotation) for one in functions}
    assert {name for name in returned if name.endswith("Result")} <= set(sn._PUBLIC)


def test_words_passed_on_are_those_of_a_balance() -> None:
    known = {one.name for one in options_of(Balanced)} - {"objective"}
    assert set(BalanceWords.__annotations__) == {*known, "near", "time_limit"}
