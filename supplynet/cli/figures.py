"""The figures of ``supplynet draw``: what each is asked, and what it draws of the answer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

import supplynet as sn
from supplynet import terms
from supplynet.analysis.decisions.rows import Aimed
from supplynet.analysis.uncertainty.rows import Shared
from supplynet.cli import options, words
from supplynet.cli.asked import Asked, scenarios, search_seconds
from supplynet.cli.asking import asked_by, words_of
from supplynet.cli.console import Progress
from supplynet.cli.failing import end_unproved
from supplynet.cli.output import PictureFile, could_arrive
from supplynet.errors import OptionError
from supplynet.questions.declared import load

if TYPE_CHECKING:
    from supplynet.draw.mpl import Picture

Words = dict[str, Any]
#: what is asked of every draw for a picture of it, where it is no potential
_STUDIED = {"stability": "chokepoints"}
#: by name what makes the command: help of a figure loads no question of another
COMMANDS: dict[str, Callable[[], click.Command]] = {}
#: element of a figure that shows one
_ELEMENT = "Element, or basket. Default: the first of the graph's headline."


class Drawn(NamedTuple):
    """A figure, the answer that it is of, what is said beside its name, and states of searches."""

    figure: Picture
    of: object | None = None
    hint: str = ""
    statuses: tuple[str, ...] = ()


def _figure(*decorators: Any, tells: str = "Solving") -> Callable[[Callable[..., Drawn]], None]:
    """Declare a figure, called as its function: the options between its graph and its looks.

    The function gets the graph, how the figure looks, the progress, and what is asked.
    """

    def declare(draw: Callable[..., Drawn]) -> None:
        @functools.wraps(draw)
        def written(graph: str, file: PictureFile, **asked: Any) -> None:
            with Progress(tells, is_quiet=file.is_quiet) as progress:
                drawn = draw(graph, file.looks(), progress, **asked)
            file.write(drawn.figure, drawn.hint, of=drawn.of)
            end_unproved(drawn.statuses, is_quiet=file.is_quiet)

        COMMANDS[draw.__name__.strip("_")] = lambda: options.command()(
            options.apply_all((options.graph, *decorators, options.picture), written)
        )

    return declare


@_figure(
    options.question(element=_ELEMENT),
    options.choice(
        "--level",
        terms.DETAILS,
        "country",
        help="Whether a box is a country at a stage or a single plant.",
    ),
    options.option(
        "--top N",
        click.IntRange(min=1),
        "Boxes of a column that stand alone at the most: as many as can be read.",
    ),
    options.option(
        "--mark",
        words.Word(words.MARKS),
        "Frame the plants that are worst to lose together, or that no route can avoid.",
    ),
    options.option(
        "-k --k N", click.IntRange(min=0), "With --mark worst: how many may be lost. Default: 2."
    ),
    options.flag(
        "--single",
        "What is left alone, where something is shut, not before and after.",
        "is_single",
    ),
    options.drawn_model,
)
def layers(
    graph: str,
    looks: Words,
    progress: Progress,
    *,
    asked: Asked,
    mark: str | None,
    k: int | None,
    model: str,
    **shown: Any,
) -> Drawn:
    """Draw what could arrive from the ground to a nation.

    A column a stage, widths by tonnes. Where something is shut: with everything open and
    without, on one scale. A single picture, also that of plants, has the weakest link of each
    way in blue and what stops more in red; the bar at the nation is its demand, filled as far as
    each tier covers it.
    """
    if k is not None and mark != "worst":
        raise click.UsageError("-k goes with --mark worst")
    net = sn.load(graph)
    element = asked.one_element(net)
    result = could_arrive(net, asked, element, model)
    answer: Any = None
    if mark == "worst":
        progress.step("Searching", 0, 2)
        most: Words = {"k": 2 if k is None else k, "frontier": False}
        answer = sn.chokepoints.interdict(net, element=element, **most, **asked.words())
    elif mark == "unavoidable":
        answer = sn.chokepoints.unavoidable(net, element=element, **asked.words())
    progress.step("Drawing", 1, 2)
    figure = sn.draw.layers(net, result, mark=answer, **shown, **looks)
    return Drawn(figure, result, asked.choice(net, element))


@_figure(
    options.question(element=_ELEMENT),
    options.choice(
        "--region",
        words.REGIONS,
        "auto",
        help="Part of the world. auto: the smallest that shows the whole flow; pacific: the world "
        "with the Pacific in its middle.",
    ),
    options.choice(
        "--fill",
        words.FILLS,
        "dependence",
        help="What the color of a country stands for: the share of the flow that passes plants "
        "there, or the exact loss if they stop.",
    ),
    options.choice(
        "--level",
        terms.DETAILS,
        "country",
        help="Whether a marker is a country with all its stages, or a plant.",
    ),
    options.choice(
        "--sites", words.SITES, "carrying", help="Whether plants that carry nothing are drawn too."
    ),
    options.option(
        "--least SHARE",
        click.FloatRange(min=0.0, max=1.0, max_open=True),
        "Do not draw routes that carry less than this share of the flow.",
        default=0.01,
    ),
    options.flag(
        "--contested",
        "What ends up with --to when all nations buy at once, not what could with "
        "exclusive access. Colors are the part of its demand that a nation does not get.",
        "is_contested",
    ),
    options.choice(
        "--objective",
        terms.OBJECTIVES,
        "fair",
        help="How the supply is shared out, with --contested.",
    ),
    options.drawn_model,
)
def _map(
    graph: str,
    looks: Words,
    progress: Progress,
    *,
    asked: Asked,
    fill: str,
    is_contested: bool,
    objective: str,
    model: str,
    **shown: Any,
) -> Drawn:
    """Draw a flow on a map of the world.

    Plants by stage and status, routes as great circles with widths by tonnes, dashed where links
    are planned or merely possible. What would pass the avoided country lies in grey below it;
    what stops more from arriving is red.
    """
    net = sn.load(graph)
    element = asked.one_element(net)
    filled: Any = fill
    if is_contested:
        sites = shown["sites"]
        for option, value, other in (("--fill", fill, "loss"), ("--sites", sites, "all")):
            if value == other:
                raise OptionError(f"{option} {other} belongs to a potential, not to --contested")
        values = {**asked.words(), "objective": objective}
        del values["to"]
        result: Any = sn.allocate(net, **values)
        shown |= {"to": ",".join(asked.to), "element": element}
    else:
        result = could_arrive(net, asked, element, model)
        if fill == "loss":
            by: Words = {"by": "country", "model": model}
            filled = sn.chokepoints(net, element=element, **by, **asked.words())
    progress.step("Drawing", 1, 2)
    figure = sn.draw.world_map(net, result, fill=filled, **shown, **looks)
    return Drawn(figure, result, asked.choice(net, element))


@_figure(
    options.question(
        to="Only what ends up with these nations.",
        element="Elements whose tonnes are added up. Default: the first of the graph's headline.",
    ),
    options.against,
    options.objective,
    options.flag(
        "--potential",
        "What could arrive with exclusive access, not what all get.",
        "is_potential",
    ),
    options.drawn_model,
    options.order,
    options.top,
)
def sankey(
    graph: str,
    looks: Words,
    progress: Progress,
    *,
    asked: Asked,
    against: str | None,
    objective: str,
    is_potential: bool,
    model: str,
    **shown: Any,
) -> Drawn:
    """Draw who sends how much to whom, stage by stage.

    Contested tonnes, when all nations buy at once. What is lost, left over or goes back as
    scrap has boxes of its own.
    """
    net = sn.load(graph)
    if is_potential and not asked.to:
        raise OptionError("--potential needs a nation", hint="write for example --to KOR")
    several = asked.element and not is_potential
    elements = asked.elements(net) if several else [asked.one_element(net)]

    def solved(asking: Asked, near: Any = None) -> Any:
        """Return a balance, or what could arrive."""
        if is_potential:
            return could_arrive(net, asking, elements[0], model)
        # two balances count plants alike, so that they differ in what is asked alone
        values = {**asking.words(), "basis": None if against is None else "capacity"}
        del values["to"]
        return sn.allocate(net, objective=objective, near=near, **values)

    before = None
    if against is not None:
        progress.step("Solving what it is set against", 0, 3)
        before = solved(asked.before(against, asked.year_in(net)))
        progress.step("Solving", 1, 3)
    # near to what it is set against: what differs is an effect then, and not a tie
    answer = solved(asked, before)
    progress.step("Drawing", 2, 3)
    if not is_potential:
        shown |= {"element": elements, "to": ",".join(asked.to) or None}
    figure = sn.draw.sankey(answer, against=before, **shown, **looks)
    return Drawn(figure, answer, asked.choice(net, elements[0]))


@_figure(asked_by("outlook"))
def outlook(graph: str, looks: Words, _: Progress, **asked: Any) -> Drawn:
    """Draw what nations could cover, by tier and year.

    Bars of what is firm, being built and announced, each nation or bloc with exclusive access, with
    the range of the data.
    """
    declared = load("outlook")
    result = declared.ask(sn.load(graph), words_of(declared, asked))
    return Drawn(sn.draw.outlook(result, **looks), result)


@_figure(
    asked_by("run"),
    options.option(
        "--form FORM",
        words.Text("form", "--form magnet"),
        "Show only products of this form. Default: the first that is needed.",
    ),
)
def months(graph: str, looks: Words, _: Progress, *, form: str | None, **asked: Any) -> Drawn:
    """Draw what is served month by month through a shock.

    Columns of what arrives, what own stocks give and what is missing, the shock behind them, and
    the levels of own stocks below.
    """
    declared = load("run")
    result = declared.ask(sn.load(graph), words_of(declared, asked))
    shown = ",".join(asked["to"]) or None
    return Drawn(sn.draw.months(result, to=shown, form=form, **looks), result)


@_figure(
    options.option(
        "--nodes WHICH...",
        words.Selector("which", "--nodes refiner,!CHN"),
        "Plants that are shown. Default: all that are to come.",
    ),
    options.scenario,
    tells="Drawing",
)
def ramps(
    graph: str,
    looks: Words,
    _: Progress,
    *,
    nodes: tuple[str, ...],
    scenario: tuple[str, ...],
) -> Drawn:
    """Draw when plants start and how they fill.

    A bar for each plant that is under construction or planned, the fuller the darker.
    """
    net, inputs = sn.load(graph), scenarios(scenario)
    net = net.with_scenario(*inputs) if inputs else net
    return Drawn(sn.draw.ramps(net, nodes=",".join(nodes) or None, **looks))


@_figure(
    asked_by("plan", Aimed),
    options.choice(
        "--what",
        terms.PLAN_PICTURES,
        "gantt",
        help="What starts when, coverage against money, options against plans of little more "
        "cost, or what each option adds.",
    ),
    options.option(
        "--curve STEP",
        click.FloatRange(min=0.0, max=1.0),
        "Points of the curve are at least so far apart.",
        default=0.05,
    ),
    options.option(
        "--alternatives N",
        click.IntRange(min=1),
        "Other plans to look for, of the matrix.",
        default=12,
    ),
)
def plan(
    graph: str,
    looks: Words,
    progress: Progress,
    *,
    what: str,
    curve: float,
    alternatives: int,
    **asked: Any,
) -> Drawn:
    """Draw what to do, from when, and what it costs.

    Years of money and of tonnes by option, coverage against money with the ends of all costs,
    which options are in all plans that cost little more, or what each adds.
    """
    declared = load("plan")
    drawn = {
        "ranges": False,  # none is drawn, nor what options are there for
        "reasons": False,
        "steps": what == "waterfall",
        "curve": curve if what == "curve" else None,
        "alternatives": alternatives if what == "matrix" else 0,
    }
    with progress.telling():
        result = declared.ask(sn.load(graph), {**words_of(declared, asked), **drawn})
    text = result.hint.removeprefix("Note: ")
    return Drawn(sn.draw.plan(result, what=what, **looks), result, text)


@_figure(
    asked_by("uncertainty", Shared),
    options.choice(
        "--what",
        terms.STUDY_PICTURES,
        "exceedance",
        help="The years as a fan, the chance that a value is reached, what drives the spread, or "
        f"how often each chokepoint comes first. Of a fan that names none: {options.SOME_YEARS}.",
    ),
    options.option(
        "--of",
        words.Word(terms.DRAWN),
        "What is asked of every draw. Default: chokepoints for stability, else potential.",
    ),
    options.option(
        "--draws N",
        click.IntRange(min=1),
        "Draws at the most, rounded up to whole batches of 256, fewer to 32, 64 or 128.",
        default=512,
    ),
    tells="Drawing",
)
def sure(
    graph: str, looks: Words, progress: Progress, *, what: str, of: str | None, **asked: Any
) -> Drawn:
    """Draw how sure an answer is.

    Every figure behind it is drawn from what the graph says of it; the picture says how many draws
    there are and what they assume.
    """
    declared, net = load("uncertainty"), sn.load(graph)
    record = words_of(declared, {**asked, "of": of or _STUDIED.get(what, "potential")})
    years = record.setdefault("year", [])
    if what != "fan" and len(years) > 1:
        raise click.UsageError(
            f"a picture of {what} shows one year, not {', '.join(map(str, years))}; draw one "
            "for each, or --what fan, which shows them all"
        )
    from supplynet.network.scenario.years import present_and_later

    if what == "fan" and not years:
        years += sorted({*present_and_later(net), net.commodity.base_year})
    with progress.telling():
        study = declared.ask(net, {**record, "year": years or None})
    return Drawn(sn.draw.sure(study, what=what, **looks), study)


@_figure(options.question(avoid="required"))
def years(graph: str, looks: Words, progress: Progress, *, asked: Asked) -> Drawn:
    """Draw what could cover a nation's demand by year.

    A panel an element, a line a standing of links, with the range from the low to the high end
    of the data.
    """
    result = sn.bypass(sn.load(graph), element=asked.element_text, **asked.words())
    progress.step("Solving every year", 1, 2)
    return Drawn(sn.draw.years(result, **looks), result)


@_figure(
    options.question(
        to="Whose losses. Default: those of all nations together, when they buy at once.",
        element="Element, or basket, with --to. Default: the first of the graph's headline.",
    ),
    options.by(
        terms.CHOKEPOINTS,
        default="country",
        help="What is lost at once. Countries are drawn by where plants stand and by who owns "
        "them.",
    ),
    options.top,
    options.drawn_model,
    options.flag(
        "--ranges",
        "Draw the data range of each loss, with --to: every loss is solved at the low and at the "
        "high end of all figures too, three times the work.",
        "has_ranges",
    ),
)
def losses(
    graph: str,
    looks: Words,
    progress: Progress,
    *,
    asked: Asked,
    by: str,
    model: str,
    **shown: Any,
) -> Drawn:
    """Draw which losses cost most.

    What the loss of each plant or country alone costs of the coverage, as bars. Countries have two
    panels: by where plants stand, and by who owns them.
    """
    if shown["has_ranges"] and (not asked.to or by == "link"):
        raise click.UsageError("--ranges goes with --to, and not with --by link")
    net = sn.load(graph)
    element = asked.one_element(net)
    lenses = terms.LENSES if terms.LOSSES[by].has_two_sides else [asked.lens]
    rankings: list[Any] = []
    for done, lens in enumerate(lenses):
        progress.step("Solving", done, len(lenses) + 1)
        values = {**asked.words(), "by": by, "lens": lens}
        if asked.to:
            rankings.append(sn.chokepoints(net, element=element, model=model, **values))
        else:
            del values["to"]
            rankings.append(sn.chokepoints.disrupt(net, **values))
    beside = rankings[1] if len(rankings) > 1 else None
    figure = sn.draw.losses(rankings[0], beside=beside, **shown, **looks)
    return Drawn(figure, rankings[0], asked.choice(net, element) if asked.to else "")


@_figure(
    options.question(element=_ELEMENT),
    options.option("-k --k N", click.IntRange(min=1), "How many may be lost at most.", default=3),
    options.by(terms.ATTACKS, help="What is lost as one."),
    options.search_time_limit,
    options.drawn_model,
    tells="Searching",
)
def worst(
    graph: str,
    looks: Words,
    progress: Progress,
    *,
    asked: Asked,
    time_limit: float | None,
    model: str,
    **attack: Any,
) -> Drawn:
    """Draw what is still covered when the worst few are lost.

    The worst losses for every number from none on, proved, with their names beside the line. By
    the balance all products count together, and no element is asked for.
    """
    if model == "balance" and asked.element:
        raise OptionError(
            "--element goes with --model flow", hint="by the balance all products count together"
        )
    net = sn.load(graph)
    attack["time_limit"] = search_seconds(time_limit, net, is_quiet=progress.is_quiet)
    element = asked.one_element(net) if model == "flow" else None
    result = sn.chokepoints.interdict(net, element=element, model=model, **attack, **asked.words())
    progress.step("Drawing", 1, 2)
    hint = asked.choice(net, element) if element else ""
    return Drawn(sn.draw.worst(result, **looks), result, hint, (result.status,))


@_figure(
    options.question(),  # as supplynet trace has it
    options.option(
        "--exposed-to WHAT...",
        words.Selector("what", "--exposed-to CHN"),
        "Whose plants are looked for.",
        required=True,
    ),
    options.against,
    click.option(
        "--objective",
        type=words.Word(terms.TRACED),
        default=None,
        help="How the balance is shared out, as in supplynet trace. Default: measured for a year "
        "whose flows were calibrated, with nothing avoided or assumed and without --against; else "
        "fair.",
    ),
)
def dependence(
    graph: str,
    looks: Words,
    progress: Progress,
    *,
    asked: Asked,
    exposed_to: tuple[str, ...],
    against: str | None,
    objective: str | None,
) -> Drawn:
    """Draw which part of a nation's supply touched a jurisdiction.

    A pair of dots an element: what came last from there and what had passed there at some step,
    or the latter before and after, with --against.
    """
    net = sn.load(graph)
    whose: Words = {"exposed_to": ",".join(exposed_to), "element": asked.element_text}
    whose["objective"] = objective if against is None else objective or "fair"
    answer, before = sn.trace(net, **whose, **asked.words()), None
    if against is not None:
        progress.step("Solving what it is set against", 1, 3)
        other = asked.before(against, answer.balance.question.year)
        before = sn.trace(net, **whose, **other.words())
        # what differs is an effect then, and not a tie
        answer = sn.trace(net, near=before.balance, **whose, **asked.words())
    progress.step("Drawing", 2, 3)
    return Drawn(sn.draw.dependence(answer, against=before, **looks), answer)


@_figure(
    options.option(
        "--element NAME...",
        words.Element("element", "--element Dy,Tb"),
        "Element. Default: the whole mix.",
    ),
    options.year,
    options.basis,
    options.floors,
    options.scenario,
)
def concentration(
    graph: str,
    looks: Words,
    _: Progress,
    *,
    element: tuple[str, ...],
    scenario: tuple[str, ...],
    **asked: Any,
) -> Drawn:
    """Draw how concentrated each stage is.

    Herfindahl-Hirschman indices by where plants stand and by who owns them, with the largest.
    """
    net, names = sn.load(graph), scenarios(scenario)
    name = Asked(element=element).one_element(net) if element else None
    result = sn.indices(net, element=name, scenario=names or None, **asked)
    net = net.with_scenario(*names) if names else net
    return Drawn(sn.draw.concentration(result, net=net, **looks), result)
