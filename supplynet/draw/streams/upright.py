"""A panel of a Sankey diagram from top to bottom, for a screen that is held upright."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from supplynet.draw.labels import Run, pad
from supplynet.draw.order import Item
from supplynet.draw.paths import rectangle
from supplynet.draw.scene import Box, Label, Shape
from supplynet.draw.sheet import LINE
from supplynet.draw.streams.ledger import SCRAP, total
from supplynet.draw.streams.painter import Painter
from supplynet.draw.streams.panel import Fill, Panel
from supplynet.draw.streams.words import Teller
from supplynet.draw.style import FAINT, INK, MUTED
from supplynet.draw.words import ELLIPSIS, fit, text_width, wrap
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
        """Set the words of every box in lines of their own: its name, its tonnes, its need."""
        self.letters, self.rows = letters, {}
        for key, stop in self.ledger.stops.items():
            about = "~" if stop.is_estimated else ""
            lines = [Run(stop.brief or stop.title, INK, is_bold=True)]
            lines.append(Run(f"{about}{number(stop.through)} t", INK))
            if stop.need:
                lines.append(Run(f"of {number(stop.need)} t", MUTED))
            self.rows[key] = [[one] for one in lines]
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
            replace(one, label_height=self.widths[one.key], is_headed=False)
            if one.key in self.widths
            else one
            for one in super().items(line)
        ]

    def shapes(self, prefix: str, fill: Fill, tell: Teller) -> Iterator[Shape]:
        """Yield streams and what is not served, turned."""
        yield from self._grounds(prefix, fill)
        for shape in super().shapes(prefix, fill, tell):
            steps = tuple(
                (letter, tuple((down, across) for across, down in points))
                for letter, points in shape.path
            )
            yield replace(shape, path=steps)

    def _grounds(self, prefix: str, fill: Fill) -> Iterator[Shape]:
        """Yield what joins each box to the streams below its words, paler than any of them."""
        for key in self.rows:
            place, stop = self.layout.places[key], self.ledger.stops.get(key)
            top = self.x(self.column[key]) + self.box
            yield Shape(
                f"{prefix}{key}:ground",
                rectangle(place.top, top, place.height, self.zones[self.column[key]]),
                "ground",
                fill=fill(stop.country) if stop else FAINT,
                opacity=_PALE,
            )

    def boxes(self, prefix: str, fill: Fill, stages: Sequence[str], tell: Teller) -> Iterator[Box]:
        """Yield a box for each country at a stage, turned."""
        for box in super().boxes(prefix, fill, stages, tell):
            yield replace(box, x=box.y, y=box.x, width=box.height, height=box.width)

    def labels(self) -> Iterator[Label]:
        """Yield the words of boxes below them, about their middle."""
        line = LINE * self.letters
        for key, rows in sorted(self.rows.items()):
            place = self.layout.places[key]
            middle = place.top + place.height / 2
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
            place = self.layout.places[f"{self.farthest}~8~{SCRAP}"]
            y = self.x(self.farthest) + self.box + (TURN + 0.5) * line
            x = place.top + place.height / 2
            for down, text in enumerate(self.told_back()):
                yield Label(text, x, y + down * line, self.letters, MUTED, anchor="middle")

    def headings(self, stages: Sequence[str], left: float, room: float, size: float) -> list[Label]:
        """Return the name of each stage beside its row, in lines."""
        return [
            Label(
                line,
                left,
                self.x(number) + self.box / 2 + down * LINE * size,
                size,
                INK,
                is_bold=True,
                role="heading",
            )
            for number, text in enumerate(stages)
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
        for one in self.ledgers:
            for stop in one.stops.values():
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
        names = (plain(self.net.stages[place].plural) for place in self.columns)
        words = (word for name in names for word in name.split(" "))
        return max(text_width(one, self.size.heading, is_bold=True) for one in words)

    def _panels(self) -> list[Panel]:
        """All panels on one scale, each a band of the height of its own."""
        size, letters = self.size, self.size.label
        panels = [UprightPanel(one, self.columns, self.order) for one in self.ledgers]
        step = (self.frame.bottom - self.frame.top) / len(panels)
        head = 1.6 * size.heading if len(panels) > 1 else 0.0  # the name of the panel
        turn = TURN * LINE * letters * any(panel.backs for panel in panels)
        self.letters = letters
        for place, panel in enumerate(panels):
            top = self.frame.top + place * step + head + turn
            bottom = self.frame.top + (place + 1) * step - LINES * LINE * letters - size.box - 4
            bottom -= 0.5 * turn
            panel.top = top
            step_down = (bottom - top) / max(panel.last, 1)
            panel.write(letters)
            at = [top + step_down * row for row in range(panel.last + 1)]
            panel.spread(at, size.box, panel.below())
        left = size.margin + self._beside() + _APART
        scale = (size.width - size.margin - left) / max([*total(self.ledgers).values(), 1e-9])
        ends = {"top": left, "bottom": size.width - size.margin, "gap": 0.7 * letters}
        for _ in panels:  # the second time all have the scale of the tightest
            for panel in panels:
                scale = panel.lay_out(LINE * letters, largest=scale, **ends)
        return list(panels)

    def _title(self, panel: Panel, text: str) -> Label:
        size = self.size
        shown = fit(text, size.heading, size.width - 2 * size.margin, is_bold=True)
        y = panel.top - 0.8 * size.heading - TURN * LINE * size.label * bool(panel.backs)
        return Label(shown, size.margin, y, size.heading, INK, is_bold=True, role="heading")

    def _leading(self, panel: Panel) -> list[Label]:
        """Return what the largest country of each stage has of it, below the name of the stage."""
        found, size, room = [], self.size, self._beside() + 1
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
                # a share that is cut off tells nothing: the brief name is tried before it
                if low <= end and fits and not lines[-1].endswith(ELLIPSIS):
                    found += [
                        Label(
                            line,
                            size.margin,
                            y + place * LINE * size.row,
                            size.row,
                            MUTED,
                            role="heading",
                        )
                        for place, line in enumerate(lines)
                    ]
                    break
        return found

    def _headings(self, panel: Panel, stages: Sequence[str]) -> list[Label]:
        assert isinstance(panel, UprightPanel)  # noqa: S101  it makes no others
        return panel.headings(stages, self.size.margin, self._beside() + 1, self.size.heading)
