"""The vendor's refusals as our errors: what happened, where, what to do, which id to quote.

Messages hold method and path (never a query), status, code, at most 500 characters of the vendor's
text with unprintable ones escaped, and the correlation id. Never a body. Statuses and codes: §3 of the
fact sheet on the API.
"""

from __future__ import annotations

import re

from reconciler.errors import Refused, Rejected, Unavailable, Unreadable
from reconciler.genesys.answers import (
    Raw,
    asked_wait,
    correlation,
    error_body,
    is_json,
    printable,
    said,
    text_of,
    unexpected,
)
from reconciler.genesys.calls import Call, Failure
from reconciler.genesys.decoding import SECRET, TOKEN, decode
from reconciler.ports import Answer

LONGEST_WAIT = 120.0
"""Seconds; who asks to wait longer than this gets an error instead."""

_ATTEMPTS_TO_REACH, _ATTEMPTS_TO_READ, _ATTEMPTS_WHEN_LIMITED = 6, 3, 10
_PERMISSION = re.compile(r"\b\w+:\w+:(?:\w+|\*)")
_LATER = "try again later; if it lasts, quote the correlation id to the vendor's support"
_NETWORK = "check the network and the region; proxy variables of the environment are not used"
_PROXY = "look for a proxy, a captive portal or a wrong endpoint between here and the organisation"


def judged(call: Call, raw: Raw, credential: str) -> Answer:
    """The answer of one attempt; raises `Failure` for everything but a readable success.

    `credential` is what to do about a credential that is refused.
    """
    if 200 <= raw.status < 300:
        field = TOKEN if call.is_token else SECRET
        keep = call.method == "POST"
        readable = is_json(raw) or not raw.content
        answer = decode(raw.content, field=field, keep_secret=keep) if readable else None
        if answer is None or (call.reads and answer.body is None):  # nothing shown is not nothing there
            raise _unreadable(call, raw)
        return answer
    if raw.status in (408, 429) or raw.status >= 500:
        raise _unavailable(call, raw)
    if raw.status < 400 or (raw.content and error_body(raw) is None):
        raise _unreadable(call, raw)
    raise Failure(_login_refused(raw, credential) if call.is_token else _refused(call, raw, credential))


def unanswered(call: Call, reason: str, *, left: bool) -> Failure:
    """No answer came. `left` is False where the request surely never left this machine."""
    committed = left and not call.reads
    error = Unavailable(
        f"{call} got no answer: {printable(reason)}", sent=committed, remedy=_LATER if left else _NETWORK
    )
    return Failure(error, attempts=_ATTEMPTS_TO_REACH, committed=committed)


def _login_refused(raw: Raw, remedy: str) -> Refused:
    body = error_body(raw)
    code = text_of(body, "error", "code")
    text = text_of(body, "error_description", "description", "message") or "no reason given"
    return Refused(
        f"the login server refused the client's credentials: {said(raw, code, text)}",
        remedy=remedy,
        status=raw.status,
        code=code,
        correlation=correlation(raw),
    )


def _refused(call: Call, raw: Raw, credential: str) -> Refused | Rejected:
    body = error_body(raw)
    code, text = text_of(body, "code", "error"), text_of(body, "message", "error_description")
    kind = Refused if raw.status in (401, 403) else Rejected
    return kind(
        f"{call} answered {said(raw, code, text or 'no reason given')}",
        remedy=credential if raw.status == 401 else _remedy(raw.status, text),
        status=raw.status,
        code=code,
        correlation=correlation(raw),
    )


def _unavailable(call: Call, raw: Raw) -> Failure:
    body, after = error_body(raw), asked_wait(raw)
    text = text_of(body, "message") or unexpected(raw)
    patient = after is None or after <= LONGEST_WAIT
    limit = "" if patient else f"; it asks to wait {after:.0f} s"
    committed = raw.status != 429 and not call.reads
    error = Unavailable(
        f"{call} answered {said(raw, text_of(body, 'code'), text)}{limit}",
        sent=committed,
        status=raw.status,
        remedy=_LATER,
        correlation=correlation(raw),
    )
    attempts = _ATTEMPTS_WHEN_LIMITED if raw.status == 429 else _ATTEMPTS_TO_REACH
    return Failure(error, attempts=attempts if patient else 1, after=after, committed=committed)


def _unreadable(call: Call, raw: Raw) -> Failure:
    error = Unreadable(
        f"{call} answered {said(raw, '', unexpected(raw))}",
        remedy=_PROXY,
        status=raw.status,
        correlation=correlation(raw),
    )
    return Failure(error, attempts=_ATTEMPTS_TO_READ, committed=not call.reads)


def _remedy(status: int, text: str) -> str:
    if status != 403:
        return ""
    missing = sorted(set(_PERMISSION.findall(text)))
    if missing:
        return f"give a role of this client the permission {', '.join(missing)}"
    return "give this client a role that allows it, in the divisions concerned"
