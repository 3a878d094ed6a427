"""A picture of who can use what in one state; answers about access are given of a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from reconciler.isolation.population import Population
from reconciler.model.proof import Survey
from reconciler.model.state import LiveState
from reconciler.planning.proof import Ground

State = Literal["live", "desired", "planned"]
"""As it is; as the manifests alone say; as the plan that would be made now would leave it."""


class Picture(NamedTuple):
    """Everybody in one state, and what people are shown for a subject's id.

    What is not there yet has `{ADDRESS}` for an id. `began` and `ended` (ISO 8601, UTC) say when it was
    looked at, `home` is the Home division's id ("" where nobody asked).
    """

    state: State
    org: str
    organization_id: str
    began: str
    ended: str
    people: Population
    shown: Mapping[str, str]
    home: str


def picture(ground: Ground, live: LiveState, seen: Survey) -> Picture:
    """The organisation as it was read."""
    return Picture(
        state="live",
        org=ground.org,
        organization_id=live.organization_id,
        began=seen.began,
        ended=seen.ended,
        people=ground.people,
        shown=ground.shown,
        home=ground.bounds.home,
    )
