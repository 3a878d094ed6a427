"""A statement tells one tenant who reaches its data, and nothing of who the others are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reconciler.model.access import Share
from reconciler.model.finding import Bond, Finding, Link, Severity
from reconciler.model.proof import Excepted, Proof, Reacher, Standing, TenantProof, Verdict
from reconciler.reports.lines import plain
from reconciler.reports.statement import statement
from reconciler.reports.statement_text import statement_markdown, statement_text
from tests.journeys.world import World
from tests.reports.golden import check
from tests.support.pages import Shown, shown
from tests.support.reading import words

SHARE = Share("central planning", "wfm@northwind.example", "2027-06-30")
SHOWN = ("leaking", "broken")


def strangers(seen: Shown, tenant: str) -> set[str]:
    """Everything in the organisation that has a name and is not this tenant's."""
    (own,) = (each for each in seen.json["tenants"] if each["tenant"] == tenant)
    mine = {wall["id"] for wall in own["divisions"]}
    marked = f"/{tenant}/"
    sections = ("divisions", "clients", "groups", "users", "queues", "roles")
    rows = [row for section in sections for row in seen.state[section] if not row.get("default")]
    others = {
        row["name"] for row in rows if row["id"] not in mine and marked not in (row.get("description") or "")
    }
    others |= {each["tenant"] for each in seen.json["tenants"]} - {tenant}
    return others - {wall["name"] for wall in own["divisions"]}


@pytest.mark.parametrize("name", SHOWN)
def test_a_statement_names_nothing_that_is_not_the_tenants(name: str) -> None:
    seen = shown(name)
    for tenant, clothes in seen.statements.items():
        for form, said in clothes.items():
            text = " ".join((words(said) if form == "html" else said).replace("\\", "").split())
            named = {each for each in strangers(seen, tenant) if _names(each, text)}
            assert named == set(), (tenant, form)


def _names(name: str, text: str) -> bool:
    pattern = rf"(?<!\w){re.escape(' '.join(name.split()))}(?!\w)"
    return bool(re.search(pattern, text, re.IGNORECASE))


def test_the_names_that_must_not_be_told_are_told_by_the_page_for_the_operator() -> None:
    """What is looked for is there to be found."""
    seen = shown("broken")
    page = words(seen.html)
    for tenant in seen.statements:
        assert len([name for name in strangers(seen, tenant) if _names(name, page)]) > 10


def test_a_leak_is_told_to_both_and_names_neither_to_the_other() -> None:
    said = shown("leaking").statements
    theirs, ours = said["acme-retail"]["markdown"], said["globex-bank"]["markdown"]
    permission = "analytics:conversationAggregate:view"
    assert f"Another customer's program can use {permission} in ACME-US" in theirs
    assert f"globex-bank/client/metrics can use {permission} in a division that is not yours" in ours
    assert "could be reached by somebody who should not" in theirs
    assert "could reach what they may not" in ours and "reachable only by those listed here" in ours


@pytest.mark.parametrize("name", SHOWN)
def test_every_clothing_of_a_statement_says_the_same(name: str) -> None:
    for clothes in shown(name).statements.values():
        lines = [line[2:] for line in clothes["markdown"].splitlines() if line.startswith("- ")]
        page, text = words(clothes["html"]), " ".join(clothes["text"].split())
        assert len(lines) > 5
        for line in lines:
            assert line.replace("\\", "") in page and line.replace("\\", "") in text


def test_a_statement_reads_as_last_approved() -> None:
    read = re.sub(r"\b[0-9a-f]{64}\b", "(SHA-256)", shown("leaking").statements["acme-retail"]["markdown"])
    check("tests/golden/reports/statement.md", re.sub(r"T\d\d:\d\d:\d\dZ", "T14:00:00Z", read))


