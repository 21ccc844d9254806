"""The words around a Sankey diagram."""

from __future__ import annotations

from collections.abc import Sequence

from supplynet.analysis.balance.outcome import CONTESTED
from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.analysis.exposure.streams import Streams
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.analysis.question import selector_name
from supplynet.analysis.undecided import NOT_DECIDED
from supplynet.draw.answer import most_of
from supplynet.draw.frame import alone_of
from supplynet.draw.sheet import Words, without, words_of
from supplynet.draw.streams.ledger import Ledger, Potential
from supplynet.draw.words import as_drawn, spelled
from supplynet.terms import TRACED
from supplynet.text import plain, share, tonnes


def headings(results: Sequence[SolvedBalance | Potential]) -> list[str]:
    """Return what stands above each panel: by what it differs from the others."""
    if len(results) == 1:
        return [""]
    parts: list[list[str]] = []
    for result in results:
        question = result.question
        shut = f"without {question.avoid_name}" if question.avoid else "with everything open"
        scenario = f"with {', '.join(question.net.applied)}" if question.net.applied else ""
        texts = [f"{question.year}", shut, scenario, question.counted]
        if isinstance(result, SolvedBalance):
            texts.append(TRACED[result.objective].label)
        parts.append(texts)
    differing = [
        position
        for position in range(len(parts[0]))
        if len({member[position] for member in parts}) > 1
    ]
    names = [", ".join(entry[index] for index in differing if entry[index]) for entry in parts]
    if parts[0][2] != parts[1][2]:
        names = [text or "as it is" for text in names]
    return [
        f"{when}: {text}" if text else when
        for when, text in zip(("Before", "After"), names, strict=True)
    ]


def words(
    results: Sequence[SolvedBalance | Potential],
    streams: Sequence[Streams],
    to: str | None,
    ledgers: Sequence[Ledger] = (),
    *,
    is_brief: bool = False,
) -> Words:
    """Return the message of a Sankey diagram, how to read it and where it comes from.

    Parameters
    ----------
    ledgers : sequence of Ledger, optional
        Where they say what is not decided, the message does.
    is_brief : bool
        Whether what a potential could bring of the element is left out, a program more.
    """
    last, ours = results[-1], streams[-1]
    question, net = last.question, last.question.net
    what = " and ".join(map(spelled, ours.elements))
    who = (
        question.to_name
        if not isinstance(last, SolvedBalance)
        else selector_name(net, to)
        if to
        else ""
    )
    but = without(question) if len(results) == 1 else ""
    years = dict.fromkeys(str(entry.question.year) for entry in results)
    subject = f"{who}{but}, {what}" if who else f"{what}{but}"
    if isinstance(last, SolvedBalance):
        subject += " when all buy at once"
    head = f"{subject[:1].upper()}{subject[1:]}, {' and '.join(years)}:"
    verb = "served" if isinstance(last, SolvedBalance) else "could arrive"
    if isinstance(last, SolvedPotential) and is_brief:
        verb = "arrive as drawn"
    most = [
        most_of(result, ours.elements[0])
        if isinstance(result, SolvedPotential) and not is_brief
        else None
        for result in results
    ]
    undecided = [_undecided(ledgers, position) for position in range(len(streams))]
    parts = [
        f"{NOT_DECIDED}: {' of '.join(stated)}" if stated else _of_need(stream, figure)
        for stated, stream, figure in zip(undecided, streams, most, strict=True)
    ]
    if len(streams) == 1:
        text = parts[0] if undecided[0] else _single(ours, most[0], verb)
    elif undecided[0] and undecided[1]:
        (before, need), (after, then) = undecided[0], undecided[1]
        if need != then:  # else it is said once
            after = f"{after} of {then}"
        text = f"{verb} before: {before} of {need}, after: {after}; {NOT_DECIDED}"
    else:
        text = f"{verb} before: {parts[0]}; after: {parts[1]}"
    figures, meaning = _figures(results, streams, to), _meaning(last, ours, to)
    return words_of(question, last.provenance, head, text, figures, meaning)


def _undecided(ledgers: Sequence[Ledger], position: int) -> tuple[str, str] | None:
    """Return which part of its need the only nation of a panel gets, and that need, in words.

    None where the part is decided.
    """
    if not ledgers:
        return None
    asking = [stop for stop in ledgers[position].stops.values() if stop.need]
    if len(asking) != 1 or asking[0].is_decided or asking[0].span is None:
        return None
    need = asking[0].need
    low, high = (min(1.0, end / need) for end in asking[0].span)
    return f"{share(low)} to {share(high)}", f"the {tonnes(need)} t needed"


