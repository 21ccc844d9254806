"""What the library says in words of Python, in those of the command line."""

from __future__ import annotations

import re

import click

#: a keyword with or without its value
_KEYWORD = re.compile(
    r"""(?<![\w.:=-])(?P<name>[a-z_]+)=
    (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|\[(?P<list>[^]]*)]|(?P<plain>[\w.]+))?""",
    re.VERBOSE,
)
#: keywords beside the options that say the same
_BESIDE = re.compile(r" \([a-z_]+=(?:, [a-z_]+=)*\)")


def spoken(text: str, command: click.Command) -> str:
    """Return a message with the options of a command in place of keywords of the library.

    What is no option of the command stays as it is.

    Examples
    --------
    >>> command = click.Command("draw", params=[click.Option(["--by"]), click.Option(["--year"])])
    >>> spoken('ask for more: year=[2026, 2030], or by="node"; else cost=1', command)
    'ask for more: --year 2026,2030, or --by node; else cost=1'
    >>> spoken("choose years with --year (year=)", command)
    'choose years with --year'
    """
    options = {
        name.lstrip("-").replace("-", "_"): name
        for param in command.params
        if isinstance(param, click.Option)
        for name in param.opts
    }

    def told(match: re.Match[str]) -> str:
        option = options.get(match["name"])
        if option is None:
            return match[0]
        listed = None if match["list"] is None else re.sub("[\"' ]", "", match["list"])
        values = (match["double"], match["single"], listed, match["plain"])
        value = next((entry for entry in values if entry is not None), "")
        return option if value in ("", "True") else f"{option} {value}"

    return _KEYWORD.sub(told, _BESIDE.sub("", text) if "--" in text else text)
