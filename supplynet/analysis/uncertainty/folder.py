"""A study as a folder: its plan, a file a batch, and a manifest when it is done.

Whenever it is killed, what is whole stays, and the same study goes on from there: a batch is
written under another name and moved into place, and its bytes depend on plan and number alone.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import mmap
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.provenance import build, versions
from supplynet.analysis.uncertainty.plan import in_order
from supplynet.analysis.uncertainty.programs import Answered
from supplynet.analysis.uncertainty.shapes import BATCH
from supplynet.analysis.uncertainty.statistics import spread
from supplynet.arrays import Floats
from supplynet.errors import DataError
from supplynet.files import explained, write_bytes
from supplynet.network.schema import TABLES
from supplynet.solve.check import Certificate, Check, worst

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from supplynet.analysis.uncertainty.plan import Plan, Prepared

PLAN, INPUTS, MANIFEST = "plan.json", "inputs.csv.gz", "manifest.json"
# differences that are reported
_TOLD = 6
# digits of a SHA-256, and how many of them are reported
_SHA256, _DIGITS = 64, 8


class Folder:
    """Where the batches of a study are kept.

    Parameters
    ----------
    path : pathlib.Path
        Made where it is not there.

    Raises
    ------
    DataError
        If it holds another study: of another graph, question or version.
    OutputError
        If it cannot be written.
    """

    def __init__(self, path: Path, prepared: Prepared) -> None:
        self.path = path
        self.names = ["|".join(map(str, (name, *row))) for name, row in prepared.outputs]
        record = plan_of(prepared.plan)
        with explained(path):
            path.mkdir(parents=True, exist_ok=True)
        names = path / PLAN
        if names.exists():
            _require_same(path, json.loads(names.read_text("utf-8")), record)
        else:
            # one that was killed before its plan was written has at most its inputs, whole or not
            if any(file.name != INPUTS and not file.match(".*.tmp") for file in path.iterdir()):
                raise DataError(
                    f"{path}: holds files that are of no study",
                    hint="name a folder of its own, or one that is not there",
                )
            write_bytes(path / INPUTS, _inputs(prepared))
            write_bytes(names, _json(record))

    def holds(self, index: int) -> bool:
        """Whether a batch was worked out before."""
        return self._file(index).exists()

    def batch(self, index: int) -> Answered:
        """Return a batch that was worked out before."""
        return _read(self._file(index), index, self.names)

    def keep(self, batch: Answered) -> None:
        """Write a batch: whole, or not at all."""
        write_bytes(self._file(batch.number), _written(batch, self.names))

    def finish(self, n_batches: int) -> None:
        """Write the manifest: every file with its SHA-256, and drop what the study did not need."""
        for stale in self.path.glob(".*.tmp"):
            stale.unlink(missing_ok=True)
        for path in sorted(self.path.glob("batch-*.csv.gz")):
            if int(path.name[6:12]) >= n_batches:
                path.unlink()
        files = [PLAN, INPUTS, *(self._file(index).name for index in range(n_batches))]
        digests = {name: _digest((self.path / name).read_bytes()) for name in files}
        record = {"draws": n_batches * BATCH, "batches": n_batches, "files": digests}
        write_bytes(self.path / MANIFEST, _json(record))

    def _file(self, index: int) -> Path:
        return self.path / f"batch-{index:06d}.csv.gz"


def plan_of(plan: Plan) -> dict[str, Any]:
    """Return what makes a study the same: graph, table by table, question and versions."""
    net = plan.net
    tables = {
        name: _digest("\n".join(row.model_dump_json() for row in net.rows(name)).encode())
        for name in TABLES
        if net.rows(name)
    }
    return {
        "format": 1,
        "digest": plan.digest,
        "graph": net.name,
        "metadata": _digest(net.metadata.model_dump_json().encode()),
        "tables": tables,
        **plan.told(),
        "versions": versions(),
        "build": build(),
    }


def _require_same(path: Path, entries: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """Refuse to go on with a study that is another, and say in what."""
    flat = [
        dict(_flat("", entry)) for entry in (entries, json.loads(json.dumps(record, default=str)))
    ]
    names = [name for name in dict.fromkeys((*flat[0], *flat[1])) if name != "digest"]
    differ = [name for name in names if flat[0].get(name) != flat[1].get(name)]
    if differ:
        lines = [
            f"{name}: {_brief(flat[0].get(name))} there, {_brief(flat[1].get(name))} now"
            for name in differ[:_TOLD]
        ]
        if len(differ) > _TOLD:
            lines.append(f"and {len(differ) - _TOLD} more")
        raise DataError(
            f"{path}: holds another study\n  " + "\n  ".join(lines),
            hint="name another folder, or take this one away",
        )


def _brief(value: Any) -> str:
    """Return a value as it is reported; of a digest its first digits."""
    text = "nothing" if value is None else str(value)
    return text[:_DIGITS] if len(text) == _SHA256 else text


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what stands in nested mappings, by path."""
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from _flat(f"{prefix} {name}".strip(), entry)
    else:
        yield prefix, value


