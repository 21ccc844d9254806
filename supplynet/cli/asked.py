"""What a command was asked: the shared options as the keywords of the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from supplynet.cli.console import say_behind

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario


#: stands for no scenario
BASE = "base"


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a question as they were written."""

    #: to, avoid, via, element: each part may hold several, joined by commas
    to: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    element: tuple[str, ...] = ()
    year: int | None = None
    lens: str = "location"
    links: str | None = None
    plants: str | None = None
    tier: str | None = None
    scenario: tuple[str, ...] = ()  #: names of the graph's scenarios, or paths of TOML files
    years: tuple[int, ...] = ()  #: where several may be asked for; `year` is the first of them
    #: several that are answered one by one; `year` is the one being answered
    each_year: tuple[int, ...] = ()

    def words(self) -> dict[str, Any]:
        """Return the keywords that every analysis takes, but for the element."""
        return {
            "to": ",".join(self.to),
            "avoid": ",".join(self.avoid) or None,
            "year": self.year,
            "lens": self.lens,
            "links": self.links,
            "plants": self.plants,
            "tier": self.tier,
            "scenario": scenarios(self.scenario) or None,
        }

    @property
    def via_text(self) -> str | None:
        """The value of ``via=``."""
        return ",".join(self.via) or None

    @property
    def element_text(self) -> str | None:
        """The value of ``element=``."""
        return ",".join(self.element) or None

    def elements(self, net: SupplyNetwork) -> list[str]:
        """Return the elements asked for, by default those that a report leads with."""
        from supplynet.network.units import elements_of

        return elements_of(net, self.element_text)

    def year_in(self, net: SupplyNetwork) -> int:
        """Return the year of the answer, which scenarios may have moved from that of today."""
        from supplynet.network.scenario.years import default_year

        if self.year is not None:
            return self.year
        return default_year(net.with_scenario(*scenarios(self.scenario)))

    def before(self, against: str, year: int) -> Asked:
        """Return the same question as it is set against: with another scenario, nothing avoided.

        `against` is a scenario or :data:`BASE` for none; scenarios may have moved the year of the
        answer from that of today.
        """
        names = () if against == BASE else (against,)
        return replace(self, avoid=(), scenario=names, year=year)

    def one_element(self, net: SupplyNetwork) -> str:
        """Return the element asked for, by default the first that a report leads with.

        Of one word for several, such as a basket, it is the first. Several are an OptionError.
        """
        from supplynet.errors import OptionError

        elements = self.elements(net)
        if len(elements) > 1 and ("," in (self.element_text or "")):
            raise OptionError(
                f"a figure shows one element, not {', '.join(elements)}",
                hint="draw one figure for each",
            )
        return elements[0]

    def choice(self, net: SupplyNetwork, element: str) -> str:
        """Return what to say of an element that was chosen for the reader; empty if it was not."""
        others = [name for name in self.elements(net) if name != element]
        if len(self.element) == 1 and others and "," not in self.element[0]:
            return (
                f"{element} of {self.element_text}; the others by --element {' or '.join(others)}"
            )
        if self.element or len(net.commodity.elements) == 1:
            return ""
        return f"{element}; choose another by --element"


def with_ranges(options: Mapping[str, Any], *, wants_all: bool) -> dict[str, Any]:
    """Return options that say whether ranges are worked out: where all is wanted, but no minutes.

    Examples
    --------
    >>> with_ranges({"ranges": None, "delays": False}, wants_all=True)
    {'ranges': True, 'delays': False}
    """
    if options["ranges"] is not None:
        return dict(options)
    has_delays = options.get("delays", False)
    if has_delays and wants_all:
        say_behind(
            "Note: With goods on the way ranges take minutes and are left out; give --ranges."
        )
    return {**options, "ranges": wants_all and not has_delays}


def search_seconds(value: float | None, net: SupplyNetwork, *, is_quiet: bool) -> float | None:
    """Return the seconds after which a search stops; a limit that nobody gave is reported."""
    from supplynet import limits

    n_links = len(net.edge_rows)
    seconds = limits.search_seconds(value, n_links)
    if seconds is not None and value is None and not is_quiet:
        say_behind(
            f"Note: A search of {n_links:,} links stops after {seconds:g} s; --time-limit allows "
            "more."
        )
    return seconds


def keywords(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options of a command as the library takes them.

    Selectors that were given one by one are one text, scenarios in files are read, and what was
    not given is None.

    Examples
    --------
    >>> keywords({"avoid": ("CHN", "RUS"), "scenario": (), "year": 2030})
    {'avoid': 'CHN,RUS', 'scenario': None, 'year': 2030}
    """
    record = {
        name: (",".join(value) or None) if isinstance(value, tuple) else value
        for name, value in options.items()
    }
    if "scenario" in options:
        record["scenario"] = scenarios(options["scenario"]) or None
    return record


def scenarios(words: tuple[str, ...]) -> list[str | Scenario]:
    """Return scenarios by name as they are, those in files read; a DataError for what is none."""
    from supplynet.network.scenario.scenario import scenario_list

    return scenario_list(words)
