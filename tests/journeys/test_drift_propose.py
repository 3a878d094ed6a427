"""`drift --propose` declares what was done by hand: in few lines, never a leak, and why not the rest."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from difflib import ndiff
from functools import partial
from pathlib import Path

import pytest

from tests.journeys.test_drift_command import METRICS, QUEUES, grant, put, widen
from tests.journeys.world import World

ADHERENCE, ROLE = "acme-retail/client/adherence", "org/role/wfm-adherence"
PROFILED, SWITCHED = "acme-retail/client/metrics", "initech-saas/client/metrics"
PULL = "acme-adherence"
DROPPED = "# every division, present and future: only here, and only with a reason"
"""The remark on the one line of grants that a deed lets go."""
REFUSED = re.compile(r"^not accepted: (\S+): (.+)$", re.MULTILINE)
COMMENT = re.compile(r"#.*")


def files(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*.yaml")}


def propose(world: World, place: str = "new") -> dict[str, str]:
    """What was not accepted, with its reason."""
    ran = world.run("drift", "--propose", place)
    assert ran.code in (0, 2, 8), ran.err
    return dict(REFUSED.findall(ran.err))


def narrow(world: World, role: str) -> None:
    """A colleague takes a role its last permission."""
    row = world.row("roles", role)
    body = {"name": row["name"], "description": row["description"]}
    policies = row["permissionPolicies"][:-1]
    world.drift("PUT", f"authorization/roles/{row['id']}", {**body, "permissionPolicies": policies})


def describe(world: World, division: str) -> None:
    row = world.row("divisions", division)
    text = f"by hand: {row['description']}"
    world.drift("PUT", f"authorization/divisions/{row['id']}", {**row, "description": text})


def revoke(world: World, client: str, role: str, division: str) -> None:
    ids = world.row("clients", client)["id"], world.row("divisions", division)["id"]
    path = f"authorization/subjects/{ids[0]}/divisions/{ids[1]}/roles/{world.row('roles', role)['id']}"
    world.drift("DELETE", path)


DEEDS: dict[str, tuple[str, bool, Callable[[World], None]]] = {
    "longer tokens": (ADHERENCE, True, partial(put, name=PULL, accessTokenValiditySeconds=900)),
    "a division more": (
        ADHERENCE, True, partial(grant, client=PULL, role="Tenant Adherence", division="ACME-CA"),
    ),
    "a role more": (ADHERENCE, True, partial(grant, client=PULL, role=QUEUES, division="ACME-US")),
    "a wider role": (ROLE, True, partial(widen, role="Tenant Adherence", permission="wfm:schedule:view")),
    "a narrower role": ("org/role/recordings", True, partial(narrow, role="Tenant Recordings")),
    "other words": ("acme-retail/division/ca", True, partial(describe, division="ACME-CA")),
    "no grant left": ("org/client/auditor", True, partial(put, name="nw-auditor", roleDivisions=[])),
    "a profile's client": (
        PROFILED, False, partial(revoke, client="acme-retail-metrics", role=QUEUES, division="ACME-CA"),
    ),
    "switched off": (SWITCHED, False, partial(put, name="initech-saas-metrics", state="inactive")),
    "a foreign division": (
        METRICS, False, partial(grant, client="globex-bank-metrics", role=QUEUES, division="ACME-US"),
    ),
}  # fmt: skip
"""By what was done: to which object, whether the manifests may say so, and the hand."""


def check(world: World, names: list[str]) -> None:
    """Everything that a proposal promises, after these deeds."""
    for name in names:
        DEEDS[name][2](world)
    before, access = files(world.root), world.access()
    refused = propose(world)
    assert set(refused) == {DEEDS[name][0] for name in names if not DEEDS[name][1]}, (names, refused)
    after = files(world.place / "new")
    assert files(world.root) == before and after.keys() == before.keys()
    for name, text in after.items():
        remarks = [each for each in COMMENT.findall(before[name]) if each in text or each != DROPPED]
        assert COMMENT.findall(text) == remarks
    found = world.run("drift", "new", "-o", "json").json
    assert {each["address"] for each in found["objects"]} == set(refused)
    accepted = {DEEDS[name][0] for name in names} - set(refused)
    if accepted:
        only = [word for address in sorted(accepted) for word in ("--only", address)]
        assert world.run("apply", "new", "--auto-approve", "--deep", *only).code == 0
        assert world.access() == access
        again = world.run("drift", "new", "-o", "json").json
        assert (again["pending"], {each["address"] for each in again["objects"]}) == ([], set(refused))


@pytest.mark.full
@pytest.mark.parametrize("name", [name for name, (_, may, _) in DEEDS.items() if may])
def test_what_one_hand_did_is_declared_and_stays(settled: World, name: str) -> None:
    check(settled, [name])


@pytest.mark.parametrize("seed", [1, *(pytest.param(each, marks=pytest.mark.full) for each in range(2, 12))])
def test_whatever_was_done_what_may_be_declared_is_and_the_rest_has_a_reason(
    settled: World, seed: int
) -> None:
    drawn = random.Random(seed)
    check(settled, drawn.sample(sorted(DEEDS), drawn.randint(4, len(DEEDS))))


def test_only_the_lines_change_that_have_to(settled: World) -> None:
    DEEDS["a division more"][2](settled)
    DEEDS["a wider role"][2](settled)
    assert propose(settled) == {}
    before, after = files(settled.root), files(settled.place / "new")
    changed = {
        name: [line for line in ndiff(before[name].splitlines(), text.splitlines()) if line[0] in "+-"]
        for name, text in after.items()
        if text != before[name]
    }
    remark = "# the Canadian team is planned elsewhere"
    assert changed == {
        "shared.yaml": ["+         - wfm:schedule:view"],
        "tenants/acme-retail.yaml": [
            f"-         - {{role: wfm-adherence, divisions: [us]}}       {remark}",
            f"+         - {{role: wfm-adherence, divisions: [us, ca]}}   {remark}",
        ],
    }


def test_each_refusal_says_why(settled: World) -> None:
    for name in ("a profile's client", "switched off", "a foreign division"):
        DEEDS[name][2](settled)
    refused = propose(settled)
    assert "it crosses a tenant's walls" in refused[METRICS]
    assert refused[PROFILED].startswith("profiles.yaml would no longer be valid: ")
    assert refused[SWITCHED] == "no manifest can say its `state`"
    assert files(settled.place / "new") == files(settled.root)


def test_a_line_of_a_profile_that_others_share_is_not_touched(settled: World) -> None:
    put(settled, "acme-retail-metrics", accessTokenValiditySeconds=900)
    assert "/client/metrics would be changed by the same line of profiles.yaml" in propose(settled)[PROFILED]
    assert files(settled.place / "new") == files(settled.root)


@pytest.mark.full
def test_a_tenant_that_is_suspended_is_not_given_back_what_it_lost(settled: World) -> None:
    settled.change("tenants/acme-retail.yaml", "spec:\n", "spec:\n  state: suspended\n")
    settled.settle("--allow", "removals=2")
    DEEDS["a role more"][2](settled)
    refused = propose(settled)
    assert "must have no access" in refused[ADHERENCE]


@pytest.mark.parametrize("place", ["manifests/new", "manifests"])
def test_a_place_among_the_manifests_or_taken_is_refused(settled: World, place: str) -> None:
    before = files(settled.root)
    ran = settled.run("drift", "--propose", place)
    assert ran.code == 1 and "--propose" in ran.err and files(settled.root) == before


@pytest.mark.full
def test_what_is_acknowledged_is_not_declared(settled: World) -> None:
    DEEDS["longer tokens"][2](settled)
    entry = f"- {{drift: {ADHERENCE}, reason: r, owner: o, expires: 2026-12-31}}"
    settled.change("org.yaml", "  prune: false", f"  drift:\n    acknowledged:\n    {entry}\n  prune: false")
    assert propose(settled) == {} and files(settled.place / "new") == files(settled.root)
