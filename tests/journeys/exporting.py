"""What stories about exports share: hands that know no manifests, and what must not change."""

from __future__ import annotations

import re
from typing import Any

from reconciler.model.marker import split
from tests.journeys.world import World

PATHS = {
    "divisions": "authorization/divisions",
    "roles": "authorization/roles",
    "clients": "oauth/clients",
}
Files = dict[str, str]


def strip(world: World) -> None:
    """Take every marker away, as if nobody had ever used this tool."""
    for section, path in PATHS.items():
        for row in world.sim.snapshot()[section]:
            text, marker = split(row.get("description") or "")
            if marker:
                world.drift("PUT", f"{path}/{row['id']}", row | {"description": text})


def essence(world: World) -> dict[str, Any]:
    """The whole organisation but for markers, the order of lists, and when a client was last touched."""
    state = world.sim.snapshot()
    grants = {(grant["subjectId"], grant["roleId"], grant["divisionId"]) for grant in state["grants"]}
    found: dict[str, Any] = {
        section: {row.get("id", row.get("name")): _plain(row) for row in rows}
        for section, rows in state.items()
        if isinstance(rows, list) and section != "grants"
    }
    return found | {"grants": grants}


def differing(before: Any, after: Any) -> list[Any]:
    """What is not on both sides, so that a failure can be read."""
    if isinstance(before, set):
        return sorted(before ^ after)
    return [
        (before.get(key), after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: split(item)[0] if name == "description" else _plain(_single(name, item))
            for name, item in value.items()
            if name not in ("dateModified", "modifiedBy")
        }
    return sorted(map(repr, map(_plain, value))) if isinstance(value, list) else value


def exported(world: World, out: str, *arguments: str, code: int = 0) -> Files:
    """What `export` writes, by path; it writes nothing to the organisation."""
    ran, writes = world.wrote("export", "--out", out, *arguments)
    assert ran.code == code and writes == [], ran.out + ran.err
    root = world.place / out
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*.yaml")}


def without_adopt(files: Files) -> Files:
    return {name: re.sub(r"^ +adopt: .*\n", "", text, flags=re.MULTILINE) for name, text in files.items()}


def adopts_cleanly(world: World, root: str) -> None:
    """Valid, planned as nothing but adoptions, applied without any other trace, and done with then."""
    valid = world.run("validate", root, "-o", "json")
    mistakes = [
        each for each in valid.json["findings"] if each["severity"] in ("critical", "error", "warning")
    ]
    assert (valid.code, mistakes) == (0, []), valid.out
    plan = world.run("plan", root, "--deep", "-o", "json").json
    others = [each for each in plan["changes"] if each["address"] != "org/grant/operator"]
    assert {each["action"] for each in others} <= {"adopt"}, others
    assert [each["withheld"] for each in others if each["withheld"]] == []
    assert plan["orphans"] == [] and plan["access"] == {"gains": [], "losses": []}
    before = essence(world)
    applied = world.run("apply", root, "--auto-approve")
    assert applied.code == 0, applied.out + applied.err
    after = essence(world)
    assert [pair for name in before for pair in differing(before[name], after[name])] == []
    again = world.run("plan", root, "--deep", "--detailed-exitcode")
    assert again.code == 0 and again.out.startswith("nothing to do"), again.out


def comes_round(world: World) -> Files:
    """The whole contract; gives the first export."""
    first = exported(world, "first")
    adopts_cleanly(world, "first")
    second, third = exported(world, "second"), exported(world, "third")
    assert second == without_adopt(first) and "adopt:" not in "".join(second.values())
    assert third == second
    return first


def _single(name: str, value: Any) -> Any:
    """Of a role's policies one per action: how actions are gathered into policies means nothing."""
    if name != "permissionPolicies":
        return value
    return [policy | {"actionSet": action} for policy in value for action in policy["actionSet"]]


class Hands:
    """An administrator who never heard of manifests."""

    def __init__(self, world: World) -> None:
        self.world = world

    def wall(self, name: str, **more: Any) -> str:
        return str(self.world.drift("POST", "authorization/divisions", {"name": name, **more})["id"])

    def role(self, name: str, *permissions: str, **more: Any) -> str:
        policies = [
            {"domain": domain, "entityName": entity, "actionSet": [action], **more}
            for domain, entity, action in (permission.split(":") for permission in permissions)
        ]
        body = {"name": name, "permissionPolicies": policies}
        return str(self.world.drift("POST", "authorization/roles", body)["id"])

    def client(self, name: str, *pairs: tuple[str, str], **more: Any) -> str:
        listed = [{"roleId": role, "divisionId": wall} for role, wall in pairs]
        body: dict[str, Any] = {"name": name, "authorizedGrantType": "CLIENT-CREDENTIALS"}
        body |= {"roleDivisions": listed, "accessTokenValiditySeconds": 3600}
        return str(self.world.drift("POST", "oauth/clients", body | more)["id"])

    def grant(self, subject: str, sort: str, *pairs: tuple[str, str]) -> None:
        path = f"authorization/subjects/{subject}/bulkadd?subjectType={sort}"
        self.world.drift("POST", path, {"grants": [{"roleId": r, "divisionId": d} for r, d in pairs]})
