"""What every declared question keeps, on every graph and through every door.

A question is found in the table of questions: one that is added is tested here without a line more,
and one that its module does not declare fails.
"""

from __future__ import annotations

import copy
import csv
import dataclasses
import inspect
import io
import json
import math
import pickle
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from jsonschema import Draft202012Validator

import supplynet as sn
from supplynet import verify
from supplynet.contract.answer import DeclaredResult
from supplynet.contract.query import (
    Declaration,
    OfElement,
    OfElements,
    Query,
    option,
    options_of,
    own_options,
)
from supplynet.errors import OptionError, UnknownNameError
from supplynet.questions import COMMANDS, QUESTIONS, WORDS
from supplynet.questions.declared import load
from supplynet.reports.data_writers import jsonable
from supplynet.serve.operations import OPERATIONS, answer
from tests.cli.conftest import Invoke, invoke
from tests.cli.test_headline import assert_read
from tests.sweeps import sweep

__all__ = ["invoke"]  # a fixture

#: nation, what is avoided and an element of each graph
GRAPHS = {
    "tutorial": ("MLT", "ISL", "Nd"),
    "rare-earths": ("KOR", "CHN", "Dy"),
    "cobalt": ("KOR", "CHN", "Co"),
    "gallium-germanium": ("KOR", "CHN", "Ga"),
}
AT: dict[str, Any] = {"tier": "operating", "year": 2026}

#: what else questions about months, years and scenarios are asked, and how much
MORE: dict[str, dict[str, Any]] = {
    "compare": {"cases": ("base",)},
    "plan": {"by": 2028, "until": 2028, "budget": "300M"},
    "uncertainty": {"draws": 32},
    "run": {"during": "2026-01..2026-06", "begin": "2026-01", "end": "2026-12"},
    "replay": {"shock": "licences-2025"},
    "dependence": {"on": "ISL", "importers": "MLT"},
}
#: what is solved month by month is asked of small graphs, and what needs a table where it is
SHOCKED = {
    **dict.fromkeys(("run", "survive", "stockpile", "calibrate", "evidence"), ("tutorial",)),
    **dict.fromkeys(("replay", "risks", "plan", "uncertainty"), ("gallium-germanium",)),
    **dict.fromkeys(("run", "survive", "stockpile"), ("tutorial",)),
    **dict.fromkeys(("replay", "risks"), ("gallium-germanium",)),
    "dead_ends": ("rare-earths",),
    "dependence": ("tutorial",),
    "explain": ("tutorial", "gallium-germanium"),
}
SMALL = {**SHOCKED, "footprint": ("rare-earths", "cobalt")}

#: what makes a question another, where countries do not
OTHER: dict[str, dict[str, Any]] = {
    "indices": {"basis": "production"},
    "dependence": {"on": "FJI"},
}
#: customs records, for what is asked of them
HEAD = "importer,exporter,hs6,year,value_usd,tonnes"
TRADE = f"{HEAD}\nMLT,ISL,850511,2024,9,1\nMLT,FJI,850511,2024,4,2\nFJI,ISL,850511,2024,2,1\n"

questions = pytest.mark.parametrize("name", QUESTIONS)
#: every question and graph
EVERYWHERE = [(name, graph) for name in QUESTIONS for graph in SMALL.get(name, GRAPHS)]
_FIRST = [(name, next(iter(SMALL.get(name, GRAPHS)))) for name in QUESTIONS]
_OTHERS = [
    pytest.param(name, graph, marks=pytest.mark.slow)
    for name in QUESTIONS
    for graph in [*SMALL.get(name, GRAPHS)][1:]
]
#: every question of the first of its graphs, and of the others where time is
everywhere = pytest.mark.parametrize(("name", "graph"), [*_FIRST, *_OTHERS])
#: of some of the others, of all of them where ``SUPPLYNET_MANY=1``
by_turns = pytest.mark.parametrize(("name", "graph"), [*_FIRST, *sweep(_OTHERS, _OTHERS[::4])])


@cache
def net(graph: str) -> sn.SupplyNetwork:
    return sn.load(graph)


