"""Puts what drives the simulator into `.contract/`, beside the project, once per set of pinned versions."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.architecture.source import ROOT

INTO = ROOT / ".contract"
OFFLINE = re.compile(
    r"error sending request|dns error|Could not connect"  # uv
    r"|npm error code (E(CONN\w+|NOTFOUND|AI_AGAIN|(SOCKET)?TIMED?OUT|HOSTUNREACH|NETUNREACH))"
)
"""What an installer says when it reached nobody, as opposed to being told that there is no such version."""


STORES = (Path("/etc/ssl/certs/ca-certificates.crt"), Path("/etc/pki/tls/certs/ca-bundle.crt"))
"""Where machines keep the certificates that they trust."""

_TRUST = "NODE_EXTRA_CA_CERTS"


class Unreachable(Exception):
    """What is needed cannot be had on this machine; the text says what and why."""


class NotInstalled(Exception):
    """An installer failed, and not for want of a network; the text says what it said."""


def python(name: str, pins: Path, options: Sequence[str]) -> Path:
    """A virtual environment called `name` with just what `pins` lists; its interpreter.

    `options` are uv's. Raises Unreachable, NotInstalled.
    """
    uv, home = str(Path(sys.executable).with_name("uv")), INTO / name
    interpreter = home / "bin" / "python"
    if not _fresh(home, pins):
        _run([uv, "venv", "-q", "--clear", "--python", sys.executable, str(home)])
        install = [uv, "pip", "install", "-q", "--compile-bytecode", *options, "--python", str(interpreter)]
        _run([*install, "--no-deps", "-r", str(pins)])
        shutil.copy(pins, home)
    return interpreter


def node(name: str, pins: Path) -> tuple[str, Path]:
    """Node, and a folder called `name` with what `pins` asks for. Raises Unreachable, NotInstalled."""
    program, npm, home = shutil.which("node"), shutil.which("npm"), INTO / name
    if not program or not npm:
        raise Unreachable(f"{'npm' if program else 'node'} is not installed")
    if not _fresh(home, pins):
        shutil.rmtree(home, ignore_errors=True)
        draft = INTO / f"{name}.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        shutil.copy(pins, draft)
        quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error"]
        install = [npm, "install", *quiet, "--fetch-retries=1", "--prefix", str(draft)]
        _run(install, trusting(os.environ, STORES))
        draft.rename(home)
    return program, home


def _fresh(home: Path, pins: Path) -> bool:
    """Whether these very pins were installed: they are copied there last."""
    copy = home / pins.name
    return copy.is_file() and copy.read_bytes() == pins.read_bytes()


def trusting(environment: Mapping[str, str], stores: Sequence[Path]) -> dict[str, str]:
    """The environment in which npm trusts whom the machine trusts; it brings a list of its own otherwise."""
    found = [str(store) for store in stores if store.is_file()]
    return {**({_TRUST: found[0]} if found else {}), **environment}


def _run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode == 0:
        return
    if unreachable(done.stderr):
        raise Unreachable(f"the package index is not reachable: {done.stderr.strip().splitlines()[0]}")
    raise NotInstalled(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")


def unreachable(said: str) -> bool:
    """Whether an installer failed because it reached nobody."""
    return OFFLINE.search(said) is not None
