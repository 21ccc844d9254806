"""What comes with a nation's supply: how much carbon dioxide, tailings and residue, and where?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack, cast

from supplynet.analysis.balance.ask import BalanceWords, FlowWords
from supplynet.analysis.question import ask, joined, target_nodes
from supplynet.analysis.words import known_words, measured_words, takes
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.row import Row, col
from supplynet.contract.row import rows as table
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.problems import did_you_mean
from supplynet.network.selector import select
from supplynet.network.units import elements_of, pick
from supplynet.terms import FLOWS, LEVEL_NAMES, one_of
from supplynet.text import tonnes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.footprint.spread import Spread
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Intensity
    from supplynet.solve.check import Certificate


#: name of the calibrated flows of a year
CALIBRATED = "calibrated"


@takes(BalanceWords)
def footprint(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    form: str | Iterable[str] | None = None,
    flows: str = "balance",
    objective: str = "fair",
    **balance_words: Unpack[BalanceWords],
) -> FootprintResult:
    """What comes with a nation's supply, for a tonne served, by plant and step?

    Each plant brings what the table intensities says for a tonne that it handles. What it brings
    goes with all that leaves it in use, by weight, and is followed through every mix to the
    nations. Low and high are the ends of the intensities; yields and flows are the central ones.
    Calibrated flows take no words but year, links, plants, tier, scenario and time_limit; their
    year is the graph's base year by default.

    Parameters
    ----------
    net : SupplyNetwork
        With a table ``intensities``.
    to : str or iterable of str
        Selector of the nations.
    form : str or iterable of str, optional
        Only what is served in these forms. Default: the final form of the graph.
    flows : {"balance", "calibrated"}
        Those of a balance of all nations, or the calibrated flows of a year.
    objective : str
        How a balance is shared out, as in :func:`supplynet.allocate`.

    Returns
    -------
    FootprintResult

    Raises
    ------
    UnknownNameError
        If a selector or form names nothing.
    OptionError
        If the graph has no intensities, `to` names no nation that asks for products, `flows` is
        neither, or calibrated flows are asked for something that they do not take.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.network.schema import Intensity
    >>> rock = Intensity(
    ...     id="rock", burden="tailings", nodes="mine", amount=20, unit="t ore",
    ...     confidence="estimated",
    ... )
    >>> found = footprint(sn.load("tutorial").replace(intensities=[rock]), to="MLT")
    >>> found.at("tailings").counted
    {'mine': 1.0}
    """
    from supplynet.analysis.balance import balance

    known_words(balance_words, footprint)
    one_of(flows, FLOWS, "flows")
    if flows == "balance":
        return footprint_of(balance(net, objective=objective, **balance_words), to=to, form=form)
    from supplynet.analysis.calibrate.fit import fitted
    from supplynet.analysis.provenance import provenance

    words: dict[str, Any] = {n: value for n, value in balance_words.items() if value is not None}
    words.pop("lens", None)  # calibrated flows shut nothing, so that no owner is asked for
    others = sorted(words.keys() - FlowWords.__annotations__.keys())
    if others:
        raise OptionError(
            f"calibrated flows do not take {others[0]}",
            hint=f"they take {', '.join(FlowWords.__annotations__)}; ask a balance for the rest",
        )
    seconds = words.pop("time_limit", None)
    nations = [f"stage:{stage.name}" for stage in net.stages if stage.is_nation]
    question = ask(net, to=nations, **measured_words(net, words))
    fit, basis = fitted(question, seconds), net.commodity.basis
    source = provenance(question, years=[fit.year], every=True, basis=basis)
    return _footprint(
        question,
        fit.run.model,
        fit.x,
        (fit.certificate, source),
        to,
        form,
        CALIBRATED,
    )


@takes(like=footprint)
def footprint_of(
    balance: BalanceResult, *, to: str | Iterable[str], form: str | Iterable[str] | None = None
) -> FootprintResult:
    """What comes with a nation's supply in a given balance?

    As :func:`footprint`, for several nations of one balance.

    Parameters
    ----------
    balance : BalanceResult
        Whose supply is followed.

    Returns
    -------
    FootprintResult

    Raises
    ------
    UnknownNameError, OptionError
        As :func:`footprint`.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.network.schema import Intensity
    >>> rock = Intensity(
    ...     id="rock", burden="tailings", nodes="mine", amount=20, unit="t ore",
    ...     confidence="estimated",
    ... )
    >>> result = sn.allocate(sn.load("tutorial").replace(intensities=[rock]))
    >>> footprint_of(result, to="MLT").served > 0.0
    True
    """
    return _footprint(
        balance.question,
        balance.run.model,
        balance.x,
        (balance.certificate, balance.provenance),
        to,
        form,
        balance.words.objective,
    )


def _footprint(
    question: Question,
    model: Model,
    x: npt.NDArray[np.float64],
    proof: tuple[Certificate, Provenance],
    to: str | Iterable[str],
    form: str | Iterable[str] | None,
    flows: str,
) -> FootprintResult:
    from supplynet.analysis.balance.evidence import supply_proof
    from supplynet.analysis.footprint.spread import spread

    net = model.scope.net
    intensities = cast("tuple[Intensity, ...]", net.rows("intensities"))
    if not intensities:
        raise OptionError(
            f"{net.name} has no table intensities, so that nothing is known to come with a tonne",
            hint="say in intensities.csv what plants bring for a tonne that they handle",
        )
    nations = target_nodes(net, joined(to)) & {nation for nation, _ in model.scope.demand}
    if not nations:
        raise OptionError(f"{joined(to)!r} names no nation that asks for products")
    products = _products(net, model, form)
    columns = [
        column
        for column, (nation, product) in model.columns.of("served")
        if nation in nations and product in products
    ]
    served = sum(float(x[column]) for column in columns)
    shares = spread(model, x, nations, products)
    rows = _rows(model, x, shares, intensities, served)
    return FootprintResult(
        question=question,
        to=joined(to),
        flows=flows,
        products=tuple(sorted(products)),
        served=served,
        rows=rows,
        totals=_totals(net, shares, intensities, rows, served),
        certificate=proof[0],
        provenance=proof[1],
        evidence=partial(supply_proof, model, x, columns),
    )


def _products(net: SupplyNetwork, model: Model, form: str | Iterable[str] | None) -> frozenset[str]:
    """Return the products in some forms that anybody asks for."""
    if form is None:
        forms = {form.name for form in net.commodity.forms if form.is_final} or set(
            net.form_by_name
        )
    else:
        forms = {word.strip() for word in joined(form).split(",")}
    unknown = sorted(forms - net.form_by_name.keys())
    if unknown:
        raise UnknownNameError(
            f"{net.name} has no form {unknown[0]!r}; it has {', '.join(net.form_by_name)}",
            hint=did_you_mean(unknown[0], net.form_by_name),
        )
    asked = {product for _, product in model.scope.demand}
    return frozenset(product for product in asked if net.product_by_id[product].form in forms)


def _rows(
    model: Model,
    x: npt.NDArray[np.float64],
    found: Spread,
    intensities: Iterable[Intensity],
    served: float,
) -> tuple[PlantBurden, ...]:
    """What each plant brings for the supply, the largest of each burden first."""
    from supplynet.analysis.balance.bill import handled_by

    net = model.scope.net
    sums: dict[tuple[str, str], list[float]] = {}
    followed = model.scope.elements
    shares = {
        group: found.shares(
            model, [element for element in elements_of(net, group) if element in followed]
        )
        for group in {row.group for row in intensities}
    }
    for row in intensities:
        for label in sorted(select(net, row.nodes).surely & found.passing.keys()):
            handled = sum(
                weight * float(x[column]) * float(shares[row.group][column])
                for _, column, weight in handled_by(
                    model, f"node:{label}", form=row.form, group=row.group, unit=row.unit
                )
                if x[column] > 0.0
            )
            amounts = sums.setdefault((row.burden, label), [0.0] * len(LEVEL_NAMES))
            for index, level in enumerate(LEVEL_NAMES):
                amounts[index] += handled * (pick(row, "amount", level) or 0.0)
    order = {burden: number for number, burden in enumerate(dict.fromkeys(b for b, _ in sums))}
    rows = [
        PlantBurden(
            burden,
            label,
            net.node(label).name,
            net.node(label).stage,
            net.node(label).country,
            **dict(zip(LEVEL_NAMES, amounts, strict=True)),
            per_tonne=amounts[LEVEL_NAMES.index("central")] / served if served > 0.0 else None,
        )
        for (burden, label), amounts in sums.items()
        if amounts[LEVEL_NAMES.index("high")] > 0.0
    ]
    return tuple(sorted(rows, key=lambda row: (order[row.burden], -row.central, row.node)))


def _totals(
    net: SupplyNetwork,
    found: Spread,
    intensities: tuple[Intensity, ...],
    rows: tuple[PlantBurden, ...],
    served: float,
) -> tuple[Total, ...]:
    """Each burden for a tonne served, and how much of what passes each stage is counted."""
    totals = []
    for burden in dict.fromkeys(row.burden for row in intensities):
        known: set[str] = set()
        for row in intensities:
            if row.burden == burden:
                known |= select(net, row.nodes).surely
        passing: dict[str, list[float]] = {}
        for label, passed in found.passing.items():
            node = net.node_by_id.get(label)
            if node is None or net.stage_by_name[node.stage].is_nation:
                continue
            sums = passing.setdefault(node.stage, [0.0, 0.0])
            sums[0] += passed if label in known else 0.0
            sums[1] += passed
        counted = {
            stage.name: passing[stage.name][0] / passing[stage.name][1]
            for stage in net.stages
            if stage.name in passing and passing[stage.name][0] > 0.0
        }
        ends = {
            level: sum(getattr(row, level) for row in rows if row.burden == burden) / served
            if served > 0.0
            else 0.0
            for level in LEVEL_NAMES
        }
        totals.append(Total(burden, **ends, counted=counted))
    return tuple(totals)


class PlantBurden(Row):
    """What a plant brings of a burden for a nation's supply."""

    burden: str
    node: str
    name: str
    stage: str
    country: str
    low: float = col(
        "What the supply ends with, intensities at their low ends.", "t of the burden/yr"
    )
    central: float = col("What the supply ends with.", "t of the burden/yr")
    high: float = col(
        "What the supply ends with, intensities at their high ends.", "t of the burden/yr"
    )
    per_tonne: float | None = col(
        "``central`` for a tonne of product that is served; None where nothing is.",
        "t of the burden/t of product",
    )


