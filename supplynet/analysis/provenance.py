"""Where an answer comes from: input digest, options, versions, and how sure its figures are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.contract.frozen import Frozen, thawed
from supplynet.terms import CONFIDENCES

if TYPE_CHECKING:
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork


#: libraries that compute and are always there: arrays, flows and programs, HiGHS
_COMPUTING = ("numpy", "scipy", "highspy")
#: what compiles the searches where it is installed
_COMPILER = "numba"
_NOTHING = Frozen({})


@dataclass(frozen=True)
class Provenance:
    """The input and the software behind an answer. It does not change.

    Parameters
    ----------
    graph : str
        Id of the graph; empty for an answer of tables alone.
    digest : str
        SHA-256 of the network as it was solved, scenarios applied; empty without a graph.
    scenarios : tuple of str
    options : mapping of str to object
        The question's words; lists are tuples.
    versions : mapping of str to str
        Of supplynet and of every library that computes.
    build : str
        Digest of the source code that answered, see :func:`build`.
    inputs : mapping of str to object
        What was read beside a graph: names of tables, records of customs, digests of both graphs.
    """

    graph: str = ""
    digest: str = ""
    scenarios: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default=_NOTHING)
    versions: Mapping[str, str] = field(default=_NOTHING)
    build: str = ""
    inputs: Mapping[str, Any] = field(default=_NOTHING)

    def __post_init__(self) -> None:
        for name in ("options", "versions", "inputs"):
            object.__setattr__(self, name, Frozen(getattr(self, name)))

    def to_dict(self) -> dict[str, Any]:
        """All fields, for JSON."""
        return {
            "graph": self.graph or None,
            "digest": self.digest or None,
            "scenarios": list(self.scenarios),
            "options": thawed(self.options),
            "versions": thawed(self.versions),
            "build": self.build,
            **thawed(self.inputs),
        }


def provenance(question: Question, **options: Any) -> Provenance:
    """Return the provenance of an answer to a question."""
    net = question.net
    names = net.commodity.production
    draft = {} if names == "plants" else {"production": names}
    return provenance_of({**question.to_dict(), **draft, **options}, net=net)


def provenance_of(
    options: Mapping[str, Any], *, net: SupplyNetwork | None = None, **inputs: Any
) -> Provenance:
    """Return the provenance of an answer that rests on a network, on tables or on both.

    `inputs` are what was read beside it, in plain types.

    Examples
    --------
    >>> told = provenance_of({"year": 2024}, tables=["made.csv"])
    >>> told.inputs["tables"], told.graph, sorted(told.versions)[-1]
    (('made.csv',), '', 'supplynet')
    """
    return Provenance(
        graph="" if net is None else net.name,
        digest="" if net is None else net.digest,
        scenarios=() if net is None else net.applied,
        options=options,
        versions=versions(),
        build=build(),
        inputs=inputs,
    )


def versions() -> dict[str, str]:
    """Return the versions of supplynet and of the libraries that compute, the compiler's if used.

    Examples
    --------
    >>> {"highspy", "numpy", "scipy", "supplynet"} <= versions().keys()
    True
    """
    import supplynet
    from supplynet.solve.jit import is_compiled_available

    # asked of the installation: an answer of one solver need not load the others
    names = (*_COMPUTING, _COMPILER) if is_compiled_available() else _COMPUTING
    return {"supplynet": supplynet.__version__, **{name: _version(name) for name in names}}


@cache
def _version(name: str) -> str:
    """Return the version of an installed library, for which its papers must be read."""
    from importlib.metadata import version

    return version(name)


@cache
def build() -> str:
    """Return which build answers: the first 16 digits of the SHA-256 of all source files.

    The version says what was released. This distinguishes any two states of the code: installed
    from a wheel, in a checkout with edits, unpacked from an archive, all without git.

    Examples
    --------
    >>> len(build()), build() == build()
    (16, True)
    """
    import supplynet

    folder = Path(supplynet.__file__).parent
    content = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        text = path.read_bytes().replace(b"\r\n", b"\n")  # as on any system
        content.update(f"{path.relative_to(folder).as_posix()} {len(text)}\n".encode())
        content.update(text)
    return content.hexdigest()[:16]


def weakest(confidences: Iterable[str]) -> str:
    """Return the least sure of some confidences; ``"sourced"`` for none."""
    return max(confidences, key=CONFIDENCES.rank, default=CONFIDENCES.names[0])
