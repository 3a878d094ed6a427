"""What people are told about an operation that failed. Pure; never a secret, never a whole body."""

from __future__ import annotations

from reconciler.engine.fill import description_of
from reconciler.errors import OrgError, ReconcilerError, Unavailable
from reconciler.model.address import OPERATOR
from reconciler.model.concealing import concealed
from reconciler.model.manifest import Org
from reconciler.model.plan import Operation

_REFUSALS = (400, 403)


def words(error: ReconcilerError) -> str:
    """What happened and what to do, on one line."""
    correlation = error.correlation if isinstance(error, OrgError) else ""
    known = not correlation or correlation in error.message
    quoted = error.message if known else f"{error.message} (correlation id {correlation})"
    return concealed(f"{quoted}; {error.remedy}" if error.remedy else quoted)


def failure(operation: Operation, error: ReconcilerError, org: Org) -> str:
    """The words for this operation's failure, with what this operation's nature adds."""
    if operation.method == "POST" and isinstance(error, Unavailable) and error.sent:
        return f"{words(error)}; {_ambiguity(operation)}"
    if is_birth(operation) and isinstance(error, OrgError) and error.status in _REFUSALS:
        return (
            f"{words(error)}; if this organisation refuses such births, set `newClients` in the Org document "
            f"to inactive-granted or active-grantless (now {org.new_clients})"
        )
    if _is_borrowing(operation) and isinstance(error, OrgError) and error.status in _REFUSALS:
        return (
            f"{words(error)}; if this organisation lets no client grant to itself, set `handOn: held` under "
            f"`operator` in the Org document and grant `{org.operator}` for good what it hands on"
        )
    return words(error)


def _is_borrowing(operation: Operation) -> bool:
    return operation.address == OPERATOR and operation.method == "POST" and "/bulkadd" in operation.path


def is_birth(operation: Operation) -> bool:
    """Whether the operation creates something whose secret is still to be delivered."""
    description = description_of(operation.body)
    return operation.method == "POST" and description is not None and description.nonce == "new"


def _ambiguity(operation: Operation) -> str:
    if description_of(operation.body) is not None:
        return "it may or may not have been created; the next run finds it by its marker"
    return "it may or may not have been carried out; the next run reads what is there and goes on"
