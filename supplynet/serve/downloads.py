"""Files of a state, to keep: picture, table, result, scenario and report."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from supplynet.serve.state import SCENARIO_FILE, scenario_text
from supplynet.serve.viewed import Viewed
from supplynet.serve.views import picture_of, solved

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

__all__ = ["DOWNLOADS", "Download", "download"]

_Maker = Callable[["SupplyNetwork", str, Viewed, "MutableMapping[str, Any]"], bytes]


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a state can be kept in."""

    title: str
    media_type: str
    make: _Maker  #: network, name of the graph, state and kept results to bytes


def _scenario(_net: SupplyNetwork, _graph: str, asked: Viewed, _kept: Any) -> bytes:
    return (scenario_text(asked) or 'title = "Nothing was changed"\n').encode("utf-8")


def _svg(net: SupplyNetwork, _graph: str, asked: Viewed, kept: Any) -> bytes:
    return _picture(net, asked, kept, "svg")


def _png(net: SupplyNetwork, _graph: str, asked: Viewed, kept: Any) -> bytes:
    return _picture(net, asked, kept, "png")


def _picture(net: SupplyNetwork, asked: Viewed, kept: Any, ending: str) -> bytes:
    from supplynet.draw.mpl import figure_of, render

    return render(figure_of(picture_of(net, asked, solved(net, asked, kept))), ending)


def _table(net: SupplyNetwork, _graph: str, asked: Viewed, kept: Any) -> bytes:
    from supplynet.present.document import Column
    from supplynet.reports.data_writers import to_csv
    from supplynet.reports.results import document_of

    document = document_of(solved(net, asked, kept))
    table = next(document.tables())
    # a table by itself has no page around it that says what its figures are
    said = {"question": document.title, "tier": asked.tier, "table": table.caption}
    columns = (*table.columns, *(Column(key, key.capitalize()) for key in said))
    rows = tuple({**row, **said} for row in table.rows)
    return to_csv(replace(table, columns=columns, rows=rows)).encode("utf-8")


def _result(net: SupplyNetwork, _graph: str, asked: Viewed, kept: Any) -> bytes:
    from supplynet.reports.build import report

    return report(solved(net, asked, kept)).to_json().encode("utf-8")


def _report(net: SupplyNetwork, _graph: str, asked: Viewed, kept: Any) -> bytes:
    from supplynet.reports.build import report

    return report(solved(net, asked, kept)).to_html().encode("utf-8")


DOWNLOADS: dict[str, Download] = {
    "picture.svg": Download("Picture, SVG", "image/svg+xml", _svg),
    "picture.png": Download("Picture, PNG", "image/png", _png),
    "table.csv": Download("Table, CSV", "text/csv", _table),
    "result.json": Download("Result, JSON", "application/json", _result),
    SCENARIO_FILE: Download("What was changed, a scenario file", "application/toml", _scenario),
    "report.html": Download("Report", "text/html", _report),
}


def download(
    name: str, net: SupplyNetwork, graph: str, asked: Viewed, kept: MutableMapping[str, Any]
) -> bytes:
    """Return the content of a file of a state.

    Parameters
    ----------
    name : str
        A key of :data:`DOWNLOADS`.
    net, graph, asked, kept
        As in :func:`supplynet.serve.views.view`.
    """
    # what is kept is the whole answer, to the last digit
    whole = asked.model_copy(update={"is_quick": False})
    return DOWNLOADS[name].make(net, graph, whole, kept)
