"""What hands make in the organisation, before the first version and between two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from reconciler.model.access import EVERYWHERE
from tests.support.people import PEOPLE
from tests.support.story import Story

SEARCHING = {"domain": "directory", "entityName": "user", "actionSet": ["view"]}
_VIEW = {"domain": "routing", "entityName": "queue", "actionSet": ["view"]}
_STRANGERS = (
    ("division", "acme-division-a"), ("division", "Elsewhere"), ("role", "org-role-a"),
    ("role", "Night shift"), ("client", "globex-client-b"), ("client", "somebody"),
)  # fmt: skip
"""By kind and name; half of it is in the way of the manifests."""

Stray = tuple[str, int, int]
"""A pair somebody gives to a subject: of all roles and all divisions the n-th, so to say."""


class Hands(NamedTuple):
    """What is there before, whether our client `holds` the role of others and `may_search` users, and
    which pairs people get by hand: first on what is not ours yet, then, between two versions, on anything."""

    strangers: tuple[tuple[str, str], ...]
    holds: bool
    may_search: bool
    before: tuple[Stray, ...]
    between: tuple[Stray, ...]


_STRAYS = st.lists(
    st.tuples(st.sampled_from(sorted(PEOPLE)), st.integers(0, 11), st.integers(0, 11)), max_size=3
).map(tuple)


@st.composite
def hands(draw: DrawFn) -> Hands:
    """Any hands."""
    strangers = draw(st.lists(st.sampled_from(_STRANGERS), unique=True, max_size=3))
    return Hands(tuple(strangers), draw(st.booleans()), draw(st.booleans()), draw(_STRAYS), draw(_STRAYS))


def made_by_hand(story: Story, made: Hands) -> None:
    """A role that is referred to, what else somebody made, and who holds some of it."""
    theirs = _make(story, "role", "Theirs")
    if made.holds:
        _grant(story, "PC_OAUTH_CLIENT", "operator", theirs, EVERYWHERE)
    if made.may_search:
        _let_search(story)
    home = next(row["id"] for row in story.sim.snapshot()["divisions"] if row["homeDivision"])
    for kind, name in made.strangers:
        identity = _make(story, kind, name)
        if kind == "client":
            _grant(story, "PC_OAUTH_CLIENT", identity, theirs, home)
    given_by_hand(story, made.before)


def _make(story: Story, kind: str, name: str) -> str:
    bodies: dict[str, dict[str, Any]] = {
        "division": {},
        "role": {"permissionPolicies": [_VIEW]},
        "client": {"authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": []},
    }
    path = "oauth/clients" if kind == "client" else f"authorization/{kind}s"
    return str(story.edit("POST", path, {"name": name, "description": "by hand"} | bodies[kind])["id"])


def _let_search(story: Story) -> None:
    (role,) = [row for row in story.sim.snapshot()["roles"] if row["name"] == "Reconciler Operator"]
    policies = [*role["permissionPolicies"], SEARCHING]
    body = {"name": role["name"], "description": role["description"], "permissionPolicies": policies}
    story.edit("PUT", f"authorization/roles/{role['id']}", body)


def _grant(story: Story, kind: str, subject: str, role: str, division: str) -> None:
    body = {"grants": [{"roleId": role, "divisionId": division}]}
    story.edit("POST", f"authorization/subjects/{subject}/bulkadd?subjectType={kind}", body)


def given_by_hand(story: Story, strays: Iterable[Stray]) -> None:
    """Give people pairs: of roles that are ours or were made by hand, in any division or all of them."""
    state = story.sim.snapshot()
    roles = [
        row["id"] for row in state["roles"] if not row["default"] and row["name"] != "Reconciler Operator"
    ]
    divisions = [EVERYWHERE, *(row["id"] for row in state["divisions"])]
    for subject, role, division in strays:
        kind = f"PC_{PEOPLE[subject][0].upper()}"
        _grant(story, kind, subject, roles[role % len(roles)], divisions[division % len(divisions)])
