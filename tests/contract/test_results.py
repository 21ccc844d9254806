"""What every kind of result keeps, whatever it answers."""

from __future__ import annotations

import dataclasses
import html
import json
import math
import multiprocessing
import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any

import pandas as pd
import pytest
from jsonschema import Draft202012Validator

import supplynet as sn
from supplynet import verify
from supplynet.analysis.balance.worst import interdict_balance
from supplynet.analysis.potential.ask import bypass_balance
from supplynet.analysis.provenance import Provenance
from supplynet.contract.answer import Result
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import TABLES, Intensity
from supplynet.questions.explain import explanation_of
from supplynet.reports.build import report
from supplynet.reports.data_writers import to_markdown
from supplynet.reports.first_words import headline_words, sections_as_read
from supplynet.reports.results import document_of
from supplynet.solve.check import Certificate, exact
from supplynet.text import quantity
from tests.analysis.decisions.networks import usual
from tests.network.networks import added

PRODUCTION = pd.DataFrame({"country": ["AUS", "CHL"], "year": 2024, "tonnes": [50.0, 50.0]})
TRADE = pd.DataFrame(
    [["MLT", "FJI", "850511", 2024, 9.0, 1.0]],
    columns=["importer", "exporter", "hs6", "year", "value_usd", "tonnes"],
)
ASKED: dict[str, Any] = {"to": "MLT", "element": "Nd"}


@cache
def net() -> SupplyNetwork:
    ore = Intensity(
        id="ore", burden="tailings", nodes="mine", amount=20, unit="t ore", confidence="estimated"
    )
    return sn.load("tutorial").replace(intensities=[ore])


def merged() -> sn.MergeResult:
    edge = next(one for one in net().edge_rows if one.observed is not None)
    country = {node.id: node.country for node in net().node_rows}
    flow = {"importer": country[edge.target], "exporter": country[edge.source], "form": edge.form}
    return sn.graph.merge(net(), pd.DataFrame([{**flow, "year": 2024, "tonnes": 5.0}]))


def compared() -> sn.ScenariosResult:
    closed = {"change": [{"verb": "close", "nodes": "ref-big"}]}
    return sn.compare(net(), sn.Scenario.from_dict(closed, name="stop"), to="MLT")


def replayed() -> sn.ReplayResult:
    """A stop of the refinery of the tutorial, and what was seen of it."""
    stop = sn.Scenario.from_dict({"change": [{"verb": "close", "nodes": "ref-big"}]}, name="stop")
    tables = {table: net().rows(table) for table in TABLES}
    ready = SupplyNetwork.from_rows(net().metadata, tables, scenarios={"stop": stop})
    months = {"begin": "2024-02", "end": "2024-03"}
    shock = {"id": "stop", "name": "Stop", "scenario": "stop", **months}
    seen = {"id": "lost", "shock": "stop", "title": "Lost", "measure": "lost_share", **months}
    seen |= {"place": "MLT", "form": "goods", "value": 1.0}
    return sn.shock.replay(added(added(ready, "shocks", shock), "replays", seen), "stop")


def stockpiled() -> sn.StockpileResult:
    stop = sn.Scenario.from_dict({"change": [{"verb": "close", "nodes": "ref-big"}]}, name="stop")
    tables = {table: net().rows(table) for table in TABLES}
    ready = SupplyNetwork.from_rows(net().metadata, tables, scenarios={"stop": stop})
    return sn.shock.stockpile(ready, to="MLT", shock=["stop@2024-02", "stop@2024-02..2024-04"])


def planned() -> sn.PlanResult:
    """The cheapest way to a little more in the tutorial."""
    return sn.plan(usual(), to="MLT", avoid="ISL", by=2026, target=0.3, tier="committed")


