"""The tables of a history, and the version that says which release may read them.

A run and a job are kept whole, as JSON text in ASCII, which every database gives back as it was; what stands
in columns beside it is for finding and ordering.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Table, Text, UniqueConstraint

__all__ = ["JOBS", "RUNS", "TABLES", "VERSION", "VERSIONS"]

VERSION = 1

TABLES = MetaData()

VERSIONS = Table("harness_schema", TABLES, Column("version", Integer, nullable=False))

RUNS = Table(
    "harness_runs",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("created_at", Text, nullable=False, index=True),  # UTC, ISO 8601 with microseconds: text sorts
    Column("finished_at", Text),
    Column("provenance", Text, nullable=False),
    Column("plan_digest", Text, nullable=False),
    Column("document", Text, nullable=False),  # harness.bench-record/1, unfinished and without jobs
)

JOBS = Table(
    "harness_jobs",
    TABLES,
    # Numbers grow in the order in which jobs were kept.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("run_id", Text, ForeignKey(RUNS.c.id), nullable=False),
    Column("id", Text, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("run_id", "id"),
)
