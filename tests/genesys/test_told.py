"""What headers tell beside an answer: the limit and the vendor's clock, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.genesys.told import told
from reconciler.model.checkup import Told
from tests.support.org import connect, simulated

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DATE = "Fri, 20 Nov 2026 12:00:00 GMT"


def test_headers_become_values() -> None:
    headers = {"inin-ratelimit-allowed": "300", "inin-ratelimit-count": "7", "date": DATE}
    assert told(headers, NOON) == Told(300, 7, NOON, NOON)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"date": "yesterday"},
        {"date": "Fri, 99 Nov 2026 12:00:00 GMT"},
        {"date": "Fri, 31 Dec 9999 23:59:59 -2300"},
        {"inin-ratelimit-allowed": "-1", "inin-ratelimit-count": "many"},
        {"inin-ratelimit-allowed": "٣", "inin-ratelimit-count": "9" * 5000},
    ],
    ids=["none", "no-date", "no-such-day", "out-of-range", "no-number", "odd-digits"],
)
def test_what_is_not_said_is_not_made_up(headers: dict[str, str]) -> None:
    assert told(headers, NOON) == Told(at=NOON)


@given(st.dictionaries(st.sampled_from(["date", "inin-ratelimit-allowed"]), st.text()))
def test_no_header_breaks_a_run(headers: dict[str, str]) -> None:
    assert told(headers, NOON).at == NOON


async def test_the_last_answer_of_the_api_counts_and_the_login_does_not() -> None:
    """The login server would say how much somebody without a token has used."""
    async with connect(simulated()) as api:
        assert api.told == Told()
        await api.read("/api/v2/organizations/me")
        await api.read("/api/v2/tokens/me")
        assert (api.told.allowed, api.told.used) == (300, 2)
