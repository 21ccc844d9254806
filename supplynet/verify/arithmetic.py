"""What follows from other figures of an answer by the arithmetic that stands beside its proof."""

import ast
import operator
import re
import string
from functools import cache
from typing import Any

from supplynet.verify.programs import FOLDS, SAME

#: parts of an answer that are no figures of it; a part with an origin of its own is another answer
BESIDE = frozenset(
    ("headline", "question", "questions", "certificate", "certificates", "further_certificate")
    + ("further_certificates", "schema_version", "provenance", "proof", "arithmetic", "verify.py")
)
SIGNS: dict[Any, Any] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
SIGNS |= {ast.Div: lambda a, b: a / b if b else None, ast.USub: operator.neg}
SIGNS |= {ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.Gt: operator.gt}
SIGNS |= {ast.LtE: operator.le, ast.GtE: operator.ge, ast.In: lambda a, b: a in b}
CALLS: dict[str, Any] = {**FOLDS, "abs": lambda ends: abs(*ends), "date": lambda ends: month(*ends)}
NAMES = (ast.Name, ast.Attribute, ast.Subscript)
FORMAT = string.Formatter()
Place = tuple[Any, ...]  # keys, and numbers of rows, that lead to a figure
SEEN: Place = ("",)  # what everybody sees
AGAIN: Place = ("again",)  # what the program says when it is asked again, and no proof has
ASKED_AGAIN = "answered", "anew", "suppliers"  # what asks it
NAMED, OPEN = "names", "open"  # in place of arithmetic: of a column that names the row, or is open


@cache
def parsed(table: str, key: str, text: str) -> Any:
    """Return a rule with its expressions, by which what is worked out for it is known."""
    trees = [ast.parse(part.strip(), mode="eval").body for part in text.split(";")]
    return table, key, text, trees


@cache
def dotted(node: Any) -> str:
    """Return a name with its parts, and numbers of parts, behind dots."""
    return ast.unparse(node).replace("[", ".").replace("]", "")


def month(text: str) -> int | None:
    """Return the first month that is written in a text, behind an at sign if there is one."""
    seen = re.search(r"(\d{4})-(\d\d)", text.rpartition("@")[2])
    return 12 * int(seen[1]) + int(seen[2]) - 1 if seen else None


def is_row(part: Any) -> bool:
    """Whether what stands at a place is a row: named figures, or a list of plain ones."""
    return isinstance(part, dict) or any(isinstance(end, (int, float, str)) for end in part or ())


def column_of(place: Place) -> str:
    """Return the column of a figure: what leads to it but for numbers of rows."""
    return ".".join(step for step in place if isinstance(step, str))


def is_of(column: str, names: Any) -> bool:
    """Whether a column, or what it is a part of, is among some."""
    steps = column.split(".")
    return any(".".join(steps[: n + 1]) in names for n in range(len(steps)))


def readings(spec: Any) -> list[str]:
    """Return what a figure is read off: names of programs and variables, with columns in braces."""
    return [name for key in ("of", "sum", "over", "limits") for name in spec.get(key, ())]


