"""Who started a run, as far as the machine says: a person on a host, or a job of a pipeline."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

_JOBS = ("CI_JOB_URL", "BUILDKITE_BUILD_URL", "CIRCLE_BUILD_URL", "BUILD_URL")
_PEOPLE = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILDKITE_BUILD_CREATOR", "CIRCLE_USERNAME", "BUILD_USER_ID")


def actor(environ: Mapping[str, str]) -> str:
    """`dana https://…/job/7` in a pipeline, `dana@laptop` elsewhere; without what a URL may hide."""
    job = _github(environ) or next(filter(None, (environ.get(name, "") for name in _JOBS)), "")
    if not job:
        return f"{_user()}@{host()}"
    person = next(filter(None, (environ.get(name, "") for name in _PEOPLE)), "")
    return f"{person} {_bare(job)}".strip()


def host() -> str:
    """What this machine calls itself."""
    return socket.gethostname()


def _github(environ: Mapping[str, str]) -> str:
    parts = [environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    return "{}/{}/actions/runs/{}".format(*parts) if all(parts) else ""


def _bare(url: str) -> str:
    """Some runners put a credential into the addresses that they hand on."""
    try:
        parts = urlsplit(url)
        host = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "somebody"
