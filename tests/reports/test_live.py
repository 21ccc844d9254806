from __future__ import annotations

from supplynet.draw.scene import Scene
from supplynet.reports.live import Axis, Choice, Fact, Live, State, View


def state(name: str) -> State:
    picture = Scene(9, 9, name, name)
    return State(f"state {name}", {"value": (1.5, "1.5 t"), "note": (None, name)}, {"p": picture})


LIVE = Live(
    axes=(
        Axis("a", "A", (Choice("x", "X"), Choice("y", "Y"))),
        Axis("b", "B", (Choice("1", "One"), Choice("2", "Two"), Choice("3", "Three"))),
    ),
    start=(1, 2),
    facts=(Fact("note", "Note"), Fact("value", "Value")),
    views=(View("p", "Picture"),),
    states={(a, b): state(f"{a}{b}") for b in range(3) for a in range(2)},
)


def test_states_stand_in_the_order_of_the_switches() -> None:
    assert list(LIVE.places()) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    figures = LIVE.figures()
    assert [one["summary"] for one in figures["states"]] == [
        f"state {a}{b}" for a in range(2) for b in range(3)
    ]
    assert figures["facts"] == ["note", "value"]
    assert figures["states"][3]["numbers"] == [None, 1.5]
    assert figures["states"][3]["texts"] == ["10", "1.5 t"]
    assert figures["axes"][1] == {"name": "b", "choices": ["1", "2", "3"]}
    assert LIVE.first.summary == "state 12"


def test_every_state_has_its_pictures() -> None:
    pictures = LIVE.pictures()
    assert pictures["views"] == ["p"]
    assert [places for [places] in pictures["states"]] == list(range(6))
    titles = [scene[2] for scene in pictures["scenes"]]
    assert len(set(titles)) == 6
