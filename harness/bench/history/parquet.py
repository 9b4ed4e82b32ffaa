"""Runs as a Parquet file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from harness.bench.history.export import COLUMNS

__all__ = ["parquet_bytes"]

_TYPES: dict[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
}


def parquet_bytes(table: Iterable[dict[str, Any]]) -> bytes:
    """The rows as a Parquet file, with the columns and types of `COLUMNS`."""
    schema = pa.schema([(name, _TYPES[kind]) for name, kind in COLUMNS.items()])
    target = BytesIO()
    pq.write_table(pa.Table.from_pylist(list(table), schema=schema), target)
    return target.getvalue()
