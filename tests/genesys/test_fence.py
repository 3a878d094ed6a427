"""A fence is asked before each attempt at a write leaves, and around each new token; never for a read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import httpx
import pytest

from reconciler.errors import LeaseLost, Unavailable
from tests.genesys.script import Line, Script, says
from tests.support.clock import run

PATH = "/api/v2/oauth/clients/c-1"


@dataclass
class Gate:
    """Open for `count` writes; tells what it was asked."""

    count: int = 99
    renews: bool = True
    asked: list[str] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)

    def check(self) -> None:
        self.asked.append("check")
        self.count -= 1
        if self.count < 0:
            raise LeaseLost("closed")

    async def renewing(self) -> None:
        self.asked.append("renewing")
        if not self.renews:
            raise LeaseLost("closed")

    async def renewed(self, ends: float) -> None:
        self.asked.append("renewed")
        self.ends.append(ends)


def write(gate: Gate, *lines: Line, method: str = "PUT") -> Script:
    """Write once; what reached the organisation."""
    script = Script(*lines)

    async def story() -> None:
        async with script.api(fence=gate) as api:
            await api.write(method, PATH, {})

    run(story())
    return script


def test_a_closed_fence_lets_reads_through_and_no_write() -> None:
    script, gate = Script(), Gate(count=0)

    async def story() -> None:
        async with script.api(fence=gate) as api:
            await api.read(PATH)
            for method in ("PUT", "POST", "DELETE", "PATCH"):
                with pytest.raises(LeaseLost):
                    await api.write(method, PATH, {})

    run(story())
    assert [each.method for each in script.seen] == ["GET"]


def test_a_repeat_is_asked_about_like_the_first_attempt() -> None:
    gate = Gate()
    assert len(write(gate, says(503), says(429, retry_after="90"), says()).seen) == 3
    assert gate.asked.count("check") == 3


def test_what_may_have_been_carried_out_is_told_so_when_the_fence_closes_before_its_repeat() -> None:
    with pytest.raises(Unavailable, match=r"may have been carried out.*closed"):
        write(Gate(count=1), httpx.ReadTimeout("slow"), says())


def test_what_surely_was_not_carried_out_is_told_as_what_closed_the_fence() -> None:
    with pytest.raises(LeaseLost):
        write(Gate(count=1), says(429, retry_after="90"), says())


def test_a_refused_token_is_not_renewed_behind_a_closed_fence() -> None:
    """So a run that was paused, and whose token ended meanwhile, does not help itself to another."""

    class Closing(Gate):
        def check(self) -> None:
            super().check()
            self.renews = False

    with pytest.raises(LeaseLost):
        write(Closing(), says(401, {"code": "credentials.expired"}), says())


def test_the_write_after_a_renewal_is_asked_about_again() -> None:
    with pytest.raises(LeaseLost):
        write(Gate(count=1), says(401, {"code": "credentials.expired"}), says())


def test_a_tokens_end_is_told_as_late_as_it_can_be_and_before_anything_is_sent_with_it() -> None:
    gate = Gate()

    async def story() -> None:
        async with Script().api(fence=gate) as api:
            await asyncio.sleep(7)
            await api.write("PUT", PATH, {})

    run(story())
    assert gate.asked == ["renewing", "renewed", "check"]
    assert gate.ends == [pytest.approx(7.05 + 3600)]  # the script answers after 0.05 s
