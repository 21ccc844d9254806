"""A written answer asked again: the text, tables and cells of a page that states it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.cli.asking import document_of_all
from supplynet.contract.query import options_of
from supplynet.errors import SupplynetError
from supplynet.questions import QUESTIONS
from supplynet.questions.declared import load
from supplynet.reports.build import Report, writer
from supplynet.verify import parts_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: ends of names of pages, and of those whose answer lies beside them
_HTML = ".html", ".htm"
BESIDE = ".md", ".csv", ".xlsx"
#: so many places that differ are named
_MOST = 3
#: what lies in a page beside its text
_UNSEEN = "script", "style", "svg", "head", "button", "footer"
#: how options are called where an answer says what it was asked
_NAMES = {"scenario": ("scenarios",), "element": ("element", "elements")}
#: what a tier stands for
_OF_TIER = "links", "plants"

Checked = tuple[str, str]


def of_tables(content: Any, net: SupplyNetwork) -> Iterator[Checked]:
    """Yield whether answers rest on a network as it is; scenarios make it another."""
    what = f"the tables of {net.name} have the digest of those that were solved"
    for entry in parts_of(content):
        if (is_same := _is_of(entry, net)) is not None:
            yield ("holds" if is_same else "FAILS"), what


def _is_of(answer: Any, net: SupplyNetwork) -> bool | None:
    """Whether an answer rests on a network as it is; None where scenarios made it another."""
    origin = answer["provenance"]
    if origin.get("scenarios") or not origin.get("digest"):
        return None
    return bool(origin["digest"] == net.digest)


def looked_up(net: SupplyNetwork) -> Callable[[Any], Callable[..., float | None] | None]:
    """Return what gives for an answer the look-up of its figures in the tables of a network.

    None where scenarios made the tables others, or they are not those of the answer.
    """
    from supplynet.analysis.question import ask
    from supplynet.network.demand import demand

    def demand_of(name: str, *about: Any) -> float | None:
        if name != "demand" or None in about:
            return None
        to, element, year = about
        return demand(net, ask(net, to=to, year=year).targets, element, year).value

    return lambda answer: demand_of if _is_of(answer, net) else None


def of_page(path: Path, content: Any, net: SupplyNetwork | None) -> Iterator[Checked]:
    """Yield whether a page says what its answer does: the question is asked again, and written."""
    suffix = path.suffix.lower()
    if suffix not in (*_HTML, *BESIDE):
        return
    what = f"text and tables of {path.name} are those of its answer, written anew"
    report, why = _again(content, net, is_csv=suffix == ".csv")
    if report is None:
        yield "not checked", f"{what}: {why}"
        return
    record = writer(path)(report)
    raw = record.encode("utf-8") if isinstance(record, str) else record
    lost = list(_differences(_lines(path.read_bytes(), suffix), _lines(raw, suffix)))
    yield ("FAILS" if lost else "holds"), "; ".join([what, *lost[:_MOST]])


def _again(content: Any, net: SupplyNetwork | None, *, is_csv: bool) -> tuple[Report | None, str]:
    """Return the report of answers that are asked again; or none, and why there is none."""
    from supplynet.io.load import load as load_network
    from supplynet.present.answers import machine_table

    written = content.get("results", [content])
    every = map(load, QUESTIONS)
    kind = written[0].get("result")
    declared = next(
        (declaration for declaration in every if declaration.answer.LAYOUT.name == kind), None
    )
    if declared is None:
        return None, "it has more than the answer to a question"
    try:
        net = net or load_network(written[0]["provenance"]["graph"])
        answers = [declared.ask(net, _words(member, declared.query)) for member in written]
    except (SupplynetError, TypeError, KeyError) as error:
        return None, f"it cannot be asked again ({str(error).splitlines()[0]})"
    for entry, answer in zip(written, answers, strict=True):
        if entry["provenance"] != (record := answer.provenance.to_dict()):
            names = [key for key in record if record[key] != entry["provenance"].get(key)]
            return None, f"asked again it is of another {', '.join(names)}"
    document = document_of_all(declared, answers, "results" not in content)
    return Report(document, machine_table(answers, declared) if is_csv else None), ""


def _words(record: dict[str, Any], query: Any) -> dict[str, Any]:
    """Return what an answer was asked, as words of its question."""
    options = {"element": record.get("element"), **record["provenance"]["options"]}
    names = [option.name for option in options_of(query)]
    is_exact = {*_OF_TIER} <= {*names} & options.keys()
    skipped = ("tier",) if is_exact else _OF_TIER
    keys = ((name, key) for name in names for key in _NAMES.get(name, (name,)))
    return {name: options[key] for name, key in keys if options.get(key) and name not in skipped}


def _lines(raw: bytes, suffix: str) -> list[str]:
    """Return what a file says line by line, and what stands in its tables cell by cell."""
    if suffix == ".xlsx":
        from supplynet.io.sheets import parse_sheets

        sheets = [sheet for sheet in parse_sheets(raw, "book") if sheet.name != "sources"]
        return [cell for sheet in sheets for _, cells in sheet.texts() for cell in cells]
    text = raw.decode("utf-8")
    if suffix == ".csv":
        return [cell for row in csv.reader(text.splitlines()) for cell in row]
    if suffix in _HTML:
        page = _Text()
        page.feed(text)
        return page.lines
    return [line for line in text.splitlines() if not line.startswith("![")]


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


def _differences(written: list[str], texts: list[str]) -> Iterator[str]:
    """Yield what a file says otherwise, and behind what it stands."""
    if written == texts:
        return
    for kind, a, b, c, d in SequenceMatcher(None, written, texts, autojunk=False).get_opcodes():
        if kind != "equal":
            was, now = (" ".join(portion)[:80] for portion in (written[a:b], texts[c:d]))
            yield f"{was!r} and not {now!r} after {written[a - 1][:60] if a else 'the beginning'!r}"
