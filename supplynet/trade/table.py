"""TradeTable: flows, what was left out and hubs among them; which of two reports counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from supplynet.notebook import Shown
from supplynet.present.words import count
from supplynet.text import share

if TYPE_CHECKING:
    import pandas as pd


#: columns of the flows
COLUMNS = ("importer", "exporter", "hs6", "year", "value_usd", "tonnes", "tonnes_how")
MILLIONS = "million US dollars"
#: whose report counts, by the way two are reconciled
WHOSE = {
    "importer": "The importer's report counts; where it has none, the exporter's.",
    "exporter": "The exporter's report counts; where it has none, the importer's.",
    "weighted": (
        "Where both sides report a flow, their mean counts, each weighted by how well its "
        "country's reports agree with those of its partners."
    ),
}
Effect = Literal["passed over", "left out", "merged", "kept"]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What happened to some rows."""

    reason: str  #: stable name
    title: str  #: the reason in words
    #: passed over: about something else than was asked; left out: a flow is lost; merged: the rows
    #: repeat or part another, no flow is lost; kept: the flow counts, with a doubt
    effect: Effect
    n_rows: int
    value_usd: float | None = None  #: US dollars; None where the rows were not looked into
    #: of the value of every flow that was asked for, 0 to 1; of the weight where the records have
    #: no values
    share: float | None = None


@dataclass(frozen=True, slots=True)
class TradeFile:
    """A file that was read."""

    name: str
    sha256: str
    layout: str
    n_rows: int


