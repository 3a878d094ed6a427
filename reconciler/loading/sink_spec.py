"""The Org document's sinks, as its author may write them: one model per type, each with its own settings.

Only places and names stand here. Credentials come from the environment; a tenant names a sink, never a place.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StringConstraints, field_validator

from reconciler.loading.base import Strict

_SEGMENT = r"(?:[A-Za-z0-9_-]|\{tenant\}|\{key\})(?:[A-Za-z0-9._-]|\{tenant\}|\{key\})*"
PLACE_PATTERN = f"^{_SEGMENT}(?:/{_SEGMENT})*$"
MOUNT_PATTERN = "^[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*$"
SECRET_NAME_PATTERN = r"^[A-Z][A-Z0-9_]*_\{tenant\}__\{key\}$"
REPOSITORY_PATTERN = "^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$"
AWS_REGION_PATTERN = "^[a-z]{2}(?:-[a-z]+)+-[0-9]{1,2}$"
PROGRAM_PATTERN = "^/[^\\x00-\\x1f{}]+$"
ARGUMENT_PATTERN = "^[^\\x00-\\x1f{}]*$"

_JOINED = "[}][A-Za-z0-9-]*[{]"
"""Two placeholders with nothing between them that no name has: `a-b` and `c` would be `a` and `b-c`."""
_APART = "^(?:[^}]|[}](?![A-Za-z0-9-]*[{]))*$"
_FENCED = {"allOf": [{"pattern": "[{]tenant[}]"}, {"pattern": "[{]key[}]"}, {"pattern": _APART}]}
_NOT_GITHUBS = {"allOf": [{"pattern": "^(?!GITHUB_)"}]}


class _PlaceSink(Strict):
    path: Annotated[
        str, StringConstraints(pattern=PLACE_PATTERN, max_length=200), Field(json_schema_extra=_FENCED)
    ]
    """One place per client: `{tenant}` and `{key}`, with `/`, `.` or `_` between them."""

    @field_validator("path")
    @classmethod
    def _one_place_per_client(cls, value: str) -> str:
        if "{tenant}" not in value or "{key}" not in value:
            raise ValueError("without `{tenant}` and `{key}` two clients would share one place")
        if re.search(_JOINED, value):
            raise ValueError(
                "without `/`, `.` or `_` between its placeholders a tenant could choose a key that leads to "
                "another tenant's place"
            )
        return value


class FileSink(_PlaceSink):
    """Files below RECONCILER_SECRETS, readable by their owner only."""

    type: Literal["file"]
    """Files on the machine that runs the tool."""
    persistent: StrictBool = False
    """Say true where `CI` is set and the disk outlives the job."""


class VaultSink(_PlaceSink):
    """A key-value store (version 2) of a HashiCorp Vault or OpenBao server."""

    type: Literal["vault"]
    """Needs the extra `vault`, and VAULT_ADDR and VAULT_TOKEN."""
    mount: Annotated[str, StringConstraints(pattern=MOUNT_PATTERN, max_length=200)]
    """Where the store is mounted."""


class AwsSink(_PlaceSink):
    """Secrets of AWS Secrets Manager."""

    type: Literal["aws"]
    """Needs the extra `aws`, and credentials where the AWS CLI finds them."""
    region: Annotated[str, StringConstraints(pattern=AWS_REGION_PATTERN)]
    """The AWS region they lie in, e.g. `eu-central-1`."""


class GithubSink(Strict):
    """Actions secrets of one GitHub repository."""

    type: Literal["github"]
    """Needs the extra `github`, and GITHUB_TOKEN."""
    repository: Annotated[str, StringConstraints(pattern=REPOSITORY_PATTERN)]
    """Its owner and name, e.g. `northwind/schedulers`."""
    path: Annotated[
        str,
        StringConstraints(pattern=SECRET_NAME_PATTERN, max_length=100),
        Field(json_schema_extra=_NOT_GITHUBS),
    ]
    """What the secrets' names begin with: capitals, then `_{tenant}__{key}`."""

    @field_validator("path")
    @classmethod
    def _is_not_githubs(cls, value: str) -> str:
        if value.startswith("GITHUB_"):
            raise ValueError("GitHub keeps names that begin with `GITHUB_` for itself")
        return value


class CommandSink(_PlaceSink):
    """A program of yours that takes the credential as JSON on stdin."""

    type: Literal["command"]
    """Runs on the machine that runs the tool, without a shell."""
    program: Annotated[str, StringConstraints(pattern=PROGRAM_PATTERN, max_length=400)]
    """Its absolute path."""
    arguments: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=ARGUMENT_PATTERN, max_length=400)], ...],
        Field(max_length=20),
    ] = ()
    """What it is called with: as it stands here, nothing is filled in."""
    seconds: Annotated[int, Field(strict=True, ge=1, le=300)] = 30
    """How long it may take; then it is ended."""


AnySink = Annotated[FileSink | VaultSink | AwsSink | GithubSink | CommandSink, Field(discriminator="type")]

_HOW = {"path", "persistent", "seconds"}
"""Settings that do not choose a store."""


def apart(one: Strict, other: Strict) -> bool:
    """Whether no client of one sink can share a place with another client of the other.

    In one store that holds for one and the same path, and for two that begin or end differently.
    """
    if one.model_dump(exclude=_HOW) != other.model_dump(exclude=_HOW):
        return True
    (path, head, tail), (path_, head_, tail_) = _ends(one), _ends(other)
    begin = head.startswith(head_) or head_.startswith(head)
    end = tail.endswith(tail_) or tail_.endswith(tail)
    return path == path_ or not begin or not end


def _ends(sink: Strict) -> tuple[str, str, str]:
    path: str = vars(sink)["path"]
    return path, path.partition("{")[0], path.rpartition("}")[2]
