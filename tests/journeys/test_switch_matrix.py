"""Whatever the vendor turns out to do: planned, applied, changed by hand, noticed, repaired; or refused.

One story is told of every organisation that the simulator's switches can make. Where an organisation
refuses what a setting needs, `REFUSALS` says which refusal is the documented one, and following its
release ends in the same story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any

import pytest

from reconciler.simulator import SWITCHES
from tests.journeys.world import Grant, Ran, World

OPERATOR, OPERATOR_ID = "nw-reconciler", "operator"
METRICS, ADHERENCE = "Tenant Queue Metrics", "Tenant Adherence"
PAIRS: dict[str, set[Grant]] = {
    "nw-auditor": {("Org Auditor", "*")},
    "acme-adherence": {(ADHERENCE, "ACME-US")},
    "acme-retail-metrics": {(METRICS, "ACME-US"), (METRICS, "ACME-CA")},
    "globex-archive": {("Tenant Recordings", "GLOBEX")},
    "globex-bank-metrics": {(METRICS, "GLOBEX")},
    "initech-desk": set(),
    "initech-saas-metrics": {(METRICS, "INITECH")},
}
"""What Northwind's manifests say, by name."""
EDITED, RENAMED, GRANTED = "org/role/wfm-adherence", "acme-retail/division/ca", "globex-bank/client/metrics"
HANDING_ON = {
    "operator-must-hold": ("on", "off"),
    "editor-must-hold": ("on", "off"),
    "self-grant": ("allowed", "refused"),
    "bulkadd-visible": ("yes", "no"),
}
Switches = dict[str, str]


@dataclass(frozen=True)
class Refusal:
    """How a first apply is refused: its exit code, what it says, and what to do about it.

    `guard` is that of the plan, "" where only the organisation knows; `born` are the clients that are
    made all the same, and none of them holds anything.
    """

    code: int
    says: tuple[str, ...]
    release: Callable[[World], None]
    guard: str = ""
    born: frozenset[str] = frozenset({"initech-desk"})


def hold_everything(world: World) -> None:
    """An administrator gives our client each of our roles everywhere, as the plan asks."""
    for role in world.sim.snapshot()["roles"]:
        if world.marker in role["description"]:
            grant = {"grants": [{"roleId": role["id"], "divisionId": "*"}]}
            path = f"authorization/subjects/{OPERATOR_ID}/bulkadd?subjectType=PC_OAUTH_CLIENT"
            world.drift("POST", path, grant)


def hold_instead_of_borrowing(world: World) -> None:
    world.change("org.yaml", "handOn: borrow", "handOn: held")
    hold_everything(world)


def bear(setting: str) -> Callable[[World], None]:
    """Clients are to be born as this organisation permits."""

    def release(world: World) -> None:
        world.change("org.yaml", "  prune: false", f"  newClients: {setting}\n  prune: false")

    return release


HELD = Refusal(4, ("withheld by held", "does not hold"), hold_everything, guard="held")
NO_LOAN = Refusal(5, ("`handOn: held`",), hold_instead_of_borrowing, born=frozenset(PAIRS))
REFUSALS: dict[tuple[str, str], Refusal] = {
    ("self-grant", "refused"): NO_LOAN,
    ("subject-must-hold", "on"): NO_LOAN,
    ("inactive-birth", "refused"): Refusal(5, ("newClients", "active-grantless"), bear("active-grantless")),
    ("grantless-birth", "refused"): Refusal(5, ("newClients", "inactive-granted"), bear("inactive-granted")),
}
"""Switch values on whose side an organisation cannot do what the manifests ask of it, under `borrow`."""


def refusal_of(switches: Switches, hand_on: str) -> Refusal | None:
    """The documented refusal of an organisation, if it is one that refuses."""
    if hand_on == "held":
        return HELD
    return next((REFUSALS[item] for item in switches.items() if item in REFUSALS), None)


@dataclass
class Story:
    """One organisation, and everything the program said of it."""

    world: World
    said: list[Ran] = field(default_factory=list)

    def run(self, *arguments: str, code: int = 0) -> Ran:
        ran = self.world.run("-v", *arguments)
        self.said.append(ran)
        assert ran.code == code, ran.out + ran.err
        return ran

    def apply(self, *arguments: str, code: int = 0) -> Ran:
        return self.run("apply", "--auto-approve", *arguments, code=code)

    def plan(self) -> dict[str, Any]:
        """What would be done; planning writes nothing."""
        before = self.world.sim.snapshot()
        ran = self.world.run("-v", "plan", "-o", "json")
        self.said.append(ran)
        assert self.world.sim.snapshot() == before
        return dict(ran.json)

    def quiet(self) -> None:
        """Nothing to plan, nothing to write, nothing drifted."""
        writes = len(self.world.sim.writes())
        self.run("plan", "--detailed-exitcode")
        assert self.apply().last.startswith("nothing to do")
        self.run("drift")
        assert len(self.world.sim.writes()) == writes


