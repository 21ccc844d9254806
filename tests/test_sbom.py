"""The list of what an install runs on is whole, and names a version and a licence of each."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import sbom


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return sbom.sbom()


def test_every_dependency_is_there_with_version_and_licence(told: dict[str, Any]) -> None:
    with (sbom.ROOT / "pyproject.toml").open("rb") as file:
        wanted = tomllib.load(file)["project"]["dependencies"]
    by_name = {one["name"]: one for one in told["components"]}
    assert {canonicalize_name(Requirement(text).name) for text in wanted} <= by_name.keys()
    assert "markupsafe" in by_name  # of jinja2, not named by the project itself
    for name, one in by_name.items():
        assert one["purl"] == one["bom-ref"] == f"pkg:pypi/{name}@{one['version']}"
        (licence,) = one["licenses"][:1]
        assert licence.get("expression") or licence["license"]["name"] != "not reported"


def test_what_is_needed_is_listed_and_nothing_else(told: dict[str, Any]) -> None:
    listed = {one["bom-ref"] for one in told["components"]}
    root = told["metadata"]["component"]["bom-ref"]
    needs = {one["ref"]: one["dependsOn"] for one in told["dependencies"]}
    assert needs.keys() == listed | {root}
    assert {one for some in needs.values() for one in some} == listed


def test_extras_and_other_systems_are_left_out() -> None:
    texts = ["b>=1; extra == 'x'", "A_b", "c; python_version < '3'", "d<3"]
    assert sbom.needed(texts) == ["a-b", "d"]
