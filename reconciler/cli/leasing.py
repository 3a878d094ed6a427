"""One writer at a time: the lease around everything that a command sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import click

from reconciler.cli.console import say
from reconciler.errors import LeaseError, OrgError
from reconciler.model.lease import Claim, Taken
from reconciler.wiring import Session

PARTING_SECONDS = 10.0
"""How long ending a token may hold up the end of a run."""

wait_option = click.option(
    "--wait",
    type=click.IntRange(min=0),
    metavar="SECONDS",
    help="How long to wait for another run that holds the lease (default: not at all while it lives; up to "
    "1000 s for one that died).",
)
"""How patient a command is with other runs."""


@asynccontextmanager
async def one_writer(session: Session, claim: Claim, wait: float | None) -> AsyncIterator[Taken]:
    """No other run writes while this is open. Raises `LeaseHeld` and `JournalError`.

    Where others would have to wait for our token to end, it is ended on the way out.
    """
    async with session.lease.held(claim, wait, say) as taken:
        if not session.lease.enforced:
            say("single writer not enforced: RECONCILER_STATE is off")
        try:
            yield taken
        finally:
            if session.lease.fenced:
                with suppress(OrgError, LeaseError, TimeoutError):  # nothing is sent with it any more anyway
                    async with asyncio.timeout(PARTING_SECONDS):
                        await session.api.give_back()
