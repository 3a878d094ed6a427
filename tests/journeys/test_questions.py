"""The questions people ask in public, each played against the simulated organisation."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.isolation import check_certificate
from reconciler.simulator.organization import grades
from reconciler.simulator.seed import load_seed, parse_seed
from tests.journeys.test_drift_command import QUEUES, grant, put, widen
from tests.journeys.test_findings import about
from tests.journeys.test_objects import looked, may_look, put_into
from tests.journeys.test_prove import move
from tests.journeys.tokens import Token
from tests.journeys.world import Ran, World

TENANTS = {
    "acme-retail/client/metrics": {"ACME-US", "ACME-CA"},
    "globex-bank/client/metrics": {"GLOBEX"},
    "initech-saas/client/metrics": {"INITECH"},
}


@pytest.fixture
def peopled(settled: World) -> World:
    """Northwind with a queue for each tenant behind its walls."""
    queues = [row["name"] for row in settled.sim.snapshot()["queues"]]
    for queue, division in zip(queues, ("ACME-US", "GLOBEX", "INITECH"), strict=False):
        move(settled, queue, division)
    return settled


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429, "retryAfter": 3}], ids=["500", "429"])
def test_how_do_three_tenants_come_to_be_whatever_fails_on_the_way(
    world: World, fault: dict[str, int]
) -> None:
    """Every third of ninety requests fails. In the end there is what git says, and nothing twice."""
    world.sim.faults([{"kind": "status", "nth": nth, **fault} for nth in range(2, 90, 3)])
    runs = [world.apply() for _ in range(5)]
    assert {ran.code for ran in runs} <= {0, 5} and runs[-1].last.startswith("nothing to do"), runs
    names = [row["name"] for row in world.live_clients()]
    assert sorted(names) == sorted({*names}) and len(names) == 7
    for address, own in TENANTS.items():
        assert world.grants(f"{address.split('/')[0]}-metrics") == {(QUEUES, wall) for wall in own}
    assert world.run("plan", "--detailed-exitcode").code == 0


def test_why_does_a_client_that_was_made_without_a_division_see_home(peopled: World) -> None:
    """A naive POST with `roleIds` lands in Home, as the vendor documents; prove names it, adopt mends it."""
    role = peopled.row("roles", QUEUES)["id"]
    body = {"name": "naive", "authorizedGrantType": "CLIENT-CREDENTIALS", "roleIds": [role]}
    peopled.drift("POST", "oauth/clients", body)
    assert peopled.grants("naive") == {(QUEUES, "Home")}
    ran = peopled.run("access", "why", "client:naive", "routing:queue:view", "Home")
    assert ran.out.startswith("yes. ") and "(not in the manifests)" in ran.out
    ran = peopled.run("validate", "manifests")
    assert ran.code == 0
    peopled.change(
        "tenants/acme-retail.yaml", "{role: wfm-adherence, divisions: [us]}", "{role: wfm-adherence}"
    )
    ran = peopled.run("validate")
    assert ran.code == 3 and "missing field `divisions`" in ran.out


APP = """
token = sign_in(settings["GENESYSCLOUD_OAUTHCLIENT_ID__METRICS"],
                secret_at(settings["GENESYSCLOUD_OAUTHCLIENT_SECRET_REF__METRICS"]))
