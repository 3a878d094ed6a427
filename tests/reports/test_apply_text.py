"""An apply as people read it."""

from __future__ import annotations

import pytest

from reconciler.model.address import Address
from reconciler.model.outcome import ApplyReport, Outcome, Requests
from reconciler.reports import apply_text, plain
from tests.reports.golden import check

WENT_WELL = (
    Outcome(Address("acme-retail", "division", "ca"), "create", "done", requests=2, seconds=0.2),
    Outcome(Address("org", "role", "queue-metrics"), "update", "done", requests=2, seconds=0.2),
    Outcome(
        Address("acme-retail", "client", "metrics"),
        "create",
        "done",
        requests=6,
        seconds=12.4,
        note="secret delivered to vault bpo/acme-retail/metrics, proven by a token",
    ),
)
WENT_BADLY = (
    WENT_WELL[0],
    Outcome(
        Address("acme-retail", "client", "metrics"),
        "create",
        "failed",
        error="the sink `vault` refused bpo/acme-retail/metrics: permission denied (403)\n"
        "  give its token the capability `update` on kv/data/bpo/*",
        seconds=1.1,
    ),
    Outcome(
        Address("acme-retail", "grant", "team"),
        "update",
        "skipped",
        error="acme-retail/client/metrics failed",
    ),
    Outcome(
        Address("globex-bank", "a-very-long-kind-of-thing", "with-a-very-long-key-indeed"),
        "revoke",
        "unconfirmed",
        error="it was not seen within 120 s",
        seconds=120.0,
    ),
)


def report(outcomes: tuple[Outcome, ...] = (), **more: object) -> ApplyReport:
    values = {
        "run_id": "2026-11-20T14:02:25Z-7f3",
        "outcomes": outcomes,
        "unchanged": 9,
        "withheld": 0,
        "requests": Requests(21, 6, 0),
        "verified_at": "2026-11-20T14:02:38Z",
        "digest": "0" * 64,
    }
    return ApplyReport(**(values | more))  # type: ignore[arg-type]  # a test's own words


STORIES = {
    "well": report(WENT_WELL, withheld=1),
    "badly": report(WENT_BADLY, verified_at=""),
    "interrupted": report(WENT_WELL[:1], interrupted=True, verified_at=""),
}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", STORIES)
def test_an_apply_reads_as_it_was_last_approved(name: str, width: int) -> None:
    text = plain(apply_text(STORIES[name], "northwind", width))
    check(f"tests/golden/reports/apply_{name}_{width}.txt", text)


def test_nothing_to_do_is_one_line_with_its_scope_and_its_time() -> None:
    quiet = report(requests=Requests(9, 0, 0), verified_at="2026-11-20T14:03:02Z")
    assert plain(apply_text(quiet, "northwind")) == (
        "nothing to do · northwind · 9 requests, 0 writes · verified 14:03:02\n"
    )


def test_the_last_line_tells_every_result_that_happened() -> None:
    assert apply_text(report(WENT_BADLY, withheld=2), "northwind")[-1].text == (
        "applied: 1 created, 0 updated, 1 failed, 1 skipped, 1 unconfirmed, 2 withheld"
        " · verified 14:02:38 · run 2026-11-20T14:02:25Z-7f3"
    )


def test_what_was_withheld_is_not_nothing_to_do() -> None:
    last = apply_text(report(withheld=1), "northwind")[-1].text
    assert last.startswith("applied: 0 created, 0 updated, 0 failed, 1 withheld")
