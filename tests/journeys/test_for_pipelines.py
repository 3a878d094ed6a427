"""`-o github`, `-o sarif` and `-o junit`: what a pipeline shows at its line."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.journeys.test_drift_command import QUEUES, grant
from tests.journeys.world import World
from tests.reports.sarif_shape import SARIF

RECIPE = '{"authorizedGrantType": "CLIENT-CREDENTIALS", "divisionIds": ["a"]}'


@pytest.fixture
def world(world: World) -> World:
    """Northwind's manifests two directories below the top of a repository; commands run beside them."""
    top = world.place / "repository"
    (top / ".git").mkdir(parents=True)
    (top / "bpo").mkdir()
    world.root = world.root.rename(top / "bpo" / "manifests")
    world.patch.chdir(top / "bpo")
    return world


@pytest.fixture
def leaking(world: World) -> World:
    """Somebody gave a tenant's client a division of another tenant."""
    world.settle()
    grant(world, "globex-bank-metrics", QUEUES, "ACME-US")
    return world


def sarif(world: World, *words: str) -> list[dict[str, Any]]:
    log = world.run(*words, "-o", "sarif").json
    Draft202012Validator(SARIF).validate(log)
    return list(log["runs"][0]["results"])


def places(results: list[dict[str, Any]]) -> set[tuple[str, str, int]]:
    """Rule, file and line of each."""
    found = [(each["ruleId"], each["locations"][0]["physicalLocation"]) for each in results]
    return {(rule, at["artifactLocation"]["uri"], at["region"]["startLine"]) for rule, at in found}


def failing(world: World, *words: str) -> dict[str, str]:
    """Cases that did not pass, and as what."""
    suite = ET.fromstring(world.run(*words, "-o", "junit").out)
    cases = {case.get("name", ""): [each.tag for each in case] for case in suite.iter("testcase")}
    assert {"acme-retail", "globex-bank", "initech-saas"} <= cases.keys()
    return {name: tags[0] for name, tags in cases.items() if tags and tags != ["system-out"]}


def line(world: World, file: str, text: str) -> int:
    rows = (world.root / file).read_text("utf-8").splitlines()
    return next(number for number, row in enumerate(rows, 1) if text in row)


def test_a_mistake_is_annotated_where_the_repository_has_it(world: World) -> None:
    world.change("tenants/globex-bank.yaml", "clients:", "clintes:")
    ran = world.run("validate", "-o", "github")
    at = line(world, "tenants/globex-bank.yaml", "clintes:")
    start = (
        f"::error file=bpo/manifests/tenants/globex-bank.yaml,line={at},col=3,title=manifest/unknown-field::"
    )
    assert ran.code == 3 and ran.out.startswith(start), ran.out
    assert ran.out.splitlines()[-1].startswith("::notice title=reconciler validate::1 error in ")
    assert ("manifest/unknown-field", "bpo/manifests/tenants/globex-bank.yaml", at) in places(
        sarif(world, "validate")
    )


def test_nothing_wrong_is_a_passed_case_for_each_tenant_and_one_line(world: World) -> None:
    assert failing(world, "validate") == {} and sarif(world, "validate") == []
    assert world.run("validate", "-o", "github").out.count("\n") == 1


def test_drift_is_told_where_the_object_is_declared(leaking: World) -> None:
    file = "profiles.yaml"
    at = line(leaking, file, "key: metrics")
    found = places(sarif(leaking, "drift"))
    assert ("drift/changed", f"bpo/manifests/{file}", at) in found
    assert ("isolation/foreign-division", f"bpo/manifests/{file}", at) in found
    ran = leaking.run("drift", "-o", "github")
    assert ran.code == 8 and f"::error file=bpo/manifests/{file},line={at}," in ran.out, ran.out
    assert failing(leaking, "drift") == {"globex-bank": "failure"}


def test_a_proof_is_a_case_for_each_tenant_by_its_verdict(leaking: World) -> None:
    ran = leaking.run("prove", "-o", "junit")
    assert ran.code == 8
    found = failing(leaking, "prove")
    assert found["globex-bank"] == "failure" and "acme-retail" in found
    rules = {rule for rule, _, _ in places(sarif(leaking, "prove"))}
    assert "isolation/foreign-division" in rules


def test_before_anything_is_there_a_proof_is_skipped_and_not_green(world: World) -> None:
    names = ("acme-retail", "globex-bank", "initech-saas")
    assert failing(world, "prove") == dict.fromkeys(names, "skipped")


def test_what_a_plan_withholds_fails_and_says_at_its_line_how_it_is_released(world: World) -> None:
    world.settle()
    world.change("org.yaml", "gains: 200", "gains: 1")
    world.change("tenants/acme-retail.yaml", "divisions: [us]", "divisions: [us, ca]")
    ran = world.run("plan", "-o", "github")
    assert ran.code == 4 and "title=guard/gains::" in ran.out and "--allow gains=" in ran.out, ran.out
    assert failing(world, "plan") == {"acme-retail": "failure"}
    assert {rule for rule, _, _ in places(sarif(world, "plan"))} >= {"guard/gains"}


def test_whose_consent_is_asked_for_is_annotated(world: World) -> None:
    role, share = "wfm-adherence", "{reason: r, owner: o@example.org, expires: 2027-06-30}"
    world.settle()
    world.change(
        "tenants/acme-retail.yaml", "divisions: [us]}",
        f"divisions: [us]}}\n        - {{role: {role}, divisions: [globex-bank/main], share: {share}}}",
    )  # fmt: skip
    ran = world.run("plan", "-o", "github")
    assert "title=consent/cross-tenant::asks for consent to cross-tenant: acme-retail/" in ran.out, ran.out


def test_the_page_is_written_beside_whatever_is_printed(world: World) -> None:
    world.settle()
    world.change("tenants/acme-retail.yaml", "divisions: [us]", "divisions: [us, ca]")
    ran = world.run("plan", "-o", "markdown", "--page", "plan.html")
    html = (world.root.parent / "plan.html").read_text("utf-8")
    digest = ran.out.split("sha256:")[1][:64]
    assert html.startswith("<!doctype html>") and f"--approved sha256:{digest}" in html.replace("<wbr>", "")
    assert "profiles.yaml" not in ran.err and "page written to plan.html" in ran.err
    ran = world.run("plan", "--page", "no/such/place.html")
    assert ran.code == 1 and "choose another --page" in ran.err


def test_wrong_recipes_are_a_case_for_each_rule(world: World) -> None:
    world.write("../app.json", RECIPE)
    suite = ET.fromstring(world.run("lint", "app.json", "-o", "junit").out)
    failed = [case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None]
    assert len(failed) == 1 and len(list(suite.iter("testcase"))) > 5
    assert {file for _, file, _ in places(sarif(world, "lint", "app.json"))} == {"bpo/app.json"}
