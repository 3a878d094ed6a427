"""`access diff` says who gained and who lost access between two dates, the gravest first."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.journeys.test_drift_command import QUEUES, grant, put
from tests.journeys.world import World

METRICS = "globex-bank/client/metrics"


def save(world: World, name: str, *arguments: str) -> Path:
    """The matrix of now, in a file."""
    path = world.place / name
    path.write_text(world.run("access", "matrix", "-o", "json", *arguments).out, "utf-8")
    return path


def everywhere(world: World, client: str, role: str) -> None:
    subject, held = world.row("clients", client)["id"], world.row("roles", role)["id"]
    path = f"authorization/subjects/{subject}/bulkadd?subjectType=PC_OAUTH_CLIENT"
    world.drift("POST", path, {"grants": [{"roleId": held, "divisionId": "*"}]})


@pytest.fixture
def two(settled: World) -> World:
    """A file before and one after a colleague's busy day; then nobody is signed in any more."""
    save(settled, "before.json")
    grant(settled, "globex-bank-metrics", QUEUES, "ACME-US")
    grant(settled, "globex-bank-metrics", QUEUES, "Home")
    grant(settled, "globex-bank-metrics", "Org Auditor", "GLOBEX")
    everywhere(settled, "initech-saas-metrics", QUEUES)
    put(settled, "globex-archive", roleDivisions=[])
    save(settled, "after.json")
    settled.sign_in("", "")
    return settled


def document(world: World, *arguments: str) -> dict[str, Any]:
    ran = world.run("access", "diff", *arguments, "-o", "json")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = ran.json
    Draft202012Validator(json.loads(world.run("schema", "access-diff").out)).validate(found)
    return found


def test_the_gravest_comes_first_and_in_words(two: World) -> None:
    ran, asked = two.counted("access", "diff", "before.json", "after.json")
    assert (ran.code, asked, ran.err) == (0, [], "")
    said = " ".join(ran.out.split())
    heads = [line for line in ran.out.splitlines()[1:] if not line.startswith((" ", "access diff"))]
    assert heads == ["Across a tenant's wall", "In every division", "In Home",
                     "In the whole organisation", "Within walls"]  # fmt: skip
    assert f"▲ {METRICS} can now view queues" in said and "in ACME-US, behind the wall of acme-retail" in said
    assert "▼ globex-bank/client/archive can no longer view" in said
    assert ran.out.splitlines()[-1].endswith("4 gained across a tenant's wall")


def test_the_document_tells_foreign_from_own(two: World) -> None:
    found = document(two, "before.json", "after.json")
    risks = {(row["risk"], row["subject"], row["place"]) for row in found["gained"]}
    assert risks == {
        ("wall", METRICS, "ACME-US"),
        ("everywhere", "initech-saas/client/metrics", "*"),
        ("home", METRICS, "Home"),
        ("org-wide", METRICS, "org-wide"),
    }
    assert {(row["risk"], row["subject"]) for row in found["lost"]} == {
        ("within", "globex-bank/client/archive")
    }
    assert {row["placeOwner"] for row in found["gained"] if row["risk"] == "wall"} == {"acme-retail"}
    order = [row["risk"] for row in found["gained"]]
    assert order == sorted(order, key=["wall", "everywhere", "home", "org-wide"].index)


def test_the_table_has_every_row_and_runs_nothing(two: World) -> None:
    for name in ("before.json", "after.json"):
        path = two.place / name
        path.write_text(path.read_text("utf-8").replace(f'"{QUEUES}"', '"=cmd"'), "utf-8")
    rows = list(
        csv.DictReader(io.StringIO(two.run("access", "diff", "before.json", "after.json", "-o", "csv").out))
    )
    found = document(two, "before.json", "after.json")
    assert [row["change"] for row in rows] == ["gained"] * len(found["gained"]) + ["lost"] * len(
        found["lost"]
    )
    assert "'=cmd" in {row["role"] for row in rows}


