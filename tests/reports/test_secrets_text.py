"""How secrets stand, and what a rotation is about to do, as people read it; the document keeps its schema."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from reconciler.model.address import Address, Selector
from reconciler.model.manifest import Org
from reconciler.model.origin import Origin
from reconciler.model.rotation import Standing, State, Upkeep, Use
from reconciler.model.secret import Destination, Held
from reconciler.planning.rotation.choose import Asked, Uses, chosen, concerned
from reconciler.reports import dumps, plain, schema
from reconciler.reports.secrets_json import secrets_document
from reconciler.reports.secrets_text import rotation_text, status_text
from tests.reports.golden import check
from tests.support.build import uid

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
READ = "2026-11-20T14:00:00Z"
ORG = Org("northwind", "us-east-1", uid(1), "nw-reconciler", Origin("org.yaml"))


def standing(
    number: int,
    key: str,
    state: State,
    said: str = "",
    age: int | None = None,
    due: date | None = None,
    *,
    overlap: bool = False,
    successor: str = "",
    ours: bool = True,
) -> Standing:
    issued = datetime(2026, 8, 1, tzinfo=UTC)
    held = Held(successor or uid(number), f"acme-retail/client/{key}", "", issued, "3")
    return Standing(
        Address("acme-retail", "client", key),
        Upkeep(not ours, 90 if due else None, "overlap" if overlap else "in-place"),
        Destination("vault", f"bpo/acme-retail/{key}") if ours else None,
        "" if state == "not-applied" else uid(number),
        successor,
        None if age is None else held,
        *(age, due, state, said),
    )


FOUND = (
    standing(2, "adherence", "ok", age=12, due=date(2027, 2, 6)),
    standing(
        3,
        "archive",
        "overlap",
        "client b has taken over, a has not retired",
        8,
        overlap=True,
        successor=uid(13),
    ),
    standing(4, "desk", "external", "somebody else keeps it", ours=False),
    standing(5, "metrics", "due", "`reconciler secrets rotate --due` rotates it", 111, date(2026, 10, 30)),
    standing(6, "new", "not-applied", "declared, not in the organisation"),
    standing(
        7, "pull", "undelivered", "a new secret never arrived: `reconciler secrets recover` delivers another"
    ),
    standing(8, "reports", "due", "rotate", 111, date(2026, 10, 30), overlap=True),
    standing(9, "rooms", "unknown", "the vault is sealed"),
    standing(10, "stats", "other-client", "the place holds the secret of client 0c"),
    standing(11, "tasks", "missing", "nothing is there, ...", overlap=True, successor=uid(14)),
    standing(12, "voice", "unknown", "the vault is sealed", overlap=True, successor=uid(15)),
)
USES = Uses(
    {
        uid(5): Use(1204, 96, "2026-11-19"),
        uid(8): Use(0, 0, ""),
        uid(3): Use(7, 0, "2026-11-10"),
        uid(14): Use(12, 12, "2026-11-20"),
    },
    counted=True,
)


@pytest.mark.parametrize("width", [80, 120])
def test_the_status_reads_well(width: int) -> None:
    lines = status_text(FOUND, READ, width)
    check(f"tests/golden/reports/secrets-{width}.txt", plain(lines))
    assert all(cell_len(line.text) <= width for line in lines[:-1])


@pytest.mark.parametrize(
    ("asked", "only"),
    [
        (Asked(due=True), ""),
        (Asked(retire=True), ""),
        (Asked(retire=True), "acme-retail/client/voice"),
        (Asked(), ""),
    ],
    ids=["due", "retire", "vouched", "all"],
)
def test_what_is_about_to_happen_reads_well(asked: Asked, only: str, request: pytest.FixtureRequest) -> None:
    found = concerned(FOUND, asked, (Selector.parse(only),) if only else ())
    moves = chosen(found.meant, asked, USES, NOW)
    name = request.node.callspec.id
    check(f"tests/golden/reports/rotation-{name}.txt", plain(rotation_text(found, moves, USES, NOW)))


def test_where_nothing_is_counted_nobody_is_called_unused() -> None:
    found = concerned(FOUND, Asked(due=True))
    uses = Uses(USES.by_client, counted=False)
    said = plain(rotation_text(found, chosen(found.meant, found.asked, uses, NOW), uses, NOW))
    assert "no call" not in said and " ".join(said.split()).count("the organisation does not say") == 4


def test_nothing_due_says_what_comes_next() -> None:
    found = concerned(FOUND[:1], Asked(due=True))
    said = plain(rotation_text(found, {}, USES, NOW))
    assert said == "no secret is due · the next is acme-retail/client/adherence on 2027-02-06\n\n"


def test_the_document_keeps_its_schema() -> None:
    document = json.loads(dumps(secrets_document(FOUND, ORG, READ)))
    Draft202012Validator(schema("secrets")).validate(document)
    assert document["summary"]["due"] == 2
    assert [item["clientId"] is None for item in document["secrets"]] == [item.client == "" for item in FOUND]
