"""What the matrix says each client can read, and what its own token is shown: the same, in every seed.

Expectations come from the cells of `access matrix` alone, facts from the simulator's answers alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from reconciler.model.sight import SIGHTS, Sight
from reconciler.simulator.seed import find_seed
from tests.journeys.tokens import Token
from tests.journeys.world import World

ORG = """
apiVersion: reconciler/v1
kind: Org
metadata: {{name: looking}}
spec:
  region: us-east-1
  organizationId: {id}
  operator: {{client: {operator}}}
---
apiVersion: reconciler/v1
kind: Shared
spec: {{}}
"""
SECTIONS = {
    "queues": "queues",
    "wrap-up codes": "wrapupCodes",
    "flows": "flows",
    "data tables": "dataTables",
    "business units": "businessUnits",
    "management units": "managementUnits",
}
"""Where the simulator keeps the objects of each type."""
EXPECTED = {
    "bare": 1,
    "northwind-new": 1,
    "northwind": 8,
    "northwind-broken": 20,
    "meridian": 45,
    "harbor-health": 10,
    "tinydesk": 3,
}
"""The clients of each seed that can sign in with a secret."""
EVERYWHERE, ORG_WIDE = "*", "org-wide"


class Reaches(dict[str, dict[str, set[str]]]):
    """By client: permission → places, from the cells of the matrix."""

    @classmethod
    def of(cls, world: World) -> Reaches:
        ran = world.run("access", "matrix", "-o", "json")
        assert ran.code == 0, ran.err
        found = cls()
        for row in ran.json["access"]:
            places = found.setdefault(row["subjectId"], defaultdict(set))
            places[row["permission"]].add(row["placeId"])
        return found

    def places(self, client: str, sight: Sight, *, opened: bool) -> set[str]:
        """Where a client may look through a sight; `opened` by what may open it besides."""
        patterns = (sight.permission, *(sight.opened if opened else ()))
        held = self.get(client, {})
        return set().union(*(held[each] for each in held if any(fnmatchcase(each, one) for one in patterns)))


def within(wall: str, places: set[str]) -> bool:
    """Whether an object is reached; what belongs to every division is, wherever anything is."""
    return bool(places) and (wall == "*" or bool(places & {wall, EVERYWHERE, ORG_WIDE}))


class Guest(Token):
    """One client with its own token."""

    def listed(self, sight: Sight) -> set[str] | None:
        """The ids of a whole list; None where it is refused."""
        found: set[str] = set()
        for number in range(1, 99):
            status, body = self.get(
                _below(sight.path), f"pageSize=100&pageNumber={number}" if sight.paged else ""
            )
            assert status in (200, 403, 404), body
            if status != 200:
                return None
            found |= {each["id"] for each in body["entities"]}
            if not sight.paged or len(body["entities"]) < 100:
                break
        return found


def _below(path: str) -> str:
    return path.removeprefix("/api/v2/")


def look(name: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[World, dict[str, str]]:
    """A world with that seed, and a fresh secret for each client that can sign in with one."""
    seed = find_seed(name)
    (operator,) = [each["name"] for each in seed.clients if each.get("operator")]
    (place / "org").mkdir()
    text = ORG.format(id=seed.organisation["id"], operator=operator)
    (place / "org" / "org.yaml").write_text(text, "utf-8")
    world = World(place, monkeypatch, manifests=place / "org", seed=seed)
    secrets = {"operator": "operator-secret"}
    for row in world.sim.snapshot()["clients"]:
        usable = (row["authorizedGrantType"], row["state"]) == ("CLIENT-CREDENTIALS", "active")
        if usable and row["id"] not in secrets:
            secrets[row["id"]] = world.drift("POST", f"oauth/clients/{row['id']}/secret")["secret"]
    return world, secrets


def newcomers(world: World) -> dict[str, str]:
    """Two more, so that every list is opened in every seed: one behind a single wall, one behind all."""
    policies = [
        {"domain": domain, "entityName": entity, "actionSet": [action]}
        for domain, entity, action in sorted({tuple(each.permission.split(":")) for each in SIGHTS})
    ]
    role = world.drift("POST", "authorization/roles", {"name": "Looks", "permissionPolicies": policies})["id"]
    lying = Counter(wall for several in walls(world).values() for wall in several.values() if wall != "*")
    busiest = max(lying, default=world.row("divisions", "Home")["id"], key=lambda wall: lying[wall])
    made = {}
    for name, where in (("one wall", busiest), ("all walls", "*")):
        grants = [{"roleId": role, "divisionId": where}]
        body = {"name": name, "authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": grants}
        answer = world.drift("POST", "oauth/clients", body)
        made[answer["id"]] = answer["secret"]
    return made


def walls(world: World) -> Mapping[str, Mapping[str, str]]:
    """By type, each object with the division it lies in."""
    state = world.sim.snapshot()
    return {type_: {row["id"]: row["division"] for row in state[kept] if not row.get("deleted")}
            for type_, kept in SECTIONS.items()}  # fmt: skip


def differences(
    guest: Guest, client: str, reaches: Reaches, objects: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, ...]]:
    """Whatever a client is shown that the matrix did not say, and the other way round."""
    for sight in SIGHTS:
        known = objects[sight.type]
        sure = reaches.places(client, sight, opened=False)
        most = reaches.places(client, sight, opened=True)
        shown = guest.listed(sight)
        may = {each for each, wall in known.items() if within(wall, most)}
        must = {each for each, wall in known.items() if within(wall, sure)}
        yield from (("shown", sight.path, each) for each in (shown or set()) - may)
        yield from (("hidden", sight.path, each) for each in must - (shown or set()))
        if sure and shown is None:
            yield "refused", sight.path
        for each in known if sight.single else ():
            status, answer = guest.get(_below(sight.single.format(id=each)))
            assert status in (200, 403, 404), answer
            if status == 200 and each not in may:
                yield "answered", sight.single, each
            if status != 200 and each in must:
                yield "not answered", sight.single, each


@pytest.mark.parametrize("name", EXPECTED)
def test_each_client_is_shown_what_the_matrix_says_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    world, secrets = look(name, tmp_path, monkeypatch)
    assert len(secrets) == EXPECTED[name]
    if name != "bare":  # nobody is there who could make them
        secrets |= newcomers(world)
    reaches, objects = Reaches.of(world), walls(world)
    for client, secret in secrets.items():
        world.let_settle()  # a minute's rate for each
        found = differences(Guest.of(world, client, secret), client, reaches, objects)
        assert list(found) == [], client


def test_each_list_is_shown_whole_to_one_in_part_to_another_and_not_at_all_to_a_third(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is compared above is not nothing: of all lists, in the seed with something of everything."""
    world, secrets = look("northwind-broken", tmp_path, monkeypatch)
    objects, told = walls(world), defaultdict(set)
    for client, secret in (secrets | newcomers(world)).items():
        world.let_settle()
        guest = Guest.of(world, client, secret)
        for sight in SIGHTS:
            shown, known = guest.listed(sight), len(objects[sight.type])
            told[sight.path].add("nothing" if not shown else "whole" if len(shown) == known else "cut")
    for sight in SIGHTS:
        assert told[sight.path] == {"whole", "cut", "nothing"}, sight.path
