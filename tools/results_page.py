"""The reference page of results, and the JSON schemas of results and of what authors write.

python tools/results_page.py           name the files that are not those of today's results
python tools/results_page.py --write   write them anew
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
BY_HAND = Path("docs/schemas/proof.json")  # checked against all proofs by tests/test_proofs_page.py
sys.path.insert(0, str(ROOT))  # the tree that this file lies in, wherever it is started

if TYPE_CHECKING:
    from supplynet.contract.answer import Result
    from supplynet.contract.headline import Lead
    from supplynet.contract.row import Column

_HEAD = """# Results: every figure with its unit and meaning

Written by `python tools/results_page.py --write` from what the results declare; do not edit.

Every answer is frozen data. `summary()` states it in words, `to_frame()` and `to_frame(TABLE)` as a
DataFrame, `tables()` all of them, `records(TABLE)` as plain rows, `to_dict()` as JSON. JSON names
the kind in `result` and its form in `schema_version`; the schemas lie in [schemas](schemas), and
`supplynet schema RESULT` prints one. `certificate` is what an independent check found, null where
nothing was solved; `provenance` names the network by its SHA-256, the options, the versions of
every library that computes, and the build. Results can be compared with `==`, copied and pickled.

JSON begins with `headline`, the figure with which the answer begins; Python has it as
`answer.headline`, text begins with it and leaves its figure to the first sentence that states it,
and `--fail-on 'headline<0.5'` judges it. It has a name, what it is of, value, low and high (null
where no range is worked out), unit, tier and year, and
`read_off` leads to the figures that it repeats: `verify` refuses one that says something else. Of
several elements, forms, nations or years it is that of the first that was asked for, or that the
graph names first; of a list of answers that of the first.

What `graph` looks up and does not solve (`list`, `nations`, `nodes`, `find`, `show`, `scenarios`,
`check`) states its kind, form and title in the same way; its schemas lie beside those of results.

Commands that answer element by element, and any that is asked about several years, write a list:
`schema_version`, `title` and `results`.

A unit *unit* stands in a column of that name. Where JSON has null in place of a number, there is no
limit, or it is not known.
"""


def results_page() -> str:
    """Return the page in Markdown."""
    from supplynet.reports.results_page import kinds

    parts = [_HEAD]
    for kind in kinds().values():
        parts += _of_kind(kind)
    return "\n".join(parts)


def _of_kind(kind: type[Result]) -> Iterator[str]:
    """Yield the parts of one kind of result."""
    layout = kind.LAYOUT
    yield f"## `{layout.name}`: `{kind.__name__}`\n"
    schema = f"[{layout.name}.json](schemas/{layout.name}.json), version {layout.version}"
    yield f"{layout.title}. Schema: {schema}.\n"
    yield f"Headline: {', else '.join(map(_lead, layout.headline))}.\n"
    if layout.figures:
        yield _table(layout.figures)
    for table in layout.tables:
        where = "" if table.in_json else " In JSON it is reported in another form."
        yield f"**`{table.name}`** {table.title}.{where}\n"
        yield _table(table.columns)
    if layout.nested:
        names = ", ".join(f"`{name}`" for name in layout.nested)
        yield f"Further keys of JSON: {names}.\n"


def _lead(lead: Lead) -> str:
    """Return which figure a headline is, in words."""
    rows = f" of `{lead.table}`" if lead.table else ""
    figure = f"`{lead.value}`" if lead.value else "number of rows"
    span = f", from `{lead.low}` to `{lead.high}`" if lead.low else ""
    return f"**{lead.name.replace('{row.', '`').replace('}', '`')}** ({figure}{rows}{span})"


def _table(columns: Iterable[Column]) -> str:
    """Return columns as a table of Markdown."""
    lines = ["| column | kind | unit | meaning |", "|---|---|---|---|"]
    for column in columns:
        optional = ", may be null" if column.is_optional else ""
        cells: list[Any] = [f"`{column.name}`", f"{column.kind}{optional}", column.unit]
        meaning = column.meaning.replace("``", "`").replace("|", "\\|")
        lines.append("| " + " | ".join([*cells, meaning]) + " |")
    return "\n".join(lines) + "\n"


def contents() -> dict[Path, str]:
    """Return the text of every file by its path below the project."""
    from supplynet.io.graph_schemas import GRAPH_SCHEMAS, graph_schema_text
    from supplynet.reports.results_page import (
        LISTED,
        kinds,
        listed_schema_text,
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
