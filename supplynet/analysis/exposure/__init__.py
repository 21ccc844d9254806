"""Which share of a nation's contested supply touched a jurisdiction, at each stage.

``ask`` is the way in. ``moves`` reads a balance as moves of one element between pots, ``trace``
hands marks through their mixes, ``marks`` says where marks are put on, ``study`` traces an
element, ``ranges`` and ``spans`` find the least and greatest share over all optimal balances,
``certify`` checks a trace, ``tables`` and ``result`` read the answer off.
"""

from supplynet.analysis.exposure.ask import exposure, exposure_of

__all__ = ["exposure", "exposure_of"]
