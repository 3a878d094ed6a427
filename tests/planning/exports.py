"""Proposals from vendor bodies, as the tests of exports want them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reconciler.kinds import REGISTRY
from reconciler.model.state import Live, Reading
from reconciler.planning.export.obstacles import Scene
from reconciler.planning.export.propose import propose
from reconciler.planning.export.values import Brief, LeftOut, Proposal
from reconciler.planning.offline import Evidence
from tests.support.build import (
    CONFINED,
    HOME,
    HOME_BODY,
    TODAY,
    WIDE,
    client,
    division,
    live,
    marked,
    org,
    role,
    uid,
)

VIEW, EDIT, PLAN = "routing:queue:view", "routing:queue:edit", "wfm:schedule:view"
CONDITION = {"conjunction": "AND", "terms": [{"variableName": "Conversation.queues", "operator": "EQ"}]}
EVIDENCE = Evidence(frozenset(CONFINED), frozenset(), frozenset(CONFINED))


def holder(number: int, sort: str, name: str, *pairs: tuple[str, str]) -> Live:
    """A group (by name) or user (by e-mail) that holds these pairs."""
    fields = {"name": name, "subject": sort, "pairs": frozenset(pairs)}
    return Live("grant", uid(number), name, fields, {"id": uid(number)})


def scene(people: tuple[Live, ...] = (), policy: Any = None, **bodies: Any) -> Scene:
    """The organisation of these bodies; the operator holds nothing and borrows, unless it is said."""
    bodies["divisions"] = [HOME_BODY, *bodies.get("divisions", ())]
    state = live(**{"operator_pairs": frozenset()} | bodies)
    state = replace(state, readings={**state.readings, "grant": Reading(people)})
    brief = Brief(org(**({"hand_on": "borrow"} | (policy or {}))), TODAY, EVIDENCE)
    return Scene(state, REGISTRY, brief, {})


def proposed(**given: Any) -> Proposal:
    return propose(scene(**given))


def placed(proposal: Proposal) -> dict[str, str]:
    """Addresses by what people call the objects."""
    return {
        item.live.name: f"{document.owner}/{kind}/{item.spec.key}"
        for document in proposal.documents
        for kind, items in document.sections.items()
        for item in items
    }


def slugs(proposal: Proposal) -> dict[str, str]:
    """Why what stays out stays out, by name."""
    return {each.live.name: each.obstacle.rule.removeprefix("export/") for each in proposal.left}


def left(proposal: Proposal, name: str) -> LeftOut:
    """The first of that name that stays out."""
    return next(each for each in proposal.left if each.live.name == name)


def handmade_proposal() -> Proposal:
    """Two customers, somebody who spans them, and things that cannot be said."""
    conditional = role(14, "Acme Reviewer", VIEW)
    conditional["permissionPolicies"][0]["resourceConditionNode"] = CONDITION
    return proposed(
        people=(
            holder(31, "group", "Globex Leads", (uid(12), uid(3))),
            holder(32, "user", "ann@nw.example", (uid(12), uid(1)), (uid(12), uid(3))),
        ),
        divisions=[
            division(1, "ACME-US", "United States: since 2019"),
            division(2, "ACME-CA"),
            division(3, "Globex Bank"),
            division(4, "NW-Shared"),
        ],
        roles=[
            role(11, "Queue Reader", VIEW, description="Reads queues"),
            role(12, "Planner", PLAN, WIDE),
            role(13, "Everything", "routing:*:*"),
            conditional,
            role(15, "Supervisor", VIEW, default=True),
            role(16, "Nobody's", EDIT),
        ],
        clients=[
            client(21, "acme-metrics", (11, 1), (11, 2), (11, 4), description="Wallboard"),
            client(22, "acme-reviews", (14, 1), accessTokenValiditySeconds=900),
            client(
                23, "globex-desk", authorizedGrantType="CODE", registeredRedirectUri=["https://b.example"]
            ),
            client(24, "globex-planning", (12, 3)),
            client(25, "scheduler", (12, 1), (12, 3), (12, 4)),
            client(26, "auditor", (11, "*")),
            client(27, "acme-home", (11, HOME)),
            client(28, "globex-all", (13, 3)),
            client(29, "globex-lead", (15, 3)),
            marked(client(30, "elsewhere", (11, 1)), "a/client/b", org="others"),
        ],
        operator_pairs=frozenset({(uid(15), "*")}),
    )
