"""The page of pictures shows every figure that there is."""

import re
from pathlib import Path

import pytest

from supplynet.questions import members

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("kind", members("draw"))
def test_every_figure_has_a_row_and_a_thumbnail(kind: str) -> None:
    rows = (DOCS / "pictures.md").read_text("utf-8").splitlines()
    row = next((row for row in rows if row.startswith(f"| ![{kind}](pictures/{kind}.png) ")), "")
    assert f"`supplynet draw {kind} " in row
    assert (DOCS / "pictures" / f"{kind}.png").stat().st_size


def test_the_command_beside_a_picture_is_the_one_that_made_it() -> None:
    """``make figures`` draws what the page says, smaller."""
    makefile = (DOCS.parent / "Makefile").read_text("utf-8").replace("\\\n", " ")
    question = re.search(r"^QUESTION = (.*)$", makefile, re.M)
    assert question is not None
    made = {}
    for line in re.findall(r"^\t\$\(SUPPLYNET\) (draw .*)$", makefile, re.M):
        words = " ".join(line.replace("$(QUESTION)", question[1]).split())
        command, _, picture = words.partition(" -o ")
        made[picture.removeprefix("docs/pictures/")] = command.replace(" --dpi 50", "")
    rows = re.findall(
        r"^\| !\[[\w-]+\]\(pictures/([\w-]+\.png)\) .* `supplynet (draw [^`]*)` \|$",
        (DOCS / "pictures.md").read_text("utf-8"),
        re.M,
    )
    assert len(rows) >= len(members("draw"))
    assert {picture: made.get(picture) for picture, _ in rows} == dict(rows)