#: an answer of each kind, asked anew at every call
RESULTS: dict[str, Callable[[], Result]] = {
    "BalanceBypassResult": lambda: bypass_balance(net(), to="MLT", avoid="ISL"),
    "BalanceInterdictionResult": lambda: interdict_balance(net(), to="MLT", k=1),
    "AllocateResult": lambda: sn.allocate(net()),
    "BypassResult": lambda: sn.bypass(net(), to="MLT", avoid="ISL"),
    "CalibrationResult": lambda: sn.graph.calibrate(net()),
    "ChokepointResult": lambda: sn.chokepoints(net(), **ASKED),
    "CompanyResult": lambda: sn.company(
        net(), parts=[sn.Part(part="a", product="goods", plant="maker-home")], avoid="ISL"
    ),
    "CompareResult": lambda: sn.compare.answers(
        sn.flow(net(), **ASKED), sn.flow(net(), avoid="ISL", **ASKED)
    ),
    "CutsResult": lambda: sn.flow.cut(net(), is_all=True, **ASKED),
    "DeadEndsResult": lambda: sn.allocate.dead_ends(net()),
    "DependenceResult": lambda: sn.trace.dependence(TRADE, on="FJI", importers="MLT"),
    "DisruptionResult": lambda: sn.chokepoints.disrupt(net()),
    "Explanation": lambda: sn.allocate.explain(net()),
    "ExposureResult": lambda: sn.trace(net(), to="MLT", exposed_to="FJI", element="Nd"),
    "FlowResult": lambda: sn.flow(net(), **ASKED),
    "FootprintResult": lambda: sn.trace.footprint(net(), to="MLT"),
    "FortifyResult": lambda: sn.chokepoints.fortify(net(), k_defend=1, k_attack=1, **ASKED),
    "IndexResult": lambda: sn.indices(net()),
    "InterdictionResult": lambda: sn.chokepoints.interdict(net(), k=1, **ASKED),
    "MergeResult": merged,
    "OutlookResult": lambda: sn.coverage.outlook(net(), to="MLT"),
    "PlanResult": planned,
    "PotentialResult": lambda: sn.coverage(net(), to="MLT"),
    "ReplayResult": replayed,
    "ProgressResult": lambda: sn.coverage.progress(
        net(), to="MLT", avoid="ISL", year=[2024, 2026], slip=0, tier="announced"
    ),
    "RisksResult": lambda: sn.chokepoints.risks(added(net(), "outages", {"days": 100.0})),
    "RoutesResult": lambda: sn.flow.routes(net(), to="MLT"),
    "RunResult": lambda: sn.shock(
        net(), avoid="ISL", during="2024-02", begin="2024-01", end="2024-03"
    ),
    "ScenariosResult": compared,
    "StockpileResult": stockpiled,
    "Study": lambda: sn.uncertainty(net(), to="MLT", avoid="ISL", draws=1),
    "SurviveResult": lambda: sn.shock.survive(
        net(), to="MLT", avoid="ISL", during="2024-01..2024-02"
    ),
    "EvidenceResult": lambda: sn.graph.evidence(sn.load("tutorial")),
    "UnavoidableResult": lambda: sn.chokepoints.unavoidable(net(), **ASKED),
    "VintageResult": lambda: sn.compare.diff_tables(
        PRODUCTION, PRODUCTION.assign(tonnes=[75.0, 25.0])
    ),
}
#: kinds of which nothing is solved
UNSOLVED = {"DeadEndsResult", "DependenceResult", "IndexResult", "MergeResult", "VintageResult"}
#: columns of pages that are sums or parts of what the answer holds
WORKED_OUT = {
    "CalibrationResult": {
        "by-value.more",
        *(f"residuals.{key}" for key in ("flow", "residual", "deviation", "part")),
    },
    "DependenceResult": {"dependence-value.total"},
    "FootprintResult": {"plants.part"},
    "RunResult": {"months.normal", "months.served"},
    "StockpileResult": {"holdings.value", "holdings.cost"},
}
#: kinds whose pages state what each part proves, and not the certificate of the whole
STATED_BY_PARTS = {
    *("BalanceInterdictionResult", "FortifyResult", "InterdictionResult", "OutlookResult"),
    *("ScenariosResult", "Study"),
}
#: what can be asked further, by kind
FURTHER: dict[str, Callable[[Any], Any]] = {
    "AllocateResult": lambda result: (
        result.solved.ranges,
        result.solved.range_of("product", "MLT", "goods"),
        explanation_of(result.solved),
    ),
    "BypassResult": lambda result: [
        (one.via_shares, one.years, one.year_ranges) for one in result.elements
    ],
    "ExposureResult": lambda result: result.balance.spread,
    "PotentialResult": lambda result: (result.elements, result.forms, result.utilization),
}


