"""``supplynet verify``: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from supplynet import verify
from tests.cli.conftest import Invoke


def test_command(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    assert invoke("flow", "tutorial", "--to", "MLT", "--element", "Nd", "-o", path).code == 0
    assert invoke("verify", path).out.startswith("holds")
    assert invoke("verify", "--script").out == Path(verify.__file__).read_text(encoding="utf-8")
    assert invoke("verify").code == 2
    wrong = json.loads(path.read_text(encoding="utf-8"))
    wrong["results"][0]["value"] = 1.0
    path.write_text(json.dumps(wrong), encoding="utf-8")
    assert invoke("verify", path).code == 4
    path.write_text("{", encoding="utf-8")
    assert invoke("verify", path).code == 3
    path.write_text("{}", encoding="utf-8")
    assert invoke("verify", path).out == "No result in it.\n"
