"""Corrections that others hand in: taken over with their document, or refused with the place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from supplynet.errors import TableError
from supplynet.io.parameters import Correction, corrected, write_template
from supplynet.network.network import SupplyNetwork

HEAD = ",".join(Correction.model_fields)
GOOD = "nodes,mine-big,capacity,210,190,230,t ore,,Annual report,Big,2025-03,p. 7,none,A. Reader"


def handed(folder: Path, *lines: str) -> Path:
    path = folder / "corrections.csv"
    path.write_text("\n".join((HEAD, *lines)), encoding="utf-8")
    return path


def test_a_figure_comes_with_its_ends_and_its_document(
    tutorial: SupplyNetwork, tmp_path: Path
) -> None:
    net, lines = corrected(tutorial, handed(tmp_path, GOOD))
    row = net.node("mine-big")
    assert (row.capacity, row.capacity_low, row.capacity_high) == (210, 190, 230)
    assert (row.confidence, row.source_ids) == ("sourced", ("correction-2",))
    source: Any = net.rows("sources")[-1]
    assert (source.id, source.title, source.page) == ("correction-2", "Annual report", "p. 7")
    assert len(lines) == 1 and net.check().ok


def test_what_was_reckoned_is_derived(tutorial: SupplyNetwork, tmp_path: Path) -> None:
    net, _ = corrected(
        tutorial, handed(tmp_path, GOOD.replace("t ore,,", "t ore,210 kt in 1 kyr,"))
    )
    row = net.node("mine-big")
    assert (row.confidence, row.printed) == ("derived", "210 kt in 1 kyr")


def test_a_row_without_an_id_is_named_by_what_tells_it_from_others(
    tutorial: SupplyNetwork, tmp_path: Path
) -> None:
    line = "assays,mine-big/Nd,share,0.8,,,,,Annual report,Big,2025,p. 7,none,A. Reader"
    net, _ = corrected(tutorial, handed(tmp_path, line))
    assay: Any = net.rows("assays")[0]
    assert assay.share == 0.8


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("nodes,", "node,", ["column table", "did you mean 'nodes'"]),
        ("mine-big,", "mine-bigg,", ["column row", "no row has", "did you mean 'mine-big'"]),
        ("capacity,", "capacty,", ["row 2, column column", "did you mean 'capacity'"]),
        ("t ore,", "t,", ["column unit", "the row is in t ore"]),
        ("2025-03,p. 7", "2025-03,", ["column locator"]),
        ("A. Reader", "", ["column second_reader"]),
        ("210", "many", ["column value"]),
        ("210,190", "-210,190", ["row 2, column capacity", "-210"]),
    ],
)
def test_what_fits_nothing_is_refused_with_its_place(
    old: str, new: str, said: list[str], tutorial: SupplyNetwork, tmp_path: Path
) -> None:
    with pytest.raises(TableError) as caught:
        corrected(tutorial, handed(tmp_path, GOOD.replace(old, new, 1)))
    assert all(part in str(caught.value) for part in ("corrections.csv", *said)), caught.value


def test_a_figure_beyond_its_ends_is_found_by_the_checks(
    tutorial: SupplyNetwork, tmp_path: Path
) -> None:
    net, _ = corrected(tutorial, handed(tmp_path, GOOD.replace("210,190", "180,190")))
    assert [(one.file, one.column) for one in net.check().errors] == [("nodes.csv", "capacity")]


def test_ends_where_a_table_has_none_are_refused(tutorial: SupplyNetwork, tmp_path: Path) -> None:
    line = "assays,mine-big/Nd,share,0.8,0.7,,,,Annual report,Big,2025,p. 7,none,A. Reader"
    with pytest.raises(TableError, match="share has no ends in this table"):
        corrected(tutorial, handed(tmp_path, line))


def test_a_template_states_figures_as_they_stand(tutorial: SupplyNetwork, tmp_path: Path) -> None:
    """Handed in as it was written it changes nothing; a row without a figure has no line."""
    path = tmp_path / "template.csv"
    bare = tutorial.node("maker-big").model_copy(update={"capacity": None})
    write_template(path, [tutorial.node("mine-big"), bare])
    (line,) = path.read_text(encoding="utf-8").splitlines()[1:]
    assert line.startswith("nodes,mine-big,capacity,200,")
    net, lines = corrected(tutorial, path)
    assert (net, lines) == (tutorial, ())
