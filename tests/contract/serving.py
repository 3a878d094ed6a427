"""The simulator as a stranger meets it: the command, in a process of its own, on a free port of loopback."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.architecture.source import ROOT


@contextmanager
def organisation(*options: str) -> Iterator[str]:
    """The base URL of a fresh organisation without rate limit. Raises RuntimeError when it does not start."""
    command = [sys.executable, "-m", "reconciler", "simulate", "--port", "0", "--rate-limit", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            url = re.search(r"http://127\.0\.0\.1:\d+", line)
            if not url:
                raise RuntimeError(f"the simulator did not start: {line}")
            yield url[0]
        finally:
            process.terminate()
