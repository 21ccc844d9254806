"""Types of the arguments and options: what is allowed, said in a message, offered to the shell."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from supplynet.cli.console import completions
from supplynet.questions import members
from supplynet.terms import Vocabulary, nearest

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

    ParamType = click.ParamType
else:  # older versions of click know no type arguments

    class ParamType(click.ParamType):
        """A type of parameters that may be said of what."""

        def __class_getitem__(cls, _: Any) -> type[ParamType]:
            return cls


# These words are those of the model, which is not imported for a help text: loading its row
# models takes ten times as long as showing one. A test holds the two together.
MARKS = ("worst", "unavoidable")
KINDS = ("extraction", "processing")
SIZES = ("slide", "column", "page")
THEMES = ("light", "dark")
REGIONS = (
    "auto",
    "world",
    "pacific",
    "africa",
    "americas",
    "asia",
    "europe",
    "middle-east",
    "north-america",
    "oceania",
    "south-america",
)
FILLS = ("dependence", "loss", "none")
SITES = ("carrying", "all")
FIGURES = (".svg", ".png", ".pdf")


class Word(ParamType[str]):
    """One word of a few, in capital or small letters; a near one is suggested."""

    name = "word"

    def __init__(self, words: Iterable[str]) -> None:
        self.allowed = words if isinstance(words, Vocabulary) else tuple(words)
        self.words = tuple(self.allowed)

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the word as it is declared."""
        text = str(value)
        if text.casefold() not in self.words:
            near = nearest(text, self.allowed)
            message = f"{text!r} is none of {', '.join(self.words)}"
            self.fail(f"{message} ({near})" if near else message, param, ctx)
        return text.casefold()

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return the words for the help text."""
        return "|".join(self.words)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the words."""
        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]


class Text(ParamType[str]):
    """A text that must not be empty.

    An empty selector, from a variable of the shell that is not set, would otherwise avoid nothing
    without a word. The name is for the help text, the example for messages.
    """

    def __init__(self, name: str, example: str) -> None:
        self.name = name
        self.example = example

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the text without blanks around it."""
        text = str(value).strip()
        if not text:
            self.fail(f"must not be empty; write for example {self.example}", param, ctx)
        return text

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return an example."""
        return f"Write for example {self.example}"


def _graph(ctx: click.Context) -> str:
    """The graph of a command line that is not finished."""
    # An option that still waits for its value leaves the arguments before it unnamed.
    return str(ctx.params.get("graph") or next(iter(ctx.args), ""))


def _network(ctx: click.Context) -> SupplyNetwork | None:
    """Return the graph of a command line that is not finished, if it can be loaded."""
    from supplynet.errors import SupplynetError
    from supplynet.io.load import load

    try:
        return load(_graph(ctx))
    except SupplynetError:
        return None


class NamedNumber(ParamType[tuple[str, float]]):
    """An id and a number above 0, joined by ``=``."""

    def __init__(self, name: str, example: str) -> None:
        self.name = name
        self.example = example

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """Return the id and the number."""
        name, _, text = str(value).rpartition("=")
        try:
            index = float(text)
        except ValueError:
            index = 0.0
        if not name.strip() or not 0.0 < index < float("inf"):
            self.fail(
                f"{value!r} is no name with a number above 0; write for example {self.example}",
                param,
                ctx,
            )
        return name.strip(), index


class Years(ParamType[tuple[int, ...]]):
    """A year, or several with commas."""

    name = "years"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Return the years in the order in which they are given."""
        texts = [text.strip() for text in str(value).split(",")]
        if not all(text.isdecimal() for text in texts):
            self.fail(f"{value!r} is no year; write for example 2026,2030", param, ctx)
        return tuple(map(int, texts))


class Element(Text):
    """An element, an element group, all, or basket."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the elements of a graph, groups and baskets of them, after a comma too."""
        from supplynet.network.names import baskets_named

        if (net := _network(ctx)) is None:
            return []
        done, comma, piece = incomplete.rpartition(",")
        texts = [*net.commodity.elements, *baskets_named(net), *net.commodity.groups]
        return [
            CompletionItem(f"{done}{comma}{word}")
            for word in (*texts, "all", "basket")
            if word.casefold().startswith(piece.casefold())
        ]


