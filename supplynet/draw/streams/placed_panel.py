"""Where the boxes and streams of one panel of a Sankey diagram lie, once it has a scale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from supplynet.draw.grouping import Bundle
from supplynet.draw.labels import Run, Side
from supplynet.draw.order import AT_THE_FOOT, ON_THE_WAY, Item
from supplynet.draw.place import Layout, Way, arrange, links_of
from supplynet.draw.sheet import LINE
from supplynet.draw.streams.ledger import SCRAP, SINKS, Ledger

#: room between what goes back and all else, over the size of letters
_APART = 0.6


class PlacedPanel:
    """A ledger as what takes room in columns, what joins it, and where that lies.

    Parameters
    ----------
    ledger : Ledger
    columns : mapping of int to int
        Column by place of a stage.
    order : mapping of str to float
        Place of each stop in its column, 0 to 1; empty for the order with fewest crossings.
    """

    def __init__(
        self, ledger: Ledger, columns: Mapping[int, int], order: Mapping[str, float]
    ) -> None:
        self.ledger, self.order = ledger, dict(order)
        self.last = max(columns.values(), default=0)
        self.column = {key: columns[stop.stage] for key, stop in ledger.stops.items()}
        self.bundles: list[Bundle] = [
            Bundle(tail, head, kind, "", amount)
            for (tail, head, kind), amount in sorted(ledger.streams.items())
        ]
        self.residual: dict[str, float] = {}
        #: t/yr of scrap by where it turns back, and by the columns between which it goes back
        self.turns: dict[str, float] = {}
        self.backs: dict[tuple[int, int], float] = {}
        self._add_residuals()
        self._add_scrap()
        self.ways = [self._way(bundle) for bundle in self.bundles]
        self.layout: Layout
        self.rows: dict[str, list[list[Run]]] = {}
        self.is_whole = True
        self.at: tuple[float, ...] = ()
        self.zones: tuple[float, ...] = ()
        self.left = self.top = self.box = self.letters = 0.0

    def _add_residuals(self) -> None:
        """Boxes for what reaches nobody, a column after those who send it."""
        for (stop, kind), amount in sorted(self.ledger.sinks.items()):
            column, rank = self.column[stop] + 1, list(SINKS).index(kind)
            if column <= self.last and amount > 0:
                key = f"{column}~{rank}~{SINKS[kind]}"
                self.residual[key] = self.residual.get(key, 0.0) + amount
                self.column[key], self.order[key] = column, float(rank)
                self.bundles.append(Bundle(stop, key, kind, "", amount))

    def _add_scrap(self) -> None:
        """Where scrap turns back: a column after those who give it, one before those who take it.

        Between the two it lies below all else.
        """
        ends: dict[tuple[str, str], float] = defaultdict(float)
        for (tail, head), amount in sorted(self.ledger.scrap.items()):
            first, last = self.column[head] - 1, self.column[tail] + 1
            if first < 0 or last > self.last:
                continue
            self.backs[first, last] = self.backs.get((first, last), 0.0) + amount
            ends[tail, f"{last}~8~{SCRAP}"] += amount
            ends[f"{first}~8~{SCRAP}", head] += amount
        for (tail, head), amount in ends.items():
            self.bundles.append(Bundle(tail, head, "scrap", "", amount))
            key = tail if tail.endswith(SCRAP) else head
            self.turns[key] = self.turns.get(key, 0.0) + amount
            self.column[key], self.order[key] = int(key.split("~")[0]), 8.0

    def _way(self, bundle: Bundle) -> Way:
        tail, head = self.column[bundle.tail], self.column[bundle.head]
        name = f"{bundle.tail}>{bundle.head}>{bundle.kind}"
        between = Way(name, bundle, (), head - tail).columns
        gaps = tuple(f"{name}@{tail + step}" for step in between)
        if self.order:
            ends = self.order[bundle.tail], self.order[bundle.head]
            for place, gap in enumerate(gaps, start=1):
                part = place / (len(gaps) + 1)
                self.order[gap] = ends[0] * (1 - part) + ends[1] * part
        return Way(name, bundle, gaps, head - tail)

    def items(self, line: float) -> list[Item]:
        """What takes room in a column."""
        found = [
            Item(
                key,
                self.column[key],
                ON_THE_WAY,
                max(stop.through, 1e-12),
                line * len(self.rows.get(key, "-")),
                is_last=not stop.country,
                reach=stop.need,
                is_headed=self._side(key) == "above",
            )
            for key, stop in self.ledger.stops.items()
        ]
        found += [
            Item(
                key,
                self.column[key],
                AT_THE_FOOT,
                amount,
                line * len(self.rows.get(key, "-")),
                is_headed=self._side(key) == "above",
            )
            for key, amount in self.residual.items()
        ]
        found += [
            Item(key, self.column[key], AT_THE_FOOT, amount, 0.0)
            for key, amount in self.turns.items()
        ]
        for column in range(self.last + 1) if self.backs else ():
            key, whole = f"{column}~9~{SCRAP}", sum(self.backs.values())
            apart = self._apart(column)
            found.append(Item(key, column, AT_THE_FOOT, whole, apart, is_headed=True))
            self.order[key] = 9.0
        for way in self.ways:
            start = self.column[way.bundle.tail]
            found += [
                Item(gap, start + step, ON_THE_WAY, way.bundle.tonnes, 0.0)
                for step, gap in zip(way.columns, way.gaps, strict=True)
            ]
        return found

    def lay_out(
        self, line: float, *, top: float, bottom: float, gap: float, largest: float
    ) -> float:
        """Place everything; return the points that a t/yr takes, at most `largest`."""
        self.layout = arrange(
            self.items(line),
            links_of(self.ways),
            top=top,
            bottom=bottom,
            gap=gap,
            largest=largest,
            ranks=self.order,
        )
        return self.layout.scale

    def _apart(self, column: int) -> float:
        """Return the room between what goes back and all above it, which its words may need."""
        turns = any(column in ends for ends in self.backs)
        return (LINE if column == self.farthest else _APART if turns else 0.0) * self.letters

    def spread(self, at: Sequence[float], box: float, zones: Sequence[float] = ()) -> None:
        """Set where the columns of boxes begin, and how far from each box streams run level."""
        self.at, self.box = tuple(at), box
        self.zones = tuple(zones) or (0.0,) * len(self.at)

    def x(self, column: int) -> float:
        """Left edge of a column of boxes."""
        return self.at[column]

    @property
    def farthest(self) -> int:
        """The last of the columns from which something goes back."""
        return max(last for _, last in self.backs)

    def _side(self, key: str) -> Side:
        """Where the words of a box stand: on none of the streams that leave or reach it."""
        if key in self.residual:
            return "right"  # from there nothing goes on
        ends: dict[int, Side] = {self.last: "right"}
        return (ends | ({0: "left"} if self.last else {})).get(self.column[key], "above")

    def _title(self, key: str) -> str:
        stop = self.ledger.stops.get(key)
        return stop.title if stop else key.split("~")[2]
