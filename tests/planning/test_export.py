"""Export: what goes where and why, what stays out and why, the same for any order of listing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.authoring import files
from reconciler.kinds import REGISTRY
from reconciler.model.address import is_name
from reconciler.planning.export.check import as_adopted, complaints, kept_back, surplus
from reconciler.planning.export.names import keys, slug, without_beginning
from reconciler.planning.export.propose import propose
from reconciler.planning.export.values import shown
from tests.planning.exports import holder, left, placed, proposed, scene, slugs
from tests.support.build import HOME, WIDE, client, division, marked, role, uid

VIEW, EDIT = "routing:queue:view", "routing:queue:edit"
READER = role(11, "Queue Reader", VIEW)
US, CA, GLOBEX = division(1, "ACME-US"), division(2, "ACME CA"), division(3, "Globex Bank")


def bodies(**more: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "divisions": [US, CA, GLOBEX],
        "roles": [READER],
        "clients": [client(21, "acme-metrics", (11, 1), (11, 2)), client(22, "globex-pull", (11, 3))],
    }
    return base | more


def test_divisions_whose_names_begin_alike_are_one_tenant_and_a_lone_one_is_its_own() -> None:
    assert placed(proposed(**bodies())) == {
        "ACME-US": "acme/division/us",
        "ACME CA": "acme/division/ca",
        "Globex Bank": "globex-bank/division/main",
        "Queue Reader": "org/role/queue-reader",
        "acme-metrics": "acme/client/metrics",
        "globex-pull": "globex-bank/client/pull",
    }


@pytest.mark.parametrize(
    ("names", "owners"),
    [
        (["BPO_A", "BPO_B"], {"bpo-a", "bpo-b"}),
        (["Tenant_A_Retail", "Tenant_A_Web"], {"tenant-a"}),
        (["Agency-BrightCall", "Agency-Serena"], {"agency-brightcall", "agency-serena"}),
        (["NW-Shared"], {"org"}),
        (["ACME-Shared", "ACME-US"], {"acme"}),
        (["Org"], {"org-tenant"}),
        (["東京", "大阪"], {"tenant-00000001", "tenant-00000002"}),
    ],
)
def test_what_names_say(names: list[str], owners: set[str]) -> None:
    walls = [division(number, name) for number, name in enumerate(names, 1)]
    found = placed(proposed(divisions=walls))
    assert {address.split("/")[0] for address in found.values()} == owners


def test_a_division_that_clients_of_several_tenants_have_and_nobody_alone_is_shared() -> None:
    guests = [client(21, "one", (11, 1), (11, 4)), client(22, "two", (11, 3), (11, 4))]
    found = proposed(divisions=[US, GLOBEX, division(4, "Prompts")], roles=[READER], clients=guests)
    assert placed(found)["Prompts"] == "org/division/prompts"
    assert placed(found)["one"] == "acme-us/client/one"
    resident = [*guests, client(23, "three", (11, 4))]
    found = proposed(divisions=[US, GLOBEX, division(4, "Prompts")], roles=[READER], clients=resident)
    assert placed(found)["Prompts"] == "prompts/division/main"


def test_a_client_without_grants_goes_by_its_name_or_is_shared() -> None:
    found = placed(proposed(**bodies(clients=[client(21, "Globex Bank desk"), client(22, "lonely")])))
    assert found["Globex Bank desk"] == "globex-bank/client/desk"
    assert found["lonely"] == "org/client/lonely"


def test_a_role_is_a_tenants_own_only_where_name_and_use_agree() -> None:
    roles = [role(11, "Acme Reader", VIEW), role(12, "Acme Editor", EDIT), role(13, "Pull", VIEW)]
    clients = [
        client(21, "a", (11, 1), (12, 1)),
        client(22, "b", (12, 3)),
        client(23, "c", (13, 1)),
    ]
    found = placed(proposed(divisions=[US, CA, GLOBEX], roles=roles, clients=clients))
    assert (found["Acme Reader"], found["Acme Editor"]) == ("acme/role/reader", "org/role/acme-editor")
    assert found["Pull"] == "org/role/pull"


def test_markers_come_first_and_unmarked_relatives_follow_them() -> None:
    ours = marked(US, "acme-retail/division/states")
    found = placed(proposed(**bodies(divisions=[ours, CA, GLOBEX])))
    assert found["ACME-US"] == "acme-retail/division/states"
    assert found["ACME CA"] == "acme-retail/division/ca"
    assert found["acme-metrics"] == "acme-retail/client/metrics"


def test_a_key_that_a_tenant_and_the_shared_document_both_have_is_referred_to_in_full() -> None:
    roles = [role(11, "acme-reader", VIEW), role(12, "reader", EDIT)]
    clients = [client(21, "a", (11, 1), (12, 1)), client(22, "b", (12, 3))]
    found = proposed(divisions=[US, CA, GLOBEX], roles=roles, clients=clients)
    text = files(found, REGISTRY)["tenants/acme.yaml"]
    assert "role: acme/reader" in text and "role: org/reader" in text
    assert complaints(found, scene(divisions=[US, CA, GLOBEX], roles=roles, clients=clients)) == {}


STAYS_OUT = {
    "cannot-say": bodies(clients=[client(21, "x", (11, 1), state="inactive")]),
    "unnamed-division": bodies(clients=[client(21, "x", (11, HOME))]),
    "everywhere": bodies(clients=[marked(client(21, "x", (11, "*")), "acme/client/x")]),
    "unknown-role": bodies(clients=[client(21, "x", (99, 1))]),
    "duplicate-name": bodies(clients=[client(21, "x", (11, 1)), client(22, "X", (11, 1))]),
    "duplicate-marker": bodies(
        clients=[marked(client(each, "x", (11, 1)), "acme/client/x") for each in (21, 22)]
    ),
    "foreign-marker": bodies(clients=[marked(client(21, "x", (11, 1)), "a/client/x", org="others")]),
    "unfinished": bodies(clients=[marked(client(21, "x", (11, 1)), "acme/client/x", nonce="0a1b2c3d")]),
    "not-held": bodies(
        roles=[role(11, "Queue Reader", VIEW, default=True)], clients=[client(21, "x", (11, 1))]
    ),
}


@pytest.mark.parametrize("slug", STAYS_OUT)
def test_what_cannot_go_in_stays_out_whole_with_the_reason(slug: str) -> None:
    found = proposed(**STAYS_OUT[slug])
    assert "x" not in placed(found) and slugs(found)["x"] == slug
    assert left(found, "x").finding.rule == f"export/{slug}"
    assert left(found, "x").finding.remedy


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (role(11, "Queue Reader", "routing:*:*"), "wildcard"),
        (role(11, "Queue Reader", VIEW, permissions=["admin"]), "otherPermissions"),
        (role(11, "r" * 201, VIEW), "201 characters"),
        (role(11, "Queue Reader", VIEW, description="d" * 501), "501 characters"),
        (role(11, " Queue Reader", VIEW), "`name`"),
        (role(11, "Queue Reader"), "permissions"),
    ],
    ids=["wildcard", "legacy", "name", "description", "blank", "empty"],
)
def test_a_role_beyond_words_is_not_taken_and_so_not_lent(body: Any, words: str) -> None:
    found = proposed(divisions=[US, CA], roles=[body], clients=[client(21, "x", (11, 1))])
    why = left(found, body["name"]).obstacle.reason
    assert words in why and slugs(found)["x"] == "not-held"


def test_what_our_client_holds_is_referred_to_and_not_taken() -> None:
    """Taken over, it would have to be returned: our client's rights are not ours to change."""
    found = proposed(**bodies(operator_pairs=frozenset({(uid(11), uid(1)), (uid(11), uid(2))})))
    assert slugs(found) == {"Queue Reader": "operator-role", "globex-pull": "not-held"}
    assert uid(11) not in found.adopting and placed(found)["acme-metrics"] == "acme/client/metrics"
    assert (
        complaints(found, scene(**bodies(operator_pairs=frozenset({(uid(11), uid(1)), (uid(11), uid(2))}))))
        == {}
    )


