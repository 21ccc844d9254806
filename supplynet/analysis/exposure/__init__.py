"""Which share of a nation's contested supply touched a jurisdiction, at each stage.

``ask`` is the way in. ``moves`` reads a balance as moves of one element between pots, ``trace``
hands marks through their mixes, ``study`` traces an element, ``certify`` checks a trace,
``ranges`` finds the least and greatest share over all optimal balances, ``tables`` and ``result``
read the answer off, and ``streams`` tells who sends how much to whom.
"""

from supplynet.analysis.exposure.ask import exposure, exposure_of

__all__ = ["exposure", "exposure_of"]
