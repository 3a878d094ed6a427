"""Profiles: what a tenant gets, what it may say anew, and what is refused with both places."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.kinds import REGISTRY
from reconciler.loading import load
from reconciler.model.finding import Finding
from reconciler.model.manifest import Entry, Manifests, Owner
from reconciler.model.origin import Origin
from reconciler.planning.expand import expand

ORG = """\
apiVersion: reconciler/v1
kind: Org
metadata: {name: northwind}
spec:
  region: us-east-1
  organizationId: 6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01
  operator: {client: nw-reconciler}
  sinks: {local: {type: file, path: "{tenant}/{key}.json"}}
"""
PROFILE = """\
apiVersion: reconciler/v1
kind: Profile
metadata: {name: standard}
spec:
  divisions: [{key: main, name: "X-{tenant}", description: "{key} of {tenant}"}]
  clients:
    - {key: metrics, grants: [{role: reader, divisions: own}], secret: {sink: local}}
"""
TENANT = "apiVersion: reconciler/v1\nkind: Tenant\nmetadata: {name: acme}\nspec:\n"
MENTION = Origin("t.yaml", 0, ("spec", "profiles", 0))


def loaded(root: Path, tenant: str, *more: str) -> Manifests:
    texts = {"o.yaml": ORG, "p.yaml": PROFILE, "t.yaml": TENANT + tenant}
    for name, text in {**texts, **{f"m{index}.yaml": text for index, text in enumerate(more)}}.items():
        (root / name).write_text(text, encoding="utf-8")
    result = load(root, REGISTRY)
    assert result.manifests is not None, result.findings
    return result.manifests


def expanded(root: Path, tenant: str, *more: str) -> tuple[Owner, tuple[Finding, ...]]:
    manifests, findings = expand(loaded(root, tenant, *more), REGISTRY)
    return manifests.tenants[0], findings


def entry(owner: Owner, kind: str, key: str) -> Entry:
    return next(each for each in owner.sections[kind] if each.spec.key == key)


def test_a_tenant_gets_the_entries_of_its_profile_under_its_own_name(tmp_path: Path) -> None:
    owner, findings = expanded(tmp_path, "  profiles: [standard]\n")
    main = entry(owner, "division", "main")
    assert (main.spec.name, main.spec.description) == ("X-acme", "main of acme")
    assert (main.origin.file, main.related) == ("p.yaml", (MENTION,))
    assert (owner.profiles, owner.without, findings) == ((), (), ())


def test_own_entries_come_after_those_of_the_profiles(tmp_path: Path) -> None:
    owner, _ = expanded(tmp_path, "  profiles: [standard]\n  divisions: [{key: us, name: US}]\n")
    assert [each.spec.key for each in owner.sections["division"]] == ["main", "us"]


def test_a_tenant_may_say_its_own_name(tmp_path: Path) -> None:
    body = "  profiles: [standard]\n  divisions: [{key: main, name: 'A {tenant}'}]\n"
    owner, _ = expanded(tmp_path, body)
    assert [each.spec.key for each in owner.sections["division"]] == ["main"]
    main = entry(owner, "division", "main")
    assert (main.spec.name, main.spec.description) == ("A {tenant}", "main of acme")
    assert (main.origin.file, main.related[0].file) == ("t.yaml", "p.yaml")


def test_a_tenant_may_narrow_own_to_some_of_its_divisions(tmp_path: Path) -> None:
    body = (
        "  profiles: [standard]\n  clients: [{key: metrics, grants: [{role: reader, divisions: [main]}]}]\n"
    )
    owner, findings = expanded(tmp_path, body)
    assert findings == ()
    assert entry(owner, "client", "metrics").spec.grants[0].divisions == ("main",)


def test_a_tenant_may_give_a_ceiling_where_its_profile_gives_none(tmp_path: Path) -> None:
    body = "  profiles: [standard]\n  clients: [{key: metrics, confine: [main]}]\n"
    owner, findings = expanded(tmp_path, body)
    assert findings == ()
    spec = entry(owner, "client", "metrics").spec
    assert (spec.confine, spec.grants[0].divisions) == (("main",), "own")


def test_a_tenant_may_not_replace_a_ceiling_that_its_profile_gives(tmp_path: Path) -> None:
    body = "  profiles: [partner]\n  clients: [{key: pull, confine: [other]}]\n"
    pull = "{key: pull, confine: [main], grants: [], secret: {sink: local}}"
    partner = PROFILE.partition("spec:")[0].replace("standard", "partner") + f"spec:\n  clients: [{pull}]\n"
    owner, (finding,) = expanded(tmp_path, body, partner)
    assert (finding.rule, entry(owner, "client", "pull").spec.confine) == (
        "manifest/profile-override",
        ("main",),
    )


@pytest.mark.parametrize(
    "words",
    [
        "tokenSeconds: 900",
        "secret: {sink: local}",
        "grants: [{role: other, divisions: [main]}]",
        "scopes: [a]",
    ],
)
def test_a_tenant_may_not_widen_what_its_profile_gives(words: str, tmp_path: Path) -> None:
    owner, findings = expanded(
        tmp_path, f"  profiles: [standard]\n  clients:\n    - key: metrics\n      {words}\n"
    )
    (finding,) = findings
    assert finding.rule == "manifest/profile-override"
    assert finding.address == "acme/client/metrics"
    assert finding.location is not None
    assert (finding.location.file, finding.location.path[:3]) == ("t.yaml", ("spec", "clients", 0))
    assert [origin.file for origin in finding.related] == ["p.yaml"]
    assert [grant.role for grant in entry(owner, "client", "metrics").spec.grants] == ["reader"]


def test_without_drops_an_entry(tmp_path: Path) -> None:
    owner, findings = expanded(tmp_path, "  profiles: [standard]\n  without: [client/metrics]\n")
    assert (owner.sections["client"], findings) == ((), ())


def test_a_key_in_two_profiles_is_refused_with_both_places(tmp_path: Path) -> None:
    other = PROFILE.replace("standard", "other")
    _, findings = expanded(tmp_path, "  profiles: [standard, other]\n", other)
    assert {finding.rule for finding in findings} == {"manifest/profile-conflict"}
    assert [finding.address for finding in findings] == ["acme/division/main", "acme/client/metrics"]
    assert findings[0].location == MENTION._replace(path=("spec", "profiles", 1))
    assert [origin.file for origin in findings[0].related] == ["p.yaml", "m0.yaml"]


def test_without_settles_a_conflict(tmp_path: Path) -> None:
    body = "  profiles: [standard, other]\n  without: [division/main, client/metrics]\n"
    assert expanded(tmp_path, body, PROFILE.replace("standard", "other"))[1] == ()


def test_expanding_again_changes_nothing(tmp_path: Path) -> None:
    once, _ = expand(loaded(tmp_path, "  profiles: [standard]\n"), REGISTRY)
    twice, findings = expand(once, REGISTRY)
    assert twice is once
    assert findings == ()


def test_what_stays_the_same_is_the_same_object(tmp_path: Path) -> None:
    """Ten thousand tenants share one specification of what they have alike."""
    tenants = [TENANT.replace("acme", name) + "  profiles: [standard]\n" for name in ("beta", "gamma")]
    before = loaded(tmp_path, "  divisions: [{key: us, name: US}]\n", *tenants)
    after, _ = expand(before, REGISTRY)
    of = {owner.name: owner for owner in after.tenants}
    assert entry(of["beta"], "client", "metrics").spec is entry(of["gamma"], "client", "metrics").spec
    assert of["acme"] is next(owner for owner in before.tenants if owner.name == "acme")
