"""``supplynet trace`` on the command line."""

from __future__ import annotations

import json

ASKED = ("trace", "tutorial", "--to", "MLT", "--exposed-to", "FJI", "--year", "2026")
LEFT_OUT = "--full or --ranges total adds them"


def test_the_first_page_leaves_ranges_out_and_says_so(invoke) -> None:
    page = " ".join(invoke(*ASKED).out.split())
    assert LEFT_OUT in page
    assert "greatest 0" not in page
    for more in ("--full",), ("--ranges", "total"), ("--fail-on", "greatest>2"):
        told = " ".join(invoke(*ASKED, *more).out.split())
        assert LEFT_OUT not in told
        assert "Passed, greatest" in told


def test_what_a_program_reads_has_the_ranges(invoke, tmp_path) -> None:
    assert json.loads(invoke(*ASKED, "--format", "json").out)["ranges"]
    assert invoke(*ASKED, "-o", "page.md").code == 0
    assert "Passed, greatest" in (tmp_path / "page.md").read_text(encoding="utf-8")
