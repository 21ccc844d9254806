"""What one scenario does to a network, and in which years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

#: what some answers alone count: the tables by what to call them, and the answers that do
COUNTED_BY: Mapping[str, tuple[frozenset[str], str]] = MappingProxyType(
    {
        "charges or prices": (frozenset({"charges", "prices"}), "a balance by cost or price"),
        "caps": (frozenset({"caps"}), "a balance"),
    }
)
#: what counts in an answer of what: a maximum flow or potential, a balance, a balance in money
COUNTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "potential": frozenset(),
        "balance": frozenset({"caps"}),
        "money": frozenset(COUNTED_BY),
    }
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What one scenario does to a network."""

    name: str  #: the scenario with the values of its parameters
    years: tuple[int, ...]  #: years of the graph in which it changes something
    idle: tuple[str, ...] = ()  #: its changes that change nothing in any year, in words
    #: years in which it changes what some answers alone count, by the names of COUNTED_BY
    special: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def notes(self, year: int, counts: str = "money") -> tuple[str, ...]:
        """Return what a reader of an answer for a year must be reported; nothing where it acts.

        Parameters
        ----------
        counts : {"potential", "balance", "money"}
            What the answer is of, which says what of the scenario counts in it.

        Examples
        --------
        >>> Effect("licences", (2025, 2026)).notes(2024)
        ('licences begins in 2025 and changes nothing in 2024.',)
        >>> Effect("duty", (2025,), special={"charges or prices": (2025,)}).notes(2025, "balance")
        ('duty changes charges or prices in 2025: only a balance by cost or price counts these.',)
        """
        notes = [f"{self.name}: {change} changes nothing." for change in self.idle if self.years]
        if not self.years:
            return (f"{self.name} changes nothing in any year of the graph.",)
        if year not in self.years:
            when = (
                f"begins in {self.years[0]} and"
                if year < self.years[0]
                else f"ends in {self.years[-1]} and"
                if year > self.years[-1]
                else f"acts in {spelled(self.years)} and"
            )
            notes.insert(0, f"{self.name} {when} changes nothing in {year}.")
        for what, years in self.special.items():
            if year in years and what not in COUNTS[counts]:
                who = COUNTED_BY[what][1]
                notes.append(f"{self.name} changes {what} in {year}: only {who} counts these.")
        return tuple(notes)


def spelled(years: Iterable[int]) -> str:
    """Return years in words, runs of them by their ends.

    Examples
    --------
    >>> spelled([2025, 2028, 2029, 2030])
    '2025, 2028 to 2030'
    """
    runs_of: list[list[int]] = []
    for year in sorted(years):
        if runs_of and year == runs_of[-1][-1] + 1:
            runs_of[-1].append(year)
        else:
            runs_of.append([year])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs_of)
