from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from supplynet.draw import svg
from supplynet.draw.layered import layer_scene
from supplynet.draw.scene import Label, Scene
from supplynet.draw.svg import marks_of
from supplynet.reports.live import Packer, json_in_markup, squeezed
from supplynet.text import one_line
from tests.reports.hostile import EXAMPLES, texts

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def read(kept: dict[str, Any], place: int) -> str:
    text: str = kept["texts"][place]
    return text


@given(texts)
def test_texts_come_back(text: str) -> None:
    packer = Packer()
    sentence = f"{text}: 1,980.5 t to Kuantan, {text}, 12"
    places = [packer.text(sentence), packer.text(text), packer.text(sentence)]
    assert places[0] == places[2]
    kept = packer.to_dict()
    assert read(kept, places[0]) == one_line(sentence)
    assert read(kept, places[1]) == one_line(text)


def test_scenes_come_back(tutorial: SupplyNetwork) -> None:
    import supplynet as sn

    result = sn.bypass(tutorial, to="MLT", avoid="FJI", element="Nd")
    scene = layer_scene(tutorial, result)
    packer = Packer()
    place = packer.scene(scene)
    assert packer.scene(scene) == place
    kept = packer.to_dict()
    width, height, title, about, drawn, written = kept["scenes"][place]
    assert (width, height) == (9600, 5400)
    assert (read(kept, title), read(kept, about)) == (scene.title, scene.description)
    packed = [*kept["layers"][drawn], *kept["layers"][written]]
    marks = list(marks_of(scene))
    marks = [m for m in marks if m.kind != "text"] + [m for m in marks if m.kind == "text"]
    assert len(packed) == len(marks)
    for mark, (look, *rest) in zip(marks, packed, strict=True):
        assert kept["looks"][look] == [mark.kind, svg.look(mark.paint)]
        if mark.kind == "text":
            assert read(kept, rest[0]) == mark.text
            continue
        hover = rest.pop(0)
        said = [read(kept, line) for line in kept["hovers"][hover]] if hover >= 0 else []
        assert said == list(mark.hover)
        ends = [rest.pop(0) for _ in range(1 if mark.kind == "rectangle" else 2)]
        assert [end for end in ends if end >= 0] == list(mark.ends)
        if mark.kind == "path":
            assert (rest[0], rest[1], kept["paths"][rest[2]]) == svg.relative(mark.steps)
        else:
            assert rest == [svg.tenths(number) for number in mark.numbers]


def test_what_scenes_share_is_kept_once() -> None:
    label = Label("same", 1, 1, 10, "ink")
    packer = Packer()
    for title in ("one", "two"):
        packer.scene(Scene(9, 9, title, "d", labels=(label,)))
    kept = packer.to_dict()
    assert len(kept["scenes"]) == 2
    assert len(kept["layers"]) == 2  # nothing drawn, and the word
    assert len(kept["looks"]) == 1


@pytest.mark.parametrize("text", EXAMPLES)
def test_data_cannot_leave_its_element(text: str) -> None:
    made = json_in_markup({text: [text, 1.5, None]})
    assert json.loads(made) == {text: [text, 1.5, None]}
    assert not set("<>&\u2028\u2029") & set(made)


def test_squeezed_data_comes_back() -> None:
    content = {"a": ["\u00e9 <b>", 1, None, 2.5]}
    made = squeezed(content)
    assert made == squeezed(content)
    assert json.loads(zlib.decompress(base64.b64decode(made))) == content
    with pytest.raises(ValueError, match="JSON compliant"):
        squeezed(float("nan"))
