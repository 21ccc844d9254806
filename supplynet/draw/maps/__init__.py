"""Maps: a flow between places, as great circles over countries.

``outlines``, ``projection``, ``regions`` and ``clip`` are the globe on a canvas; ``story`` and
``sites`` turn a result into places and ways; ``painter`` puts them on the canvas with ``land``,
``markers``, ``labels`` and ``legend``.
"""
