"""Exposure: which share of a nation's contested supply touched a jurisdiction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

from supplynet.analysis.balance.objectives.measured import measured_years
from supplynet.analysis.balance.words import TracedWords
from supplynet.analysis.question import joined
from supplynet.analysis.words import known_words, takes
from supplynet.errors import DataError, OptionError, UnknownNameError
from supplynet.network.problems import did_you_mean
from supplynet.network.scenario.years import measured_year
from supplynet.network.selector import Selection, select, select_some
from supplynet.network.units import BASKET, elements_of
from supplynet.solve.check import Certificate
from supplynet.terms import LENSES, MEASURED, TRACED, one_of

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.exposure.result import ExposureResult
    from supplynet.analysis.exposure.study import Asked
    from supplynet.network.network import SupplyNetwork


@takes(TracedWords)
def exposure(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    exposed_to: str | Iterable[str],
    element: str | Iterable[str] | None = None,
    form: str | Iterable[str] | None = None,
    product: str | Iterable[str] | None = None,
    lens: str = "location",
    within: float = 0.0,
    objective: str | None = None,
    **balance_words: Unpack[TracedWords],
) -> ExposureResult:
    """Which share of a nation's supply touched a jurisdiction, at each stage?

    The contested balance is solved first; the nation's supply in it is then traced back through
    every mix to the mines. *Direct* is what customs sees: the last plant abroad. *Traced* is all
    that passed a plant of the jurisdiction at some step. Where ways meet, what goes on holds the
    average of what came (proportional mixing). Where nothing is measured the tier is ``firm``,
    unless links, plants or tier are given.

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str
        Selector of the nations whose supply is meant.
    exposed_to : str or iterable of str
        Selector of the jurisdiction: its plants count, nations do not.
    element : str or iterable of str, optional
        Default: the headline elements. The tonnes of several are also added up, on the graph's
        basis.
    form, product : str or iterable of str, optional
        Only what arrives for demand of these forms or products.
    lens : {"location", "control"}
        Whether a country means where a plant stands or who owns it, here and for ``avoid``.
        Plants of unknown owners give a range: surely and possibly.
    within : float
        For ranges: the part of what the balance reached that another balance may give up and
        still count as good, 0 to 1. 0: only optimal ones.
    objective : str, optional
        As in :func:`supplynet.allocate`; ``least_exposure`` means to the same ``exposed_to``.
        Default: ``measured`` for a year whose flows were calibrated, where nothing is avoided or
        assumed; else ``fair``.

    Returns
    -------
    ExposureResult

    Raises
    ------
    UnknownNameError
        If a selector, element, form or product names nothing.
    OptionError
        If `to` names no nation that draws, or an option's value is not allowed.
    DataError
        If the network knows only what crossed borders.
    CertificateError
        If the independent check refuses a solution or a trace.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = exposure(sn.load("tutorial"), to="MLT", exposed_to="FJI", element="Nd")
    >>> row = found.at("Nd")
    >>> round(row.direct, 2), round(row.traced, 2)
    (0.0, 0.23)
    """
    from supplynet.analysis.balance import balance

    if net.commodity.production == "unknown":
        raise DataError(
            f"{net.name} knows what crossed borders, not what is made: which part had passed a "
            "jurisdiction lies between two ends",
            hint="ask supplynet.dependence_of for both",
        )
    known_words(balance_words, exposure)
    if objective is None:
        objective = usual_objective(net, balance_words)
    rule = TRACED[one_of(objective, TRACED, "objective")]
    least = exposed_to if rule.asks_for == "exposed_to" else None
    words: TracedWords = {**balance_words}
    result = balance(net, objective=objective, lens=lens, exposed_to=least, **words)
    return exposure_of(
        result,
        to=to,
        exposed_to=exposed_to,
        element=element,
        form=form,
        product=product,
        within=within,
    )


def usual_objective(net: SupplyNetwork, words: Mapping[str, Any]) -> str:
    """Return by which balance an exposure is worked out where nothing is said.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("rare-earths")
    >>> usual_objective(net, {"year": 2024}), usual_objective(net, {"year": 2030})
    ('measured', 'fair')
    """
    year = words.get("year") or measured_year(net)
    others = {name: value for name, value in words.items() if name not in ("year", "time_limit")}
    is_plain = not any(others.values()) and not net.applied
    return MEASURED if is_plain and year in measured_years(net) else "fair"


@takes(like=exposure)
def exposure_of(
    balance: BalanceResult,
    *,
    to: str | Iterable[str],
    exposed_to: str | Iterable[str],
    element: str | Iterable[str] | None = None,
    form: str | Iterable[str] | None = None,
    product: str | Iterable[str] | None = None,
    lens: str | None = None,
    within: float = 0.0,
) -> ExposureResult:
    """Which share of a nation's supply in a given balance touched a jurisdiction?

    As :func:`exposure`, for many questions about one balance.

    Parameters
    ----------
    balance : BalanceResult
        Whose supply is traced.
    lens : {"location", "control"}, optional
        Default: that of the balance.

    Returns
    -------
    ExposureResult

    Raises
    ------
    UnknownNameError, OptionError, CertificateError
        As :func:`exposure`.

    Examples
    --------
    >>> import supplynet as sn
    >>> result = sn.allocate(sn.load("tutorial"))
    >>> exposure_of(result, to="MLT", exposed_to="all", element="Nd").at("Nd").traced
    1.0
    """
    from supplynet.analysis.exposure.result import ExposureResult
    from supplynet.analysis.exposure.study import study
    from supplynet.analysis.exposure.tables import (
        concentration_rows,
        holder_rows,
        plant_rows,
        stage_rows,
    )

    lens = balance.question.lens if lens is None else lens
    if not 0.0 <= within < 1.0:
        raise OptionError(f"within must be at least 0 and below 1, not {within}")
    asked = _asked(balance, to, exposed_to, form, product, lens)
    elements = _elements(balance, element)
    studies = tuple(study(balance.run.model, balance.x, asked, element) for element in elements)
    words = {
        "to": joined(to),
        "exposed_to": joined(exposed_to),
        "lens": lens,
        "traced": list(elements),
        "products": sorted(asked.products),
        "within": within,
    }
    source = balance.provenance
    certificates = {traced.element: traced.certificate for traced in studies}
    every = (*balance.certificates.values(), *certificates.values())
    return ExposureResult(
        question=balance.question,
        balance=balance,
        to=joined(to),
        exposed_to=joined(exposed_to),
        lens=lens,
        elements=elements,
        products=tuple(sorted(asked.products)),
        within=within,
        stages=stage_rows(studies),
        holders=holder_rows(asked, studies),
        plants=plant_rows(asked, studies, lens),
        concentrations=concentration_rows(asked, studies),
        certificate=Certificate(tuple(check for one in every for check in one.checks)),
        certificates=certificates,
        provenance=replace(source, options={**source.options, **words}),
        asked=asked,
        studies=studies,
    )


def _elements(balance: BalanceResult, element: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the elements that are asked about, each of them followed by the balance."""
    net, followed = balance.question.net, balance.run.model.scope.elements
    words = element if element is None or isinstance(element, str) else list(element)
    elements = elements_of(net, words)
    if BASKET in elements:
        raise OptionError(
            "an exposure is that of elements, and the basket is all of them",
            hint='write element="all"',
        )
    missing = [element for element in elements if element not in followed]
    if missing and element is not None:
        raise OptionError(
            f"the balance does not follow {missing[0]}; it follows {', '.join(followed)}",
            hint="leave elements= out of the balance for all",
        )
    return tuple(element for element in elements if element in followed) or followed


