"""Types of the arguments and options: what is allowed, said in a message, offered to the shell."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

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


_T = TypeVar("_T")
Offered = Iterable[str | CompletionItem]
#: what the shell completes as the name of a file
_A_FILE = "file"

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


class Kind(ParamType[_T]):
    """A type of arguments: what a text stands for, and what the shell offers in its place.

    The name is for the help text, the example for messages; one without says nothing of what is
    missing.
    """

    def __init__(self, name: str, example: str = "") -> None:
        self.name = name
        self.example = example

    def read(self, text: str) -> _T:
        """Return what a text stands for; a ValueError says why it stands for nothing."""
        raise NotImplementedError

    def offered(self, ctx: click.Context, incomplete: str) -> Offered:
        """Return what a text that is not finished may become."""
        return ()

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> _T:
        """Return what an argument stands for; a default may stand for itself."""
        if not isinstance(value, (str, os.PathLike)):
            return value  # type: ignore[return-value]
        try:
            return self.read(os.fspath(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer what the text may become."""
        every = self.offered(ctx, incomplete)
        return [CompletionItem(one) if isinstance(one, str) else one for one in every]

    def get_missing_message(
        self, param: click.Parameter, ctx: click.Context | None = None
    ) -> str | None:
        """Return an example."""
        return f"Write for example {self.example}" if self.example else None


class Word(Kind[str]):
    """One word of a few, in capital or small letters; a near one is suggested."""

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__("word")
        self.allowed = words if isinstance(words, Vocabulary) else tuple(words)
        self.words = tuple(self.allowed)

    def read(self, text: str) -> str:
        """Return the word as it is declared."""
        if text.casefold() not in self.words:
            near = nearest(text, self.allowed)
            message = f"{text!r} is none of {', '.join(self.words)}"
            raise ValueError(f"{message} ({near})" if near else message)
        return text.casefold()

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return the words for the help text."""
        return "|".join(self.words)

    def offered(self, ctx: click.Context, incomplete: str) -> Offered:
        """Return the words."""
        return (word for word in self.words if word.startswith(incomplete))


class Text(Kind[str]):
    """A text that must not be empty.

    An empty selector, from a variable of the shell that is not set, would otherwise avoid nothing
    without a word.
    """

    def read(self, text: str) -> str:
        """Return the text without blanks around it."""
        if not text.strip():
            raise ValueError(f"must not be empty; write for example {self.example}")
        return text.strip()


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


class NamedNumber(Kind[tuple[str, float]]):
    """An id and a number above 0, joined by ``=``."""

    def read(self, text: str) -> tuple[str, float]:
        """Return the id and the number."""
        name, _, figure = text.rpartition("=")
        with suppress(ValueError):
            if name.strip() and 0.0 < float(figure) < float("inf"):
                return name.strip(), float(figure)
        raise ValueError(
            f"{text!r} is no name with a number above 0; write for example {self.example}"
        )


class Years(Kind[tuple[int, ...]]):
    """A year, or several with commas."""

    def __init__(self) -> None:
        super().__init__("years")

    def read(self, text: str) -> tuple[int, ...]:
        """Return the years in the order in which they are given."""
        years = [year.strip() for year in text.split(",")]
        if not all(year.isdecimal() for year in years):
            raise ValueError(f"{text!r} is no year; write for example 2026,2030")
        return tuple(map(int, years))


class Share(Kind[float]):
    """A share as a number from 0 to 1, or in percent."""

    def __init__(self) -> None:
        super().__init__("share")

    def read(self, text: str) -> float:
        """Return the share."""
        with suppress(ValueError):
            share = float(text.strip().removesuffix("%")) / (100.0 if "%" in text else 1.0)
            if 0 <= share <= 1:
                return share
        raise ValueError(f"{text.strip()!r} is no share: write for example 1% or 0.01")


class Element(Text):
    """An element, an element group, all, or basket."""

    def offered(self, ctx: click.Context, incomplete: str) -> Offered:
        """Return the elements of a graph, groups and baskets of them, after a comma too."""
        from supplynet.network.names import baskets_named

        if (net := _network(ctx)) is None:
            return ()
        done, comma, piece = incomplete.rpartition(",")
        texts = [*net.commodity.elements, *baskets_named(net), *net.commodity.groups]
        return (
            f"{done}{comma}{word}"
            for word in (*texts, "all", "basket")
            if word.casefold().startswith(piece.casefold())
        )


class Selector(Text):
    """Nodes by country, bloc, stage or id; several with commas."""

    def offered(self, ctx: click.Context, incomplete: str) -> Offered:
        """Return nations, countries, blocs and stages; plants once a word has begun."""
        from supplynet.network.names import blocs, countries, nations, plants

        if (net := _network(ctx)) is None:
            return ()
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

    def offered(self, ctx: click.Context, incomplete: str) -> Offered:
        """Return the scenarios of a shipped graph, and files."""
        from supplynet.io.load import graphs_folder

        folder = graphs_folder() / _graph(ctx) / "scenarios"
        names = sorted(path.stem for path in folder.glob("*.toml"))
        paths = [name for name in names if name.startswith(incomplete)]
        return paths or [CompletionItem(incomplete, type=_A_FILE)]


class GraphName(Text):
    """A shipped graph, a folder or a file."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Return what there is to choose from."""
        from supplynet.io.load import graph_ids

        return f"Shipped graphs: {', '.join(graph_ids())}; or give a folder or file"

    def offered(self, ctx: click.Context, incomplete: str) -> Offered:
        """Return the shipped graphs, and files."""
        from supplynet.io.load import graph_ids

        paths = completions(
            {**members(ctx.info_name or ""), **dict.fromkeys(graph_ids(), "")}, incomplete
        )
        return paths or [CompletionItem(incomplete, type=_A_FILE)]


