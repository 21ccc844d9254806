"""How far two colors are apart for people with and without color blindness.

Color blindness: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model
for simulation of color vision deficiency", IEEE TVCG 15 (2009), severity 1. Differences: CIEDE2000,
CIE 142-2001, checked with the pairs of G. Sharma, W. Wu, E. N. Dalal, Color Res. Appl. 30 (2005).
"""

from __future__ import annotations

import math

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

#: what is seen of linear red, green and blue
SIGHTS: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)


def _times(matrix: Matrix, vector: Triple) -> Triple:
    a, b, c = (sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)
    return a, b, c


def lab_of(color: str, sight: str = "normal") -> Triple:
    """Return L*, a*, b* (D65) of ``#rrggbb`` as it is seen."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    seen = _times(SIGHTS[sight], (red, green, blue))
    clipped = (min(1.0, max(0.0, one)) for one in seen)
    xyz = _times(_XYZ, tuple(clipped))  # type: ignore[arg-type]
    ratios = (one / white for one, white in zip(xyz, (0.95047, 1.0, 1.08883), strict=True))
    x, y, z = (math.cbrt(r) if r > 0.008856 else 7.787 * r + 16 / 116 for r in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(first: Triple, second: Triple) -> float:
    """Return the difference of two colors in L*, a*, b*."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    wider = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25.0**7))
    c1, c2 = math.hypot(a1 * wider, b1), math.hypot(a2 * wider, b2)
    h1, h2 = (math.degrees(math.atan2(b, a * wider)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn) / 2)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    middle = h1 + h2 if not c1 * c2 else (h1 + turn / 2) % 360
    waves = ((0.17, 1, 30, -1), (0.24, 2, 0, 1), (0.32, 3, -6, 1), (0.2, 4, 63, -1))
    t = 1 + sum(
        sign * size * math.cos(math.radians(n * middle - off)) for size, n, off, sign in waves
    )
    s_light = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    angle = math.radians(60 * math.exp(-(((middle - 275) / 25) ** 2)))
    rotation = -2 * math.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * math.sin(angle)
    parts = (l2 - l1) / s_light, (c2 - c1) / s_chroma, hue / s_hue
    return math.sqrt(sum(one**2 for one in parts) + rotation * parts[1] * parts[2])


def apart(one: str, other: str) -> float:
    """Return the least difference of two colors over all kinds of sight."""
    return min(ciede2000(lab_of(one, sight), lab_of(other, sight)) for sight in SIGHTS)
