"""Pages whose answer is written anew: what they say is compared, and what was changed is named."""

from __future__ import annotations

import json
import random
import re
import string
import zipfile
from pathlib import Path

import pytest

from supplynet.cli import again
from supplynet.cli.commands.report import command
from tests.cli.conftest import Invoke

TARGET = "tutorial", "--to", "MLT", "--year", "2026"
ASKED = "flow", "tutorial", "--to", "MLT", "--element", "Nd", "--year", "2026"
SAME = "are those of its answer, written anew"


def written(invoke: Invoke, path: Path) -> None:
    for name in {path.name, "flow.json"}:
        assert invoke(*ASKED, "-o", str(path.parent / name)).code == 0


@pytest.mark.parametrize("suffix", ["html", "md", "csv", "xlsx"])
def test_a_page_says_what_its_answer_does(invoke: Invoke, tmp_path: Path, suffix: str) -> None:
    written(invoke, path := tmp_path / f"flow.{suffix}")
    told = invoke("verify", str(path))
    assert told.code == 0
    assert f"text and tables of flow.{suffix} {SAME}" in told.out


@pytest.mark.parametrize(
    ("suffix", "was", "now"),
    [
        ("html", "at most 150 t", "at most 160 t"),
        ("md", "at most 150 t", "at most 160 t"),
        ("csv", "150.0", "160.0"),
    ],
)
def test_what_was_changed_is_named(
    invoke: Invoke, tmp_path: Path, suffix: str, was: str, now: str
) -> None:
    written(invoke, path := tmp_path / f"flow.{suffix}")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(was, now, 1), encoding="utf-8")
    told = invoke("verify", str(path))
    assert told.code == 4
    assert f"FAILS        text and tables of flow.{suffix} {SAME}" in told.out
    assert now in told.out
    assert was in told.out


def rewritten(book: Path, part: str, was: str, now: str) -> None:
    """Change a part of a workbook wherever a text stands there."""
    with zipfile.ZipFile(book) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    changed = parts[part].replace(was.encode(), now.encode())
    assert changed != parts[part]
    with zipfile.ZipFile(book, "w") as packed:
        for name, content in {**parts, part: changed}.items():
            packed.writestr(name, content)


@pytest.mark.parametrize(
    ("part", "was", "now"),
    [
        ("xl/sharedStrings.xml", "at most 150 t", "at most 160 t"),
        ("xl/worksheets/sheet3.xml", "<v>150</v>", "<v>160</v>"),
        ("xl/workbook.xml", 'name="answer"', 'name="summary"'),
    ],
    ids=["text", "number", "name of a sheet"],
)
def test_a_changed_workbook_fails(
    invoke: Invoke, tmp_path: Path, part: str, was: str, now: str
) -> None:
    written(invoke, path := tmp_path / "flow.xlsx")
    rewritten(path, part, was, now)
    told = invoke("verify", str(path))
    assert told.code == 4
    assert f"FAILS        text and tables of flow.xlsx {SAME}" in told.out


def test_how_a_workbook_shows_its_numbers_is_open(invoke: Invoke, tmp_path: Path) -> None:
    """Another format of cells may show another number than they hold."""
    written(invoke, path := tmp_path / "flow.xlsx")
    rewritten(path, "xl/styles.xml", 'formatCode="', 'formatCode="0')
    told = invoke("verify", str(path))
    assert told.out.splitlines()[0].endswith("Its look is open.")
    assert (told.code, invoke("verify", str(path), "--strict").code) == (0, 4)


def test_a_line_of_markdown_that_begins_as_a_picture_is_read(
    invoke: Invoke, tmp_path: Path
) -> None:
    written(invoke, path := tmp_path / "flow.md")
    path.write_text(path.read_text() + "\n![](#) Or 160 t, at the most.\n", encoding="utf-8")
    assert invoke("verify", str(path)).code == 4


