"""A written answer asked again: the text, tables and cells of a page that states it."""

from __future__ import annotations

import ast
import csv
import re
import shlex
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache, partial
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from supplynet.analysis.balance.ask import AS_ASKED
from supplynet.cli.asking import document_of_all
from supplynet.cli.output import ByYear
from supplynet.contract.query import STATED, Counted, options_of
from supplynet.errors import SupplynetError
from supplynet.questions import QUESTIONS
from supplynet.questions.declared import load
from supplynet.reports.build import Report, writer
from supplynet.reports.data_writers import jsonable

if TYPE_CHECKING:
    from supplynet.contract.query import Declaration
    from supplynet.network.network import SupplyNetwork

#: ends of names of pages, and of those whose answer lies beside them
_HTML = ".html", ".htm"
BESIDE = ".md", ".csv", ".xlsx"
#: so many places that differ are named
_MOST = 3
#: what lies in a page beside its text
_UNSEEN = "script", "style", "head"
#: a line of Markdown that is a picture
_PICTURE = re.compile(r"!\[[^\]]*\]\([^()]*\)")
#: options of a study that say what is asked, and of what
_ASKED = {f"--{name}" for name in ("to", "avoid", "via", "element", "year", "lens", "scenario")}
_ASKED |= {f"--{name}" for name in ("links", "plants", "tier", "plan", "draws")}
_ASKED |= {"--full", "--contested", "--live"}
#: how options are called where an answer says what it was asked, the last first, and none at all
_NAMES = {"scenario": ("scenarios",), "element": ("element", "elements", "traced"), **STATED}
#: and where each of several was asked about by itself
_EACH = {"to": "nations", "year": "years", "slip": "slips", "tier": "tiers"}
_UNSAID: tuple[Any, ...] = None, "", [], {}, ()
#: what a tier stands for
_OF_TIER = "links", "plants"
#: options that say why others are as they are, or hold them as they were written
REASONS = "basis_reason", "notes", "asked"

Checked = tuple[str, str]


def declaration_of(kind: str) -> Declaration[Any] | None:
    """Return the declaration of the question of a graph that an answer is to; None for no such.

    Where a balance answers it with columns of its own, the kind has that behind its name.
    """
    every, name = map(load, QUESTIONS), str(kind).removesuffix("_balance")
    return next((one for one in every if one.query.OF and one.answer.LAYOUT.name == name), None)


def is_of(answer: Any, net: SupplyNetwork) -> bool:
    """Whether an answer rests on a network as it is."""
    return bool(answer["provenance"].get("digest") == net.digest)


def looked_up(net: SupplyNetwork) -> Callable[[Any], Callable[..., Any] | None]:
    """Return what gives for an answer the look-up of its figures in the tables of a network.

    They are those that its scenarios made of them; None where the answer rests on others.
    """

    def of(answer: Any) -> Callable[..., Any] | None:
        scenarios = answer["provenance"].get("scenarios")
        try:
            changed = net.with_scenario(*scenarios) if scenarios else net
        except SupplynetError:
            return None
        own = _indices(answer, net) | {"answered": _answered(answer, net)}
        return partial(_looked_up, _functions(changed) | own) if is_of(answer, changed) else None

    return of


def _looked_up(functions: dict[str, Callable[..., Any]], name: str, *about: Any) -> Any:
    return functions[name](*about) if name in functions and None not in about else None


def _functions(net: SupplyNetwork) -> dict[str, Callable[..., Any]]:
    """Return what looks figures up in the tables of a network."""
    from supplynet.analysis.question import ask
    from supplynet.network.demand import demand
    from supplynet.network.schema import TABLES
    from supplynet.network.timeline import outages_of

    def demand_of(to: str, element: str, year: int, figure: str = "value") -> Any:
        return getattr(demand(net, ask(net, to=to, year=year).targets, element, year), figure)

    def cell(table: str, columns: str, *key: Any) -> Any:
        names = TABLES[table].key
        rows = (row for row in net.rows(table) if key == tuple(getattr(row, n) for n in names))
        return _first(next(rows, None), columns)

    return {
        "demand": demand_of,
        "cell": cell,
        "outage": lambda plant, columns: _first(outages_of(net).get(plant), columns),
        "rows": lambda table: len(net.rows(table)),
    }


