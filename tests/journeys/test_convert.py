"""convert: what Terraform manages becomes manifests that only adopt, and Terraform lets go of just that."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler import wiring
from reconciler.loading import terraform
from reconciler.simulator import load_seed
from tests.journeys.exporting import Hands, adopts_cleanly, strip
from tests.journeys.world import REPO, Ran, World
from tests.support import terraform as tf

ORGANISATION = "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"
WHO = ("--name", "northwind", "--organization", ORGANISATION, "--operator", "nw-reconciler")
WHERE = ("--region", "us-east-1")
VIEW = "routing:queue:view"
SEEDS = sorted((REPO / "reconciler/simulator/seeds").glob("*.yaml"))
_FROM = re.compile(
    r"^removed \{\n  from = (\S+)\n\n  lifecycle \{\n    destroy = false\n  \}\n\}$", re.MULTILINE
)


def convert(world: World, state: Any, *more: str) -> Ran:
    """Type it, and see that the organisation was left alone. The last of an option counts."""
    (world.place / "state.json").write_text(json.dumps(state), "utf-8")
    ran, asked = world.counted("convert", "state.json", "--out", "out", *WHO, *WHERE, *more)
    assert asked == []
    return ran


def converted(world: World, state: Any, *more: str) -> Any:
    """The document of a conversion that went well."""
    ran = convert(world, state, "-o", "json", *more)
    assert ran.code == 0, ran.out + ran.err
    document = ran.json
    Draft202012Validator(wiring.schema("convert")).validate(document)
    return document


def let_go(world: World) -> list[str]:
    """The blocks that removed.tf has."""
    return _FROM.findall((world.place / "out/removed.tf").read_text("utf-8"))


def became(document: Any) -> dict[str, str]:
    return {each["address"]: each["result"] for each in document["resources"]}


def rules(document: Any) -> dict[str, str]:
    """The rule by Terraform's address."""
    return {each["address"]: each["rule"] for each in document["findings"]}


@pytest.fixture
def two(world: World) -> World:
    """Two customers set up by Terraform, and what their queues are read with."""
    hands = Hands(world)
    us, bank = hands.wall("ACME-US", description="States"), hands.wall("Globex Bank")
    queues = hands.role("Queue Reader", VIEW, "routing:queue:search")
    planner = hands.role("Planner", "wfm:schedule:view")
    hands.client("acme-metrics", (queues, us), description="Wallboard")
    hands.client("globex-metrics", (queues, bank))
    hands.client(
        "desk", authorizedGrantType="CODE", registeredRedirectUri=["https://b.example"], scope=["users"]
    )
    hands.grant(world.row("groups", "NW WFM Team")["id"], "PC_GROUP", (planner, us), (queues, bank))
    hands.grant(world.row("users", "Priya Nair")["id"], "PC_USER", (planner, us))
    return world


def whole(world: World) -> tf.State:
    return tf.whole(world.sim.snapshot(), without=["operator"])


def test_what_terraform_manages_is_adopted_and_nothing_else_changes(two: World) -> None:
    document = converted(two, whole(two))
    assert document["tenants"] == ["acme-us", "globex-bank"]
    adopts_cleanly(two, "out")


def test_the_blocks_to_let_go_are_those_that_were_converted_whole(two: World) -> None:
    document = converted(two, whole(two))
    results = became(document)
    blocks = {re.sub(r'\["[^"]*"\]', "", address) for address in results}
    stay = {re.sub(r'\["[^"]*"\]', "", address) for address in results if results[address] != "converted"}
    assert let_go(two) == document["removed"] == sorted(blocks - stay)
    assert {"genesyscloud_auth_division.this", "module.app.genesyscloud_oauth_client.this"} < set(let_go(two))
    assert document["summary"]["others"] == 1 and document["stateRm"] == []
    assert sorted(results.values()).count("converted") == 2 + 2 + 3 + 2


def test_no_secret_of_a_state_is_said_or_written(two: World) -> None:
    ran = convert(two, whole(two))
    files = "".join(path.read_text("utf-8") for path in (two.place / "out").rglob("*") if path.is_file())
    assert ran.code == 0 and tf.SECRET in (two.place / "state.json").read_text("utf-8")
    assert tf.SECRET not in ran.out + ran.err + files and "acme-metrics" in files


