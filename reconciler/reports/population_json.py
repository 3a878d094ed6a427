"""The population for an auditor: as a document, and as a table with one row for everybody."""

from __future__ import annotations

from typing import Any

from reconciler.model.access import EVERYWHERE, Share
from reconciler.planning.picture import Picture
from reconciler.planning.roster import Held, Somebody
from reconciler.reports.access_json import Where
from reconciler.reports.lines import visible

POPULATION_COLUMNS = (
    "organizationId",
    "readAt",
    "subject",
    "id",
    "name",
    "sort",
    "owner",
    "division",
    "state",
    "created",
    "modified",
    "grants",
    "undeclared",
    "exceptions",
    "standing",
)
"""The columns of the table, one row for each subject."""


def somebody(each: Somebody, picture: Picture, where: Where) -> dict[str, Any]:
    """One subject as the document tells of it, in names."""
    people, subject = picture.people, each.subject
    return {
        "subject": picture.shown[subject.id],
        "id": subject.id,
        "name": subject.name,
        "sort": subject.sort,
        "owner": people.owner(subject.id),
        "division": people.name(subject.wall) if subject.wall else "",
        "state": each.known.state,
        "created": each.known.created,
        "modified": each.known.modified,
        "grants": [_grant(held, picture, where) for held in each.held],
        "accepted": _share(each.accepted),
        "standing": {tenant: str(standing) for tenant, standing in sorted(each.standing.items())},
    }


def _grant(held: Held, picture: Picture, where: Where) -> dict[str, Any]:
    people, grant = picture.people, held.grant
    return {
        "role": people.name(grant.role),
        "division": EVERYWHERE if grant.division == EVERYWHERE else people.name(grant.division),
        "through": people.name(grant.group) if grant.group else "",
        "declared": where(held.origin) if held.origin else "",
        "exception": _share(held.share),
    }


def _share(share: Share | None) -> dict[str, str] | None:
    return {"reason": share.reason, "owner": share.owner, "expires": share.expires} if share else None


def table_row(found: dict[str, Any], picture: Picture) -> dict[str, str]:
    """The same on one row: what is several is told in words, parted by semicolons."""
    grants = found["grants"]
    shares = [grant["exception"] for grant in grants] + [found["accepted"]]
    plain = {name: found[name] for name in POPULATION_COLUMNS if isinstance(found.get(name), str)}
    return {
        "organizationId": picture.organization_id,
        "readAt": picture.ended,
        **plain,
        "grants": "; ".join(map(grant_words, grants)),
        "undeclared": str(sum(not grant["declared"] for grant in grants)),
        "exceptions": "; ".join(dict.fromkeys(_answers(share) for share in shares if share)),
        "standing": "; ".join(f"{whose}: {why}" for whose, why in found["standing"].items()),
    }


def grant_words(grant: dict[str, Any]) -> str:
    """`Tenant Queue Metrics in ACME-US, through NW Team (tenants/acme.yaml:12)`."""
    through = f", through {grant['through']}" if grant["through"] else ""
    declared = grant["declared"] or "not in the manifests"
    return visible(f"{grant['role']} in {grant['division']}{through} ({declared})")


def _answers(share: dict[str, str]) -> str:
    return visible(f"{share['owner']} until {share['expires']}: {share['reason']}")
