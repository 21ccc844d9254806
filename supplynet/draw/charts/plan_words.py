"""The words around the pictures of a plan: what was asked, what it costs, and what colors mean."""

from __future__ import annotations

from supplynet.analysis.decisions.result import PlanResult
from supplynet.draw.sheet import Entry, Words, words_of
from supplynet.draw.style import ACCENT, INK, MUTED, PAPER, SECOND
from supplynet.text import million_usd, share

#: options and plans that a picture has room for
MOST_ROWS, MOST_COLUMNS = 24, 20
#: opacity of years in which money is spent and nothing comes, and of the ends of costs
WAITING, BAND = 0.45, 0.2
#: coverage below which an option adds nothing
LITTLE = 5e-4


def entries_of(what: str) -> list[Entry]:
    """Return what colors mean in a picture of a plan."""
    return {
        "gantt": [
            Entry("money is spent, nothing comes yet", fill=SECOND, opacity=WAITING),
            Entry("what it gives is there", fill=ACCENT, opacity=0.9),
            Entry("first year of the target", stroke=INK, dash=(4.0, 2.5), width=1.2, is_line=True),
        ],
        "curve": [
            Entry("least cost, million USD", stroke=ACCENT, width=2.0, is_line=True),
            Entry("from the low to the high end of costs", fill=ACCENT, opacity=BAND),
        ],
        "matrix": [
            Entry("in the plan, and in every one within 10%", fill=ACCENT, opacity=0.95),
            Entry("in the plan", fill=ACCENT, opacity=0.4),
        ],
        "waterfall": [
            Entry("there with nothing chosen", fill=SECOND, opacity=WAITING),
            Entry("what an option adds to all above it", fill=ACCENT, opacity=0.9),
            Entry("enables a later one", fill=PAPER, stroke=MUTED, width=1.2, is_dot=True),
            Entry("target", stroke=INK, dash=(4.0, 2.5), width=1.2, is_line=True),
        ],
    }[what]


def about(result: PlanResult, what: str, n_rows: int) -> Words:
    """Return the words around a picture of a plan, of whose rows so many are drawn."""
    asked = result.question
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    aim = f"{result.target} from {result.by}" if result.objective == "cost" else f"{result.by}"
    ends = f"{result.cost_low:,.0f} to {result.cost_high:,.0f}"
    figures = f"{share(result.coverage)} in the worst year to {result.until}"
    if what == "curve":
        last = result.curve[-1]
        aim = f"what coverage from {result.by} costs"
        ends = f"{last.cost_low:,.0f} to {last.cost_high:,.0f}"
        found = f"{share(last.coverage)} for {million_usd(last.cost)} ({ends})"
        figures = f"{share(result.curve[0].coverage)} for {result.curve[0].cost:,.0f}; "
        figures += "no plan covers more for its money"
    elif what == "matrix":
        n_must = sum(row.within_10 == "in all" for row in result.options)
        n_none = sum(row.within_10 == "in none" for row in result.options)
        found = f"{n_must} of {result.n_offered} options are in every plan within 10%"
        n_drawn = min(len(result.alternatives), MOST_COLUMNS)
        plans = "one plan of" if n_drawn == 1 else f"{n_drawn} plans from"
        figures = f"{plans} {million_usd(result.cost)}{'' if n_drawn == 1 else ' on'}; "
        drawn = result.alternatives[:MOST_COLUMNS]
        n_full = sum(
            row.within_10 != "in all" and all(row.option in plan.options for plan in drawn)
            for row in result.options
        )
        if n_full:
            found += f", {n_full} more in all {n_drawn} that are drawn"
        figures += f"{n_none} options are in none, those in most are drawn"
    elif what == "waterfall":
        adding = [row for row in result.added if row.added > LITTLE]
        end = next(row for row in result.years if row.year == result.until)
        aim = f"what each option adds in {result.until}"
        found = f"from {share(end.before)} to {share(end.coverage)} for {result.cost:,.0f} "
        found += "million USD"
        figures = f"{len(adding)} of {len(result.added)} options raise coverage when they start"
        if len(adding) < len(result.added):
            figures += "; those marked 'enables' add nothing before a later one that needs them"
        if n_rows < len(result.added):
            figures += f"; the first {n_rows} are drawn"
    else:
        n_chosen = len(result.chosen)
        found = f"{n_chosen} of {result.n_offered} options for {million_usd(result.cost)}"
        found += f" ({ends})"
        if n_chosen > n_rows:
            figures += f"; the first {n_rows} of {n_chosen} options are drawn"
    return words_of(
        asked.net,
        result.provenance,
        result.by,
        f"{asked.to_name}{without}, {aim}:",
        found,
        figures,
        "Potentials, as if it alone drew on the network; costs are worth of "
        f"{result.begin}, {share(result.assumed_share)} of them estimates. "
        f"By itself comes what counts on {asked.counted}.",
    )
