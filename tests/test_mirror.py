"""Tests lie where what they test lies, so that either is found from the other.

A room is a folder of the package. Its tests lie in the folder of the same path, or in one module
named after it; a module without tests of its own is tested by those of its room.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE, TESTS = ROOT / "supplynet", ROOT / "tests"
#: what is tested across rooms: pages in a browser, and answers against published ones
ACROSS = {"browser", "reference"}


def folders(root: Path, begin: str = "") -> dict[str, set[str]]:
    """Return the names of the modules of each folder that holds any, by its path."""
    held: dict[str, set[str]] = {}
    for path in root.rglob(f"{begin}*.py"):
        room = path.parent.relative_to(root).as_posix()
        held.setdefault(room, set()).add(path.stem.removeprefix(begin).lstrip("_"))
    return held


def misplaced(rooms: dict[str, set[str]], tested: dict[str, set[str]]) -> list[str]:
    """Return the test modules named after a module that lies in a room above or below theirs."""
    strays = []
    for room, names in tested.items():
        if room not in rooms or room == ".":
            continue  # tests of the root are about the project as a whole
        near = [home for home in rooms if home == "." or is_in(home, room) or is_in(room, home)]
        for name in names - rooms[room] - {Path(home).name for home in rooms if is_in(home, room)}:
            strays += [f"{room}/test_{name}.py: {home}" for home in near if name in rooms[home]]
    return strays


def is_in(path: str, room: str) -> bool:
    """Whether a folder lies below a room."""
    return path.startswith(f"{room}/")


def test_every_room_has_tests_of_its_path_and_every_folder_of_tests_a_room() -> None:
    rooms, tested = folders(PACKAGE), folders(TESTS, "test_")
    untested = {
        room
        for room in rooms
        if room not in tested
        and Path(room).name not in tested.get(Path(room).parent.as_posix(), set())
    }
    assert untested == set()
    assert {room for room in tested if room not in rooms} == ACROSS


def test_a_test_module_with_the_name_of_a_module_lies_in_its_room() -> None:
    assert misplaced(folders(PACKAGE), folders(TESTS, "test_")) == []


def test_a_stray_is_told_with_the_room_of_its_module() -> None:
    rooms = {".": {"text"}, "cli": {"main"}, "cli/commands": {"run"}, "io": {"run"}}
    tested = {"cli": {"main", "run", "commands", "pages"}, "io": {"text"}, "cli/commands": {"run"}}
    assert misplaced(rooms, tested) == [
        "cli/test_run.py: cli/commands",
        "io/test_text.py: .",
    ]
