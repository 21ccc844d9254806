"""What one scenario does to a network, and in which years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """What one scenario does to a network."""

    name: str  #: the scenario with the values of its parameters
    years: tuple[int, ...]  #: years of the graph in which it changes something
    idle: tuple[str, ...] = ()  #: its changes that change nothing in any year, in words
    #: whether it changes charges, prices or caps alone, which a potential knows nothing of
    is_in_balance_only: bool = False

    def notes(self, year: int) -> tuple[str, ...]:
        """Return what a reader of an answer for a year must be told; nothing where it acts.

        Examples
        --------
        >>> Effect("licences", (2025, 2026)).notes(2024)
        ('licences begins in 2025 and changes nothing in 2024.',)
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
