"""Footprint: what comes with a nation's supply: carbon dioxide, tailings, residue, by plant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.words import Traced, takes
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import option, sentence, shared
from supplynet.contract.row import BurdenTonnes, Row, col
from supplynet.contract.row import rows as table
from supplynet.errors import OptionError
from supplynet.questions.declared import question
from supplynet.terms import FLOWS, LEVEL_NAMES, TRACED
from supplynet.text import tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solved import Allocated
    from supplynet.arrays import Floats
    from supplynet.model.case import Case
    from supplynet.network.schema import Intensity

#: name of the calibrated flows of a year
CALIBRATED = "calibrated"
#: what calibrated flows are asked by
_CALIBRATED_BY = ("links", "plants", "tier", "scenario", "year", "time_limit")
_PER_TONNE = "t of the burden/t of product"


class Query(Traced):
    """Whose supply is followed, in which flows."""

    element: str | Iterable[str] | None = shared("element")
    form: str | Iterable[str] | None = option(
        "Only what is served in these forms.",
        default=None,
        kind="str or iterable of str",
        usual="the final form of the graph",
        said="--form FORM...",
        example="magnet",
    )
    flows: str = option(
        "Of which flows: a balance of all nations, or the calibrated flows of a year.",
        default="balance",
        words=FLOWS,
    )
    objective: str = option(
        "How a balance is shared out, as in ``allocate``.", default="fair", words=TRACED
    )
    exposed_to: str | Iterable[str] | None = shared("exposed_to", said="--exposed-to WHAT...")


class PlantBurden(Row):
    """What a plant brings of a burden for a nation's supply."""

    burden: str
    node: str
    name: str
    stage: str
    country: str
    low: BurdenTonnes = col("What the supply ends with, intensities at their low ends.")
    central: BurdenTonnes = col("What the supply ends with.")
    high: BurdenTonnes = col("What the supply ends with, intensities at their high ends.")
    per_tonne: float | None = col(
        "``central`` for a tonne of product that is served; None where nothing is.",
        _PER_TONNE,
        by="central / served",
    )


class Total(Row):
    """A burden over all plants, in tonnes for a tonne that is served, and how much is counted."""

    burden: str
    low: float = col(
        "With intensities at their low ends.", _PER_TONNE, by="sum(plants.low, burden) / served"
    )
    central: float = col(
        "For a tonne of product.", _PER_TONNE, by="sum(plants.central, burden) / served"
    )
    high: float = col(
        "With intensities at their high ends.", _PER_TONNE, by="sum(plants.high, burden) / served"
    )
    counted: dict[str, float] = col(
        "By stage: the share of what passes it on the way to the supply at plants that have "
        "an intensity of the burden; stages where none has are left out."
    )


