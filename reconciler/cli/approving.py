"""How a plan is approved before it is carried out."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import click

from reconciler.cli.muting import is_heard
from reconciler.cli.signals import interrupting_at_once
from reconciler.errors import UsageError
from reconciler.model.plan import Plan
from reconciler.planning.approve import Reviewed


@dataclass(frozen=True, slots=True)
class Approval:
    """How the plan was approved: a digest, reviewed changes, in advance, or by asking.

    `instead` says what to type where nobody can be asked; `{digest}` is the plan's.
    """

    digest: str = ""
    reviewed: Reviewed | None = None
    automatic: bool = False
    instead: str = "review it, then: reconciler apply --approved sha256:{digest}"

    @property
    def asks(self) -> bool:
        """Whether a person has to say yes now."""
        return not (self.digest or self.reviewed is not None or self.automatic)


def agreed(plan: Plan, instead: str) -> bool:
    """Ask on a terminal; elsewhere an approval must have been given before."""
    said = _is_somebody_there() and _says_yes()
    if not _is_somebody_there():  # nor is whoever answered a question that was not shown
        raise UsageError("nobody is there to approve the plan", remedy=instead.format(digest=plan.digest))
    return said


def _says_yes() -> bool:
    with interrupting_at_once():
        return click.confirm("Apply this plan?", default=False, err=True)


def _is_somebody_there() -> bool:
    return sys.stdin.isatty() and is_heard()
