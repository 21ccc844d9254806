"""The reference of results: what each kind states, column by column, as a page and as schemas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supplynet.contract.declared import Column
    from supplynet.contract.headline import Lead
    from supplynet.contract.result import Result

__all__ = ["kinds", "results_page", "schema_text"]

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


def kinds() -> dict[str, type[Result]]:
    """Return every public kind of result by its name in JSON, in the order of the names.

    Examples
    --------
    >>> kinds()["flow"].__name__
    'FlowResult'
    """
    import supplynet as sn
    from supplynet.contract.result import Result

    public = (getattr(sn, name) for name in sn.__all__ if name[0].isupper())
    named = [one for one in public if isinstance(one, type) and issubclass(one, Result)]
    found = {kind.LAYOUT.name: kind for kind in named if kind is not Result}
    return dict(sorted(found.items()))


def schema_text(kind: type[Result]) -> str:
    """Return the JSON schema of a kind of result as the text of a file."""
    return json.dumps(kind.json_schema(), indent=2, ensure_ascii=False) + "\n"


def results_page() -> str:
    """Return the page in Markdown."""
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
    ends = f", from `{lead.low}` to `{lead.high}`" if lead.low else ""
    return f"**{lead.name.replace('{row.', '`').replace('}', '`')}** ({figure}{rows}{ends})"


def _table(columns: Iterable[Column]) -> str:
    """Return columns as a table of Markdown."""
    lines = ["| column | kind | unit | meaning |", "|---|---|---|---|"]
    for column in columns:
        optional = ", may be null" if column.is_optional else ""
        cells: list[Any] = [f"`{column.name}`", f"{column.kind}{optional}", column.unit]
        meaning = column.meaning.replace("``", "`").replace("|", "\\|")
        lines.append("| " + " | ".join([*cells, meaning]) + " |")
    return "\n".join(lines) + "\n"