def test_under_held_only_what_our_client_holds_goes_in() -> None:
    held = {"operator_pairs": frozenset({(uid(11), uid(3))}), "policy": {"hand_on": "held"}}
    found = proposed(**bodies(**held))
    assert slugs(found) == {"acme-metrics": "not-held"}
    assert complaints(found, scene(**bodies(**held))) == {}


R11 = uid(11)


def test_people_who_hold_an_exported_role_are_exported_with_it() -> None:
    """Once the role is ours, what they hold of it is ours too, and undeclared it would be revoked."""
    people = (
        holder(31, "group", "ACME Leads", (R11, uid(1)), (R11, uid(2))),
        holder(32, "user", "ann@nw.example", (R11, uid(1)), (R11, uid(3))),
        holder(33, "group", "NW Audit", (R11, "*")),
    )
    here = scene(people, **bodies())
    found = propose(here)
    assert {name: address for name, address in placed(found).items() if "/grant/" in address} == {
        "ACME Leads": "acme/grant/leads",
        "ann@nw.example": "org/grant/ann-nw-example",
        "NW Audit": "org/grant/nw-audit",
    }
    text = files(found, REGISTRY)["shared.yaml"]
    assert "user: ann@nw.example" in text and "divisions: [acme/us, globex-bank/main]" in text
    assert complaints(found, here) == {} and slugs(found) == {}
    after = here._replace(live=as_adopted(found, here))
    assert files(propose(after), REGISTRY).keys() == files(found, REGISTRY).keys()


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (holder(31, "group", "Leads", (R11, HOME)), "group `Leads` holds it in `Home`"),
        (holder(31, "group", "Leads", (R11, uid(77))), "which no manifest can name"),
        (holder(31, "user", "", (R11, uid(1))), "is hidden from our client"),
        (holder(31, "group", " Leads", (R11, uid(1))), "`name`"),
    ],
    ids=["home", "unknown", "hidden", "blank"],
)
def test_a_role_that_somebody_holds_beyond_words_is_not_taken(person: Any, words: str) -> None:
    here = scene((person,), **bodies())
    found = propose(here)
    why = left(found, "Queue Reader").obstacle
    assert why.rule == "export/held-by-people" and words in why.reason
    assert slugs(found)["acme-metrics"] == "not-held" and complaints(found, here) == {}


