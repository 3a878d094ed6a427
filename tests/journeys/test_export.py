"""export: an organisation as it is becomes manifests, and applying them changes descriptions alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.simulator import load_seed
from tests.journeys.exporting import Hands, adopts_cleanly, comes_round, differing, essence, exported, strip
from tests.journeys.world import MERIDIAN, REPO, World

SEEDS = sorted((REPO / "reconciler/simulator/seeds").glob("*.yaml"))
TINYDESK = REPO / "tests/manifests/tinydesk"
VIEW, WIDE = "routing:queue:view", "oauth:client:view"


def _large(path: Path) -> tuple[pytest.MarkDecorator, ...]:
    return (pytest.mark.full,) if path.stem == "meridian" else ()


@pytest.mark.parametrize("seed", [pytest.param(each, id=each.stem, marks=_large(each)) for each in SEEDS])
def test_every_seed_comes_round(seed: Path, make_world: Callable[..., World]) -> None:
    comes_round(make_world(seed=load_seed(seed)))


@pytest.mark.parametrize(
    "manifests",
    [pytest.param(MERIDIAN, id="meridian", marks=pytest.mark.full), pytest.param(TINYDESK, id="tinydesk")],
)
def test_an_organisation_that_nobody_marked_comes_round(
    manifests: Path, make_world: Callable[..., World]
) -> None:
    world = make_world(manifests=manifests, org=manifests.name)
    _as_pinned(world)
    world.settle(str(world.root))
    strip(world)
    comes_round(world)


def _as_pinned(world: World) -> None:
    """The manifests of another organisation, for the one at hand."""
    text = (world.root / "org.yaml").read_text("utf-8")
    pinned = {
        r"organizationId: \S+": "organizationId: 6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01",
        r"client: \S+-reconciler": "client: nw-reconciler",
        r"type: vault, mount: kv": "type: file",
    }
    for old, new in pinned.items():
        text = re.sub(old, new, text)
    (world.root / "org.yaml").write_text(text, "utf-8")


def test_northwind_without_markers_comes_round_by_tenant(settled: World) -> None:
    strip(settled)
    files = comes_round(settled)
    assert sorted(files) == [
        "org.yaml",
        "shared.yaml",
        "tenants/acme.yaml",
        "tenants/globex.yaml",
        "tenants/initech.yaml",
    ]
    assert "ACME-US" in files["tenants/acme.yaml"] and "GLOBEX" not in files["tenants/acme.yaml"]
    assert "nw-auditor" in files["shared.yaml"] and "NW-Shared" in files["shared.yaml"]


def told(ran: Any) -> dict[str, set[str]]:
    """What the findings name, by rule."""
    text = " ".join(ran.out.split())
    found: dict[str, set[str]] = {}
    for match in re.finditer(
        r"`([^`]+)` stays unmanaged: (?:(?!stays unmanaged).)*?\[export/([a-z-]+)\]", text
    ):
        found.setdefault(match[2], set()).add(match[1])
    return found


@pytest.fixture
def handmade(world: World) -> World:
    """Years of hands: three customers, leftovers, and most of what can be wrong."""
    hands = Hands(world)
    us, ca, globex = hands.wall("ACME-US"), hands.wall("ACME_CA"), hands.wall("Globex Bank")
    hands.wall("NW Shared Services", description="Everybody's IVR")
    home = world.row("divisions", "Home")["id"]
    queues = hands.role("Queue Reader", VIEW, "routing:queue:search")
    hands.role("Unused", VIEW)
    wild = hands.role("Everything Routing", "routing:*:*")
    people = hands.role("Planner", "wfm:schedule:view")
    helper = hands.role("Old Helper", VIEW)
    hands.grant(world.row("groups", "NW WFM Team")["id"], "PC_GROUP", (people, us))
    keeper = hands.role("Keeper", "wfm:schedule:view")
    hands.grant(world.row("groups", "NW Engineers")["id"], "PC_GROUP", (keeper, us), (keeper, home))
    hands.client("acme-keeper", (keeper, us))
    hands.grant(world.row("users", "Priya Nair")["id"], "PC_USER", (people, us), (queues, globex))
    hands.grant("operator", "PC_OAUTH_CLIENT", (helper, globex))
    metrics = hands.client("acme-metrics", (queues, us), description="Wallboard ")
    hands.grant(metrics, "PC_OAUTH_CLIENT", (queues, ca))
    hands.client("globex-directory", (hands.role("Globex Directory", WIDE, VIEW), globex))
    hands.client("Globex Helper", (helper, globex))
    hands.client("scheduler", (queues, us), (queues, globex))
    hands.client("everything", (queues, "*"))
    hands.client("acme-home", (queues, home), (queues, us))
    hands.client("acme-wild", (wild, us))
    hands.client("acme-planner", (people, us))
    hands.client("acme-supervisor", (world.row("roles", "Supervisor")["id"], us))
    hands.client("twin", (queues, us))
    hands.client("Twin", (queues, us))
    hands.client("asleep", (queues, us), state="inactive")
    hands.client("old-app", authorizedGrantType="TOKEN", registeredRedirectUri=["https://a.example"])
    hands.client("globex-desk", authorizedGrantType="CODE", registeredRedirectUri=["https://b.example"])
    hands.client("a" * 201, (queues, us))
    hands.client("talkative", (queues, us), description="x" * 501)
    hands.client("password: hunter2hunter2", (queues, us))
    return world


def test_years_of_hands_come_round(handmade: World) -> None:
    files = comes_round(handmade)
    assert {"tenants/acme.yaml", "tenants/globex-bank.yaml"} < files.keys()


def test_what_cannot_be_said_is_told_and_left_whole(handmade: World) -> None:
    ran = handmade.run("export", "--out", "out")
    assert ran.code == 0
    assert told(ran) == {
        "cannot-say": {"aaaaaaaa…", "asleep", "old-app", "talkative"},
        "duplicate-name": {"twin", "Twin"},
        "invalid": {"password:…"},
        "not-held": {"acme-keeper", "acme-supervisor", "acme-wild"},
        "operator-role": {"Old Helper"},
        "unnamed-division": {"acme-home"},
    }
    assert "group `NW Engineers` holds it in `Home`" in " ".join(ran.out.split())


def test_what_stays_out_is_named_where_it_would_have_stood_and_no_secret_is(handmade: World) -> None:
    files = exported(handmade, "out")
    acme, shared = files["tenants/acme.yaml"], files["shared.yaml"]
    assert "LEFT OUT `acme-home`" in acme and "LEFT OUT `acme-supervisor`" in acme
    assert "LEFT OUT `Everything Routing`" in shared and "wildcard" in shared
    assert "referred to, never written" in shared and "hunter2hunter2" not in "".join(files.values())
    assert not any(f"name: {name}\n" in "".join(files.values()) for name in ("acme-home", "twin", "asleep"))


def test_groups_and_users_keep_what_they_hold_of_a_role_that_becomes_ours(handmade: World) -> None:
    files = exported(handmade, "out")
    assert "group: NW WFM Team" in files["tenants/acme.yaml"] and "key: planner\n" in files["shared.yaml"]
    assert "user: priya@northwind.example" in files["shared.yaml"] and "NW Engineers" not in files[
        "shared.yaml"
    ].replace("`NW Engineers`", "")
    adopts_cleanly(handmade, "out")
    marker = handmade.row("roles", "Planner")["description"]
    assert marker.endswith("+]"), marker


def test_who_spans_tenants_is_shared_and_what_acts_org_wide_is_excepted_for_a_while(handmade: World) -> None:
    files = exported(handmade, "out")
    assert "divisions: [acme/us, globex-bank/main]" in files["shared.yaml"]
    assert files["shared.yaml"].count("CHANGE-ME@example.invalid") == 4
    assert WIDE in files["org.yaml"] and 'expires: "2027-02-18"' in files["org.yaml"]
    assert "key: directory\n" in files["tenants/globex-bank.yaml"]


def test_the_directory_must_be_free_and_nothing_half_written_is_left(world: World) -> None:
    (world.place / "taken").mkdir()
    (world.place / "taken/note.txt").write_text("mine", "utf-8")
    ran = world.run("export", "--out", "taken")
    assert ran.code == 1 and "not an empty directory" in ran.err and world.sim.requests == []
    assert [path.name for path in (world.place / "taken").iterdir()] == ["note.txt"]
    world.sim.faults([{"path": "/api/v2/oauth/clients", "kind": "status", "status": 403, "times": 99}])
    before = sorted(path.name for path in world.place.iterdir())
    ran = world.run("export", "--out", "free")
    assert ran.code == 7 and "nothing was written" in ran.err
    assert sorted(path.name for path in world.place.iterdir()) == before


def test_an_empty_directory_will_do_and_so_will_one_that_is_not_there(world: World) -> None:
    (world.place / "empty").mkdir()
    assert exported(world, "empty") == exported(world, "new/place")


def test_it_costs_a_deep_plan_and_a_view_of_each_role(settled: World) -> None:
    strip(settled)
    _, deep = settled.counted("plan", "--deep")
    ran, asked = settled.counted("export", "--out", "out")
    views = [each.path for each in asked if "/subjectgrants" in each.path]
    assert len(views) == 5
    assert len(asked) <= len(deep) + len(views) + 2
    assert "more requests, about" in ran.err


def test_a_managed_organisation_keeps_its_addresses_and_its_org_document(settled: World) -> None:
    files = exported(settled, "out", "manifests")
    assert "adopt:" not in "".join(files.values())
    assert "name: northwind\n" in files["org.yaml"] and "org/division/shared" in files["org.yaml"]
    assert {"tenants/acme-retail.yaml", "tenants/globex-bank.yaml"} < files.keys()
    plan = settled.run("plan", "out", "--deep", "--detailed-exitcode")
    assert plan.code == 0 and plan.out.startswith("nothing to do"), plan.out


def test_new_objects_join_the_tenant_that_their_relatives_are_marked_for(settled: World) -> None:
    Hands(settled).wall("ACME-MX")
    files = exported(settled, "out", "manifests")
    assert "name: ACME-MX\n" in files["tenants/acme-retail.yaml"]
    adopts_cleanly(settled, "out")


def test_what_is_ours_and_cannot_be_said_is_protected_from_being_stripped(settled: World) -> None:
    hands, home = Hands(settled), settled.row("divisions", "Home")["id"]
    role = settled.row("roles", "Tenant Adherence")["id"]
    hands.grant(settled.row("clients", "acme-adherence")["id"], "PC_OAUTH_CLIENT", (role, home))
    files = exported(settled, "out", "manifests")
    assert "acme-retail/client/adherence" in files["org.yaml"]
    before = essence(settled)
    assert settled.run("apply", "out", "--auto-approve").code == 4
    assert essence(settled) == before


def test_the_caller_may_be_another_than_the_operator(world: World) -> None:
    files = exported(world, "out", "--operator", "operator", "--name", "nw", "--region", "eu-west-1")
    org = files["org.yaml"]
    assert "client: operator\n" in org and "name: nw\n" in org and "region: eu-west-1\n" in org


@pytest.mark.parametrize("arguments", [["--name", "Not A Name"], ["--operator", "nobody"]], ids=" ".join)
def test_a_wrong_option_says_so(world: World, arguments: list[str]) -> None:
    ran = world.run("export", "--out", "out", *arguments)
    assert ran.code in (1, 7) and arguments[1] in ran.err and not (world.place / "out").exists()


def test_without_a_region_or_an_endpoint_nobody_knows_which_organisation(world: World) -> None:
    world.patch.delenv("RECONCILER_ENDPOINT")
    ran = world.run("export", "--out", "out")
    assert ran.code == 1 and "region" in ran.err


@pytest.mark.parametrize(
    "switch",
    ["bulkadd-visible=no", "thin-roles=on", "thin-clients=on", "policy-order=reversed", "role-ids-shown=yes"],
)
def test_it_comes_round_whatever_the_vendor_leaves_open(
    switch: str, make_world: Callable[..., World]
) -> None:
    name, value = switch.split("=")
    world = make_world(switches={name: value})
    world.settle()
    strip(world)
    files = comes_round(world)
    assert "".join(files.values()).count("adopt:") == 17


def test_a_role_that_lists_show_without_its_permissions_is_adopted_whole(
    make_world: Callable[..., World],
) -> None:
    world = make_world(switches={"thin-roles": "on"})
    world.settle()
    strip(world)
    world.change("shared.yaml", "- key: recordings\n", "- key: recordings\n      adopt: true\n")
    before = essence(world)["roles"]
    world.apply("--only", "org/role/recordings")
    assert "[reconciler:" in world.row("roles", "Tenant Recordings")["description"]
    assert differing(before, essence(world)["roles"]) == []


def test_what_a_root_says_is_not_said_again(settled: World) -> None:
    ran = settled.run("export", "manifests", "--out", "out", "--name", "other")
    assert ran.code == 1 and "--name" in ran.err and not (settled.place / "out").exists()


def test_a_suspended_tenant_is_exported_as_it_stands(settled: World) -> None:
    settled.run("suspend", "globex-bank", "--auto-approve")
    files = exported(settled, "out", "manifests")
    assert "grants:" not in files["tenants/globex-bank.yaml"]
    plan = settled.run("plan", "out", "--deep", "--detailed-exitcode")
    assert plan.code == 0 and plan.out.startswith("nothing to do"), plan.out


def test_what_hands_changed_on_our_objects_is_written_down_as_it_is(settled: World) -> None:
    row = settled.row("roles", "Tenant Adherence")
    settled.drift("PUT", f"authorization/roles/{row['id']}", row | {"name": "Adherence of Tenants"})
    files = exported(settled, "out", "manifests")
    assert (
        "key: wfm-adherence\n" in files["shared.yaml"]
        and "name: Adherence of Tenants\n" in files["shared.yaml"]
    )
    assert "LEFT OUT" not in files["tenants/acme-retail.yaml"]
    before = essence(settled)
    applied = settled.run("apply", "out", "--auto-approve")
    assert applied.code == 0 and essence(settled) == before, applied.out
    assert settled.run("plan", "out", "--deep").out.startswith("nothing to do")


HOSTILE = [
    "two\nlines", "a\tb", "\u202eevil", "nbsp\u00a0x", "null", "12:30", "# hash", "{tenant}-x", "東京", "org",
    "deadbeefdeadbeefdeadbeefdeadbeef", "A" * 200, "-----BEGIN RSA PRIVATE KEY-----", "<<", "*star", "  x",
]  # fmt: skip


def test_hostile_names_and_texts_come_round(world: World) -> None:
    """Whatever people type into a console: it is said exactly, or left out."""
    hands = Hands(world)
    us = hands.wall("ACME-US")
    for number, text in enumerate(HOSTILE):
        role = hands.role(f"{text} r", VIEW)
        hands.wall(text)
        hands.client(text, (role, us))
        hands.client(f"c{number}", (role, us), description=text)
    comes_round(world)


def test_the_same_facts_come_as_json(handmade: World) -> None:
    told = handmade.run("export", "--out", "out", "-o", "json").json
    Draft202012Validator(handmade.run("schema", "export").json).validate(told)
    written = {
        path.relative_to(handmade.place / "out").as_posix()
        for path in (handmade.place / "out").rglob("*.yaml")
    }
    assert set(told["files"]) == written and told["requests"]["write"] == 0
