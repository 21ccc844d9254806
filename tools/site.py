"""The pages of the site that are written from the code, and what holds for all pages.

MkDocs calls the functions that begin with ``on_``, see ``mkdocs.yml``. Pages of the reference come
from the commands and docstrings; the format of graphs, the changes and how to cite from the files
that hold them, so that nothing stands twice.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from operator import attrgetter
from pathlib import Path
from typing import Any

import click

import supplynet
from supplynet.cli.console import HELP_ALL
from supplynet.cli.main import cli
from supplynet.network.scenario import scenario as scenarios
from supplynet.network.scenario.change import VERBS, keys_of

ROOT = Path(__file__).resolve().parents[1]
#: pages that links of the project's files stand for
_PAGES = {
    "graphs/README.md": "reference/format.md",
    "CHANGELOG.md": "changelog.md",
    "README.md": "index.md",
    "CITATION.cff": "cite.md",
}
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#\s]+)(#[^)\s]*)?\)")
_NAMED_BLOCK = re.compile(r"^( *```\w+) ([\w./-]+)$", re.MULTILINE)
# a numbered point and what belongs to it: lines that are empty or indented
_POINT = re.compile(r"^\d+\. .*\n(?:(?: {3}.*)?\n)*", re.MULTILINE)
# a name in a docstring, such as :func:`supplynet.graph.check`
_ROLE = re.compile(r":(?:attr|class|data|func|meth|mod):`~?([^`]+)`")
#: the first of the sections of a docstring
_SECTION = re.compile(r"^(Parameters|Attributes|Returns|Raises|Warns|Examples)\n-+$", re.MULTILINE)
_FROM_ELSEWHERE = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?(?:https?:)?//[^"'\s>]+"""
    r"""|<link\b(?=[^>]*\brel=["']?(?:stylesheet|preconnect|icon|preload))"""
    r"""[^>]*\bhref=["']?(?:https?:)?//[^"'\s>]+"""
)


# -- pages from the code -----------------------------------------------------------------------


def commands_page() -> str:
    """Return the reference of commands: what each answers, and every option."""
    lines = [
        "# Commands",
        "",
        "Written from the commands themselves; `--help-all` prints the same.",
        "",
    ]
    # click keeps the help option of a command that it showed first: as the program itself shows it
    context = click.Context(cli, info_name="supplynet", **cli.context_settings)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None  # noqa: S101  it is listed
        lines += [f"## supplynet {name}", ""]
        inner = click.Context(command, info_name=name, parent=context)
        inner.meta[HELP_ALL] = True
        lines += ["```text", *inner.get_help().splitlines(), "```", ""]
    return "\n".join(lines)


def python_page() -> str:
    """Return the reference of the Python interface, from its docstrings."""
    lines = ["# Python", "", "`import supplynet as sn`. Written from the docstrings.", ""]
    for name in (*supplynet._QUESTIONS, *supplynet._PUBLIC):  # noqa: SLF001  its own lists
        public = attrgetter(name)(supplynet)
        lines += [f"## {name}", ""]
        if inspect.isclass(public):
            lines += [f"`class sn.{name}`", "", *_docstring(public)]
            for method, value in inspect.getmembers(public):
                if method.startswith("_") or not inspect.getdoc(value):
                    continue
                if callable(value) or isinstance(value, property):
                    first = (inspect.getdoc(value) or "").splitlines()[0]
                    lines.append(f"- `{method}`: {first}")
            lines.append("")
        else:
            lines += ["```python", f"sn.{name}{_signature(public)}", "```", "", *_docstring(public)]
    return "\n".join(lines)


def _signature(function: Callable[..., Any]) -> str:
    """Return a signature, a line a parameter."""
    parts = []
    for parameter in inspect.signature(function).parameters.values():
        if (
            parameter.kind is parameter.KEYWORD_ONLY
            and "*" not in parts
            and not any(one.startswith("*") for one in parts)
        ):
            parts.append("*")
        parts.append(str(parameter))
    inside = "".join(f"\n    {part}," for part in parts)
    return f"({inside}\n)" if parts else "()"


def _docstring(public: Any) -> list[str]:
    """Return a docstring as Markdown: its text, then its sections as they are written."""
    text = inspect.getdoc(public) or ""
    first = _SECTION.search(text)
    head, rest = (text[: first.start()], text[first.start() :]) if first else (text, "")
    lines = [head.strip(), ""]
    if rest:
        lines += ["```text", *rest.strip("\n").splitlines(), "```", ""]
    return [re.sub(r":\w+:`~?([^`]+)`", r"`\1`", line) for line in lines]