class FootprintResult(
    Answer,
    name="footprint",
    title="What comes with a nation's supply, for a tonne served, by plant and step",
    headline=(Lead("burden", "central", "low", "high", of="{row.burden}", table="totals"),),
    document="supplynet.reports.results_exposure.of_footprint",
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

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return the plants with the burden of all of them; or a table by name."""
        frame = super().to_frame(table)
        totals = {total.burden: total.central for total in self.totals}
        return frame if table else frame.assign(central_all=frame["burden"].map(totals))


@question(
    "footprint",
    title="",
    together="",
    metrics={name: attrgetter(name) for name in LEVEL_NAMES},
    is_of_all=lambda _query: True,
    judged=lambda answer: {total.burden: total for total in answer.totals},
)
def footprint(case: Case, query: Query) -> FootprintResult:
    """What comes with a nation's supply, for a tonne served, by plant and step?

    Each plant brings what the table intensities says for a tonne that it handles. What it brings
    goes with all that leaves it in use, by weight, and is followed through every mix to the
    nations. Low and high are the ends of the intensities; yields and flows are the central ones.
    Calibrated flows take no words but year, links, plants, tier, scenario and time_limit; their
    year is the graph's base year by default. ``--fail-on`` judges each burden.

    Returns
    -------
    FootprintResult

    Raises
    ------
    UnknownNameError
        If a selector or form names nothing.
    OptionError
        If the graph has no intensities, `to` names no nation that asks for products, or calibrated
        flows are asked for something that they do not take.
    InterruptedSolveError
        If the time limit was reached.
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
    record = query.balanced()
    if query.flows == "balance":
        from supplynet.analysis.balance.ask import balance

        record |= {"objective": query.objective, "exposed_to": query.exposed_to}
        return footprint_of(balance(case.net, **record), to=query.to, form=query.form)
    from supplynet.analysis.calibrate.fit import fitted
    from supplynet.analysis.provenance import provenance
    from supplynet.analysis.question import ask
    from supplynet.analysis.words import measured_words

    record.pop("lens", None)  # calibrated flows shut nothing, so that no owner is asked for
    for name in sorted(record.keys() - set(_CALIBRATED_BY)):
        raise OptionError(
            f"calibrated flows do not take {name}",
            hint=f"they take {', '.join(_CALIBRATED_BY)}; ask a balance for the rest",
        )
    seconds = record.pop("time_limit", None)
    nations = [f"stage:{stage.name}" for stage in case.net.stages if stage.is_nation]
    options = ask(case.net, to=nations, **measured_words(case.net, record))
    fit, basis = fitted(options, seconds), case.net.commodity.basis
    return _answer(
        fit.run.model,
        fit.x,
        query.to,
        query.form,
        flows=CALIBRATED,
        question=options,
        certificate=fit.certificate,
        provenance=provenance(options, years=[fit.year], every=True, basis=basis),
    )


@takes(like=footprint)
def footprint_of(
    balance: Allocated, *, to: str | Iterable[str], form: str | Iterable[str] | None = None
) -> FootprintResult:
    """What comes with a nation's supply in a given balance?

    As :func:`footprint`, for several nations of one balance.

    Parameters
    ----------
    balance : AllocateResult
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
    balance = balance.solved
    about = {name: getattr(balance, name) for name in ("question", "certificate", "provenance")}
    return _answer(balance.run.model, balance.x, to, form, flows=balance.objective, **about)


def _answer(
    model: Model,
    x: Floats,
    to: str | Iterable[str],
    form: str | Iterable[str] | None,
    **about: Any,
) -> FootprintResult:
    """Return what comes with the supply of some nations in a solution, which is about `about`."""
    from supplynet.analysis.balance.evidence import supply_proof
    from supplynet.analysis.exposure.spread import add_burdens, burdens_of, spread
    from supplynet.analysis.exposure.study import chosen_products
    from supplynet.analysis.question import joined, target_nodes

    net = model.scope.net
    nations = target_nodes(net, joined(to)) & {nation for nation, _ in model.scope.demand}
    intensities = cast("tuple[Intensity, ...]", net.rows("intensities"))
    if not intensities:
        raise OptionError(
            f"{net.name} has no table intensities, so that nothing is known to come with a tonne",
            hint="say in intensities.csv what plants bring for a tonne that they handle",
        )
    if not nations:
        raise OptionError(f"{joined(to)!r} names no nation that asks for products")
    final = [form.name for form in net.commodity.forms if form.is_final] or None
    query = (product for _, product in model.scope.demand)
    products = chosen_products(net, query, final if form is None else form)
    columns = [
        column
        for column, (nation, product) in model.columns.of("served")
        if nation in nations and product in products
    ]
    served = sum(float(x[column]) for column in columns)
    borne = spread(model, x, nations, products)
    plants = []
    for (burden, label), bounds in burdens_of(model, x, borne, intensities).items():
        node, (low, central, high) = net.node(label), bounds
        key = burden, label, node.name, node.stage, node.country
        each = central / served if served > 0.0 else None
        plants.append(PlantBurden(*key, low, central, high, each))
    totals = []
    for burden in dict.fromkeys(row.burden for row in intensities):
        own = [row for row in plants if row.burden == burden]
        sums = (sum(getattr(row, end) for row in own) for end in LEVEL_NAMES)
        low, central, high = (each / served if served > 0.0 else 0.0 for each in sums)
        rows_of = [row for row in intensities if row.burden == burden]
        totals.append(Total(burden, low, central, high, borne.counted(net, rows_of)))
    order = [total.burden for total in totals]
    plants.sort(key=lambda row: (order.index(row.burden), -row.central, row.node))
    return FootprintResult(
        to=joined(to),
        products=tuple(sorted(products)),
        served=served,
        rows=tuple(plants),
        totals=tuple(totals),
        evidence=partial(
            supply_proof, model, x, columns, partial(add_burdens, model, x, borne, plants, totals)
        ),
        **about,
    )


@sentence(FootprintResult)
def say(answer: FootprintResult) -> str:
    """Return what the nations get, and what comes with a tonne of it."""
    return " ".join([lead(answer), *burdens(answer)])


def lead(answer: FootprintResult) -> str:
    """Return what the nations get, in which flows."""
    from supplynet.analysis.question import selector_names
    from supplynet.present.words import avoided, capitalized, link_phrase, scenario_phrase, the

    question = answer.question
    names = selector_names(question.net, answer.to)
    where = f"with all nations buying in {question.year}"
    if answer.flows == CALIBRATED:
        where = f"in the calibrated flows of {question.year}"
    where += f", without {avoided(question)}," if question.avoid else ""
    phrase = f"{where}{scenario_phrase(question.net)} on {link_phrase(question)}"
    gets = f"{capitalized(the(', '.join(names)))} {'get' if len(names) > 1 else 'gets'}"
    if answer.served <= 0.0:
        return f"{gets} nothing {phrase}, so that nothing comes with it."
    return (
        f"{gets} {tonnes(answer.served)} t of product a year {phrase}. For each tonne of it the "
        "plants on the way bring, low to high by the ends of the intensities:"
    )


def burdens(answer: FootprintResult) -> list[str]:
    """Return what comes with a tonne of what is served, if anything is, a text a burden."""
    texts = []
    for total in answer.totals if answer.served > 0.0 else ():
        low, central, high = (tonnes(getattr(total, end)) for end in LEVEL_NAMES)
        spread = "" if low == high else f" ({low} to {high})"
        texts.append(f"{total.burden}: {central} t{spread}.")
    return texts
