"""``supplynet draw sankey``: tonnes between countries, alone or before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


@options.command()
@options.graph
@options.question(
    to="Only what ends up with these nations.",
    element="Elements whose tonnes are added up. Default: the first of the graph's headline.",
)
@options.against
@options.objective
@options.flag(
    "--potential",
    "What could arrive if the nation had the network to itself, not what all get.",
    "is_potential",
)
@options.drawn_model
@options.order
@options.top
@options.picture
def command(
    graph: str,
    asked: Asked,
    against: str | None,
    objective: str,
    is_potential: bool,
    model: str,
    order: str,
    top: int | None,
    target: PictureFile,
) -> None:
    """Draw who sends how much to whom, stage by stage.

    Contested tonnes, when all nations draw at once. What is lost, left over or goes back as
    scrap has boxes of its own.
    """
    with Progress("Solving", is_quiet=target.is_quiet) as progress:
        from supplynet.draw import sankey
        from supplynet.errors import OptionError
        from supplynet.io.load import load

        net = load(graph)
        if is_potential and not asked.to:
            raise OptionError("--potential needs a nation", hint="write for example --to KOR")
        several = asked.element and not is_potential
        elements = asked.elements(net) if several else [asked.one_element(net)]
        # two balances count plants alike, so that they differ in what is asked alone
        ways: dict[str, Any] = {
            "is_potential": is_potential,
            "model": model,
            "basis": None if against is None else "capacity",
        }
        before = None
        if against is not None:
            progress.step("Solving what it is set against", 0, 3)
            other = asked.before(against, asked.year_in(net))
            before = _solve(net, other, elements[0], objective, **ways)
            progress.step("Solving", 1, 3)
        # near to what it is set against: what differs is an effect then, and not a tie
        answer = _solve(net, asked, elements[0], objective, near=before, **ways)
        progress.step("Drawing", 2, 3)
        figure = sankey(
            answer,
            against=before,
            element=None if is_potential else elements,
            to=None if is_potential else ",".join(asked.to) or None,
            order=order,
            top=top,
            **target.looks(),
        )
    target.write(figure, asked.choice(net, elements[0]), of=answer)


def _solve(
    net: SupplyNetwork,
    asked: Asked,
    element: str,
    objective: str,
    *,
    is_potential: bool,
    model: str,
    basis: str | None,
    near: Any = None,
) -> Any:
    """Return a balance, or what could arrive."""
    given = asked.words()
    if is_potential:
        from supplynet.cli.picture import could_arrive

        return could_arrive(net, asked, element, model)
    from supplynet.analysis.balance import balance

    del given["to"]
    return balance(net, objective=objective, basis=basis, near=near, **given)