def _asked(
    balance: BalanceResult,
    to: str | Iterable[str],
    exposed_to: str | Iterable[str],
    form: str | Iterable[str] | None,
    product: str | Iterable[str] | None,
    lens: str,
) -> Asked:
    """Look up nations, products and the jurisdiction."""
    from supplynet.analysis.exposure.streams import drawing_nations
    from supplynet.analysis.exposure.study import Asked

    net = balance.question.net
    every = frozenset(net.nation_ids)
    text = joined(exposed_to)
    # under the other lens there may be no such plant
    selections: dict[str, Selection] = {
        lens_name: select(net, text, lens=lens_name) for lens_name in LENSES
    }
    selections[lens] = select_some(net, text, lens=lens, what="exposed_to")
    return Asked(
        net=net,
        nations=drawing_nations(balance, to),
        products=_products(balance, form, product),
        exposed={
            lens_name: Selection(selection.surely - every, selection.possibly - every)
            for lens_name, selection in selections.items()
        },
        plants={
            stage.name: tuple(node.id for node in net.node_rows if node.stage == stage.name)
            for stage in net.stages
            if not stage.is_nation
        },
    )


def _products(
    balance: BalanceResult,
    form: str | Iterable[str] | None,
    product: str | Iterable[str] | None,
) -> frozenset[str]:
    """Return the products that are asked about."""
    net = balance.question.net
    products = frozenset(row.product for row in balance.deliveries)
    if form is None and product is None:
        return products
    if not balance.run.model.scope.demand:
        raise OptionError(f"{net.name} knows no demand, so that no form or product can be chosen")
    for what, given, known in (
        ("form", form, net.form_by_name),
        ("product", product, net.product_by_id),
    ):
        if given is None:
            continue
        words = {word.strip() for word in joined(given).split(",")}
        unknown = sorted(words - known.keys())
        if unknown:
            raise UnknownNameError(
                f"{net.name} has no {what} {unknown[0]!r}; it has {', '.join(known)}",
                hint=did_you_mean(unknown[0], known),
            )
        names = {
            element: element if what == "product" else net.product_by_id[element].form
            for element in products
        }
        products = frozenset(element for element in products if names[element] in words)
    if not products:
        raise OptionError("nobody draws products of that kind in this balance")
    return products