@cache
def result_of(name: str) -> Result:
    return RESULTS[name]()


def plain(told: Any) -> Any:
    """What JSON keeps of it: no limit and not known are null."""
    if isinstance(told, dict):
        return {key: plain(value) for key, value in told.items()}
    if isinstance(told, list):
        return [plain(value) for value in told]
    return None if isinstance(told, float) and not math.isfinite(told) else told


def test_every_public_kind_of_result_is_here() -> None:
    named = {name for name in sn.__all__ if name.endswith("Result")} - {"Result"}
    assert set(RESULTS) == {*named, "Explanation", "Study"}


every = pytest.mark.parametrize("name", RESULTS)


@every
def test_its_text_begins_with_its_headline(name: str) -> None:
    """With its figure, or without where the sentence behind it states that."""
    document = document_of(result_of(name))
    headline = document.headline
    blocks = [block for section in sections_as_read(document) for block in section.blocks]
    words = blocks[0].text
    ends = headline.low, headline.high
    figure = quantity(headline.value, headline.unit, has_unit=False, ends=ends)
    if words != headline_words(headline):
        assert words == headline_words(headline, has_figure=False)
        texts = getattr(blocks[1], "items", None) or [blocks[1].text]
        assert figure.strip("<> %") in " ".join(texts)
    page = report(document)
    for text in (page.to_markdown(), page.to_html()):
        assert html.unescape(words) in html.unescape(text.replace("\\", ""))


def figures(told: Any) -> Iterator[float]:
    """Every number of it to nine digits, at any depth."""
    if isinstance(told, dict | list | tuple):
        for value in told.values() if isinstance(told, dict) else told:
            yield from figures(value)
    elif isinstance(told, int | float) and math.isfinite(told):
        yield float(f"{told:.9g}")


@every
def test_every_figure_of_its_page_is_one_of_it(name: str) -> None:
    """A table shows what the answer holds; what it works out of that is named here."""
    document = document_of(result_of(name))
    known = {*figures(result_of(name).to_dict()), *figures(document.data)}
    shown = {
        f"{table.name}.{column.key}": list(figures([row.get(column.key) for row in table.rows]))
        for table in document.tables()
        for column in table.columns
    }
    strange = {where for where, values in shown.items() if not known.issuperset(values)}
    assert strange == WORKED_OUT.get(name, set())


@every
def test_a_refused_certificate_is_not_hidden(name: str) -> None:
    result = result_of(name)
    refused = dataclasses.replace(result, certificate=Certificate((exact("mass", 1.0),)))
    if "confirmed" in (text := to_markdown(document_of(result))) and name not in STATED_BY_PARTS:
        text = to_markdown(document_of(refused))
        assert "did not accept" in text
    assert ("confirmed" in text) == (name in STATED_BY_PARTS)


@every
def test_a_headline_that_is_no_figure_of_it_is_refused(name: str) -> None:
    told = json.loads(json.dumps(plain(result_of(name).to_dict()), allow_nan=False))
    faults = [what for word, what in verify.verify(told) if word == "FAILS"]
    assert (faults, next(iter(told))) == ([], "headline")
    head = told["headline"]
    assert head["name"] and head["value"] is not None
    if head["low"] is not None and head["high"] is not None:
        assert head["low"] - 1e-9 <= head["value"] <= head["high"] + 1e-9
    changes = {"value": (head["value"] or 0.0) + 1e-9 * max(1.0, abs(head["value"] or 0.0))}
    changes |= {"low": -1.0, "high": 2.0, "tier": "another", "year": 1999}
    for key, value in changes.items():
        forged = {**told, "headline": {**head, key: value}}
        faults = [what for word, what in verify.verify(forged) if word == "FAILS"]
        assert any(f"headline: {key} is" in what for what in faults), key
    path = {**head["read_off"], "value": ["headline", "value"]}  # of itself
    forged = {**told, "headline": {**head, "value": 0.123, "read_off": path}}
    assert any(word == "FAILS" for word, _ in verify.verify(forged))


