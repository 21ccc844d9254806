"""The reference page of results, and the JSON schemas of results and of what authors write.

python tools/results_page.py           name the files that are not those of today's results
python tools/results_page.py --write   write them anew
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BY_HAND = Path("docs/schemas/proof.json")  # checked against all proofs by tests/test_proofs_page.py
sys.path.insert(0, str(ROOT))  # the tree that this file lies in, wherever it is started


def contents() -> dict[Path, str]:
    """Return the text of every file by its path below the project."""
    from supplynet.io.graph_schemas import GRAPH_SCHEMAS, graph_schema_text
    from supplynet.reports.results_page import (
        LISTED,
        kinds,
        listed_schema_text,
        results_page,
        schema_text,
    )

    schemas = {Path("docs/schemas") / f"{name}.json": kind for name, kind in kinds().items()}
    return {
        Path("docs/results.md"): results_page(),
        **{path: schema_text(kind) for path, kind in schemas.items()},
        **{Path(f"docs/schemas/{name}.json"): graph_schema_text(name) for name in GRAPH_SCHEMAS},
        **{Path(f"docs/schemas/{name}.json"): listed_schema_text(name) for name in LISTED},
    }


def main(words: list[str]) -> int:
    """Say which files are out of date or fell out of use, or write them anew."""
    wanted = contents()
    written = {path.relative_to(ROOT) for path in (ROOT / "docs/schemas").glob("*.json")}
    old = written - {*wanted, BY_HAND}
    for path, text in wanted.items():
        place = ROOT / path
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            old.add(path)
    for path in sorted(old):
        print(path)
        if "--write" in words and path in wanted:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(wanted[path], encoding="utf-8")
        elif "--write" in words:
            (ROOT / path).unlink()
    return int(bool(old) and "--write" not in words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