@dataclass(frozen=True)
class TradeTable(Shown):
    """Flows of goods between countries as customs wrote them down.

    Parameters
    ----------
    frame : pandas.DataFrame
        A row for each importer, exporter, code and year: ``value_usd`` in US dollars,
        ``tonnes`` of goods (gross of what else they hold), and ``tonnes_how``: ``reported``,
        ``estimated`` from the value, or ``missing``. Values are NaN where the records have none.
    ledger : tuple of LedgerRow
        Every row that was read, by what happened to it.
    reports : pandas.DataFrame
        The flows as each side reported them, with the column ``reporter``: ``importer``,
        ``exporter`` or ``both`` (records that were reconciled before).
    gaps : pandas.DataFrame
        Flows that both sides report, and by how much they differ; see
        :func:`supplynet.trade.table.gaps`.
    unlisted : pandas.DataFrame
        Imports beyond those from partners that are listed, where totals are given: importer,
        hs6, year, value_usd, tonnes.
    files : tuple of TradeFile
    options : dict
        Choices that shaped the table.
    areas : dict of str to str
        Names of codes that ISO 3166 does not know.
    notes : tuple of str
        What the files leave open, and how it was read.
    """

    frame: pd.DataFrame
    ledger: tuple[LedgerRow, ...]
    reports: pd.DataFrame
    gaps: pd.DataFrame
    unlisted: pd.DataFrame
    files: tuple[TradeFile, ...]
    options: dict[str, Any] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def measure(self) -> str:
        """What shares are of: ``value``, or ``weight`` where the records have no values."""
        return str(self.options.get("measure", "value"))

    @property
    def lost_share(self) -> float:
        """Share of the value (or weight) asked for that was left out, 0 to 1."""
        return sum(row.share or 0.0 for row in self.ledger if row.effect == "left out")

    @property
    def n_malformed(self) -> int:
        """Rows that could not be read: what they were worth is in no share."""
        return sum(row.n_rows for row in self.ledger if row.reason == "malformed")

    @property
    def provenance(self) -> dict[str, Any]:
        """Files with their digests, whose report counts, every other choice, and what is lost."""
        return {
            "files": [asdict(file) for file in self.files],
            "options": self.options,
            "lost_share": self.lost_share,
            "n_malformed": self.n_malformed,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return the flows, a row for each importer, exporter, code and year."""
        return self.frame

    def summary(self) -> str:
        """Return how much was read and what became of it, in a line each."""
        flows, files = len(self.frame), ", ".join(file.name for file in self.files)
        lost = f"{self.lost_share:.2%} of the {self.measure}"
        if self.n_malformed:
            lost += f", and {self.n_malformed:,} malformed rows beside,"
        lines = [f"{flows:,} flows from {files}; {lost} left out"]
        for row in self.ledger:
            share = "" if row.share is None else f", {row.share:.2%} of the {self.measure}"
            lines.append(f"  {row.effect}: {row.n_rows:,} rows{share}: {row.title}")
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])

    def to_dict(self) -> dict[str, Any]:
        """Counts, files and choices, for JSON; the flows are :attr:`frame`."""
        return {
            "n_flows": len(self.frame),
            "value_usd": float(self.frame["value_usd"].sum()) if self.measure == "value" else None,
            "ledger": [asdict(row) for row in self.ledger],
            **self.provenance,
            "areas": self.areas,
            "notes": list(self.notes),
        }


#: economies that studies of re-exports name first (Feenstra and Hanson 2004 on Hong Kong;
#: Mellens, Noordman and Verbruggen 2007 on the Netherlands, Belgium and Singapore)
ENTREPOTS = ("HKG", "SGP", "NLD", "BEL", "ARE")


@dataclass(frozen=True, slots=True)
class Hub:
    """A country that bought and sold goods of one code in one year."""

    country: str
    hs6: str
    year: int
    #: bought, sold: US dollars
    bought: float
    sold: float
    passed: float  #: the most that can be re-exports, US dollars: the smaller of the two
    is_entrepot: bool  #: whether studies name it as a place of re-exports


def hubs(trade: pd.DataFrame, *, top: int | None = None) -> list[Hub]:
    """Which countries may pass on goods of others?

    `trade` has columns importer, exporter, hs6, year and value_usd (US dollars). By code and year
    those that could pass on most come first: `top` of them, and every known entrepot.

    Examples
    --------
    >>> import pandas as pd
    >>> trade = pd.DataFrame(
    ...     [["HKG", "FJI", "850511", 2024, 9.0], ["MLT", "HKG", "850511", 2024, 7.0]],
    ...     columns=["importer", "exporter", "hs6", "year", "value_usd"])
    >>> [(hub.country, hub.passed, hub.is_entrepot) for hub in hubs(trade)]
    [('HKG', 7.0, True)]
    """
    names = ["country", "hs6", "year"]
    trade = trade[trade["value_usd"].notna()]
    bought = trade.groupby(["importer", "hs6", "year"])["value_usd"].sum().rename_axis(names)
    sold = trade.groupby(["exporter", "hs6", "year"])["value_usd"].sum().rename_axis(names)
    both = bought.rename("bought").to_frame().join(sold.rename("sold"), how="inner").reset_index()
    hubs = [
        Hub(
            row["country"],
            row["hs6"],
            int(row["year"]),
            float(row["bought"]),
            float(row["sold"]),
            # No more can have been passed on than was bought, nor than was sold.
            float(min(row["bought"], row["sold"])),
            row["country"] in ENTREPOTS,
        )
        for row in both.to_dict("records")
    ]
    hubs.sort(key=lambda hub: (hub.hs6, hub.year, -hub.passed, hub.country))
    if top is None:
        return hubs
    seen: dict[tuple[str, int], int] = {}
    selection = []
    for hub in hubs:
        rank = seen[hub.hs6, hub.year] = seen.get((hub.hs6, hub.year), 0) + 1
        if rank <= top or hub.is_entrepot:
            selection.append(hub)
    return selection


Reconcile = Literal["importer", "exporter", "weighted"]
RECONCILE: tuple[Reconcile, ...] = ("importer", "exporter", "weighted")
FLOW = ["importer", "exporter", "hs6", "year"]
#: flows with both reports from which a reporter's quality is judged by itself
MIN_FLOWS = 5
#: the smallest mean gap, so that a reporter of few exact flows does not count for all
_LEAST_GAP = 0.01


def gaps(reports: pd.DataFrame) -> pd.DataFrame:
    """Return the flows that both sides report, and by how much they differ.

    The reports have columns importer, exporter, hs6, year, reporter, value_usd and tonnes. For each
    flow come ``value_importer`` and ``value_exporter`` in US dollars, the same of tonnes, and
    ``ratio``, importer over exporter by value; largest difference first.
    """
    wide = _both(reports)
    pairs = wide[wide["value_importer"].gt(0) & wide["value_exporter"].gt(0)]
    pairs = pairs.assign(ratio=pairs["value_importer"] / pairs["value_exporter"])
    order = (pairs["value_importer"] - pairs["value_exporter"]).abs().sort_values(ascending=False)
    return pairs.loc[order.index].reset_index(drop=True)


def reliability(reports: pd.DataFrame) -> pd.DataFrame:
    """Return how well each country's reports agree with those of its partners.

    The mean absolute log ratio of the two reports over the flows that both sides report, weighted
    by the root of their value; a country with fewer than five such flows has the mean of all. The
    idea is that of BACI (Gaulier and Zignago 2010), which explains the same log ratios by reporter
    in a regression. Columns are reporter, side (importer or exporter), n_flows and mean_gap (log
    points).
    """
    import numpy as np
    import pandas as pd

    both = gaps(reports)
    # Logarithms: twice as much and half as much are as far off.
    gap = np.log(both["ratio"]).abs()
    # The root of the geometric mean of both reports: large flows count for more, and one huge flow
    # not for all.
    weight = np.sqrt(np.sqrt(both["value_importer"] * both["value_exporter"]))
    rows = []
    for side in ("importer", "exporter"):
        sums = pd.DataFrame({"gap": gap * weight, "weight": weight, "n": 1.0})
        by_country = sums.groupby(both[side]).sum()
        rows.append(
            pd.DataFrame(
                {
                    "reporter": by_country.index,
                    "side": side,
                    "n_flows": by_country["n"].to_numpy().astype(int),
                    "mean_gap": (by_country["gap"] / by_country["weight"]).to_numpy(),
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    overall = float((gap * weight).sum() / weight.sum()) if len(both) else 0.0
    # A reporter of few flows is judged as the mean of all: its own gap says more of those flows
    # than of it.
    few = table["n_flows"] < MIN_FLOWS
    table.loc[few, "mean_gap"] = overall
    return table.assign(mean_gap=table["mean_gap"].clip(lower=_LEAST_GAP))


def reconciled(reports: pd.DataFrame, how: Reconcile) -> pd.DataFrame:
    """Return one figure a flow.

    `how` says whose report counts where there are two; weighted is the mean of both, each by one
    over the square of its country's mean gap (:func:`reliability`), where a reported weight goes
    before an estimated one. A flow that one side reports has that figure in any case.
    """
    wide = _both(reports)
    first, second = ("exporter", "importer") if how == "exporter" else ("importer", "exporter")
    has_first = wide[f"value_{first}"].notna()
    reconciled = wide[FLOW].copy()
    for column in ("value", "tonnes", "how"):
        selection = wide[f"{column}_{first}"].where(has_first, wide[f"{column}_{second}"])
        reconciled[column] = selection
    if how == "weighted":
        _weigh(reconciled, wide, reliability(reports))
    return reconciled.rename(columns={"value": "value_usd", "how": "tonnes_how"})


def _weigh(frame: pd.DataFrame, wide: pd.DataFrame, quality: pd.DataFrame) -> None:
    """Put the weighted mean where both sides report."""
    both = wide["value_importer"].notna() & wide["value_exporter"].notna()
    weight = {}
    for side in ("importer", "exporter"):
        of_side = quality[quality["side"] == side].set_index("reporter")["mean_gap"]
        fallback = float(quality["mean_gap"].mean()) if len(quality) else 1.0
        # Inverse variances, as if the mean gap were a standard error.
        weight[side] = 1.0 / wide[side].map(of_side).fillna(fallback) ** 2
    portion = weight["importer"] / (weight["importer"] + weight["exporter"])
    value = portion * wide["value_importer"] + (1 - portion) * wide["value_exporter"]
    frame["value"] = frame["value"].where(~both, value)
    tonnes = portion * wide["tonnes_importer"] + (1 - portion) * wide["tonnes_exporter"]
    # A weight that was estimated is not averaged with one that was reported: the reported one
    # counts.
    alike = wide["how_importer"] == wide["how_exporter"]
    frame["tonnes"] = frame["tonnes"].where(~(both & alike), tonnes)
    better = both & ~alike & (wide["how_exporter"] == "reported")
    frame["tonnes"] = frame["tonnes"].where(~better, wide["tonnes_exporter"])
    frame["how"] = frame["how"].where(~better, "reported")


def _both(reports: pd.DataFrame) -> pd.DataFrame:
    """A row a flow, with the columns value, tonnes and how of each side; missing: not reported."""
    names = {"value_usd": "value", "tonnes": "tonnes", "tonnes_how": "how"}
    sides = []
    for side in ("importer", "exporter"):
        rows = reports[reports["reporter"] == side][[*FLOW, *names]]
        sides.append(rows.rename(columns={old: f"{new}_{side}" for old, new in names.items()}))
    return sides[0].merge(sides[1], on=FLOW, how="outer")


def record_lines(records: Mapping[str, Any]) -> tuple[str, ...]:
    """Return which records an answer rests on, whose report counts, and what is left out of them.

    `records` is the provenance of a :class:`TradeTable`; empty for none.
    """
    if "files" not in records:
        return ()
    files = ", ".join(
        f"{record['name']} (SHA-256 {record['sha256'][:12]})" for record in records["files"]
    )
    options = records["options"]
    whose = WHOSE.get(options["reconcile"], "The records give one figure a flow.")
    lost, n_malformed = records.get("lost_share", 0.0), records.get("n_malformed", 0)
    left = f"{share(lost)} of the {options['measure']} is left out" if lost else ""
    bad = f"{count(n_malformed, 'malformed row')} of unknown {options['measure']}"
    left = f"{left}{' and beside it ' if left else 'Left out: '}{bad}" if n_malformed else left
    lines = (f"Records: {files}.", whose, f"{left}." if left else "", *records.get("notes", ()))
    return tuple(filter(None, lines))
