"""The lists of what a question may name, on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import RunCli


def test_a_name_is_shown_as_what_it_stands_for(run_cli: RunCli) -> None:
    several = run_cli("graph show", "rare-earths", "Lynas")
    assert "kuantan-lamp" in several.stdout
    assert "mt-weld" in several.stdout
    assert run_cli("graph show", "rare-earths", "LAMP").stdout.startswith("Lynas Malaysia (LAMP)")


def test_entries_for_programs(run_cli: RunCli) -> None:
    done = run_cli("graph find", "rare-earths", "Lynas", "--format", "json")
    assert {"kind", "word", "name", "detail"} == set(json.loads(done.stdout)["entries"][0])


def test_a_name_that_nothing_has(run_cli: RunCli) -> None:
    done = run_cli("graph find", "tutorial", "Atlantis")
    assert done.returncode == 2
    assert "nothing in tutorial is called 'Atlantis'" in done.stderr


def test_a_list_without_a_table_is_refused_as_csv(run_cli: RunCli) -> None:
    done = run_cli("graph scenarios", "tutorial", "--format", "csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the answer has no table: write it as text or JSON" in done.stderr