@every
def test_its_json_keeps_its_schema_which_refuses_what_is_missing_or_new(name: str) -> None:
    schema, layout = type(result_of(name)).json_schema(), result_of(name).LAYOUT
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    told = json.loads(json.dumps(plain(result_of(name).to_dict()), allow_nan=False))
    assert [fault.message[:200] for fault in validator.iter_errors(told)] == []
    assert (told["result"], told["schema_version"]) == (layout.name, layout.version)
    for key in told:
        assert not validator.is_valid({one: value for one, value in told.items() if one != key})
    assert not validator.is_valid({**told, "another": 1})


@every
def test_its_tables_are_those_that_it_declares(name: str) -> None:
    result = result_of(name)
    told = result.to_dict()
    for table in result.LAYOUT.tables:
        frame = result.tables()[table.name]
        assert list(frame.columns) == [column.name for column in table.columns]
        assert len(frame) == len(result.records(table.name))
        assert result.to_frame(table.name).equals(frame)
        if table.in_json:
            assert len(told[table.name]) == len(frame)
    assert isinstance(result.to_frame(), pd.DataFrame)
    with pytest.raises(OptionError, match="has no table 'nothing'"):
        result.to_frame("nothing")


@every
def test_every_column_says_its_unit_and_what_it_means(name: str) -> None:
    layout = result_of(name).LAYOUT
    columns = [(layout.name, one) for one in layout.figures]
    columns += [(table.name, one) for table in layout.tables for one in table.columns]
    silent = [f"{where}.{one.name}" for where, one in columns if not one.meaning]
    assert silent == []
    without = [
        f"{where}.{one.name}"
        for where, one in columns
        if one.kind in ("number", "numbers", "share", "figures", "pairs") and not one.unit
    ]
    assert without == []


@every
def test_it_says_where_it_comes_from_and_who_proved_it(name: str) -> None:
    result = result_of(name)
    assert isinstance(result.provenance, Provenance)
    assert {"supplynet", "numpy", "scipy", "highspy"} <= set(result.provenance.versions)
    assert result.provenance.build
    if name in UNSOLVED:
        assert result.certificate is None
    else:
        assert isinstance(result.certificate, Certificate)
        assert result.certificate.ok


# declared ones are asked again by tests/contract/test_question.py
@pytest.mark.parametrize(
    "name", [one for one in RESULTS if not hasattr(getattr(sn, one), "DECLARED")]
)
def test_asked_again_it_is_equal_and_of_another_question_it_is_not(name: str) -> None:
    result, again = result_of(name), RESULTS[name]()
    assert result == again
    assert hash(result) == hash(again)
    other = "IndexResult" if name != "IndexResult" else "FlowResult"
    assert result != result_of(other)
    assert result != 1


@every
def test_it_shows_itself_in_a_notebook(name: str) -> None:
    shown = result_of(name)._repr_html_()
    assert shown.startswith("<p>")
    assert "<table" in shown


@every
def test_asking_for_more_changes_nothing(name: str) -> None:
    result = RESULTS[name]()
    before, proof = result.to_dict(), result.certificate
    FURTHER.get(name, lambda one: one.tables())(result)
    assert pickle.loads(pickle.dumps(result)).to_dict() == before
    result.summary()
    assert result.to_dict() == before
    assert result.certificate == proof
    assert result == result_of(name)


def test_what_is_asked_later_has_a_certificate_of_its_own() -> None:
    result = sn.allocate(net(), objective="max_supply", detail="all")
    assert result.spread is not None
    assert result.spread.certificate.ok
    before, solved = result.further_certificates, result.solved
    assert result.further_certificate is not None and result.further_certificate.ok
    solved.range_of("product", "MLT", "goods")
    assert len(solved.further_certificates) > before
    assert all(one.ok for one in solved.further_certificates)


def _value(network: SupplyNetwork) -> float:
    return sn.flow(network, to="MLT", element="Nd").value


@pytest.mark.slow
def test_other_processes_answer_the_same() -> None:
    here = _value(net())
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        assert pool.submit(_value, net()).result() == here