def test_what_somebody_wrote_into_a_share_is_told_without_the_name_of_another(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    file = "tenants/initech-saas.yaml"
    world.change(
        file, "our supervisors help out", "as at globex-bank and Globex and GLOBEX; globexes are not"
    )
    world.settle()
    ran = world.run("statement", "initech-saas", "-o", "markdown")
    reason = "as at another customer and another customer and another customer; globexes are not"
    assert reason in ran.out, ran.out + ran.err
    assert "globex-bank and Globex" in world.run("prove").out.replace("\n", " ").replace("  ", "")


@pytest.fixture
def make_world(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., World]:
    return lambda **given: World(tmp_path, monkeypatch, **given)


def test_the_exit_code_is_about_this_tenant_alone(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.settle()
    assert [world.wrote("statement", tenant)[0].code for tenant in ("acme-retail", "globex-bank")] == [0, 0]
    where = world.row("divisions", "GLOBEX")["id"]
    role = world.row("roles", "Tenant Queue Metrics")["id"]
    body = {"name": "stray", "authorizedGrantType": "CLIENT-CREDENTIALS",
            "roleDivisions": [{"roleId": role, "divisionId": where}]}  # fmt: skip
    world.drift("POST", "oauth/clients", body)
    assert [world.wrote("statement", tenant)[0].code for tenant in ("acme-retail", "globex-bank")] == [0, 8]
    ran, writes = world.wrote("statement", "globex")
    assert (ran.code, writes) == (1, []) and "did you mean `globex-bank`?" in ran.err


def made(**fields: Any) -> Proof:
    each = TenantProof("acme", ("a1",), ("c1",), 1, Verdict.PROVED, Verdict.PROVED)
    other = TenantProof("globex-bank", ("g1",), ("c2",), 1, Verdict.PROVED, Verdict.PROVED)
    subjects = {"c1": "acme/client/metrics", "c2": "globex-bank/client/sync", "c3": "org/client/auditor",
                "g": "group:Globex Planners", "u": "user:Ann", "x": "client:stray"}  # fmt: skip
    own = {name: fields.pop(name) for name in list(fields) if name in TenantProof.__dataclass_fields__}
    proof = Proof(
        "reconciler", "northwind", "6f", "2026-11-20T14:02:11Z", "2026-11-20T14:02:13Z", "5" * 64, "c" * 64,
        (replace(each, **own), other), (), (), ("conversations",), (), (), 1, 1, 1, subjects,
        {"a1": "ACME", "g1": "GLOBEX MAIN", "c1": "acme-metrics", "c2": "GBX Sync"},
    )  # fmt: skip
    return replace(proof, **fields)


def told(proof: Proof) -> str:
    said = statement(proof, "acme")
    return f"{said.lead}\n" + "".join(f"{line}\n" for part in said.parts for line in part.lines)


def reacher(subject: str, standing: Standing, *shares: Share, place: str = "a1") -> Reacher:
    return Reacher(subject, standing, ("r",), (place,), 2, shares)


def test_it_says_isolated_only_of_what_is_proved_and_never_without_its_limits() -> None:
    for verdict in Verdict:
        said = statement(made(reached_by=verdict), "acme")
        assert ("only by those listed here" in said.lead) == (verdict in (Verdict.PROVED, Verdict.EXCEPTED))
        assert said.lead.startswith("On 2026-11-20 at 14:02 UTC, ")
        assert said.parts[-1].lines == ("Conversations.",) and "5" * 64 in said.source


def test_shared_services_are_told_by_what_is_declared_and_never_by_name() -> None:
    reachers = (
        reacher("g", Standing.DECLARED, SHARE),
        reacher("c2", Standing.DECLARED, SHARE),
        reacher("u", Standing.DECLARED, SHARE),
        reacher("x", Standing.EXCEPTED, SHARE),
        reacher("c3", Standing.ORGANISATION),
    )
    text = told(made(reachers=reachers))
    why = "2 permissions in ACME: central planning, wfm@northwind.example, until 2027-06-30."
    for who in ("A group of ours", "Another customer's program", "Another customer's person",
                "A program that we except for a while"):  # fmt: skip
        assert f"{who}, {why}" in text
    assert "Programs of ours that are declared: 1." in text
    for name in ("Globex", "GBX", "user:", "stray", "auditor"):
        assert name.casefold() not in text.casefold()


def test_a_leak_into_somebody_elses_division_says_where_without_a_name() -> None:
    path = (Link(Bond.SUBJECT, "acme-metrics"), Link(Bond.PERMISSION, "routing:queue:view", "GLOBEX MAIN"))
    leak = Finding(
        "isolation/foreign-division", Severity.CRITICAL, "", address="acme/client/metrics", path=path
    )
    text = told(made(reaches=Verdict.LEAK, leaks=(leak,)))
    assert "acme/client/metrics can use routing:queue:view in a division that is not yours." in text
    excepted = (Excepted("c1", ("routing:queue:view",), "g1", "r", SHARE),)
    text = told(made(excepted=excepted))
    assert "acme/client/metrics uses 1 permission in a division that is not yours: central planning" in text


def test_whoever_reaches_every_tenant_is_counted_once_and_not_among_the_others() -> None:
    text = told(made(
        reachers=(reacher("u", Standing.STAFF),),
        everywhere=(reacher("u", Standing.STAFF, place="*"), reacher("c1", Standing.FOREIGN, place="*")),
    ))  # fmt: skip
    assert text.count("Our staff: 1 person.") == 1
    assert "reachable only" in text


def test_what_was_not_seen_is_told_by_its_number() -> None:
    text = told(
        made(reached_by=Verdict.UNKNOWN, gaps=("GBX Sync reads differently", "more"), reasons=("more",))
    )
    assert "2 things that we would have had to see: ask us which." in text
    assert "We cannot state that nobody else could reach your data." in text and "GBX" not in text


def test_no_name_becomes_markup_in_markdown() -> None:
    share = Share("[x](http://a.example) <b>&lt;", "*sec*@x.example", "2027-06-30")
    said = statement(made(reachers=(reacher("g", Standing.DECLARED, share),)), "acme")
    text = statement_markdown(said)
    assert r"\[x\](http:\//a.example) \<b\>\&lt;" in text and r"\*sec\*@<!-- -->x.example" in text
    assert "[x](http://a.example) <b>&lt;" in " ".join(plain(statement_text(said, 80)).split())