class Arithmetic:
    """What follows from other figures of an answer, and which figures that leaves open.

    A figure stands at a place: the keys and numbers of rows that lead to it. `declared` has the
    rules of each kind of answer where the program says them, `tables` tells what its tables hold.
    """

    def __init__(self, result: Any, declared: Any = None, tables: Any = None) -> None:
        self.result, self.tables = result, tables
        self.faults, self.used, self.keys = list[str](), set[Place](), set[str]()
        options = result.get("provenance", {}).get("options", {})
        self.asked, self.folds = {**result.get("question", {}), **options}, dict[Any, Any]()
        self.certified, self.again = {SEEN, AGAIN, *self.proved()}, {AGAIN}
        self.rules, n_before = result.get("arithmetic", []), -1
        self.known = None if declared is None else declared(result.get("result"))
        other = ["others are declared, or were when it was written"] * (self.rules != self.known)
        self.forged = None if self.known is None else other
        names = {f"{table}.{key}".strip("."): text for table, key, text in self.rules}
        self.ruled = names.keys()
        self.keys.update(name for name, text in names.items() if text == NAMED)
        rules = [parsed(*rule) for rule in self.rules if rule[2] not in (NAMED, OPEN)]
        while n_before < len(self.certified):  # what follows lets other figures follow
            n_before = len(self.certified)
            self.faults = [fault for rule in rules for fault in self.check(*rule)]
        cells = list(self.cells(result, ()))
        marked = {f"{table}.{key}".strip(".") for table, key, text in self.rules if text == OPEN}
        is_marked = [is_of(column_of(cell), marked) for cell in cells]
        pairs = zip(cells, is_marked, strict=True)
        self.n, self.open = len(cells), [c for c, m in pairs if m or not self.is_certified(c)]
        self.n_again = sum(cell in self.again for cell in cells)

    def __str__(self) -> str:
        """Say how many figures are certified, and which columns are open."""
        text = f"{self.n - len(self.open)} of {self.n} figures"
        text += f", {self.n_again} by asking again" * bool(self.n_again)
        columns = ", ".join(dict.fromkeys(map(column_of, self.open)))
        return f"{text}; open: {columns}" if columns else text

    def proved(self) -> Any:
        """Yield the places that proofs have; columns by which rows are known are no figures."""
        for proof in self.result.get("proof", ()):
            for spec in proof["figures"]:
                where, names = spec.get("where", {}), "".join(readings(spec))
                keys = {key for _, key, _, _ in FORMAT.parse(names) if key} | where.keys()
                self.keys |= {f"{spec['table']}.{key}".strip(".") for key in keys}
                for row in self.rows(spec["table"]) if spec["of"] or "rows" in spec else ():
                    if where.items() <= self.row(row).items():
                        yield self.place(spec["key"], row)
            for attack in proof.get("attacks", ()):
                keys = [attack[key] for key in ("value", "bound", "n") if key in attack]
                keys += ["bound"] * ("choices" in attack)
                yield from (self.place(key, ()) for key in keys)
                rows = self.rows(attack["costs"]) if "costs" in attack else ()
                yield from ((*row, "cost") for row in rows)

    def cells(self, part: Any, place: Place) -> Any:
        """Yield the place of every number of an answer."""
        if isinstance(part, (dict, list)):
            for key, value in part.items() if isinstance(part, dict) else enumerate(part):
                is_other = isinstance(value, dict) and "provenance" in value
                is_other |= (*place[:1], key) == ("conditions", "year")  # that of the question
                if not is_other and key not in BESIDE:
                    yield from self.cells(value, (*place, key))
        elif isinstance(part, (int, float)) and not isinstance(part, bool):
            yield from [place] * (column_of(place) not in self.keys)

    def is_certified(self, place: Place) -> bool:
        """Whether a figure, or what it is a part of, is certified, or names the row."""
        wholes = (place[: n + 1] for n in range(len(place)))
        return column_of(place) in self.keys or any(one in self.certified for one in wholes)

    def at(self, place: Place) -> Any:
        """Return what stands at a place; None where a part of it is not known."""
        part = self.result
        for step in place:
            part = part[step] if isinstance(part, list) else part and part.get(step)
        return part

    def rows(self, table: str) -> list[Place]:
        """Return the places of the rows of a table; it may lie in the rows of another."""
        places: list[Place] = [()]
        for step in filter(None, table.split(".")):
            inner = [(*place, step) for place in places]
            parts = [(place, self.at(place)) for place in inner]
            lists = [[place] if is_row(part) else self.inner(place) for place, part in parts]
            places = [one for several in lists for one in several]
            lists = [self.inner(one) if self.is_table(one) else [one] for one in places]
            places = [one for several in lists for one in several]
        return places

    def is_table(self, place: Place) -> bool:
        """Whether rows stand at a place."""
        return isinstance(rows := self.at(place), list) and any(isinstance(r, dict) for r in rows)

    def row(self, place: Place) -> dict[str, Any]:
        """Return a row with what the rows state in which it lies."""
        parts = [self.at(place[: n + 1]) for n in range(1, len(place))] or [self.at(place)]
        whole = dict[str, Any]()
        for part in parts:
            whole |= part if isinstance(part, dict) else {}
        return whole

    def inner(self, place: Place) -> list[Place]:
        """Return the places of the rows of a list."""
        return [(*place, n) for n in range(len(self.at(place) or ()))]

    def place(self, name: str, home: Place) -> Place:
        """Return the place of a name in a row, or in what the row lies in."""
        head, *steps = name.rstrip(".").split(".")  # here is the row itself, and answer all
        if head not in ("here", "answer"):
            steps = [head, *steps]
            while home and not (isinstance(row := self.at(home), dict) and head in row):
                home = home[:-1]
        home = home if head != "answer" else ()
        for step in steps:
            home = (*home, int(step) if isinstance(self.at(home), list) else step)
        return home

    def check(self, table: str, key: str, text: str, trees: Any) -> Any:
        """Yield the faults of a rule, and certify what follows from what is certified."""
        ranks = dict[Place, list[Any]]()
        rows = {row: self.at(row) or () if key == "*" else (key,) for row in self.rows(table)}
        for row, name in ((row, name) for row, names in rows.items() for name in names):
            ends = [self.worth(tree, row, key) for tree in trees if not key]  # of ranked rows
            ranks.setdefault(row[:-1], []).append([(end is None, end or 0) for end in ends])
            place = (*row, int(name) if isinstance(self.at(row), list) else name)
            figure = self.at(place) if key else None
            if not key or (self.is_certified(place) and not self.tables):
                continue
            self.used.clear()
            worth = self.worth(trees[0], row, name)
            if worth is None:
                continue
            if figure is None:
                yield f"{'.'.join(map(str, place))} is empty, not {text}, {worth}"
                continue
            near = SAME * abs(worth) + 1e-12 if isinstance(worth, float) else 0
            if not (abs(worth - figure) <= near if near else worth == figure):
                yield f"{'.'.join(map(str, place))} is {figure}, not {text}, {worth}"
            elif self.used and all(map(self.is_certified, self.used)):
                is_again = self.used & self.again and not self.is_certified(place)
                self.again |= {place} if is_again else set()
                self.certified.add(place)
        order = any(several != sorted(several) for several in ranks.values())
        yield from [f"{table} is not in the order {text}"] * order

    def worth(self, node: Any, row: Place, key: str, of: Any = ()) -> Any:
        """Return what an expression is in a row; None where a figure of it is not known.

        `of` is a table and the place in it, where a fold is.
        """
        if isinstance(node, (ast.Constant, ast.List)):
            return ast.literal_eval(node)
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):  # a figure, or a part of it
            head, _, tail = (name := dotted(node)).partition(".")
            if head == "asked":  # in the question or the options, which are no figures
                self.used.add(SEEN)
                asked: Any = self.asked
                for step in (tail or key).split("."):
                    asked = asked and asked.get(step)
                return asked
            if head == "itself":
                return key
            is_inner = of and f"{name}.".startswith(f"{of[0]}.")
            inside = f"here.{name[len(of[0]) + 1 :]}" if is_inner else ""
            place = self.place(inside or name, of[1] if inside else row)
            end = self.at(place)
            is_plain = isinstance(end, (str, dict, list))  # and truths that follow from nothing
            is_plain |= isinstance(end, bool) and column_of(place) not in self.ruled
            self.used |= set() if is_plain else {place}
            return end
        inner = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
        if isinstance(node, ast.IfExp):
            return self.worth(inner[1 if self.worth(inner[0], row, key, of) else 2], row, key, of)
        if isinstance(node, ast.Call):
            name, ends = ast.unparse(node.func), self.parts(node, row, key, of)
            if name not in CALLS:  # of the tables of the graph, which everybody sees
                self.used.add(AGAIN if name in ASKED_AGAIN else SEEN)
                return self.tables and self.tables(name, *ends)
            is_known = None not in ends and (ends or name in ("sum", "count"))
            return CALLS[name](ends) if is_known else None
        ends = [self.worth(part, row, key, of) for part in inner]
        sign = node.ops[0] if isinstance(node, ast.Compare) else node.op
        return None if None in ends else SIGNS[type(sign)](*ends)

    def parts(self, call: Any, row: Place, key: str, of: Any) -> list[Any]:
        """Return what a call is about: an expression in the rows of a table that fit, or figures.

        Rows fit that are alike in a column, or of which a comparison with the own row holds.
        """
        told = [dotted(part) for part in ast.walk(call.args[0]) if type(part) in NAMES]
        heads = [name[: dot.start()] for name in told for dot in re.finditer(r"\.|$", name)]
        heads = [head for head in heads if head.partition(".")[0] not in ("asked", "here", *of[:1])]
        lists = (head for head in heads if isinstance(self.at(self.place(head, row)), list))
        if not (table := next(lists, "")):
            ends = [self.worth(part, row, key, of) for part in call.args]
            return [one for end in ends for one in (end.values() if type(end) is dict else [end])]
        fits = [fit if type(fit) in NAMES else fit.left for fit in call.args[1:]]
        rights = [getattr(fit, "comparators", [fit])[0] for fit in call.args[1:]]
        ends = [self.worth(right, row, key) for right in rights]
        is_own = all(name.startswith(table) for name in told if f"{name}." not in f"{table}.")
        known = (id(call), self.place(table, row), row * (not is_own), repr(ends))
        if known not in self.folds:
            before, self.used, parts = self.used, {SEEN}, list[Any]()
            for other in self.inner(known[1]):
                here = table, other
                own = [self.worth(fit, other, key, here) for fit in fits]
                signs = [SIGNS[type(getattr(fit, "ops", [ast.Eq()])[0])] for fit in call.args[1:]]
                if None in own:
                    parts.append(None)
                elif all(sign(*both) for sign, *both in zip(signs, own, ends, strict=True)):
                    parts.append(self.worth(call.args[0], row, key, here))
            self.folds[known], self.used = (parts, self.used), before
        parts, used = self.folds[known]
        self.used |= used
        return list(parts)
