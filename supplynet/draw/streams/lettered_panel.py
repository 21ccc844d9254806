"""The words of one panel of a Sankey diagram: set in the room of their columns, or left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from supplynet.draw.labels import GAP, Run, headed, pad, row
from supplynet.draw.scene import Label
from supplynet.draw.sheet import LINE
from supplynet.draw.streams.ledger import SCRAP, Stop
from supplynet.draw.streams.placed_panel import PlacedPanel
from supplynet.draw.style import INK, MUTED
from supplynet.draw.words import ELLIPSIS, short, text_width
from supplynet.text import between
from supplynet.text import tonnes as number

#: how far the inner edge of what turns back bulges, points
_TURN = 8.0
#: what arrives over what is needed up to which it reads as a part of it
_CLOSE = 1.02


class LetteredPanel(PlacedPanel):
    """A panel that is placed, with the words of its boxes."""

    def write(self, letters: float, rooms: Sequence[float]) -> None:
        """Set the words of every box in one line, or in as many as its column has room for.

        Parameters
        ----------
        letters : float
            Size, points.
        rooms : sequence of float
            Width of the words of each column, points.
        """
        self.letters, self.rows = letters, {}
        self.is_whole = True
        for key, stop in self.ledger.stops.items():
            self.rows[key] = self._rows_of(stop, rooms[self.column[key]] - pad(letters))
        for key, amount in self.residual.items():
            room = rooms[self.column[key]] - pad(letters)
            name, figure = self._title(key), Run(f"{number(amount)} t", MUTED)
            if text_width(name, letters) > room:
                name = name.split(" ")[-1]
            line = [Run(name, MUTED), figure]
            self.rows[key] = [line] if self._width(line) <= room else [[run] for run in line]

    def narrowest(self, letters: float, box: float) -> list[float]:
        """Return the room in which the words of each column stay whole, in lines of their own."""
        self.letters = letters
        found = [0.0] * (self.last + 1)
        for key, stop in self.ledger.stops.items():
            name = Run(stop.brief or stop.title, INK, is_bold=True)
            wide = max(self._width([name]), self._width(self._figures(stop)))
            found[self.column[key]] = max(found[self.column[key]], wide + pad(letters))
        for key, amount in self.residual.items():
            name, figure = (
                Run(self._title(key).split(" ")[-1], MUTED),
                Run(f"{number(amount)} t", MUTED),
            )
            wide = box + max(self._width([name]), self._width([figure]))
            found[self.column[key]] = max(found[self.column[key]], wide + pad(letters))
        return found

    def leave_out(self, keys: Sequence[str]) -> None:
        """Leave out the words of some boxes."""
        self.rows.update(dict.fromkeys(keys, []))

    @property
    def n_left_out(self) -> int:
        """Boxes whose words are left out."""
        return sum(not rows for rows in self.rows.values())

    def cut_off(self) -> list[str]:
        """Return the boxes whose names have no room."""
        return [key for key in self.ledger.stops if self._is_cut(key)]

    def _is_cut(self, key: str) -> bool:
        """Whether the name of a box has lost its end."""
        return any(ELLIPSIS in run.text for runs in self.rows[key] for run in runs)

    def least_of_fullest(self, gap: float) -> str | None:
        """Return the smallest of the boxes with words in the column that these fill the most.

        What reaches nobody comes before any country: the legend tells of it. None where the column
        has the words of one box at the most.
        """
        heights = self._heights(gap)
        fullest = max(heights, key=lambda column: (heights[column], -column), default=0)
        named = [key for key, rows in self.rows.items() if rows and self.column[key] == fullest]
        if len(named) < 2:
            return None
        sizes = {key: stop.through for key, stop in self.ledger.stops.items()} | self.residual
        return min(named, key=lambda key: (key not in self.residual, sizes[key], key))

    def _rows_of(self, stop: Stop, room: float) -> list[list[Run]]:
        """Return the words of a box in lines: its name, its tonnes, what it needs."""
        # a name is whole, on a line of its own if it must be; a short one where even that is none
        is_long = text_width(stop.title, self.letters, is_bold=True) > room
        name = stop.brief if is_long and stop.brief else stop.title
        figures = self._figures(stop)
        for shown in dict.fromkeys((name, stop.brief or name)):
            line = [Run(shown, INK, is_bold=True), *figures]
            if self._width(line) <= room:
                return [line]
        shown = short(name, self.letters, room, is_bold=True)
        self.is_whole = self.is_whole and shown == name
        below = [figures] if self._width(figures) <= room else [[run] for run in figures]
        return [[Run(shown, INK, is_bold=True)], *below]

    def _figures(self, stop: Stop) -> list[Run]:
        """Return the tonnes of a box, and what it needs."""
        told = f"{'~' if stop.is_estimated else ''}{number(stop.through)}"
        if not stop.is_decided and stop.span is not None:
            told = between(*stop.span)
        if not stop.need:
            return [Run(f"{told} t", INK)]
        word = "of" if stop.through <= _CLOSE * stop.need else "needs"
        return [Run(told, INK), Run(f"{word} {number(stop.need)} t", MUTED)]

    def reaches(self, box: float) -> list[float]:
        """Return how far from their boxes of a width the words of each column reach, points."""
        found = [0.0] * (self.last + 1)
        for key, rows in self.rows.items():
            inside = box if self._side(key) == "above" else 0.0
            wide = max(map(self._width, rows), default=0.0) + pad(self.letters) - inside
            found[self.column[key]] = max(found[self.column[key]], wide)
        return found

    def words_height(self, gap: float) -> float:
        """Return the height that the words of the fullest column take, with gaps between."""
        return max(self._heights(gap).values(), default=0.0)

    def _heights(self, gap: float) -> dict[int, float]:
        """Return the height that the words of each column take."""
        lines: dict[int, list[int]] = defaultdict(list)
        for key, rows in self.rows.items():
            lines[self.column[key]].append(len(rows))
        line = LINE * self.letters
        return {
            column: line * sum(own)
            + gap * (len(own) + 2)
            + (self._apart(column) + gap if self.backs else 0.0)
            for column, own in lines.items()
        }

    def _width(self, runs: Sequence[Run]) -> float:
        widths = (text_width(run.text, self.letters, is_bold=run.is_bold) for run in runs)
        return sum(widths) + GAP * (len(runs) - 1)

    def labels(self) -> Iterator[Label]:
        """Yield the words of boxes and of what reaches nobody."""
        line = LINE * self.letters
        for key, rows in sorted(self.rows.items()):
            place, column, side = self.layout.places[key], self.column[key], self._side(key)
            middle = place.top + place.height / 2
            if side == "above":
                middle = headed(place.top, len(rows) * line, self.letters)
            first = middle - (len(rows) - 1) / 2 * line
            for down, runs in enumerate(rows):
                y = first + down * line
                yield from row(self.x(column), self.box, runs, y, self.letters, side)
        if self.backs:
            last = self.farthest
            low = self.layout.places[f"{last}~9~{SCRAP}"].top
            wide = max(tonnes for (_, end), tonnes in self.backs.items() if end == last)
            x = self.x(last) + self.bulge(wide * self.layout.scale) + pad(self.letters)
            yield Label(" ".join(self.told_back()), x, low - line / 2, self.letters, MUTED)

    def told_back(self) -> tuple[str, str]:
        """Return the words of what goes back: its name and its tonnes."""
        return SCRAP, f"{number(sum(self.backs.values()))} t"

    def bulge(self, width: float) -> float:
        """Return how far a way of a width reaches where it turns back, points."""
        return width + _TURN
