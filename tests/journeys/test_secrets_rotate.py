"""Secrets are looked at, replaced and recovered from the command line, with consumers shown before."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from reconciler.cli import apply as applying
from reconciler.store.lease_file import FileLease
from tests.journeys.world import NORTHWIND, Ran, World
from tests.support.clock import START, VirtualLoop

ROTATE = ("secrets", "rotate", "--auto-approve")
STATUS = ("secrets", "status", "-o", "json")
ARCHIVE = "globex-bank/client/archive"
ADHERENCE = "acme-retail/client/adherence"
MODE = ("tenants/globex-bank.yaml", "mode: overlap", "mode: in-place")


def said(ran: Ran) -> str:
    """What it printed, as if lines had no end."""
    return " ".join(ran.out.split())


def told(world: World, *arguments: str) -> dict[str, dict[str, Any]]:
    """How each secret stands, by address."""
    return {item["address"]: item for item in world.run(*STATUS, *arguments).json["secrets"]}


def works(world: World, address: str) -> bool:
    """Whether what the sink holds for an address gets a token."""
    held = world.delivered()[address]
    return world.signs_in(held["clientId"], held["clientSecret"])


def settled(make_world: Callable[..., World], **given: Any) -> World:
    world = make_world(start=START, **given)  # the organisation counts by the same days as we
    world.settle()
    return world


def test_status_tells_where_each_secret_lies_and_never_shows_one(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    ran = world.run("secrets", "status")
    assert (ran.code, ran.last) == (0, "secrets: 6 ok · read 2026-11-20T14:00:24Z")
    found = told(world)
    assert (found[ARCHIVE]["ageDays"], found[ARCHIVE]["dueOn"]) == (0, "2027-02-18")
    assert found[ADHERENCE]["dueOn"] is None
    secrets = [each["clientSecret"] for each in world.delivered().values()]
    assert not any(secret in ran.out + json.dumps(found) for secret in secrets)


@pytest.mark.full
def test_status_writes_nothing_and_asks_three_times(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    ran, asked = world.counted("secrets", "status")
    assert ran.code == 0
    assert [(each.method, each.path) for each in asked] == [
        ("POST", "/oauth/token"),
        ("GET", "/api/v2/organizations/me"),
        ("GET", "/api/v2/oauth/clients"),
    ]


def spoil_place(world: World) -> None:
    place = world.secrets / "globex-bank" / "archive.json"
    place.write_text(place.read_text().replace(told(world)[ARCHIVE]["clientId"], "somebody-else"))


def lose_place(world: World) -> None:
    (world.secrets / "globex-bank" / "archive.json").unlink()


def garble_place(world: World) -> None:
    (world.secrets / "globex-bank" / "archive.json").write_text("{")


@pytest.mark.parametrize(
    ("spoil", "state", "code"),
    [
        (lose_place, "missing", 2),
        (spoil_place, "other-client", 2),
        (garble_place, "unknown", 7),
        (lambda world: world.let_pass(90), "due", 2),
        (lambda world: world.let_pass(89), "ok", 0),
    ],
    ids=["missing", "other-client", "unknown", "due", "not-yet"],
)
def test_status_says_what_needs_a_hand(
    make_world: Callable[..., World], spoil: Callable[[World], Any], state: str, code: int
) -> None:
    world = settled(make_world)
    spoil(world)
    assert world.run("secrets", "status").code == code
    assert told(world)[ARCHIVE]["state"] == state
    ran = world.run(*ROTATE, "--due")
    if state != "due":  # unknown is neither rotated nor passed over
        assert ran.last.startswith("nothing to do"), ran
        assert state == "ok" or "not judged by its age" in ran.out


@pytest.mark.parametrize(("old", "store"), [("dies", "kept"), ("lives", "off")])
def test_what_is_due_is_replaced_once(make_world: Callable[..., World], old: str, store: str) -> None:
    world = settled(make_world, switches={"old-secret": old})
    world.change(*MODE)
    before, access, first = world.delivered(), world.access(), world.delivered()[ARCHIVE]
    world.let_pass(95)
    ran = world.run(*ROTATE, "--due")
    assert ran.code == 0 and "1 updated" in ran.out, ran
    after = world.delivered()
    assert [key for key in after if after[key] != before[key]] == [ARCHIVE]
    assert works(world, ARCHIVE) and world.access() == access
    assert world.signs_in(first["clientId"], first["clientSecret"]) is (old == "lives")
    again, writes = world.wrote(*ROTATE, "--due")
    assert (again.code, writes) == (0, []) and again.last.startswith("nothing to do")
    assert f"no secret is due · the next is {ARCHIVE} on 2027-05-24" in again.out
    assert world.run("plan", "--detailed-exitcode").code == 0


def test_who_uses_a_client_is_shown_before_anybody_is_asked(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    held = world.delivered()[ADHERENCE]
    world.call_as(held["clientId"], held["clientSecret"], "/api/v2/users")
    since = len(world.sim.writes())
    ran = world.run("secrets", "rotate", "--only", ADHERENCE)
    assert ran.code == 1 and "reconciler secrets rotate manifests --only" in ran.err
    assert "who uses it reads local acme-retail/adherence.json" in ran.out
    assert "1 call in 90 days, 1 of them in the last 7; the last on 2026-11-20" in said(ran)
    assert world.sim.writes()[since:] == []


def test_only_the_digest_that_was_reviewed_is_rotated(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    shown = world.run("secrets", "rotate", "--only", ADHERENCE)
    other = world.run("secrets", "rotate", "--only", ARCHIVE, "--approved", shown.digest)
    assert other.code == 6
    first = world.delivered()
    assert world.run("secrets", "rotate", "--only", ADHERENCE, "--approved", shown.digest).code == 0
    assert [key for key, held in world.delivered().items() if held != first[key]] == [ADHERENCE]


def test_a_secret_that_somebody_else_keeps_is_not_ours_to_rotate(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    identity = world.row("clients", "acme-adherence")["id"]
    world.change(
        "tenants/acme-retail.yaml",
        "secret: {sink: local}",
        f"id: {identity}\n      secret: {{sink: external}}",
    )
    ran, writes = world.wrote(*ROTATE, "--only", ADHERENCE)
    assert (ran.code, writes) == (4, []) and "its secret is external" in said(ran)
    assert told(world)[ADHERENCE]["state"] == "external"


def test_an_apply_never_rotates(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    first = world.delivered()
    world.let_pass(120)
    assert world.apply().last.startswith("nothing to do") and world.delivered() == first


@pytest.mark.full
def test_recovering_with_nothing_owed_writes_nothing(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    world.change("tenants/globex-bank.yaml", "tokenSeconds: 900", "tokenSeconds: 1800")
    ran, writes = world.wrote("secrets", "recover", "--auto-approve")
    assert (ran.code, writes) == (0, []) and ran.last.startswith("nothing to do")


@pytest.mark.parametrize(
    "way", [("secrets", "recover", "--auto-approve"), ("apply", "--auto-approve"), ROTATE]
)
def test_what_was_cut_is_delivered_by_the_next_run(
    make_world: Callable[..., World], way: tuple[str, ...]
) -> None:
    world = settled(make_world)
    grants = world.grants("acme-adherence")
    world.sim.faults([{"kind": "timeout-after", "method": "POST", "path": "*/secret", "times": None}])
    assert world.run(*ROTATE, "--only", ADHERENCE).code == 5
    assert told(world)[ADHERENCE]["state"] == "undelivered"
    world.sim.faults([])
    ran = world.run(*way)
    if way is ROTATE:  # it says so, and leaves it to the command that is for it
        assert ran.code == 4 and "reconciler secrets recover" in ran.out
        world.settle()
    assert works(world, ADHERENCE) and world.grants("acme-adherence") == grants
    assert told(world)[ADHERENCE]["state"] == "ok"


def test_a_secret_that_never_arrived_is_not_passed_over_by_who_rotates_what_is_due(
    make_world: Callable[..., World],
) -> None:
    """Its consumers may have none that works, and the age of what lies in the sink says nothing of that."""
    world = settled(make_world)
    world.sim.faults([{"kind": "timeout-after", "method": "POST", "path": "*/secret", "times": None}])
    assert world.run(*ROTATE, "--only", ADHERENCE).code == 5
    world.sim.faults([])
    ran, writes = world.wrote(*ROTATE, "--due")
    assert (ran.code, writes) == (4, []) and "reconciler secrets recover" in ran.out, ran
    world.let_pass(95)
    before = world.delivered()
    ran = world.run(*ROTATE, "--due")
    assert ran.code == 4 and "reconciler secrets recover" in ran.out
    assert [key for key, held in world.delivered().items() if held != before[key]] == [ARCHIVE]


class Overlap:
    """A world in which the archive's rotation overlaps."""

    def __init__(self, world: World) -> None:
        self.world, self.first = world, world.delivered()[ARCHIVE]
        self.grants = world.grants("globex-archive")
        world.let_pass(95)
        self.ran = world.run(*ROTATE, "--due")
        self.second = world.delivered()[ARCHIVE]

    def both_work(self) -> list[bool]:
        return [
            self.world.signs_in(each["clientId"], each["clientSecret"]) for each in (self.first, self.second)
        ]

    def names(self) -> list[str]:
        return [name for name in self.world.names("clients") if name.startswith("globex-archive")]