@pytest.mark.parametrize(
    "asked",
    [
        ("allocate", "tutorial", "--year", "2026"),
        ("allocate", "tutorial", "--nation", "MLT"),
        ("allocate", "explain", "tutorial", "--avoid", "ISL", "--year", "2026"),
        ("bypass", "tutorial", "--to", "MLT", "--element", "Nd", "--avoid", "ISL"),
        ("graph", "evidence", "tutorial", "--to", "MLT", "--tier", "operating"),
        ("shock", "tutorial", "--to", "MLT", "--avoid", "ISL", "--during", "2026-01..2026-02"),
        ("trace", "tutorial", "--to", "MLT", "--exposed-to", "ISL", "--year", "2026"),
        ("allocate", "dead_ends", "tutorial", "--year", "2026"),
        ("bypass", "tutorial", "--to", "MLT", "--avoid", "ISL", "--model", "balance"),
        ("bypass", *TARGET, "--avoid", "ISL", "--model", "balance", "--element", "Dy"),
        ("chokepoints", *TARGET, "--model", "balance"),
        ("chokepoints", "fortify", *TARGET, "--model", "balance"),
        ("chokepoints", "interdict", *TARGET, "--k", "1"),
        ("chokepoints", "interdict", *TARGET, "--budget", "2", "--cost", "ref-big=1.5"),
        ("chokepoints", "interdict", "tutorial", "--to", "all", "--k", "1", "--model", "balance"),
        ("company", "parts.csv", "--graphs", "tutorial", "--avoid", "ISL"),
        ("coverage", "tutorial", "--to", "MLT", "--year", "2025,2026"),
        ("flow", "tutorial", "--to", "MLT", "--year", "2025,2026"),
        ("shock", "tutorial", "--avoid", "ISL", "--during", "2026-01..2026-02"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("suffix", ["html", "csv", "xlsx"])
def test_a_page_is_asked_again_by_all_that_it_was_asked(
    invoke: Invoke, tmp_path: Path, asked: tuple[str, ...], suffix: str
) -> None:
    (tmp_path / "parts.csv").write_text("Part,Element,Qty\nDrive,Nd,2\n,,\n,,\nMotor,Dy,\n")
    for name in (f"page.{suffix}", "page.md", "page.json"):
        assert invoke(*asked, "-o", str(tmp_path / name)).code == 0
    for name in (f"page.{suffix}", "page.md"):
        told = invoke("verify", str(tmp_path / name), "--strict")
        assert told.code == 0, told.out
        assert f"text and tables of {name} {SAME}" in told.out


@pytest.mark.parametrize("suffix", ["html", "md", "csv", "xlsx"])
def test_a_page_of_no_answer_says_that_it_is_open(
    invoke: Invoke, tmp_path: Path, suffix: str
) -> None:
    for name in (f"page.{suffix}", "page.json"):
        assert invoke("graph", "nations", "tutorial", "-o", str(tmp_path / name)).code == 0
    told = invoke("verify", str(tmp_path / f"page.{suffix}"))
    assert told.code == 4
    assert told.out.splitlines()[0] == (
        "Nothing in it can be checked: it carries no proof. "
        "Its text and tables are open: nobody could write them anew."
    )


def test_losses_that_a_page_adds_come_with_its_answers(invoke: Invoke, tmp_path: Path) -> None:
    """Of whole countries, where the loss of no plant costs any; for two elements."""
    path = tmp_path / "losses.json"
    asked = "chokepoints", "rare-earths", "--to", "KOR", "--element", "Nd,Dy", "--year", "2024"
    for name in ("losses.html", path.name):
        assert invoke(*asked, "-o", str(tmp_path / name)).code == 0
    results = json.loads(path.read_text())["results"]
    assert [one["by"] for one in results] == ["node", "node", "country", "country"]
    told = invoke("verify", str(tmp_path / "losses.html"), "--strict")
    assert told.code == 0, told.out


def test_a_page_that_nobody_can_write_anew_is_open(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "parts.csv").write_text("Part,Element\nDrive,Nd\n", encoding="utf-8")
    asked = "company", "parts.csv", "--graphs", "tutorial", "--avoid", "ISL", "--anonymous"
    for name in ("page.md", "page.json"):
        assert invoke(*asked, "-o", str(tmp_path / name)).code == 0
    told = invoke("verify", str(tmp_path / "page.md"))
    assert told.out.splitlines()[0].endswith(
        "Its text and tables are open: nobody could write them anew."
    )
    assert (told.code, invoke("verify", str(tmp_path / "page.md"), "--strict").code) == (0, 4)


def test_a_page_without_its_answer_says_so(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "flow.md"
    assert invoke(*ASKED, "-o", str(path)).code == 0
    told = invoke("verify", str(path))
    assert told.code == 3
    assert "does not hold its answer" in told.err


def test_older_tables_have_another_digest(invoke: Invoke, tmp_path: Path) -> None:
    path, folder = tmp_path / "flow.json", tmp_path / "older"
    written(invoke, path)
    assert invoke("verify", str(path), "--graph", "tutorial").code == 0
    assert invoke("graph", "convert", "tutorial", str(folder)).code == 0
    nodes = folder / "nodes.csv"
    nodes.write_text(nodes.read_text().replace(",150,", ",140,", 1))
    told = invoke("verify", str(path), "--graph", str(folder))
    assert told.code == 4
    assert "the digest of those that were solved" in told.out


def test_a_page_ends_with_how_many_figures_are_certified(invoke: Invoke, tmp_path: Path) -> None:
    written(invoke, path := tmp_path / "flow.html")
    sums = invoke("verify", str(tmp_path / "flow.json")).out.splitlines()[0]
    first = sums.partition(";")[0].rstrip(".")
    assert f"{first}, which verify checks." in path.read_text(encoding="utf-8")


STUDIED = "report", "tutorial", "--to", "MLT", "--avoid", "ISL", "--year", "2026", "--draws", "0"


@pytest.fixture(
    scope="module", params=[(), ("--full", "--element", "Nd")], ids=["page", "chapters"]
)
def study(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    files = [word for name in ("study.html", "study.json") for word in ("-o", name)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        command.main([*STUDIED[1:], *request.param, *files], standalone_mode=False)
    return folder


def test_a_study_is_written_anew_and_ends_with_what_is_certified(
    invoke: Invoke, study: Path
) -> None:
    """Of a page with its scripts; Markdown is written by the same door as that of one answer."""
    path = study / "study.html"
    told = invoke("verify", str(path))
    assert told.code == 0, told.out
    assert f"text and tables of study.html {SAME}" in told.out
    first = told.out.partition(" figures")[0]
    text = path.read_text(encoding="utf-8")
    assert f"{first} figures, which verify checks." in text
    path.with_name("other.html").write_text(text.replace("91%", "92%", 1), encoding="utf-8")
    (study / "other.json").write_bytes((study / "study.json").read_bytes())
    told = invoke("verify", str(study / "other.html"))
    assert told.code == 4
    assert f"FAILS        text and tables of other.html {SAME}" in told.out


def test_every_digit_that_is_seen_is_compared(study: Path) -> None:
    text = (study / "study.html").read_text(encoding="utf-8")
    unseen = re.compile(r"<(script|style|head)\b.*?</\1>|<[^>]*>|&[^;]*;", re.DOTALL)
    hidden = {at for match in unseen.finditer(text) for at in range(*match.span())}
    seen = [at for at, sign in enumerate(text) if sign in string.digits and at not in hidden]
    was = again._lines(text.encode(), ".html")
    for at in random.Random(0).sample(seen, 200):
        changed = f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"
        assert again._lines(changed.encode(), ".html") != was, text[at - 40 : at + 40]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("supplynet report tutorial --to MLT --avoid ISL -o here.html", "other options"),
        ("supplynet report tutorial --to=MLT --avoid ISL", "other options"),
        ("supplynet report ../tables --to MLT --avoid ISL", "does not ship"),
        ("supplynet report tutorial --to nowhere --avoid ISL", "cannot be asked again"),
        ("supplynet", "does not ship"),
    ],
)
def test_a_study_names_no_file_by_its_command(line: str, why: str) -> None:
    raw, said = again._studied_again(line, None, "study.html")
    assert raw == b""
    assert why in said
