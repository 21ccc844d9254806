"""The stand-alone verification of results: its tables, what it states part by part, its command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from supplynet import verify
from tests.proofs_by_hand import program

NODES = """id,stage,country,start_year,end_year
mine,mine,AUS,2020,2030
late,mine,AUS,2026,
plant,refiner,CHN,,
home,nation,CHN,,
"""
EDGES = """source,target,form,standing,start_year,end_year
mine,plant,ore,observed,,2025
late,plant,ore,planned,,
"""
RULES = """id,form,standing
rule:all,metal,possible
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("nodes", NODES), ("edges", EDGES), ("rules", RULES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def faults(folder: Path, year: int, *, links: str = "planned", avoid: str = "", **used: Any) -> Any:
    question = {"year": year, "links": links, "avoid": avoid, "lens": "location"}
    return verify.table_faults({"question": question, **used}, folder)


@pytest.mark.parametrize(
    ("node", "first", "last"), [("mine", 2020, 2030), ("late", 2026, 9999), ("plant", 1, 9999)]
)
def test_plants_run_from_the_first_to_the_last_of_their_years(
    folder: Path, node: str, first: int, last: int
) -> None:
    used = {"plants": [{"node": node}]}
    assert [faults(folder, year, **used) == [] for year in (first, last)] == [True, True]
    outside = [year for year in (first - 1, last + 1) if 1000 < year < 9999]
    assert not any(faults(folder, year, **used) == [] for year in outside)


def test_links_are_sure_enough_and_there(folder: Path) -> None:
    def moves(tail: str, form: str = "ore") -> Any:
        return {"flows": [{"tail": tail, "head": "plant", "form": form}]}

    assert faults(folder, 2025, **moves("mine")) == []
    assert faults(folder, 2026, **moves("mine")) == ["no link mine to plant"]
    assert faults(folder, 2026, **moves("late")) == []
    assert faults(folder, 2026, links="contracted", **moves("late")) != []
    assert faults(folder, 2025, **moves("plant", "metal")) != []
    # what moves by a rule is known by its form, where the rule is sure enough
    assert faults(folder, 2025, links="possible", **moves("plant", "metal")) == []


def test_a_graph_may_have_no_rules_and_must_have_plants(folder: Path) -> None:
    (folder / "rules.csv").unlink()
    assert faults(folder, 2025, plants=[{"node": "mine"}]) == []
    (folder / "nodes.csv").unlink()
    with pytest.raises(FileNotFoundError):
        faults(folder, 2025, plants=[{"node": "mine"}])


def test_what_is_avoided_is_used_nowhere_but_by_those_who_draw(folder: Path) -> None:
    assert faults(folder, 2025, avoid="CHN", plants=[{"node": "plant"}]) != []
    assert faults(folder, 2025, avoid="CHN", plants=[{"node": "home"}]) == []
    assert faults(folder, 2025, avoid="AUS", routes=[{"nodes": ["mine", "home"]}]) == [
        "mine is not there in 2025, or avoided"
    ]


def result(value: float = 11.0) -> dict[str, Any]:
    """A result with a proof of its one figure."""
    proof, _ = program()
    figures = [{"table": "", "key": "value", "of": ["most"]}]
    proof |= {"figures": figures, "open": ["what is not said"]}
    return {"provenance": {}, "result": "sum", "value": value, "proof": [proof]}


def test_each_part_is_told_by_itself() -> None:
    words = ["holds", "holds", "holds", "not checked", "certified"]
    assert [word for word, _ in verify.verify(result())] == words
    told = verify.verify({"one": result(), "other": [result(12.0)]})
    assert [word for word, _ in told] == [*words, *words[:2], "FAILS", *words[3:]]
    assert told[1][1].startswith(
        "one (sum): 1 points keep to 1 rows to 1e-7; none is better than 1"
    )
    assert told[7][1].startswith("other.0 (sum): figures of 1 columns")
    assert verify.verify({"provenance": {}}) == [
        ("not checked", "result (answer): it carries no proof")
    ]


def test_points_that_are_not_all_exact_are_told_as_such() -> None:
    both = result()
    programs = both["proof"][0]["programs"]
    programs.append({**programs[0], "name": "exact", "is_exact": True})
    assert "2 points keep to 2 rows, 1 of them exactly, others to 1e-7" in verify.verify(both)[1][1]
    programs.pop(0)
    both["proof"][0]["figures"][0]["of"] = ["exact"]
    assert "1 points keep to 1 rows exactly" in verify.verify(both)[1][1]


def test_no_more_than_three_faults_are_told() -> None:
    many = result()
    many["proof"][0]["figures"] = [
        {"table": "rows", "key": "n", "of": ["most"], "where": {"id": number}}
        for number in range(9)
    ]
    many["rows"] = [{"id": number, "n": 12.0} for number in range(9)]
    [text] = [text for word, text in verify.verify(many) if word == "FAILS"]
    assert text.count("is reported, and 11 proved") == 3


def test_a_figure_that_nothing_proves_and_a_name_taken_twice_fail() -> None:
    bare = result()
    bare["proof"][0]["figures"][0]["where"] = {"value": 3.0}
    told = str(verify.verify(bare))
    assert " lacks rows; value 11.0 is reported, and 0 proved" in told
    for nothing in (0.0, None):
        bare["value"] = nothing
        assert "and 0 proved" not in str(verify.verify(bare))
    twice = result()
    twice["proof"][0]["programs"] *= 2
    assert "another has its name" in str(verify.verify(twice))


def test_parts_of_a_list_are_proved_one_by_one() -> None:
    """A part that nothing proves must be nothing, whatever stands beside it."""
    listed = result()
    listed["values"] = [11.0, None]
    specs = listed["proof"][0]["figures"]
    specs += [{**specs[0], "key": "values.0"}, {**specs[0], "key": "values.1"}]
    specs[-1]["where"] = {"values": [11.0, 5.0]}
    told = str(verify.verify(listed))
    assert "values.0" not in told
    assert "values.1" not in told.replace(" lacks rows", "")
    listed["values"] = [11.0, 4.0]
    assert "values.1 4.0 is reported, and 0 proved" in str(verify.verify(listed))
    listed["values"] = [11.0, 5.0]
    specs[-1]["of"] = []
    assert "3 columns are those of the points, 1 left open" in str(verify.verify(listed))
    listed["values"] = [11.5, None]
    assert "values.0 11.5 is reported, and 11 proved" in str(verify.verify(listed))


def test_the_command_tells_by_its_exit_code(tmp_path: Path, capsys, folder: Path) -> None:
    path = tmp_path / "result.json"
    right = result()
    right["question"] = {"year": 2025, "links": "planned", "avoid": "", "lens": "location"}
    path.write_text(json.dumps(right), encoding="utf-8")
    assert verify.main([str(path)]) == 0
    assert "its tables" not in (without := capsys.readouterr().out)
    assert "tables: " not in without
    assert verify.main([str(path), "--graph", str(folder)]) == 0
    assert "tables: what is used counts" in capsys.readouterr().out
    for wrong in (["--graph", str(folder), "more"], ["--graph"], ["--grpah", str(folder)]):
        assert verify.main([str(path), *wrong]) == 2  # nothing is ignored
    right["question"]["scenarios"] = ["one"]
    path.write_text(json.dumps(right), encoding="utf-8")
    assert verify.main([str(path), "--graph", str(folder)]) == 0
    assert "its tables: scenarios changed them" in capsys.readouterr().out
    path.write_text(json.dumps(result(12.0)), encoding="utf-8")
    assert verify.main([str(path)]) == 1
    path.write_text(json.dumps({**result(), "proof": []}), encoding="utf-8")
    assert verify.main([str(path)]) == 1  # nothing of it is checked
    path.write_text("{}", encoding="utf-8")
    assert verify.main([str(path)]) == 1
    assert "no result in it" in capsys.readouterr().out
    path.write_text("no JSON", encoding="utf-8")
    assert verify.main([str(path)]) == 2
    assert verify.main([]) == 2
    assert "cannot be read" in capsys.readouterr().err
