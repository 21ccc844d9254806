"""One page of a terminal: what answers stays, and what is left out is counted."""

from __future__ import annotations

import io

import pytest

from supplynet.present.document import (
    Bullets,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
)
from supplynet.reports.one_page import LINES, one_page
from supplynet.reports.terminal import print_document

COLUMNS = (Column("name", "Name"), Column("share", "Covered", kind="share"))


def table(n_rows: int, name: str = "rows") -> Table:
    rows = tuple({"name": f"{name}-{place}", "share": 0.5} for place in range(n_rows))
    return Table(COLUMNS, rows, f"Caption of {name}", name)


def printed(document: Document, width: int = 100) -> str:
    stream = io.StringIO()
    print_document(document, file=stream, width=width)
    return stream.getvalue()


LONG = Document(
    "Title",
    (
        Section("", (Paragraph("The answer is 5%."), Bullets(("A remark.",))), "answer"),
        Section("First", (table(40, "one"),), "first"),
        Section("Second", (Paragraph("A lead."), table(100, "two")), "second"),
        Section("Third", (Paragraph("A lead to nothing."), table(9, "three")), "third"),
        *(Section(f"Method {number}", (Paragraph("x " * 400),), "m") for number in range(4)),
    ),
    {"notes": ("Beware.",)},
)


def test_what_fits_is_left_as_it_is() -> None:
    short = Document("Title", LONG.sections[:1])
    assert one_page(short, 100) is short


@pytest.mark.parametrize("width", [40, 80, 100, 120])
def test_a_page_has_its_lines_and_counts_what_it_leaves_out(width: int) -> None:
    page = one_page(LONG, width)
    text = printed(page, width)
    assert text.count("\n") <= LINES
    told = " ".join(text.split())
    assert told.index("The answer is 5%.") < told.index("Note: Beware.")
    n_shown = {
        name: sum(f"{name}-{n}" in told.split() for n in range(100)) for name in ("one", "two")
    }
    assert n_shown["one"] == 16
    assert 3 <= n_shown["two"] <= 16
    assert "Caption of one (the first 16 of 40 rows)" in told
    assert f"Caption of two (the first {n_shown['two']} of 100 rows)" in told
    assert "A lead to nothing." not in told
    assert told.endswith(
        f"Left out: {149 - sum(n_shown.values())} rows of tables; the parts "
        '"Third", "Method 0", "Method 1", "Method 2" and 1 more part. --full shows all.'
    )


def test_the_answer_of_every_document_in_one_stays() -> None:
    parts = [
        section
        for number in range(4)
        for section in (
            Section(f"Element {number}", (), ""),
            Section("", (Paragraph(f"Answer {number}."), table(30, f"t{number}")), "answer"),
            Section("Limits", (table(30, f"u{number}"),), "limits"),
        )
    ]
    text = printed(one_page(Document("All", tuple(parts)), 100))
    assert text.count("\n") <= LINES
    assert [text.count(f"Answer {number}.") for number in range(4)] == [1, 1, 1, 1]
    assert '"Limits"' in text or "Limits" in text.split("Left out")[0]
