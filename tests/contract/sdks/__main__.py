"""The same story by each of the vendor's SDKs against a simulated organisation: `make contract`.

Exit 0 when both tell it whole and leave the same organisation, or when an SDK cannot be had (then it says
`skipped`); 1 otherwise. Arguments go to uv, which installs the Python SDK.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.architecture.source import ROOT
from tests.contract import install
from tests.contract.sdks import compare
from tests.contract.serving import organisation

HERE = Path(__file__).parent
STORY, PYTHON_PINS, NODE_PINS = HERE / "story.yaml", HERE / "requirements.txt", HERE / "package.json"
ORGANISATION = HERE / "organisation.yaml"
OLDER = "JavaScript SDK"
_MOST = 120.0
"""Seconds that a telling may take; it takes a few."""
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")
"""All that a teller gets of our environment: no proxy, no credentials, no configuration file in a home."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Telling:
    """How one SDK told the story: its lines, the state it left, and what is wrong."""

    lines: list[Row]
    state: Row
    wrong: list[str]

    @property
    def whole(self) -> bool:
        """Whether it came to the end."""
        return len(self.lines) == len(story()) + 1


def story() -> list[Row]:
    """The steps."""
    steps: list[Row] = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    return steps


def tell(command: list[str], older: bool) -> Telling:
    """One SDK tells the story to an organisation of its own."""
    start = datetime.now(UTC).isoformat()
    with organisation("--org", str(ORGANISATION)) as base:
        said, complaints = _run(command, base)
        lines = [json.loads(line) for line in said.splitlines()]
        asked = httpx.get(f"{base}/_simulator/requests").json()["total"]
        if complaints or asked != len(lines) - 1:
            complaints.append(f"the simulator saw {asked} requests for {len(lines) - 1} steps")
        state = httpx.get(f"{base}/_simulator/state").json()
    wrong = [*compare.mistakes(lines, story(), older), *complaints]
    return Telling(lines, compare.timeless(state, start), wrong)


def _run(command: list[str], base: str) -> tuple[str, list[str]]:
    """What a teller said on stdout, and why it ended early."""
    given = json.dumps({"base": base, "steps": story()})
    with tempfile.TemporaryDirectory() as home:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {"HOME": home}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, input=given, capture_output=True, text=True, timeout=_MOST
        )
    return done.stdout, [f"ended with {done.returncode}: {done.stderr.strip()}"] if done.returncode else []


def _python(options: list[str]) -> list[str]:
    return [str(install.python("python", PYTHON_PINS, options)), "-m", "tests.contract.sdks.tell"]


def _javascript() -> list[str]:
    program, home = install.node("node", NODE_PINS)
    return [program, str(HERE / "tell.cjs"), str(home)]


def main(options: list[str]) -> int:
    """Install, tell, compare, say; the exit code."""
    commands: dict[str, Callable[[], list[str]]] = {
        "Python SDK": lambda: _python(options),
        OLDER: _javascript,
    }
    told: dict[str, Telling] = {}
    right = True
    for name, command in commands.items():
        try:
            told[name] = tell(command(), older=name == OLDER)
        except install.Unreachable as error:
            print(f"skipped: {name}: {error}")
        except (install.NotInstalled, subprocess.TimeoutExpired) as error:
            right &= _say(name, [str(error)])
    for name, each in told.items():
        right &= _say(f"{name}: {len(each.lines[1:])} of {len(story())} steps", each.wrong)
    if len(told) == len(commands) and all(each.whole for each in told.values()):
        right &= _compare(*told.values())
    return 0 if right else 1


def _compare(one: Telling, other: Telling) -> bool:
    different = [*compare.differences(one.lines, other.lines)]
    different += [f"state: {part}" for part in one.state if one.state[part] != other.state[part]]
    return _say("both: the same answers, and the same organisation at the end", different)


def _say(what: str, wrong: list[str]) -> bool:
    print(f"{'FAILED' if wrong else 'ok'}: {what}", *wrong, sep="\n  ")
    return not wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
