"""Sankey diagrams: tonnes by country and stage, one panel or two on one scale, or upright."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.draw.answer import named_element, plan_of
from supplynet.draw.figure import picture
from supplynet.draw.place import Item, Run, pad
from supplynet.draw.scene import Box, Label, Scene, Shape, rectangle
from supplynet.draw.sheet import LINE
from supplynet.draw.streams import words as wording
from supplynet.draw.streams.ledger import SCRAP, Potential, streams_of, total
from supplynet.draw.streams.painter import Drawn, Painter, Streamed, View
from supplynet.draw.streams.panel import Fill, Panel
from supplynet.draw.style import FAINT, INK, MUTED, Size, find_size
from supplynet.draw.words import ELLIPSIS, fit, text_width, wrap
from supplynet.errors import OptionError
from supplynet.questions.contested import AllocateResult
from supplynet.questions.potential import PotentialResult
from supplynet.text import plain
from supplynet.text import tonnes as number

#: lines of words below a box at the most: name, tonnes, need
LINES = 3
#: lines of words that a way takes where it turns back
TURN = 1.2
#: opacity of the ground of words, and room between the names of stages and their rows, points
_PALE, _APART = 0.16, 6.0


class UprightPanel(Panel):
    """A panel whose stages are rows: it is reckoned lying and turned when it is drawn.

    What runs to the right in a panel runs down here, and what is a height is a width. Words stand
    below their box, so that a row is as wide as its words, and streams begin below them.
    """

    is_behind = True

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.widths: dict[str, float] = {}

    def write(self, letters: float, _rooms: Sequence[float] = ()) -> None:
        """Set the words of every box in lines of their own: its name, its tonnes, its demand."""
        self.letters, self.rows = letters, {}
        for key, stop in self.ledger.stops.items():
            about = "~" if stop.is_estimated else ""
            lines = [Run(stop.brief or stop.title, INK, is_bold=True)]
            lines.append(Run(f"{about}{number(stop.through)} t", INK))
            if stop.need:
                lines.append(Run(f"of {number(stop.need)} t", MUTED))
            self.rows[key] = [[entry] for entry in lines]
        for key, amount in self.residual.items():
            name = self._title(key).split(" ")[-1]
            self.rows[key] = [[Run(name, MUTED)], [Run(f"{number(amount)} t", MUTED)]]
        self.widths = {
            key: max(text_width(run.text, letters, is_bold=run.is_bold) for (run,) in rows)
            for key, rows in self.rows.items()
        }
        if self.backs:
            wide = max(text_width(line, letters) for line in self.told_back())
            self.widths[f"{self.farthest}~8~{SCRAP}"] = wide

    def bulge(self, width: float) -> float:
        """Return how far a way reaches where it turns back: no farther than two lines of words."""
        return min(super().bulge(width), TURN * LINE * self.letters)

    def below(self) -> list[float]:
        """Return how far below its boxes the words of each row reach: none below the last."""
        lines = [0] * (self.last + 1)
        for key, rows in self.rows.items():
            lines[self.column[key]] = max(lines[self.column[key]], len(rows))
        return [n * LINE * self.letters + 0.5 * pad(self.letters) for n in lines[:-1]] + [0.0]

    def items(self, line: float) -> list[Item]:
        """What takes room in a row: words count by their width."""
        return [
            replace(entry, label_height=self.widths[entry.key], is_headed=False)
            if entry.key in self.widths
            else entry
            for entry in super().items(line)
        ]

    def shapes(self, prefix: str, fill: Fill, *asked: Any) -> Iterator[Shape]:
        """Yield streams and what is not served, turned."""
        yield from self._grounds(prefix, fill)
        for shape in super().shapes(prefix, fill, *asked):
            steps = tuple(
                (letter, tuple((down, across) for across, down in points))
                for letter, points in shape.path
            )
            yield replace(shape, path=steps)

    def _grounds(self, prefix: str, fill: Fill) -> Iterator[Shape]:
        """Yield what joins each box to the streams below its words, paler than any of them."""
        for key in self.rows:
            position, stop = self.layout.places[key], self.ledger.stops.get(key)
            top = self.x(self.column[key]) + self.box
            yield Shape(
                f"{prefix}{key}:ground",
                rectangle(position.top, top, position.height, self.zones[self.column[key]]),
                "ground",
                fill=fill(stop) if stop else FAINT,
                opacity=_PALE,
            )

    def boxes(self, *shown: Any) -> Iterator[Box]:
        """Yield a box for each country at a stage, turned."""
        for box in super().boxes(*shown):
            yield replace(box, x=box.y, y=box.x, width=box.height, height=box.width)

    def labels(self) -> Iterator[Label]:
        """Yield the words of boxes below them, about their middle."""
        line = LINE * self.letters
        for key, rows in sorted(self.rows.items()):
            position = self.layout.places[key]
            middle = position.top + position.height / 2
            top = self.x(self.column[key]) + self.box + 0.5 * pad(self.letters)
            for down, (run,) in enumerate(rows):
                yield Label(
                    run.text,
                    middle,
                    top + (down + 0.5) * line,
                    self.letters,
                    run.color,
                    anchor="middle",
                    is_bold=run.is_bold,
                )
        if self.backs:
            position = self.layout.places[f"{self.farthest}~8~{SCRAP}"]
            y = self.x(self.farthest) + self.box + (TURN + 0.5) * line
            x = position.top + position.height / 2
            for down, text in enumerate(self.told_back()):
                yield Label(text, x, y + down * line, self.letters, MUTED, anchor="middle")

    def headings(self, stages: Sequence[str], left: float, room: float, size: float) -> list[Label]:
        """Return the name of each stage beside its row, in lines."""
        return [
            Label(
                line,
                left,
                self.x(index) + self.box / 2 + down * LINE * size,
                size,
                INK,
                is_bold=True,
                role="heading",
            )
            for index, text in enumerate(stages)
            for down, line in enumerate(wrap(text, size, room, is_bold=True, limit=LINES))
        ]


class UprightPainter(Painter):
    """Puts a scene together whose stages are rows, and whose panels lie one below the other."""

    way = "top to bottom"

    def _prepare(self) -> None:
        """Leave all to the panels: words of a row stand below it, whatever their width."""

    def fills(self) -> float:
        """Return the part of the width that the largest sum of a stage takes."""
        sums: dict[int, float] = {}
        for ledger in self.ledgers:
            for stop in ledger.stops.values():
                sums[stop.stage] = sums.get(stop.stage, 0.0) + max(stop.through, stop.need)
        room = self.size.width - 2 * self.size.margin - self._beside() - _APART
        most = max(sums.values(), default=0.0) / len(self.ledgers)
        return self._panels()[0].layout.scale * most / room

    def is_whole(self) -> bool:
        """Whether all words stand on the canvas: a row that has no room for them runs over it."""
        return all(
            panel.layout.places[key].top + (panel.layout.places[key].height + wide) / 2
            <= self.size.width
            for panel in self._panels()
            if isinstance(panel, UprightPanel)
            for key, wide in panel.widths.items()
        )

    def _beside(self) -> float:
        """Return the width of the names of stages before their rows: of their longest word."""
        names = (plain(self.net.stages[column].plural) for column in self.columns)
        texts = (word for name in names for word in name.split(" "))
        return max(text_width(text, self.size.heading, is_bold=True) for text in texts)

    def _panels(self) -> list[Panel]:
        """All panels on one scale, each a band of the height of its own."""
        size, letters = self.size, self.size.label
        panels = [UprightPanel(ledger, self.columns, self.order) for ledger in self.ledgers]
        step = (self.frame.bottom - self.frame.top) / len(panels)
        head = 1.6 * size.heading if len(panels) > 1 else 0.0  # the name of the panel
        turn = TURN * LINE * letters * any(panel.backs for panel in panels)
        self.letters = letters
        for index, panel in enumerate(panels):
            top = self.frame.top + index * step + head + turn
            bottom = self.frame.top + (index + 1) * step - LINES * LINE * letters - size.box - 4
            bottom -= 0.5 * turn
            panel.top = top
            step_down = (bottom - top) / max(panel.last, 1)
            panel.write(letters)
            at = [top + step_down * row for row in range(panel.last + 1)]
            panel.spread(at, size.box, panel.below())
        left = size.margin + self._beside() + _APART
        scale = (size.width - size.margin - left) / max([*total(self.ledgers).values(), 1e-9])
        bounds = {"top": left, "bottom": size.width - size.margin, "gap": 0.7 * letters}
        for _ in panels:  # the second time all have the scale of the tightest
            for panel in panels:
                scale = panel.lay_out(LINE * letters, largest=scale, **bounds)
        return list(panels)

    def _title(self, panel: Panel, text: str) -> Label:
        size = self.size
        shown = fit(text, size.heading, size.width - 2 * size.margin, is_bold=True)
        y = panel.top - 0.8 * size.heading - TURN * LINE * size.label * bool(panel.backs)
        return Label(shown, size.margin, y, size.heading, INK, is_bold=True, role="heading")

    def _leading(self, panel: Panel) -> list[Label]:
        """Return what the largest country of each stage has of it, below the name of the stage."""
        labels, size, room = [], self.size, self._beside() + 1
        for stage, row in self.columns.items():
            name = plain(self.net.stages[stage].plural)
            down = len(wrap(name, size.heading, room, is_bold=True, limit=LINES)) - 0.5
            y = panel.x(row) + size.box / 2 + (down * size.heading + 0.5 * size.row) * LINE
            # down to the name of the next stage
            end = panel.x(row + 1) - 0.5 * size.heading if row < panel.last else size.height
            for text in panel.ledger.leading.get(stage, ()):
                lines = wrap(text, size.row, room)
                low = y + (len(lines) - 0.5) * LINE * size.row
                fits = all(text_width(line, size.row) <= room for line in lines)
                # a share that is cut off states nothing: the brief name is tried before it
                if low <= end and fits and not lines[-1].endswith(ELLIPSIS):
                    labels += [
                        Label(
                            line,
                            size.margin,
                            y + index * LINE * size.row,
                            size.row,
                            MUTED,
                            role="heading",
                        )
                        for index, line in enumerate(lines)
                    ]
                    break
        return labels

    def _headings(self, panel: Panel, stages: Sequence[str]) -> list[Label]:
        assert isinstance(panel, UprightPanel)  # noqa: S101  it makes no others
        return panel.headings(stages, self.size.margin, self._beside() + 1, self.size.heading)


#: countries of a stage that stand alone at the most, at the most and at the least where not all
#: have room for a name, and at the most on a screen held upright
_TOP, _FEWER, _FEWEST, _TOP_UPRIGHT = 6, 4, 3, 5
#: part of a row of an upright screen that tonnes are to fill
_FILLED = 0.5
#: width below which stages are rows, points; the height that a row of a stage takes, and what is
#: around each panel, over the size of letters
NARROW, _ROW, _AROUND = 320.0, 6.5, 17.0


def sankey_scene(
    result: AllocateResult | SolvedBalance | PotentialResult | Potential,
    *,
    against: AllocateResult | SolvedBalance | PotentialResult | Potential | None = None,
    element: str | Sequence[str] | None = None,
    to: str | None = None,
    order: str | Sequence[str] = "size",
    top: int | None = None,
    size: str | Size = "slide",
    theme: str = "light",
    is_brief: bool = False,
) -> Scene:
    """Draw the tonnes between countries, stage by stage, alone or before and after.

    What a balance leaves over, loses or sends back as new scrap has boxes of its own; what is
    needed and not served is an empty box below what is. Two results have one scale, and every
    country has the same place in its column and the same color in both.

    Parameters
    ----------
    result : AllocateResult, PotentialResult or FlowResult
        Contested tonnes, or those of a potential by the balance or by the maximum flow.
    against : AllocateResult, PotentialResult or FlowResult, optional
        Of the same kind, drawn before it on the left.
    element : str or sequence of str, optional
        Of a balance; the tonnes of several are added up. Default: the first of the graph's
        headline.
    to : str, optional
        Of a balance: only what ends up with these nations.
    order : {"size", "name"} or codes of countries
        From top to bottom in every column: largest first, by name, or the countries that are
        named first.
    top : int, optional
        Countries of a column that stand alone, largest first.
    size, theme : str
        As in :func:`layers`.
    is_brief : bool
        Whether the spans over all balances that are as good are left out, two programs each: for a
        first picture that another follows.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`sankey`, what is laid out in it by :func:`sankey_scene`.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or a potential is set beside a contested figure.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> base = sn.allocate(net)
    >>> ban = sn.allocate(net, avoid="ISL", near=base)  # what differs is an effect, and not a tie
    >>> picture = sn.draw.sankey(ban, against=base, element="Nd")
    >>> len({box.id.split(":")[0] for box in picture.scene.boxes})
    2
    """
    paper = find_size(size, theme)
    if top is not None and (isinstance(top, bool) or top < 1):
        raise OptionError(f"top must be a whole number from 1 on, not {top!r}")
    shown = plan_of(result)
    results = [shown] if against is None else [plan_of(against), shown]
    for entry in results:
        if not isinstance(entry, SolvedBalance | Potential):
            raise OptionError(
                "a Sankey diagram needs the result of balance, potential or max_flow, not "
                f"{type(entry)}"
            )
    if type(results[0]) is not type(results[-1]):
        raise OptionError(
            "a potential and a contested figure do not stand side by side",
            hint="compare two of one kind: balances, potentials or flows",
        )
    selection = _element(shown, element)
    views = [
        View(member, streams_of(member, selection, to), heading, is_brief)
        for member, heading in zip(results, wording.headings(results), strict=True)
    ]
    if len({view.streams.unit for view in views}) > 1:
        raise OptionError("the results count in different units and have no common scale")
    if paper.width < NARROW:  # a column of a journal has no room for words between stages
        rows = len(views) * len(result.question.net.stages)
        tall = (_AROUND * len(views) + rows * _ROW) * paper.label
        taller = max(paper.height, tall) if paper.is_free else paper.height
        paper = replace(paper, height=taller, is_upright=True)
    if paper.is_upright:
        return _upright(Streamed(views, to), order, top, paper).scene()
    return lying(Streamed(views, to), order, top, paper).scene()


sankey = picture(sankey_scene)


def lying(drawn: Drawn, order: str | Sequence[str], top: int | None, size: Size) -> Painter:
    """Return the painter of as many boxes a column as leave letters that can be read."""
    # a few names less of several boxes tell more than all of one
    few = min(top or _FEWER, _FEWER)
    least = min(few, _FEWEST)
    tries = [(most, False) for most in range(top or _TOP, least - 1, -1)]
    tries += [(most, True) for most in range(few, least - 1, -1)]
    tries += [
        (most, is_left_out) for most in range(least - 1, 0, -1) for is_left_out in (False, True)
    ]
    plain = drawn.in_brief()
    for most, may_leave_out in tries:
        painter = Painter(plain, order, most, size, may_leave_out=may_leave_out)
        # Spans take two programs a box, and their words room: what has none without has none.
        if plain is not drawn and (painter.fits or (most, may_leave_out) == tries[-1]):
            painter = Painter(drawn, order, most, size, may_leave_out=may_leave_out)
        if painter.fits:
            break
    return painter


def _upright(drawn: Drawn, order: str | Sequence[str], top: int | None, size: Size) -> Painter:
    """Return the painter of as many boxes a row as leave room for the widths of streams."""
    for most in range(top, 0, -1) if top else range(_TOP_UPRIGHT, 1, -1):
        painter = UprightPainter(drawn, order, most, size)
        if painter.is_whole() and (top or painter.fills() >= _FILLED):
            break
    return painter


def _element(
    result: SolvedBalance | Potential, element: str | Sequence[str] | None
) -> str | Sequence[str]:
    if isinstance(result, SolvedPotential):
        return named_element(result, None if element is None else str(element))
    if not isinstance(result, SolvedBalance):
        if element is not None and element != result.element:
            raise OptionError(f"the result speaks of {result.element}, not of {element!r}")
        return result.element
    if element is not None:
        return element
    followed = result.run.model.scope.elements
    leading = [name for name in result.question.net.commodity.headline if name in followed]
    return (leading or list(followed))[0]
