"""``supplynet verify``: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from supplynet import verify
from supplynet.reports.data_writers import script
from tests.cli.conftest import Invoke


def test_command(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    assert invoke("flow", "tutorial", "--to", "MLT", "--element", "Nd", "-o", path).code == 0
    ran = invoke("verify", path)
    assert (ran.code, ran.out[:11]) == (0, "Certified: ")
    assert invoke("verify", path, "--strict").code == 0
    assert "\nholds        " in ran.out
    assert invoke("verify", "--script").out == script()
    assert invoke("verify").code == 2
    wrong = json.loads(path.read_text(encoding="utf-8"))
    wrong["results"][0]["value"] = 1.0
    path.write_text(json.dumps(wrong), encoding="utf-8")
    ran = invoke("verify", path)
    assert (ran.code, "of 5 checks fail" in ran.out) == (4, True)
    del wrong["results"][0]["arithmetic"], wrong["results"][0]["proof"]
    path.write_text(json.dumps(wrong), encoding="utf-8")
    ran = invoke("verify", path)
    assert (ran.code, ran.out.splitlines()[0]) == (
        4, "Nothing in it can be checked: it carries no proof."
    )  # fmt: skip
    path.write_text("{", encoding="utf-8")
    assert invoke("verify", path).code == 3
    path.write_text("{}", encoding="utf-8")
    assert invoke("verify", path).out == "No result in it.\n"


def test_what_another_version_answered_is_not_asked_again(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    assert invoke("graph", "evidence", "tutorial", "-o", path).code == 0
    assert "of them by asking again alone." in invoke("verify", path).out.splitlines()[0]
    older = json.loads(path.read_text(encoding="utf-8"))
    older["provenance"]["build"] = "0" * 16
    path.write_text(json.dumps(older), encoding="utf-8")
    ran = invoke("verify", path)
    assert ran.code == 0 and "open, named below." in ran.out.splitlines()[0]
    assert invoke("verify", path, "--strict").code == 4


def test_tables_are_those_of_a_shipped_graph_or_of_a_folder(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    assert invoke("flow", "tutorial", "--to", "MLT", "--element", "Nd", "-o", path).code == 0
    ran = invoke("verify", path, "--graph", "tutorial")
    assert (ran.code, "tables: what is used counts" in ran.out) == (0, True)
    named = "demand.estimated_share"
    (answer,) = verify.parts_of(json.loads(path.read_text(encoding="utf-8")))
    sums = verify.Arithmetic(answer)
    assert named in map(verify.column_of, sums.open) and named not in ran.out
    # a shipped graph of the same tables is looked up without being named
    assert named not in invoke("verify", path).out
    answer = json.loads(path.read_text(encoding="utf-8"))
    answer["results"][0]["demand"]["value"] *= 1.001
    (tmp_path / "other.json").write_text(json.dumps(answer), encoding="utf-8")
    ran = invoke("verify", tmp_path / "other.json", "--graph", "tutorial")
    assert (ran.code, "demand.value is" in ran.out) == (4, True)
    assert invoke("verify", path, "--graph", "rare-earths").code == 4
    # what else a graph is written as is looked up in the same tables
    assert invoke("graph", "convert", "tutorial", tmp_path / "other.zip").code == 0
    ran = invoke("verify", path, "--graph", tmp_path / "other.zip")
    assert (ran.code, "tables: what is used counts" in ran.out) == (0, True)
    for wrong, code in ((tmp_path, 3), (path, 3), (tmp_path / "none", 2)):
        assert invoke("verify", path, "--graph", wrong).code == code


def test_what_is_no_result_is_told(invoke: Invoke, tmp_path: Path) -> None:
    for name, content in (("a.csv", b"a,b"), ("b.xlsx", b"PK\xfb"), ("c.json", b"\x1f\x8bno")):
        words = "what -o FILE.json or -o FILE.html writes" if name == "c.json" else "beside"
        (tmp_path / name).write_bytes(content)
        ran = invoke("verify", tmp_path / name)
        assert (ran.code, words in ran.err) == (3, True), name


def test_a_forged_proof_fails_and_is_no_fault_of_the_program(
    invoke: Invoke, tmp_path: Path
) -> None:
    path = tmp_path / "result.json"
    assert invoke("flow", "tutorial", "--to", "MLT", "--element", "Nd", "-o", path).code == 0
    forged = json.loads(path.read_text(encoding="utf-8"))
    forged["results"][0]["proof"][0]["figures"] = 3
    path.write_text(json.dumps(forged), encoding="utf-8")
    ran = invoke("verify", path)
    assert (ran.code, ran.out.splitlines()[0], ran.err) == (4, "1 of 1 checks fails.", "")