def _answered(answer: Any, net: SupplyNetwork) -> Callable[..., Any]:
    """Return what looks a figure up in the answer to the same question, asked again.

    A figure is of a table, or of the answer itself, to which dots lead; its row has some values in
    some columns.
    """

    @cache
    def again() -> Any:
        declared = declaration_of(answer["result"])
        try:
            own: Any = {} if declared is None else _asked(declared, net, answer)
        except (SupplynetError, TypeError, KeyError, ValueError):  # of what no option says
            return {}
        content = jsonable(own.to_dict_unproved()) if own else {"provenance": {}}
        return content if _origin(content) == _origin(answer) else {}

    @cache
    def rows(table: str) -> list[dict[str, Any]]:
        """Return the rows of a table, each with what the rows state in which it lies."""
        parts = [again()]
        for step in filter(None, table.split(".")):
            pairs = ((part, part.get(step, ())) for part in parts)
            parts = [
                part | row
                for part, inner in pairs
                for row in ([inner] if isinstance(inner, dict) else inner)
            ]
        return parts

    def cell(table: str, column: str, keys: str, *values: Any) -> Any:
        fit = (row for row in rows(table) if values == tuple(map(row.get, keys.split())))
        return next(fit, {}).get(column)

    return cell


def _indices(answer: Any, net: SupplyNetwork) -> dict[str, Callable[..., Any]]:
    """Return what looks up indices and inputs of an answer, worked out anew, and suppliers."""

    @cache
    def anew() -> dict[tuple[str, ...], tuple[Any, Any]]:
        if "given" in answer["provenance"]["options"]:  # parameters that no table has
            return {}
        own = _asked(load("indices"), net, answer)
        pairs = zip(own.to_dict_unproved()["indices"], own.indices, strict=True)
        return {(row["index"], row["element"], row["subject"]): (row, of) for row, of in pairs}

    def cell(index: str, element: str, subject: str, name: str, column: str) -> Any:
        row, _ = anew().get((index, element, subject), ({}, None))
        inputs = {entry["name"]: entry for entry in row.get("inputs", ())}
        return (inputs.get(name, {}) if name else row).get(column)

    def suppliers(element: str, subject: str) -> Any:
        _, of = anew().get(("hhi", element, subject), ({}, None))
        return of and dict(enumerate(of.amounts))

    return {"anew": cell, "suppliers": suppliers}


def _asked(declared: Declaration[Any], net: SupplyNetwork, answer: Any) -> Any:
    """Return the answer to the question of a written one."""
    return declared.ask(net, query_of(declared, answer, getattr(net, "scenarios", ())))


def query_of(
    declared: Declaration[Any], answer: Any, scenarios: Container[str] = ()
) -> dict[str, Any]:
    """Return the words of the question that an answer is to, as much as the answer has."""
    options = options_of(declared.query)
    # how much is worked out is no part of what was asked
    is_whole = bool(answer.get("further_certificates"))
    pages = (option for option in options if isinstance(option.first, str))
    return words_of(answer, [option.name for option in options], scenarios) | {
        option.name: option.unsaid if is_whole else option.first
        for option in pages
        if not option.in_command
    }


def _origin(answer: Any) -> dict[str, Any]:
    """Return where an answer comes from, but for why its options are as they are."""
    origin: dict[str, Any] = answer["provenance"]
    options = origin.get("options", {}).items()
    return {**origin, "options": {key: one for key, one in options if key not in REASONS}}


def _first(row: Any, columns: str) -> Any:
    """Return the first cell of some columns of a row that has a value."""
    cells = (getattr(row, column, None) for column in columns.split())
    return next((value for value in cells if value is not None), None)


def shipped(content: Any) -> SupplyNetwork | None:
    """Return the graph that ships and that answers say they are about; None where there is none."""
    from supplynet.io.load import graph_ids
    from supplynet.io.load import load as load_graph
    from supplynet.verify import parts_of

    names = {part["provenance"].get("graph") for part in parts_of(content)}
    return load_graph(name) if len(names) == 1 and (name := names.pop()) in graph_ids() else None


