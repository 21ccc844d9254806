"""Named checks and the certificate they form."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplynet.errors import CertificateError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Check:
    """One named check and how far the solution is from passing it."""

    name: str  #: what is checked
    is_ok: bool  #: whether it holds
    #: The largest violation; 0 for none. Whether it is relative or absolute is the check's own.
    residual: float
    tolerance: float  #: the largest violation that is accepted


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the independent checks found about one solution.

    Parameters
    ----------
    checks : tuple of Check
        All checks that were made.

    Examples
    --------
    >>> certificate = Certificate((Check("gap", True, 0.0, 1e-9),))
    >>> certificate.ok, certificate.gap
    (True, 0.0)
    >>> print(certificate)
    certified: 1 of 1 checks hold
      ok    gap: 0 (at most 1e-09)
    """

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether every check holds; False without checks."""
        return bool(self.checks) and all(check.is_ok for check in self.checks)

    @property
    def gap(self) -> float:
        """Relative gap between the solution and the bound; inf if it was not reached."""
        gaps = [check.residual for check in self.checks if check.name == "gap"]
        return gaps[0] if gaps else math.inf

    def to_dict(self) -> dict[str, Any]:
        """Return the certificate as plain types; residuals may be infinite."""
        return {
            "ok": self.ok,
            "gap": self.gap,
            "checks": [
                {
                    "name": check.name,
                    "ok": check.is_ok,
                    "residual": check.residual,
                    "tolerance": check.tolerance,
                }
                for check in self.checks
            ],
        }

    def __str__(self) -> str:
        n_ok = sum(check.is_ok for check in self.checks)
        lines = [
            f"{'certified' if self.ok else 'REFUSED'}: {n_ok} of {len(self.checks)} checks hold"
        ]
        lines += [
            f"  {'ok   ' if check.is_ok else 'FAILS'} {check.name}: "
            f"{check.residual:g} (at most {check.tolerance:g})"
            for check in self.checks
        ]
        return "\n".join(lines)


def require(certificate: Certificate) -> None:
    """Accept a certificate, or raise a CertificateError that names each check that failed.

    Examples
    --------
    >>> require(Certificate((Check("gap", True, 0.0, 1e-9),)))
    """
    if not certificate.ok:
        failed = [
            f"{check.name} ({check.residual:g}, at most {check.tolerance:g})"
            for check in certificate.checks
            if not check.is_ok
        ]
        raise CertificateError(
            "the independent check refused the solution: " + ", ".join(failed or ["no checks"])
        )


def worst(certificates: Iterable[Certificate]) -> Certificate:
    """Return every check at its worst over some certificates.

    Of each name it has the check that is furthest from its tolerance.

    Examples
    --------
    >>> good, bad = within("gap", 1e-12, 1e-9), within("gap", 1e-3, 1e-9)
    >>> worst([Certificate((bad,)), Certificate((good,))]).checks == (bad,)
    True
    """
    worst_by_name: dict[str, Check] = {}
    for certificate in certificates:
        for check in certificate.checks:
            other = worst_by_name.get(check.name)
            if other is None or (check.is_ok, -check.residual) < (other.is_ok, -other.residual):
                worst_by_name[check.name] = check
    return Certificate(tuple(worst_by_name.values()))


def exact(name: str, violation: float) -> Check:
    """Make a check that allows no violation: 0 where it holds.

    Examples
    --------
    >>> exact("finite", 2).is_ok
    False
    """
    return Check(name, violation == 0, float(violation), 0.0)


def within(name: str, residual: float, tolerance: float) -> Check:
    """Make a check that allows violations up to a tolerance; NaN fails.

    Examples
    --------
    >>> within("gap", 1e-12, tolerance=1e-9).is_ok
    True
    """
    return Check(name, bool(residual <= tolerance), float(residual), tolerance)
