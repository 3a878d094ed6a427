"""Signatures of plan files: who made a plan is told from who could put a file in its place.

By a key that both sides hold (HMAC-SHA256, RFC 2104), or by commands of yours, such as Sigstore's. What is
signed are the bytes of the file; the signature lies beside it.
"""

from __future__ import annotations

import hmac
import shlex
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reconciler.errors import StalePlan, UsageError
from reconciler.model.secret import Secret
from reconciler.secrets.program import Ran, run, without_ours

KEY = "RECONCILER_SIGNING_KEY"
SIGN, VERIFY = "RECONCILER_SIGN_COMMAND", "RECONCILER_VERIFY_COMMAND"
LEAST = 32
"""Bytes of a key; the length of the hash (RFC 2104, section 3)."""
_CONTEXT = b"reconciler plan file 1\n"
_SECONDS = 120
_WRONG = "have the plan made and signed again by the pipeline that is trusted with it"


class Signer(Protocol):
    """Signs bytes."""

    def sign(self, content: bytes) -> bytes:
        """The signature; raises UsageError where none can be made."""


class Verifier(Protocol):
    """Knows signatures again."""

    def verify(self, content: bytes, signature: bytes, source: str) -> None:
        """Raises StalePlan where it is not the signature of that content; `source` names the file."""


@dataclass(frozen=True, slots=True)
class SharedKey:
    """Signs and verifies by one key. The signature is text: its kind, and 64 hex digits."""

    key: Secret

    def __post_init__(self) -> None:
        """Raises UsageError for a key that could be guessed."""
        if len(self.key.reveal().encode()) < LEAST:
            raise UsageError(
                f"{KEY} is shorter than {LEAST} bytes", remedy="make one with `openssl rand -hex 32`"
            )

    def sign(self, content: bytes) -> bytes:
        """Never fails."""
        key = self.key.reveal().encode()
        return f"hmac-sha256 {hmac.new(key, _CONTEXT + content, 'sha256').hexdigest()}\n".encode()

    def verify(self, content: bytes, signature: bytes, source: str) -> None:
        """Compared in constant time."""
        if not hmac.compare_digest(self.sign(content).strip(), signature.strip()):
            raise StalePlan(f"{source} does not match its signature", remedy=_WRONG)


@dataclass(frozen=True, slots=True)
class Command:
    """A program of yours, `name` its variable: it is given the plan's path as `{file}`, and `{signature}`."""

    name: str
    words: tuple[str, ...]
    environment: Mapping[str, str]

    def sign(self, content: bytes) -> bytes:
        """It has to write the signature."""
        with tempfile.TemporaryDirectory(prefix="reconciler-") as place:
            file, beside = _laid_out(place, content)
            ran = self._run(file, beside)
            if ran.code != 0 or not beside.is_file():
                trouble = _ending(ran) if ran.code != 0 else "wrote no {signature}"
                raise UsageError(
                    f"the plan is not signed: {self.name} {trouble}",
                    remedy="run it by hand; what it printed is not shown",
                )
            return beside.read_bytes()

    def verify(self, content: bytes, signature: bytes, source: str) -> None:
        """That it is the signature is an exit code of 0."""
        with tempfile.TemporaryDirectory(prefix="reconciler-") as place:
            file, beside = _laid_out(place, content)
            beside.write_bytes(signature)
            ran = self._run(file, beside)
        if ran.code != 0:
            raise StalePlan(f"{source} is not verified: {self.name} {_ending(ran)}", remedy=_WRONG)

    def _run(self, file: Path, signature: Path) -> Ran:
        places = {"{file}": str(file), "{signature}": str(signature)}
        argv = [_filled(word, places) for word in self.words]
        try:
            return run(argv, b"", _SECONDS, self.environment)
        except OSError as error:
            trouble = error.strerror or type(error).__name__
        raise UsageError(f"{self.name} cannot be started: {trouble}", remedy="check the program it names")


def signer(key: str, command: str, environment: Mapping[str, str]) -> Signer | None:
    """Who signs plan files, by what the variables say; None where nobody does. Raises UsageError."""
    return _of(key, SIGN, command, environment)


def verifier(key: str, command: str, environment: Mapping[str, str]) -> Verifier | None:
    """Who verifies plan files, by what the variables say; None where nobody does. Raises UsageError."""
    return _of(key, VERIFY, command, environment)


def _of(key: str, name: str, command: str, environment: Mapping[str, str]) -> SharedKey | Command | None:
    if key and command:
        raise UsageError(f"{KEY} and {name} exclude each other", remedy="unset one of them")
    if key:
        return SharedKey(Secret(key))
    return Command(name, _words(name, command), without_ours(environment)) if command else None


def _words(name: str, command: str) -> tuple[str, ...]:
    """The program and its arguments; raises UsageError unless they name both files."""
    try:
        words = tuple(shlex.split(command))
    except ValueError:
        words = ()
    if not all(any(place in word for word in words) for place in ("{file}", "{signature}")):
        example = f"{name}='sign --out {{signature}} {{file}}'"
        raise UsageError(
            f"{name} has to be one command that names {{file}} and {{signature}}",
            remedy=f"for example: {example}; it runs without a shell",
        )
    return words


def _laid_out(place: str, content: bytes) -> tuple[Path, Path]:
    file = Path(place, "plan.json")
    file.write_bytes(content)
    return file, Path(place, "plan.json.sig")


def _filled(word: str, places: Mapping[str, str]) -> str:
    for name, path in places.items():
        word = word.replace(name, path)
    return word


def _ending(ran: Ran) -> str:
    return f"took more than {_SECONDS} s" if ran.code is None else f"ended with {ran.code}"