def tell(world: World, hand_on: str = "borrow") -> None:
    """The whole story of one organisation."""
    if hand_on == "held":
        world.change("org.yaml", "handOn: borrow", "handOn: held")
    story, theirs = Story(world), others(world)
    begin(story, refusal_of(world.sim.org.switches, hand_on))
    own = world.grants(OPERATOR)
    as_declared(world)
    story.quiet()
    colleague(world)
    noticed(story)
    repaired(story)
    as_declared(world)
    story.quiet()
    grown_and_left(story)
    assert world.grants(OPERATOR) == own
    assert others(world) == theirs
    unheard(story)


def begin(story: Story, refusal: Refusal | None) -> None:
    """The first apply, or the refusal of it and the apply after its release."""
    world, own = story.world, story.world.grants(OPERATOR)
    plan = story.plan()
    assert plan["summary"]["create"] >= 9 and plan["summary"]["update"] == 0
    if refusal is None:
        story.apply()
    else:
        ran = story.apply(code=refusal.code)
        for words in refusal.says:
            assert words in " ".join(ran.out.split()), ran.out
        refused(story, refusal)
        assert world.grants(OPERATOR) == own
        refusal.release(world)
        own = world.grants(OPERATOR)
        story.apply()
    assert world.grants(OPERATOR) == own


def refused(story: Story, refusal: Refusal) -> None:
    """Nothing of the refused kind was written, and the plan says what to do where a guard stopped it."""
    assert {row["name"] for row in story.world.live_clients()} == refusal.born
    assert not any(story.world.grants(name) for name in refusal.born)
    held = [item["withheld"] for item in story.plan()["changes"] if item["withheld"]]
    assert {item["guard"] for item in held} == ({refusal.guard} if refusal.guard else set())
    assert all(item["reason"] and item["release"] for item in held)


def colleague(world: World) -> None:
    """By hand: a grant across a tenant's wall, a wider role, a renamed division."""
    roles = {row["name"]: row for row in world.sim.snapshot()["roles"]}
    pair = {"roleId": roles[METRICS]["id"], "divisionId": world.row("divisions", "ACME-US")["id"]}
    subject = world.row("clients", "globex-bank-metrics")["id"]
    path = f"authorization/subjects/{subject}/bulkadd?subjectType=PC_OAUTH_CLIENT"
    world.drift("POST", path, {"grants": [pair]})
    role = roles[ADHERENCE]
    wider = {"domain": "wfm", "entityName": "schedule", "actionSet": ["view"]}
    body = {name: role[name] for name in ("name", "description", "permissionPolicies")}
    body["permissionPolicies"] = [*body["permissionPolicies"], wider]
    world.drift("PUT", f"authorization/roles/{role['id']}", body)
    division = world.row("divisions", "ACME-CA")
    renamed = {"name": "ACME-KANADA", "description": division["description"]}
    world.drift("PUT", f"authorization/divisions/{division['id']}", renamed)
    world.let_settle()


def noticed(story: Story) -> None:
    """Drift names exactly that, and that a wall is crossed; it writes nothing."""
    before = story.world.sim.snapshot()
    report = story.run("drift", "-o", "json", code=8).json
    assert {item["address"] for item in report["objects"]} == {EDITED, RENAMED, GRANTED}
    assert story.world.sim.snapshot() == before


def repaired(story: Story) -> None:
    """What was gained is taken back at once; a name changed by hand is somebody's question to answer."""
    world = story.world
    ran = story.apply("--deep", code=4)
    assert RENAMED in ran.out
    row = world.row("divisions", "ACME-KANADA")
    world.change("tenants/acme-retail.yaml", "{key: ca,", f"{{key: ca, id: {row['id']},")
    story.apply("--deep")


