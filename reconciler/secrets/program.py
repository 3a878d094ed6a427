"""Somebody else's program: without a shell, without our credentials, and not for ever."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

_OURS = ("GENESYSCLOUD_", "RECONCILER_", "PGPASSWORD")


class Ran(NamedTuple):
    """How it ended: `code` is None where its time was over. `said` is its standard output, for us alone."""

    code: int | None
    said: bytes


def without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment that holds none of our own credentials."""
    return {key: value for key, value in environment.items() if not key.startswith(_OURS)}


def run(argv: Sequence[str], given: bytes, seconds: float, environment: Mapping[str, str]) -> Ran:
    """Run it to its end, `given` on its standard input. Raises OSError where it cannot be started."""
    process = subprocess.Popen(
        argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # Ctrl-C is ours to handle: a secret in hand is still delivered
    )
    try:
        said, _ = process.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        return Ran(None, b"")
    except BaseException:
        _end(process)
        raise
    return Ran(process.returncode, said)


def _end(process: subprocess.Popen[bytes]) -> None:
    """With everything that it started: a child would keep the pipe, and the secret."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream:
            with suppress(OSError):
                stream.close()
    process.wait()
