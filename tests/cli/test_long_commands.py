"""Commands that take long on a shipped graph say on a terminal how far they are."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from supplynet.cli import console
from supplynet.io.load import save
from tests.analysis.decisions.networks import THRIFT, with_options
from tests.analysis.time.test_replay import happened
from tests.cli.conftest import Invoke

SCENARIO = '[[change]]\nverb = "close"\nnodes = "ISL:refiner"\n'
#: by command of the table in the benchmarks: what it is asked here
LONG = {
    "allocate": "allocate tutorial",
    "graph calibrate": "graph calibrate tutorial",
    "compare": "compare tutorial base stop.toml --to MLT",
    "draw plan": "draw plan thrift --to MLT --avoid ISL --by 2026 --until 2026 -o plan.svg "
    "--target coverage=0.3 --tier committed",
    "draw sankey": "draw sankey tutorial --avoid ISL --against base -o against.svg",
    "draw sure": "draw sure tutorial --to MLT --avoid ISL --draws 256 -o sure.svg",
    "uncertainty": "uncertainty tutorial --to MLT --draws 256",
    "trace": "trace tutorial --to MLT --exposed-to ISL --ranges total",
    "chokepoints interdict": "chokepoints interdict tutorial --to MLT -k 2 --by link",
    "coverage outlook": "coverage outlook tutorial --to MLT,ISL",
    "plan": "plan thrift --to MLT --avoid ISL --by 2026 --until 2026 --target coverage=0.3 "
    "--tier committed",
    "coverage progress": "coverage progress tutorial --to MLT --avoid ISL --year 2024,2026 "
    "--slip 0",
    "shock replay": "shock replay seen stop",
    "report": "report tutorial --to MLT --avoid ISL --full",
    "shock": "shock tutorial --avoid ISL --during 2024-01..2024-02",
    "shock stockpile": "shock stockpile tutorial --to MLT --shock stop.toml@2024-01..2024-02 "
    "--no-ranges",
    "shock survive": "shock survive tutorial --to MLT --avoid ISL --during 2024-01..2024-02 "
    "--no-ranges",
}
BENCHMARKS = Path(__file__).parents[2] / "benchmarks" / "README.md"


class Terminal(io.StringIO):
    """Standard error of a user who looks on."""

    def isatty(self) -> bool:
        return True


class AtOnce:
    """A timer that is up as soon as it starts."""

    daemon = True

    def __init__(self, delay: float, show: Callable[[], None]) -> None:
        self.start, self.cancel = show, lambda: None


@pytest.mark.parametrize("command", LONG)
def test_a_long_command_says_how_far_it_is(
    command: str, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stop.toml").write_text(SCENARIO)
    if "plan" in command:
        save(with_options(THRIFT), tmp_path / "thrift")
    if command == "shock replay":
        save(happened(), tmp_path / "seen")
    parts: list[float] = []
    step = console.Progress.step

    def told(progress: console.Progress, label: str, done: float, total: float) -> None:
        parts.append(done / total)
        step(progress, label, done, total)

    terminal = Terminal()
    monkeypatch.setattr(console.Progress, "step", told)
    monkeypatch.setattr("threading.Timer", AtOnce)
    monkeypatch.setattr("sys.stderr", terminal)
    assert invoke(*LONG[command].split()).code == 0
    assert "━" in terminal.getvalue()  # a bar was drawn
    assert parts and parts == sorted(parts) and parts[0] >= 0.0 and parts[-1] <= 1.0


def test_every_command_that_is_listed_as_long_is_held_to_it() -> None:
    text = BENCHMARKS.read_text().split("## Every command")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    named = {
        name
        for row in rows
        for name in re.findall(
            r"`((?:(?:draw|graph|coverage|shock|chokepoints) (?!-))?[a-z]+)", row
        )
    }
    assert named - {"cost", "price"} <= set(LONG) and named >= {"allocate", "uncertainty"}
