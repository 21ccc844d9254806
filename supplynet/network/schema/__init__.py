"""The row models of a graph: every table and column declared once.

Validation, the Data Package schema in ``datapackage.json`` and the format page
``graphs/README.md`` follow from these classes. May import terms, units and errors.
"""

from __future__ import annotations

from collections.abc import Iterable

from supplynet.errors import OptionError
from supplynet.network.schema.chain import (
    Assay,
    Capacity,
    Circuit,
    Content,
    Demand,
    DesignName,
    Edge,
    Node,
    Owner,
    Product,
    Production,
    Ramp,
    Recovery,
    Rule,
    Scrap,
)
from supplynet.network.schema.head import Commodity, DefaultRange, Form, Metadata, Stage, Unit
from supplynet.network.schema.money import (
    Accepted,
    Baseline,
    Cap,
    Charge,
    Exclusion,
    Intensity,
    Parameter,
    Price,
    Restriction,
    Source,
    Target,
    UnitValue,
)
from supplynet.network.schema.row import (
    COUNTRY_PATTERN,
    ID_PATTERN,
    SOME_COUNTRY_PATTERN,
    UNKNOWN,
    ChargeKind,
    Columns,
    PriceKind,
    Provenance,
    RelativeTo,
    Row,
    coded,
    columns,
)
from supplynet.network.schema.time import (
    DAYS,
    MONTH_PATTERN,
    CauseName,
    LeadTime,
    Option,
    Outage,
    Replay,
    Season,
    ShapeName,
    Shock,
    Stock,
    Uncertainty,
)
from supplynet.terms.vocabulary import did_you_mean

__all__ = [
    "Accepted",
    "Assay",
    "Baseline",
    "COUNTRY_PATTERN",
    "SOME_COUNTRY_PATTERN",
    "Cap",
    "Capacity",
    "CauseName",
    "Charge",
    "ChargeKind",
    "Circuit",
    "Columns",
    "Commodity",
    "Content",
    "DAYS",
    "DefaultRange",
    "Demand",
    "Edge",
    "Exclusion",
    "Form",
    "ID_PATTERN",
    "Intensity",
    "LeadTime",
    "MONTH_PATTERN",
    "Metadata",
    "Node",
    "Option",
    "Outage",
    "Owner",
    "Parameter",
    "Price",
    "PriceKind",
    "DesignName",
    "Product",
    "Production",
    "Provenance",
    "REQUIRED_TABLES",
    "Ramp",
    "Recovery",
    "RelativeTo",
    "Replay",
    "Restriction",
    "Row",
    "Rule",
    "Scrap",
    "Season",
    "ShapeName",
    "Shock",
    "Source",
    "Stage",
    "Stock",
    "TABLES",
    "Target",
    "UNKNOWN",
    "Uncertainty",
    "Unit",
    "UnitValue",
    "coded",
    "columns",
    "require_tables",
]

#: table name -> row model; the order is that of the files in the format page
TABLES: dict[str, type[Row]] = {
    "nodes": Node,
    "capacities": Capacity,
    "ramps": Ramp,
    "circuits": Circuit,
    "owners": Owner,
    "production": Production,
    "recoveries": Recovery,
    "scrap": Scrap,
    "assays": Assay,
    "products": Product,
    "contents": Content,
    "edges": Edge,
    "rules": Rule,
    "demand": Demand,
    "parameters": Parameter,
    "prices": Price,
    "charges": Charge,
    "unit_values": UnitValue,
    "targets": Target,
    "baseline": Baseline,
    "restrictions": Restriction,
    "intensities": Intensity,
    "caps": Cap,
    "stocks": Stock,
    "shocks": Shock,
    "outages": Outage,
    "lead_times": LeadTime,
    "seasons": Season,
    "uncertainty": Uncertainty,
    "replays": Replay,
    "options": Option,
    "sources": Source,
    "exclusions": Exclusion,
    "accepted": Accepted,
}
REQUIRED_TABLES = ("nodes",)


def require_tables(names: Iterable[str]) -> None:
    """Refuse a table that is not one of the format's, with the one that was probably meant."""
    for name in names:
        if name not in TABLES:
            raise OptionError(
                f"a network has no table {name!r}; its tables are {', '.join(TABLES)}",
                hint=did_you_mean(name, TABLES),
            )
