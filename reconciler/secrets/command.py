"""The command sink: a program of yours that takes one JSON object on stdin and answers with one on stdout.

    {"do": "reserve" | "deliver" | "status", "sink": NAME, "path": PATH, "credential": DOCUMENT}

`credential` stands there when `do` is `deliver`. An exit code of 0 is success. The answer to `status` is
`{"held": null}` or `{"held": {"clientId", "address", "nonce", "issuedAt", "version"}}`, each as far as known;
the others are not read. What the program prints is never repeated, and the secret is in no argument and no
variable. It runs without a shell, gets our environment without our own credentials, and its time is limited.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reconciler.errors import SinkError
from reconciler.model.secret import Credential, Held
from reconciler.secrets.document import document, held
from reconciler.secrets.program import run, without_ours
from reconciler.secrets.remote import Problem

_MOST = 65_536
"""Bytes of an answer that are looked at."""


class CommandPlace:
    """Implements `Place`. `settings` are the program, its arguments and the seconds that it may take."""

    def __init__(self, name: str, settings: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self._name = name
        self._argv = [str(settings["program"]), *map(str, settings["arguments"])]
        self._seconds = int(settings["seconds"])
        self._environment = without_ours(environment)

    def reserve(self, path: str) -> None:
        """The program says whether it could write."""
        self._run({"do": "reserve", "sink": self._name, "path": path})

    def deliver(self, path: str, credential: Credential) -> None:
        """The program has to have stored it for good when it ends."""
        self._run({"do": "deliver", "sink": self._name, "path": path, "credential": document(credential)})

    def status(self, path: str) -> Held | None:
        """As the program says."""
        answer = _object(self._run({"do": "status", "sink": self._name, "path": path}))
        if answer is None or "held" not in answer:
            raise SinkError(
                'the command gave no answer to "status"', remedy="docs/secrets.md says what it has to print"
            )
        found = answer["held"]
        if not isinstance(found, dict):
            return None
        version = found.get("version")
        return held(found, version if isinstance(version, str) else "")

    def explain(self, error: Exception) -> Problem | None:
        """What the system says of starting a program."""
        if not isinstance(error, OSError):
            return None
        reason = error.strerror or type(error).__name__
        return Problem(
            f"the command cannot be started: {reason}", "check `program` of the sink and its permissions"
        )

    def _run(self, question: Mapping[str, Any]) -> bytes:
        ran = run(self._argv, json.dumps(question).encode(), self._seconds, self._environment)
        if ran.code is None:
            raise SinkError(
                f"the command took more than {self._seconds} s and was ended",
                remedy="mend it, or raise `seconds`",
            )
        if ran.code != 0:
            raise SinkError(
                f"the command ended with {ran.code}; what it printed is not shown",
                remedy="run it by hand, with the JSON of docs/secrets.md and a made-up secret",
            )
        return ran.said[:_MOST]


def _object(answer: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(answer)
    except ValueError:
        return None  # and no exception: it would carry the answer
    return found if isinstance(found, dict) else None
