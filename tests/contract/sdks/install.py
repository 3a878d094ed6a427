"""Puts both SDKs into `.contract/`, each with what its language uses for that, once per set of versions."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
PYTHON_PINS, NODE_PINS = HERE / "requirements.txt", HERE / "package.json"
OFFLINE = re.compile(
    r"error sending request|dns error|Could not connect"  # uv
    r"|npm error code (E(CONN\w+|NOTFOUND|AI_AGAIN|(SOCKET)?TIMED?OUT|HOSTUNREACH|NETUNREACH))"
)
"""What an installer says when it reached nobody, as opposed to being told that there is no such version."""


class Unreachable(Exception):
    """What is needed cannot be had on this machine; the text says what and why."""


class NotInstalled(Exception):
    """An installer failed, and not for want of a network; the text says what it said."""


def python(into: Path, options: Sequence[str]) -> list[str]:
    """The command that runs Python with the SDK; `options` are uv's. Raises Unreachable, NotInstalled."""
    uv, home = str(Path(sys.executable).with_name("uv")), into / "python"
    interpreter = home / "bin" / "python"
    if not _fresh(home, PYTHON_PINS):
        _run([uv, "venv", "-q", "--clear", "--python", sys.executable, str(home)])
        install = [uv, "pip", "install", "-q", "--compile-bytecode", *options, "--python", str(interpreter)]
        _run([*install, "--no-deps", "-r", str(PYTHON_PINS)])
        shutil.copy(PYTHON_PINS, home)
    return [str(interpreter), "-m", "tests.contract.sdks.tell"]


def javascript(into: Path) -> list[str]:
    """The command that runs Node with the SDK. Raises Unreachable, NotInstalled."""
    node, npm, home = shutil.which("node"), shutil.which("npm"), into / "node"
    if not node or not npm:
        raise Unreachable(f"{'npm' if node else 'node'} is not installed")
    if not _fresh(home, NODE_PINS):
        shutil.rmtree(home, ignore_errors=True)
        draft = into / "node.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        shutil.copy(NODE_PINS, draft)
        quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error"]
        _run([npm, "install", *quiet, "--prefix", str(draft)])
        draft.rename(home)
    return [node, str(HERE / "tell.cjs"), str(home)]


def _fresh(home: Path, pins: Path) -> bool:
    """Whether these very pins were installed: they are copied there last."""
    copy = home / pins.name
    return copy.is_file() and copy.read_bytes() == pins.read_bytes()


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return
    if unreachable(done.stderr):
        raise Unreachable(f"the package index is not reachable: {done.stderr.strip().splitlines()[0]}")
    raise NotInstalled(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")


def unreachable(said: str) -> bool:
    """Whether an installer failed because it reached nobody."""
    return OFFLINE.search(said) is not None
