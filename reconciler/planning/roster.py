"""The roster: everybody there is and everybody who holds anything, as an auditor asks for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.incoming import Incoming
from reconciler.isolation.population import Grant, Population, Subject
from reconciler.isolation.reach import Reach
from reconciler.model.access import EVERYWHERE, Share
from reconciler.model.address import ORG
from reconciler.model.kind import Registry
from reconciler.model.origin import Origin
from reconciler.model.proof import Standing, Survey
from reconciler.model.sight import OPEN
from reconciler.model.state import LiveState
from reconciler.model.value import Json


class Held(NamedTuple):
    """A grant that somebody has; `origin` is where manifests declare it, `share` what excepts it."""

    grant: Grant
    origin: Origin | None
    share: Share | None


class Known(NamedTuple):
    """What the organisation says of somebody beside access; "" for what it does not say. Dates: ISO 8601."""

    state: str = ""
    created: str = ""
    modified: str = ""


class Somebody(NamedTuple):
    """One subject. `standing` says why it reaches whose, `*` meaning every tenant.

    `accepted` answers for what its users reach, of an app that acts for them.
    """

    subject: Subject
    known: Known
    held: tuple[Held, ...]
    accepted: Share | None
    standing: Mapping[str, Standing]


def with_groups(
    people: Population, groups: Iterable[Mapping[str, Json]], gap: str, registry: Registry
) -> Population:
    """The population with groups that hold nothing; `gap` says what of their list was not seen."""
    wanted = next(kind.collection.subjects for kind in registry if kind.collection.subjects)
    sort = next(sort for sort, search in wanted.searches.items() if search.one.startswith(OPEN["groups"]))
    rows = [wanted.named(sort, raw["id"], raw.get("name") or raw["id"]) for raw in groups]
    found = {row.id: Subject(row.id, row.name, row.word, row.nature) for row in rows}
    names = {row.id: row.name for row in rows}
    return replace(
        people,
        subjects={**found, **people.subjects},
        names={**names, **people.names},
        gaps=(*people.gaps, gap) if gap else people.gaps,
    )


def known(
    live: LiveState, seen: Survey, groups: Iterable[Mapping[str, Json]], registry: Registry
) -> Mapping[str, Known]:
    """What was read of each subject, by id."""
    told = {each.id: Known("active" if each.active else "inactive") for each in seen.stock.people}
    for kind in registry:
        if kind.collection.second is not None and kind.collection.subjects is None:
            told |= {item.id: _known({"state": "active", **item.raw}) for item in live.of(kind.name)}
    return told | {raw["id"]: _known(raw) for raw in groups}


def _known(raw: Mapping[str, Json]) -> Known:
    return Known(raw.get("state") or "", raw.get("dateCreated") or "", raw.get("dateModified") or "")


def roster(
    people: Population, bounds: Boundaries, told: Mapping[str, Known], order: Iterable[str]
) -> Iterator[Somebody]:
    """Everybody in `order`, one at a time."""
    reach = Reach(people)
    standing = _standings(people, Incoming(reach, bounds))
    for identity in order:
        yield Somebody(
            subject=people.subjects[identity],
            known=told.get(identity, Known()),
            held=tuple(_held(identity, reach, bounds)),
            accepted=bounds.accepted.get(identity),
            standing=standing.get(identity, {}),
        )


def _held(identity: str, reach: Reach, bounds: Boundaries) -> Iterator[Held]:
    people = reach.population
    for grant in people.grants(identity):
        holder = grant.group or identity
        cells = (cell.access(holder)._replace(division=grant.division) for cell in reach.given(grant))
        shares = map(bounds.share_of, cells)  # as it was granted, wherever it acts
        share = next((share for share in shares if share), None) if holder in bounds.sharing else None
        yield Held(
            grant,
            people.declared.get((holder, grant.role, grant.division)),
            share or people.tolerated.get(holder, {}).get(grant.role),
        )


def _standings(people: Population, incoming: Incoming) -> Mapping[str, Mapping[str, Standing]]:
    """By subject: whose it reaches, and why. Its own tenant is none of them."""
    walls: dict[str, list[str]] = defaultdict(list)
    for wall, owner in people.walls.items():
        walls[owner].append(wall)
    found: dict[str, dict[str, Standing]] = defaultdict(dict)
    for identity, standing in incoming.standings(None, incoming.everywhere()):
        found[identity][EVERYWHERE] = standing
    for tenant in sorted(walls.keys() - {"", ORG}):
        for identity, standing in incoming.standings(tenant, incoming.behind(walls[tenant], tenant)):
            found[identity][tenant] = standing
    return found
