"""Change written answers at random, and print which changes of certified figures nobody sees.

python tools/corrupt.py [--many N] [--seed S] [--answers FOLDER] [--workers N] [GRAPH...]
exit code 0: every change is seen or meets what is marked open, 1: some are not.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import supplynet as sn  # noqa: E402
from supplynet import verify  # noqa: E402
from supplynet.cli import again  # noqa: E402
from supplynet.reports.data_writers import jsonable  # noqa: E402
from supplynet.reports.results_page import kinds  # noqa: E402

#: what processes that branch off do
WORK: list[Callable[..., Counter[tuple[str, str, str]]]] = []
#: parts of written answers, by which they are known: they are checked once
SHARED: dict[int, Any] = {}

Place = tuple[Any, ...]
Maker = Callable[["Written", random.Random], "Change | None"]


@dataclass(frozen=True)
class Change:
    """An answer that was changed, and the figures of it that were: by their places there."""

    answer: dict[str, Any]
    places: tuple[Place, ...] = ()  #: of figures that are still there; none: only a fault is seen
    what: str = ""  #: table of rows that were changed


@dataclass
class Written:
    """An answer as JSON, which of its figures are certified, and others to take parts of."""

    question: str
    graph: str
    answer: dict[str, Any]
    tables: Any = None  #: what looks its figures up, as `verify` does with a graph that ships
    others: list[Written] = field(default_factory=list)

    def __post_init__(self) -> None:
        sums = verify.Arithmetic(self.answer, None, self.tables(self.answer))
        rest = set(sums.open)
        self.certified = [place for place in sums.cells(self.answer, ()) if place not in rest]
        self.rows = sorted(
            {p[: n + 1] for p in self.certified for n in range(len(p)) if is_n(p, n)}
        )
        head = self.answer.get("headline", {})
        numbers = (key for key, end in head.items() if isinstance(end, (int, float)))
        self.certified += [("headline", key) for key in numbers]
        parts = (part for part in self.answer.values() if isinstance(part, (dict, list)))
        SHARED.update((id(part), part) for part in parts)

    def copy(self, *places: Place) -> dict[str, Any]:
        """Return a copy that shares all but what leads to some places and stands there."""
        answer = dict(self.answer)
        new = {id(answer)}
        for place in places:
            part: Any = answer
            for step in place:
                if isinstance(part[step], (dict, list)) and id(part[step]) not in new:
                    part[step] = copy.copy(part[step])
                    new.add(id(part[step]))
                part = part[step]
        return answer

    def at(self, place: Place) -> Any:
        """Return what stands at a place."""
        return held(self.answer, place)


def is_n(place: Place, n: int) -> bool:
    """Whether a step of a place is the number of a row, and not of a value in a list."""
    return isinstance(place[n], int) and n + 1 < len(place)


def held(part: Any, place: Place) -> Any:
    """Return what stands at a place of an answer."""
    for step in place:
        part = part[step]
    return part


def changed(written: Written, *values: tuple[Place, Any]) -> Change | None:
    """Return an answer with other values at some places; None where they are the same."""
    if all(same(written.at(place), value) for place, value in values):
        return None
    answer = written.copy(*(place[:-1] for place, _ in values))
    for place, value in values:
        held(answer, place[:-1])[place[-1]] = value
    return Change(answer, tuple(place for place, _ in values))


def same(was: Any, now: Any) -> bool:
    """Whether a value is another by no more than rounding."""
    if isinstance(was, bool) or not isinstance(was, (int, float)):
        return bool(was == now)
    return isinstance(now, (int, float)) and abs(was - now) <= max(1e-12, 1e-5 * abs(was))


def times(factor: float, written: Written, chance: random.Random) -> Change | None:
    """Multiply a figure."""
    place = chance.choice(written.certified)
    return changed(written, (place, written.at(place) * factor))


def null(written: Written, chance: random.Random) -> Change | None:
    """Empty a figure."""
    return changed(written, (chance.choice(written.certified), None))


def flag(written: Written, chance: random.Random) -> Change | None:
    """State a truth in place of a figure."""
    place = chance.choice(written.certified)
    return changed(written, (place, not written.at(place)))


def swap(written: Written, chance: random.Random) -> Change | None:
    """Exchange two figures of a column."""
    place = chance.choice(written.certified)
    column = verify.column_of(place)
    other = chance.choice([one for one in written.certified if verify.column_of(one) == column])
    ends = (place, written.at(other)), (other, written.at(place))
    return changed(written, *ends)


def of_rows(make: Callable[[list[Any], int], None], written: Written, chance: random.Random) -> Any:
    """Change the rows of a table of which one has a certified figure."""
    if not written.rows:
        return None
    *table, n = chance.choice(written.rows)
    answer = written.copy(tuple(table))
    rows = held(answer, tuple(table))
    before = list(rows)
    make(rows, n)
    return Change(answer, what=verify.column_of(tuple(table))) if rows != before else None


def delete(rows: list[Any], n: int) -> None:
    """Leave a row out."""
    del rows[n]


def duplicate(rows: list[Any], n: int) -> None:
    """State a row twice."""
    rows.insert(n, rows[n])


def truncate(rows: list[Any], n: int) -> None:
    """End a table early."""
    del rows[n:]


def append(rows: list[Any], n: int) -> None:
    """Add a row like another, of another name."""
    row = copy.deepcopy(rows[n])
    for key, value in row.items() if isinstance(row, dict) else ():
        row[key] = f"{value} too" if isinstance(value, str) else value
    rows.append(row)


def order(rows: list[Any], n: int) -> None:
    """Put the first row where another stands."""
    rows.insert(n, rows.pop(0))


def rename(keys: str, written: Written, chance: random.Random) -> Change | None:
    """Change a text in a row that has a certified figure."""
    places = [
        (*row, key)
        for row in [*written.rows, ("headline",)]
        if isinstance(written.at(row), dict)
        for key, value in written.at(row).items()
        if isinstance(value, str) and re.fullmatch(keys, key)
    ]
    return (
        changed(written, (place := chance.choice(places), f"{written.at(place)}X"))
        if places
        else None
    )


def digits(written: Written, chance: random.Random) -> Change | None:
    """Change the first digit of a figure as it is written."""
    place = chance.choice(written.certified)
    was = written.at(place)
    text = re.sub(r"[1-9]", lambda seen: str(int(seen[0]) % 9 + 1), repr(was), count=1)
    return changed(written, (place, type(was)(text)))


def both(written: Written, chance: random.Random) -> Change | None:
    """Change a figure wherever the same number stands."""
    value = written.at(chance.choice(written.certified))
    places = [place for place in written.certified if written.at(place) == value]
    return changed(written, *((place, 1.01 * value + 1) for place in places))


def scaled(written: Written, chance: random.Random) -> Change | None:
    """Multiply every figure in an amount."""
    factor = chance.choice([2, 10, 0.5])
    amounts = [place for place in written.certified if isinstance(written.at(place), float)]
    return (
        changed(written, *((place, factor * written.at(place)) for place in amounts))
        if amounts
        else None
    )


def asked(key: str, written: Written, _chance: random.Random) -> Change | None:
    """State another year or nation than was asked."""
    if key not in written.answer.get("question", {}):
        return None
    answer = written.copy(("question",))
    question = answer["question"]
    question[key] = question[key] + 1 if isinstance(question[key], int) else "USA"
    return Change(answer)


def other(key: str, written: Written, chance: random.Random) -> Change | None:
    """Take a part of another answer to the same question, or of any."""
    near = [one for one in written.others if one.answer[key] != written.answer[key]]
    if not near or not written.answer[key]:
        return None
    answer = written.copy()
    answer[key] = chance.choice(near).answer[key]
    return Change(answer)


#: what is done to an answer, by what it is called
KINDS: dict[str, Maker] = {
    "x1.001": partial(times, 1.001),
    "x2": partial(times, 2),
    "sign": partial(times, -1),
    "null": null,
    "bool": flag,
    "swap": swap,
    "duplicate": partial(of_rows, duplicate),
    "delete": partial(of_rows, delete),
    "rename": partial(rename, "id|node|plant|nation|product|form|element|name|of|tier"),
    "unit": partial(rename, "unit"),
    "order": partial(of_rows, order),
    "digits": digits,
    "both": both,
    "scaled": scaled,
    "year": partial(asked, "year"),
    "nation": partial(asked, "to"),
    "certificate": partial(other, "proof"),
    "tables": partial(other, "provenance"),
    "truncated": partial(of_rows, truncate),
    "appended": partial(of_rows, append),
}


@cache
def rules() -> dict[str, Any]:
    """Return the arithmetic of each kind of answer, as the program declares it."""
    return {name: kind.LAYOUT.arithmetic for name, kind in kinds().items()}


def seen(change: Change, tables: Any) -> bool:
    """Whether a change fails, or leaves every figure that it changed marked open.

    Columns that were changed are looked at first: what fails of them does so of the whole, too.
    """
    columns = {verify.column_of(place) for place in change.places} | {change.what}
    if tables(change.answer) and fails(of_columns(change.answer, columns), tables=tables):
        return True
    sums: list[verify.Arithmetic] = []
    if fails(change.answer, sums=sums, declared=rules().get, tables=tables):
        return True
    rest = set(sums[0].open) if sums else set()
    return bool(change.places) and all(place in rest for place in change.places)


def fails(answer: Any, **words: Any) -> bool:
    """Whether a check of an answer fails."""
    return any(word == "FAILS" for word, _ in verify.verify(answer, **words))


def of_columns(answer: dict[str, Any], columns: set[str]) -> dict[str, Any]:
    """Return an answer with the proofs and rules of some columns alone, and those of names."""

    def is_of_them(table: str, key: str) -> bool:
        name = ".".join(part for part in (table, key) if part not in ("", "*"))
        return any(verify.is_of(one, {name}) or one == table for one in columns)

    few = [one for one in answer.get("arithmetic", ()) if is_of_them(*one[:2]) or one[2] == "names"]
    proofs = [
        {**proof, "attacks": [], "figures": list(filter(near, proof["figures"]))}
        for near in [lambda one: is_of_them(one["table"], one["key"])]
        for proof in answer.get("proof", ())
    ]
    return {**answer, **({"arithmetic": few} if "arithmetic" in answer else {}), "proof": proofs}


class AskedAgain:
    """The answer to a question that is asked again, as JSON."""

    def __init__(self, answer: Any) -> None:
        self._content = jsonable(answer.to_dict_unproved())
        self.indices = getattr(answer, "indices", ())

    def to_dict_unproved(self) -> Any:
        """Return the content that was made once."""
        return self._content


def quick() -> None:
    """Let what changes share be worked out once: programs, answers in answers, questions asked."""
    program, kept = verify.Program, dict[Any, Any]()
    faults, whole = program.faults, verify.verify

    def read(proof: Any, told: Any, programs: Any, gone: Any = ()) -> Any:
        shared = told, proof.get("matrices"), proof.get("names")
        if gone or told.get("name") is None:
            return program(proof, told, programs, gone)
        if (key := tuple(map(id, shared))) not in kept:
            kept[key] = program(proof, told, programs), shared
        return kept[key][0]

    @cache
    def once(one: Any) -> list[str]:
        return faults(one)

    def of_part(data: Any, *words: Any, **named: Any) -> Any:
        """Check what lies in an answer once, as long as it is not changed."""
        if id(data) not in SHARED:
            return whole(data, *words, **named)
        outer = words[-1][0]["programs"] if words[-1] else None
        if (key := (id(data), id(outer))) not in kept:
            kept[key] = whole(data, *words, **named), outer
        return kept[key][0]

    program.faults = once  # type: ignore[method-assign]
    verify.Program = read  # type: ignore[assignment, misc]
    verify.verify = of_part
    ask, asked = again._asked, dict[str, AskedAgain]()

    def ask_once(declared: Any, net: Any, answer: Any) -> AskedAgain:
        key = repr((declared.name, net.digest, again.query_of(declared, answer, net.scenarios)))
        if key not in asked:
            asked[key] = AskedAgain(ask(declared, net, answer))
        return asked[key]

    again._asked = ask_once
    again.jsonable = lambda content: content  # type: ignore[attr-defined, assignment]


def answers(graphs: Sequence[str] = (), folder: Path | None = None) -> Iterator[Written]:
    """Yield the answers of all questions about some graphs, as far as they have a proof.

    A folder keeps them: they are asked once.
    """
    from tests.contract import test_question as contract

    every = [*contract.EVERYWHERE, *(("allocate", graph) for graph in contract.GRAPHS)]
    for name, graph in every:
        if graphs and graph not in graphs:
            continue
        path = folder and folder / f"{name} {graph}.json"
        if path and path.exists():
            content = json.loads(path.read_text(encoding="utf-8"))
        else:
            ask = (
                partial(sn.allocate, contract.net(graph), year=2026)
                if name == "allocate"
                else partial(contract.kept, name, graph)
            )
            content = jsonable(ask().to_dict())
            if path:
                path.parent.mkdir(exist_ok=True)
                path.write_text(json.dumps(content), encoding="utf-8")
        for part in verify.parts_of(content):
            if part.get("proof"):
                yield Written(name, graph, part, again.looked_up(contract.net(graph)))


def corrupted(known: Sequence[Written], n: int, seed: int) -> Iterator[tuple[str, Written, Change]]:
    """Yield so many changes of some answers: the kinds by turns."""
    chance, kinds, n_done = random.Random(seed), list(KINDS), 0  # noqa: S311  not secret
    fitting = [one for one in known if one.certified]
    for one in fitting:
        near = [other for other in fitting if other.question == one.question]
        one.others = [other for other in near if other is not one] or fitting
    for turn in range(40 * n):
        kind, one = kinds[turn % len(kinds)], chance.choice(fitting)
        change = KINDS[kind](one, chance)
        if change is not None:
            yield kind, one, change
            n_done += 1
        if n_done == n:
            return


def unseen(
    known: Sequence[Written], n: int, seed: int, share: tuple[int, int] = (0, 1)
) -> Counter[tuple[str, str, str]]:
    """Return how many changes nobody sees, by kind, question and what was changed.

    Of a share of them: from which on, and each of how many.
    """
    lost = Counter[tuple[str, str, str]]()
    for kind, one, change in islice(corrupted(known, n, seed), *share[:1], None, share[1]):
        columns = ", ".join(sorted(set(map(verify.column_of, change.places)))[:3])
        columns = columns or change.what
        lost[kind, one.question, columns] += not seen(change, one.tables)
    return +lost


def in_share(share: tuple[int, int]) -> Counter[tuple[str, str, str]]:
    """Return what nobody sees in a share, in a process that has branched off."""
    (of_share,) = WORK
    return of_share(share=share)


def main() -> int:
    """Print what is not seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graphs", nargs="*")
    parser.add_argument("--many", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--answers", type=Path, help="folder that keeps the answers")
    parser.add_argument("--workers", type=int, default=1)
    words = parser.parse_args()
    quick()
    known = list(answers(words.graphs, words.answers))
    shares = [(n, words.workers) for n in range(words.workers)]
    of_share = partial(unseen, known, words.many, words.seed)
    if words.workers == 1:
        lost = of_share()
    else:  # each has the answers of this one, from which it branches off
        with get_context("fork").Pool(words.workers, WORK.append, (of_share,)) as pool:
            lost = sum(pool.imap_unordered(in_share, shares), Counter[tuple[str, str, str]]())
    for (kind, question, columns), n in sorted(lost.items()):
        print(f"{kind:<12} {question:<14} {n:>4}  {columns}")
    print(f"{lost.total()} of {words.many} changes are not seen")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
