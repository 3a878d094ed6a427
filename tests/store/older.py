"""Databases as older versions made them, in their words and with no table of today."""

from __future__ import annotations

from sqlalchemy import Connection, text

from tests.store.kept import ORG_ID

_THEN = "2026-10-01T09:00:00.000Z"
RUN = "2026-10-01T09:00:00Z-0a1b2c"
BORN, LOST = "acme/client/metrics", "acme/client/archive"
MENDED = "acme/division/us"
EPOCH = 7

FIRST = f"""\
CREATE TABLE reconciler_schema (version INTEGER NOT NULL);
CREATE TABLE reconciler_runs (id TEXT NOT NULL, org_name TEXT NOT NULL, organization_id TEXT NOT NULL,
 command TEXT NOT NULL, tool TEXT NOT NULL, actor TEXT NOT NULL, started TEXT NOT NULL, digest TEXT NOT NULL,
 ended TEXT NOT NULL, code INTEGER, summary TEXT NOT NULL, error TEXT NOT NULL, PRIMARY KEY (id));
CREATE INDEX reconciler_runs_newest ON reconciler_runs (organization_id, started);
CREATE TABLE reconciler_operations (run TEXT NOT NULL, operation TEXT NOT NULL, number INTEGER NOT NULL,
 address TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, nonce TEXT NOT NULL, intended TEXT NOT NULL,
 concluded TEXT NOT NULL, error TEXT NOT NULL, PRIMARY KEY (run, operation),
 FOREIGN KEY(run) REFERENCES reconciler_runs (id));
INSERT INTO reconciler_runs VALUES ('{RUN}', 'northwind', '{ORG_ID}', 'apply', 'reconciler 0.1', 'dana@desk',
 '{_THEN}', 'd1', '{_THEN}', 5, '{{"created": 1, "failed": 1}}', 'one of two');
INSERT INTO reconciler_operations VALUES
 ('{RUN}', '{BORN}#create', 1, '{BORN}', 'POST', '/api/v2/oauth/clients', 'n1', '{_THEN}', '{_THEN}', ''),
 ('{RUN}', '{LOST}#create', 2, '{LOST}', 'POST', '/api/v2/oauth/clients', 'n2', '{_THEN}', '', '');
"""
"""A run that was put down, with a write that was answered and one that nobody heard of."""

SECOND = f"""\
CREATE TABLE reconciler_repairs (run TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (run, address),
 FOREIGN KEY(run) REFERENCES reconciler_runs (id));
INSERT INTO reconciler_repairs VALUES ('{RUN}', '{MENDED}');
"""

THIRD = f"""\
CREATE TABLE reconciler_leases (organization_id TEXT NOT NULL, epoch INTEGER NOT NULL, run TEXT NOT NULL,
 actor TEXT NOT NULL, host TEXT NOT NULL, since DOUBLE PRECISION NOT NULL, expires DOUBLE PRECISION NOT NULL,
 token_until DOUBLE PRECISION NOT NULL, released DOUBLE PRECISION, PRIMARY KEY (organization_id));
INSERT INTO reconciler_leases VALUES ('{ORG_ID}', {EPOCH}, '', 'dana@laptop', 'laptop', 1.0, 2.0, 3.0, 4.0);
"""

OLDER = (FIRST, SECOND, THIRD)
"""What each version before the present one added, and a row of each of its tables."""


def make(connection: Connection, version: int) -> None:
    """The database as that version left it."""
    words = "".join(OLDER[:version])
    if connection.dialect.name == "sqlite":
        words = words.replace("DOUBLE PRECISION", "DOUBLE")
    for statement in filter(str.strip, words.split(";")):
        connection.exec_driver_sql(statement)
    connection.execute(text("INSERT INTO reconciler_schema VALUES (:version)"), {"version": version})
