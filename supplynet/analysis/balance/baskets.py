"""What is not separated: which feeds enter each plant, and what it can send on of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplynet.analysis.arrays.feeds import feed_after
from supplynet.analysis.balance.rows import first_seen, ints

if TYPE_CHECKING:
    from supplynet.analysis.balance.codes import Codes
    from supplynet.analysis.balance.rows import Floats, Ints


class Entering(NamedTuple):
    """Feeds that plants may process, plant by plant."""

    #: vertex, feed: shape (n,)
    vertex: Ints
    feed: Ints
    yields: Floats  #: shape (n, n_elements); tonnes of each element out of a tonne of the feed
    size: Floats  #: shape (n,); tonnes of the rest that a tonne of the feed leaves
    rest: Ints  #: shape (n,); place of the rest in `Leaving`; 0 where nothing is left


class Leaving(NamedTuple):
    """Feeds that can leave a vertex unseparated: plants, then hubs."""

    #: vertex, feed: shape (n,); vertices ascending; the feeds of a plant in the order in which they
    #: come up
    vertex: Ints
    feed: Ints


def baskets(codes: Codes) -> tuple[Entering, Leaving]:
    """Return what enters plants, and what leaves plants and hubs, unseparated.

    What an origin's ore type does not let through is in the shares of its own basket. A rest
    whose elements are recovered unevenly is all that is recovered of them, and another feed; any
    other keeps its composition, and the element of it that is recovered worst holds it.
    """
    node, feed, left = _pairs(codes)
    is_own = feed == codes.own[node]
    recovery = np.where(is_own[:, None], 1.0, codes.recovery[node])
    share = codes.share[feed]
    kept = ~codes.removed[left] & (share > 0.0)
    worst = np.where(kept, recovery, np.inf).min(axis=1, initial=np.inf)
    held = np.where(kept, share, 0.0).cumsum(axis=1)[:, -1]  # in the order of the elements
    size = np.where(codes.made[node].any(axis=1), held, 1.0)
    size *= np.where(kept.any(axis=1), worst, 0.0)
    changes = np.array([len(feed.passed) for feed in codes.feeds])
    is_uneven = changes[left] > changes[feed]
    parts = np.where(kept, share * recovery, 0.0).cumsum(axis=1)[:, -1]
    size = np.where(is_uneven, parts, size)
    goes_on = np.flatnonzero(size > 0.0)
    first, which = first_seen((node * len(codes.feeds) + left)[goes_on])
    rest = np.zeros_like(node)
    rest[goes_on] = which
    through = _through_hubs(codes)
    leaving = Leaving(
        np.concatenate([node[goes_on][first], through[0]]),
        np.concatenate([left[goes_on][first], through[1]]),
    )
    return Entering(node, feed, share * recovery, size, rest), leaving


def _pairs(codes: Codes) -> Ints:
    """Return plants, feeds that may enter them, and what each leaves as, shape (3, n)."""
    given = codes.scope
    pairs = []
    for node in np.flatnonzero(codes.is_plant).tolist():
        label = codes.vertices[node]
        plant = given.frame.nodes[label]
        for feed in given.entering(label):
            left = feed_after(given.net, plant, feed)
            pairs.append((node, codes.feed_of[feed], codes.feed_of[left]))
    return ints(pairs).reshape(-1, 3).T


def _through_hubs(codes: Codes) -> Ints:
    """Return hubs and the feeds that come through them, shape (2, n)."""
    frame = codes.scope.frame
    pairs = [
        (codes.vertex_of[hub], feed)
        for hub in frame.hubs
        for feed in sorted(codes.feed_of[feed] for feed in frame.feeds.get(hub, ()))
    ]
    return ints(pairs).reshape(-1, 2).T
