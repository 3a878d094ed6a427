"""Load from a public generator: `python -m tests.benchmarks.load` has wrk ask a served organisation.

Prints requests a second and requests per second of the server's processor time, which is what one core
could do. wrk is a Debian package (apt-get install wrk).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.benchmarks.many import ENTITIES, seed_text

SECONDS = 5
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Measure; the exit code."""
    if shutil.which("wrk") is None:
        print("wrk is not installed: apt-get install wrk", file=sys.stderr)
        return 1
    print(f"{ENTITIES:,} of each kind, {SECONDS} s each, 16 connections\n")
    print(f"{'requests/s':>12}{'per core':>12}{'bytes':>10}  path")
    with served() as (base, process):
        headers = _signed_in(base)
        for path in _paths(base, headers):
            answer = httpx.get(base + path, headers=headers)
            answer.raise_for_status()
            told, used = _wrk(base + path, headers, process)
            print(f"{told / SECONDS:>12,.0f}{told / used:>12,.0f}{len(answer.content):>10,}  {path}")
    return 0


@contextmanager
def served() -> Iterator[tuple[str, int]]:
    """A simulator in a process of its own: where it answers, and the process."""
    with tempfile.TemporaryDirectory() as place:
        seed = Path(place, "many.yaml")
        seed.write_text(seed_text(ENTITIES), encoding="utf-8")
        command = [sys.executable, "-c", "from reconciler.cli.main import main; main()", "simulate"]
        command += ["--org", str(seed), "--port", "0", "--rate-limit", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
            assert found is not None
            yield found.group(), server.pid
            server.terminate()


def _signed_in(base: str) -> dict[str, str]:
    answer = httpx.post(
        f"{base}/oauth/token", data={"grant_type": "client_credentials"}, auth=("reader", "reader-secret")
    )
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


def _paths(base: str, headers: dict[str, str]) -> Iterator[str]:
    """One object, then pages of a hundred."""
    for collection in ("authorization/divisions", "authorization/roles", "routing/queues", "users"):
        page = f"/api/v2/{collection}?pageSize=100&pageNumber=2"
        first = httpx.get(base + page, headers=headers).json()["entities"][0]["id"]
        yield f"/api/v2/{collection}/{first}"
        yield page


def _wrk(url: str, headers: dict[str, str], process: int) -> tuple[int, float]:
    """How many answers came, all of them good, and the processor seconds the server spent on them."""
    said = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    before = _spent(process)
    done = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{SECONDS}s", *said, url], check=True, capture_output=True, text=True
    )
    assert "Non-2xx" not in done.stdout, done.stdout
    told = re.search(r"(\d+) requests in", done.stdout)
    assert told is not None
    return int(told.group(1)), _spent(process) - before


def _spent(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


if __name__ == "__main__":
    sys.exit(main())
