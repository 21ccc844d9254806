"""The options that commands share: the same words everywhere, each declared once.

Options that stand alone are decorators themselves. Those that belong together are gathered into
one argument of the command: ``asked`` holds the question, ``output`` where the result goes.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from supplynet import terms
from supplynet.cli import words
from supplynet.cli.asked import Asked
from supplynet.cli.console import Command
from supplynet.cli.failing import HEADLINE, ConditionType, example_of
from supplynet.cli.output import FORMATS, Output, PictureFile, each_year, format_of, named_after
from supplynet.contract.query import Jobs, own_options
from supplynet.limits import SEARCH_SECONDS, SEARCHED_LINKS
from supplynet.terms.parameters import PARAMETERS, Parameter
from supplynet.terms.vocabulary import Vocabulary

Function = Callable[..., Any]
Decorator = Callable[[Function], Function]

ELEMENT = (
    "Elements, an element group, all, or basket for the whole mix. Default: the graph's "
    "headline elements."
)
_SELECTOR = "CHN, EU, CHN:refiner, owner:CHN, node:ID or several with commas"


#: options with which a question is asked over a grid
GRID = ("each", *(one.name for one in own_options(Jobs) if one.in_command))
#: makes a command of a function
command = functools.partial(click.command, cls=Command)
#: the argument GRAPH
graph = click.argument("graph", metavar="GRAPH", type=words.GraphName("graph", "rare-earths"))


def option(said: str, kind: Any, text: str, name: str = "", **more: Any) -> Decorator:
    """Return an option as its help says it: ``--avoid WHAT``, and ``--avoid WHAT...`` for several.

    `name` is what the command gets it as, where that is not the option's own; a default is shown.
    """
    if isinstance(kind, words.ONCE):
        more.setdefault("callback", words.each_once)
    flags = [word for word in said.split() if word.startswith("-")]
    metavar = "" if said.endswith(flags[-1]) else said.split()[-1]
    return click.option(
        *flags,
        *([name] if name else []),
        type=kind,
        metavar=metavar.removesuffix("...") or None,
        multiple=metavar.endswith("..."),
        show_default="default" in more or None,
        help=text,
        **more,
    )


def flag(sentence: str, text: str, name: str = "") -> Decorator:
    """Return an option that is yes where it is given."""
    return click.option(*sentence.split(), *([name] if name else []), is_flag=True, help=text)


quiet = flag("-q --quiet", "Say nothing on standard error but errors.", "is_quiet")


def declared(parameter: Parameter, **differing: Any) -> Decorator:
    """Return the option of a word that the library takes, too; some of it may differ."""
    shared: dict[str, Any] = {"help": parameter.help}
    if parameter.words is not None:
        shared["type"] = words.Word(parameter.words)
    if parameter.default is not None:
        shared |= {"default": parameter.default, "show_default": True, "help": parameter.meaning}
    return click.option(f"--{parameter.name.replace('_', '-')}", **{**shared, **differing})


def choice(name: str, allowed: Iterable[str], default: str | None, *, help: str) -> Decorator:
    """Return an option that is one of some words, and states which it is by default."""
    return option(name, words.Word(allowed), help, default=default)


scenario = declared(
    PARAMETERS["scenario"],
    multiple=True,
    type=words.ScenarioName("name", "--scenario NAME"),
    metavar="NAME|FILE",
    help=f"{PARAMETERS['scenario'].meaning} Repeatable.",
)
lens = declared(PARAMETERS["lens"])


#: ``--links``, ``--plants`` and ``--tier``
FLOORS = {name: declared(PARAMETERS[name]) for name in ("links", "plants", "tier")}
#: years of a page that nobody asked for
SOME_YEARS = "this year, the graph's base year and the last year that ends in 0 or 5"
#: ``--year`` where several may be asked for
_YEARS = option(
    "--year YEARS...",
    words.Years(),
    f"Years, such as 2026,2030; sentences are about the first. Repeatable. Default: {SOME_YEARS}.",
    "years",
)
#: ``--year`` where each of several is answered by itself
year = declared(
    PARAMETERS["year"],
    type=words.Years(),
    metavar="YEARS",
    help=f"{PARAMETERS['year'].help} Several with commas are answered one by one.",
)
#: ``--time-limit`` of a search, which gets one by itself on a large network
search_time_limit = option(
    "--time-limit SECONDS",
    click.FloatRange(min=0.0, min_open=True),
    f"Stop after this many seconds with the best so far. Default: {SEARCH_SECONDS:g} for more than "
    f"{SEARCHED_LINKS:,} links, else none.",
)
#: ``--time-limit`` of what is answered in full or not at all
program_time_limit = option(
    "--time-limit SECONDS",
    click.FloatRange(min=0.0, min_open=True),
    "End with an error where one of the linear programs takes longer than this.",
)
#: ``--weight``; the command gets the pairs as ``weights``
weights = option(
    "--weight PRODUCT=NUMBER...",
    words.NamedNumber("weight", "--weight PRODUCT=2"),
    f"{PARAMETERS['weights'].meaning} Repeatable.",
    "weights",
)
priority = declared(
    PARAMETERS["priority"],
    multiple=True,
    type=words.Selector("who", "--priority KOR,JPN"),
    metavar="WHO",
    help=f"{PARAMETERS['priority'].meaning} Repeatable.",
)
basis = declared(PARAMETERS["basis"])
firm = click.option(
    "--firm/--no-firm",
    default=PARAMETERS["firm"].default,
    show_default=True,
    help=PARAMETERS["firm"].meaning,
)
#: ``--model`` of pictures
drawn_model = choice(
    "--model",
    terms.MODELS,
    "balance",
    help="balance: with every loss, recipe and shared plant as it is, of all elements together. "
    "flow: the maximum flow of one element, a quick bound.",
)


def by(
    vocabulary: Vocabulary[Any], *, default: str = "node", help: str = "What is lost at once."
) -> Decorator:
    """Return ``--by``: what is lost or protected as one."""
    return choice("--by", vocabulary, default, help=help)


#: ``--top`` of a figure
top = option(
    "--top N",
    click.IntRange(min=1),
    "How many stand alone, largest first. Default: as many as can be read.",
)
#: ``--columns`` and ``--where`` of a production table
columns = option(
    "--columns PART=NAME...",
    words.Pair("country=PRODUCER"),
    "Name of a column of a production table that is not recognized: country, iso, year, "
    "value, unit, statistic or note. Repeatable.",
)
where = option(
    "--where COLUMN=VALUE...",
    words.Pair("COMMODITY=Nickel"),
    "Rows of a production table to take. Repeatable.",
)
#: ``--objective`` of a figure
objective = choice("--objective", terms.OBJECTIVES, "fair", help="How the supply is shared out.")
#: ``--against`` of a figure
against = option(
    "--against base|NAME|FILE",
    words.ScenarioName("name", "--against base"),
    "What to set it against, as before and after: a scenario, or base for nothing avoided "
    "and no scenario.",
)
#: ``--order`` of a figure
order = option(
    "--order size|name|CODES",
    words.Text("order", "--order size"),
    "Countries from top to bottom: largest first, by name, or those named first.",
    default="size",
)


def floors(function: Function) -> Function:
    """Add ``--links``, ``--plants`` and ``--tier`` to a command that gathers no question."""
    return apply_all([*FLOORS.values()], function)


def question(
    *,
    has_target: bool = True,
    to: str = "",
    avoid: str = "optional",
    via: str = "",
    element: str = ELEMENT,
    has_years: bool = False,
) -> Decorator:
    """Add the options of a question; the command gets them as ``asked``.

    Without `has_target` there is no ``--to``; `to`, `via` and `element` are help texts, of a
    ``--to`` that may be left out and of a ``--via`` that is there at all. With `has_years` several
    may be asked for.
    """
    who, what = words.Selector("who", "--to KOR"), words.Selector("what", "--avoid CHN")
    is_avoided, named = avoid == "required", words.Element("element", "--element Dy,Tb")
    plain = [
        option("--to WHO...", who, to or PARAMETERS["to"].meaning, required=not to),
        option("--avoid WHAT...", what, f"What is shut: {_SELECTOR}.", required=is_avoided),
        *([option("--element NAME...", named, element)] if element else []),
    ]
    if not has_target:
        plain = plain[1:]
    if via:
        plain.append(option("--via WHAT...", words.Selector("what", "--via VNM,AUS"), via))
    selection: list[Decorator] = [lens, *FLOORS.values()]

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def gather(**given: Any) -> Any:
            if has_years:
                given["years"] = tuple(
                    year for years_named in given["years"] for year in years_named
                )
                given["year"] = next(iter(given["years"]), None)
            else:
                given["each_year"] = _year_given(given)
            # Whatever of the question this command has: not every one has --to or --via.
            taken = {name: given.pop(name) for name in Asked.__slots__ if name in given}
            return function(asked=Asked(**taken), **given)

        when = _YEARS if has_years else year
        return apply_all([*plain, when, *selection, scenario], gather)

    return decorate


_FULL = flag(
    "--full", "Print all on the terminal, and not the first page. Files hold all.", "is_full"
)


def _output_options(
    metrics: Sequence[str], figures: Sequence[str], *, is_page: bool, has_files: bool
) -> list[Decorator]:
    """Return where an answer goes, in which form, and what makes it fail."""
    endings = ", ".join([".md", ".html", ".json", ".csv", ".xlsx", *figures])
    several = " Repeatable: all files are of one answer, worked out once." if has_files else ""
    options: list[Decorator] = [
        option(
            "--format",
            words.Word(FORMATS),
            "Default: by the ending of FILE, else table.",
            "format_name",
        ),
        option(
            f"-o --output FILE{'...' if has_files else ''}",
            words.OutputFile(),
            f"Write the result here instead: {endings} or .txt.{several}",
            "path",
        ),
    ]
    if metrics:
        options.append(
            option(
                "--fail-on CONDITION...",
                ConditionType(metrics),
                f"Exit with 7 if this is true, such as '{example_of(metrics)}'. "
                f"Metrics: {', '.join((*metrics, HEADLINE))}. Repeatable.",
                "conditions",
            )
        )
    return [*options, _FULL] if metrics and is_page else options


def _place(path: Path | None, name: str | None, figures: Sequence[str]) -> dict[str, Any]:
    """Return where an answer goes and in which format, as fields of an output."""
    # The ending decides whether the command draws: --format names tables and pages only.
    is_figure = path is not None and path.suffix.lower() in figures
    if is_figure and name is not None:
        raise click.UsageError(f"-o {path}: a figure has no --format {name}")
    return {
        "format": "figure" if is_figure else format_of(name, path),
        "path": None if path is None or str(path) == "-" else path,
    }


def output(
    *,
    metrics: Sequence[str] = (),
    figures: Sequence[str] = (),
    is_page: bool = True,
    has_files: bool = False,
) -> Decorator:
    """Add format, file, conditions and quiet; the command gets them as ``output``.

    Without `metrics` there is no ``--fail-on``. `figures` are endings of files that the command
    draws itself, of format ``"figure"``. With `is_page` an answer is one page on the terminal, and
    ``--full`` is all of it; otherwise the command chooses what it prints. With `has_files` an
    answer goes into as many files as are named.
    """
    shared = _output_options(metrics, figures, is_page=is_page, has_files=has_files)

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def gather(**given: Any) -> Any:
            path = given.pop("path")
            name = given.pop("format_name")
            path, *further = (dict.fromkeys(path) or (None,)) if has_files else (path,)
            if further and name is not None:
                raise click.UsageError(f"--format {name} goes with one -o FILE, not with several")
            target = Output(
                **_place(path, name, figures),
                conditions=given.pop("conditions", ()),
                is_quiet=given.pop("is_quiet"),
                is_full=not (metrics and is_page) or given.pop("is_full"),
                also=tuple(Output(**_place(other, None, figures)) for other in further),
            )
            query = given.get("asked")
            question = query if isinstance(query, Asked) else None
            several = question.each_year if question else _year_given(given)
            if several and "each" in given and is_said(*GRID):
                given["each"] = (("year", ",".join(map(str, several))), *given["each"])
                several = ()
            if not several:
                return function(output=target, **given)

            def answer(year: int, kept: Output) -> None:
                of_year = question and dataclasses.replace(question, year=year, each_year=())
                record = {"asked": of_year} if of_year else {"year": year}
                function(output=kept, **{**given, **record})

            return each_year(target, several, answer)

        return apply_all([*shared, quiet], gather)

    return decorate


def is_said(*names: str) -> bool:
    """Whether one of some options of the running command was written."""
    source = click.get_current_context().get_parameter_source
    return any(source(name) == ParameterSource.COMMANDLINE for name in names)


def _year_given(options: dict[str, Any]) -> tuple[int, ...]:
    """Make one year of ``--year`` out of those that were named; return them if there are several.

    It is about the option by itself: a question gathers its own.
    """
    if "year" not in options:
        return ()
    named = tuple(dict.fromkeys(options["year"] or ()))
    options["year"] = next(iter(named), None)
    return named if len(named) > 1 else ()


#: how a figure looks and where it goes
_PICTURE: tuple[Decorator, ...] = (
    choice(
        "--size",
        words.SIZES,
        "slide",
        help="A 16:9 slide, the text column of an A4 sheet, or an A4 sheet on its side.",
    ),
    choice(
        "--theme", words.THEMES, "light", help="Dark letters on white paper, or light ones on dark."
    ),
    option(
        "-o --output FILE...",
        words.OutputFile("korea.svg", words.FIGURES),
        "Where to draw: .svg, .png or .pdf. Default: a name made of what is asked. Repeatable.",
        "paths",
    ),
    option(
        "--width LENGTH",
        words.Text("length", "--width 89mm"),
        "Width for print, such as 89mm, 120mm or 183mm, in place of --size.",
    ),
    option(
        "--height LENGTH",
        words.Text("length", "--height 100mm"),
        "With --width. Default: two thirds of it.",
    ),
    flag(
        "--bare", "Leave out title, subtitle and source line, for a caption of your own.", "is_bare"
    ),
    option(
        "--font FAMILY",
        words.Text("family", "--font Arial"),
        "Installed font of the letters. Default: DejaVu Sans.",
    ),
    option("--dpi", click.IntRange(50, 1200), "Pixels an inch of a PNG.", default=150),
    option(
        "--data FILE",
        words.OutputFile("korea.csv", (".csv",)),
        "Write what is drawn as a table too.",
    ),
)


def picture(function: Function) -> Function:
    """Add how a figure looks and where it goes; the command gets both as ``file``."""

    @functools.wraps(function)
    def gather(**given: Any) -> Any:
        taken = {field.name: given.pop(field.name) for field in dataclasses.fields(PictureFile)}
        query = given.get("asked")
        if (isinstance(query, Asked) and query.each_year) or _year_given(given):
            raise click.UsageError("a figure shows one year; draw one for each")
        if not taken["paths"]:
            question = (query.to, query.element, query.year) if isinstance(query, Asked) else ()
            figure = str(click.get_current_context().info_name).split()[-1]
            taken["paths"] = (named_after([given.get("graph"), *question, figure]),)
        return function(file=PictureFile(**taken), **given)

    return apply_all([*_PICTURE, quiet], gather)


def apply_all(decorators: Sequence[Decorator], function: Function) -> Function:
    """Add several options to a command, listed in their order."""
    for decorator in reversed(decorators):  # the first is listed first in the help text
        function = decorator(function)
    return function