class Selector(Text):
    """Nodes by country, bloc, stage or id; several with commas."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer nations, countries, blocs and stages; plants once a word has begun."""
        from supplynet.network.directory import blocs, countries, nations, plants

        if (net := _network(ctx)) is None:
            return []
        done, comma, piece = incomplete.rpartition(",")
        of, colon, word = piece.rpartition(":")
        stages = [(stage.name, stage.plural) for stage in net.stages if not stage.is_nation]
        entries = [] if colon else [*nations(net), *countries(net), *blocs(net)]
        entries += plants(net) if word and not colon else ()
        offered = dict([*((completion.word, completion.name) for completion in entries), *stages])
        return [
            CompletionItem(f"{done}{comma}{of}{colon}{name}", help=text)
            for name, text in offered.items()
            if name.casefold().startswith(word.casefold())
        ]


class ScenarioName(Text):
    """A scenario of the graph, or a TOML file."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the scenarios of a shipped graph, and files."""
        from supplynet.io.load import graphs_folder

        folder = graphs_folder() / _graph(ctx) / "scenarios"
        names = sorted(path.stem for path in folder.glob("*.toml"))
        paths = [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return paths or [CompletionItem(incomplete, type="file")]


class GraphName(Text):
    """A shipped graph, a folder or a file."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return what there is to choose from."""
        from supplynet.io.load import graph_ids

        return f"Shipped graphs: {', '.join(graph_ids())}; or give a folder or file"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the shipped graphs, and files."""
        from supplynet.io.load import graph_ids

        paths = completions(
            {**members(ctx.info_name or ""), **dict.fromkeys(graph_ids(), "")}, incomplete
        )
        return paths or [CompletionItem(incomplete, type="file")]


class InputFile(ParamType[Path]):
    """A file to read; what is wrong with it is said by whoever reads it."""

    name = "file"

    def __init__(self, example: str) -> None:
        self.example = example

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """Return the path."""
        text = os.fspath(value) if isinstance(value, Path) else str(value)
        if not text.strip():
            self.fail(f"must not be empty; write for example {self.example}", param, ctx)
        return Path(text)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer files."""
        return [CompletionItem(incomplete, type="file")]


class OutputFile(InputFile):
    """A file to write, or ``-`` for standard output.

    That its folder is there is checked before anything is worked out.
    """

    def __init__(self, example: str = "result.md", endings: Sequence[str] = ()) -> None:
        super().__init__(example)
        self.endings = tuple(endings)

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """Return the path."""
        path = super().convert(value, param, ctx)
        text = os.fspath(path)
        if path.is_dir():
            self.fail(
                f"{text!r} is a folder; name a file in it, such as "
                f"{os.fspath(path / self.example)!r}",
                param,
                ctx,
            )
        if self.endings and path.suffix.lower() not in self.endings:
            self.fail(
                f"{text!r} ends in none of {', '.join(self.endings)}; write for example "
                f"{self.example}",
                param,
                ctx,
            )
        if not path.parent.is_dir():
            self.fail(f"there is no folder {os.fspath(path.parent)!r}; make it first", param, ctx)
        return path

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return an example."""
        return f"Write for example -o {self.example}"


class Pair(ParamType[tuple[str, str]]):
    """A name and a value with ``=`` between them."""

    name = "pair"

    def __init__(self, example: str) -> None:
        self.example = example

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return the two parts without blanks around them."""
        if isinstance(value, tuple):
            return value
        name, sign, tail = (piece.strip() for piece in str(value).partition("="))
        if not (name and sign and tail):
            self.fail(f"{str(value)!r} is no pair; write for example {self.example}", param, ctx)
        return name, tail


def each_once(
    ctx: click.Context, param: click.Parameter, pairs: tuple[tuple[str, Any], ...]
) -> tuple[tuple[str, Any], ...]:
    """Return pairs as they are; a name with two values is refused, as one would be passed over."""
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise click.BadParameter(f"{name!r} is given twice", ctx, param)
    return pairs


#: types of options that may be given once a name: :func:`each_once` is their callback
ONCE = (NamedNumber, Pair)


def columns_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the columns that ``--columns`` names, given one by one or with commas.

    Examples
    --------
    >>> columns_of([("country", "PRODUCER,value=OUTPUT, t"), ("year", "YEAR")])
    {'country': 'PRODUCER', 'value': 'OUTPUT, t', 'year': 'YEAR'}
    """
    choices = {}
    for name, text in pairs:
        first, *more = re.split(r",\s*(?=\w+\s*=)", text)
        choices[name] = first
        for pair in more:
            key, _, column = pair.partition("=")
            choices[key.strip()] = column.strip()
    return choices