def of_page(
    path: Path, content: Any, net: SupplyNetwork | None, graph: str | None
) -> Iterator[Checked]:
    """Yield whether a page says what its answer does: the question is asked again, and written.

    `graph` is the name of the network where a command gets it. What says the same in other bytes
    may show it otherwise, such as in other formats of cells.
    """
    suffix = path.suffix.lower()
    if suffix not in (*_HTML, *BESIDE):
        return
    what = f"text and tables of {path.name} are those of its answer, written anew"
    if isinstance(content, dict) and "report" in content:
        raw, why = _studied_again(content["report"], graph, path.name)
    else:
        report, why = _again(content, net, suffix)
        record = b"" if report is None else _record(report, path, net)
        raw = record.encode("utf-8") if isinstance(record, str) else record
    if why:
        yield "not checked", f"{what}: {why}"
        return
    own = path.read_bytes()
    lost = list(differences(own, raw, suffix))
    yield ("FAILS" if lost else "holds"), "; ".join([what, *lost[:_MOST]])
    if not lost and own != raw:
        yield "not checked", f"how {path.name} shows them: it is not written as this program does"


def _record(report: Report, path: Path, net: SupplyNetwork | None) -> str | bytes:
    """Return what a file holds that says the same; a workbook has sources if that has them."""
    if path.suffix.lower() != ".xlsx":
        return writer(path)(report)
    from supplynet.io.sheets import parse_sheets
    from supplynet.reports.data_writers import to_xlsx

    names = [sheet.name for sheet in parse_sheets(path.read_bytes(), path.name)]
    rows = net.rows("sources") if net is not None and "sources" in names else ()
    return to_xlsx(report.document, [row.model_dump() for row in rows])


def _again(content: Any, net: SupplyNetwork | None, suffix: str) -> tuple[Report | None, str]:
    """Return the report of answers that are asked again; or none, and why there is none.

    What a page adds to the answers that a command asked for differs in more than element and year;
    it comes with them.
    """
    from supplynet.present.answers import machine_table

    every = content.get("results", [content])
    declared = declaration_of(every[0].get("result"))
    if declared is None:
        return None, "it has more than the answer to a question"
    by_year = dict[Any, list[Any]]()
    try:
        net = net or _named(every[0]["provenance"])
        asked = [query_of(declared, entry, getattr(net, "scenarios", ())) for entry in every]
        for entry, words in zip(every, asked, strict=True):
            each: dict[str, Any] = {
                name: words[name] for name in ("element", "year") if name in words
            }
            if {**asked[0], **each} == words:
                answer = declared.ask(net, words)
                if entry["provenance"] != (record := answer.provenance.to_dict()):
                    names = [key for key in record if record[key] != entry["provenance"].get(key)]
                    return None, f"asked again it is of another {', '.join(names)}"
                by_year.setdefault(words.get("year"), []).append(answer)
        query = declared.query.checked(asked[0], declared.name)
    except (SupplynetError, TypeError, KeyError, ValueError) as error:
        return None, f"it cannot be asked again ({str(error).splitlines()[0]})"
    is_of_all = not issubclass(declared.query, Counted) or declared.is_of_all(query)
    several, is_csv, n_years = ByYear("json", None), suffix == ".csv", len(by_year)
    for year, answers in by_year.items():
        document = document_of_all(declared, answers, is_of_all)
        table = machine_table(answers, declared) if is_csv or n_years > 1 else None
        if n_years > 1:
            replace(several, year=year).write(document, table)
    if n_years > 1:
        document, table = several.whole([*by_year])
    if (declared.name, suffix) == ("company", ".xlsx"):  # which has every row, too
        from supplynet.questions.company.page import whole

        document = whole(answers[0])
    return Report(document, table if is_csv else None), ""


def _named(origin: Any) -> Any:
    """Return the network that an answer says it rests on, or several."""
    from supplynet.io.load import load as load_network

    nets = [load_network(one["graph"]) for one in origin.get("graphs", [origin])]
    return nets[0] if len(nets) == 1 else nets


