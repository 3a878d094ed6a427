"""Checks: one small question each, from what was observed to an answer with its remedy. Pure.

What cannot be answered is *unknown*, never assumed; what lies behind a closed door is not asked.
"""

from __future__ import annotations

from datetime import date

from reconciler.model.checkup import Check, Observed
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.planning.checks import connection, operator, organisation, rights
from reconciler.planning.outlook import outlook

UNSEEN = (
    "conditions on permissions and attribute-based policies, which may refuse what a role allows",
    "what the live clients to be edited hold beyond their manifests: an editor must hold it too",
    "whether sinks can be reached and written: that is proven right before a secret is made",
)
"""What no check looks at."""

_CLOSED = "everything behind the failure above: operator, rights, switches and limits"
_NO_MANIFESTS = "everything that depends on manifests: operator, rights, switches and limits"


def checks(
    observed: Observed, manifests: Manifests | None, files: int, registry: Registry, today: date
) -> tuple[tuple[Check, ...], tuple[str, ...]]:
    """Every check that could be made, in the order of the topics, and what was not looked at."""
    found = [connection.manifests(manifests, files), *connection.checks(observed)]
    if any(check.status == "failure" for check in found):
        return tuple(found), (_CLOSED,)
    if manifests is None or observed.live is None:
        return tuple(found), (_NO_MANIFESTS,)
    ahead = outlook(manifests, observed.live, registry, today)
    found += connection.sinks(observed)
    found += operator.checks(observed, manifests.org)
    found += rights.checks(observed, manifests.org, observed.live, registry, ahead)
    found.append(rights.handing_on(observed, manifests.org, observed.live, ahead))
    found += organisation.checks(observed, observed.live, registry, ahead)
    return tuple(found), UNSEEN
