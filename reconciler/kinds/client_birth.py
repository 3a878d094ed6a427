"""From a change of a client to its requests: born inactive and without grants, granted last.

A crash anywhere before the last PUT leaves an object that nobody can use. The nonce in its marker
says that the secret has not arrived; found standing, the secret is made and delivered anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.kinds.base import crud
from reconciler.kinds.subject import revocations
from reconciler.model.kind import Collection, Step, Work
from reconciler.model.manifest import NewClients
from reconciler.model.secret import Destination
from reconciler.model.state import Live
from reconciler.model.value import Fields, Value

Write = Callable[..., dict[str, Any]]


def compile_client(collection: Collection, write: Write, work: Work) -> tuple[Step, ...]:
    """The steps of one change, in order."""
    if work.after is None:
        return crud(collection, write, work)
    if work.live is None:
        if work.destination is None:  # CODE without a sink: nothing to deliver, so nothing to wait for
            return crud(collection, write, work)
        return _birth(collection, write, work, work.after, work.destination)
    if work.renew and work.destination is not None:
        return _renewal(collection, write, work.live, work.destination)
    if _unfinished(work.live) and work.destination is not None and work.action != "revoke":
        return _finish(collection, write, work, work.live, work.after, work.destination)
    steps = (*_revocations(work.live, work.after), *crud(collection, write, work))
    if work.destination is None and work.action == "update":  # its secret is somebody else's by now
        return tuple([step._replace(nonce=None) for step in steps])
    return steps


def _unfinished(live: Live) -> bool:
    return live.marker is not None and live.marker.nonce != ""


def _birth(
    collection: Collection, write: Write, work: Work, after: Fields, destination: Destination
) -> tuple[Step, ...]:
    born = _newborn(after, work.birth)
    create = Step(
        "create",
        "request",
        "POST",
        collection.path,
        write(born, None),
        born,
        "declared, born without access",
        "new",
    )
    path = f"{collection.path}/{{id}}"
    return (create, _delivery(destination), _granting(path, write(after, None), after), *_proof(after))


def _newborn(after: Fields, birth: NewClients) -> Fields:
    """What a client is before its secret has arrived; `newClients` says which part yields."""
    return {
        **after,
        "state": "active" if birth == "active-grantless" else "inactive",
        "grants": after["grants"] if birth == "inactive-granted" else frozenset[Value](),
    }


def _finish(
    collection: Collection, write: Write, work: Work, live: Live, after: Fields, destination: Destination
) -> tuple[Step, ...]:
    """A client whose secret never arrived: make a new one, deliver it, then go on as after a birth."""
    path = f"{collection.path}/{live.id}"
    why = "its secret never arrived"
    renew = Step("renew", "request", "POST", f"{path}/secret", None, None, why, "keep")
    granting = _granting(path, write(after, live.raw), after)
    return (*_revocations(live, after), renew, _delivery(destination), granting, *_proof(after))


def _renewal(collection: Collection, write: Write, live: Live, destination: Destination) -> tuple[Step, ...]:
    """A new secret for a client that keeps all else; the nonce stands while nobody can be sure of one."""
    path, fields = f"{collection.path}/{live.id}", live.fields
    body = write(fields, live.raw)
    why = "should this run be cut, the next one delivers anew"
    announce = Step("announce", "request", "PUT", path, body, fields, why, "new")
    renew = Step("renew", "request", "POST", f"{path}/secret", None, None, "from here on the old one may end")
    confirm = Step("confirm", "request", "PUT", path, body, fields, "its secret has arrived")
    steps = (renew, _delivery(destination), confirm, *_proof(fields))
    return steps if _unfinished(live) else (announce, *steps)


def _delivery(destination: Destination) -> Step:
    body = {"sink": destination.sink, "path": destination.path, "store": destination.store}
    return Step("deliver", "deliver", "", "", body, None, "the secret is shown once")


def _granting(path: str, body: dict[str, Any], after: Fields) -> Step:
    return Step("grant", "request", "PUT", path, body, after, "its secret has arrived: grant and activate")


def _proof(after: Fields) -> tuple[Step, ...]:
    """Only a client-credentials client can get a token without a user."""
    if after["grantType"] != "CLIENT-CREDENTIALS":
        return ()
    return (Step("prove", "prove", "", "", None, None, "a token proves the delivered secret"),)


def _revocations(live: Live, after: Fields) -> tuple[Step, ...]:
    """Pairs that only the subjects API shows are revoked there: a full replace may not reach them."""
    lost = live.elsewhere - after["grants"]
    return revocations(live, "grants", lost, "granted outside the client's own list")