def _single(streams: Streams, most: float | None, verb: str) -> str:
    """What arrives or, where that is known, the most that could, of what is needed."""
    served, need = sum(streams.served.values()), sum(streams.needed.values())
    got = served if most is None else most
    if verb == "served":  # richer grades bring more of an element than is asked for
        got = min(got, need or got)
    drawn = list(filter(None, [as_drawn(served, got)]))
    if not 0 < need < float("inf") or got > need:
        more = f", more than the {tonnes(need)} t needed" if got > need > 0 else ""
        return f"{tonnes(got)} t {verb}{more}{''.join(f' ({name})' for name in drawn)}"
    verb = f"are {verb}" if verb == "served" else verb
    piece = "; ".join([share(got / need), *drawn])
    return f"{tonnes(got)} of the {tonnes(need)} t needed {verb} ({piece})"


def _of_need(streams: Streams, most: float | None) -> str:
    """The same where there are two."""
    got, need = sum(streams.served.values()) if most is None else most, sum(streams.needed.values())
    if not 0 < need < float("inf"):
        return f"{tonnes(got)} t"
    if got > need:
        return f"{tonnes(got)} t ({tonnes(need)} t needed)"
    return f"{tonnes(got)} of {tonnes(need)} t ({share(got / need)})"


def _figures(
    results: Sequence[SolvedBalance | Potential], streams: Sequence[Streams], to: str | None
) -> str:
    last = results[-1]
    if not isinstance(last, SolvedBalance):
        sentence = alone_of(last.question, isinstance(last, SolvedPotential))
        if len(streams) > 1 and isinstance(last, SolvedPotential):
            before, after = (tonnes(sum(stream.served.values())) for stream in streams)
            sentence += f": {before} t before, {after} t after"
        return plain(sentence)
    if len(results) > 1:  # what each panel shows is not said once more
        return plain(f"Contested, {CONTESTED}{_apart(streams, last)}")
    sums = []
    stages = last.question.net.stages
    begun = " and ".join(
        stage.plural[:1].lower() + stage.plural[1:] for stage in stages if stage.is_origin
    )
    for name, text in (
        ("mined", f"from {begun}"),
        ("lost", "lost on the way"),
        ("surplus", "left over"),
    ):
        amount = sum(getattr(streams[0], name).values())
        if amount and not to:
            sums.append(f"{text} {tonnes(amount)} t")
    return plain(f"Contested, {CONTESTED}" + (f": {', '.join(sums)}" if sums else ""))


def _apart(streams: Sequence[Streams], last: SolvedBalance) -> str:
    """Return whose demand counts in one of two panels alone: shares are of different sums then."""
    net = last.question.net
    texts = []
    for when, ours, theirs in zip(("before", "after"), streams, streams[::-1], strict=True):
        alone = {name: need for name, need in ours.needed.items() if name not in theirs.needed}
        if alone:
            names = " and ".join(net.node(text).name for text in sorted(alone))
            texts.append(
                f"the demand of {names}, {tonnes(sum(alone.values()))} t, counts {when} only"
            )
    return f"; {'; '.join(texts)}" if texts else ""


def _meaning(last: SolvedBalance | Potential, ours: Streams, to: str | None) -> str:
    links = last.question.counted
    if isinstance(last, SolvedPotential):
        text = f"{ours.unit} that arrive in products, after every loss, on {links}."
    elif not isinstance(last, SolvedBalance):
        text = f"{ours.unit} that arrive, on {links}: a maximum flow, one of possibly many."
    elif to:
        text = (
            f"{ours.unit} that end up there, on {links}, "
            f"{TRACED[last.objective].caption}; where routes part each takes of the mix. "
            f"{_chosen(last)}"
        )
    else:
        text = (
            f"{ours.unit} as they leave each stage, on {links}, "
            f"{TRACED[last.objective].caption}. {_chosen(last)}"
        )
    return text


def _chosen(last: SolvedBalance) -> str:
    """Return which of all answers that are as good is drawn."""
    return f"Of all that are as good, nearest to {last.provenance.options['nearest_to']}."
