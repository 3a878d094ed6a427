"""What must be true once everything is at rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.faults.place import Place
from tests.faults.rest import at_rest, lent
from tests.faults.watch import marker_of
from tests.support.canary import finds

PUT_RIGHT = frozenset({"rename", "deactivate", "revoke", "narrow_role"})
"""What an administrator did to an object of ours that the next run takes back (design §6)."""


def end_state(place: Place) -> Iterator[str]:
    """The organisation rests where a way without faults ends; not judged after deeds that stay.

    Nor where a deed leaves an object in doubt: one that the manifests rename and a hand has changed may
    carry a copied marker, so it is withheld and said.
    """
    known, deeds = place.watch.known, place.watch.deeds
    in_doubt = deeds and any(each.guard == "renamed" for each in place.withheld)
    if known is None or in_doubt or not deeds <= PUT_RIGHT:
        return
    now = at_rest(place)
    for section, wanted in known.end.items():
        if now[section] != wanted:
            missing = [each for each in wanted if each not in now[section]]
            surplus = [each for each in now[section] if each not in wanted]
            yield f"{section}: missing {missing[:3]}, surplus {surplus[:3]}"


def returned(place: Place) -> Iterator[str]:
    """Our own client holds nothing of what it borrowed."""
    if held := lent(place.sim.org.live):
        yield f"still borrowed: {sorted(held)}"


def no_twins(place: Place) -> Iterator[str]:
    """One client per address, of any state; what an administrator made of them is left alone (design §6)."""
    if place.watch.administrator:
        return
    rows = place.sim.org.live.clients.rows.values()
    ours = Counter(
        str(marker.address) for row in rows if row["state"] != "deleted" and (marker := marker_of(row))
    )
    for address, number in ours.items():
        if number > 1:
            yield f"{number} clients are {address}"


_COMMITS = ("CREATED", "WRITTEN", "DELETED")


def unseen(log: Sequence[tuple[str, str, int]]) -> Iterator[str]:
    """Of what a run calls done, an object whose last commit it never saw.

    No answer to a read that was carried out since has reached it; one of 404 shows nothing but a deletion.
    Source: design §9, every write is read back.
    """
    written: dict[str, str] = {}
    for method, path, status in log:
        if method in _COMMITS:
            written[path] = method
        elif method == "GET" and (status == 200 or (status, written.get(path)) == (404, "DELETED")):
            written.pop(path, None)
    for path, method in written.items():
        yield f"{path} was {method.lower()}, called done and never seen"


def refused(place: Place) -> Iterator[str]:
    """Without a fault nothing we ask is refused for want of rights: what is borrowed has settled first."""
    if not place.case.faults:
        for method, path, status in place.log:
            if status == 403:
                yield f"{method} {path} was refused"


def unsaid(place: Place) -> Iterator[str]:
    """No secret, nor part of one, in what was said, asked for or written down, in any of nine spellings."""
    asked = (request.path for request in place.sim.requests)
    said = "\n".join([*place.said, *map(str, place.disk.steps.values()), *asked])
    for find in finds(said, place.secrets | set(place.sim.org.secrets.values())):
        yield f"a secret was said, spelt as {find.spelling}"
