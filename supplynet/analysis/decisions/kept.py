"""Plans that were found, kept in a file: a search that was stopped goes on from there.

A line of JSON says which plan it is of, then one a plan. The file is written under another name
and moved into place, so that it is whole whenever the search is stopped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from supplynet.analysis.decisions.choice import Portfolio
from supplynet.errors import DataError
from supplynet.files import explained, write_bytes


class KeptPlans:
    """The plans of a search, in a file.

    A DataError if it holds plans of another graph, question or version, or is none.
    """

    def __init__(self, path: Path, of: Mapping[str, Any]) -> None:
        self.path = path
        told = json.dumps(of, sort_keys=True, default=str).encode()
        self._head: dict[str, Any] = {"format": 1, "of": hashlib.sha256(told).hexdigest()}
        self.portfolios: list[Portfolio] = []
        if path.exists():
            with explained(path):
                text = path.read_text("utf-8")
            self.portfolios = self._read(text)

    def _read(self, text: str) -> list[Portfolio]:
        try:
            head, *rows = [json.loads(line) for line in text.splitlines()]
            portfolios = [
                Portfolio(
                    {str(name): int(year) for name, year in row["starts"].items()},
                    {(str(one), int(year)): float(part) for one, year, part in row["draws"]},
                )
                for row in rows
            ]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(
                f"{self.path}: holds no plans", hint="name a file that is not there"
            ) from error
        if head != self._head:
            raise DataError(
                f"{self.path}: holds plans of another question, graph or version",
                hint="name another file, or take this one away",
            )
        return portfolios

    def keep(self, portfolio: Portfolio) -> None:
        """Add a plan to the file."""
        self.portfolios.append(portfolio)
        rows = [self._head]
        for one in self.portfolios:
            draws = [[*key, part] for key, part in one.draws.items()]
            rows.append({"starts": dict(one.starts), "draws": draws})
        write_bytes(self.path, "".join(f"{json.dumps(row)}\n" for row in rows).encode())