def grown_and_left(story: Story) -> None:
    """Further access in git is given; a client that leaves git loses it, and then goes."""
    world, file = story.world, "tenants/acme-retail.yaml"
    world.change(file, "divisions: [us]}", "divisions: [us, ca]}")
    world.change("shared.yaml", "- wfm:historicalAdherence:view", "- wfm:schedule:view")
    story.apply()
    assert world.grants("acme-adherence") == {(ADHERENCE, "ACME-US"), (ADHERENCE, "ACME-CA")}
    assert ("acme-adherence", "wfm:schedule:view", "ACME-CA") in world.access()
    world.change("org.yaml", "prune: false", "prune: true")
    text = (world.root / file).read_text("utf-8")
    world.write(file, text[: text.index("  clients:")])
    story.apply()
    assert "acme-adherence" not in {client for client, _, _ in world.access()}
    story.apply()
    assert {row["name"] for row in world.live_clients()} == set(PAIRS) - {"acme-adherence"}
    story.quiet()


def as_declared(world: World) -> None:
    """Each client of ours is active and holds exactly what the manifests say; secrets have arrived."""
    rows = {row["name"]: row for row in world.live_clients()}
    assert set(rows) == set(PAIRS)
    for name, pairs in PAIRS.items():
        assert world.grants(name) == pairs and rows[name]["state"] == "active", name
    assert set(world.names("divisions")) >= {"ACME-US", "ACME-CA", "GLOBEX", "INITECH", "NW-Shared"}
    assert world.held_by("NW WFM Team") == {("WFM Planner", "INITECH")}
    delivered = world.delivered().values()
    assert len(delivered) == len(PAIRS) - 1  # a CODE client without a sink has none
    assert all(world.sim.org.secrets[each["clientId"]] == each["clientSecret"] for each in delivered)


def others(world: World) -> dict[str, Any]:
    """What is not ours, our own client's grants left out: an administrator gives those."""
    left = world.unowned()
    left["grants"] = [row for row in left["grants"] if row["subjectId"] != OPERATOR_ID]
    left["clients"] = [row for row in left["clients"] if row["id"] != OPERATOR_ID]
    return left


def unheard(story: Story) -> None:
    """No secret of the organisation in anything that was said."""
    said = "".join(ran.out + ran.err for ran in story.said)
    secrets = story.world.sim.org.secrets.values()
    assert len(secrets) >= len(PAIRS) and not [secret for secret in secrets if secret in said]


def named(switches: Switches) -> str:
    return "-".join(switches.values())


PRODUCT = [dict(zip(HANDING_ON, values, strict=True)) for values in product(*HANDING_ON.values())]

SOME_OF_IT = (
    pytest.param(each, marks=pytest.mark.full) if number % 5 else each for number, each in enumerate(PRODUCT)
)
"""Four of the sixteen, no two of them next to each other; in full size all."""


@pytest.mark.parametrize("hand_on", ["borrow", pytest.param("held", marks=pytest.mark.full)])
@pytest.mark.parametrize("switches", [*SOME_OF_IT], ids=named)
def test_whoever_may_hand_on(make_world: Callable[..., World], switches: Switches, hand_on: str) -> None:
    tell(make_world(switches=switches), hand_on)


def alone() -> Iterator[Switches]:
    """Every other switch on each of its other sides; the rules about holding stay on."""
    for name, switch in SWITCHES.items():
        for value in switch.values:
            if value != switch.default and name not in HANDING_ON:
                yield {name: value}
    yield {"thin-clients": "on", "thin-roles": "on"}


def one_by_one() -> Iterator[Any]:
    """An eighth of them, and each on which an organisation refuses; in full size all."""
    for number, given in enumerate(alone()):
        usual = number % 8 == 0 or not given.items().isdisjoint(REFUSALS)
        marks = () if usual else (pytest.mark.full,)
        yield pytest.param(given, marks=marks, id=" ".join(map("=".join, given.items())))


@pytest.mark.parametrize("switches", [*one_by_one()])
def test_whatever_else_the_vendor_does(make_world: Callable[..., World], switches: Switches) -> None:
    tell(make_world(switches=switches))


def sampled(seed: int) -> Switches:
    """Chance puts every switch on one of its sides, but for those on which an organisation refuses."""
    chance = Random(seed)
    return {
        name: chance.choice([value for value in switch.values if (name, value) not in REFUSALS])
        for name, switch in SWITCHES.items()
    }


SEEDS = [*range(2), *(pytest.param(seed, marks=pytest.mark.full) for seed in range(2, 40))]


@pytest.mark.parametrize("hand_on", ["borrow", "held"])
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_it_does_at_once(make_world: Callable[..., World], seed: int, hand_on: str) -> None:
    tell(make_world(switches=sampled(seed)), hand_on)
