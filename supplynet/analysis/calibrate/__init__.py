"""Flows of a year that come nearest to what was observed and published.

``ask`` is the way in. ``apart`` makes the network ready, ``lines`` turns targets and
``observations`` figures of the tables into expressions of a balance's variables, ``program``
solves, ``clash`` names targets that contradict each other, ``result`` and ``tables`` read the
answer back.
"""

from supplynet.analysis.calibrate.ask import calibrate

__all__ = ["calibrate"]