def test_back_and_forth_are_mirrors_and_a_file_differs_not_from_itself(two: World) -> None:
    there, back = document(two, "before.json", "after.json"), document(two, "after.json", "before.json")
    assert sorted(map(str, there["gained"])) == sorted(map(str, back["lost"]))
    assert sorted(map(str, there["lost"])) == sorted(map(str, back["gained"]))
    ran = two.run("access", "diff", "after.json", "after.json")
    assert ran.code == 0 and "nobody gained or lost access" in ran.out


def test_one_file_is_compared_with_what_is_so_now(settled: World) -> None:
    save(settled, "before.json")
    assert "nobody gained or lost access" in settled.run("access", "diff", "before.json").out
    grant(settled, "globex-bank-metrics", QUEUES, "ACME-US")
    ran, writes = settled.wrote("access", "diff", "before.json")
    assert (ran.code, writes) == (0, []) and "behind the wall of acme-retail" in " ".join(ran.out.split())
    save(settled, "planned.json", "--of", "planned")
    assert "nobody gained or lost access" in settled.run("access", "diff", "planned.json").out


def test_access_by_another_grant_is_no_difference(settled: World) -> None:
    everywhere(settled, "globex-bank-metrics", QUEUES)
    save(settled, "before.json")
    put(
        settled,
        "globex-bank-metrics",
        roleDivisions=[{"roleId": settled.row("roles", QUEUES)["id"], "divisionId": "*"}],
    )
    assert "nobody gained or lost access" in settled.run("access", "diff", "before.json").out


def test_what_was_not_seen_may_not_be_gone(two: World) -> None:
    path = two.place / "after.json"
    found = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**found, "gaps": ["members of group x: may not be read"]}), "utf-8")
    ran = two.run("access", "diff", "before.json", "after.json")
    assert ran.code == 7 and "members of group x: may not be read" in ran.err and "Across" in ran.out


def _without(name: str) -> Any:
    def cut(text: str) -> str:
        found = json.loads(text)
        del found["access"][2][name]
        return json.dumps(found)

    return cut


def _with(**fields: Any) -> Any:
    return lambda text: json.dumps({**json.loads(text), **fields})


BAD = {
    "cut short": (lambda text: text[: len(text) // 2], "is not JSON, or was cut short"),
    "empty": (lambda text: "", "is not JSON"),
    "a list": (lambda text: "[]", "has formatVersion None"),
    "deep": (lambda text: "[" * 100_000, "is not JSON"),
    "another document": (lambda text: '{"formatVersion": "1", "changes": []}', "at state, Field required"),
    "another version": (_with(formatVersion="2"), "has formatVersion '2', this version reads '1'"),
    "no id of a subject": (_without("subjectId"), "at access/2, there is no `subjectId`"),
    "a number for a name": (_with(access=[{"subject": 3}]), "at access/0/subject"),
    "no end": (_with(read={"from": "2026-11-20"}), "at read, there is no `until`"),
    "one question": (_with(asked={"permission": "a:b:c"}), "answers one question"),
    "another organisation": (_with(org={"name": "other", "id": "9"}), "two organisations"),
    "another state": (_with(state="desired"), "compare two of one state"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_matrix_of_this_organisation_is_refused_in_words(two: World, case: str) -> None:
    change, said = BAD[case]
    (two.place / "bad.json").write_text(change((two.place / "after.json").read_text("utf-8")), "utf-8")
    ran = two.run("access", "diff", "before.json", "bad.json")
    assert (ran.code, ran.out) == (1, "") and "bad.json" in ran.err
    assert said in " ".join(ran.err.split()) and "Traceback" not in ran.err


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(settled: World, content: bytes | None) -> None:
    if content is not None:
        (settled.place / "bad.json").write_bytes(content)
    ran = settled.run("access", "diff", "bad.json", "bad.json")
    assert (ran.code, ran.out) == (1, "") and "cannot read bad.json" in ran.err
