"""The raw figures of draws: as files of a study, and in memory or beside it."""

from __future__ import annotations

import json
import mmap
from dataclasses import astuple
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.jobs import Folder, gzipped
from supplynet.analysis.uncertainty.programs import Answered
from supplynet.analysis.uncertainty.statistics import spread
from supplynet.arrays import Floats
from supplynet.solve.check import Certificate, Check, worst

if TYPE_CHECKING:
    from supplynet.analysis.uncertainty.plan import Prepared


def folder_of(path: Path, prepared: Prepared) -> Folder[Answered]:
    """Return where the batches of a study are kept, beside its plan and inputs."""
    names = ["|".join(map(str, (name, *row))) for name, row in prepared.outputs]
    n_draws = prepared.plan.piece
    inputs = [
        "\t".join((str(index), row.kind, row.key, row.name))
        for index, row in enumerate(prepared.rows)
    ]
    return Folder(
        path,
        prepared.plan,
        lambda batch: _packed(batch, names),
        lambda index, text: _unpacked(text, index, names, n_draws),
        {"inputs.csv.gz": gzipped("\n".join(["place\tkind\tkey\tname", *inputs, ""]))},
    )


def _packed(batch: Answered, names: list[str]) -> str:
    """Return a batch as text: what was checked, the figures, then a line a draw."""
    checks = [astuple(check) for check in batch.certificate.checks]
    record = {"programs": batch.n_programs, "checks": checks}
    head = [f"# {json.dumps(record)}", "\t".join(["draw", *names])]
    first = batch.number * len(batch.values)
    lines = [
        "\t".join([str(first + index), *map(repr, row)])
        for index, row in enumerate(batch.values.tolist())
    ]
    return "\n".join([*head, *lines, ""])


def _unpacked(text: str, index: int, names: list[str], n_draws: int) -> Answered:
    """Return a batch from the text of its file."""
    sentence, head, *lines = text.splitlines()
    if head.split("\t")[1:] != names or len(lines) != n_draws:
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
    """Batches of so many draws, added whole or piece by piece.

    Once they take more than :data:`HELD` bytes they lie in a file without a name, which the
    system drops with the process: figures are read from it column by column, so that memory does
    not grow with the draws.

    Examples
    --------
    >>> with Raw(2) as raw:
    ...     raw.add(Answered(np.array([[1.0], [2.0]]), Certificate(()), 2))
    ...     raw.n_draws, raw.n_programs, raw.values().tolist()
    (2, 2, [[[1.0], [2.0]]])
    """

    def __init__(self, batch: int) -> None:
        self._file = SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115  closed at the end
        self._leading: list[Floats] = []
        self._batch, self._n_outputs = batch, 0
        self.n_draws = self.n_programs = 0
        #: every check at its worst so far
        self.certificate = Certificate(())

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *problem: object) -> None:
        self._file.close()  # what was mapped of it stays

    def add(self, batch: Answered) -> None:
        """Take in what came of a batch, or of a piece of it."""
        n_draws, self._n_outputs = batch.values.shape
        self._file.write(np.ascontiguousarray(batch.values, dtype=np.float64).tobytes())
        if self._n_outputs:
            self._leading.append(batch.values[:, 0].copy())
        self.n_draws += n_draws
        self.n_programs += batch.n_programs
        self.certificate = worst((self.certificate, batch.certificate))

    def is_known(self, until: float) -> bool:
        """Whether P10 and P90 of the first figure are known well enough to stop."""
        if self.n_draws < _FIRST * self._batch or self.n_draws % self._batch:
            return False
        leading = np.concatenate(self._leading).reshape(-1, self._batch)
        precision = spread(leading).precision
        return precision is not None and precision <= until

    def values(self) -> Floats:
        """Return all draws, shape (n_batches, n_draws, n_outputs); not to be written to."""
        shape = (self.n_draws // self._batch, self._batch, self._n_outputs)
        size = 8 * int(np.prod(shape))
        if not size:
            return np.zeros(shape)
        self._file.flush()
        self._file.seek(0)
        if size <= HELD:
            return np.frombuffer(self._file.read(), dtype=np.float64).reshape(shape)
        mapped = mmap.mmap(self._file.fileno(), size, access=mmap.ACCESS_READ)
        return np.frombuffer(mapped, dtype=np.float64).reshape(shape)
