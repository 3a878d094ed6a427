"""The GitHub sink: two Actions secrets of one repository per client, `…_ID` and `…_SECRET`, by PyGithub.

PyGithub seals each value for the repository's public key before it leaves (libsodium, by pynacl). Two plain
values, because a log hides a secret only where it stands as a whole: GitHub advises against JSON there.
Nobody can read them again, so `status` knows no more than the date. No compare-and-set exists either.
Source: GitHub's REST API documentation, "GitHub Actions secrets".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import requests
from github import Auth, Github, GithubException, RateLimitExceededException
from github.Repository import Repository

from reconciler.errors import SinkError
from reconciler.model.secret import Credential, Held
from reconciler.secrets.ready import required, safe_url
from reconciler.secrets.remote import SECONDS, Problem

TOKEN, API = "GITHUB_TOKEN", "GITHUB_API_URL"
_USUAL = "https://api.github.com"
_ID, _SECRET, _TRIAL = "_ID", "_SECRET", "_RESERVED"
_UNAUTHORIZED, _NOT_FOUND = 401, 404
_AGAIN = "the next run delivers anew"
_RIGHTS = "give the token what docs/secrets.md lists for GitHub"


class GithubPlace:
    """Implements `Place`. `settings` name the repository; token and API come from the environment."""

    def __init__(self, settings: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self._name = str(settings["repository"])
        self._github = Github(
            auth=Auth.Token(required(environment, TOKEN)),
            base_url=safe_url(environment.get(API) or _USUAL, API),
            timeout=SECONDS,
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )

    def reserve(self, path: str) -> None:
        """Write a secret beside it and take it away again: reading alone would prove nothing."""
        repository, trial = self._repository(), _name(path) + _TRIAL
        _write(repository, {trial: "reserved"})
        repository.delete_secret(trial)

    def deliver(self, path: str, credential: Credential) -> None:
        """The id first: until the secret has followed, a newborn client is inactive anyway."""
        name = _name(path)
        values = {name + _ID: credential.client_id, name + _SECRET: credential.secret.reveal()}
        _write(self._repository(), values)

    def status(self, path: str) -> Held | None:
        """Only since when: the day on which GitHub took it."""
        updated = _updated(self._repository(), _name(path) + _SECRET)
        return Held(issued=updated) if updated else None

    def explain(self, error: Exception) -> Problem | None:
        """By the status alone."""
        for kind, problem in _PROBLEMS.items():
            if isinstance(error, kind):
                return problem
        if not isinstance(error, GithubException):
            return None
        if error.status == _UNAUTHORIZED:
            return Problem("GitHub refuses the token (401)", f"renew {TOKEN}")
        return Problem(f"GitHub refuses the request ({error.status})", f"check `repository`, or {_RIGHTS}")

    def _repository(self) -> Repository:
        """The repository of exactly that name: another one has another key, and other readers."""
        found = self._github.get_repo(self._name)
        if found.full_name.lower() != self._name.lower():
            raise SinkError("the repository was renamed or moved", remedy="correct `repository` of the sink")
        return found


def _write(repository: Repository, values: Mapping[str, str]) -> None:
    """Write all, then look: the library takes a write that was redirected for done."""
    before = {name: _updated(repository, name) for name in values}
    for name, value in values.items():
        repository.create_secret(name, value)
    for name, earlier in before.items():
        _require_newer(name, earlier, _updated(repository, name))


def _require_newer(name: str, before: datetime | None, after: datetime | None) -> None:
    if after is None:
        raise SinkError(f"{name} was written and is not there", remedy=_AGAIN)
    if before is not None and after <= before:
        raise SinkError(f"GitHub still shows {name} from before", remedy=_AGAIN)


def _updated(repository: Repository, name: str) -> datetime | None:
    try:
        return repository.get_secret(name).updated_at
    except GithubException as error:
        if error.status != _NOT_FOUND:
            raise
        return None


def _name(path: str) -> str:
    """GitHub's names are [A-Z0-9_]: hyphens become `_`, and `__` still tells where the key begins."""
    if "--" in path:
        raise SinkError(
            "two hyphens in a row cannot be told from a border in GitHub's names",
            remedy="rename the tenant or the key, or send this client's secret to another sink",
        )
    return path.upper().replace("-", "_")


_PROBLEMS: Mapping[type[Exception], Problem] = {
    RateLimitExceededException: Problem("GitHub is asked too often", "the next run goes on after an hour"),
    requests.Timeout: Problem(f"no answer within {SECONDS} s", "the next run goes on"),
    requests.exceptions.SSLError: Problem(
        "TLS cannot be verified", "set REQUESTS_CA_BUNDLE to your authority's certificate"
    ),
    requests.RequestException: Problem("GitHub cannot be reached", f"check {API} and the network"),
}
