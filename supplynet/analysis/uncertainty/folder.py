"""The raw figures of draws: as files of a study, and in memory or beside it."""

from __future__ import annotations

import json
import mmap
from dataclasses import astuple
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.jobs import Folder, gunzipped, gzipped, record_of
from supplynet.analysis.uncertainty.programs import Answered
from supplynet.analysis.uncertainty.shapes import BATCH
from supplynet.analysis.uncertainty.statistics import spread
from supplynet.arrays import Floats
from supplynet.solve.check import Certificate, Check, worst

if TYPE_CHECKING:
    from supplynet.analysis.uncertainty.plan import Prepared


def folder_of(path: Path, prepared: Prepared) -> Folder[Answered]:
    """Return where the batches of a study are kept, beside its plan and inputs."""
    names = ["|".join(map(str, (name, *row))) for name, row in prepared.outputs]
    inputs = [
        "\t".join((str(index), row.kind, row.key, row.name))
        for index, row in enumerate(prepared.rows)
    ]
    return Folder(
        path,
        record_of(prepared.plan.net, prepared.plan, prepared.plan.told()),
        lambda batch: _packed(batch, names),
        lambda index, content: _unpacked(content, index, names),
        {"inputs.csv.gz": gzipped("\n".join(["place\tkind\tkey\tname", *inputs, ""]))},
    )


def _packed(batch: Answered, names: list[str]) -> bytes:
    """Return a batch as text: what was checked, the figures, then a line a draw."""
    checks = [astuple(check) for check in batch.certificate.checks]
    record = {"programs": batch.n_programs, "checks": checks}
    head = [f"# {json.dumps(record)}", "\t".join(["draw", *names])]
    first = batch.number * BATCH
    lines = [
        "\t".join([str(first + index), *map(repr, row)])
        for index, row in enumerate(batch.values.tolist())
    ]
    return gzipped("\n".join([*head, *lines, ""]))


def _unpacked(content: bytes, index: int, names: list[str]) -> Answered:
    """Return a batch from the bytes of its file."""
    sentence, head, *lines = gunzipped(content).splitlines()
    if head.split("\t")[1:] != names or len(lines) != BATCH:
        raise ValueError("its figures or draws are others")
    values = np.array([[float(cell) for cell in line.split("\t")[1:]] for line in lines])
    entries = json.loads(sentence.removeprefix("# "))
    checks = tuple(Check(*entry) for entry in entries["checks"])
    return Answered(values, Certificate(checks), entries["programs"], index)


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