def _inputs(prepared: Prepared) -> bytes:
    """Return the inputs of the draws, one a line."""
    lines = [
        "\t".join((str(index), row.kind, row.key, row.name))
        for index, row in enumerate(prepared.rows)
    ]
    return _packed("\n".join(["place\tkind\tkey\tname", *lines, ""]))


def _written(batch: Answered, names: list[str]) -> bytes:
    """Return a batch as text: what was checked, the figures, then a line a draw."""
    checks = [astuple(check) for check in batch.certificate.checks]
    record = {"programs": batch.n_programs, "checks": checks}
    head = [f"# {json.dumps(record)}", "\t".join(["draw", *names])]
    first = batch.number * BATCH
    lines = [
        "\t".join([str(first + index), *map(repr, row)])
        for index, row in enumerate(batch.values.tolist())
    ]
    return _packed("\n".join([*head, *lines, ""]))


def _read(path: Path, index: int, names: list[str]) -> Answered:
    """Return a batch from its file."""
    try:
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
        sentence, head, *lines = text.splitlines()
        if head.split("\t")[1:] != names or len(lines) != BATCH:
            raise ValueError("its figures or draws are others")
        values = np.array([[float(cell) for cell in line.split("\t")[1:]] for line in lines])
        entries = json.loads(sentence.removeprefix("# "))
        checks = tuple(Check(*entry) for entry in entries["checks"])
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{path}: is no batch of this study: {error}", hint="take the file away and run again"
        ) from error
    return Answered(values, Certificate(checks), entries["programs"], index)


def _packed(text: str) -> bytes:
    """Return text compressed, without a time, so that the same text gives the same bytes."""
    return gzip.compress(text.encode("utf-8"), mtime=0)


def _json(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, indent=2, sort_keys=True, default=str) + "\n").encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


#: bytes of raw draws that are held in memory: 4,096 draws of 1,000 figures
HELD = 2**25
# batches before it is asked how well a figure is known: fewer say little of how they differ
_FIRST = 8


class Raw:
    """Batches of draws, added one by one.

    Once they take more than :data:`HELD` bytes they lie in a file without a name, which the
    system drops with the process: figures are read from it column by column, so that memory does
    not grow with the draws.

    Examples
    --------
    >>> with Raw() as raw:
    ...     raw.add(Answered(np.array([[1.0], [2.0]]), Certificate(()), 2))
    ...     raw.n_batches, raw.n_programs, raw.values().tolist()
    (1, 2, [[[1.0], [2.0]]])
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115  closed at the end
        self._leading: list[Floats] = []
        self._shape = (0, 0)
        self.n_batches = self.n_programs = 0
        #: every check at its worst so far
        self.certificate = Certificate(())

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *problem: object) -> None:
        self._file.close()  # what was mapped of it stays

    def add(self, batch: Answered) -> None:
        """Take in what came of a batch."""
        self._shape = (batch.values.shape[0], batch.values.shape[1])
        self._file.write(np.ascontiguousarray(batch.values, dtype=np.float64).tobytes())
        if batch.values.shape[1]:
            self._leading.append(batch.values[:, 0].copy())
        self.n_batches += 1
        self.n_programs += batch.n_programs
        self.certificate = worst((self.certificate, batch.certificate))

    def is_known(self, until: float) -> bool:
        """Whether P10 and P90 of the first figure are known well enough to stop."""
        if len(self._leading) < _FIRST:
            return False
        precision = spread(np.stack(self._leading)).precision
        return precision is not None and precision <= until

    def values(self) -> Floats:
        """Return all draws, shape (n_batches, n_draws, n_outputs); not to be written to."""
        shape = (self.n_batches, *self._shape)
        size = 8 * int(np.prod(shape))
        if not size:
            return np.zeros(shape)
        self._file.flush()
        self._file.seek(0)
        if size <= HELD:
            return np.frombuffer(self._file.read(), dtype=np.float64).reshape(shape)
        mapped = mmap.mmap(self._file.fileno(), size, access=mmap.ACCESS_READ)
        return np.frombuffer(mapped, dtype=np.float64).reshape(shape)


def batches(
    prepared: Prepared,
    n_batches: int,
    folder: Folder | None,
    workers: int,
    executor: Executor | None,
) -> Iterator[Answered]:
    """Yield batches in order: those that a folder holds, and the others as they are worked out."""
    members = [folder is not None and folder.holds(count) for count in range(n_batches)]
    missing = (position for position, is_held in enumerate(members) if not is_held)
    worked = in_order(prepared, missing, workers=workers, executor=executor)
    try:
        for index, is_held in enumerate(members):
            if folder is not None and is_held:
                yield folder.batch(index)
                continue
            batch = next(worked)
            if folder is not None:
                folder.keep(batch)
            yield batch
    finally:
        worked.close()
