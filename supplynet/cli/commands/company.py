"""``supplynet company``: what a company's parts rest on."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options, words
from supplynet.cli.asking import asked_by, words_of, write
from supplynet.cli.console import say
from supplynet.cli.output import Output
from supplynet.questions.declared import load as declaration
from supplynet.text import listing

if TYPE_CHECKING:
    from supplynet.analysis.company.lookup import Part
    from supplynet.network.network import SupplyNetwork

DECLARED = declaration("company")


def _write_template(ctx: click.Context, _param: click.Parameter, path: Path | None) -> None:
    """Write a list of parts to fill in, and end the command."""
    if path is None or ctx.resilient_parsing:
        return
    from supplynet.analysis.company.lookup import Part
    from supplynet.errors import OutputError
    from supplynet.files import write_bytes

    if path.exists():
        raise OutputError(f"{path}: is there already", hint="choose another name")
    heads = [headings[0] for headings in Part.headings.values()]
    if path.suffix.lower() == ".xlsx":
        from supplynet.io.workbook import Book

        book = Book("parts")
        book.add("parts", heads, [])
        write_bytes(path, book.content())
    else:
        write_bytes(path, (",".join(heads) + "\n").encode())
    say(f"Written: {path}")
    ctx.exit()


@options.command()
@click.argument("parts", metavar="PARTS", type=words.InputFile("parts.csv"))
@options.option(
    "--graphs GRAPH...",
    words.GraphName("graph", "--graphs rare-earths"),
    "Where to look parts up. Repeatable. Default: every shipped graph that cites sources, and "
    "those that the column graph names.",
    "graphs",
)
@asked_by("company")
@click.option(
    "--template",
    is_flag=False,
    flag_value="parts.csv",
    type=words.OutputFile("parts.csv"),
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=_write_template,
    help="Write a list to fill in, CSV or .xlsx, and end. Without FILE it is parts.csv.",
)
@options.output(metrics=tuple(DECLARED.metrics))
def command(parts: Path, graphs: tuple[str, ...], output: Output, **given: Any) -> None:
    """What do a company's parts rest on?

    PARTS is a bill of materials, CSV or .xlsx, a row a part. Its headings may be those of ordinary
    lists (Part number, Material, Weight (kg), Qty, Supplier, Manufacturer, Country of origin, Stock
    (days)); what is not known stays empty. Each part is followed back to mines, plants and
    jurisdictions; parts of a material that no graph covers are listed. -o dossier.html or .md
    writes a dossier of a few pages, by Article 24 of Regulation (EU) 2024/1252, and .xlsx every
    row. Nothing of the file leaves this machine or enters a graph.
    """
    with output.progress("Tracing"):
        from supplynet.questions.company.page import of_company, whole

        numbered, nets, unread = _read(parts, graphs)
        numbers, bill = zip(*numbered, strict=True) if numbered else ((), ())
        record = {**words_of(DECLARED, given), "parts": bill, "rows": numbers, "file": parts.name}
        answer = DECLARED.ask(nets, record)
        document = (whole if output.format == "xlsx" else of_company)(answer)
    if unread and not output.is_quiet:
        say(f"Note: {parts.name}: not read: {listing(unread)}")
    write(DECLARED, [answer], document, output)


def _read(
    path: Path, graphs: tuple[str, ...]
) -> tuple[list[tuple[int, Part]], list[SupplyNetwork], list[str]]:
    """Return the rows of the file, the graphs to look them up in, and columns that are not read.

    Graphs are those that are named, or the shipped ones that rest on documents and those that the
    file names. A TableError states every fault of the file at once.
    """
    from supplynet.analysis.company.lookup import Part, look_up
    from supplynet.errors import TableError, UnknownNameError
    from supplynet.io.load import graph_ids, load
    from supplynet.io.parameters import read_list
    from supplynet.network.problems import Problem, raise_problems

    problems: list[Problem] = []
    rows, unread = read_list(path, Part, Part.headings, problems)
    numbered = [(index, row) for index, row in rows if isinstance(row, Part)]
    if graphs:
        nets = [load(name) for name in graphs]
    else:
        nets = [net for net in map(load, graph_ids()) if net.rows("sources")]
    names = {net.name for net in nets}
    for name in dict.fromkeys(row.graph for _, row in numbered if row.graph not in {"", *names}):
        with suppress(UnknownNameError):  # told with the row
            nets.append(load(name))
    if problems:
        parts, numbers = [row for _, row in numbered], [count for count, _ in numbered]
        # a column that could not be read is reported once, not in every row that lacks it
        faults = look_up(parts, numbers, path.name, nets)[1]
        has_all = all(problem.row != 1 for problem in problems)
        problems += [fault for fault in faults if has_all or fault.code != "missing-value"]
    problems.sort(key=lambda problem: problem.row or 0)
    raise_problems(problems, TableError, what=path.name)
    return numbered, nets, unread