def test_of_a_role_that_is_only_referred_to_what_people_hold_in_our_divisions_is_declared() -> None:
    theirs = role(12, "Supervisor", VIEW, default=True)
    people = (holder(31, "group", "Leads", (uid(12), uid(1)), (uid(12), HOME), (uid(12), "*")),)
    more = {"roles": [READER, theirs], "clients": [client(21, "acme-lead", (12, 1))]}
    here = scene(people, **bodies(operator_pairs=frozenset({(uid(12), "*")}), **more))
    found = propose(here)
    assert placed(found)["Leads"] == "acme/grant/leads" and complaints(found, here) == {}
    hidden = scene(
        (holder(31, "user", "", (uid(12), uid(1))),),
        **bodies(operator_pairs=frozenset({(uid(12), "*")}), **more),
    )
    assert slugs(propose(hidden))["acme-lead"] == "held-by-people"


def test_a_role_that_only_people_hold_is_taken_with_them() -> None:
    here = scene((holder(31, "group", "Leads", (R11, uid(1))),), **bodies(clients=[]))
    found = propose(here)
    assert placed(found)["Queue Reader"] == "org/role/queue-reader" and complaints(found, here) == {}


def test_what_people_hold_besides_on_a_role_of_ours_is_told() -> None:
    ours = marked(READER, "org/role/reader")
    here = scene((holder(31, "group", "Leads", (R11, HOME)),), **bodies(roles=[ours], clients=[]))
    found = propose(here)
    told = complaints(found, here)
    assert told.keys() <= kept_back(found, here)
    assert [each.rule for each in surplus(told, here)] == ["export/surplus"]


def test_permissions_that_act_org_wide_are_excepted_for_tenants_and_told() -> None:
    found = proposed(**bodies(roles=[role(11, "Queue Reader", VIEW, WIDE)]))
    (excepted,) = found.manifests.org.org_wide
    assert (excepted.permission, excepted.expires) == (WIDE, "2027-02-18")
    assert "export/org-wide" in {each.rule for each in found.findings}


def test_what_is_ours_and_beyond_words_is_protected() -> None:
    found = proposed(**STAYS_OUT["everywhere"])
    assert list(map(str, found.manifests.org.protect)) == ["acme/client/x"]


