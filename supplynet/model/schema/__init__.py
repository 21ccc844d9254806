"""The row models of a graph: every table and column declared once.

From these classes come the validation of rows, the Data Package schema in
``datapackage.json`` and the format page ``graphs/README.md``.
"""

from __future__ import annotations

from supplynet.model.schema.chain import (
    LINK_KEY,
    Assay,
    Capacity,
    Circuit,
    Content,
    Demand,
    Edge,
    Node,
    Owner,
    Product,
    Production,
    Recovery,
    Rule,
    Scrap,
)
from supplynet.model.schema.citation import Accepted, Exclusion, Source
from supplynet.model.schema.head import Commodity, DefaultRange, Form, Metadata, Stage, Unit
from supplynet.model.schema.money import Charge, Price, UnitValue
from supplynet.model.schema.policy import Cap, Intensity, Restriction
from supplynet.model.schema.published import Baseline, Parameter, Target
from supplynet.model.schema.row import (
    CONFIDENCES,
    COUNTRY_PATTERN,
    ID_PATTERN,
    STANDINGS,
    STATUS_STANDING,
    UNKNOWN,
    ChargeKind,
    Confidence,
    PriceKind,
    Provenance,
    RelativeTo,
    Row,
    Standing,
    Status,
    columns,
)

__all__ = [
    "Accepted",
    "Assay",
    "Baseline",
    "CONFIDENCES",
    "COUNTRY_PATTERN",
    "Cap",
    "Capacity",
    "Charge",
    "ChargeKind",
    "Circuit",
    "Commodity",
    "Confidence",
    "Content",
    "DefaultRange",
    "Demand",
    "Edge",
    "Exclusion",
    "Form",
    "ID_PATTERN",
    "LINK_KEY",
    "Intensity",
    "Metadata",
    "Node",
    "Owner",
    "Parameter",
    "Price",
    "PriceKind",
    "Product",
    "Production",
    "Provenance",
    "REQUIRED_TABLES",
    "Recovery",
    "RelativeTo",
    "Restriction",
    "Row",
    "Rule",
    "STANDINGS",
    "STATUS_STANDING",
    "Scrap",
    "Source",
    "Stage",
    "Standing",
    "Status",
    "TABLES",
    "Target",
    "UNKNOWN",
    "Unit",
    "UnitValue",
    "columns",
]

#: table name -> row model; the order is that of the files in the format page
TABLES: dict[str, type[Row]] = {
    "nodes": Node,
    "capacities": Capacity,
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
    "sources": Source,
    "exclusions": Exclusion,
    "accepted": Accepted,
}
REQUIRED_TABLES = ("nodes",)