def test_while_a_rotation_overlaps_both_secrets_work_and_both_clients_are_ours(
    make_world: Callable[..., World],
) -> None:
    world = settled(make_world)
    overlap = Overlap(world)
    assert overlap.ran.code == 0, overlap.ran
    assert overlap.names() == ["globex-archive", "globex-archive (next)"]
    assert overlap.both_work() == [True, True]
    assert world.grants("globex-archive (next)") == overlap.grants
    assert told(world)[ARCHIVE]["state"] == "overlap"
    for command in (("plan", "--detailed-exitcode"), ("drift",), ("prove",), ("doctor",)):
        assert world.run(*command).code == 0, command
    assert (
        world.run("outputs", "globex-bank", "-o", "json").json["clients"]["archive"]["id"]
        == overlap.second["clientId"]
    )


def test_both_are_changed_as_one(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    overlap = Overlap(world)
    world.change("tenants/globex-bank.yaml", "tokenSeconds: 900", "tokenSeconds: 1800")
    world.settle()
    assert [world.row("clients", name)["accessTokenValiditySeconds"] for name in overlap.names()] == [
        1800,
        1800,
    ]
    world.change(
        "tenants/globex-bank.yaml",
        "{role: recordings, divisions: own}",
        "{role: queue-metrics, divisions: own}",
    )
    world.settle()
    first, second = (world.grants(name) for name in overlap.names())
    assert first == second == {("Tenant Queue Metrics", "GLOBEX")}


def test_the_first_client_retires_once_nobody_has_used_it_for_a_week(
    make_world: Callable[..., World],
) -> None:
    world = settled(make_world)
    overlap = Overlap(world)
    early = world.run(*ROTATE, "--due")
    assert early.last.startswith("nothing to do") and "7 are given" in early.out
    world.let_pass(8)
    world.call_as(overlap.first["clientId"], overlap.first["clientSecret"], "/api/v2/users")
    used = world.run(*ROTATE, "--due")
    assert used.last.startswith("nothing to do") and "it is still used: 1 call" in said(used)
    world.let_pass(9)
    assert world.run(*ROTATE, "--due").code == 0
    assert overlap.names() == ["globex-archive", "globex-archive (old)"]
    assert overlap.both_work() == [False, True]
    assert world.row("clients", "globex-archive")["id"] == overlap.second["clientId"]
    assert (world.grants("globex-archive"), world.grants("globex-archive (old)")) == (overlap.grants, set())
    assert told(world)[ARCHIVE]["state"] == "ok"
    assert world.run("plan", "--detailed-exitcode").code == 0


@pytest.mark.full
def test_whoever_says_so_ends_an_overlap_at_once(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    assert "nothing to retire" in world.run(*ROTATE, "--retire").out
    overlap = Overlap(world)
    assert world.run(*ROTATE, "--retire").code == 0
    assert overlap.both_work() == [False, True]


def test_a_retired_client_is_deleted_only_where_orphans_are(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    overlap = Overlap(world)
    world.run(*ROTATE, "--retire")
    world.settle()
    assert "globex-archive (old)" in overlap.names()
    world.change("org.yaml", "prune: false", "prune: true")
    world.settle()
    assert overlap.names() == ["globex-archive"] and overlap.both_work()[1]


@pytest.mark.parametrize(
    ("kind", "nth"),
    [
        ("timeout-after", 1),
        ("refuse", 2),
        pytest.param("timeout-after", 2, marks=pytest.mark.full),
        pytest.param("refuse", 1, marks=pytest.mark.full),
    ],
)
def test_a_succession_that_is_cut_is_finished_by_the_next_apply_or_rotation(
    make_world: Callable[..., World], kind: str, nth: int
) -> None:
    world = settled(make_world)
    overlap = Overlap(world)
    faults = [
        {"kind": kind, "method": "PUT", "nth": each, "path": "/api/v2/oauth/clients/*"}
        for each in range(nth, nth + 20)
    ]
    world.sim.faults(faults)
    assert world.run(*ROTATE, "--retire").code == 5
    world.sim.faults([])
    assert overlap.both_work()[1]
    world.settle()
    assert overlap.both_work()[1]
    assert world.run(*ROTATE, "--retire").code == 0
    assert overlap.names() == ["globex-archive", "globex-archive (old)"]
    assert world.run("plan", "--detailed-exitcode").code == 0


def test_a_cut_birth_of_a_successor_is_finished_and_the_first_client_works_on(
    make_world: Callable[..., World],
) -> None:
    world = settled(make_world)
    world.sim.faults(
        [{"kind": "timeout-after", "method": "POST", "path": "/api/v2/oauth/clients", "times": None}]
    )
    overlap = Overlap(world)
    assert overlap.ran.code == 5 and overlap.both_work() == [True, True]  # the place holds the first one's
    world.sim.faults([])
    assert world.run("secrets", "recover", "--auto-approve").code == 0
    second = world.delivered()[ARCHIVE]
    assert second["clientId"] != overlap.first["clientId"] and works(world, ARCHIVE)
    assert overlap.both_work()[0] and told(world)[ARCHIVE]["state"] == "overlap"


def test_a_client_that_differs_from_its_manifest_gets_no_successor(make_world: Callable[..., World]) -> None:
    """Its successor would be born with what guards may be holding back from it."""
    world = settled(make_world)
    world.change("tenants/globex-bank.yaml", "tokenSeconds: 900", "tokenSeconds: 1800")
    ran, writes = world.wrote(*ROTATE, "--only", ARCHIVE)
    assert (ran.code, writes) == (4, []) and "it is not as declared" in said(ran)


@pytest.mark.full
def test_a_suspension_takes_everything_from_both(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    overlap = Overlap(world)
    assert world.run("suspend", "globex-bank", "--auto-approve").code == 0
    assert [world.grants(name) for name in overlap.names()] == [set(), set()]


@pytest.mark.full
def test_leaving_the_manifests_both_lose_their_grants(make_world: Callable[..., World]) -> None:
    world = settled(make_world)
    overlap = Overlap(world)
    text = (NORTHWIND / "tenants" / "globex-bank.yaml").read_text()
    start, end = text.index("  clients:"), text.index("rotate: {afterDays: 90, mode: overlap}")
    world.change(
        "tenants/globex-bank.yaml", text[start : end + len("rotate: {afterDays: 90, mode: overlap}")], ""
    )
    ran: Ran = world.apply("--allow", "removals=2")
    assert ran.code == 0, ran
    assert [world.grants(name) for name in overlap.names()] == [set(), set()]


def in_between(world: World, where: tuple[Any, str], *command: str) -> list[Ran]:
    """Another run of this machine, from its beginning to its end, where the next one calls that."""
    true, ran = getattr(*where), list[Ran]()

    def calling(*arguments: Any) -> Any:
        if not ran:
            ran.append(Ran(-1, "", ""))
            with ThreadPoolExecutor(1) as another:  # a loop of its own
                ran[0] = another.submit(world.run, *command).result()
            asyncio.get_running_loop().advance(world.time.reached - world.time())  # type: ignore[attr-defined]
        return true(*arguments)

    world.patch.setattr(*where, calling)
    for deaf in ("add_signal_handler", "remove_signal_handler"):  # which only a process's first thread hears
        world.patch.setattr(VirtualLoop, deaf, lambda *arguments: False)
    return ran


@pytest.mark.parametrize(
    ("where", "second", "code"),
    [
        ((FileLease, "take"), ROTATE, 0),
        pytest.param((FileLease, "take"), ROTATE[:2], 6, marks=pytest.mark.full),
        pytest.param((applying, "based_plan"), ROTATE, 0, marks=pytest.mark.full),
    ],
    ids=["planned", "and-approved-by-a-person", "chosen"],
)
def test_of_two_runs_at_once_the_second_finds_nothing_due(
    make_world: Callable[..., World], where: tuple[Any, str], second: tuple[str, ...], code: int
) -> None:
    world = settled(make_world, store="kept")
    world.change(*MODE)
    world.let_pass(95)
    world.patch.setattr(applying, "agreed", lambda plan, instead: True)
    other = in_between(world, where, *ROTATE, "--due")
    ran, asked = world.counted(*second, "--due")
    made = [each.path for each in asked if each.path.endswith("/secret")]
    assert len(made) == 1 and works(world, ARCHIVE)
    assert (other[0].code, ran.code) == (0, code) and "planning again" in ran.err, ran
