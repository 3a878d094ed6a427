"""The Vault sink: the key-value store (version 2) of HashiCorp Vault or OpenBao, by hvac.

The document's fields are the keys of the secret. Whose it is and since when stands in the custom metadata
as well, together with the version that it is about: a version that somebody else wrote has none. Nobody has
to be allowed to read secrets for that. Each write is check-and-set against the version seen before.
Source: Vault's documentation of the KV v2 API; `sys/capabilities-self` for what a token may do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import hvac
import hvac.exceptions
import requests

from reconciler.errors import SinkError
from reconciler.model.secret import Credential, Held
from reconciler.ports import Kept
from reconciler.secrets.document import about, document, held, kept
from reconciler.secrets.ready import required, safe_url
from reconciler.secrets.remote import SECONDS, Problem

ADDRESS, TOKEN, NAMESPACE = "VAULT_ADDR", "VAULT_TOKEN", "VAULT_NAMESPACE"
_POLICY = "give the token's policy what docs/secrets.md lists for Vault"


class _Metadata(NamedTuple):
    """A key's metadata: its present version (0 for none), whether that can be read, and our words."""

    version: int
    gone: bool
    custom: dict[str, str]
    delete_after: str


class VaultPlace:
    """Implements `Readable`. `settings` name the mount; address, token and namespace come from outside."""

    def __init__(
        self, settings: Mapping[str, Any], environment: Mapping[str, str], now: Callable[[], datetime]
    ) -> None:
        self._mount, self._now = str(settings["mount"]), now
        self._reserved: dict[str, int] = {}
        self._unheard: set[str] = set()
        self._client = hvac.Client(
            url=safe_url(required(environment, ADDRESS), ADDRESS),
            token=required(environment, TOKEN),
            namespace=environment.get(NAMESPACE) or None,
            timeout=SECONDS,
            allow_redirects=False,
        )

    def reserve(self, path: str) -> None:
        """The policy allows the write, and the store takes one: of the metadata, as they are."""
        self._check_policy(path)
        found = self._metadata(path)
        self._describe(path, found, found.custom)
        self._reserved[path] = self._metadata(path).version  # a store of version 1 keeps anything by any name
        self._unheard.discard(path)

    def deliver(self, path: str, credential: Credential) -> None:
        """Write the next version after the one that was reserved, say whose it is, and look.

        May be repeated: what an earlier attempt of ours wrote is written over, what anybody else did is not.
        """
        found = self._metadata(path)
        version = self._write(path, document(credential), self._before(path, found))
        self._reserved[path] = version
        words = about(credential) | {"clientId": credential.client_id, "version": str(version)}
        self._describe(path, found, found.custom | words)
        after = self._metadata(path)
        if (after.version, after.gone) != (version, False):
            raise _moved(version, after.version)
        self._forget(path)

    def status(self, path: str) -> Held | None:
        """From the metadata; of a version that we did not write only its number is told."""
        found = self._metadata(path)
        if found.version == 0 or found.gone:
            return None
        ours = found.custom.get("version") == str(found.version)
        return held(found.custom if ours else {}, str(found.version))

    def fetch(self, path: str) -> Kept | None:
        """Needs the permission to read the secret."""
        try:
            answer = self._kv.read_secret_version(
                path, mount_point=self._mount, raise_on_deleted_version=True
            )
        except hvac.exceptions.InvalidPath:
            return None
        return kept(_data(answer)["data"])

    def explain(self, error: Exception) -> Problem | None:
        """By the status alone: Vault's own words may quote the request."""
        for kind, problem in _PROBLEMS.items():
            if isinstance(error, kind):
                return problem
        return None

    @property
    def _kv(self) -> Any:
        return self._client.secrets.kv.v2

    def _check_policy(self, path: str) -> None:
        asked = f"{self._mount}/data/{path}"
        answer = _data(self._client.sys.get_capabilities([asked]))
        allowed = set(answer.get(asked) or ())
        if not ("root" in allowed or {"create", "update"} <= allowed):
            raise SinkError(f"the token may not create and update {asked}", remedy=_POLICY)

    def _metadata(self, path: str) -> _Metadata:
        try:
            data = _data(self._kv.read_secret_metadata(path, mount_point=self._mount))
        except hvac.exceptions.InvalidPath as error:
            if error.errors:  # no word of a key: there is no such store
                raise
            return _Metadata(0, False, {}, "0s")
        if "current_version" not in data:
            raise _other_version(self._mount)
        version = int(data["current_version"])
        last = data["versions"].get(str(version)) or {}
        gone = bool(last.get("destroyed")) or self._is_past(last.get("deletion_time") or "")
        return _Metadata(version, gone, data.get("custom_metadata") or {}, data["delete_version_after"])

    def _is_past(self, moment: str) -> bool:
        return moment != "" and datetime.fromisoformat(moment) <= self._now()

    def _describe(self, path: str, found: _Metadata, words: Mapping[str, str]) -> None:
        answer = self._kv.update_metadata(
            path,
            mount_point=self._mount,
            delete_version_after=found.delete_after,  # left out, hvac would reset it
            custom_metadata={name: word for name, word in words.items() if word},
        )
        if answer.status_code not in (200, 204):
            raise _redirected()

    def _before(self, path: str, found: _Metadata) -> int:
        """The version that the next one follows. One that nobody described may be ours, its answer lost."""
        before = self._reserved.setdefault(path, found.version)
        nobodys = found.custom.get("version") != str(found.version)
        if path in self._unheard and found.version == before + 1 and nobodys:
            before = self._reserved[path] = found.version
        return before

    def _forget(self, path: str) -> None:
        self._reserved.pop(path, None)
        self._unheard.discard(path)

    def _write(self, path: str, secret: Mapping[str, str], before: int) -> int:
        try:
            answer = self._kv.create_or_update_secret(
                path, secret=secret, cas=before, mount_point=self._mount
            )
        except hvac.exceptions.InvalidRequest as error:
            if any("check-and-set" in str(each) for each in error.errors or ()):
                raise _moved(before, self._metadata(path).version) from None
            raise
        except (hvac.exceptions.Forbidden, hvac.exceptions.Unauthorized, hvac.exceptions.RateLimitExceeded):
            raise
        except (hvac.exceptions.VaultError, requests.RequestException):
            self._unheard.add(path)
            raise
        return int(_data(answer)["version"])


