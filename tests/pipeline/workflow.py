"""Runs a workflow file as GitHub would: jobs in the order of `needs`, called workflows, permissions, secrets.

What it refuses, as GitHub does: a called workflow that asks for more than its caller grants. It leaves out
matrices, services, containers, timeouts, concurrency groups, and what else of the language ours do not use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.pipeline.expressions import filled, holds
from tests.pipeline.job import Job, Step
from tests.pipeline.machine import REPO, Machine

Permissions = Mapping[str, str]


@dataclass
class Run:
    """One run: `github` is that context; `fork` takes secrets away and leaves a token that only reads.

    `results` are by job; of called ones by `caller/job`.
    """

    machine: Machine
    number: int
    github: Mapping[str, Any]
    fork: bool = False
    results: dict[str, str] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)

    @property
    def steps(self) -> list[Step]:
        """Every step that ran, in order."""
        return [step for job in self.jobs for step in job.steps]

    @property
    def well(self) -> bool:
        return "failure" not in self.results.values()

    def carry_out(self, file: Path) -> None:
        """Run a workflow file of the repository whose event this is."""
        given = self.github["event"].get("inputs", {})
        self._workflow(yaml.safe_load(file.read_text("utf-8")), given, {}, None, "")
        self.machine.hub.end_run(self.number, "success" if self.well else "failure")

    def _workflow(
        self,
        workflow: dict[str, Any],
        inputs: dict[str, Any],
        secrets: Mapping[str, str],
        granted: Permissions | None,
        prefix: str,
    ) -> str:
        needs: dict[str, dict[str, Any]] = {}
        context = {"github": self.github, "inputs": inputs, "secrets": secrets}
        context["env"] = workflow.get("env", {})
        for name, job in workflow["jobs"].items():
            wanted = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
            well = all(needs[each]["result"] == "success" for each in wanted)
            status = {"always": True, "success": well, "failure": not well, "cancelled": False}
            context |= {"needs": needs, "status": status}
            asked = self._permissions(job.get("permissions", workflow.get("permissions", {})), granted, name)
            result = "skipped"
            outputs: dict[str, str] = {}
            if holds(job.get("if"), context):
                result, outputs = self._job(f"{prefix}{name}", job, context, asked)
            needs[name] = {"result": result, "outputs": outputs}
            self.results[f"{prefix}{name}"] = result
        return "failure" if "failure" in {each["result"] for each in needs.values()} else "success"

    def _job(
        self, name: str, job: dict[str, Any], context: dict[str, Any], asked: Permissions
    ) -> tuple[str, dict[str, str]]:
        if "uses" in job:
            called = yaml.safe_load((REPO / _path(job["uses"])).read_text("utf-8"))
            calls = called[True]["workflow_call"]  # YAML 1.1 reads `on` as true
            inputs = {key: item.get("default") for key, item in calls.get("inputs", {}).items()}
            for key, value in job.get("with", {}).items():
                if key not in inputs:
                    raise ValueError(f"{job['uses']} has no input `{key}`")
                inputs[key] = value if isinstance(value, bool) else filled(str(value), context)
            passed = {key: filled(value, context) for key, value in job.get("secrets", {}).items()}
            declared = {key: passed[key] for key in calls.get("secrets", {}) if key in passed}
            return self._workflow(called, inputs, declared, asked, f"{name}/"), {}
        return self._steps(name, job, context, asked)

    def _steps(
        self, name: str, job: dict[str, Any], context: dict[str, Any], asked: Permissions
    ) -> tuple[str, dict[str, str]]:
        token = self.machine.hub.token({key: "read" for key in asked} if self.fork else asked)
        here = dict(context) | {"github": {**self.github, "token": token}}
        here["secrets"] = self._secrets(job, context)
        env = {key: filled(str(value), here) for key, value in (context["env"] | job.get("env", {})).items()}
        workspace = self.machine.place / "jobs" / f"{self.number}-{name.replace('/', '-')}"
        carried = Job(name, self.machine, workspace, self.number, here, env)
        self.jobs.append(carried)
        well = carried.carry_out(job["steps"])
        outputs = {key: filled(value, carried.contexts) for key, value in job.get("outputs", {}).items()}
        return "success" if well else "failure", outputs

    def _secrets(self, job: dict[str, Any], context: dict[str, Any]) -> Mapping[str, str]:
        """Those that were passed, the environment's before the caller's own; none for a fork."""
        if self.fork:
            return {key: "" for key in context["secrets"]}
        environment = filled(job.get("environment", ""), context)
        if environment in self.machine.protected and self.github["ref"] != "refs/heads/main":
            raise PermissionError(f"{self.github['ref']} may not deploy to {environment}")
        held = self.machine.environments.get(environment, {})
        return {key: held.get(key, value) for key, value in context["secrets"].items()}

    def _permissions(self, asked: Permissions, granted: Permissions | None, job: str) -> Permissions:
        for name, level in asked.items():
            if granted is not None and granted.get(name, "none") not in (level, "write"):
                raise PermissionError(f"job {job} asks for {name}: {level}, its caller grants {granted}")
        return asked


def _path(uses: str) -> str:
    """Where a called workflow lies in this source tree, however its repository is called."""
    return uses[uses.index(".github/workflows/") :].partition("@")[0]
