"""Safety at every commit, read from the organisation's rows and log alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import httpx

from reconciler.simulator.org import Written
from tests.faults.organisation import LAG
from tests.faults.watch import OPERATOR, Moment, Watch, access_by_name, marker_of

_OBJECTS = ("divisions", "roles", "clients")


def one_usable(watch: Watch, moment: Moment) -> Iterator[str]:
    """At most one active client carries one address; an overlap's successor has its own, `~next` (§6)."""
    active = Counter(
        str(marker.address)
        for row in moment.place.sim.org.live.clients.rows.values()
        if row["state"] == "active" and (marker := marker_of(row))
    )
    for address, number in active.items():
        if number > 1:
            yield f"{number} active clients are {address}"


def unowned_untouched(watch: Watch, moment: Moment) -> Iterator[str]:
    """We write only what carries our marker, what we create, what `adopt` names, and pairs on our roles.

    The vendor's PUT has no precondition, so a marker that somebody takes away during a run, or so
    late before it that caches still show it, does not protect yet (fact 8, fact 10 of design §2).
    """
    if moment.request is None:
        return
    for each in moment.written:
        if each.table in _OBJECTS and each.before is not None and not _ours(watch, moment, each):
            yield f"{each.table[:-1]} {each.before['name']!r} is not ours"
        if each.table == "grants":
            yield from _foreign_pairs(watch, moment, each)


def _ours(watch: Watch, moment: Moment, each: Written) -> bool:
    before = each.before or {}
    if marker_of(before) or before.get("name") in moment.place.scenario.adopts:
        return True
    stripped = watch.stripped.get(each.key)
    return stripped is not None and watch.generation_began < stripped + LAG


def _foreign_pairs(watch: Watch, moment: Moment, each: Written) -> Iterator[str]:
    live, subject = moment.place.sim.org.live, each.key
    held = {pair for row in (each.before, each.after) if row for pair in row["pairs"]}
    kept = set((each.before or {}).get("pairs", ())) & set((each.after or {}).get("pairs", ()))
    client = live.clients.rows.get(subject)
    if client is not None and subject != OPERATOR:
        if not _died_with_ours(moment, held - kept) and not _ours(
            watch, moment, Written("clients", subject, client, client)
        ):
            yield f"grants of {client['name']!r}, which is not ours"
        return
    for role, _ in held - kept:
        row = live.roles.rows.get(role)
        if row is not None and not marker_of(row) and role not in watch.stripped:
            yield f"a pair of {subject} on {row['name']!r}, a role that is not ours"


def _died_with_ours(moment: Moment, pairs: set[tuple[str, str]]) -> bool:
    """Whether all these pairs lay on a role, or in a division, that went in this very commit."""
    gone = {each.key for each in moment.written if each.table in _OBJECTS and each.after is None}
    return bool(pairs) and all(gone.intersection(pair) for pair in pairs)


def no_widening(watch: Watch, moment: Moment) -> Iterator[str]:
    """Whatever mix of versions of the last seconds caches hold: within old and new, and what others gave.

    Not judged: our own client, which announces what it borrows and is judged when it returns it (design
    §9), and a client whose marker an administrator took away: it keeps its pairs, unmanaged, and what
    its roles allow from then on is shown as a gain of an unmanaged subject (design §6).
    """
    if watch.known is None:
        return
    for subject in watch.versions.subjects():
        if subject == OPERATOR or subject in watch.stripped:
            continue
        names = watch.versions.called.get(subject, set())
        allowed = frozenset[tuple[str, str]]().union(*(watch.allowed[name] for name in names))
        wider = watch.versions.access(subject, moment.at, LAG) - allowed
        if wider:
            yield f"{sorted(names)} reaches {sorted(wider)[:3]}, in neither the old nor the new"


def no_union(watch: Watch, moment: Moment) -> Iterator[str]:
    """Who reaches one tenant before and another one after never reaches both, in any one version."""
    if watch.known is None or watch.administrator:
        return
    for subject in watch.versions.subjects():
        for name in watch.versions.called.get(subject, ()) if subject != OPERATOR else ():
            sides = (watch.known.before.get(name, frozenset()), watch.known.after.get(name, frozenset()))
            now = watch.versions.access(subject, moment.at, 0.0)
            tenants = _tenants(watch, now)
            if len(tenants) > max(1, *(len(_tenants(watch, side)) for side in sides)):
                yield f"{name} reaches {sorted(tenants)} at once"


def _tenants(watch: Watch, access: frozenset[tuple[str, str]]) -> set[str]:
    walls = watch.known.walls if watch.known else {}
    return {walls[where] for _, where in access if where in walls}


def no_lockout(watch: Watch, moment: Moment) -> Iterator[str]:
    """Whose access is the same before and after has it at every moment; an administrator may take it.

    A client that retires leaves it to its successor, which is called `NAME (next)` until then.
    """
    if watch.known is None or watch.administrator:
        return
    now = access_by_name(watch.versions, moment.at)
    for name, old in watch.known.before.items():
        lost = old - now.get(name, frozenset()) - now.get(f"{name} (next)", frozenset())
        if old == watch.known.after.get(name) and lost:
            yield f"{name} lost {sorted(lost)[:3]}"


def people_told(watch: Watch, moment: Moment) -> Iterator[str]:
    """Who is no client gains a role of ours only once its marker says so: by that alone they are found."""
    live = moment.place.sim.org.live
    for each in moment.written if moment.request else ():
        if each.table == "grants" and each.key not in live.clients.rows:
            for role, _ in set((each.after or {}).get("pairs", ())) - set(
                (each.before or {}).get("pairs", ())
            ):
                marker = marker_of(live.roles.rows.get(role))
                if marker and not marker.granted:
                    yield f"{each.key} is given {marker.address}, whose marker does not say so"


def whole_reading(watch: Watch, moment: Moment) -> Iterator[str]:
    """A run that was shown a list shorter than it says reads it again or gives up before it writes."""
    if moment.request is not None and moment.place.lacking:
        yield f"{moment.request.method} {moment.request.path} after a list that lacked something"


def born_once(watch: Watch, moment: Moment) -> Iterator[str]:
    """What a run has created it never creates again, whatever a 404 says."""
    if moment.request is None:
        return
    for each in moment.written:
        marker = marker_of(each.after)
        if each.table in _OBJECTS and each.before is None and marker:
            address = str(marker.address)
            if watch.born.get(address) == moment.place.generation:
                yield f"{address} was created twice by one run"


def retry_after(watch: Watch, request: httpx.Request, at: float) -> Iterator[str]:
    """No request of ours leaves before the time that a 429 asked for is over; tokens are counted apart."""
    bucket = "login" if request.url.path == "/oauth/token" else "api"
    until = watch.quiet_until.get(bucket, 0.0)
    if at < until:
        yield f"{request.method} {request.url.path} left {until - at:.1f} s too early"