found = {key: queues(token, settings["DIVISION_ID__" + key]) for key in ("US", "CA")}
"""
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-", re.IGNORECASE)


def started(world: World, settings: str) -> dict[str, set[str]]:
    """What the application finds behind each of its divisions, run with an environment file."""
    lines = (line.partition("=") for line in settings.splitlines() if not line.startswith("#"))
    given = {name: value for name, _, value in lines}

    def secret_at(place: str) -> str:
        kept = json.loads((world.secrets / place.removeprefix("local:")).read_text("utf-8"))
        return str(kept["clientSecret"])

    names: dict[str, Any] = {
        "settings": given,
        "secret_at": secret_at,
        "sign_in": functools.partial(Token.of, world),
        "queues": lambda token, division: token.names("routing/queues", f"divisionId={division}"),
    }
    exec(APP, names)
    return dict(names["found"])


def test_how_does_an_application_know_its_ids_without_one_in_its_code(peopled: World) -> None:
    file = peopled.place / "app.env"
    file.write_text(peopled.run("outputs", "acme-retail").out, "utf-8")
    settings = file.read_text("utf-8")
    for name in ("REGION=us-east-1", "API_HOST=", "LOGIN_HOST=", "OAUTHCLIENT_ID__METRICS="):
        assert f"GENESYSCLOUD_{name}" in settings
    (queue,) = started(peopled, settings)["US"]
    secrets = [told["clientSecret"] for told in peopled.delivered().values()]
    assert secrets and not [secret for secret in secrets if secret in settings] and not GUID.search(APP)
    check = ("outputs", "acme-retail", "--check", "app.env")
    assert peopled.run(*check) == Ran(0, "", "")
    before = peopled.row("divisions", "ACME-CA")["id"]
    peopled.drift("DELETE", f"authorization/divisions/{before}?force=true")
    peopled.settle()
    after = peopled.row("divisions", "ACME-CA")["id"]
    ran = peopled.run(*check)
    assert (ran.code, ran.out) == (2, f"-DIVISION_ID__CA={before}\n+DIVISION_ID__CA={after}\n")
    move(peopled, queue, "ACME-CA")
    assert started(peopled, peopled.run("outputs", "acme-retail").out) == {"US": set(), "CA": {queue}}


@pytest.mark.parametrize("name", ["nowhere.env", "."])
def test_a_file_of_outputs_that_is_not_there_is_named(peopled: World, name: str) -> None:
    ran = peopled.run("outputs", "acme-retail", "--check", name)
    assert (ran.code, ran.out) == (1, "") and name in ran.err


@pytest.mark.parametrize("field", ["divisionIds", "divisions", "restrictToDivision"])
def test_why_does_a_field_of_the_client_confine_nothing(world: World, field: str) -> None:
    world.change(
        "tenants/globex-bank.yaml",
        "      tokenSeconds: 900",
        f"      {field}: [GLOBEX]\n      tokenSeconds: 900",
    )
    ran = world.run("validate")
    assert ran.code == 3 and f"unknown field `{field}`" in " ".join(ran.out.split())
    assert "{role: recordings, divisions: [main]}" in ran.out
    assert world.run("explain", field).code == 0


def test_how_do_three_customers_see_their_own_queues_and_no_others(peopled: World) -> None:
    divisions = {row["id"]: row["name"] for row in peopled.sim.snapshot()["divisions"]}
    queues = peopled.sim.snapshot()["queues"]
    for client, own in TENANTS.items():
        token = Token(peopled, client)
        mine = {row["name"] for row in queues if divisions[row["division"]] in own}
        assert token.names("routing/queues") == mine == token.names("routing/queues/divisionviews")
        for row in queues:
            status, _ = token.get(f"routing/queues/{row['id']}")
            assert (status == 200) == (row["name"] in mine) and status in (200, 403, 404)
        status, permitted = token.get(
            "authorization/divisionspermitted/paged/me", "permission=routing:queue:view"
        )
        assert status == 200 and not permitted["allDivsPermitted"]
        assert {entity["name"] for entity in permitted["entities"]} == own


def test_how_is_a_tenant_proved_with_a_certificate_and_a_leak_with_its_path(
    peopled: World, tmp_path: Path
) -> None:
    path = str(tmp_path / "certificate.json")
    assert peopled.run("prove", "--certificate", path).code == 0
    assert check_certificate.main(path) == 0
    grant(peopled, "globex-bank-metrics", QUEUES, "ACME-US")
    ran = peopled.run("prove")
    assert ran.code == 8
    assert f"globex-bank-metrics → {QUEUES} in ACME-US →" in " ".join(ran.out.split())


FLOORS = """
base: northwind-new
units:
  - name: Northwind
    managementUnits:
      - {name: First Floor, agents: [lucia@northwind.example, sam@northwind.example]}
      - {name: Second Floor, agents: [mei@northwind.example]}
