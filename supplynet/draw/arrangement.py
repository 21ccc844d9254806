"""Where all of a flow lies: columns as wide as their words, boxes and ways on one scale."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

from supplynet.draw import frame
from supplynet.draw.answer import Answer
from supplynet.draw.grouping import Bundle, Gathered, Group, columns_of
from supplynet.draw.hover import box_hover
from supplynet.draw.labels import Side, box_labels, extent, is_long, pad, plant_rows, told_of
from supplynet.draw.place import ON_THE_WAY, Item, Layout, Place, Way, arrange, links_of, shared_out
from supplynet.draw.scene import Box
from supplynet.draw.sheet import LINE
from supplynet.draw.style import OTHERS, Size, shared_color, tonnes
from supplynet.draw.words import SEVERAL, text_width, wrap
from supplynet.network.selector import holder
from supplynet.terms import DETAILS, DetailName
from supplynet.text import plain

#: parts of the width for words before the first column and behind the last, by level and whether
#: the canvas is narrow
_NARROW = 600.0
_SIDES = {
    ("country", False): (0.14, 0.16),
    ("country", True): (0.165, 0.185),
    ("facility", False): (0.175, 0.14),
    ("facility", True): (0.19, 0.17),
}
#: room between boxes over the size of letters, and the part of a column that words may take, and
#: that they may where no smaller ones could be read
_GAP, _MOST_WORDS, _PACKED = 0.3, 0.75, 0.88
#: part of a room that names are made to fit: small letters are wider for their size
_SAFE = 0.995
#: letters are not made smaller than this part of their size for the width of names
_LEAST_PART = 0.88
#: the same on a narrow canvas, where nothing else leaves many columns their names
_LEAST_NARROW = 0.62
#: letters of plants over those of countries, the part of a name that each of two lines takes, and
#: the longest name of a country that is not reported by its brief one, over the size of letters
_PLANTS, _TWO_LINES, _LONG_NAME = 0.8, 0.6, 11.0
#: part of what lies between two columns that is kept for ribbons, by level
_RUN = dict(zip(DETAILS, (0.16, 0.1), strict=True))
#: the least of it, where names of stages want more than there is
_LEAST_RUN = 0.06
#: room between the names of two stages
APART = 8.0
#: smallest letters, points
_LEAST_LETTERS = 2.0


class Arrangement:
    """Finds the places of one scene.

    Parameters
    ----------
    answer : Answer
    gathered : Gathered
    level : {"country", "facility"}
    size : Size
    foot : float
        Share of the height of the flow that is left free below it.
    """

    def __init__(
        self,
        answer: Answer,
        gathered: Gathered,
        level: DetailName,
        size: Size,
        *,
        foot: float = 0.0,
    ) -> None:
        self.answer, self.gathered, self.size, self.level = answer, gathered, size, level
        self.question = answer.question
        self.net = self.question.net
        self.columns = columns_of(gathered)
        #: what sets the scale: a flow far below demand must look small
        self.shown = max(answer.value, answer.need.value) if answer.chains else 0.0
        self.kinds = frame.kinds_of(
            (bundle.kind for bundle in gathered.bundles),
            is_cut=any(bundle.cut for bundle in gathered.bundles)
            or any(group.cut for group in gathered.groups.values()),
            has_need=bool(answer.chains) and answer.need.value > 0.0,
            is_estimated=self._is_guessed()
            or any(group.is_estimated for group in gathered.groups.values()),
            has_several=any(group.title.startswith(SEVERAL) for group in gathered.groups.values()),
        )
        self.frame = frame.frame(answer, size, self.kinds)
        before, behind = _SIDES[level, size.width < _NARROW]
        self.left, self.right = before * size.width, behind * size.width
        #: left edges of columns, and how far from their boxes ribbons run level: all alike at first
        self.at: tuple[float, ...] = ()
        self.zones: dict[int, float] = {}
        #: points that the words of columns between the ends may take
        self.shares = self._shares()
        self.ways = [self._way(bundle) for bundle in gathered.bundles]
        self.top, self.bottom = self._band(foot)
        self.head = self.top - 1.1 * size.heading
        if not answer.chains:
            self.top += self._message_room()
        self.letters = min(self._usual, self._most_letters())
        self.letters *= self._to_fit()
        self._fit_height()
        self._spread()

    def _fit_height(self) -> None:
        """Make letters smaller where names in several lines take more than was reckoned with.

        Words may take more of a column before letters are too small to be read.
        """
        high, least = self.bottom - self.top, min(self._usual, self.size.least)
        share = _MOST_WORDS
        while self._words_height() > share * high and self.letters > _LEAST_LETTERS:
            if share < _PACKED and 0.95 * self.letters < least <= self.letters:
                self.letters, share = least, _PACKED
            else:
                self.letters *= 0.95

    @property
    def _usual(self) -> float:
        """Letters of the words of boxes where there is room for them, points."""
        label = self.size.label
        return label if self.level == "country" else max(_PLANTS * label, self.size.least)

    def _band(self, foot: float) -> tuple[float, float]:
        """Heights between which the flow lies."""
        top = self.frame.top + (2.9 if self._is_crowded() else 1.6) * self.size.heading
        return top, self.frame.bottom - foot * (self.frame.bottom - top)

    def _message_room(self) -> float:
        """Room for the message that nothing arrives."""
        lines = self.size.heading + 3.2 * frame.MESSAGE * self.size.label
        return max(0.22 * (self.bottom - self.top), lines)

    def _is_crowded(self) -> bool:
        """Whether the name of a stage is wider than what lies between two stages."""
        names = (plain(self.net.stages[stage].plural) for stage, *_ in self.columns.spans)
        room = self._room_above()
        return any(text_width(name, self.size.heading, is_bold=True) > room for name in names)

    def _room_above(self) -> float:
        """Points from the first box of a stage to that of the next, but for a gap between names."""
        firsts = [self.x(first) for _, first, _ in self.columns.spans]
        steps = (b - a for a, b in zip(firsts, firsts[1:], strict=False))
        return min(steps, default=self.size.width) - APART

    def _spread(self) -> None:
        """Place columns so that all have the same room between words and the next one.

        A ribbon that turned before the words of its column end would cross those of the boxes
        above or below.
        """
        last, box = self.columns.last, self.size.box
        if last == 0:
            return
        reaches = self._reaches()
        zones = dict(reaches)
        inside = self.size.width - self.left - self.right - box
        run = (inside - last * box - sum(zones.values())) / last
        for (stage, first, _), (_, after, _) in pairwise(self.columns.spans):
            # a stage is at least as wide as its name
            name = plain(self.net.stages[stage].plural)
            parts = name.split(" ") if self._is_crowded() else [name]
            wide = max(text_width(piece, self.size.heading, is_bold=True) for piece in parts)
            if first and after == first + 1:
                zones[first] = max(zones.get(first, 0.0), wide + APART - box - run)
        run = (inside - last * box - sum(zones.values())) / last
        least = _LEAST_RUN * inside / last
        if run < least and zones:  # names of stages have smaller letters where that is too much
            free, texts = inside - last * (box + least), sum(reaches.values())
            more = (free - texts) / max(sum(zones.values()) - texts, 1e-9)
            share = min(1.0, free / max(texts, 1e-9))  # of the words, where even they are too wide
            zones = {
                column: share * own + max(0.0, more) * (zone - own)
                for column, zone in zones.items()
                for own in [reaches.get(column, 0.0)]
            }
            run = least
        at = [self.left]
        for column in range(last):
            at.append(at[-1] + box + zones.get(column, 0.0) + run)
        self.at, self.zones = tuple(at), zones

    def _reaches(self) -> dict[int, float]:
        """Return how far from their boxes the words of each column between the ends reach."""
        result: dict[int, float] = defaultdict(float)
        for group in self.gathered.groups.values():
            column = self.columns.of[group.key]
            if 0 < column < self.columns.last:
                room = self._room(column)[1]
                box = self._box(group, Place(0.0, 1.0), 1.0, {})
                for label in box_labels(box, size=self.letters, room=room, side="above"):
                    reach = extent(label)[2] - box.x - box.width
                    result[column] = max(result[column], reach)
        return dict(result)

    def _most_letters(self) -> float:
        """Size of letters with which the words of the fullest column leave room for its flow."""
        boxes: Counter[int] = Counter(self.columns.of.values())
        gaps: Counter[int] = Counter(
            self.columns.of[route.bundle.tail] + step
            for route in self.ways
            for step in route.columns
        )
        # bands of gaps lie between boxes; the last column has two lines a box, and a wide gap
        lines = max(
            (LINE * (n + 1) + _GAP * (n + min(n, gaps[column]) + 3) for column, n in boxes.items()),
            default=1.0,
        )
        return _MOST_WORDS * (self.bottom - self.top) / lines

    def _to_fit(self) -> float:
        """Part of their size at which the letters of names of countries leave none cut, if any."""
        value, read = 1.0, min(self._usual, self.size.least) / self.letters
        for group in self.gathered.groups.values():
            if not group.code:
                room = self._room(self.columns.of[group.key])[1] - pad(self.letters)
                names = (group.title, group.brief or group.title)
                wide = (text_width(name, self.letters, is_bold=True) for name in names)
                parts = [_SAFE * room / figure for figure in wide]
                # the full name in smaller letters that can be read rather than the brief one
                total = parts[0] if parts[0] >= max(_LEAST_PART, read) else parts[1]
                least = _LEAST_PART if self.size.width >= _NARROW else _LEAST_NARROW
                value = min(value, max(total, least))
        return 1.0 if value >= _SAFE else value

    def _words_height(self) -> float:
        """Height that the words of the fullest column take."""
        columns: dict[int, list[float]] = defaultdict(list)
        for item in self._items():
            columns[item.column].append(item.label_height)
        gap = _GAP * self.letters
        return max((sum(own) + gap * (len(own) + 2) for own in columns.values()), default=0.0)

    def _way(self, bundle: Bundle) -> Way:
        tail, head = self.columns.of[bundle.tail], self.columns.of[bundle.head]
        name = f"{bundle.tail}>{bundle.head}>{bundle.kind}>{bundle.cut}"
        # all that goes from one box to another passes the columns between as one bundle
        together = f"{bundle.tail}>{bundle.head}>"
        between = Way(name, bundle, (), head - tail).columns
        gaps = tuple(f"{together}@{tail + step}" for step in between)
        return Way(name, bundle, gaps, head - tail)

    def _items(self) -> list[Item]:
        line = LINE * self.letters
        items = [
            Item(
                group.key,
                self.columns.of[group.key],
                ON_THE_WAY,
                group.flow,
                line * self.lines_of(group),
                is_last=group.is_sum,
                reach=self._need(group),
                is_headed=self._room(self.columns.of[group.key])[0] == "above",
            )
            for group in self.gathered.groups.values()
        ]
        gaps: dict[tuple[str, int], float] = defaultdict(float)
        for route in self.ways:
            start = self.columns.of[route.bundle.tail]
            for step, gap in zip(route.columns, route.gaps, strict=True):
                gaps[gap, start + step] += route.bundle.tonnes
        items += [
            Item(gap, column, ON_THE_WAY, value, 0.0) for (gap, column), value in gaps.items()
        ]
        return items

    def _room(self, column: int) -> tuple[Side, float]:
        """On which side of a column its words stand, and how wide they may be."""
        last = self.columns.last
        if column == 0 and last:
            return "left", self.left - max(8.0, self.size.margin)
        if column == last:
            return "right", self.right - max(12.0, self.size.margin)
        return "above", self._between(column) - 2.0

    def _between(self, column: int) -> float:
        """Points from a column to the next that its box and its words may take."""
        return self.shares.get(column, 0.0) + self.size.box

    def _shares(self) -> dict[int, float]:
        """Points that the words of each column between the ends may take: each what it wants.

        Where that is too much, the widest get alike; what is too little is spread.
        """
        wants = dict.fromkeys(range(1, self.columns.last), 0.0)
        for group in self.gathered.groups.values():
            column = self.columns.of[group.key]
            if column in wants:
                wants[column] = max(wants[column], self._wanted(group))
        inside = self.size.width - self.left - self.right - self.size.box
        free = (1.0 - _RUN[self.level]) * inside - self.columns.last * self.size.box
        return dict(zip(wants, shared_out([*wants.values()], free), strict=True))

    def _wanted(self, group: Group) -> float:
        """Points that the words of a box want: its name in a line, of a plant in two."""
        letters = self._usual
        end = 2.0 + pad(letters) - self.size.box  # they begin with their box
        if group.code:
            texts = [text_width(word, letters) for word in group.title.split(" ")]
            half = _TWO_LINES * text_width(group.title, letters)
            return max(*texts, min(half, _LONG_NAME * letters), self.size.box) + end
        names = [text_width(name, letters, is_bold=True) for name in (group.title, group.brief)]
        wide = names[0] if names[0] <= _LONG_NAME * letters or not group.brief else names[1]
        figure = text_width(f"~{tonnes(group.flow)}", letters)
        return max(wide, figure, self.size.box) + end

    def lines_of(self, group: Group) -> float:
        """Return how many lines the words of a box take."""
        return self._name_lines(group) + self._need_lines(group)

    def _need_lines(self, group: Group) -> int:
        """How many lines the words of what a target needs take."""
        need = self._need(group)
        room = self._room(self.columns.of[group.key])[1] - pad(self.letters)
        return len(wrap(f"~{tonnes(need)} needed", self.letters, room)) if need else 0

    def _name_lines(self, group: Group) -> int:
        """How many lines the name of a box and its tonnes take."""
        room = self._room(self.columns.of[group.key])[1]
        # as it is drawn: a figure that is wider by a sign may leave a name without its brackets,
        # which are lines of their own
        figure = told_of(group.flow, is_estimated=group.is_estimated)
        if group.code:
            return len(plant_rows(group.title, figure, size=self.letters, room=room))
        return 1 + is_long(group.title, figure, size=self.letters, room=room)

    def layout(self) -> Layout:
        """Return where all boxes and gaps lie."""
        return arrange(
            self._items(),
            links_of(self.ways),
            top=self.top,
            bottom=self.bottom,
            gap=_GAP * self.letters,
            largest=(self.bottom - self.top) / max(self.shown, 1e-9),
        )

    def x(self, column: int) -> float:
        """Left edge of a column of boxes."""
        if self.at:
            return self.at[column]
        last = max(self.columns.last, 1)
        span = self.size.width - self.left - self.right - self.size.box
        return self.left + span * column / last

    def _need(self, group: Group) -> float:
        """What the targets in a box need, t/yr; 0 for other boxes."""
        if self.question.targets.isdisjoint(group.members):
            return 0.0
        return self.answer.need.value

    def _is_guessed(self) -> bool:
        """Whether most of demand is estimated."""
        need = self.answer.need
        return need.value > 0 and (need.estimated_share or 0.0) > 0.5

    def _box(self, group: Group, position: Place, scale: float, colors: dict[str, str]) -> Box:
        cut = sum(group.cut.values())
        fill = OTHERS if group.is_sum else colors.get(group.country, OTHERS)
        if not group.country and not group.is_sum:  # a bloc
            lens = self.question.lens
            fill = shared_color(
                colors, (holder(self.net, member, lens) for member in group.members)
            )
        return Box(
            id=group.key,
            title=group.title,
            short=group.brief,
            code=group.code,
            stage=self.net.stages[group.stage].name,
            column=self.columns.of[group.key],
            x=self.x(self.columns.of[group.key]),
            y=position.top,
            width=self.size.box,
            height=position.height,
            cut_height=min(position.height, max(cut * scale, 1.2)) if cut else 0.0,
            flow=group.flow,
            cut=cut,
            fill=fill,
            members=tuple(sorted(group.members)),
            hover=box_hover(self.question, group, self.answer.unit),
            is_estimated=group.is_estimated,
        )