class InputFile(Kind[Path]):
    """A file to read; what is wrong with it is said by whoever reads it."""

    def __init__(self, example: str) -> None:
        super().__init__("file", example)

    def read(self, text: str) -> Path:
        """Return the path."""
        if not text.strip():
            raise ValueError(f"must not be empty; write for example {self.example}")
        return Path(text)

    def offered(self, ctx: click.Context, incomplete: str) -> Offered:
        """Return files."""
        return [CompletionItem(incomplete, type=_A_FILE)]


class OutputFile(InputFile):
    """A file to write, or ``-`` for standard output.

    That its folder is there is checked before anything is worked out.
    """

    def __init__(self, example: str = "result.md", endings: Sequence[str] = ()) -> None:
        super().__init__(example)
        self.endings = tuple(endings)

    def read(self, text: str) -> Path:
        """Return the path."""
        path = super().read(text)
        if path.is_dir():
            inside = os.fspath(path / self.example)
            raise ValueError(f"{text!r} is a folder; name a file in it, such as {inside!r}")
        if self.endings and path.suffix.lower() not in self.endings:
            raise ValueError(
                f"{text!r} ends in none of {', '.join(self.endings)}; write for example "
                f"{self.example}"
            )
        if not path.parent.is_dir():
            raise ValueError(f"there is no folder {os.fspath(path.parent)!r}; make it first")
        return path

    def get_missing_message(
        self, param: click.Parameter, ctx: click.Context | None = None
    ) -> str | None:
        """Return an example."""
        return f"Write for example -o {self.example}"


class Pair(Kind[tuple[str, str]]):
    """A name and a value with ``=`` between them."""

    def __init__(self, example: str) -> None:
        super().__init__("pair", example)

    def read(self, text: str) -> tuple[str, str]:
        """Return the two parts without blanks around them."""
        name, sign, tail = (piece.strip() for piece in text.partition("="))
        if not (name and sign and tail):
            raise ValueError(f"{text!r} is no pair; write for example {self.example}")
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
