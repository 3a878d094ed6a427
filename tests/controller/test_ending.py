"""The controller is stopped while a correction ends: what was done is told as done."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from reconciler.engine.watching import Watching
from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from reconciler.store.archive import Archive
from reconciler.store.lease_file import FileLease
from reconciler.store.place import File
from tests.controller.fleet import Fleet, site_of


def test_a_correction_that_is_done_is_not_interrupted_while_it_gives_token_and_lease_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet = Fleet(tmp_path, monkeypatch, "downwards")
    monkeypatch.setattr(FileLease, "fenced", True)  # as on a server, where others wait for tokens to end
    (site,) = fleet.sites
    respond, endings = site.sim.respond, 0

    def stopping(request: Request) -> Outcome:
        nonlocal endings
        if (request.method, request.path) == ("DELETE", "/api/v2/tokens/me"):
            endings += 1
            assert fleet.stop is not None
            fleet.stop.set()
        return respond(request)

    monkeypatch.setattr(site.sim, "respond", stopping)

    async def story(made: Watching) -> None:
        await asyncio.sleep(10)
        site.leak()
        await asyncio.sleep(2000)

    made = fleet.play(900.0, story)
    assert endings == 1 and site.held("acme-pull") == {"ACME"}
    assert site_of(fleet, made).last.ending == "corrected"
    kept = Archive(File(tmp_path / "history.sqlite")).newest("", 1)[0][0]
    assert (kept.command, kept.code, kept.error, kept.summary["revoked"]) == ("controller", 0, "", 1)
