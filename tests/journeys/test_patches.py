"""A remedy that manifests can express is a diff of them: planted, patched, applied, gone."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.simulator import find_seed
from tests.journeys.test_drift_command import QUEUES, grant
from tests.journeys.world import World

ARCHIVE, DESK = "tenants/globex-bank.yaml", "tenants/initech-saas.yaml"


def findings(world: World) -> dict[str, dict[str, Any]]:
    """Each rule's first finding."""
    found = world.run("prove", "-o", "json").json["findings"]
    return {each["rule"]: each for each in reversed(found)}


def mend(world: World) -> str:
    """Write the patch, apply it with git, and see that what it leaves is valid; the patch."""
    ran = world.run("prove", "--patch", "remedy.diff")
    assert "patch written to remedy.diff" in ran.err, ran.err
    git(world, "apply", "remedy.diff")
    valid = world.run("validate", "-o", "json")
    assert (valid.code, valid.json["findings"]) == (0, [])
    return (world.place / "remedy.diff").read_text("utf-8")


def git(world: World, *arguments: str) -> None:
    done = subprocess.run(["git", *arguments], cwd=world.place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def make(world: World, name: str, role: str, division: str) -> None:
    """A colleague makes a client by hand."""
    pair = {"roleId": world.row("roles", role)["id"], "divisionId": world.row("divisions", division)["id"]}
    body = {"name": name, "authorizedGrantType": "CLIENT-CREDENTIALS", "accessTokenValiditySeconds": 900}
    world.drift("POST", "oauth/clients", {**body, "roleDivisions": [pair]})


def test_what_manifests_say_unwisely_is_mended_on_its_lines_and_nowhere_else(settled: World) -> None:
    settled.change(ARCHIVE, "tokenSeconds: 900", "tokenSeconds: 172800")
    settled.change(DESK, '"users:readonly"', '"users", "oauth"')
    settled.change("shared.yaml", "recording:recordingSegment:view", "recording:recording:view")
    settled.settle()
    found = findings(settled)
    assert found.keys() == {"clients/long-token", "clients/wide-scopes", "roles/whole-recordings"}
    assert found["clients/long-token"]["location"] == f"{ARCHIVE}#0/spec/clients/0/tokenSeconds"
    lines = [
        line for line in mend(settled).splitlines() if line[0] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert lines == [
        "-        - recording:recording:view",
        "+        - recording:recordingSegment:view",
        "-      tokenSeconds: 172800                # as short as the vendor's job allows",
        "+      tokenSeconds: 3600                  # as short as the vendor's job allows",
        '-      scopes: ["routing:readonly", "users", "oauth"]',
        '+      scopes: ["routing:readonly", "users:readonly", "oauth:readonly"]',
    ]
    settled.settle()
    assert findings(settled) == {}


@pytest.mark.parametrize("permission", ["oauth:client:view", "authorization:grant:add"])
def test_a_permission_that_would_leak_is_taken_out_of_its_role(world: World, permission: str) -> None:
    adherence = "        - wfm:realtimeAdherence:view"
    world.change("shared.yaml", adherence, f"{adherence}\n        - {permission}")
    refused = world.run("validate", "-o", "json")
    (leak,) = refused.json["findings"]
    assert (refused.code, leak["severity"]) == (8, "critical")
    (world.place / "remedy.diff").write_text(leak["patch"], "utf-8")
    git(world, "apply", "remedy.diff")
    assert world.run("validate").out.startswith("no mistakes")


def test_a_client_that_is_nobodys_is_adopted_as_it_is(settled: World) -> None:
    make(settled, "acme-bi", QUEUES, "ACME-US")
    before = settled.access()
    patch = findings(settled)["clients/undeclared"]["patch"]
    assert patch.startswith("--- a/manifests/tenants/acme-retail.yaml\n")
    assert mend(settled) == patch
    settled.settle()
    assert findings(settled) == {} and settled.access() == before
    assert (
        "[reconciler:northwind/acme-retail/client/acme-bi@"
        in settled.row("clients", "acme-bi")["description"]
    )


def test_a_wildcard_is_spelled_out_as_far_as_divisions_confine_it(settled: World) -> None:
    """First the role and its holder are ours, then the wildcard goes; nothing org-wide is spelled."""
    policy = {"domain": "routing", "entityName": "*", "actionSet": ["view"]}
    settled.drift("POST", "authorization/roles", {"name": "Globex BI", "permissionPolicies": [policy]})
    make(settled, "globex-bi", "Globex BI", "GLOBEX")
    assert findings(settled).keys() == {"clients/undeclared", "roles/wildcard"}
    mend(settled)
    settled.settle()
    assert findings(settled).keys() == {"roles/wildcard"}
    settled.settle()
    assert findings(settled) == {} and settled.run("prove").code == 0
    held = {permission for client, permission, _ in settled.access() if client == "globex-bi"}
    assert "routing:queue:view" in held and "*" not in "".join(held)


def test_a_vendors_role_gives_way_to_one_of_its_own(settled: World) -> None:
    settled.change(
        "shared.yaml", "  clients:\n", "    - {key: supervisor, existing: {name: Supervisor}}\n\n  clients:\n"
    )
    settled.change(
        "tenants/acme-retail.yaml",
        "        - {role: wfm-adherence",
        "        - {role: supervisor, divisions: [ca]}\n        - {role: wfm-adherence",
    )
    grant(settled, "acme-adherence", "Supervisor", "ACME-CA")
    assert findings(settled)["clients/default-role"]["patch"]
    mend(settled)
    settled.settle()
    assert "clients/default-role" not in findings(settled)
    assert ("acme-adherence Supervisor", "ACME-CA") in settled.grants("acme-adherence")


def test_what_every_tenant_has_from_a_profile_is_not_changed_for_one(settled: World) -> None:
    settled.change(
        "shared.yaml", "  clients:\n", "    - {key: supervisor, existing: {name: Supervisor}}\n\n  clients:\n"
    )
    queues = "        - {role: queue-metrics, divisions: own}"
    settled.change("profiles.yaml", queues, f"{queues}\n        - {{role: supervisor, divisions: own}}")
    grant(settled, "globex-bank-metrics", "Supervisor", "GLOBEX")
    found = findings(settled)["clients/default-role"]
    assert found["patch"] is None and "its grants stand in a profile" in found["remedy"]


def test_a_role_that_people_hold_is_not_taken_from_them(settled: World) -> None:
    policy = {"domain": "routing", "entityName": "queue", "actionSet": ["*"]}
    role = settled.drift("POST", "authorization/roles", {"name": "Floor", "permissionPolicies": [policy]})
    make(settled, "globex-floor", "Floor", "GLOBEX")
    group, where = (settled.row(*each)["id"] for each in (("groups", "NW Agents"), ("divisions", "GLOBEX")))
    settled.drift(
        "POST", f"authorization/subjects/{group}/divisions/{where}/roles/{role['id']}?subjectType=PC_GROUP"
    )
    found = findings(settled)
    for rule in ("roles/wildcard", "clients/undeclared"):
        assert found[rule]["patch"] is None and "people hold Floor too" in found[rule]["remedy"]


def test_a_role_that_our_client_works_by_is_not_proposed(settled: World) -> None:
    policy = {"domain": "routing", "entityName": "queue", "actionSet": ["view"]}
    role = settled.drift(
        "POST", "authorization/roles", {"name": "Automation", "permissionPolicies": [policy]}
    )
    make(settled, "acme-automation", "Automation", "ACME-US")
    body = {"grants": [{"roleId": role["id"], "divisionId": "*"}]}
    settled.drift("POST", "authorization/subjects/operator/bulkadd?subjectType=PC_OAUTH_CLIENT", body)
    found = findings(settled)["clients/undeclared"]
    assert found["patch"] is None and "our own client works by Automation" in found["remedy"]


def test_what_a_hand_did_and_the_manifests_do_not_say_is_left_to_apply(settled: World) -> None:
    row = settled.row("clients", "globex-archive")
    body = {key: row[key] for key in ("name", "description", "authorizedGrantType", "state")}
    pairs = [{"roleId": role, "divisionId": where} for role, where in _pairs(settled, row["id"])]
    settled.drift(
        "PUT",
        f"oauth/clients/{row['id']}",
        {**body, "accessTokenValiditySeconds": 172_800, "roleDivisions": pairs},
    )
    found = findings(settled)["clients/long-token"]
    assert (found["patch"], found["remedy"]) == (
        None,
        "the manifests say otherwise: `reconciler apply` puts it back",
    )
    settled.settle()
    assert findings(settled) == {}


def _pairs(world: World, client: str) -> list[tuple[str, str]]:
    return [
        (each["roleId"], each["divisionId"])
        for each in world.sim.snapshot()["grants"]
        if each["subjectId"] == client
    ]


def test_where_no_line_would_mend_it_the_patch_says_which_act_does(
    make_world: Callable[..., World],
) -> None:
    """Northwind set up by hand, faults and all: no division is anybody's yet, so nothing can be placed."""
    world = make_world(seed=find_seed("northwind-broken"))
    ran = world.run("prove", "--patch", "remedy.diff", "-o", "json")
    text = (world.place / "remedy.diff").read_text("utf-8")
    assert text.startswith("# No line of a manifest mends these:\n")
    for each in ran.json["findings"]:
        assert (each["patch"] is None) == (f"# {each['message']} [{each['rule']}]\n" in text)
    assert "switch role backfill off in the organisation's role settings" in text


@pytest.mark.parametrize(
    ("name", "role", "division", "said"),
    [
        ("acme-audit", "Org Auditor", "ACME-US", "declared as acme-retail's it would be a leak: "),
        ("sync", QUEUES, "Home", "no tenant's entry can say Tenant Queue Metrics in Home"),
        ("acme-dialer", "Admin", "ACME-US", "Admin is the vendor's, and no manifest changes it"),
        ("nw-auditor", QUEUES, "ACME-US", "org/client/auditor is called nw-auditor too"),
    ],
)
def test_why_a_client_cannot_be_adopted_is_said(
    settled: World, name: str, role: str, division: str, said: str
) -> None:
    make(settled, name, role, division)
    found = findings(settled)["clients/undeclared"]
    assert found["patch"] is None and "; no patch: " in found["remedy"] and said in found["remedy"]


def test_a_client_of_several_tenants_is_told_to_be_several(settled: World) -> None:
    make(settled, "wallboard", QUEUES, "ACME-US")
    grant(settled, "wallboard", QUEUES, "INITECH")
    found = findings(settled)
    said = "it works for acme-retail, initech-saas: declare a client for each"
    assert said in found["clients/undeclared"]["remedy"] and "clients/several-tenants" in found


def test_a_client_that_is_off_is_not_switched_on_by_being_declared(settled: World) -> None:
    make(settled, "acme-old", QUEUES, "ACME-US")
    row = settled.row("clients", "acme-old")
    pairs = [{"roleId": role, "divisionId": where} for role, where in _pairs(settled, row["id"])]
    body = {"name": "acme-old", "authorizedGrantType": "CLIENT-CREDENTIALS", "state": "inactive"}
    settled.drift("PUT", f"oauth/clients/{row['id']}", {**body, "roleDivisions": pairs})
    assert "an entry would switch it on" in findings(settled)["clients/undeclared"]["remedy"]
