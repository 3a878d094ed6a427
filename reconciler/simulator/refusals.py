"""What the vendor says with a status, for faults that name no more than that (§3)."""

from reconciler.simulator.contract import Operation
from reconciler.simulator.errors import (
    UNAUTHORISED,
    ApiError,
    missing_all,
    missing_any,
    too_many,
    unauthorised,
)

_CODES = {
    400: "bad.request",
    403: "not.authorized",
    404: "not.found",
    408: "client.timeout",
    409: "conflict",
    413: "request.entity.too.large",
    415: "unsupported.media.type",
    503: "service.unavailable",
    504: "request.timeout",
}
_MISSING = {"ALL": missing_all, "ANY": missing_any}


def refusal(
    status: int, code: str, wait: int | str | None, operation: Operation | None, limit: int
) -> ApiError:
    """The vendor's refusal with `status`, of `operation` if the path is one's; `limit` is requests a minute.

    `code` is another code than the usual, empty for that; `wait` is what `Retry-After` says, None for none.
    """
    error = _usual(status, code, wait, operation, limit)
    error.code = code or error.code
    if wait is not None:
        error.headers["Retry-After"] = str(wait)
    return error


def _usual(
    status: int, code: str, wait: int | str | None, operation: Operation | None, limit: int
) -> ApiError:
    if status == 401 and (not code or code in UNAUTHORISED):
        return unauthorised(code or "credentials.expired")
    if status == 403 and operation and operation.mode in _MISSING:
        return _MISSING[operation.mode](operation.permissions)
    if status == 429:
        return too_many(limit, wait)
    return ApiError(
        status, _CODES.get(status, "internal.server.error"), "the simulator was told to answer this"
    )
