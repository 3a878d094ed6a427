"""Asked about their use are programs that are on and old enough, and our own whatever its age."""

from __future__ import annotations

from datetime import date

import pytest

from reconciler.kinds import REGISTRY
from reconciler.model.state import LiveState, Reading
from reconciler.planning.usage import untried

TODAY = date(2026, 11, 20)
OLD, YOUNG = "2026-08-21T23:59:59.000Z", "2026-08-22T00:00:00.000Z"


def asked(made: str | None, operator: str = "", **said: str) -> tuple[str, ...]:
    kind = REGISTRY["client"]
    raw = {
        "id": "c",
        "name": "C",
        "authorizedGrantType": "CLIENT-CREDENTIALS",
        "accessTokenValiditySeconds": 3600,
    }
    item = kind.live({**raw, **said, **({} if made is None else {"dateCreated": made})})
    state = LiveState("id", "Org", {kind.name: Reading((item,))}, operator_id=operator)
    return untried(state, REGISTRY, TODAY)


@pytest.mark.parametrize(("made", "found"), [(OLD, ("c",)), (YOUNG, ()), (None, ())])
def test_only_who_could_be_unused_for_ninety_days_is_asked_about(
    made: str | None, found: tuple[str, ...]
) -> None:
    assert asked(made) == found


def test_who_is_off_is_not_asked_about() -> None:
    assert asked(OLD, state="inactive") == ()


def test_our_own_is_asked_about_whatever_its_age() -> None:
    assert asked(YOUNG, operator="c") == ("c",)