def scenarios_page() -> str:
    """Return the page on scenarios: the file, every verb with its keys, those that ship."""
    text = inspect.getdoc(scenarios) or ""
    lines = ["# Scenarios", "", *text.replace("::\n", "\n", 1).splitlines()[2:], ""]
    lines += ["## Verbs", "", "| verb | does | keys |", "|---|---|---|"]
    for verb, model in VERBS.items():
        does = (inspect.getdoc(model) or "").splitlines()[0]
        lines.append(f"| `{verb}` | {does} | {', '.join(f'`{key}`' for key in keys_of(verb))} |")
    lines += ["", "## Scenarios that ship", ""]
    for graph in supplynet.graph.list():
        net = supplynet.load(graph.id)
        if not net.scenarios:
            continue
        lines += [f"### {graph.id}", "", "| name | what it says |", "|---|---|"]
        lines += [f"| `{name}` | {one.title} |" for name, one in sorted(net.scenarios.items())]
        lines.append("")
    return "\n".join(lines)


def cite_page() -> str:
    """Return how to cite, from the file that machines read."""
    told = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    return (
        "# How to cite\n\nThe figures of every answer carry their origin: name the digest of the "
        "network, the version and the command, which stand at the end of each report. Figures come "
        "from the sources that `supplynet graph show` names; cite those, too.\n\n"
        f"```yaml\n{told}```\n"
    )


def generated() -> dict[str, str]:
    """Return the pages that no file in docs/ holds, by their place on the site."""
    return {
        "reference/commands.md": commands_page(),
        "reference/python.md": _ROLE.sub(r"`\1`", python_page()),
        "reference/scenarios.md": _ROLE.sub(r"`\1`", scenarios_page()),
        "reference/format.md": (ROOT / "graphs" / "README.md").read_text(encoding="utf-8"),
        "changelog.md": (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        "cite.md": cite_page(),
    }


# -- what holds for all pages ------------------------------------------------------------------


def prepared(text: str, page: str, known: frozenset[str]) -> str:
    """Return a page of the project as one of the site.

    Links to files that are pages here lead to them, those to other files of the project become
    their names, and blocks with a file name show it. What belongs to a numbered point is
    indented by four spaces, as mkdocs wants it.
    """
    origin = {target: source for source, target in _PAGES.items()}.get(page, f"docs/{page}")

    def link(match: re.Match[str]) -> str:
        words, target, anchor = match[1], match[2], match[3] or ""
        if re.match(r"[a-z]+:", target):
            return match[0]
        place = (ROOT / origin).parent.joinpath(target).resolve()
        if not place.is_relative_to(ROOT):
            return match[0]
        file = place.relative_to(ROOT).as_posix()
        on_site = _PAGES.get(file, file.removeprefix("docs/"))
        if on_site in known:
            up = "../" * page.count("/")
            return f"[{words}]({up}{on_site}{anchor})"
        return f"{words} (`{file}`)" if place.exists() else match[0]

    text = _NAMED_BLOCK.sub(r'\1 title="\2"', _LINK.sub(link, text))
    return _POINT.sub(lambda point: re.sub(r"^ {3}", "    ", point[0], flags=re.MULTILINE), text)


def from_elsewhere(html: str) -> list[str]:
    """Return what a page would load from elsewhere when it is read."""
    return _FROM_ELSEWHERE.findall(html)


def unlisted(listed: Iterable[str]) -> list[str]:
    """Return the pages in docs/ that no list names."""
    files = (path.relative_to(ROOT / "docs").as_posix() for path in ROOT.glob("docs/**/*.md"))
    return sorted(set(files) - set(listed))


def on_config(config: Any) -> Any:
    """Put pages that the contents do not name at their end, so that none is lost."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    rest = unlisted(re.findall(r": ([\w/-]+\.md)$", text, re.MULTILINE))
    if rest:
        config["nav"].append({"Further": rest})
    return config


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are written from the code."""
    from mkdocs.structure.files import File

    for place, text in generated().items():
        files.append(File.generated(config, place, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Prepare a page."""
    known = frozenset(one.src_uri for one in files)
    return prepared(markdown, page.file.src_uri, known)


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Give the theme's dialog of the search the name that it lacks."""
    return output.replace(
        'data-md-component="search" role="dialog"',
        'data-md-component="search" role="dialog" aria-label="Search"',
    )


def on_post_build(config: Any) -> None:
    """Refuse a site that would load something from elsewhere."""
    wrong = [
        f"{path.name}: {one}"
        for path in Path(config["site_dir"]).rglob("*.html")
        for one in from_elsewhere(path.read_text(encoding="utf-8"))
    ]
    if wrong:
        raise SystemExit("the site would load from elsewhere:\n" + "\n".join(wrong))