def test_what_is_marked_sensitive_is_neither_converted_nor_repeated(two: World) -> None:
    row = two.row("clients", "acme-metrics")
    walls = [tf.entry("genesyscloud_auth_division", "us", tf.division(two.row("divisions", "ACME-US")))]
    hidden = tf.entry(
        "genesyscloud_oauth_client", "c", tf.client(row), sensitive_values={"description": True}
    )
    ran = convert(two, tf.state(*walls, hidden))
    assert ran.code == 0 and "marks its `description` as sensitive" in " ".join(ran.out.split())
    assert "Wallboard" not in ran.out and let_go(two) == ["genesyscloud_auth_division.us"]


def test_instances_that_stay_keep_their_block_and_the_others_are_taken_out_by_hand(two: World) -> None:
    acme, bank = (tf.division(two.row("divisions", name)) for name in ("ACME-US", "Globex Bank"))
    state = tf.state(
        tf.entry("genesyscloud_auth_division", "this", acme, key="acme's"),
        tf.entry("genesyscloud_auth_division", "this", bank, key="bank", tainted=True),
    )
    document = converted(two, state)
    one = 'genesyscloud_auth_division.this["acme\'s"]'
    assert let_go(two) == [] and document["stateRm"] == [one]
    assert rules(document)["genesyscloud_auth_division.this"] == "convert/instances"
    text = (two.place / "out/removed.tf").read_text("utf-8")
    assert """#   terraform state rm 'genesyscloud_auth_division.this["acme'"'"'s"]'\n""" in text


def _other(number: int, base: tf.State, **more: Any) -> tf.State:
    """Another one like it."""
    return base | {"id": f"00000000-0000-4000-8000-{number:012}", "name": f"odd-{number}", **more}


def _allows(entity: str, *actions: str, **more: Any) -> tf.State:
    policy = {"domain": "routing", "entity_name": entity, "action_set": list(actions), "conditions": []}
    return {"permission_policies": [policy | more]}


def _in(role: str | None, wall: str) -> tf.State:
    return {"roles": [{"role_id": role, "division_id": wall}]}


def _odd(world: World, wall: str) -> dict[str, tuple[str, tf.State]]:
    """Of each that cannot be converted its rule and its attributes, by address."""
    home, supervisor, role, client = (
        shape(world.row(section, name))
        for shape, section, name in (
            (tf.division, "divisions", "Home"),
            (tf.role, "roles", "Supervisor"),
            (tf.role, "roles", "Queue Reader"),
            (tf.client, "clients", "acme-metrics"),
        )
    )
    nobody = "00000000-0000-4000-8000-0000000000ff"
    condition = [{"conjunction": "AND", "terms": []}]
    found = {
        "auth_division.home": ("convert/protected", home),
        "auth_role.default": ("convert/protected", supervisor | {"default_role_id": "supervisor"}),
        "auth_role.wild": ("export/cannot-say", _other(1, role, **_allows("*", "*"))),
        "auth_role.flat": ("export/cannot-say", _other(2, role, permissions=["group_creation"])),
        "auth_role.if": (
            "convert/cannot-say",
            _other(3, role, **_allows("queue", "view", conditions=condition)),
        ),
        "oauth_client.home": ("export/unnamed-division", _other(4, client, **_in(role["id"], ""))),
        "oauth_client.token": ("export/cannot-say", _other(5, client, authorized_grant_type="TOKEN")),
        "oauth_client.roleless": ("convert/cannot-say", _other(6, client, **_in(None, wall))),
        "oauth_client.stranger": ("export/not-held", _other(7, client, **_in(nobody, wall))),
        "oauth_client.unborn": ("convert/cannot-say", _other(8, client, id=None)),
        "oauth_client.asleep": ("export/cannot-say", _other(9, client, state="inactive")),
        "oauth_client.first": ("convert/twice", _other(10, client)),
        "oauth_client.second": ("convert/twice", _other(10, client)),
        "user_roles.nobody": ("convert/nameless", tf.holds("user", nobody[:-1] + "0", [])),
    }
    return {f"genesyscloud_{address}": said for address, said in found.items()}


def test_what_cannot_be_converted_is_told_by_its_address_with_what_to_do(two: World) -> None:
    wall, role = tf.division(two.row("divisions", "ACME-US")), tf.role(two.row("roles", "Queue Reader"))
    odd = _odd(two, wall["id"])
    good = [tf.entry("genesyscloud_auth_division", "us", wall), tf.entry("genesyscloud_auth_role", "q", role)]
    named = ((address.partition("."), values) for address, (_, values) in odd.items())
    bad = [tf.entry(type_, label, values) for (type_, _, label), values in named]
    document = converted(two, tf.state(*good, *bad))
    wanted = {address: rule for address, (rule, _) in odd.items()}
    told = rules(document)
    assert {address: told.get(address) for address in wanted} == wanted
    stay = {address for address, result in became(document).items() if result != "converted"}
    assert stay >= wanted.keys() and not stay & set(let_go(two))
    assert all(each["remedy"] for each in document["findings"])
    (in_home,) = [each for each in document["findings"] if each["rule"] == "export/unnamed-division"]
    assert "`Queue Reader` in `Home`, which no manifest can name" in in_home["message"]


