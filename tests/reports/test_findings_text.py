"""Mistakes as authors are told them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.finding import Finding, Severity
from reconciler.model.origin import Origin, Position
from reconciler.reports import findings_text, plain
from tests.reports.golden import check

FILE = "tenants/acme-retail.yaml"
HERE = Origin(FILE, 0, ("spec", "clients", 0, "divisionIds"))
MYTH = Finding(
    rule="myth/division-ids-on-client",
    severity=Severity.ERROR,
    message="unknown field `divisionIds` in a client",
    remedy="A client is confined by its grants. You probably mean:\n"
    "    grants:\n"
    "      - {role: queue-metrics, divisions: [us]}",
    location=HERE,
    hint="the organisation ignores or refuses it; it never confines a client",
)
TEXT = "      divisionIds: [ACME-US]"


def locate(origin: Origin) -> Position | None:
    return Position(FILE, 14, 7, TEXT, 11) if origin == HERE else None


def said(*findings: Finding, width: int = 80, text: str = "", column: int = 7) -> str:
    def place(origin: Origin) -> Position | None:
        return Position(origin.file, 14, column, text or TEXT, 11) if origin == HERE else None

    return plain(findings_text(findings, 4, place, width))


@pytest.mark.parametrize("width", [80, 120])
def test_a_mistake_reads_as_it_was_last_approved(width: int) -> None:
    """The line, a caret below the very place, a remedy to paste, the other place, and the count."""
    twice = Finding(
        rule="manifest/duplicate-key",
        severity=Severity.ERROR,
        message="client `metrics` is given by two profiles",
        remedy="drop one with `without: [client/metrics]`",
        location=Origin(FILE, 0, ("spec", "profiles")),
        related=(Origin("profiles/standard.yaml", 0, ("spec", "clients", 0)), HERE),
    )
    soon = Finding(
        "share/expiring", Severity.WARNING, "a share ends in 12 days", address="org/grant/wfm-team"
    )
    leak = replace(
        MYTH,
        rule="isolation/foreign-division",
        severity=Severity.CRITICAL,
        message="globex-metrics could use routing:queue:view in ACME-US: it is a division of acme-retail",
        witness=("globex-metrics", "Tenant Queue Metrics", "routing:queue:view", "ACME-US"),
        remedy="remove the grant",
    )
    text = plain(findings_text((MYTH, twice, soon, leak), 4, locate, width))
    check(f"tests/golden/reports/findings_{width}.txt", text)


def test_no_mistakes_say_what_was_looked_at_and_what_was_not() -> None:
    assert said() == "no mistakes in 4 files · the live organisation was not asked\n"


@pytest.mark.parametrize(
    ("findings", "last"),
    [
        ((MYTH,), "1 error in 4 files"),
        ((MYTH, MYTH, replace(MYTH, severity=Severity.WARNING)), "2 errors, 1 warning in 4 files"),
        ((MYTH, replace(MYTH, severity=Severity.CRITICAL)), "1 critical, 1 error in 4 files"),
    ],
    ids=["one", "several", "gravest-first"],
)
def test_the_last_line_counts(findings: tuple[Finding, ...], last: str) -> None:
    assert said(*findings).splitlines()[-1] == last


def test_a_line_that_may_hold_a_secret_is_not_repeated_by_any_finding_about_it() -> None:
    """The log of a pipeline would otherwise publish what the author only pasted."""
    secret = replace(MYTH, rule="manifest/secret", message="this looks like a secret")
    text = said(MYTH, secret, text="      divisionIds: hunter2-and-more", width=100)

    assert "hunter2" not in text
    assert text.count("may hold a secret") == 2


def test_the_caret_stands_below_its_place_in_a_long_line_of_wide_characters() -> None:
    text = "x" * 200 + "日本" * 10 + "divisionIds: [a]" + "y" * 200
    rows = said(MYTH, text=text, column=221).splitlines()
    line = next(row for row in rows if "divisionIds: [a]" in row)
    caret = rows[rows.index(line) + 1]

    from rich.cells import cell_len

    assert cell_len(line[: line.index("divisionIds")]) == caret.index("^")
    assert caret.count("^") == len("divisionIds")


def test_a_source_line_cannot_move_the_cursor() -> None:
    assert "\x1b" not in said(MYTH, text="      \x1b[2Jx: \u202e")


def test_a_thousand_mistakes_fold_but_are_counted() -> None:
    rows = said(*[MYTH] * 1000).splitlines()
    assert sum("divisionIds` in a client" in row for row in rows) == 50
    assert rows[-1] == "1,000 errors in 4 files"
    assert "… and 950 more (-o json lists each)" in rows
