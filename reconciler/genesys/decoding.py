"""Bytes to values, with every secret taken out before anybody else can see it."""

from __future__ import annotations

import json
from typing import Any

from reconciler.model.secret import Secret
from reconciler.ports import Answer

SECRET, TOKEN = "secret", "access_token"
"""The fields that hold one: in the answer that makes a client, and in that of the login server."""


def decode(content: bytes, *, field: str = SECRET, keep_secret: bool = False) -> Answer | None:
    """The JSON value without any such `field`, at any depth; None when it is not JSON.

    `keep_secret` hands out the one of the outermost object, which is where the vendor shows a new
    client's, and the login server its token. An empty body is the value None.
    """
    if not content:
        return Answer(None)
    found: list[Any] = [None]

    def without_secret(value: dict[str, Any]) -> dict[str, Any]:
        # The parser closes the outermost object last, so its secret, or None, is what stays here.
        found[0] = value.pop(field, None)
        return value

    try:
        body = json.loads(content, object_hook=without_secret)
    except (ValueError, RecursionError):
        return None  # and not an exception: json's own would carry the whole body
    secret = found[0]
    if keep_secret and isinstance(body, dict) and isinstance(secret, str) and secret:
        return Answer(body, Secret(secret))
    return Answer(body)
