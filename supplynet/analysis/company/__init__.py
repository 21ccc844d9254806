"""What the parts of a company rest on: plants, mines and jurisdictions, direct and looked through.

``ask`` is the way in. ``lookup`` says what a row of a bill of materials is and which graph holds
it, ``upstream`` follows the tonnes of an element back through what went between plants, ``study``
reads off one part, and ``result`` holds the answer.
"""
