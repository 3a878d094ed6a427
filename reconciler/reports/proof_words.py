"""What a proof says in words, the same in every clothing."""

from __future__ import annotations

from reconciler.model.access import EVERYWHERE, ORG_WIDE, Share
from reconciler.model.proof import App, Confined, Excepted, Proof, TenantProof, Verdict
from reconciler.model.words import counted, inhabitants
from reconciler.reports.lines import folded, named

MOST_NAMES = 4
_WIDE = (EVERYWHERE, ORG_WIDE)


def size_of(each: TenantProof) -> str:
    """`2 clients, 1 division with 12 queues`."""
    size = f"{counted(len(each.subjects), 'client')}, {counted(len(each.walls), 'division')}"
    return f"{size} with {inhabitants(each.objects)}" if each.objects else size


def reach_of(each: TenantProof, proof: Proof) -> str:
    """What the tenant's clients reach, as a set of divisions."""
    if each.reaches is Verdict.LEAK:
        return "reaches what it may not"
    if not each.cells:
        return "reaches nothing"
    own = folded(sorted(named(proof.names.get(wall, wall)) for wall in each.walls), MOST_NAMES)
    return f"reach ⊆ {{{own}}}" + (" and what is excepted" if each.excepted else "")


def exception(item: Excepted, proof: Proof) -> str:
    """Who crosses a wall with what, where, and who answers for it."""
    if not item.permissions:
        return f"{proof.subjects[item.subject]} acts for whoever signs in: {answer(item.share)}"
    what = folded(item.permissions, MOST_NAMES)
    where = place_of(item.place, proof)
    return f"{proof.subjects[item.subject]} uses {what} in {where}: {answer(item.share)}"


def ceiling(item: Confined, proof: Proof) -> str:
    """Which client may not leave which divisions."""
    walls = folded([named(proof.names.get(wall, wall)) for wall in item.walls], MOST_NAMES)
    return f"{proof.subjects[item.subject]} to {walls}"


def app_of(app: App, proof: Proof) -> str:
    """Who can sign in to an app, and how far they reach with it."""
    places = sorted(app.places, key=lambda place: (place not in _WIDE, proof.names.get(place, place)))
    where = folded([place_of(place, proof) for place in places], MOST_NAMES) or "nothing"
    people = f"{app.people:,} people with an account can sign in" if app.people else "nobody can sign in"
    further = f"{app.further:,} of them reach" if app.further else "nobody reaches"
    scopes = f"; scopes {folded(app.scopes, MOST_NAMES)} are not counted on" if app.scopes else ""
    name = proof.subjects[app.subject]
    return f"{name}: {people}; together they reach {where}, {further} further than its tenant{scopes}"


def answer(share: Share) -> str:
    """Why, who answers for it, and until when."""
    return f"{named(share.reason)}, {share.owner}, until {share.expires}"


def place_of(place: str, proof: Proof) -> str:
    """A division by its name, and in words what reaches further."""
    if place == ORG_WIDE:
        return "the whole organisation"
    return "every division" if place == EVERYWHERE else named(proof.names.get(place, place))
