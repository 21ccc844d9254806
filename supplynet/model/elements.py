"""Elements and their compounds: how much metal an oxide holds.

The only module of the package that knows the chemistry of rare earths. An element that is
not listed here has no oxide of its own: its tonnes are tonnes of the element.
"""

from __future__ import annotations

# Standard atomic weights, abridged: CIAAW, Standard Atomic Weights 2021.
ATOMIC_WEIGHT = {
    "O": 15.999,
    "Sc": 44.956,
    "Y": 88.906,
    "La": 138.91,
    "Ce": 140.12,
    "Pr": 140.91,
    "Nd": 144.24,
    "Sm": 150.36,
    "Eu": 151.96,
    "Gd": 157.25,
    "Tb": 158.93,
    "Dy": 162.50,
    "Ho": 164.93,
    "Er": 167.26,
    "Tm": 168.93,
    "Yb": 173.05,
    "Lu": 174.97,
}

# Trade oxide of each element: atoms of metal, atoms of oxygen. Ce, Pr and Tb are traded in
# mixed-valence oxides, the others as sesquioxides.
_MIXED = {"Ce": (1, 2), "Pr": (6, 11), "Tb": (4, 7)}
OXIDE = {element: _MIXED.get(element, (2, 3)) for element in ATOMIC_WEIGHT if element != "O"}


def has_oxide(element: str) -> bool:
    """Whether the element is traded as an oxide that this module knows."""
    return element in OXIDE


def metal_share(element: str) -> float:
    """Return the tonnes of metal in a tonne of the element's trade oxide.

    Parameters
    ----------
    element : str
        Symbol, such as ``"Dy"``.

    Returns
    -------
    float
        Mass share from atomic weights; 1 for an element without a known oxide.

    Examples
    --------
    >>> round(metal_share("Dy"), 4)
    0.8713
    >>> metal_share("graphite")
    1.0
    """
    if element not in OXIDE:
        return 1.0
    n_metal, n_oxygen = OXIDE[element]
    metal = n_metal * ATOMIC_WEIGHT[element]
    return metal / (metal + n_oxygen * ATOMIC_WEIGHT["O"])


def oxide_name(element: str) -> str:
    """Return the formula of the trade oxide, or the element itself where none is known.

    Examples
    --------
    >>> oxide_name("Dy"), oxide_name("Ce"), oxide_name("gallium")
    ('Dy2O3', 'CeO2', 'gallium')
    """
    if element not in OXIDE:
        return element
    n_metal, n_oxygen = OXIDE[element]
    return f"{element}{n_metal if n_metal > 1 else ''}O{n_oxygen}"
