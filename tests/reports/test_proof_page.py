"""The page of a proof says what the document says, in words that read as last approved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest

from reconciler.isolation.proving import Prover
from reconciler.model.finding import Bond, Link
from reconciler.model.proof import Proof, TenantProof, Verdict
from reconciler.reports.path_drawing import drawing
from reconciler.reports.proof_page import proof_page, said
from tests.isolation.organisations import boundaries, population
from tests.isolation.test_picture import of_size
from tests.reports.golden import check
from tests.support.counting import calls
from tests.support.pages import Shown, shown
from tests.support.reading import words


@pytest.fixture(params=("leaking", "broken", "nasty"))
def each(request: pytest.FixtureRequest) -> Shown:
    return shown(request.param)


def section(html: str, tenant: str) -> str:
    """The part of the page about one tenant."""
    (found,) = re.findall(
        rf'<section class="tenant" aria-labelledby="{tenant}">.*?</section>', html, re.DOTALL
    )
    return str(found)


def test_the_page_reads_as_last_approved() -> None:
    read = re.sub(r"\b[0-9a-f]{64}\b", "(SHA-256)", words(shown("leaking").html))
    check("tests/golden/reports/proof_page.txt", re.sub(r"T\d\d:\d\d:\d\dZ", "T14:00:00Z", read))


def test_whatever_is_counted_is_counted_alike_in_every_clothing(each: Shown) -> None:
    told, text = each.json, " ".join(each.text.split())
    size = "{grants:,} grants, {roles:,} roles, {divisions:,} divisions".format(**told["size"])
    assert size in words(each.html) and size in text
    assert f"{len(told['findings'])} findings." in words(each.html)
    for hashed in (told["read"]["snapshot"], told["catalogue"]):
        assert hashed in each.html
    for line in (*told["outside"], *told["gaps"]):
        assert " ".join(line.split()) in words(each.html)
    leaks = sum(tenant["verdict"] == "LEAK" for tenant in told["tenants"])
    assert f"{leaks} tenant" in words(each.html).splitlines()[-1]
    assert f"{leaks} leak" in each.text.splitlines()[-1]


def test_each_tenant_is_counted_alike_on_the_page_and_in_the_document(each: Shown) -> None:
    for tenant in each.json["tenants"]:
        html = section(each.html, f"tenant-{tenant['tenant']}")
        found = words(html)
        assert found.splitlines()[1].startswith(f"{tenant['verdict']} ")
        for number, noun in (
            (len(tenant["clients"]), "client"),
            (len(tenant["divisions"]), "division"),
            (sum(tenant["objects"].values()), "object"),
            (_exceptions(tenant), "exception"),
            (len(each.json["outside"]), "known limit"),
        ):
            assert f"{number} {noun}" in found, (tenant["tenant"], noun)
        assert html.count('<div class="leak">') == len(tenant["leaks"]) + len(tenant["intruders"])
        assert html.count("<small>its own") == len(tenant["clients"])
        assert html.count("<dt>App</dt>") == len(tenant["apps"])
        assert html.count("<dt>Confined</dt>") == len(tenant["confined"])
        assert all(" → ".join(app["witness"]) in found for app in tenant["apps"])


def _exceptions(tenant: dict[str, Any]) -> int:
    return len(tenant["excepted"]) + sum(bool(item["shares"]) for item in tenant["reachers"])


def test_who_reaches_a_tenant_is_shown_with_standing_and_the_operator_always_first(each: Shown) -> None:
    quiet = {"own people", "staff"}
    for tenant in each.json["tenants"]:
        table = section(each.html, f"tenant-{tenant['tenant']}").partition('<table class="reached">')[2]
        rows = [line for line in words(table).splitlines() if line.startswith("| ")][1:]
        assert "operator: keeps all this as declared" in rows[0]
        named = [item for item in tenant["reachers"] if item["standing"] not in {*quiet, "operator"}]
        groups = {item["standing"] for item in tenant["reachers"]} & quiet
        assert len(rows) == 1 + len(named) + len(groups)
        for item in named:
            for share in item["shares"]:
                assert share["owner"] in table and share["expires"] in table


def test_a_leak_is_drawn_from_its_witness(each: Shown) -> None:
    for tenant in each.json["tenants"]:
        drawn = re.findall(r'aria-label="who ([^"]*)"', section(each.html, f"tenant-{tenant['tenant']}"))
        assert len(drawn) == len(tenant["leaks"]) + len(tenant["intruders"])


def test_green_is_only_what_is_proved(each: Shown) -> None:
    for tenant in each.json["tenants"]:
        badge = re.findall(r'class="badge (\w+)"', section(each.html, f"tenant-{tenant['tenant']}"))
        assert badge == [tenant["verdict"].lower()]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_no_card_is_without_a_time_and_its_limits(verdict: Verdict) -> None:
    each = TenantProof("acme", ("w",), ("c",), 3, verdict, verdict)
    line = said(each, _proof((each,)))
    assert "2026-11-20 14:02 UTC, 0 exceptions, 2 known limits" in line
    assert line.startswith("isolated") == (verdict in (Verdict.PROVED, Verdict.EXCEPTED))
    assert ("proved" in line) == (verdict in (Verdict.PROVED, Verdict.EXCEPTED))


def test_a_path_tells_every_link_and_breaks_what_is_too_long() -> None:
    drawn = drawing(
        (
            Link(Bond.SUBJECT, "acme-metrics"),
            Link(Bond.BECOMES, "directory:user:edit in ACME: takes over any person there"),
            Link(Bond.GROUP, "Crew"),
            Link(Bond.ROLE, "W" * 300, "ACME"),
            Link(Bond.PATTERN, "routing:*:*"),
            Link(Bond.PERMISSION, "routing:queue:view", "GLOBEX"),
        )
    )
    labels = [station.label for station in drawn.stations]
    assert labels == [
        "who", "becomes", "member of", "granted in", "role", "allows", "permission", "reaches",
    ]  # fmt: skip
    assert [station.last for station in drawn.stations] == [False] * 7 + [True]
    rows = [row for station in drawn.stations for _, row in station.rows]
    assert max(map(len, rows)) <= 26 and rows[-1] == "GLOBEX"
    ys = [y for station in drawn.stations for y, _ in station.rows]
    assert ys == sorted(set(ys)) and ys[-1] < drawn.height
    assert drawn.said.endswith("permission routing:queue:view → reaches GLOBEX")


def test_the_page_and_the_work_for_it_grow_with_the_organisation_and_not_with_its_square() -> None:
    few, many = (_measured(number) for number in (20, 200))
    assert many[0] / few[0] <= 10.5, "bytes"
    assert many[1] / few[1] <= 10.5, "calls"


def _measured(number: int) -> tuple[int, int]:
    """Characters of the page, and function calls that drawing and writing it took."""
    org = of_size(number)
    prover = Prover(population(org), boundaries(org))
    proofs = tuple(prover.prove(sorted(set(org.owner.values()))))
    proof = _proof(proofs, tuple(reacher for reacher, _ in prover.everywhere()), population(org).subjects)
    pages: list[str] = []

    def write() -> None:
        pages.append(proof_page(proof, prover.picture(proofs), 0))

    write()
    return len(pages[0]), calls(write)


def _proof(
    tenants: tuple[TenantProof, ...], everywhere: tuple[Any, ...] = (), subjects: Iterable[str] = ("c",)
) -> Proof:
    return Proof(
        tool="reconciler",
        org_name="northwind",
        organization_id="6f1f",
        began="2026-11-20T14:02:11Z",
        ended="2026-11-20T14:02:13Z",
        snapshot="5" * 64,
        catalogue="c" * 64,
        tenants=tenants,
        everywhere=everywhere,
        intruders=(),
        outside=("reads", "conversations"),
        gaps=(),
        warnings=(),
        grants=1,
        roles=1,
        walls=1,
        subjects={each: each for each in subjects},
        names={},
    )
