"""The page ``graphs/README.md``: every file, table, column and allowed value of a graph.

``python -m supplynet.io.format_page [folder]`` rewrites the page and the schema of every resource
of every graph in a folder of graphs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from pydantic import BaseModel

from supplynet.io.graph_schemas import column_table, escape, key_table, row_summary, with_schemas
from supplynet.io.load import endings_in_words
from supplynet.network.scenario.change import VERBS, keys_of
from supplynet.network.schema import (
    REQUIRED_TABLES,
    TABLES,
    Commodity,
    DefaultRange,
    Form,
    Metadata,
    Stage,
    Unit,
)
from supplynet.network.tiers import TIERS
from supplynet.terms import PLANTS

PAGE = "README.md"


def format_page() -> str:
    """Return ``graphs/README.md``: every file, table, column and allowed value."""
    page = resources.files("supplynet.io").joinpath("data", "format_page.md").read_text("utf-8")
    heads: list[tuple[str, type[BaseModel], tuple[str, ...]]] = [
        ("Head", Metadata, ("commodity",)),
        ("Key `supplynet`", Commodity, ()),
        ("Items of `stages`", Stage, ()),
        ("Items of `forms`", Form, ()),
        ("Items of `units`", Unit, ()),
        ("Items of `default_ranges`, by confidence", DefaultRange, ()),
    ]
    shared = keys_of("close")[-2:]
    parts = {
        "heads": "".join(
            f"### {title}\n\n{row_summary(model)}\n\n{key_table(model, left_out)}"
            for title, model, left_out in heads
        ),
        "tables": "".join(
            f"### {name}.csv\n\n{row_summary(model)}"
            f"{' Every graph has it.' if name in REQUIRED_TABLES else ''}\n\n{column_table(model)}"
            for name, model in TABLES.items()
        ),
        "tiers": "".join(
            f"| {name} | {tier.links} | {PLANTS[tier.plants].phrase} |\n"
            for name, tier in TIERS.items()
        ),
        "verbs": "".join(
            f"| `{verb}` | {escape(row_summary(model))} | "
            f"{', '.join(f'`{key}`' for key in keys_of(verb) if key not in shared)} |\n"
            for verb, model in VERBS.items()
        ),
        "shared": " and ".join(f"`{key}`" for key in shared),
        "endings": endings_in_words(),
    }
    return re.sub(r"<!-- (\w+) -->\n?", lambda mark: parts[mark[1]], page)


#: from the folder of a shipped graph
_SCHEMA = "../../docs/schemas/datapackage.json"


def rewrite(graphs: Path) -> list[Path]:
    """Rewrite the page and the schemas in a folder of graphs; return the files that changed."""
    from supplynet import files, limits
    from supplynet.io import jsonfile as strict

    contents = {graphs / PAGE: format_page()}
    for path in sorted(graphs.glob("*/datapackage.json")):
        descriptor = strict.parse_json(limits.decode(limits.read_bytes(path), path.name), str(path))
        # an editor that opens the file of a checkout finds the schema that the docs publish
        named = {"$schema": _SCHEMA, **descriptor}
        contents[path] = strict.dump_json(with_schemas(named))
    changed = [
        path
        for path, text in contents.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path in changed:
        files.write_text(path, contents[path])
    return changed


def main(arguments: Sequence[str] | None = None) -> None:
    """Rewrite the folder of graphs that is named, or the one of this checkout."""
    from supplynet.io.load import graphs_folder

    inputs = list(sys.argv[1:] if arguments is None else arguments)
    for path in rewrite(Path(inputs[0]) if inputs else graphs_folder()):
        sys.stdout.write(f"wrote {path}\n")


if __name__ == "__main__":
    main()