def asked(name: str, graph: str) -> dict[str, Any]:
    """What a question is asked about a graph: who and of what, where it takes those."""
    to, avoid, element = GRAPHS[graph]
    known = {one.name: one.default for one in options_of(load(name).query)}
    more = MORE.get(name, {})
    said = {one.name for one in options_of(load(name).query) if one.is_open} | more.keys()
    words = {"to": to, "element": element, **AT, **more}
    for word in ("avoid", "exposed_to"):
        if known.get(word) is dataclasses.MISSING or (word == "avoid" and name in SHOCKED):
            words[word] = avoid
    if "trade" in known:
        words["trade"] = pd.read_csv(io.StringIO(TRADE), dtype={"hs6": str})
        said |= {"trade"}
    if name == "company":
        words["parts"] = [sn.Part(part="Drive", element=element)]
        said |= {"parts"}
    return {key: one for key, one in words.items() if key in known and key in said}


def served(name: str, graph: str) -> Any:
    """The same as words of the server, which asks for the months of a run by its year."""
    operation = OPERATIONS[name]
    words = {**AT, **asked(name, graph)}
    known = operation.asked.model_fields.keys() - operation.asked.idle.keys()
    return operation.asked(**{key: word for key, word in words.items() if key in known})


def ask(name: str, graph: str, **words: Any) -> DeclaredResult:
    """The answer of a question about a graph, by its function of the library."""
    function = called(name)
    of = [net(graph)] if load(name).query.OF else []
    found: DeclaredResult = function(*of, **{**asked(name, graph), **words})
    return found


def called(name: str) -> Any:
    """Its function of the library, by its words."""
    return attrgetter(QUESTIONS[name].replace(" ", "."))(sn)


@cache
def kept(name: str, graph: str) -> DeclaredResult:
    return ask(name, graph)


def said(name: str, graph: str) -> list[str]:
    """The same question as a command."""
    words = asked(name, graph)
    if name == "company":  # its parts are those of a file
        (part,) = words.pop("parts")
        Path("parts.csv").write_text(f"Part,Element\n{part.part},{part.element}\n")
        words["graphs"], graph = graph, "parts.csv"
    if "trade" in words:  # and so are records
        Path("trade.csv").write_text(TRADE)
        words |= {"trade": "trade.csv", "codes": "850511"}
    by_place = {one.name: one for one in options_of(load(name).query) if one.is_argument}
    options = [
        (f"--{key.replace('_', '-')}", str(word))
        for key, word in words.items()
        if key not in by_place
    ]
    placed = ((one, words[key]) for key, one in by_place.items())
    behind = [word for one, told in placed for word in (told if one.is_several else [told])]
    of = [graph] if load(name).query.OF else []
    return [QUESTIONS[name], *of, *behind, *(word for option in options for word in option)]


@questions
def test_it_is_declared_where_it_is_listed(name: str) -> None:
    declared: Declaration[Any] = load(name)
    assert (declared.name, declared.asks) == (name, COMMANDS[QUESTIONS[name]])
    assert declared.say is not None
    assert declared.answer.__name__ in WORDS[QUESTIONS[name]].types
    assert declared.answer.__name__ in sn.__all__
    assert called(name).__name__ == declared.compute.__name__


@questions
def test_its_options_are_those_of_its_signature_its_docstring_and_its_doors(name: str) -> None:
    declared = load(name)
    function = called(name)
    names = [one.name for one in options_of(declared.query)]
    of = ["net"] if declared.query.OF else []
    assert set(inspect.signature(function).parameters) == {*of, *names}
    for one in options_of(declared.query):
        assert f"\n{'*' * one.is_several}{one.name} : " in function.__doc__
    if not declared.is_open:
        assert name not in OPERATIONS
        return
    fields = OPERATIONS[name].asked.model_fields
    own = [one.name for one in own_options(declared.query) if one.is_open]
    assert [one for one in fields if one in names and one in own] == own
    assert not {one.name for one in own_options(declared.query) if not one.is_open} & set(fields)


#: what an option is given that its kind does not tell
GIVEN = {
    **{"begin": "2025", "until": "2027", "year": "2025", "slip": "1", "budget": "0.25"},
    **{"during": "2026-02..2026-03", "end": "2026-11", "shock": "s@2026-01..2026-02"},
    **{"cost": "x=2", "weights": "x=2", "target": "coverage=0.25", "executor": "tcp://1:1"},
}
#: options with which others go
ALONG = {
    ("stockpile", "shock"): {"every"},
    ("compare", "model"): {"detail"},
    ("compare", "ranges"): {"ranges"},  # those of a first page
}