@given(st.randoms())
def test_the_order_of_listing_changes_nothing(dice: Any) -> None:
    given_bodies = bodies(
        divisions=[US, CA, GLOBEX, division(4, "Acme"), division(5, "NW Shared")],
        clients=[
            client(21, "acme-metrics", (11, 1)),
            client(22, "ACME metrics!", (11, 2)),
            client(23, "spans", (11, 1), (11, 3)),
            client(24, "spans.", (11, 3), (11, 2)),
            client(25, "wide", (11, "*")),
        ],
    )
    shuffled = {name: dice.sample(items, len(items)) for name, items in given_bodies.items()}
    assert files(proposed(**shuffled), REGISTRY) == files(proposed(**given_bodies), REGISTRY)


def test_a_proposal_is_the_same_once_its_markers_stand() -> None:
    before = scene(**bodies())
    first = propose(before)
    after = before._replace(live=as_adopted(first, before))
    again = propose(after)
    assert again.adopting == frozenset() and len(first.adopting) == 6
    assert placed(again) == placed(first)
    assert [each.why for each in again.documents] == [each.why for each in first.documents]


def test_what_a_plan_would_change_besides_is_told() -> None:
    here = scene(**bodies())
    found = propose(here)
    item = next(iter(found.documents[1].sections["client"]))
    found.documents[1].sections["client"] = (
        item._replace(spec=item.spec.model_copy(update={"token_seconds": 900})),
    )
    owner = found.manifests.tenants[0]
    entry = replace(owner.sections["client"][0], spec=found.documents[1].sections["client"][0].spec)
    wrong = replace(owner, sections={**owner.sections, "client": (entry,)})
    tampered = replace(
        found, manifests=replace(found.manifests, tenants=(wrong, *found.manifests.tenants[1:]))
    )
    told = complaints(tampered, here)
    assert told.keys() == {uid(21)} and "tokenSeconds" in told[uid(21)].reason


@given(st.dictionaries(st.text(min_size=1, max_size=4), st.text(max_size=50).map(slug), max_size=8))
def test_keys_are_names_and_each_is_given_once(wanted: dict[str, str]) -> None:
    found = keys(wanted, {"main"}, "thing")
    assert len(set(found.values()) | {"main"}) == len(found) + 1 and all(map(is_name, found.values()))


def test_a_key_goes_without_the_tenants_name() -> None:
    assert without_beginning("ACME Retail metrics", ("acme-retail", "acme")) == "metrics"
    assert (
        without_beginning("acme", ("acme",)) == "main"
        and without_beginning("acmeish", ("acme",)) == "acmeish"
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("two\nlines", "`two\\nlines`"),
        ("0123456789abcdef0123456789abcdef", "`01234567…`"),
        ("Acme-Retail-Queue-Metrics-Reader", "`Acme-Retail-Queue-Metrics-Reader`"),
        ("token: abc", "`token:…`"),
        (uid(1), f"`{uid(1)}`"),
    ],
)
def test_names_are_told_without_what_may_be_a_secret(name: str, told: str) -> None:
    assert shown(name) == told


def test_what_is_shared_takes_as_many_files_as_it_needs() -> None:
    """Loading refuses files beyond 256 KiB, and no tenant's file helps with what is nobody's own."""
    spanning = [client(100 + each, f"c{each}", (11, 1), (11, 3)) for each in range(300)]
    sleeping = [client(2000 + each, f"s{each}", (11, 1), (11, 3), state="inactive") for each in range(300)]
    here = scene(**bodies(clients=[*spanning, *sleeping]))
    found = propose(here)
    texts = files(found, REGISTRY)
    shared = {name: text for name, text in texts.items() if name.startswith("shared")}
    assert len(shared) > 2 and max(map(len, texts.values())) < 128 * 1024
    assert "".join(shared.values()).count("LEFT OUT") == 300 and complaints(found, here) == {}


def test_a_role_that_is_not_ours_is_referred_to_by_id_where_its_name_will_not_do() -> None:
    theirs = [role(12, "r" * 201, VIEW, default=True), role(13, " Blank", VIEW, default=True)]
    held = {"operator_pairs": frozenset({(uid(12), "*"), (uid(13), "*")})}
    here = scene(**bodies(roles=theirs, clients=[client(21, "x", (12, 1), (13, 1))], **held))
    found = propose(here)
    assert placed(found)["x"] == "acme/client/x" and complaints(found, here) == {}
    text = files(found, REGISTRY)["shared.yaml"]
    assert f'id: "{uid(12)}"' in text and f'id: "{uid(13)}"' in text
