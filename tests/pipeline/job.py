"""One job of a workflow: its steps, in order, on a machine of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from tests.pipeline.actions import ACTIONS
from tests.pipeline.expressions import filled, holds
from tests.pipeline.machine import Machine


class Step(NamedTuple):
    """One step that ran: what it was given and how it went."""

    job: str
    name: str
    env: Mapping[str, str]
    code: int
    log: str


@dataclass
class Job:
    """`contexts` are those of expressions; `path` what earlier steps put on the path."""

    name: str
    machine: Machine
    workspace: Path
    run: int
    contexts: dict[str, Any]
    env: Mapping[str, str]
    path: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def github(self) -> Mapping[str, Any]:
        return dict(self.contexts["github"])

    @property
    def summary(self) -> str:
        """The job summary."""
        file = self._file("summary")
        return file.read_text("utf-8") if file.exists() else ""

    def carry_out(self, steps: list[dict[str, Any]]) -> bool:
        """Run them; whether all went well."""
        self.workspace.mkdir(parents=True)
        self._file("temp").mkdir()
        self.contexts |= {"steps": {}, "status": _status(True), "env": dict(self.env)}
        for number, step in enumerate(steps):
            if holds(step.get("if"), self.contexts) and not self._run(step, number):
                self.contexts["status"] = _status(False)
        return bool(self.contexts["status"]["success"])

    def _run(self, step: dict[str, Any], number: int) -> bool:
        name = step.get("name") or step.get("uses", "").partition("@")[0] or f"step {number}"
        env = {key: filled(str(value), self.contexts) for key, value in step.get("env", {}).items()}
        if "uses" in step:
            code, log = self._use(step)
        else:
            code, log = self._script(step["run"], env, number)
        self.steps.append(Step(self.name, name, {**self.env, **env}, code, log))
        self.contexts["steps"][step.get("id", number)] = {"outputs": _pairs(self._file(f"output-{number}"))}
        return code == 0

    def _use(self, step: dict[str, Any]) -> tuple[int, str]:
        given = {key: _text(value, self.contexts) for key, value in step.get("with", {}).items()}
        try:
            ACTIONS[step["uses"].partition("@")[0]](self, given)
        except (OSError, RuntimeError, ValueError) as error:
            return 1, f"{type(error).__name__}: {error}"
        return 0, ""

    def _script(self, text: str, env: Mapping[str, str], number: int) -> tuple[int, str]:
        """As GitHub does with `shell: bash`."""
        script = self._file(f"script-{number}")
        script.write_text(filled(text, self.contexts), "utf-8")
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        whole = {**self._environment(number), **self.env, **env}
        ran = subprocess.run(
            command, cwd=self.workspace, env=whole, check=False, capture_output=True, text=True
        )
        return ran.returncode, ran.stdout + ran.stderr

    def _environment(self, number: int) -> dict[str, str]:
        base, github = self.machine.environment(), self.github
        told = {
            f"GITHUB_{key.upper()}": str(github[key])
            for key in (
                "repository",
                "ref",
                "ref_name",
                "sha",
                "event_name",
                "workflow_ref",
                "run_id",
                "server_url",
            )
        }
        files = {"GITHUB_OUTPUT": f"output-{number}", "GITHUB_STEP_SUMMARY": "summary"}
        return {
            **base,
            **told,
            **{key: str(self._file(name)) for key, name in files.items()},
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self._file("temp")),
            "PATH": ":".join([*self.path, base["PATH"]]),
        }

    def _file(self, name: str) -> Path:
        return self.workspace.with_name(f"{self.workspace.name}.{name}")


def _status(well: bool) -> dict[str, bool]:
    return {"always": True, "success": well, "failure": not well, "cancelled": False}


def _text(value: Any, contexts: Mapping[str, Any]) -> str:
    return filled(str(value).lower() if isinstance(value, bool) else str(value), contexts)


def _pairs(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    lines = file.read_text("utf-8").splitlines()
    if wrong := [line for line in lines if "=" not in line]:
        raise ValueError(f"not name=value: {wrong[0]!r}")
    return dict(line.split("=", 1) for line in lines)
