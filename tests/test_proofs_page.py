"""The format of proofs: its schema holds of all, and the checker of its page agrees with verify."""

from __future__ import annotations

import base64
import copy
import json
import re
import zlib
from collections.abc import Iterator
from functools import cache, reduce
from operator import getitem
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import supplynet as sn
from supplynet import verify
from supplynet.reports.data_writers import jsonable
from tests import test_verify, test_verify_composed
from tests.contract import test_question as contract

PAGE = Path("docs/proofs.md").read_text(encoding="utf-8")
SCHEMA = json.loads(Path("docs/schemas/proof.json").read_text(encoding="utf-8"))
*_, CODE = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
CHECKER: dict[str, Any] = {"__name__": "check"}
exec(compile(CODE, "docs/proofs.md", "exec"), CHECKER)  # as an auditor copies it from the page


def faults(content: Any) -> list[str]:
    """What the checker of the page finds in all answers of a file."""
    every = CHECKER["answers"](content)
    return [fault for answer, proofs in every for fault in CHECKER["faults"](answer, proofs)]


def refuses(content: Any) -> bool:
    """Whether the checker of the page finds anything, or a name that it needs is gone."""
    every = CHECKER["answers"](content)
    try:
        return any(fault for part, proofs in every for fault in CHECKER["faults"](part, proofs))
    except KeyError:
        return True


def answers(part: Any) -> Iterator[Any]:
    """The answers in a file, as they are written."""
    if isinstance(part, dict) and "provenance" in part:
        yield part
    for inner in part.values() if isinstance(part, dict) else part:
        yield from answers(inner) if isinstance(inner, (dict, list)) else ()


def proofs(content: Any) -> list[Any]:
    return [proof for answer in answers(content) for proof in answer.get("proof", ())]


def listed(content: Any) -> list[Any]:
    """Every proof of a file as the text there has it, with what stands beside that."""
    every, told = list[Any](), list[Any]()
    for proof in proofs(content):
        told = verify.read_text(proof["text"])["proofs"] if "text" in proof else told
        every.append({**told[proof["at"]], **proof})
    return every


def assert_of_the_format(content: Any) -> None:
    form = jsonschema.Draft202012Validator(SCHEMA)
    assert [error.message for proof in listed(content) for error in form.iter_errors(proof)] == []


@cache
def written(name: str, graph: str) -> Any:
    return jsonable(contract.kept(name, graph).to_dict())


@contract.everywhere
def test_every_proof_of_every_question_has_the_format_and_holds(name: str, graph: str) -> None:
    content = written(name, graph)
    assert_of_the_format(content)
    assert faults(content) == []


@pytest.mark.parametrize(
    ("module", "kind"),
    [(test_verify, kind) for kind in test_verify.KINDS]
    + [(test_verify_composed, kind) for kind in test_verify_composed.ANSWERS],
)
def test_proofs_of_other_answers_do_too(module: Any, kind: str) -> None:
    content = module.filed(kind)
    assert_of_the_format(content)
    assert faults(content) == []


@contract.questions
def test_the_checker_of_the_page_notices_what_verify_does(name: str) -> None:
    """A hundredth more of a figure of each column that is read off programs."""
    graph = next(iter(contract.SMALL.get(name, contract.GRAPHS)))
    content, unseen = copy.deepcopy(written(name, graph)), []
    for answer, key, column in read_off(content):
        was = answer[key]
        answer[key] = 1.01 * was
        is_seen = "FAILS" in {word for word, _ in verify.verify(content)}
        unseen += [column] * (not is_seen or not faults(content))
        answer[key] = was
    assert unseen == []


def read_off(content: Any) -> Iterator[tuple[Any, Any, str]]:
    """The first figure of each column that proofs have: what it stands in, its key, its column."""
    for answer, part in zip(answers(content), verify.parts_of(content), strict=True):
        sums, known = verify.Arithmetic(part), set[str]()
        for place in proved(sums, part):
            column, figure = verify.column_of(place), sums.at(place)
            if column not in known and type(figure) is float and figure:
                known.add(column)
                yield reduce(getitem, place[:-1], answer), place[-1], column


def proved(sums: Any, answer: Any) -> Iterator[Any]:
    for proof in answer.get("proof", ()):
        for spec in proof["figures"]:
            where = spec.get("where", {}).items()
            for row in sums.rows(spec["table"]) if spec["of"] else ():
                if where <= sums.row(row).items():
                    yield sums.place(spec["key"], row)