def test_a_resource_that_says_more_than_the_manifests_goes_on_and_is_said_to_fight(two: World) -> None:
    group = two.row("groups", "NW Engineers")["id"]
    wall, home = (tf.division(two.row("divisions", name)) for name in ("ACME-US", "Home"))
    role, supervisor = (tf.role(two.row("roles", name)) for name in ("Planner", "Supervisor"))
    held = [(role["id"], wall["id"]), (supervisor["id"], home["id"])]
    Hands(two).grant(group, "PC_GROUP", *held)
    state = tf.state(
        tf.entry("genesyscloud_auth_division", "us", wall),
        tf.entry("genesyscloud_auth_role", "planner", role),
        tf.entry(
            "genesyscloud_auth_role",
            "supervisor",
            {"id": supervisor["id"], "name": "Supervisor"},
            mode="data",
        ),
        tf.entry("genesyscloud_group", "g", {"id": group, "name": "NW Engineers"}),
        tf.entry("genesyscloud_group_roles", "g", tf.holds("group", group, held)),
    )
    document = converted(two, state)
    assert became(document)["genesyscloud_group_roles.g"] == "partly"
    assert rules(document)["genesyscloud_group_roles.g"] == "convert/fights"
    assert let_go(two) == ["genesyscloud_auth_division.us", "genesyscloud_auth_role.planner"]


def test_of_a_plan_what_is_there_now_is_converted_and_what_it_would_do_is_told(two: World) -> None:
    wall = tf.entry("genesyscloud_auth_division", "us", tf.division(two.row("divisions", "ACME-US")))
    new = tf.entry("genesyscloud_auth_role", "new", {"id": None, "name": "New"})
    document = converted(two, tf.plan(tf.state(wall), (wall, ["update"]), (new, ["create"])))
    assert became(document) == {"genesyscloud_auth_division.us": "converted"}
    pending = [each["message"] for each in document["findings"] if each["rule"] == "convert/pending"]
    assert [message.split(": ")[1].split("; ")[0] for message in pending] == [
        "this plan would update it",
        "this plan would create it",
    ]


def test_what_our_own_client_was_given_for_good_stays_what_it_is(two: World) -> None:
    hands = Hands(two)
    own, us = hands.role("Own", VIEW), two.row("divisions", "ACME-US")["id"]
    hands.grant("operator", "PC_OAUTH_CLIENT", (own, us), (own, "*"))
    hands.client("acme-other", (own, us))
    unsure = converted(two, whole(two))
    assert rules(unsure)["nw-reconciler"] == "convert/operator"
    (two.place / "out").rename(two.place / "unsure")
    document = converted(two, whole(two), "--holds", "Own")
    assert "nw-reconciler" not in rules(document) and document["summary"]["referred"] == 1
    adopts_cleanly(two, "out")


def test_with_manifests_their_org_document_is_taken_over(settled: World) -> None:
    strip(settled)
    state = whole(settled)
    (settled.place / "state.json").write_text(json.dumps(state), "utf-8")
    ran = settled.run("convert", "state.json", "manifests", "--out", "out")
    assert ran.code == 0 and "org/division/shared" in (settled.place / "out/org.yaml").read_text("utf-8")
    both = settled.run("convert", "state.json", "manifests", "--out", "new", *WHO)
    assert both.code == 1 and "--name and --organization and --operator" in both.err


GOOD = tf.state(tf.entry("genesyscloud_auth_division", "us", {"id": ORGANISATION, "name": "canary-name"}))


def _with(change: Callable[[Any], None]) -> str:
    state = json.loads(json.dumps(GOOD))
    change(state)
    return json.dumps(state)


def _resource(state: Any) -> Any:
    return state["values"]["root_module"]["resources"][0]


