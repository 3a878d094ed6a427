"""Bytes to values, with every secret taken out before anybody else can see it."""

from __future__ import annotations

import json
from typing import Any

from reconciler.model.secret import Secret
from reconciler.ports import Answer

_FIELD = "secret"


def decode(content: bytes, *, keep_secret: bool = False) -> Answer | None:
    """The JSON value without any `secret` field, at any depth; None when it is not JSON.

    `keep_secret` hands out the one of the outermost object, which is where the vendor shows a new
    client's. An empty body is the value None.
    """
    if not content:
        return Answer(None)
    found: list[Any] = [None]

    def without_secret(value: dict[str, Any]) -> dict[str, Any]:
        # The parser closes the outermost object last, so its secret, or None, is what stays here.
        found[0] = value.pop(_FIELD, None)
        return value

    try:
        body = json.loads(content, object_hook=without_secret)
    except ValueError:
        return None  # and not an exception: json's own would carry the whole body
    secret = found[0]
    if keep_secret and isinstance(body, dict) and isinstance(secret, str) and secret:
        return Answer(body, Secret(secret))
    return Answer(body)