@contract.questions
def test_names_units_and_rows_that_were_changed_are_noticed(name: str) -> None:
    """A text of each column of each answer, its unit in the headline, and a row that is gone."""
    graph = next(iter(contract.SMALL.get(name, contract.GRAPHS)))
    content, unseen = copy.deepcopy(written(name, graph)), []
    for answer in filter(lambda one: one.get("proof"), answers(content)):
        for part, key, column in texts(answer):
            was = part[key]
            part[key] = f"{was}X"
            unseen += [column] * (not refuses(content))
            part[key] = was
        for table in (end for end in answer.values() if isinstance(end, list) and end):
            if table is not answer["proof"] and table is not answer.get("questions"):
                last = table.pop()
                unseen += [last] * (table is not answer.get("arithmetic") and not refuses(content))
                table.append(last)
    assert unseen == []


def texts(answer: Any) -> Iterator[tuple[Any, Any, str]]:
    """The first text of each column of an answer: what it stands in, its key, its column."""
    known = set[str]()
    for table, rows in answer.items():
        for row in rows if isinstance(rows, list) and table not in verify.BESIDE else ():
            for key, end in row.items() if isinstance(row, dict) else ():
                if isinstance(end, str) and f"{table}.{key}" not in known:
                    known.add(f"{table}.{key}")
                    yield row, key, f"{table}.{key}"
    yield answer["headline"], "unit", "headline.unit"


@contract.questions
def test_programs_that_are_not_solved_are_noticed(name: str) -> None:
    """The first duals of each proof, one more each."""
    graph = next(iter(contract.SMALL.get(name, contract.GRAPHS)))
    whole = written(name, graph)
    entries = [proof for proof in proofs(whole) if "text" in proof]
    for n, told in enumerate(verify.read_text(entry["text"]) for entry in entries):
        each = [[one for one in proof["programs"] if "duals" in one] for proof in told["proofs"]]
        for program in (several[0] for several in each if several):
            was = program["duals"]
            told["arrays"].append([dual + 1.0 for dual in told["arrays"][was]])
            program["duals"] = len(told["arrays"]) - 1
            content = copy.deepcopy(whole)
            own = [proof for proof in proofs(content) if "text" in proof][n]
            own["text"] = base64.b64encode(zlib.compress(json.dumps(told).encode())).decode()
            assert faults(content) != []
            program["duals"] = was


@pytest.mark.parametrize("part", ["", "programs.0", "figures.0", "of"])
def test_what_is_no_proof_is_refused(part: str) -> None:
    (proof,) = listed(copy.deepcopy(written("flow", "tutorial")))
    assert_of_the_format(written("flow", "tutorial"))
    home = proof
    for step in filter(None, part.split(".")):
        home = home[int(step) if step.isdigit() else step]
    home["dual"] = "f:"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(proof, SCHEMA)


def test_the_page_names_every_key_of_a_proof() -> None:
    told, keys = {*re.findall(r"\w+", PAGE.partition("## A checker")[0])}, set[str]()

    def see(part: Any) -> None:
        keys.update(part.get("properties", ()) if isinstance(part, dict) else ())
        for inner in part.values() if isinstance(part, dict) else part:
            see(inner) if isinstance(inner, (dict, list)) else None

    see(SCHEMA)
    assert keys - told == set()


def test_the_example_is_todays() -> None:
    (text,) = re.findall(r"```text\n(variable .*?)```", PAGE, re.DOTALL)
    words: dict[str, Any] = {"to": "MLT", "element": "Nd", "avoid": "ISL", **contract.AT}
    answer = jsonable(sn.flow(sn.load("tutorial"), **words).to_dict())
    ((_, (proof,)),) = CHECKER["answers"](answer)
    program = CHECKER["with_rows"](proof, proof["programs"][0], {})
    names = proof["names"][program["names"]]

    def line(row: Any) -> str:
        sides = ["-" * (value < 0) + names[n] for n, value in sorted(row, key=lambda one: -one[1])]
        return " - ".join(sides).replace("- -", "- ")

    keys = ("c", "upper", "x"), ("low", "high", "duals")
    columns = [names, map(line, program["A"])]
    tables = [
        [" ".join([name, *(f"{float(value):g}" for value in values)]) for name, *values in rows]
        for each, told in zip(columns, keys, strict=True)
        for rows in [zip(each, *(program[key] for key in told), strict=True)]
    ]
    blocks = [block.splitlines()[1:] for block in text.strip().split("\n\n")]
    assert [[" ".join(row.split()) for row in block] for block in blocks] == tables
    assert answer["value"] == sum(program["x"][:1]) == 30


#: bytes that proofs of these answers about the tutorial had when they showed few of the figures
BEFORE = {
    **{"potential": 9559, "bypass": 1249, "chokepoints": 1076, "unavoidable": 1032},
    **{"interdict": 2114, "fortify": 2597, "disrupt": 5450, "exposure": 19595, "compare": 6780},
}


@pytest.mark.parametrize("name", BEFORE)
def test_a_proof_takes_at_most_twice_what_it_took_when_it_showed_less(name: str) -> None:
    told = [answer.get("proof", []) for answer in answers(written(name, "tutorial"))]
    assert 0 < sum(len(json.dumps(each)) for each in told if each) <= 2 * BEFORE[name]
