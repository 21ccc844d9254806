"""Files of a state, to keep: picture, table, result, scenario and report."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from supplynet.serve.state import SCENARIO_FILE, scenario_text
from supplynet.serve.viewed import Viewed
from supplynet.serve.views import picture_of, solved

if TYPE_CHECKING:
    from supplynet.contract.result import Result
    from supplynet.network.network import SupplyNetwork
    from supplynet.reports.build import Report

__all__ = ["DOWNLOADS", "Download", "download"]


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a state can be kept in."""

    title: str
    media_type: str
    make: Callable[..., str | bytes]  #: network, state and kept results to content


def _picture(net: SupplyNetwork, asked: Viewed, kept: Any, ending: str) -> bytes:
    from supplynet.draw.mpl import figure_of, render

    return render(figure_of(picture_of(net, asked, solved(net, asked, kept))), ending)


def _answer(net: SupplyNetwork, asked: Viewed, kept: Any) -> Result:
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.questions.potential import answer_of

    shown = solved(net, asked, kept)
    return answer_of(shown) if isinstance(shown, SolvedPotential) else shown


def _table(net: SupplyNetwork, asked: Viewed, kept: Any) -> str:
    from supplynet.present.document import Column
    from supplynet.reports.data_writers import to_csv
    from supplynet.reports.results import document_of

    document = document_of(_answer(net, asked, kept))
    table = next(document.tables())
    # a table by itself has no page around it that says what its figures are
    said = {"question": document.title, "tier": asked.tier, "table": table.caption}
    columns = (*table.columns, *(Column(key, key.capitalize()) for key in said))
    rows = tuple({**row, **said} for row in table.rows)
    return to_csv(replace(table, columns=columns, rows=rows))


def _report(net: SupplyNetwork, asked: Viewed, kept: Any) -> Report:
    from supplynet.reports.build import report

    return report(_answer(net, asked, kept))


DOWNLOADS: dict[str, Download] = {
    "picture.svg": Download("Picture, SVG", "image/svg+xml", partial(_picture, ending="svg")),
    "picture.png": Download("Picture, PNG", "image/png", partial(_picture, ending="png")),
    "table.csv": Download("Table, CSV", "text/csv", _table),
    "result.json": Download(
        "Result, JSON", "application/json", lambda *asked: _report(*asked).to_json()
    ),
    SCENARIO_FILE: Download(
        "What was changed, a scenario file",
        "application/toml",
        lambda _net, asked, _kept: scenario_text(asked) or 'title = "Nothing was changed"\n',
    ),
    "report.html": Download("Report", "text/html", lambda *asked: _report(*asked).to_html()),
}


def download(name: str, net: SupplyNetwork, asked: Viewed, kept: MutableMapping[str, Any]) -> bytes:
    """Return the content of a file of a state.

    Parameters
    ----------
    name : str
        A key of :data:`DOWNLOADS`.
    net, asked, kept
        As in :func:`supplynet.serve.views.view`.
    """
    # what is kept is the whole answer, to the last digit
    whole = asked.model_copy(update={"is_quick": False})
    content = DOWNLOADS[name].make(net, whole, kept)
    return content.encode("utf-8") if isinstance(content, str) else content
