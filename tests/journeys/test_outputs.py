"""`outputs` gives an application the ids it needs, from the organisation as it is, and never a secret."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.journeys.test_secrecy import hidden
from tests.journeys.world import World
from tests.support import hcl

ACME = "acme-retail"
FORMATS = ("env", "json", "yaml", "tfvars")


def test_every_id_is_the_live_one_in_every_clothing(settled: World) -> None:
    us, metrics = (
        settled.row("divisions", "ACME-US")["id"],
        settled.row("clients", "acme-retail-metrics")["id"],
    )
    ran = {form: settled.run("outputs", ACME, "-o", form) for form in FORMATS}
    assert {each.code for each in ran.values()} == {0} and {each.err for each in ran.values()} == {""}
    document = ran["json"].json
    Draft202012Validator(json.loads(settled.run("schema", "outputs").out)).validate(document)
    assert document["divisions"]["us"] == {"id": us, "name": "ACME-US"}
    assert document["clients"]["metrics"]["id"] == metrics
    assert document["clients"]["metrics"]["secretRef"] == {
        "sink": "local",
        "path": "acme-retail/metrics.json",
    }
    assert yaml.safe_load(ran["yaml"].out) == document
    variables = hcl.load(ran["tfvars"].out)
    assert variables["genesyscloud_divisions"] == document["divisions"]
    assert variables["genesyscloud_clients"]["metrics"]["id"] == metrics
    lines = ran["env"].out.splitlines()
    assert f"DIVISION_ID__US={us}" in lines and f"GENESYSCLOUD_OAUTHCLIENT_ID__METRICS={metrics}" in lines
    assert settled.run("outputs", ACME).out == ran["env"].out


def test_the_reference_leads_to_the_secret_of_that_client(settled: World) -> None:
    for key, client in settled.run("outputs", ACME, "-o", "json").json["clients"].items():
        file = json.loads((settled.secrets / client["secretRef"]["path"]).read_text("utf-8"))
        assert (file["clientId"], file["address"]) == (client["id"], f"{ACME}/client/{key}")


def test_a_client_that_acts_for_its_users_has_an_id_and_no_secret(settled: World) -> None:
    clients = settled.run("outputs", "initech-saas", "-o", "json").json["clients"]
    assert clients["desk"]["id"] and clients["desk"]["secretRef"] is None
    text = settled.run("outputs", "initech-saas").out
    assert "OAUTHCLIENT_ID__DESK=" in text and "SECRET_REF__DESK" not in text


def test_it_names_no_other_tenant_and_asks_what_binding_needs(settled: World) -> None:
    ran, asked = settled.counted("outputs", ACME, "-o", "json")
    assert "globex" not in ran.out.lower() and "initech" not in ran.out.lower()
    assert [f"{each.method} {each.path.partition('?')[0]}" for each in asked] == [
        "POST /oauth/token",
        "GET /api/v2/organizations/me",
        "GET /api/v2/authorization/divisions",
        "GET /api/v2/oauth/clients",
    ]


def test_a_division_that_was_made_anew_has_its_new_id(settled: World) -> None:
    before = settled.run("outputs", ACME, "-o", "json").json
    settled.drift("DELETE", f"authorization/divisions/{before['divisions']['ca']['id']}?force=true")
    ran = settled.run("outputs", ACME)
    assert (ran.code, ran.out) == (1, "") and "acme-retail/division/ca is not applied yet" in ran.err
    settled.settle()
    after = settled.run("outputs", ACME, "-o", "json").json
    assert after["divisions"]["ca"]["id"] == settled.row("divisions", "ACME-CA")["id"]
    assert after["divisions"]["ca"]["id"] != before["divisions"]["ca"]["id"]
    assert after["divisions"]["us"] == before["divisions"]["us"] and after["clients"] == before["clients"]


def test_before_the_first_apply_there_is_nothing_to_give_out(world: World) -> None:
    ran, writes = world.wrote("outputs", ACME)
    assert (ran.code, ran.out, writes) == (1, "", [])
    for address in ("division/us", "division/ca", "client/metrics", "client/adherence"):
        assert f"{ACME}/{address} is not applied yet" in ran.err
    assert "`reconciler apply`" in ran.err


def test_a_misspelt_tenant_is_a_usage_error_before_anything_is_asked(world: World) -> None:
    ran, asked = world.counted("outputs", "acme-retial")
    assert (ran.code, ran.out, asked) == (1, "", []) and f"did you mean `{ACME}`?" in ran.err


def test_what_was_not_fully_seen_is_given_to_nobody(settled: World) -> None:
    settled.sim.faults([{"kind": "status", "status": 403, "path": "/api/v2/oauth/clients", "times": 9}])
    ran = settled.run("outputs", ACME)
    assert (ran.code, ran.out) == (7, "")


def test_a_hostile_name_stays_a_name(settled: World) -> None:
    name = 'ACME "US"\n${file("x")} %{if} \u202e'
    row = settled.row("clients", "acme-retail-metrics")
    kept = {field: row[field] for field in ("description", "authorizedGrantType", "roleDivisions")}
    settled.drift("PUT", f"oauth/clients/{row['id']}", kept | {"name": name})
    (live,) = [each["name"] for each in settled.sim.snapshot()["clients"] if each["id"] == row["id"]]
    ran = {form: settled.run("outputs", ACME, "-o", form) for form in FORMATS}
    assert {each.code for each in ran.values()} == {0}
    documents = (ran["json"].json["clients"], yaml.safe_load(ran["yaml"].out)["clients"],
                 hcl.load(ran["tfvars"].out)["genesyscloud_clients"])  # fmt: skip
    assert "${" in live and "\n" in live
    assert [(each["metrics"]["id"], each["metrics"]["name"]) for each in documents] == [(row["id"], live)] * 3
    assert len(ran["env"].out.splitlines()) == 11


@pytest.mark.parametrize("switches", [{}, {"secret-on-get": "shown"}], ids=["absent", "shown"])
def test_no_secret_is_given_out(make_world: Callable[..., World], switches: dict[str, str]) -> None:
    world = make_world(switches=switches)
    world.settle()
    texts = []
    for tenant in (ACME, "globex-bank", "initech-saas"):
        for form in FORMATS:
            ran = world.run("-vv", "outputs", tenant, "-o", form)
            assert ran.code == 0
            texts += [ran.out, ran.err]
    hidden(world, texts)
