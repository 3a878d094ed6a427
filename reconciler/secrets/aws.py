"""The AWS sink: one secret of Secrets Manager per client, by boto3.

The document is the secret's string. Whose it is and since when stands in tags besides, together with the
version that they are about: a version that somebody else wrote has none. The request token is made from the
birth, so that a repeated delivery is the same version; it becomes the current one by compare-and-set. Nothing
here reads a secret but `fetch`.
Source: the vendor's API reference of Secrets Manager.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    HTTPClientError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
)
from botocore.exceptions import ConnectionError as Unconnected

from reconciler.errors import SinkError
from reconciler.model.secret import Credential, Held
from reconciler.ports import Kept
from reconciler.secrets.document import about, document, held, kept, parsed
from reconciler.secrets.ready import safe_url
from reconciler.secrets.remote import SECONDS, Problem

CURRENT, RESERVED = "AWSCURRENT", "RECONCILER_RESERVED"
_TRIED, _DELIVERED = "RECONCILER_TRIED", "RECONCILER_DELIVERED"
_TAG = "reconciler:"
_POLICY = "give the identity what docs/secrets.md lists for AWS"
_ATTEMPTS = 3
"""A repeat does no harm: the request token makes it the same version."""


class AwsPlace:
    """Implements `Readable`. `settings` name the region; credentials come by the vendor's usual chain."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._before: dict[str, str] = {}
        config = Config(
            connect_timeout=SECONDS,
            read_timeout=SECONDS,
            retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
        )
        self._client: Any = boto3.Session().client(
            "secretsmanager", region_name=settings["region"], config=config
        )
        safe_url(self._client.meta.endpoint_url, "the endpoint set for AWS Secrets Manager")

    def reserve(self, path: str) -> None:
        """Make the secret where it is missing, and do all that delivering does to a version nobody reads."""
        self._ensure(path)
        token = secrets.token_hex(16)
        self._put(path, token, json.dumps({"reserved": True}), RESERVED)
        versions = self._versions(path)
        self._move(path, _TRIED, token, _bearer(_TRIED, versions))
        self._tag(path, {"reserved": token})
        self._before[path] = _bearer(CURRENT, versions)

    def deliver(self, path: str, credential: Credential) -> None:
        """Write a version, make it current in the place of the one seen at the reservation, tag it, and look.

        May be repeated: it is the same version then.
        """
        self._ensure(path)
        token, before = _token(credential), self._before_ours(path)
        self._put(path, token, json.dumps(document(credential)), _DELIVERED)
        if _bearer(CURRENT, self._versions(path)) != token:  # the first version is at once
            self._make_current(path, token, before)
        self._tag(path, about(credential) | {"clientId": credential.client_id, "version": token})
        if _bearer(CURRENT, self._versions(path)) not in (token, ""):  # not shown yet was answered for
            raise _overtaken()
        self._before.pop(path, None)

    def status(self, path: str) -> Held | None:
        """From versions and tags; of a version that we did not write only its id is told."""
        found = self._described(path) or {}
        versions = found.get("VersionIdsToStages") or {}
        current = _bearer(CURRENT, versions)
        if not current or RESERVED in versions[current]:
            return None
        tags = {
            tag["Key"].removeprefix(_TAG): tag["Value"]
            for tag in found.get("Tags") or ()
            if tag["Key"].startswith(_TAG)
        }
        return held(tags if tags.get("version") == current else {}, current)

    def fetch(self, path: str) -> Kept | None:
        """Needs the permission to read the secret."""
        try:
            answer = self._client.get_secret_value(SecretId=path, VersionStage=CURRENT)
        except self._client.exceptions.ResourceNotFoundException:
            return None
        return kept(parsed(answer.get("SecretString") or "") or {})

    def explain(self, error: Exception) -> Problem | None:
        """By the vendor's code alone."""
        if isinstance(error, ClientError):
            return _refused(error.response.get("Error", {}).get("Code", ""))
        for kind, problem in _PROBLEMS.items():
            if isinstance(error, kind):
                return problem
        return None

    def _described(self, path: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._client.describe_secret(SecretId=path)
        except self._client.exceptions.ResourceNotFoundException:
            return None
        if found.get("DeletedDate"):
            raise SinkError(
                "the secret is about to be deleted", remedy="restore it, or give the sink another path"
            )
        return found

    def _ensure(self, path: str) -> None:
        if self._described(path) is None:
            self._client.create_secret(Name=path, Description="written by genesyscloud-reconciler")

    def _versions(self, path: str) -> Mapping[str, list[str]]:
        """The labels of each version that has some."""
        return (self._described(path) or {}).get("VersionIdsToStages") or {}

    def _before_ours(self, path: str) -> str:
        """The version that was current when the place was reserved; "" for none."""
        if path not in self._before:
            self._before[path] = _bearer(CURRENT, self._versions(path))
        return self._before[path]

    def _make_current(self, path: str, token: str, before: str) -> None:
        """Compare and set: AWS moves a label only away from the version that it is said to be on."""
        try:
            self._move(path, CURRENT, token, before)
        except self._client.exceptions.InvalidParameterException:
            if _bearer(CURRENT, self._versions(path)) in (before, token):
                raise
            raise _overtaken() from None

    def _move(self, path: str, stage: str, version: str, before: str) -> None:
        away = {"RemoveFromVersionId": before} if before else {}
        self._client.update_secret_version_stage(
            SecretId=path, VersionStage=stage, MoveToVersionId=version, **away
        )

    def _tag(self, path: str, words: Mapping[str, str]) -> None:
        self._client.tag_resource(SecretId=path, Tags=_tags(words))

    def _put(self, path: str, token: str, text: str, stage: str) -> None:
        self._client.put_secret_value(
            SecretId=path, ClientRequestToken=token, SecretString=text, VersionStages=[stage]
        )


def _bearer(stage: str, versions: Mapping[str, list[str]]) -> str:
    """The version with that label; "" for none."""
    return next((name for name, stages in versions.items() if stage in stages), "")


def _overtaken() -> SinkError:
    return SinkError(
        "somebody else wrote there: our version is not the current one",
        remedy="find out who writes to this secret (CloudTrail tells); the next run delivers anew",
    )


def _token(credential: Credential) -> str:
    """The same for the same birth or rotation; says nothing of the secret."""
    words = [credential.client_id, credential.issued.isoformat(), *about(credential).values()]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _tags(words: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": f"{_TAG}{name}", "Value": word} for name, word in words.items()]


def _refused(code: str) -> Problem:
    shown = code if code.isalnum() and len(code) < 60 else "without a code"
    if "AccessDenied" in shown or "Token" in shown or "Signature" in shown:
        return Problem(f"AWS refuses the identity ({shown})", f"renew its credentials, or {_POLICY}")
    if shown == "ResourceExistsException":
        return Problem("another secret was delivered for this very birth", "the next run makes a new one")
    if "Thrott" in shown or "TooMany" in shown:
        return Problem(
            f"AWS is asked too often ({shown})", "the next run goes on; lower `limits` if it lasts"
        )
    return Problem(
        f"AWS refuses the request ({shown})", "the vendor's API reference says what the name means"
    )


_PROBLEMS: Mapping[type[Exception], Problem] = {
    NoCredentialsError: Problem(
        "there are no credentials for AWS", "set them the way the AWS CLI reads them"
    ),
    ReadTimeoutError: Problem(f"no answer within {SECONDS} s", "the next run goes on"),
    ConnectTimeoutError: Problem(f"no connection within {SECONDS} s", "check the region and the network"),
    SSLError: Problem("TLS cannot be verified", "set AWS_CA_BUNDLE to your authority's certificate"),
    Unconnected: Problem("AWS cannot be reached", "check `region` of the sink and the network"),
    HTTPClientError: Problem("AWS cannot be reached", "check `region` of the sink and the network"),
    BotoCoreError: Problem("the AWS client cannot work as it is set up", "try `aws sts get-caller-identity`"),
}
