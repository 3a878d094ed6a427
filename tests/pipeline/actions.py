"""What stands for the actions that the workflows use, on this machine.

`actions/checkout` is git, the two artifact actions copy folders, and setting up puts the reconciler of this
source tree on the path. The steps around them run as they are written.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.pipeline.job import Job

Inputs = Mapping[str, str]


def checkout(job: Job, given: Inputs) -> None:
    """The ref of the event, or `ref`, as deep as asked."""
    known = {"persist-credentials", "fetch-depth", "ref"}
    if set(given) - known or given.get("persist-credentials") != "false":
        raise NotImplementedError(f"checkout with {dict(given)}")
    depth = given.get("fetch-depth", "1")
    ref = given.get("ref") or job.github["sha"]
    git(job.workspace, "init", "-q", "-b", "main")
    git(job.workspace, "remote", "add", "origin", job.machine.hub.origin.as_uri())
    if depth == "0":
        git(job.workspace, "fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*")
    git(job.workspace, "fetch", "-q", *([] if depth == "0" else ["--depth", depth]), "origin", ref)
    git(job.workspace, "checkout", "-q", "--detach", "FETCH_HEAD")


def upload(job: Job, given: Inputs) -> None:
    """A file or the files of a directory, under a name that the run has not used."""
    source, name = job.workspace / given["path"], given["name"]
    if job.machine.hub.artifact(job.run, name) and given.get("overwrite") != "true":
        raise ValueError(f"the run has an artifact `{name}` already")
    if not source.exists() or (source.is_dir() and not any(source.iterdir())):
        if given.get("if-no-files-found") == "error":
            raise FileNotFoundError(f"nothing to upload at {given['path']}")
        return
    target = job.machine.hub.place / "artifacts" / f"{job.run}-{name}"
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        target.mkdir(parents=True)
        shutil.copy(source, target)
    job.machine.hub.keep(job.run, name, target)


def download(job: Job, given: Inputs) -> None:
    """The files of an artifact; of another run only with a token that may read actions."""
    run = int(given.get("run-id") or job.run)
    if run != job.run:
        tokens = job.machine.hub.read()["tokens"]
        if tokens[given["github-token"]].get("actions") not in ("read", "write"):
            raise PermissionError("the token may not read actions")
    found = job.machine.hub.artifact(run, given["name"])
    if found is None:
        raise FileNotFoundError(f"run {run} has no artifact `{given['name']}`")
    shutil.copytree(found, job.workspace / given.get("path", "."), dirs_exist_ok=True)


def set_up(job: Job, given: Inputs) -> None:
    """The command on the path of the steps to come."""
    job.path.append(str(job.machine.folder("reconciler")))


ACTIONS: Mapping[str, Callable[[Job, Inputs], None]] = {
    "actions/checkout": checkout,
    "actions/upload-artifact": upload,
    "actions/download-artifact": download,
    "$/.github/actions/setup": set_up,
}


def git(place: Path, *words: str) -> str:
    """Run git as somebody; what it printed."""
    who = ("-c", "user.name=Dana", "-c", "user.email=dana@northwind.example", "-c", "commit.gpgsign=false")
    command = ["git", *who, *words]
    ran = subprocess.run(command, cwd=place, check=False, capture_output=True, text=True)
    if ran.returncode:
        raise RuntimeError(f"git {' '.join(words)}: {ran.stderr}")
    return ran.stdout.strip()
