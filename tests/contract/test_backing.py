"""What an answer declares of its figures is what verify certifies of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from operator import attrgetter
from typing import Any

import pytest

import supplynet as sn
from supplynet import verify
from supplynet.cli.again import looked_up
from supplynet.contract.answer import Result
from supplynet.contract.backing import backing
from supplynet.contract.row import OPEN
from supplynet.network.network import SupplyNetwork
from supplynet.reports.data_writers import to_json
from supplynet.reports.first_words import certified
from supplynet.reports.results import document_of
from supplynet.reports.results_page import kinds
from tests.contract.test_question import EVERYWHERE, kept, net
from tests.contract.test_results import RESULTS
from tests.contract.test_results import net as tutorial

#: what is asked of its smallest graph, and where time is of all: routes that merge, contents that
#: makers mix and firm deliveries are not in each
ASKED = [f"{name} in {graph}" for name, graph in EVERYWHERE]
FLOW = next(one for one in ASKED if one.startswith("flow in "))
FIRST = [next(one for one in ASKED if one.startswith(f"{name} in ")) for name, _ in EVERYWHERE]
everything = pytest.mark.parametrize(
    "name",
    [
        *RESULTS,
        *(one if one in FIRST else pytest.param(one, marks=pytest.mark.slow) for one in ASKED),
    ],
)


@cache
def asked(name: str) -> tuple[Result, SupplyNetwork | None]:
    """The answer to a question, or one of a kind, and the network that it is about."""
    question, _, graph = name.partition(" in ")
    if graph:
        return kept(question, graph), net(graph)
    answer = RESULTS[name]()
    about = getattr(answer, "question", None)
    if name == "OutlookResult":  # which has a question for each nation and year
        about = answer.questions[0]
    return answer, tutorial() if name == "IndexResult" else about and about.net


def seen(name: str, *, is_declared: bool = True) -> list[verify.Arithmetic]:
    """What verify sees in the JSON of an answer, with what is declared open or without."""
    answer, network = asked(name)
    tables = (lambda _: None) if network is None else looked_up(network)
    content: Any = json.loads(to_json(document_of(answer)))
    parts = [*verify.parts_of(content)]
    for part in parts:
        rules = part.get("arithmetic", [])
        part["arithmetic"] = [rule for rule in rules if is_declared or rule[2] != OPEN]
    return [verify.Arithmetic(part, None, tables(part)) for part in parts]


@everything
def test_an_answer_declares_what_verify_certifies(name: str) -> None:
    sums = seen(name)
    known = document_of(asked(name)[0]).backing
    rest = Counter(verify.column_of(place) for part in sums for place in part.open)
    assert known.n == sum(part.n for part in sums)
    assert known.n_certified == known.n - rest.total(), rest


#: tables that say what holds an answer down or up
DECIDE = {"carried_by", "cut", "cuts", "ranked"}
#: of customs records and of two answers: nothing of a graph is solved
WITHOUT_PROOF = {"CompareResult", "MergeResult", "VintageResult"}
#: questions that the balance answers, with what is asked of it
IN_BALANCE = {
    "chokepoints": {"to": "MLT"},
    "chokepoints.interdict": {"to": "MLT", "k": 1},
    "chokepoints.fortify": {"to": "MLT"},
    "bypass": {"to": "MLT", "avoid": "ISL"},
}


def undecided(part: verify.Arithmetic) -> set[str]:
    """Open figures of an answer by which it begins, or by which something is ranked."""
    lost = set[str]()
    # without any proof it is open in its own words: what all of its tables hold
    stated = {f"{table}.{key}".strip(".") for table, key, text in part.rules if text == OPEN}
    stated = set() if part.result["proof"] else stated
    leads = [part.result["headline"], *part.result.get("conditions", {}).values()]
    for lead in leads:
        read_off = (lead.get("read_off", {}).get(end) for end in ("value", "low", "high"))
        places = [tuple(place or ()) for place in read_off]
        unsaid = (one for one in places if not verify.is_of(verify.column_of(one), stated))
        lost |= {f"headline: {[*place]}" for place in unsaid if place in part.open}
    orders = [(table, text) for table, key, text in part.rules if not key]
    ranks = {f"{table}.{name}" for table, text in orders for name in re.findall(r"\w+", text)}
    for column in map(verify.column_of, part.open):
        lost |= {column} if column in ranks or DECIDE & {*column.split(".")} else set()
    return lost


@everything
def test_no_open_figure_stands_in_a_headline_a_cut_or_a_ranking(name: str) -> None:
    if name not in WITHOUT_PROOF:
        assert [undecided(part) for part in seen(name) if undecided(part)] == []


@pytest.mark.parametrize("words", IN_BALANCE)
def test_nor_does_one_where_the_balance_answers(words: str) -> None:
    network = tutorial()
    answer = attrgetter(words)(sn)(network, model="balance", **IN_BALANCE[words])
    content: Any = verify.lent(json.loads(to_json(document_of(answer))), ())
    sums = verify.Arithmetic(content, None, looked_up(network)(content))
    assert (sums.open, sums.faults) == ([], [])
    known = document_of(answer).backing
    assert known.n_certified == known.n == sums.n


def test_an_open_figure_in_a_headline_or_ranking_is_found() -> None:
    headline = {"read_off": {"value": ["rows", 0, "loss"], "low": None}}
    rules = [["rows", "", "-loss; name"]]
    answer = {"headline": headline, "rows": [{"loss": 1.0, "more": 2.0}], "arithmetic": rules}
    part = verify.Arithmetic({**answer, "cut": [{"capacity": 1.0}], "proof": [], "n": 3})
    assert undecided(part) == {"headline: ['rows', 0, 'loss']", "rows.loss", "cut.capacity"}


#: share of the figures of all questions that may be open; lowered by who certifies more, raised by
#: nobody
MOST_OPEN = 0.034


@pytest.mark.slow
def test_no_more_figures_are_open_than_were() -> None:
    known = [document_of(asked(name)[0]).backing for name in ASKED]
    n_open = sum(one.n - one.n_certified for one in known)
    assert n_open <= MOST_OPEN * sum(one.n for one in known)


@pytest.mark.slow
def test_what_is_declared_open_is_open_somewhere() -> None:
    stale = {(kind, name) for kind, own in kinds().items() for name in own.LAYOUT.open}
    for name in (*ASKED, *RESULTS):
        for part in seen(name, is_declared=False):
            columns = set(map(verify.column_of, part.open))
            stale -= {
                (kind, whole)
                for kind, whole in stale
                if kind == part.result["result"]
                and any(verify.is_of(one, {whole}) for one in columns)
            }
    beside = {
        "conditions",
        "estimates",
        "corridors",
        "scenarios",
        "page",
    }  # what a study lays beside an answer
    assert stale == {("bypass", name) for name in beside}


def test_no_proof_is_made_to_count_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = asked(FLOW)[0]
    monkeypatch.setattr(type(answer), "proof", lambda _: pytest.fail("a proof is made"))
    assert document_of(answer).backing.n > 0
    with pytest.raises(BaseException, match="a proof is made"):
        answer.to_dict()


def test_a_rule_says_of_each_row_whether_it_is_open() -> None:
    rules = [["rows", "sum", "(a if a > 1 else open) if b == 'x' else 0"], ["rows", "a", "names"]]
    rows = [{"a": a, "b": b, "sum": 1.0} for a, b in ((1, "x"), (2, "x"), (1, "y"))]
    known = backing({"rows": rows, "arithmetic": rules, "provenance": {}, "proof": [{}]})
    assert (known.n, known.open) == (3, {"rows.sum": 1})


def test_an_answer_without_proof_says_so() -> None:
    known = document_of(RESULTS["VintageResult"]()).backing
    assert known.n_certified == 0 < known.n
    line = certified((), known)[-1].blocks[0]
    assert line.text == f"Certified: 0 of {known.n} figures: no proof has them."
    assert certified((), backing({"n": 3.0})) == ()


@pytest.mark.parametrize("column", ["value", "low", "high", "target", "shortfall", "inputs"])
def test_an_index_other_than_that_of_the_tables_fails(column: str) -> None:
    answer, network = asked("indices in tutorial")
    assert network is not None
    content: Any = verify.lent(json.loads(to_json(document_of(answer))), ())
    changed = next(row for row in content["indices"] if row[column])
    part, key = (changed["inputs"][0], "low") if column == "inputs" else (changed, column)
    part[key] *= 1.001
    assert verify.Arithmetic(content, None, looked_up(network)(content)).faults
