"""Text is drawn with the letters that a font has."""

from __future__ import annotations

from pathlib import Path

import matplotlib

from supplynet.draw.mpl import drawable

FOLDER = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def test_a_low_count_is_a_usual_one_where_the_font_has_no_low_ones() -> None:
    assert drawable("Nd₂O₃") == "Nd₂O₃"
    assert drawable("Nd₂O₃", FOLDER / "cmr10.ttf") == "Nd2O3"


def test_a_letter_that_no_form_of_is_known_is_a_square() -> None:
    assert drawable("Kuantan \u6f22") == "Kuantan \u25a1"
