"""Leases to keep in a test's own hands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler.errors import JournalError, LeaseLost
from reconciler.model.lease import Claim, Held, Lease, Taken

CLAIM = Claim("org-1", "northwind", "run-2", "dana@laptop", "laptop")
MARIA = Lease(7, "run-1", "maria@desk", "desk", since=0.0, expires=240.0, token_until=300.0)


@dataclass
class Store:
    """A `LeaseStore` that tells what it was asked.

    `answers` come before it is free, which it says it was for `quiet` seconds; `fails` ends a beat.
    """

    fenced: bool = True
    enforced: bool = True
    answers: list[Held] = field(default_factory=list)
    quiet: float = 0.0
    fails: JournalError | LeaseLost | None = None
    refuses: JournalError | None = None
    asked: list[str] = field(default_factory=list)
    token_seconds: list[float] = field(default_factory=list)
    on_beat: Callable[[], None] = lambda: None

    def take(self, claim: Claim, token_seconds: float) -> Taken | Held:
        self.asked.append("take")
        self.token_seconds.append(token_seconds)
        return self.answers.pop(0) if self.answers else Taken(8, self.quiet)

    def beat(self, token_seconds: float) -> None:
        self.asked.append("beat")
        self.token_seconds.append(token_seconds)
        self.on_beat()
        if self.fails:
            raise self.fails

    def check(self) -> None:
        pass

    def release(self) -> None:
        self.asked.append("release")
        if self.refuses:
            raise self.refuses

    def close(self) -> None:
        self.asked.append("close")
