"""Runs and intents to keep, and databases to keep them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reconciler.model.address import Address
from reconciler.model.history import Intent, Run, moment
from reconciler.store.archive import Archive
from reconciler.store.journal import SqlJournal
from reconciler.store.place import File, Server

START = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
ORG_ID = "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"


def now() -> datetime:
    """The same moment every time."""
    return START


def run(number: int = 1, **more: Any) -> Run:
    """A run; each number is a minute later."""
    began = START + timedelta(minutes=number)
    whole = Run(
        id=f"{began:%Y-%m-%dT%H:%M:%SZ}-{number:06x}",
        org_name="northwind",
        organization_id=ORG_ID,
        command="apply",
        tool="reconciler 0.1.0",
        actor="dana@laptop",
        started=moment(began),
        digest="0123456789abcdef" * 4,
    )
    return replace(whole, **more)


def intent(number: int = 1, **more: Any) -> Intent:
    """A birth that is announced."""
    address = Address("acme", "client", f"metrics-{number}")
    return Intent(f"{address}#create", address, "POST", "/api/v2/oauth/clients", "3f9c1a7b")._replace(**more)


def journal(
    place: File | Server, told: list[str] | None = None, now: Callable[[], datetime] = now
) -> SqlJournal:
    """The journal there; `told` hears what people are told."""
    return SqlJournal(place, now, (told if told is not None else list[str]()).append)


def ids(place: File | Server) -> list[str]:
    """Every run that is kept there, newest first."""
    return [each.id for each in Archive(place).newest("", 1000)[0]]


def file(directory: Path) -> File:
    """A file that is not there yet, in a directory that is not there yet."""
    return File(directory / "state" / "history.sqlite")


def file_with_a_run(where: Path) -> File:
    """A file below `where` with one run in it."""
    made = file(where)
    book = journal(made)
    book.begin(run())
    book.close()
    return made
