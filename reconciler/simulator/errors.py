"""How the vendor says no: a status, a code, and the ErrorBody both travel in.

Statuses and codes are from §3 of the fact sheet; messages are ours unless a source quotes one.
"""

from collections.abc import Sequence
from typing import Any


class ApiError(Exception):
    """An answer that refuses. `params` fill the `{name}` holes of `message`; `headers` go out with it."""

    def __init__(
        self, status: int, code: str, message: str, params: dict[str, str] | None = None, **extra: Any
    ) -> None:
        """`extra` are further ErrorBody fields, such as `limit` or `entityId`."""
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.params, self.extra = params or {}, extra
        self.headers: dict[str, str] = {}

    def body(self, context_id: str) -> dict[str, Any]:
        """The vendor's ErrorBody."""
        return {
            "message": self.message.format(**self.params) if self.params else self.message,
            "code": self.code,
            "status": self.status,
            "messageWithParams": self.message,
            "messageParams": self.params,
            "contextId": context_id,
            "details": [],
            "errors": [],
            **self.extra,
        }


def bad_request(message: str, code: str = "bad.request") -> ApiError:
    """400: the request cannot be understood or is against a rule."""
    return ApiError(400, code, message)


def invalid_value(field: str, why: str) -> ApiError:
    """400 `invalid.value`: one field of the body or query is wrong."""
    detail = [{"errorCode": "invalid.value", "fieldName": field}]
    return ApiError(
        400, "invalid.value", "invalid value for {field}: {why}", {"field": field, "why": why}, details=detail
    )


def not_found(kind: str, key: str) -> ApiError:
    """404 `not.found`: no such entity, or not visible yet."""
    return ApiError(404, "not.found", "{kind} {key} not found", {"kind": kind, "key": key}, entityId=key)


def missing_all(permissions: Sequence[str]) -> ApiError:
    """403 `missing.permissions`: the operation needs every one of `permissions`."""
    text = (
        "Unable to perform the requested action. You are missing the following permission(s): {permissions}"
    )
    return ApiError(403, "missing.permissions", text, {"permissions": ", ".join(permissions)})


def missing_any(permissions: Sequence[str]) -> ApiError:
    """403 `missing.any.permissions`: the operation needs at least one of `permissions`."""
    text = "Unable to perform the requested action. You need at least one of these permissions: {permissions}"
    return ApiError(403, "missing.any.permissions", text, {"permissions": ", ".join(permissions)})


UNAUTHORISED = {
    "authentication.required": "No authentication bearer token specified.",
    "bad.credentials": "Invalid login credentials.",
    "credentials.expired": "The access token has expired.",
}
"""What is wrong with a token, by code."""


def unauthorised(code: str) -> ApiError:
    """401: no token, an unknown one, or one that has expired; `code` is one of UNAUTHORISED."""
    return ApiError(401, code, UNAUTHORISED[code])


def too_many(allowed: int, wait: int | str | None) -> ApiError:
    """429 `too.many.requests` beyond `allowed` a minute; `wait` are the seconds it tells, None for none."""
    limit = {"key": "client.credentials.token.rate.per.minute", "namespace": "platform.api", "value": allowed}
    text = "Rate limit exceeded the maximum."
    if wait is None:
        return ApiError(429, "too.many.requests", text, limit=limit)
    params = {"seconds": str(wait)}
    return ApiError(
        429, "too.many.requests", f"{text} Retry the request in [{{seconds}}] seconds", params, limit=limit
    )
