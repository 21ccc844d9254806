"""The list ``requirements-hashed.txt``: what a plain install runs on, each wheel with its hash.

    python tools/hashes.py --write
    python tools/hashes.py --fits    end with 0 where the list has the wheels of this machine
    pip install --require-hashes -r requirements-hashed.txt && pip install --no-deps .

pip is asked which wheels it would take under ``constraints.txt``, for each Python on 64-bit Linux;
nothing is installed. No address of an index is kept: a hash says what a file is, wherever it lies.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "requirements-hashed.txt"
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = tuple(f"manylinux_2_{minor}_x86_64" for minor in (5, 12, 17, 24, 26, 27, 28))
_HEAD = f"""# Wheels of a plain install by their hashes, 64-bit Linux, Python {", ".join(PYTHONS)}:
#   pip install --require-hashes -r {LIST.name} && pip install --no-deps .
# Written by tools/hashes.py from constraints.txt.
"""


def wheels(python: str) -> list[dict[str, Any]]:
    """Return what pip would install under a version of Python, as it reports it."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        wanted = tomllib.load(file)["project"]["dependencies"]
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"]
        command += ["--ignore-installed", "--report", str(path), "--target", scratch]
        command += ["-c", str(ROOT / "constraints.txt"), "--only-binary=:all:"]
        command += ["--python-version", python]
        command += [word for name in PLATFORMS for word in ("--platform", name)]
        subprocess.run([*command, *wanted], check=True)  # noqa: S603
        told: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["install"]
    return told


def listed(reports: Iterable[list[dict[str, Any]]]) -> str:
    """Return the list, by name, of what reports of pip hold."""
    hashes = defaultdict[str, set[str]](set)
    for report in reports:
        for one in report:
            name = one["metadata"]["name"].lower().replace("_", "-")
            digest = one["download_info"]["archive_info"]["hashes"]["sha256"]
            hashes[f"{name}=={one['metadata']['version']}"].add(digest)
    parts = [
        " \\\n".join([pin, *(f"    --hash=sha256:{digest}" for digest in sorted(digests))])
        for pin, digests in sorted(hashes.items())
    ]
    return _HEAD + "\n".join(parts) + "\n"


def fits() -> bool:
    """Whether the list has the wheels of this machine and Python."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    is_linux = sys.platform == "linux" and platform.libc_ver()[0] == "glibc"
    return is_linux and platform.machine() == "x86_64" and version in PYTHONS


def main() -> None:
    """Print the list, write it, or tell whether it is of use here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the list")
    parser.add_argument("--fits", action="store_true", help="whether it has this machine's wheels")
    given = parser.parse_args()
    if given.fits:
        sys.exit(not fits())
    text = listed(map(wheels, PYTHONS))
    if given.write:
        LIST.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
