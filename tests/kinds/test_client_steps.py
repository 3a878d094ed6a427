"""From a change of a client to its requests: useless until its secret has arrived."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from reconciler.kinds import REGISTRY
from reconciler.model.kind import Action, Step, Work
from reconciler.model.manifest import NewClients
from reconciler.model.secret import Destination
from reconciler.model.state import Live
from tests.support.build import by_id, client, live, marked, uid, with_elsewhere

KIND = REGISTRY["client"]
VAULT = Destination("vault", "bpo/acme/metrics", "vault mount=kv")
PAIR = (uid(8), uid(9))
FIELDS = KIND.read(client(1, "c", PAIR))
CODE = {**FIELDS, "grantType": "CODE", "grants": frozenset[Any](), "redirectUris": frozenset({"https://a"})}
ADDRESS = "acme/client/metrics"


def steps(
    action: str,
    item: Live | None,
    after: Any,
    destination: Destination | None = VAULT,
    birth: str = "inactive-grantless",
) -> tuple[Step, ...]:
    work = Work(cast(Action, action), item, after, destination, cast(NewClients, birth))
    return KIND.compile(KIND.collection, KIND.write, work)


def lived(*pairs: Any, **flags: Any) -> Live:
    return KIND.live(marked(client(1, "c", *pairs), ADDRESS, **flags))


@pytest.mark.parametrize(
    ("birth", "state", "granted"),
    [
        ("inactive-grantless", "inactive", 0),
        ("inactive-granted", "inactive", 1),
        ("active-grantless", "active", 0),
    ],
)
def test_a_client_is_born_as_the_organisation_allows_and_granted_last(
    birth: str, state: str, granted: int
) -> None:
    create, deliver, grant, prove = steps("create", None, FIELDS, birth=birth)
    assert (create.method, create.path, create.nonce) == ("POST", "/api/v2/oauth/clients", "new")
    assert (create.body["state"], len(create.body["roleDivisions"])) == (state, granted)
    place = {"sink": "vault", "path": "bpo/acme/metrics", "store": "vault mount=kv"}
    assert (deliver.does, deliver.body) == ("deliver", place)
    assert (grant.method, grant.path, grant.nonce) == ("PUT", "/api/v2/oauth/clients/{id}", None)
    assert (grant.body["state"], len(grant.body["roleDivisions"]), grant.fields) == ("active", 1, FIELDS)
    assert prove.does == "prove"


def test_a_code_client_cannot_prove_itself_without_a_user() -> None:
    assert [step.name for step in steps("create", None, CODE)] == ["create", "deliver", "grant"]


def test_a_code_client_without_a_sink_is_born_by_one_request() -> None:
    (create,) = steps("create", None, CODE, None)
    assert (create.body["state"], create.nonce) == ("active", None)


def test_a_secret_that_never_arrived_is_made_and_delivered_anew() -> None:
    renew, deliver, grant, prove = steps("update", lived(nonce="0a1b2c3d"), FIELDS)
    assert (renew.method, renew.path, renew.body) == ("POST", f"/api/v2/oauth/clients/{uid(1)}/secret", None)
    assert (deliver.does, grant.path, grant.nonce) == ("deliver", f"/api/v2/oauth/clients/{uid(1)}", None)
    assert prove.does == "prove"


@pytest.mark.parametrize(
    ("fields", "flags", "names"),
    [
        (FIELDS, {}, ["announce", "renew", "deliver", "confirm", "prove"]),
        (FIELDS, {"nonce": "0a1b2c3d"}, ["renew", "deliver", "confirm", "prove"]),
        (CODE, {}, ["announce", "renew", "deliver", "confirm"]),
    ],
)
def test_a_secret_is_renewed_between_two_writes_that_change_nothing(
    fields: Any, flags: dict[str, str], names: list[str]
) -> None:
    item = replace(lived(PAIR, **flags), fields=fields)
    work = Work("update", item, fields, VAULT, "inactive-grantless", renew=True)
    found = KIND.compile(KIND.collection, KIND.write, work)
    assert [step.name for step in found] == names
    puts = [step for step in found if step.method == "PUT"]
    assert {str(step.fields) for step in puts} == {str(fields)} and puts[-1].nonce is None
    assert KIND.read(puts[-1].body) == {**fields, "description": ""}


def test_a_half_born_orphan_only_loses() -> None:
    (update,) = steps("revoke", lived(nonce="0a1b2c3d"), FIELDS, None)
    assert (update.method, update.nonce) == ("PUT", "keep")


def test_a_nonce_goes_when_somebody_else_looks_after_the_secret() -> None:
    """Kept, it would ask for a delivery in every run, and nobody could make one."""
    (update,) = steps("update", lived(nonce="0a1b2c3d"), FIELDS, None)
    assert update.nonce is None


def test_a_finished_client_is_changed_by_one_replacement() -> None:
    (update,) = steps("update", lived(PAIR), {**FIELDS, "tokenSeconds": 600})
    assert (update.method, update.body["accessTokenValiditySeconds"], update.nonce) == ("PUT", 600, None)


def test_a_client_is_deleted_by_one_request() -> None:
    (delete,) = steps("delete", lived(), None, None)
    assert (delete.method, delete.path, delete.body) == ("DELETE", f"/api/v2/oauth/clients/{uid(1)}", None)


def test_pairs_of_the_other_view_are_revoked_there_before_the_marker_is_written() -> None:
    body = marked(client(1, "c", PAIR), ADDRESS)
    seen = by_id(with_elsewhere(live(clients=[body]), 1, (5, 6), (7, "*")), uid(1))
    one, every, update = steps("revoke", seen, FIELDS)
    assert (one.method, one.path) == (
        "DELETE",
        f"/api/v2/authorization/subjects/{uid(1)}/divisions/{uid(6)}/roles/{uid(5)}",
    )
    assert (every.method, every.path, every.body) == (
        "POST",
        f"/api/v2/authorization/subjects/{uid(1)}/bulkremove",
        {"grants": [{"roleId": uid(7), "divisionId": "*"}]},
    )
    assert one.fields is not None and one.fields["grants"] == {PAIR, (uid(7), "*")}
    assert every.fields is not None and every.fields["grants"] == {PAIR}
    assert (update.method, len(update.body["roleDivisions"])) == ("PUT", 1)


def test_leaving_the_manifests_strips_and_with_prune_deactivates() -> None:
    retired = KIND.collection.retired
    assert retired(FIELDS, False) == {**FIELDS, "grants": frozenset()}
    assert retired(FIELDS, True) == {**FIELDS, "grants": frozenset(), "state": "inactive"}
