"""How a run ends that an error ended: its exit code, and words."""

from __future__ import annotations

import asyncio

import click

from reconciler.cli import exits
from reconciler.errors import ReconcilerError, Unfinished
from reconciler.model.concealing import concealed


def bug(error: BaseException) -> BaseException | None:
    """What nobody foresaw in it: itself, or what left a run unfinished; None where all was foreseen."""
    if isinstance(error, Unfinished):
        return error.__cause__ or error
    return None if isinstance(error, ReconcilerError) else error


def ending(error: BaseException) -> tuple[int, str]:
    """The exit code that this error will end with, and words without anything that it may quote."""
    if isinstance(error, ReconcilerError):
        return exits.of_error(error), concealed(error.message)
    if isinstance(error, click.Abort | KeyboardInterrupt | asyncio.CancelledError):
        return exits.exit_code(exits.Facts(interrupted=True)), "interrupted"
    if isinstance(error, click.ClickException):
        return exits.exit_code(exits.Facts(usage=True)), "a usage error"
    return exits.exit_code(exits.Facts(usage=True)), f"a bug ({type(error).__name__})"