BROKEN = {
    "empty": ("", "state.json:1:1: this is not JSON"),
    "prose": ("canary-name", "state.json:1:1: this is not JSON"),
    "cut-off": (json.dumps(GOOD)[:-9], "this is not JSON"),
    "too-deep": ("[" * 100_000, "this is not JSON"),
    "not-text": ("\udc80", "this is not JSON"),
    "a-list": ("[]", "state.json: an object belongs there"),
    "no-version": ("{}", "no format_version"),
    "another-version": ('{"format_version": "2.0"}', "format_version '2.0'"),
    "a-raw-state": ('{"version": 4, "serial": 3, "lineage": "x"}', "this is a state file"),
    "nothing": ('{"format_version": "1.0"}', "nothing to convert"),
    "other-types": (_with(lambda state: _resource(state).update(type="aws_vpc")), "nothing to convert"),
    "name-is-a-number": (
        _with(lambda state: _resource(state)["values"].update(name=7)),
        "values.root_module.resources[0].values.name: text belongs there",
    ),
    "an-id-that-is-none": (
        _with(lambda state: _resource(state)["values"].update(id="canary-name")),
        "values.root_module.resources[0].values.id: an id belongs there",
    ),
    "values-is-a-list": (
        _with(lambda state: _resource(state).update(values=["canary-name"])),
        "values.root_module.resources[0].values: an object belongs there",
    ),
    "resources-is-text": (
        _with(lambda state: state["values"]["root_module"].update(resources="canary-name")),
        "values.root_module.resources: a list belongs there",
    ),
    "no-address": (
        _with(lambda state: _resource(state).update(address=None)),
        "values.root_module.resources[0].address: text belongs there",
    ),
    "an-address-that-writes-hcl": (
        _with(
            lambda state: _resource(state).update(address="genesyscloud_auth_division.us\n}\ncanary-name {")
        ),
        "values.root_module.resources[0].address: an address of a resource belongs there",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_no_state_is_refused_with_its_place_and_nothing_is_written(world: World, broken: str) -> None:
    text, says = BROKEN[broken]
    (world.place / "state.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    before = sorted(world.place.iterdir())
    ran = world.run("convert", "state.json", "--out", "out", *WHO, *WHERE)
    assert (ran.code, ran.out) == (1, "") and says in ran.err, ran.err
    assert "canary-name" not in ran.err and sorted(world.place.iterdir()) == before


def test_what_is_missing_is_said_and_a_directory_that_is_taken_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (world.place / "state.json").write_text(json.dumps(GOOD), "utf-8")
    ran = world.run("convert", "state.json", "--out", "out", *WHERE)
    assert ran.code == 1 and "--name, --organization, --operator missing" in ran.err
    for option, value in (("--organization", "x"), ("--region", "mars"), ("--holds", "Nobody")):
        assert world.run("convert", "state.json", "--out", "out", *WHO, *WHERE, option, value).code == 1
    for out in ("manifests", "state.json"):
        ran = world.run("convert", "state.json", "--out", out, *WHO, *WHERE)
        assert ran.code == 1 and "not an empty directory" in ran.err
    monkeypatch.setattr(terraform, "MOST_BYTES", 9)
    large = world.run("convert", "state.json", "--out", "out", *WHO, *WHERE)
    assert large.code == 1 and "larger than" in large.err
    gone = world.run("convert", "gone.json", "--out", "out", *WHO, *WHERE)
    assert gone.code == 1 and "cannot read gone.json" in gone.err and not (world.place / "out").exists()


@pytest.mark.full
@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_every_seed_that_terraform_manages_is_only_adopted(
    seed: Path, make_world: Callable[..., World]
) -> None:
    world = make_world(seed=load_seed(seed))
    snapshot, state = world.sim.snapshot(), whole(world)
    managed = state["values"]["root_module"]["resources"]
    held = {grant["roleId"] for grant in snapshot["grants"] if grant["subjectId"] == "operator"}
    given = [
        word for each in managed if each["values"]["id"] in held for word in ("--holds", each["values"]["id"])
    ]
    (own,) = [each["name"] for each in snapshot["clients"] if each["id"] == "operator"]
    ran = convert(world, state, *given, "--organization", snapshot["organization"]["id"], "--operator", own)
    if any(each["type"] in terraform_types() for each in managed if each["mode"] == "managed"):
        assert ran.code == 0, ran.err
        adopts_cleanly(world, "out")
    else:
        assert ran.code == 1 and "nothing to convert" in ran.err


def terraform_types() -> set[str]:
    """What is converted, as the documentation of the provider calls it."""
    words = ("auth_division", "auth_role", "oauth_client", "user_roles", "group_roles")
    return {f"genesyscloud_{word}" for word in words}
