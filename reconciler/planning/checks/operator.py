"""Is the operator there, are these its credentials, how long do its tokens live, and does it write alone?"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.checkup import Check, Observed, OneWriter, Status
from reconciler.model.manifest import Org

TOPIC = "operator"

LONGEST_TOKEN = 900
"""Seconds. A run that lost its lease can write until its token ends."""

_LIFE = "accessTokenValiditySeconds"


def checks(observed: Observed, org: Org) -> Iterator[Check]:
    """What can be said of the client whose rights the plan counts on."""
    yield there(observed, org)
    if observed.operator_id:
        yield own_credentials(observed, org)
    if observed.operator is not None:
        yield token_life(observed)
    if observed.one_writer is not None:
        yield one_writer(observed.one_writer)


def there(observed: Observed, org: Org) -> Check:
    """Whether `operator.client` is one live client."""
    if trouble := observed.no_operator:
        return Check("operator", TOPIC, "failure", trouble.message, "", trouble.remedy)
    if not observed.operator_id:
        means = "these credentials may not see every client, so whether it is there is not known"
        remedy = "give their role oauth:client:view (reconciler doctor --bootstrap reader)"
        return Check("operator", TOPIC, "unknown", f"`{org.operator}` was not seen", means, remedy)
    live = observed.operator
    if live is not None and live.fields.get("state") not in (None, "active"):
        means = "it gets no token"
        return Check(
            "operator", TOPIC, "failure", f"{live.name} is {live.fields['state']}", means, "activate it"
        )
    name = f"{live.name}, once" if live else org.operator
    return Check("operator", TOPIC, "ok", f"{name} ({observed.operator_id})")


def own_credentials(observed: Observed, org: Org) -> Check:
    """Whether apply could run with these credentials."""
    if observed.is_operator:
        return Check("signed in as", TOPIC, "ok", "the operator: plan and apply may run here")
    caller = observed.caller
    whose = f"`{caller.name or caller.id}`" if caller.id else "an unnamed client or user"
    return Check(
        "signed in as",
        TOPIC,
        "warning",
        f"{whose}, who is not the operator",
        "plan, drift and doctor may run so; apply runs with the operator's own credentials only",
        f"to apply, sign in as `{org.operator}`",
    )


def token_life(observed: Observed) -> Check:
    """How long a token of the operator is good for."""
    seconds = observed.operator.raw.get(_LIFE) if observed.operator else None
    if not isinstance(seconds, int):
        return Check(
            "token life", TOPIC, "unknown", "not shown", "the organisation does not say how long tokens live"
        )
    if seconds <= LONGEST_TOKEN:
        return Check("token life", TOPIC, "ok", f"{seconds} s")
    seen = f"{seconds:,} s; {LONGEST_TOKEN} would do"
    remedy = f"set the client's token duration to {LONGEST_TOKEN} s; long runs renew their tokens"
    if observed.one_writer is not None and observed.one_writer.by == "server":
        means = "a run that dies keeps every other one from writing until its token has ended"
        return Check("token life", TOPIC, "failure", seen, means, remedy)
    means = "a run that has lost its lease, or whoever finds a token, can write until that token ends"
    return Check("token life", TOPIC, "warning", seen, means, remedy)


def one_writer(found: OneWriter) -> Check:
    """Whether a lease keeps two runs apart, and by what."""
    if found.trouble is not None:
        status: Status = "warning" if found.mends else "failure"
        means = "the next run that writes sets it aside" if found.mends else "without its lease no run writes"
        return Check("one writer", TOPIC, status, found.trouble.message, means, found.trouble.remedy)
    if found.by == "server":
        return Check("one writer", TOPIC, "ok", f"one run at a time, by {found.place}")
    share = "let RECONCILER_STATE name a PostgreSQL database, or let the pipeline run one job at a time"
    if found.by == "nobody":
        means = "two runs at once undo or double each other's work"
        return Check("one writer", TOPIC, "warning", "not enforced: RECONCILER_STATE is off", means, share)
    seen = f"one run at a time of this machine, by a lock beside {found.place}"
    if not found.passing:
        return Check("one writer", TOPIC, "ok", seen)
    means = "each job of a pipeline is a machine of its own: two of them may write at once"
    return Check("one writer", TOPIC, "warning", seen, means, share)