"""


def test_whose_adherence_does_a_token_read_and_what_is_in_its_units(make_world: Callable[..., World]) -> None:
    """What confines adherence is where the unit lies; who is in it, and where they lie, nobody checks."""
    world = may_look(make_world(seed=parse_seed(FLOORS)))
    world.settle()
    for kind, section, name, division in (
        ("USER", "users", "Lucia Romero", "ACME-US"),
        ("USER", "users", "Mei Tanaka", "GLOBEX"),
        ("MANAGEMENTUNIT", "managementUnits", "Second Floor", "GLOBEX"),
    ):
        put_into(world, kind, world.row(section, name)["id"], division)
    first, second = (world.row("managementUnits", f"{each} Floor")["id"] for each in ("First", "Second"))
    own, foreign, guest = (
        world.row("users", name)["id"] for name in ("Lucia Romero", "Mei Tanaka", "Sam Whitfield")
    )
    token = Token(world, "acme-retail/client/adherence")
    adherence = "workforcemanagement/managementunits/{}/adherence".format

    assert about(looked(world)["findings"], "wfm/unit-misplaced") == {"First Floor"}  # left in Home
    assert token.get(adherence(first))[0] in (403, 404)

    put_into(world, "MANAGEMENTUNIT", first, "ACME-US")
    found = looked(world)["findings"]
    assert not about(found, "wfm/unit-misplaced") | about(found, "wfm/foreign-agent")
    status, shown = token.get(adherence(first))
    assert status == 200 and {row["id"] for row in shown["entities"]} == {own, guest}
    assert token.get(adherence(second))[0] in (403, 404)
    status, rows = token.get("workforcemanagement/adherence", f"userId={own}&userId={foreign}")
    assert status == 200 and [row["id"] for row in rows] == [own]

    put_into(world, "USER", guest, "GLOBEX")  # and stays in the unit
    (agent,) = (each for each in looked(world)["findings"] if each["rule"] == "wfm/foreign-agent")
    assert agent["witness"] == ["Sam Whitfield", "lies in GLOBEX", "First Floor in ACME-US"]
    status, rows = token.get("workforcemanagement/adherence", f"userId={guest}")
    assert status == 200 and [row["id"] for row in rows] == [guest]


def test_what_can_no_division_confine(peopled: World) -> None:
    token = Token(peopled, "globex-bank/client/metrics")
    everybody = {row["name"] for row in peopled.sim.snapshot()["users"] if row["state"] == "active"}
    assert token.names("users") == everybody
    assert "answer every token" in " ".join(peopled.run("prove").out.split())


def test_what_can_this_token_really_see(peopled: World) -> None:
    """Each client's own token says it: what the proof says, and a grant made by hand the moment it shows."""
    ran = peopled.run("probe")
    assert ran.code == 0 and ran.last.startswith("probed 6 clients: 3 CONFIRMED, 3 VACUOUS")
    grant(peopled, "globex-bank-metrics", QUEUES, "ACME-US")
    foreign = peopled.row("divisions", "ACME-US")["id"]
    seen = [row["id"] for row in peopled.sim.snapshot()["queues"] if row["division"] == foreign]
    token = Token(peopled, "globex-bank/client/metrics")
    assert {token.get(f"routing/queues/{each}")[0] for each in seen} == {200}
    ran = peopled.run("probe")
    assert ran.code == 8 and "globex-bank/client/metrics LEAK" in " ".join(ran.out.split())
    for secret in [told["clientSecret"] for told in peopled.delivered().values()]:
        assert secret not in ran.out + ran.err
    peopled.settle("--deep")
    assert peopled.run("probe").code == 0 and not token.names("routing/queues") & set(seen)


