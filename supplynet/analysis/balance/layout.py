"""What a balance tells: its figures and tables, declared."""

from __future__ import annotations

from dataclasses import dataclass

from supplynet.analysis.balance.burdens import Burden, Headroom
from supplynet.analysis.balance.content import ElementDelivery
from supplynet.analysis.balance.firm import FirmDelivery
from supplynet.analysis.balance.observed import Target
from supplynet.analysis.balance.scrap import Recycled, Scrapped
from supplynet.analysis.flow.rows import (
    BINDING,
    DEAD_ENDS,
    DELIVERIES,
    FLOWS,
    PRODUCT_UNIT,
    SURPLUS,
    USES,
    IdleRestriction,
)
from supplynet.contract.declared import Layout, Table, text, texts
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import ANYTHING, CERTIFICATES
from supplynet.terms import ENDS


@dataclass(frozen=True)
class Coverage:
    """A nation's demand in one form, and how much of it is served, t of product per year.

    Parameters
    ----------
    nation, form : str
    demand, served, unmet, coverage : float
    how : str
        On which years the demand rests.
    """

    nation: str
    form: str
    demand: float
    served: float
    unmet: float
    coverage: float
    how: str


@dataclass(frozen=True, slots=True)
class FormCoverage:
    """What all nations together ask for in one form, and how much of it is served.

    Parameters
    ----------
    form : str
    demand, served, coverage : float
    low, high : float or None
        Coverage with every figure at its low and at its high end; None where the rule does not
        serve the most that can be served.
    """

    form: str
    demand: float
    served: float
    coverage: float
    low: float | None
    high: float | None


_TONNES = dict.fromkeys(("demand", "served", "unmet"), PRODUCT_UNIT)

BALANCE_LAYOUT = Layout(
    name="balance",
    title="Who gets how much when all nations draw on the network at once",
    headline=(Lead("coverage", "coverage", "low", "high", of="{row.form}", table="forms"),),
    has_conditions=True,
    document="supplynet.reports.results_balance.of_balance",
    figures=(
        text("meaning", "What the figures count."),
        text("objective", "By which rule it is shared out."),
        text("basis", "Whether plants count with what they could make or with what they made."),
        text("basis_reason", "Why that basis was taken."),
        text("unit", "Unit of what is asked for and served."),
        texts("left_out", "Nations that take no part because they are avoided."),
    ),
    tables=(
        DELIVERIES,
        Table(
            "forms",
            "Coverage by form, of all nations together",
            FormCoverage,
            units=dict.fromkeys(("demand", "served"), PRODUCT_UNIT)
            | dict.fromkeys(ENDS, "share, 0 to 1"),
        ),
        Table("coverage", "Coverage by nation and form", Coverage, units=_TONNES),
        Table(
            "elements",
            "What deliveries hold of each element",
            ElementDelivery,
            units=dict.fromkeys(("demand", "served", "unmet"), "t/yr on the graph's basis"),
        ),
        USES,
        BINDING,
        SURPLUS,
        DEAD_ENDS,
        Table(
            "scrap",
            "New scrap by plant and element",
            Scrapped,
            units=dict.fromkeys(("arisen", "returned", "lost"), "t/yr on the graph's basis"),
        ),
        Table(
            "recycled",
            "Scrap that plants take, by plant and element",
            Recycled,
            units=dict.fromkeys(("taken", "recovered"), "t/yr on the graph's basis"),
        ),
        Table(
            "burdens",
            "What capped plants bring of each burden",
            Burden,
            units=dict.fromkeys(("amount", "low", "central", "high"), "t of the burden/yr"),
        ),
        Table(
            "headroom",
            "How much capped plants can mine before each cap binds",
            Headroom,
            units=dict.fromkeys(("low", "central", "high", "free"), "t/yr of basket"),
            path="_headroom_if_capped",
        ),
        FLOWS,
        Table(
            "targets",
            "Links with a tonnage that went or is firm, and what they carry",
            Target,
        ),
        Table("firm", "Links that must carry a minimum", FirmDelivery),
        Table("idle_restrictions", "Restrictions that bind nothing", IdleRestriction),
    ),
    nested={
        "money": {"anyOf": [ANYTHING, {"type": "null"}]},
        "certificates": CERTIFICATES,
    },
)
