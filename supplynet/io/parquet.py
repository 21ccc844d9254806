"""Tables as Parquet: rows as in CSV, in fewer bytes and read by columns.

A column holds text or numbers, as it means in CSV, and a null is an empty cell. Rows are numbered
as in CSV, where the first one stands in row 2, below the names of columns.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from supplynet import limits
from supplynet.errors import LimitError, requires_extra
from supplynet.io.tables import (
    LARGE,
    Numbered,
    checked_header,
    columns_of,
    holds,
    is_own,
    records_of,
    text_columns,
    texts_of,
    validated,
)
from supplynet.network.problems import Problem
from supplynet.network.schema import Columns, Row

if TYPE_CHECKING:
    from supplynet.arrays import Ints

_EXTRA = "large", "a table as Parquet"


def read_parquet(
    content: bytes, model: type[Row], file: str, problems: list[Problem]
) -> Numbered | Columns[Row]:
    """Return the rows of a table, by columns where it is large.

    Needs the extra ``large``. Faults are added to `problems`; a table with any fault has no rows.
    What is beyond the bounds is a LimitError.
    """
    import numpy as np

    with requires_extra(*_EXTRA):
        import pyarrow as pa
        import pyarrow.parquet as pq
    try:
        names = _names(pq.ParquetFile(pa.BufferReader(content)), model, file, problems)
        # Text is read as its different values: else a small file could fill the memory.
        source = pq.ParquetFile(
            pa.BufferReader(content),
            read_dictionary=[own for own, name in names.items() if name in text_columns(model)],
            page_checksum_verification=True,
        )
        table = source.read([*names], use_threads=False).rename_columns([*names.values()])
        table.validate(full=True)  # codes of a damaged page may lie beyond its texts
        encoded = list(_encoded(table))
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).partition("\n")[0][:200]
        problems.append(Problem("unreadable", f"not a sound Parquet file ({reason})", file=file))
        return []
    lengths = (np.fromiter(map(len, texts), np.int64)[codes] for _, codes, texts in encoded)
    n_chars = sum(int(length.sum()) for length in lengths)
    if n_chars > limits.MAX_ZIP_BYTES:
        raise LimitError(f"{file}: unpacks to more than {limits.MAX_ZIP_BYTES:,} bytes")
    by_columns = columns_of(encoded, model, is_guarded=False) if n_chars >= LARGE else None
    if by_columns is not None:
        return by_columns
    cells = ([texts[code] for code in codes.tolist()] for _, codes, texts in encoded)
    lines = enumerate(zip(*cells, strict=True), start=2)
    places, records = records_of([*names.values()], lines, model, file, problems, is_guarded=False)
    return validated(places, records, model, file, problems, keeps_sound=False)


def _names(source: Any, model: type[Row], file: str, problems: list[Problem]) -> dict[str, str]:
    """Return the columns that are read, by their names there; none if any has a wrong type."""
    from pyarrow import types

    limits.require_rows(source.metadata.num_rows, file)
    schema, before, read = source.schema_arrow, len(problems), {}
    names = checked_header(schema.names, model, file, problems)
    for own, name in zip(schema.names, names, strict=bool(names)):
        if is_own(name):
            continue
        read[own], kind = name, schema.field(own).type
        kind = kind.value_type if types.is_dictionary(kind) else kind
        if name in text_columns(model):
            is_right, wanted = "string" in str(kind) and not types.is_nested(kind), "text"
        else:
            is_right, wanted = types.is_integer(kind) or types.is_floating(kind), "numbers"
            is_right = is_right or types.is_decimal(kind)
        if not (is_right or types.is_null(kind)):
            message, hint = f"the column holds {kind}", f"it may hold {wanted}, or nothing"
            problems.append(Problem("wrong-type", message, file=file, column=name, hint=hint))
    return read if len(problems) == before else {}


def _encoded(table: Any) -> Iterator[tuple[str, Ints, list[str]]]:
    """Yield of each column the places of its cells among their texts, and these."""
    import pyarrow as pa

    for name, column in zip(table.column_names, table.columns, strict=True):
        is_coded = pa.types.is_dictionary(column.type)
        text = column if is_coded else column.cast(pa.string()).dictionary_encode()
        whole = text.unify_dictionaries().combine_chunks()
        codes, texts = whole.indices, whole.dictionary.to_pylist()
        if codes.null_count:
            codes, texts = codes.fill_null(len(texts)), [*texts, ""]
        yield name, codes.to_numpy(), texts


def write_parquet(rows: Sequence[Row], model: type[Row]) -> bytes:
    """Return rows as a Parquet file that :func:`read_parquet` reads back to equal rows.

    Columns are the model's fields in order: text, whole numbers or floats; an empty cell is null.
    A TableError refuses what :func:`supplynet.io.tables.write_rows` refuses.
    """
    with requires_extra(*_EXTRA):
        import pyarrow as pa
        import pyarrow.parquet as pq
    arrays = {}
    for name, codes, texts in texts_of(rows, model, is_guarded=False):
        kind = model.model_fields[name].annotation
        number = pa.float64() if holds(kind, float) else pa.int64()
        values = pa.array([text or None for text in texts], pa.string())
        values = values if name in text_columns(model) else values.cast(number)
        arrays[name] = values.take(pa.array(codes))
    sink = io.BytesIO()
    # Checksums tell a damaged page from a sound one.
    pq.write_table(
        pa.table(arrays), sink, compression="zstd", store_schema=False, write_page_checksum=True
    )
    return sink.getvalue()