@questions
def test_an_option_of_its_command_is_that_word_of_its_question_and_no_other(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """But for elements, each of which is asked about by itself."""
    heard: list[dict[str, Any]] = []

    def checked(words: dict[str, Any], function: str) -> None:
        heard.append(words)
        raise OptionError(f"{function} is not answered")

    monkeypatch.setattr(load(name).query, "checked", checked)
    graph = next(iter(SMALL.get(name, GRAPHS)))

    def understood(*more: str) -> dict[str, Any]:
        assert "is not answered" in invoke(*said(name, graph), *more).err, more
        return heard.pop()

    plain = understood()
    for one in options_of(load(name).query):
        if not one.in_command or one.is_argument or one.name == "element":
            continue
        others = [text for text in one.said_words if text not in (one.default, "base")]
        number = str((one.least or 0) + 2) if "int" in one.parameter.kind else "0.25"
        text = GIVEN.get(one.name, (others or [one.example or number])[-1])
        flag = f"--{'no-' * (one.name == 'firm')}{one.flag.partition('/')[0]}"
        words = understood(flag, *([] if one.parameter.kind == "bool" else [text]))
        moved = {key for key in plain | words if plain.get(key) != words.get(key)}
        assert moved ^ {one.name} == ALONG.get((name, one.name), set()), one.name


@by_turns
def test_its_headline_is_the_same_through_every_door(invoke: Invoke, name: str, graph: str) -> None:
    answered = kept(name, graph)
    value = answered.headline.value
    assert value is not None
    words = said(name, graph)
    told = json.loads(invoke(*words, "--format", "json").out)
    assert told["headline"]["value"] == value
    true, false = f"headline>{math.nextafter(value, -math.inf)!r}", f"headline>{value!r}"
    ran = invoke(*words, "--fail-on", true, "--fail-on", false)
    assert (ran.code, f"{true!r} is true" in ran.err, false in ran.err) == (7, True, False)
    assert_read(told["headline"], " ".join(ran.out.split()))
    if not load(name).is_open:
        return
    told = answer(OPERATIONS[name], net(graph), graph, served(name, graph))
    assert told["result"]["headline"]["value"] == value
    # a server leaves out what takes long, and what documents alone tell
    known = {one.name for one in options_of(load(name).query) if one.for_readers}
    shown = load(name).unsaid() | dict.fromkeys(known, False)
    assert told["sentence"] == (ask(name, graph, **shown) if shown else answered).summary()
    again = told["command"].split()[1:]
    assert json.loads(invoke(*again, "--format", "json").out)["headline"]["value"] == value


@by_turns
def test_its_csv_is_its_first_table_or_its_figures_with_element_and_unit(
    invoke: Invoke, name: str, graph: str
) -> None:
    answered = kept(name, graph)
    declared, shown = load(name), load(name).unsaid()
    asked_so = ask(name, graph, **shown) if shown else answered
    rows: list[dict[Any, Any]] = asked_so.records()
    if declared.has_row:
        rows = [declared.facts(answered)]
    elif type(answered).to_frame is not DeclaredResult.to_frame:
        rows = asked_so.to_frame().to_dict("records")
    table = list(csv.DictReader(io.StringIO(invoke(*said(name, graph), "--format", "csv").out)))
    assert len(table) == len(rows)
    for cells, row in zip(table, rows, strict=True):
        first = ["element"] if hasattr(answered, "element") else []
        assert list(cells) == list(dict.fromkeys([*first, *row, "unit"]))
        assert cells.get("element", "") in ("", GRAPHS[graph][2])
        for column, value in row.items():
            if isinstance(value, float):
                assert float(cells[column]) == value


@everywhere
def test_its_json_keeps_its_schema_and_its_proof_is_verified(name: str, graph: str) -> None:
    answered = kept(name, graph)
    told = json.loads(json.dumps(jsonable(answered.to_dict()), allow_nan=False))
    schema = type(answered).json_schema()
    Draft202012Validator.check_schema(schema)
    assert not list(Draft202012Validator(schema).iter_errors(told))
    assert [what for word, what in verify.verify(told) if word == "FAILS"] == []
    head = {**told["headline"], "value": told["headline"]["value"] + 1.0}
    forged = {**told, "headline": head}
    assert any(word == "FAILS" for word, _ in verify.verify(forged))
    if told["certificate"] is None:
        return  # nothing was solved
    proofs = [proof for part in verify.parts_of(told) for proof in part["proof"]]
    assert proofs[0]["programs"][0]["name"]


@by_turns
def test_its_answer_is_frozen_equal_and_travels(name: str, graph: str) -> None:
    answered, again = kept(name, graph), ask(name, graph)
    assert (answered, hash(answered)) == (again, hash(again))
    has_lens = any(one.name == "lens" for one in options_of(load(name).query))
    other: dict[str, Any] = {"lens": "control"} if has_lens else {"year": 2025}
    assert answered != ask(name, graph, **OTHER.get(name, other))
    with pytest.raises(dataclasses.FrozenInstanceError):
        answered.provenance = None  # type: ignore[misc, assignment]
    for again in (copy.deepcopy(answered), pickle.loads(pickle.dumps(answered))):
        assert again == answered
        assert again.summary() == answered.summary()


@questions
def test_wrong_words_are_told_with_a_hint(name: str) -> None:
    known = {one.name for one in options_of(load(name).query)}
    near = (("tier", "teir"), ("year", "yaer"), ("importers", "imprters"))
    word, wrong = next(pair for pair in near if pair[0] in known)
    told = f"unexpected keyword argument '{wrong}'. Did you mean '{word}'"
    with pytest.raises(TypeError, match=told):
        ask(name, "tutorial", **{wrong: "operating"})
    for word in {"to", "element", "avoid"} & asked(name, "tutorial").keys():
        with pytest.raises(UnknownNameError):
            ask(name, "tutorial", **{word: "nowhere"})
    if issubclass(load(name).query, OfElements):
        with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'to'"):
            called(name)(net("tutorial"))
    if issubclass(load(name).query, OfElement):
        with pytest.raises(OptionError, match="one element"):
            ask(name, "tutorial", element="all")
    for one in own_options(load(name).query):
        if one.parameter.words is not None:
            with pytest.raises(OptionError, match=f"{one.name} must be one of"):
                ask(name, "tutorial", **{one.name: "wrnog"})
        if one.least is not None:
            with pytest.raises(OptionError, match=f"{one.name} must be at least"):
                ask(name, "tutorial", **{one.name: one.least - 1})
        if one.largest is not None:
            with pytest.raises(OptionError, match=f"{one.name} must be at most"):
                ask(name, "tutorial", **{one.name: one.largest + 1})


@pytest.mark.parametrize("name", [one for one in QUESTIONS if one in OPERATIONS])
def test_strangers_name_no_file_and_ask_for_no_more_than_a_page(name: str) -> None:
    operation = OPERATIONS[name]
    words = served(name, "tutorial").model_copy(update={"scenarios": ("../stop.toml",)})
    with pytest.raises(OptionError, match="names a file"):
        answer(operation, net("tutorial"), "tutorial", words)
    for one in own_options(load(name).query):
        if one.is_open and one.parameter.kind == "int":
            assert one.most is not None
            with pytest.raises(ValueError, match="less than or equal"):
                operation.asked(**{**asked(name, "tutorial"), one.name: one.most + 1})


def test_a_question_that_is_not_listed_cannot_be_declared() -> None:
    from supplynet.questions.declared import question

    with pytest.raises(KeyError):
        question("another", title="", together="", metrics={})


def test_options_of_a_class_come_behind_those_that_it_inherits() -> None:
    class Further(OfElement):
        depth: int = option("How deep.", default=1, kind="int", least=0)

    names = [one.name for one in options_of(Further)]
    assert names[0] == "to" and names[-1] == "depth"
    assert isinstance(Further.checked({"to": "KOR"}, "f"), Query)


@pytest.mark.parametrize(
    ("name", "graph"),
    [pair for pair in _FIRST if pair[0] not in ("company", "dependence", "indices", "uncertainty")],
)
def test_its_command_asks_it_over_a_grid_with_the_headline_of_each_answer(
    invoke: Invoke, name: str, graph: str
) -> None:
    """By whom it is worked on says nothing of the answers; where they are kept, they are found."""
    words = [*said(name, graph), "--workers", "1", "--folder", "kept", "--format", "json"]
    (told,) = json.loads(invoke(*words).out)["headlines"]
    assert told["value"] == kept(name, graph).headline.value
    assert len([*Path("kept").glob("batch-*")]) == 1
    true, false = f"headline>={told['value']!r}", f"headline>{told['value']!r}"
    ran = invoke(*words, "--fail-on", true, "--fail-on", false)
    assert (ran.code, f"{true!r} is true" in ran.err, false in ran.err) == (7, True, False)
