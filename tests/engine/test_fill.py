"""Plans hold addresses and plain descriptions; requests hold ids and markers."""

from __future__ import annotations

import pytest

from reconciler.engine.fill import (
    Description,
    description_of,
    fill_body,
    fill_path,
    mark,
    references,
)
from reconciler.errors import OrgError
from reconciler.kinds import REGISTRY
from reconciler.model.address import Address
from reconciler.model.marker import split
from reconciler.model.value import fingerprint

ROLE, DIVISION = Address("org", "role", "reader"), Address("acme", "division", "main")
IDS = {ROLE: "r-1", DIVISION: "d-1"}
BODY = {
    "roleDivisions": [{"roleId": {"$ref": "org/role/reader"}, "divisionId": {"$ref": "acme/division/main"}}],
    "state": "active",
}


def test_addresses_become_ids_wherever_they_stand() -> None:
    assert fill_path("/x/{acme/division/main}/y/{org/role/reader}", IDS) == "/x/d-1/y/r-1"
    assert fill_body(BODY, IDS) == {
        "roleDivisions": [{"roleId": "r-1", "divisionId": "d-1"}],
        "state": "active",
    }


def test_a_request_knows_what_it_refers_to() -> None:
    assert references("/x/{acme/division/main}", None) == {DIVISION}
    assert references("/x", BODY) == {DIVISION, ROLE}
    assert references("/x/y", {"name": "{acme/division/main}"}) == frozenset()


@pytest.mark.parametrize("fill", [lambda: fill_path("/{org/role/reader}", {}), lambda: fill_body(BODY, {})])
def test_an_id_that_nobody_knows_is_an_error(fill: object) -> None:
    assert callable(fill)
    with pytest.raises(OrgError, match="has no id yet"):
        fill()


@pytest.mark.parametrize("body", [None, [], {}, {"description": "text"}, {"description": None}])
def test_what_is_not_marked_stays_plain(body: object) -> None:
    assert description_of(body) is None


def test_the_marker_tells_of_exactly_this_body() -> None:
    kind = REGISTRY["division"]
    marked = {"$marked": "Acme", "address": "acme/division/main", "nonce": "new"}
    description = description_of({"description": marked})
    assert description == Description("Acme", DIVISION, "new")

    body = mark({"name": "ACME", "description": ""}, kind, "northwind", description, "abcd1234")
    text, marker = split(body["description"])
    assert (text, body["name"]) == ("Acme", "ACME")
    assert marker is not None
    assert (marker.org, marker.address, marker.nonce) == ("northwind", DIVISION, "abcd1234")
    assert marker.hash8 == fingerprint(kind.read({"name": "ACME", "description": "Acme"}))
    assert kind.live({**body, "id": "d-1"}).fields == {"name": "ACME", "description": "Acme"}