def test_why_is_my_client_refused(settled: World) -> None:
    put(settled, "globex-archive", roleDivisions=[])
    ran = settled.run(
        "access", "why", "globex-bank/client/archive", "recording:recordingSegment:view", "GLOBEX"
    )
    assert "It holds that permission nowhere, and nothing there." in ran.out


def test_what_did_a_hand_change_and_what_does_it_mean(settled: World) -> None:
    widen(settled, QUEUES, "recording:recording:view")
    ran = settled.run("drift")
    assert ran.code == 2 and "org/role/queue-metrics" in ran.out and "can now view recordings" in ran.out
    settled.settle("--deep")
    assert settled.run("drift").code == 0


def test_does_a_filter_restrict_anybody(peopled: World) -> None:
    token = Token(peopled, "acme-retail/client/metrics")
    own = peopled.row("divisions", "ACME-CA")["id"]
    assert token.names("routing/queues", f"divisionId={own}") < token.names("routing/queues")
    foreign = peopled.row("divisions", "GLOBEX")["id"]
    assert token.names("routing/queues", f"divisionId={foreign}") == set()
    (peopled.place / "app.py").write_text(
        'queues = api.get("/api/v2/routing/queues?divisionId=" + tenant)\n', "utf-8"
    )
    ran = peopled.run("lint", "app.py")
    assert ran.code == 0 and "myth/filter-is-no-boundary" in ran.out


DESK, DESK_FILE = "initech-saas/client/desk", "tenants/initech-saas.yaml"


SCOPES, KIND = "      scopes:", "grantType: CODE"
OF_AN_APP = (
    (KIND, "grantType: TOKEN", 3, "`TOKEN` is no `grantType`"),
    (KIND, "grantType: PASSWORD", 3, "`PASSWORD` is no `grantType`"),
    (SCOPES, f"      grants: [{{role: wfm-planner, divisions: own}}]\n{SCOPES}", 3, "holds no grants"),
    (SCOPES, f"      confine: [main]\n{SCOPES}", 3, "cannot be confined"),
    (SCOPES, f"      secret: {{sink: local}}\n{SCOPES}", 0, "in a browser it is none"),
)
"""What a manifest may not say of an app that people sign in to, and, last, what it is warned of."""


def test_how_far_does_an_embedded_app_reach(peopled: World) -> None:
    """As far as whoever signs in: one of them with `*` is enough, whatever its scopes. It has no secret."""
    for old, new, code, says in OF_AN_APP:
        peopled.change(DESK_FILE, old, new)
        ran = peopled.run("validate")
        assert ran.code == code and says in " ".join(ran.out.split()), ran.out
        peopled.change(DESK_FILE, new, old)
    state = peopled.sim.snapshot()
    assert DESK not in peopled.delivered()  # its secret is dropped unread
    everybody = [row["name"] for row in state["users"] if row["state"] == "active"]
    (app,) = app_of(peopled, 0)
    assert (app["subject"], app["verdict"], app["people"]) == (DESK, "EXCEPTED", len(everybody))
    assert 0 < app["reachFurther"] <= app["people"] and "*" in app["places"]
    assert app["witness"][0] in everybody and app["witness"][1].endswith("in every division")
    assert (app["scopes"], app["scopesEnforced"]) == (["routing:readonly", "users:readonly"], "unknown")
    ran = peopled.run("prove")
    assert f"app: {DESK}: {len(everybody)} people with an account can sign in" in " ".join(ran.out.split())
    assert all(len(line) <= 80 for line in ran.out.splitlines()[:-2])

    (line,) = [
        each for each in (peopled.root / DESK_FILE).read_text("utf-8").splitlines() if "signIn" in each
    ]
    peopled.change(DESK_FILE, f"{line}\n", "")
    (app,) = app_of(peopled, 7)
    assert app["verdict"] == "UNKNOWN"


def app_of(world: World, code: int) -> list[dict[str, Any]]:
    """The apps of the one tenant that has any, as `prove` tells them."""
    ran = world.run("prove", "-o", "json")
    assert ran.code == code, ran.out
    return [app for each in ran.json["tenants"] for app in each["apps"]]


