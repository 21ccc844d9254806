"""The list of wheels with hashes is that of the constraints, whole, and names no index."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import hashes

TEXT = hashes.LIST.read_text(encoding="utf-8")
PINS = dict(re.findall(r"^(\S+)==(\S+) \\$", TEXT, re.MULTILINE))


def test_every_dependency_is_pinned_as_in_the_constraints() -> None:
    constraints = (hashes.ROOT / "constraints.txt").read_text(encoding="utf-8")
    allowed = {
        canonicalize_name(name): version
        for name, version in re.findall(r"^([\w.-]+)==(\S+)$", constraints, re.MULTILINE)
    }
    assert {name: allowed[name] for name in PINS} == PINS
    with (hashes.ROOT / "pyproject.toml").open("rb") as file:
        wanted = tomllib.load(file)["project"]["dependencies"]
    assert {canonicalize_name(Requirement(text).name) for text in wanted} <= PINS.keys()


def test_hashes_of_several_pythons_stand_together() -> None:
    def told(digest: str) -> dict[str, Any]:
        return {
            "metadata": {"name": "Click_x", "version": "8.1"},
            "download_info": {"archive_info": {"hashes": {"sha256": digest}}},
        }

    text = hashes.listed([[told("cd")], [told("ab")], [told("ab")]])
    assert text.splitlines()[-3:] == [
        "click-x==8.1 \\",
        "    --hash=sha256:ab \\",
        "    --hash=sha256:cd",
    ]


def test_every_pin_has_hashes_and_nothing_says_where_from() -> None:
    for block in TEXT.split("==")[1:]:
        assert re.search(r"^    --hash=sha256:[0-9a-f]{64}", block, re.MULTILINE)
    assert "://" not in TEXT and "--index" not in TEXT and "@" not in TEXT
    assert TEXT.count("--hash=") >= len(PINS) > 20


@pytest.mark.parametrize(
    ("system", "machine", "libc", "is_so"),
    [
        ("linux", "x86_64", "glibc", True),
        ("linux", "aarch64", "glibc", False),
        ("linux", "x86_64", "", False),
        ("darwin", "x86_64", "glibc", False),
    ],
)
def test_it_is_used_where_it_has_the_wheels(
    system: str, machine: str, libc: str, is_so: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashes.sys, "platform", system)
    monkeypatch.setattr(hashes.platform, "machine", lambda: machine)
    monkeypatch.setattr(hashes.platform, "libc_ver", lambda: (libc, "2"))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert hashes.fits() is (is_so and version in hashes.PYTHONS)


def test_make_installs_by_the_list() -> None:
    text = (Path(hashes.ROOT) / "Makefile").read_text(encoding="utf-8")
    assert "--require-hashes --only-binary=:all: -r requirements-hashed.txt" in text
    assert text.count("$(VENV)/.hashed") == 5