class Total(Row):
    """A burden over all plants, in tonnes for a tonne that is served, and how much is counted."""

    burden: str
    low: float = col("With intensities at their low ends.", "t of the burden/t of product")
    central: float = col("For a tonne of product.", "t of the burden/t of product")
    high: float = col("With intensities at their high ends.", "t of the burden/t of product")
    counted: dict[str, float] = col(
        "By stage: the share of what passes it on the way to the supply at plants that have "
        "an intensity of the burden; stages where none has are left out."
    )


class FootprintResult(
    Answer,
    name="footprint",
    title="What comes with a nation's supply, for a tonne served, by plant and step",
    headline=(Lead("burden", "central", "low", "high", of="{row.burden}", table="totals"),),
    document="supplynet.reports.results_footprint.of_footprint",
):
    """What came with a nation's supply."""

    to: str = col("Selector of the nations.")
    flows: str = col("Whose flows: calibrated, or the balance's objective.")
    products: tuple[str, ...] = col("What was served.")
    served: float = col("What the nations get.", "t of product/yr")
    rows: tuple[PlantBurden, ...] = table(
        "What each plant brings, the largest of each burden first", name="plants"
    )
    totals: tuple[Total, ...] = table("Burdens over all plants, for a tonne served")

    def at(self, burden: str) -> Total:
        """Return a burden over all plants.

        Raises
        ------
        KeyError
            If nothing was counted of it.
        """
        return next(total for total in self.totals if total.burden == burden)

    def summary(self) -> str:
        """Return the answer in a few sentences."""
        if self.served <= 0.0:
            return f"{self.to} gets nothing, so that nothing comes with it."
        lines = [f"{self.to} gets {tonnes(self.served)} t of product a year."]
        lines += [
            f"A tonne brings {tonnes(total.central)} t of {total.burden} "
            f"({tonnes(total.low)} to {tonnes(total.high)})."
            for total in self.totals
        ]
        return "\n".join(lines)
