"""Every command answers for the shipped graph of cobalt, in words of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

WITHOUT = ("--to", "KOR", "--avoid", "CHN")
COMMANDS: dict[str, tuple[str, ...]] = {
    "show": (),
    "check": ("--strict", "all"),
    "scenarios": (),
    "nations": (),
    "flow": WITHOUT,
    "cut": WITHOUT,
    "unavoidable": ("--to", "KOR"),
    "routes": (*WITHOUT, "--links", "observed"),
    "bypass": (*WITHOUT, "--via", "FIN,IDN", "--year", "2030"),
    "chokepoints": ("--to", "KOR", "--by", "country-stage"),
    "interdict": ("--to", "KOR", "-k", "2"),
    "fortify": ("--to", "KOR", "--defend", "1", "--attack", "2"),
    "potential": (*WITHOUT, "--tier", "firm"),
    "outlook": ("--to", "JPN", "--avoid", "CHN", "--year", "2026"),
    "balance": ("--objective", "price", "--year", "2026"),
    "disrupt": ("--avoid", "CHN", "--year", "2026", "--top", "3"),
    "exposure": ("--to", "KOR", "--exposed-to", "CHN"),
    "footprint": ("--to", "KOR", "--flows", "calibrated"),
    "calibrate": (),
    "indices": ("--to", "EU"),
    "compare": ("base", "cod-quota-2026", "--to", "KOR"),
    "run": ("--shock", "cod-stop-3"),
    "report": (*WITHOUT, "--year", "2026"),
}
PICTURES = {"layers": WITHOUT, "map": WITHOUT, "sankey": ("--avoid", "CHN"), "concentration": ()}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_answers(invoke, command: str) -> None:
    ran = invoke(command, "cobalt", *COMMANDS[command])
    assert ran.code == 0, ran.err
    assert len(ran.out.splitlines()) > 5
    said = ran.out.casefold().replace("superalloys and magnets", "")
    assert "magnet" not in said
    assert "rare earth" not in said
    assert "oxide/yr" not in said


@pytest.mark.parametrize("kind", PICTURES)
def test_pictures_are_drawn(invoke, tmp_path: Path, kind: str) -> None:
    picture = tmp_path / f"{kind}.svg"
    ran = invoke("draw", kind, "cobalt", *PICTURES[kind], "-o", picture)
    assert ran.code == 0, ran.err
    assert picture.stat().st_size > 5_000