def _studied_again(line: Any, graph: str | None, name: str) -> tuple[bytes, str]:
    """Return what a file of a study holds that its command writes again; or nothing, and why.

    The command is of the file: of its options those count that say what is asked.
    """
    from supplynet.cli.commands.report import command
    from supplynet.io.load import graph_ids

    named, *words = shlex.split(str(line))[2:] or [""]
    if graph is None and named not in graph_ids():
        return b"", f"its graph {named} does not ship: give --graph"
    if any(word.startswith("-") and word not in _ASKED for word in words):
        return b"", "its command has other options than those that ask"
    with TemporaryDirectory() as folder:
        written = Path(folder) / name
        try:
            words = [graph or named, *words, "--quiet", "-o", str(written)]
            command.main(words, "report", standalone_mode=False)
        except (SupplynetError, click.ClickException) as error:
            return b"", f"it cannot be asked again ({str(error).splitlines()[0]})"
        return written.read_bytes(), ""


def words_of(
    record: dict[str, Any], words: Iterable[str], scenarios: Container[str] = ()
) -> dict[str, Any]:
    """Return what an answer was asked, by the words of its question.

    A shock is what is avoided in some months, or else one of the scenarios of its network.
    """
    several = [row["element"] for row in record.get("elements", ())]
    options = {"element": record.get("element") or several, **record["provenance"]["options"]}
    options |= ast.literal_eval(options.get("asked", "{}"))
    options |= {"to": record["to"]} if "to" in record else {}
    options |= {name: options[key] for name, key in _EACH.items() if {key, "tiers"} <= {*options}}
    shocks = list(options.get("shocks", ()))
    shut, _, months = shocks[0].rpartition("@") if len(shocks) == 1 else ("", "", "")
    if shut and options["avoid"] in ("", shut) and shut.partition(":")[0] not in scenarios:
        options |= {"avoid": shut, "during": months}
    elif shocks:
        options = {"shock": shocks, **options}
    names = [*words]
    is_exact = all(name in names and options.get(name) for name in _OF_TIER)
    skipped = ("tier",) if is_exact else _OF_TIER
    skipped += ("basis",) * (options.get("basis_reason", AS_ASKED) != AS_ASKED)
    keys = ((name, key) for name in names for key in _NAMES.get(name, (name,)))
    given = {name: options[key] for name, key in keys if options.get(key) not in _UNSAID}
    return {name: value for name, value in given.items() if name not in skipped}


def _lines(raw: bytes, suffix: str) -> list[str]:
    """Return what a file says line by line, and what stands in its tables cell by cell."""
    if suffix == ".xlsx":
        from supplynet.io.sheets import parse_sheets

        sheets = parse_sheets(raw, "book")
        lines = ([one.name, *chain.from_iterable(row for _, row in one.texts())] for one in sheets)
        return [*chain.from_iterable(lines)]
    text = raw.decode("utf-8")
    if suffix == ".csv":
        return [cell for row in csv.reader(text.splitlines()) for cell in row]
    if suffix in _HTML:
        page = _Text()
        page.feed(text)
        return page.lines
    return [line for line in text.splitlines() if not _PICTURE.fullmatch(line)]


class _Text(HTMLParser):
    """The text of a page that a reader sees, and the figures in full that its cells hold."""

    def __init__(self) -> None:
        super().__init__()
        self.lines, self._within = list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins."""
        self._within += [tag] * (tag in _UNSEEN)
        self.lines += [value or "" for key, value in attrs if key == "data-value"]

    def handle_endtag(self, tag: str) -> None:
        """Note what ends."""
        if self._within and tag == self._within[-1]:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        """Keep what is seen."""
        text = " ".join(data.split())
        self.lines += [text] * bool(text and not self._within)


def differences(own: bytes, raw: bytes, suffix: str) -> Iterator[str]:
    """Yield what a file says otherwise, and behind what it stands."""
    if own == raw:
        return
    written, texts = _lines(own, suffix), _lines(raw, suffix)
    for kind, a, b, c, d in SequenceMatcher(None, written, texts, autojunk=False).get_opcodes():
        if kind != "equal":
            was, now = (" ".join(portion)[:80] for portion in (written[a:b], texts[c:d]))
            yield f"{was!r} and not {now!r} after {written[a - 1][:60] if a else 'the beginning'!r}"
