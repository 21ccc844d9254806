"""The papers beside the code: links lead somewhere, the glossary stays short, versions agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import supplynet as sn

ROOT = Path(__file__).resolve().parents[1]
PAPERS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
#: terms that a reader can be asked to learn
MOST_TERMS = 60


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_between_papers_lead_to_files(paper: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", paper.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (paper.parent / target).exists()]
    assert missing == []


def test_the_glossary_has_no_word_twice_and_stays_short() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    terms = [term for term, _ in rows if term != "word" and not term.startswith("-")]
    assert len(terms) == len(set(terms))
    assert 40 < len(terms) <= MOST_TERMS


def test_the_citation_names_the_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    match = re.search(r"^version: (\S+)$", citation, re.MULTILINE)
    assert match is not None
    assert sn.__version__.startswith(match[1])
