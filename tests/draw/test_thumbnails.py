"""The page of pictures shows every figure that there is."""

from pathlib import Path

import pytest

from supplynet.cli.commands.draw import FIGURES

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("kind", FIGURES)
def test_every_figure_has_a_row_and_a_thumbnail(kind: str) -> None:
    rows = (DOCS / "pictures.md").read_text("utf-8").splitlines()
    row = next((row for row in rows if row.startswith(f"| ![{kind}](pictures/{kind}.png) ")), "")
    assert f"`supplynet draw {kind} " in row
    assert (DOCS / "pictures" / f"{kind}.png").stat().st_size