def _data(answer: Any) -> Any:
    """What an answer holds; a redirect, which is not followed, comes as no dictionary."""
    if not isinstance(answer, dict):
        raise _redirected()
    return answer["data"]


def _redirected() -> SinkError:
    return SinkError("the server sends us elsewhere", remedy=f"set {ADDRESS} to the active server itself")


def _other_version(mount: str) -> SinkError:
    return SinkError(
        f"{mount} is no key-value store of version 2",
        remedy=f"`vault kv enable-versioning {mount}`, or correct `mount`; what lies below {mount}/metadata "
        "holds no secret of ours, and can go",
    )


def _moved(ours: int, now: int) -> SinkError:
    return SinkError(
        f"somebody else wrote there: version {ours} was the last we knew, it is {now} now",
        remedy="find out who writes to this path (the server's audit log tells); the next run delivers anew",
    )


_PROBLEMS: Mapping[type[Exception], Problem] = {
    hvac.exceptions.Forbidden: Problem("the server refuses the token (403)", f"renew {TOKEN}, or {_POLICY}"),
    hvac.exceptions.Unauthorized: Problem("the server refuses the token (401)", f"renew {TOKEN}"),
    hvac.exceptions.InvalidPath: Problem(
        "nothing is mounted there (404)", "check `mount` and VAULT_NAMESPACE"
    ),
    hvac.exceptions.InvalidRequest: Problem(
        "the server refuses the request (400)", "check that `mount` is a key-value store of version 2"
    ),
    hvac.exceptions.VaultDown: Problem(
        "the server is sealed or down (503)", "unseal it; the next run goes on"
    ),
    hvac.exceptions.RateLimitExceeded: Problem(
        "the server is asked too often (429)", "raise its quota, or wait"
    ),
    hvac.exceptions.VaultError: Problem("the server failed", "look into its log; the next run goes on"),
    requests.Timeout: Problem(f"no answer within {SECONDS} s", "check the server; the next run goes on"),
    requests.exceptions.SSLError: Problem(
        "TLS cannot be verified", "set VAULT_CACERT to your authority's certificate"
    ),
    requests.RequestException: Problem("the server cannot be reached", f"check {ADDRESS} and the network"),
}
