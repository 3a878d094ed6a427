"""What of an object has moved since it was last known; and what only looks so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.kinds import REGISTRY
from reconciler.planning.fresh import KNOWN_FOR, is_known, moved, undated

CLIENT, ROLE = REGISTRY["client"], REGISTRY["role"]
NONE: frozenset[Any] = frozenset()
BODY = {
    "id": "c-1",
    "name": "acme-metrics",
    "description": "Reads queues. [reconciler:northwind/acme/client/metrics@a1234567]",
    "authorizedGrantType": "CLIENT-CREDENTIALS",
    "accessTokenValiditySeconds": 3600,
    "state": "active",
    "roleDivisions": [{"roleId": "r-1", "divisionId": "d-1"}, {"roleId": "r-1", "divisionId": "d-2"}],
    "dateModified": "2026-11-20T14:00:00Z",
    "somethingNew": "kept as it is",
}
KNOWN = [CLIENT.live(BODY)]


def test_what_was_read_or_written_a_minute_ago_is_known_and_later_it_is_not() -> None:
    assert is_known(0.0) and is_known(KNOWN_FOR) and not is_known(KNOWN_FOR + 0.1)


def test_what_is_as_it_was_has_not_moved() -> None:
    assert moved(CLIENT, BODY, KNOWN, NONE) == ()


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({"name": "theirs"}, ("name",)),
        ({"state": "inactive", "accessTokenValiditySeconds": 300}, ("state", "tokenSeconds")),
        ({"description": "Reads queues."}, ("marker",)),
        ({"description": "No marker of ours. [reconciler:northwind/acme/client/metrics@b7654321]"},
         ("description", "marker")),
        ({"somethingNew": "changed"}, ("somethingNew",)),
        ({"dateModified": "2026-11-20T14:09:00Z"}, ("dateModified",)),
        ({"roleDivisions": []}, ("grants",)),
    ],
)  # fmt: skip
def test_whatever_a_full_replace_would_write_over_is_named(
    edit: dict[str, Any], told: tuple[str, ...]
) -> None:
    assert moved(CLIENT, BODY | edit, KNOWN, NONE) == told


def test_what_one_reading_shows_and_another_leaves_out_has_not_moved() -> None:
    assert moved(CLIENT, BODY | {"shownSingly": True}, KNOWN, NONE) == ()
    assert moved(CLIENT, {name: BODY[name] for name in BODY if name != "somethingNew"}, KNOWN, NONE) == ()


def test_a_cache_that_still_shows_what_was_before_our_own_write_accuses_nobody() -> None:
    ours = replace(CLIENT.live(BODY | {"roleDivisions": []}), raw={})
    assert moved(CLIENT, BODY, [*KNOWN, ours], NONE) == ()
    later = {"roleDivisions": [], "dateModified": "2026-11-20T14:09:00Z", "somethingNew": "echoed"}
    assert moved(CLIENT, BODY | later, [*KNOWN, ours], NONE) == ()
    assert moved(CLIENT, BODY | later | {"name": "theirs"}, [*KNOWN, ours], NONE) == ("name",)


def test_a_request_of_our_own_that_leaves_all_as_it_was_moves_the_date_and_hides_no_edit() -> None:
    later, known = BODY | {"dateModified": "2026-11-20T14:09:00Z"}, [undated(each) for each in KNOWN]
    assert moved(CLIENT, later, known, NONE) == moved(CLIENT, BODY, known, NONE) == ()
    assert moved(CLIENT, later | {"somethingNew": "changed"}, known, NONE) == ("somethingNew",)
    assert moved(CLIENT, later | {"state": "inactive"}, known, NONE) == ("state",)


def test_pairs_that_we_took_away_by_another_road_may_be_gone_or_still_shown() -> None:
    fewer = BODY | {"roleDivisions": BODY["roleDivisions"][:1], "dateModified": "2026-11-20T14:09:00Z"}  # type: ignore[index]
    taken = frozenset({("r-1", "d-2")})
    assert moved(CLIENT, BODY, KNOWN, taken) == moved(CLIENT, fewer, KNOWN, taken) == ()
    assert moved(CLIENT, fewer | {"roleDivisions": []}, KNOWN, taken) == ("grants",)


def test_what_policies_say_beside_belongs_to_a_role() -> None:
    policy = {"domain": "routing", "entityName": "queue", "actionSet": ["view"], "allowConditions": False}
    role = {"id": "r-1", "name": "Queues", "description": "", "permissionPolicies": [policy]}
    known = [ROLE.live(role)]
    assert moved(ROLE, role, known, NONE) == ()
    edited = role | {"permissionPolicies": [policy | {"allowConditions": True}]}
    assert moved(ROLE, edited, known, NONE) == ("permissionPolicies",)
    wider = role | {"permissionPolicies": [policy | {"actionSet": ["view", "edit"]}]}
    assert moved(ROLE, wider, known, NONE) == ("permissions",)
