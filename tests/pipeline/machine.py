"""A machine that jobs run on: which programs are there, and what stands for the outside world."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tests.pipeline.hub import Hub

REPO = Path(__file__).resolve().parents[2]
PROGRAMS = {"gh": "tests.pipeline.gh", "reconciler": "tests.pipeline.shim"}


@dataclass(frozen=True)
class Machine:
    """`endpoint` is the organisation's address; `environments` hold secrets by name, as in GitHub's settings.

    `protected` environments serve the main branch only, as their deployment rule says.
    """

    hub: Hub
    place: Path
    endpoint: str
    environments: Mapping[str, Mapping[str, str]]
    protected: frozenset[str] = frozenset({"reconciler-apply"})
    network: dict[str, str] = field(default_factory=dict)

    def prepare(self, others: Mapping[str, str] = MappingProxyType({})) -> None:
        """Put `gh` where every job finds it, `reconciler` where setting up does; or `others`."""
        for name, module in {**PROGRAMS, **others}.items():
            shim = self.folder(name) / name
            shim.write_text(
                f'#!/bin/sh\nPYTHONPATH="{REPO}" exec "{sys.executable}" -P -m {module} "$@"\n', "utf-8"
            )
            shim.chmod(shim.stat().st_mode | stat.S_IXUSR)
        python = self.folder("gh") / "python3"
        if not python.exists():
            python.symlink_to(sys.executable)

    def folder(self, program: str) -> Path:
        """The directory on the path that holds a program."""
        folder = self.place / "programs" / program
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def environment(self) -> dict[str, str]:
        """What every process gets: no secret, nothing of the person who tests."""
        return {
            "PATH": os.pathsep.join([str(self.folder("gh")), os.environ.get("PATH", os.defpath)]),
            "HOME": str(self.place),
            "LANG": "C.UTF-8",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "TWIN_HUB": str(self.hub.place),
            "RECONCILER_ENDPOINT": self.endpoint,
            "RECONCILER_SECRETS": str(self.place / "secrets"),
            "XDG_STATE_HOME": str(self.place / "state"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            **self.network,
        }
