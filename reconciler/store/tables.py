"""What the database holds, by version. A version only adds: `STEPS[n]` leads from version n to n + 1."""

from __future__ import annotations

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, MetaData, Table, Text

METADATA = MetaData()

SCHEMA = Table("reconciler_schema", METADATA, Column("version", Integer, nullable=False))
"""One row: the version of everything below."""

RUNS = Table(
    "reconciler_runs",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("org_name", Text, nullable=False),
    Column("organization_id", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("ended", Text, nullable=False),
    Column("code", Integer),
    Column("summary", Text, nullable=False),
    Column("error", Text, nullable=False),
    Index("reconciler_runs_newest", "organization_id", "started"),
)
"""One row a run. Times are ISO 8601 text, which sorts; `summary` is JSON."""

OPERATIONS = Table(
    "reconciler_operations",
    METADATA,
    Column("run", Text, ForeignKey("reconciler_runs.id"), primary_key=True),
    Column("operation", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("address", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("intended", Text, nullable=False),
    Column("concluded", Text, nullable=False),
    Column("error", Text, nullable=False),
)
"""One row a write that was announced; `concluded` is "" until it was answered."""

REPAIRS = Table(
    "reconciler_repairs",
    METADATA,
    Column("run", Text, ForeignKey("reconciler_runs.id"), primary_key=True),
    Column("address", Text, primary_key=True),
)
"""One row for each thing that a run put right after somebody had changed it."""

LEASES = Table(
    "reconciler_leases",
    METADATA,
    Column("organization_id", Text, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("run", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("since", Double, nullable=False),
    Column("expires", Double, nullable=False),
    Column("token_until", Double, nullable=False),
    Column("released", Double),
)
"""One row an organisation, never removed: its epoch only rises. Times as in `model.lease`."""

NOTICES = Table(
    "reconciler_notices",
    METADATA,
    Column("organization_id", Text, primary_key=True),
    Column("command", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
)
"""One row for each piece of news that a command told last time; what is news no more has none."""

STEPS: tuple[tuple[Table, ...], ...] = ((SCHEMA, RUNS, OPERATIONS), (REPAIRS,), (LEASES,), (NOTICES,))
"""The tables that each version adds."""

VERSION = len(STEPS)
