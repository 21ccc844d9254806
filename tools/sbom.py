"""The list of what a plain install runs on: names, versions, licences and what needs what.

    python tools/sbom.py > sbom.json

Reads what is installed beside this tree and follows the dependencies of pyproject.toml, without
extras. The form is CycloneDX 1.6 in JSON; the same installation gives the same bytes.
"""

from __future__ import annotations

import importlib
import json
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]


def needed(requirements: Iterable[str]) -> list[str]:
    """Return the names that requirements ask for here, those of extras left out."""
    parsed = [Requirement(text) for text in requirements]
    return sorted(
        {
            canonicalize_name(one.name)
            for one in parsed
            if one.marker is None or one.marker.evaluate({"extra": ""})
        }
    )


def closure(names: Iterable[str]) -> dict[str, list[str]]:
    """Return every distribution that names lead to, and what each needs itself."""
    needs: dict[str, list[str]] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in needs:
            needs[name] = needed(metadata.requires(name) or ())
            waiting += needs[name]
    return dict(sorted(needs.items()))


def licence(name: str) -> list[dict[str, Any]]:
    """Return the licence that a distribution states: an expression, or its classifiers."""
    told = metadata.metadata(name)
    if "License-Expression" in told:
        return [{"expression": told["License-Expression"]}]
    kinds = [one for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    names = [one.rpartition(" :: ")[2] for one in kinds] or [told.get("License", "not reported")]
    return [{"license": {"name": one.partition("\n")[0]}} for one in sorted(set(names))]


def reference(name: str) -> str:
    """Return the package URL of a distribution as it is installed."""
    return f"pkg:pypi/{name}@{metadata.version(name)}"


def sbom() -> dict[str, Any]:
    """Return the list as plain types."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    sys.path.insert(0, str(ROOT))
    version = importlib.import_module("supplynet").__version__
    own = f"pkg:pypi/supplynet@{version}"
    direct = needed(project["dependencies"])
    needs = closure(direct)
    depends = {own: direct} | {reference(name): some for name, some in needs.items()}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "supplynet",
                "version": version,
                "licenses": [{"expression": project["license"]}],
                "purl": own,
            }
        },
        "components": [
            {
                "type": "library",
                "bom-ref": reference(name),
                "name": name,
                "version": metadata.version(name),
                "licenses": licence(name),
                "purl": reference(name),
            }
            for name in needs
        ],
        "dependencies": [
            {"ref": ref, "dependsOn": [reference(name) for name in some]}
            for ref, some in depends.items()
        ],
    }


if __name__ == "__main__":
    print(json.dumps(sbom(), indent=2))
