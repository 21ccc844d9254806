"""The site: pages that follow the code, snippets that run, and nothing from elsewhere."""

from __future__ import annotations

import contextlib
import gzip
import re
import shlex
import shutil
import subprocess
import sys
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

import supplynet as sn
from supplynet.cli.main import cli
from supplynet.questions import COMMANDS
from tools import printed, site

if TYPE_CHECKING:
    from tests.conftest import RunCli

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SNIPPETS = [
    (path.relative_to(ROOT).as_posix(), code)
    for path in sorted(DOCS.rglob("*.md"))
    for code in re.findall(r"^```python\n(.*?)^```$", path.read_text("utf-8"), re.DOTALL | re.M)
    if "import supplynet as sn" in code
    and not {"rare-earths", "comtrade.csv.gz"}
    & {*re.findall(r'"([^"]*)"', code)}  # others have their tests
]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The pages that are written from the code."""
    return site.generated()


def test_every_command_has_its_options_on_the_page(pages: dict[str, str]) -> None:
    page = pages["reference/commands.md"]
    for name in COMMANDS:
        assert f"\n## supplynet {name}\n" in page
    assert "--no-browser" in page
    assert "\n## supplynet draw sankey\n" in page


def test_every_public_name_is_on_the_page(pages: dict[str, str]) -> None:
    page = pages["reference/python.md"]
    for name in (*sn._QUESTIONS, *sn._PUBLIC):
        assert f"\n## {name}\n" in page
    assert "sn.coverage(\n    net: 'SupplyNetwork',\n    *,\n    to:" in page


def test_the_contents_name_pages_that_there_are(pages: dict[str, str]) -> None:
    told = re.findall(r": ([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.M)
    files = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} | set(pages)
    assert set(told) <= files
    assert set(pages) <= set(told)
    assert sorted(files - set(told)) == site.unlisted(told)
    assert site.unlisted(set(told) - {"glossary.md"}) == sorted({"glossary.md"} | files - set(told))


def test_links_lead_to_pages_and_other_files_are_named() -> None:
    known = frozenset({"reference/format.md", "glossary.md", "index.md"})
    text = "[a](../graphs/README.md#verbs) [b](glossary.md) [c](https://a.example) [d](../LICENSE)"
    assert site.prepared(text, "index.md", known) == (
        "[a](../graphs/README.md#verbs) [b](glossary.md) [c](https://a.example) [d](../LICENSE)"
    )
    assert site.prepared(text, "trade.md", known) == (
        "[a](reference/format.md#verbs) [b](glossary.md) [c](https://a.example) d (`LICENSE`)"
    )
    assert site.prepared("[a](glossary.md)", "how-to/x.md", known) == "[a](glossary.md)"
    assert site.prepared("[a](../glossary.md)", "how-to/x.md", known) == "[a](../glossary.md)"


def test_names_in_docstrings_are_names(pages: dict[str, str]) -> None:
    assert ":func:" not in pages["reference/python.md"]
    assert "see `supplynet.graph.check`" in pages["reference/python.md"]


def test_a_block_with_a_file_shows_its_name() -> None:
    assert site.prepared("```csv a.csv\n1\n```", "x.md", frozenset()).startswith(
        '```csv title="a.csv"\n'
    )
    text = "1. Write\n   it.\n\n   ```csv tin/a.csv\n   1\n   ```\n2. Run it.\n\n   after\n\nText\n"
    assert site.prepared(text, "x.md", frozenset()) == (
        '1. Write\n    it.\n\n    ```csv title="tin/a.csv"\n    1\n    ```\n'
        "2. Run it.\n\n    after\n\nText\n"
    )


@pytest.mark.parametrize(
    ("html", "n_found"),
    [
        ('<script src="https://cdn.example/x.js"></script>', 1),
        ("<link href=//fonts.example/a.css rel=stylesheet>", 1),
        ('<link rel="stylesheet" href="assets/a.css"><img src="a.png">', 0),
        ('<a href="https://example.org">told, not loaded</a>', 0),
    ],
)
def test_what_comes_from_elsewhere_is_found(html: str, n_found: int) -> None:
    assert len(site.from_elsewhere(html)) == n_found


def test_commands_in_text_are_commands() -> None:
    """What a page names in passing is a command of today, with options that it has."""
    page = site.commands_page()
    for path in (*DOCS.rglob("*.md"), ROOT / "README.md"):
        for line in re.findall(r"`supplynet ([a-z]+)[^`\n]*`", path.read_text("utf-8")):
            assert line in COMMANDS, (path.name, line)
    assert len(printed.pages()) > 10
    assert page.startswith("# Commands")


def _told() -> list[tuple[str, list[str]]]:
    """Every command with words on a page, apart from those that are the reader's to write."""
    pages = [*DOCS.rglob("*.md"), ROOT / "README.md", *(ROOT / "graphs").rglob("*.md")]
    lines = []
    for page in sorted(page for page in pages if page.parent.name != "extending"):
        text = page.read_text("utf-8")
        blocks = re.findall(r"^ *```[^\n]*\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
        shown = re.sub(r"\\\n\s*", " ", "\n".join(blocks)).splitlines()
        told = [line.strip().removeprefix("$ ") for line in shown]
        told += re.findall(r"(?<!`)`(supplynet [^`\n]+)`(?!`)", text)
        for line in told:
            if not line.startswith("supplynet ") or "..." in line or "RESULT" in line:
                continue
            words = list(takewhile(lambda word: word != "|", shlex.split(line, comments=True)[1:]))
            if len(words) > 1:
                lines.append((page.relative_to(ROOT).as_posix(), words))
    return lines


def test_commands_on_pages_are_understood() -> None:
    """Options, their values and the number of words; what they answer is run elsewhere."""
    told = _told()
    assert len(told) > 120
    for page, words in told:
        with cli.make_context("supplynet", [], resilient_parsing=True) as context:
            name, command, rest = cli.resolve_command(context, words)
        if not rest:  # a family that is reported about
            continue
        if rest[-1].startswith("--") and len(rest) == 1:  # an option that is reported about
            assert rest[0] in site.commands_page(), (page, words)
            continue
        assert command is not None, (page, words)
        assert not (name == "compare" and rest[0] == "base"), (page, "without its graph")
        with contextlib.suppress(click.exceptions.Exit):
            command.make_context(name, rest, **cli.context_settings)


#: files that pages speak of and do not show, by a word of the commands that read them
OF_THE_READER = ("my-graph", "BACI", "comtrade", "--live")


@pytest.mark.slow
def test_commands_on_files_of_the_reader_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_cli: RunCli
) -> None:
    """A graph of one's own, a list of parts, and records in the layouts of their publishers."""
    parts = re.search(r"^```csv parts.csv\n(.*?)^```$", page("company.md"), re.DOTALL | re.M)
    assert parts is not None
    (tmp_path / "my-graph-parts.csv").write_text(parts[1], "utf-8")
    records = ROOT / "tests" / "trade" / "extracts"
    shutil.copy(records / "baci.csv", tmp_path / "BACI_HS17_Y2022_V202601.csv")
    names = (
        "country_code,country_name,country_iso2,country_iso3\n156,China,CN,CHN\n410,Korea,KR,KOR\n"
    )
    (tmp_path / "country_codes_V202601.csv").write_text(names + "392,Japan,JP,JPN\n", "utf-8")
    packed = gzip.compress((records / "comtrade_new.csv").read_bytes())
    (tmp_path / "comtrade.csv.gz").write_bytes(packed)
    lines = [
        words
        for name in ("docs/how-to/command-line.md", "docs/how-to/explore.md", "docs/trade.md")
        for told_on, words in _told()
        if told_on == name
        and words[0] not in ("explore", "mcp")  # servers have tests of their own
        and any(word in " ".join(words) for word in OF_THE_READER)
    ]
    assert len(lines) == 8
    for words in lines:
        done = run_cli(*words, cwd=tmp_path)
        assert done.returncode == 0, (words, done.stderr)
    (code,) = re.findall(r"^```python\n(.*?)^```$", page("trade.md"), re.DOTALL | re.M)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "trade.md", "exec"), {})  # the page's own example


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize(("page", "code"), SNIPPETS, ids=[page for page, _ in SNIPPETS])
def test_snippets_run(
    page: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(code, page, "exec"), {})  # the project's own pages


@pytest.mark.slow
def test_the_site_is_built_strictly(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="needs mkdocs-material (extra: docs)")
    words = ["build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", *words],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "reference" / "commands.html").is_file()
    for page in (tmp_path / "site").rglob("*.html"):
        assert "```" not in page.read_text("utf-8"), page.name  # a block that is shown as text
