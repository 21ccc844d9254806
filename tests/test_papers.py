"""The papers beside the code: links lead somewhere, the glossary stays short, versions agree."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import supplynet as sn
from supplynet.cli.main import cli

ROOT = Path(__file__).resolve().parents[1]
PAPERS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
#: words of the project's own that the field has others for: reported, routes, demand, exclusive
#: access, time to survive, shadow price, competition
OWN_WORDS = re.compile(
    r"\b(tell|tells|told|ways|drew|the need|endures?|surer|rungs?|holds? \w+ down|what binds"
    r"|a tonne more|draws? on|all draw|what (is|was|could be) \w+ comes?)\b"
)
#: terms that a reader can be asked to learn
MOST_TERMS = 60


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_between_papers_lead_to_files(paper: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", paper.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (paper.parent / target).exists()]
    assert missing == []


def prose(paper: Path) -> str:
    """Return a paper without what programs print: blocks, code and titles of answers."""
    blocks = re.compile(r"^ *(```|~~~).*?^ *\1", re.MULTILINE | re.DOTALL)
    text = blocks.sub(lambda block: "\n" * block[0].count("\n"), paper.read_text("utf-8"))
    return re.sub(r"`[^`\n]*`|Ways to mitigate|^>.*", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "paper",
    [each for each in PAPERS if each.name not in ("CHANGELOG.md", "results.md")],
    ids=lambda paper: paper.relative_to(ROOT).as_posix(),
)
def test_papers_have_the_words_of_the_field(paper: Path) -> None:
    text = prose(paper)
    lines = [text.count("\n", 0, each.start()) + 1 for each in OWN_WORDS.finditer(text)]
    assert dict(zip(lines, OWN_WORDS.finditer(text), strict=True)) == {}


def commands(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Yield every command with the words that lead to it."""
    yield context.command_path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            below = click.Context(inner, info_name=name, parent=context)
            yield from commands(inner, below)


def test_help_has_the_words_of_the_field() -> None:
    lines = {}
    for path, command in commands(cli, click.Context(cli, info_name="supplynet")):
        helps = [command.help, command.epilog, *(getattr(p, "help", "") for p in command.params)]
        found = OWN_WORDS.findall(" ".join(filter(None, helps)))
        lines.update({path: found} if found else {})
    assert lines == {}


def test_the_glossary_has_no_word_twice_and_stays_short() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    terms = [term for term, _ in rows if term != "word" and not term.startswith("-")]
    assert len(terms) == len(set(terms))
    assert 40 < len(terms) <= MOST_TERMS


def test_the_version_that_stands_is_the_same_everywhere() -> None:
    """In the citation, for what is built without tags, and for what is not installed."""
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    match = re.search(r"^version: (\S+)$", citation, re.MULTILINE)
    assert match is not None
    with (ROOT / "pyproject.toml").open("rb") as file:
        built = tomllib.load(file)["tool"]["hatch"]["version"]["fallback-version"]
    assert match[1] == built == vars(sn)["_STANDING"]


def test_what_is_not_installed_has_the_version_that_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def is_not_there(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", is_not_there)
    assert sn.__version__ == vars(sn)["_STANDING"]


@pytest.mark.parametrize(
    ("tag", "version"), [("v0.4.1", "0.4.1"), ("batch-7", "0.1.0"), (None, "0.1.0")]
)
def test_a_tagged_commit_has_the_version_of_its_tag(
    tmp_path: Path, tag: str | None, version: str
) -> None:
    """Tags of other kinds and none leave the one that stands, as does a folder without history."""
    vcs = pytest.importorskip("hatch_vcs.version_source")
    with (ROOT / "pyproject.toml").open("rb") as file:
        settings = tomllib.load(file)["tool"]["hatch"]["version"]
    if tag is not None and not shutil.which("git"):
        pytest.skip("there is no git to tag with")
    if tag is not None:
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
        for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "one"], ["tag", tag]):
            subprocess.run([*git, *words], cwd=tmp_path, check=True)
    made = vcs.VCSVersionSource(str(tmp_path), settings).get_version_data()
    assert made["version"] == version
