"""What scenarios change of what nations get, and whether the data let it be seen in a year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.scenario_sides import BASE
from supplynet.analysis.time.periods import AT
from supplynet.network.countries import country_name
from supplynet.network.months import SPAN
from supplynet.present.words import in_sentence
from supplynet.text import share, share_range

if TYPE_CHECKING:
    from supplynet.analysis.scenarios_result import ContestedRow, ScenariosResult

#: changes of a coverage below this are none
_SAME = 5e-4


def verdict(
    result: ScenariosResult, ends: Mapping[tuple[str, str, str], tuple[float, float]]
) -> str:
    """Return what each scenario takes or gives against the base, or that the data hide it.

    A change is hidden where each of both coverages lies within the data range of the other.
    Empty where nothing is compared with the base, or who gets what is not decided.
    """
    base = {(row.nation, row.form): row for row in result.contested if row.case == BASE}
    sentences, hidden = [], list[str]()
    for case in result.cases:
        rows = [row for row in result.contested if row.case == case]
        if case == BASE or not base or not all(row.is_decided for row in (*rows, *base.values())):
            continue
        parts = []
        for row in rows:
            told, is_hidden = _change(result, base[row.nation, row.form], row, ends)
            parts.append(told)
            hidden += [case] if is_hidden else []
        sentences.append(f"Under {case} {'; '.join(parts)}.")
    if hidden:
        sentences.append(_by_month(result, hidden[0]))
    return " ".join(sentences)


def _change(
    result: ScenariosResult,
    base: ContestedRow,
    row: ContestedRow,
    ends: Mapping[tuple[str, str, str], tuple[float, float]],
) -> tuple[str, bool]:
    """Return the change of one coverage in words, and whether the data range hides it."""
    net = result.question.net
    form = in_sentence(net.form_by_name[row.form].title)
    who = country_name(net.node(row.nation).country, net.commodity.areas)
    change = row.coverage - base.coverage
    if abs(change) < _SAME:
        return f"{who} gets as much {form}", False
    points = share(abs(change)).removesuffix("%")
    text = f"{who} gets {points} points {'less' if change < 0.0 else 'more'} of its {form}"
    low, high = ends.get((base.case, row.nation, row.form), (base.coverage, base.coverage))
    least, most = ends.get((row.case, row.nation, row.form), (row.coverage, row.coverage))
    is_hidden = low <= row.coverage <= high and least <= base.coverage <= most
    if is_hidden:
        text += f", which the data range ({share_range(min(low, least), max(high, most))}) hides"
    return text, is_hidden


def _by_month(result: ScenariosResult, case: str) -> str:
    """Return the question that shows what a year hides."""
    question = result.question
    text = "A yearly mean hides a stop"
    if case not in question.net.scenarios:
        return f"{text}."
    months = f"{question.year}-01{SPAN}{question.year}-12"
    text += f"; by month: supplynet shock --shock {case}{AT}{months} --to {question.to}"
    if question.net.rows("replays"):
        text += ", or shock replay"
    return f"{text}."
