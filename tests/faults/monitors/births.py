"""Births and secrets at every commit: announced, bare, and where their consumers look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reconciler.model.address import NEXT, Address
from tests.faults.watch import Moment, Watch, marker_of

if TYPE_CHECKING:
    from tests.faults.place import Place
    from tests.faults.stage import Stage


A_MOMENT = 2.0
"""Seconds for which a place may point to a client that is of no use yet, as docs/rotation.md says."""


def secret_kept(watch: Watch, moment: Moment) -> Iterator[str]:
    """The secret of every active client of ours is in its sink, at the place of an address it has or had.

    What moves to another address keeps its secret where it is until there is another one (record 0022).

    Excepted: a client whose secret was never ours (`sink: external`, design §5), one that worked before
    and whose nonce stands: its rotation in place is announced and under way (design §6), and one whose
    successor has taken the place, or is announced to (record 0024), unless a hand took that one away.
    """
    org = moment.place.sim.org
    external = watch.known.external if watch.known else frozenset()
    heirs = {
        marker.address.entry
        for key, row in org.live.clients.rows.items()
        if (marker := marker_of(row)) and marker.address.part == NEXT
        if marker.nonce or has_its_secret(watch, moment.place, key, marker.address)
    }
    for key, row in org.live.clients.rows.items():
        marker = marker_of(row)
        if not marker or row["state"] != "active" or row["authorizedGrantType"] != "CLIENT-CREDENTIALS":
            continue
        rotating = marker.nonce and key in watch.finished
        if (
            str(marker.address.entry) not in external
            and not rotating
            and marker.address not in heirs | watch.widowed
            and not has_its_secret(watch, moment.place, key, marker.address)
        ):
            yield f"{marker.address} is active and its secret is not where consumers look"


def kept_at_rest(place: Place) -> Iterator[str]:
    """The same in the end: what is put in a sink last is no commit."""
    return secret_kept(place.watch, Moment(place, None, [], place.time))


def place_of(address: Address) -> str:
    """The place of an address below every sink of these organisations."""
    return f"{address.owner}/{address.entry.key}.json"


def has_its_secret(watch: Watch, place: Stage, client: str, address: Address) -> bool:
    """Whether a place of this client's holds what works for it, and says whose it is."""
    places = {place_of(each): str(each) for each in {address.entry, *watch.bore[client]}}
    works = (client, place.sim.org.secrets.get(client))
    return any(
        (held["id"], held["secret"]) == works and held["address"] == said
        for path, held in place.disk.credentials.items()
        for where, said in places.items()
        if path.endswith(where)
    )


def handed_over(watch: Watch) -> Iterator[str]:
    """A successor is switched on at once after its secret has taken its predecessor's place (record 0037).

    Of an undisturbed run whose caches agree: else what it asks for may be refused for a while. Not of one
    that a hand touched: what somebody switched off is switched on whenever a run finds it.
    """
    for address, seconds in watch.handed_over:
        if seconds > A_MOMENT and address.entry not in watch.widowed:
            yield f"{address} was switched on {seconds:.1f} s after its secret was made"


def born_bare(watch: Watch, moment: Moment) -> Iterator[str]:
    """A client is born inactive and without grants, but for the part that `newClients` lets yield (§9)."""
    live, mode = moment.place.sim.org.live, moment.place.scenario.after.org.new_clients
    for each in moment.written if moment.request else ():
        marker = marker_of(each.after)
        if each.table == "clients" and each.before is None and each.after and marker and marker.nonce:
            if each.after["state"] == "active" and mode != "active-grantless":
                yield f"{marker.address} is born active"
            if live.pairs(each.key) and mode != "inactive-granted":
                yield f"{marker.address} is born with grants"


def proven_first(watch: Watch, moment: Moment) -> Iterator[str]:
    """A secret is made only after this run has proven that its place can be written, if it has one."""
    request, place = moment.request, moment.place
    external = watch.known.external if watch.known else frozenset()
    if request is None or request.method != "POST" or not request.path.startswith("/api/v2/oauth/clients"):
        return
    for each in moment.written:
        marker = marker_of(each.after)
        if each.table == "clients" and marker and str(marker.address.entry) not in external:
            where = place_of(marker.address)
            if where not in place.disk.reserved:
                yield f"the secret of {marker.address} was made before {where} was proven writable"


def written_ahead(watch: Watch, moment: Moment) -> Iterator[str]:
    """Every POST that makes something, or a secret, was announced in the journal before.

    By the run that sends it, for the very object that is born, and nothing was heard of it yet.
    """
    request = moment.request
    if request is None or request.method != "POST" or moment.place.case.store == "off":
        return
    pending = [
        step.intent
        for name, step in moment.place.disk.steps.items()
        if (name, step.intended) not in watch.told_before and not step.concluded
        if (step.intent.method, step.intent.path.partition("?")[0]) == ("POST", request.path)
    ]
    born = [marker for each in moment.written if each.before is None and (marker := marker_of(each.after))]
    if not pending:
        yield f"POST {request.path} was not announced"
    for marker in born:
        if (marker.address, marker.nonce) not in {(intent.address, intent.nonce) for intent in pending}:
            yield f"the birth of {marker.address} was not announced, or not with its nonce"
