"""Where an answer comes from: input digest, options, versions, and how sure its figures are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from supplynet.network.schema import CONFIDENCES

if TYPE_CHECKING:
    from supplynet.analysis.question import Question

#: libraries that compute, as they are installed
_COMPUTING = ("numpy", "scipy", "highspy")


@dataclass(frozen=True)
class Provenance:
    """The input and the software behind an answer.

    Parameters
    ----------
    graph : str
        Id of the graph.
    digest : str
        SHA-256 of the network as it was solved, scenarios applied.
    scenarios : tuple of str
    options : dict
        The question's words.
    versions : dict
        Of supplynet and of the numerical libraries.
    """

    graph: str
    digest: str
    scenarios: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """All fields, for JSON."""
        return {
            "graph": self.graph,
            "digest": self.digest,
            "scenarios": list(self.scenarios),
            "options": self.options,
            "versions": self.versions,
        }


def provenance(question: Question, **options: Any) -> Provenance:
    """Return the provenance of an answer to a question."""
    net = question.net
    known = net.commodity.production
    draft = {} if known == "plants" else {"production": known}
    return Provenance(
        graph=net.name,
        digest=net.digest,
        scenarios=net.applied,
        options={**question.to_dict(), **draft, **options},
        versions=versions(),
    )


def versions() -> dict[str, str]:
    """Return the versions of supplynet and of the libraries that compute."""
    from importlib.metadata import version

    import supplynet

    # asked of the installation: an answer of one solver need not load the others
    return {"supplynet": supplynet.__version__, **{name: version(name) for name in _COMPUTING}}


def weakest(confidences: Iterable[str]) -> str:
    """Return the least sure of some confidences; ``"sourced"`` for none."""
    return max(confidences, key=CONFIDENCES.index, default=CONFIDENCES[0])
