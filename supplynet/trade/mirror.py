"""Two reports of one flow: how far they differ, and which one counts.

Every flow may be in the records twice, as the importer's imports and as the exporter's exports.
Importers count the freight (CIF), exporters do not (FOB); goods in transit, another year or
another code make the rest of the gap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

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
        chosen = wide[f"{column}_{first}"].where(has_first, wide[f"{column}_{second}"])
        reconciled[column] = chosen
    if how == "weighted":
        _weigh(reconciled, wide, reliability(reports))
    return reconciled.rename(columns={"value": "value_usd", "how": "tonnes_how"})


def _weigh(found: pd.DataFrame, wide: pd.DataFrame, quality: pd.DataFrame) -> None:
    """Put the weighted mean where both sides report."""
    both = wide["value_importer"].notna() & wide["value_exporter"].notna()
    weight = {}
    for side in ("importer", "exporter"):
        of_side = quality[quality["side"] == side].set_index("reporter")["mean_gap"]
        fallback = float(quality["mean_gap"].mean()) if len(quality) else 1.0
        # Inverse variances, as if the mean gap were a standard error.
        weight[side] = 1.0 / wide[side].map(of_side).fillna(fallback) ** 2
    part = weight["importer"] / (weight["importer"] + weight["exporter"])
    value = part * wide["value_importer"] + (1 - part) * wide["value_exporter"]
    found["value"] = found["value"].where(~both, value)
    tonnes = part * wide["tonnes_importer"] + (1 - part) * wide["tonnes_exporter"]
    # A weight that was estimated is not averaged with one that was reported: the reported one
    # counts.
    alike = wide["how_importer"] == wide["how_exporter"]
    found["tonnes"] = found["tonnes"].where(~(both & alike), tonnes)
    better = both & ~alike & (wide["how_exporter"] == "reported")
    found["tonnes"] = found["tonnes"].where(~better, wide["tonnes_exporter"])
    found["how"] = found["how"].where(~better, "reported")


def _both(reports: pd.DataFrame) -> pd.DataFrame:
    """A row a flow, with the columns value, tonnes and how of each side; missing: not reported."""
    names = {"value_usd": "value", "tonnes": "tonnes", "tonnes_how": "how"}
    sides = []
    for side in ("importer", "exporter"):
        rows = reports[reports["reporter"] == side][[*FLOW, *names]]
        sides.append(rows.rename(columns={old: f"{new}_{side}" for old, new in names.items()}))
    return sides[0].merge(sides[1], on=FLOW, how="outer")
