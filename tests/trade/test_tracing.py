"""Look-through shares: equal to goods followed step by step, in circles too."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from supplynet.errors import CertificateError
from supplynet.trade import exposure as trade_tracing
from supplynet.trade.exposure import Flows, content, flows_of, passed_share

NAMES = ("A", "B", "C", "D", "E")


def flows(**pairs: float) -> Flows:
    """Flows by two letters each, such as ``AB=3.0``."""
    rows = [(pair[0], pair[1], value) for pair, value in pairs.items()]
    return flows_of(pd.DataFrame(rows, columns=["exporter", "importer", "value_usd"]), "value_usd")


def followed(found: Flows, on: set[str], passing: np.ndarray, n_steps: int = 4000) -> np.ndarray:
    """Oracle: goods followed back one seller at a time, for very many steps."""
    shares = np.array([float(one in on) for one in found.countries])
    fixed = shares.copy()
    for _ in range(n_steps):
        mix = [
            sum(found.matrix[i, k] * shares[i] for i in range(len(shares))) / total
            if total
            else 0.0
            for k, total in enumerate(found.bought)
        ]
        shares = np.where(fixed > 0, 1.0, passing * np.array(mix))
    return shares


def test_flows_of_a_pair_are_added_up() -> None:
    rows = pd.DataFrame(
        [("A", "B", 1.0), ("A", "B", 2.0), ("B", "C", 4.0)],
        columns=["exporter", "importer", "value_usd"],
    )
    found = flows_of(rows, "value_usd")
    assert found.bought.tolist() == [0.0, 3.0, 4.0]
    assert found.sold.tolist() == [3.0, 4.0, 0.0]
    assert (found.index("C"), found.index("X")) == (2, None)


def test_no_country_passes_on_more_than_it_bought() -> None:
    assert passed_share(flows(AB=3.0, BC=4.0, BD=8.0)).tolist() == [0.0, 0.25, 0.0, 0.0]
    assert passed_share(flows(AB=9.0, BC=4.0)).tolist() == [0.0, 1.0, 0.0]


def test_a_circle_that_nothing_enters_has_no_known_origin() -> None:
    found = flows(BC=5.0, CB=5.0, AD=1.0)
    assert content(found, {"A"}, np.ones(4)).tolist() == [1.0, 0.0, 0.0, 1.0]


def test_what_leads_back_to_the_jurisdiction_stays_its_own() -> None:
    found = flows(AB=1.0, BA=5.0, AC=1.0)
    assert content(found, {"A"}, np.ones(3))[0] == 1.0


@pytest.mark.slow
@given(
    matrix=arrays.arrays(float, (5, 5), elements=st.integers(0, 9).map(float)),
    is_bound=st.booleans(),
)
def test_shares_are_those_of_goods_followed_step_by_step(
    matrix: np.ndarray, is_bound: bool
) -> None:
    np.fill_diagonal(matrix, 0.0)
    found = Flows(NAMES, matrix)
    passing = passed_share(found) if is_bound else np.full(5, 0.9)
    shares = content(found, {"A", "B"}, passing)
    assert shares == pytest.approx(followed(found, {"A", "B"}, passing), abs=1e-6)


def test_shares_that_miss_their_equations_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(matrix: np.ndarray, given: np.ndarray) -> np.ndarray:
        return np.full(len(given), 0.3)

    monkeypatch.setattr(trade_tracing, "TOLERANCE", 1e-9)
    monkeypatch.setattr(np.linalg, "solve", wrong)
    with pytest.raises(CertificateError, match="miss their equations"):
        content(flows(AB=1.0, BC=2.0), {"A"}, np.ones(3))
