"""What people are told about a failure: what happened, where, what to do."""

from __future__ import annotations

import pytest

from reconciler.engine.words import failure, words
from reconciler.errors import OrgError, Refused, Rejected, SinkError, Unavailable
from reconciler.model.address import Address
from reconciler.model.plan import Operation
from tests.engine.world import ORG

ADDRESS = Address("acme", "client", "metrics")


def operation(method: str, nonce: str | None = None) -> Operation:
    marked = {"$marked": "", "address": str(ADDRESS), "nonce": nonce}
    return Operation("o", ADDRESS, "request", method, "/x", {"description": marked})


def test_the_remedy_and_the_id_to_quote_follow_what_happened() -> None:
    assert words(SinkError("the disk is full", remedy="make room")) == "the disk is full; make room"
    assert words(OrgError("no", correlation="c-1")) == "no (correlation id c-1)"
    assert words(OrgError("no (c-1)", correlation="c-1")) == "no (c-1)"


@pytest.mark.parametrize("error", [Rejected("no", status=400), Refused("no", status=403)])
def test_a_refused_birth_names_the_setting_that_may_help(error: OrgError) -> None:
    told = failure(operation("POST", "new"), error, ORG)
    assert "inactive-granted or active-grantless (now inactive-grantless)" in told
    assert failure(operation("PUT"), error, ORG) == "no"
    assert failure(operation("POST"), error, ORG) == "no"


def test_a_conflict_at_birth_is_no_matter_of_settings() -> None:
    assert failure(operation("POST", "new"), Rejected("no", status=409), ORG) == "no"


@pytest.mark.parametrize("sent", [True, False])
def test_only_a_post_that_may_have_arrived_is_in_doubt(sent: bool) -> None:
    lost = Unavailable("no answer", sent=sent)
    assert ("may or may not" in failure(operation("POST"), lost, ORG)) == sent
    assert failure(operation("PUT"), lost, ORG) == "no answer"