def test_can_a_manifest_give_one_tenant_anothers_division(settled: World) -> None:
    settled.change(
        "tenants/globex-bank.yaml",
        "{role: recordings, divisions: own}",
        "{role: recordings, divisions: [acme-retail/us]}",
    )
    ran = settled.run("plan")
    assert ran.code == 3 and "share" in ran.err


def test_where_does_the_secret_go_and_where_not(settled: World) -> None:
    secrets = [told["clientSecret"] for told in settled.delivered().values()]
    assert len(secrets) == len(set(secrets)) >= 5
    said = "".join(
        settled.run(*line).out + settled.run(*line).err
        for line in (
            ("plan", "-o", "json"),
            ("drift", "-o", "json"),
            ("prove", "-o", "json"),
            ("access", "matrix", "-o", "csv"),
        )
    )
    assert not [secret for secret in secrets if secret in said]


def test_what_must_the_automation_hold_itself(make_world: Callable[..., World]) -> None:
    """With `handOn: held` nothing is borrowed: what our client does not hold is withheld with the list."""
    world = make_world()
    world.change("org.yaml", "handOn: borrow", "handOn: held")
    before = world.grants("nw-reconciler")
    ran = world.apply()
    said = " ".join(ran.out.split())
    assert ran.code == 4 and "withheld by held" in said
    assert "org/role/recordings in globex-bank/division/main release: grant these to `nw-reconciler`" in said
    assert [row["name"] for row in world.live_clients()] == ["initech-desk"]  # its users hold what it may do
    assert world.grants("nw-reconciler") == before


def test_when_has_it_settled(make_world: Callable[..., World]) -> None:
    world = make_world(lag=20.0)
    world.settle()
    world.let_settle()
    assert set(json.loads(world.run("prove", "-o", "json").out)["gaps"]) == set()
    assert world.apply().last.startswith("nothing to do")


SCHEDULER = """
base: northwind
roles:
  - name: Tenant Queue Metrics
    unusedPermissions: ["routing:queue:search", "analytics:queueObservation:view"]
  - name: Acme Everything
    permissions: ["routing:*:view"]
    unusedPermissions: [{idle}]
clients:
  - {{name: acme-everything, grants: [{{role: Acme Everything, divisions: [ACME-US]}}]}}
"""


@pytest.mark.parametrize("meaning", ["idle", "lacking"])
def test_what_could_a_client_do_without(
    make_world: Callable[..., World], tmp_path: Path, meaning: str
) -> None:
    """What the organisation calls unused is a hint with its doubt; nothing is drawn from another meaning."""
    viewed = sorted(known for known in grades() if known.startswith("routing:") and known.endswith(":view"))
    path = tmp_path / "seed.yaml"
    path.write_text(SCHEDULER.format(idle=", ".join(f'"{known}"' for known in viewed[2:])), "utf-8")
    world = make_world(seed=load_seed(path), switches={"unused-permissions": meaning})
    ran, writes = world.wrote("prove", "-o", "json", "--patch", "remedy.diff")
    hints = {
        each["address"]: each for each in ran.json["findings"] if each["rule"] == "roles/unused-permissions"
    }
    if meaning == "lacking":
        assert hints == {}
        return
    assert hints.keys() == {"role:Tenant Queue Metrics", "role:Acme Everything"}
    metrics = hints["role:Tenant Queue Metrics"]
    assert "drop analytics:queueObservation:view, routing:queue:search (a hint, inferred" in metrics["remedy"]
    assert f"write {viewed[0]}, {viewed[1]} (" in hints["role:Acme Everything"]["remedy"]
    assert {each["severity"] for each in hints.values()} == {"info"}
    assert writes == [] and {each["patch"] for each in hints.values()} == {None}
    assert "inferred" in world.run("explain", "roles/unused-permissions").out
    before = world.row("roles", "Tenant Queue Metrics")["permissionPolicies"]
    world.apply()
    assert world.row("roles", "Tenant Queue Metrics")["permissionPolicies"] == before
