"""Where traded goods come from: look-through shares in a matrix of flows with circles.

What a country sells is partly its own and partly bought. Bought goods have the origin of the
country's suppliers, theirs of theirs, and so on; countries that sell to each other make circles.
The shares solve a linear system (the absorbing chain of Kemeny and Snell 1960, chapter 3; the
same inverse as in the trade-in-value-added literature), which takes circles as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.errors import CertificateError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

#: what the shares may miss their equations by
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Flows:
    """Flows of one code, year and measure between countries."""

    countries: tuple[str, ...]
    matrix: Vector  #: what the country of the row sold to that of the column, in one unit

    @property
    def bought(self) -> Vector:
        """Imports of each country."""
        total: Vector = self.matrix.sum(axis=0)
        return total

    @property
    def sold(self) -> Vector:
        """Exports of each country."""
        total: Vector = self.matrix.sum(axis=1)
        return total

    def index(self, country: str) -> int | None:
        """Place of a country; None where it trades nothing."""
        return self.countries.index(country) if country in self.countries else None


def flows_of(rows: pd.DataFrame, column: str) -> Flows:
    """Return the flows of rows with importer, exporter and an amount in a column."""
    import numpy as np

    countries = tuple(sorted({*rows["importer"], *rows["exporter"]}))
    number_of = {country: number for number, country in enumerate(countries)}
    matrix = np.zeros((len(countries), len(countries)))
    np.add.at(
        matrix,
        (
            rows["exporter"].map(number_of).to_numpy(int),
            rows["importer"].map(number_of).to_numpy(int),
        ),
        rows[column].to_numpy(float),
    )
    return Flows(countries, matrix)


def passed_share(flows: Flows) -> Vector:
    """Return the largest share of each country's exports that can be re-exports, 0 to 1.

    A country cannot pass on more than it bought.
    """
    import numpy as np

    share = np.zeros(len(flows.countries))
    np.divide(flows.bought, flows.sold, out=share, where=flows.sold > 0)
    return np.minimum(share, 1.0)


def content(flows: Flows, on: Collection[str], passing: Vector) -> Vector:
    """Return the share of each country's exports that comes from a jurisdiction, 0 to 1.

    All that countries `on` sell is theirs; `passing` is the share of each country's exports that is
    what it bought. Goods that go round in a circle which nothing enters have no known origin and
    count as not from the jurisdiction. A CertificateError if the shares miss their equations or
    leave 0 to 1.
    """
    import numpy as np

    is_on = np.array([country in on for country in flows.countries], dtype=bool)
    bought = flows.bought
    # What a country passes on is the mix of what it buys: from whom a tonne came cannot be told
    # from two columns of customs.
    mix = np.zeros_like(flows.matrix)  # of the importer of a row, by the supplier of the column
    np.divide(flows.matrix.T, bought[:, None], out=mix, where=bought[:, None] > 0)
    step = np.where(is_on, 0.0, passing)[:, None] * mix
    # Countries that nothing of the jurisdiction reaches are left out: two that only pass goods to
    # each other would make the system singular.
    free = _fed(step, is_on) & ~is_on
    shares = is_on.astype(float)
    inner = np.ix_(free, free)
    given = step[np.ix_(free, is_on)].sum(axis=1)
    shares[free] = np.linalg.solve(np.eye(int(free.sum())) - step[inner], given)
    # The solution is put back into the equations; a matrix that is nearly singular shows here.
    missed = np.abs(np.where(is_on, 1.0, step @ shares) - shares).max(initial=0.0)
    outside = max(-shares.min(initial=0.0), shares.max(initial=0.0) - 1.0)
    if missed > TOLERANCE or outside > TOLERANCE:
        raise CertificateError(f"look-through shares miss their equations by {missed:.3g}")
    result: Vector = np.clip(shares, 0.0, 1.0)
    return result


def _fed(step: Vector, is_on: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Countries that goods of the jurisdiction can reach: for them the system has one answer."""
    reached = is_on.copy()
    links = step > 0
    while True:
        more = reached | links[:, reached].any(axis=1)
        if (more == reached).all():
            return reached
        reached = more
