"""What a probe asks for is what the vendor's API definition says: permission, path, single object, pages."""

from __future__ import annotations

import pytest

from reconciler.genesys.calls import TOKEN_RETURN
from reconciler.isolation.wildcards import covers
from reconciler.model.sight import OPEN, SIGHTS, Sight
from reconciler.simulator.contract import Operation, find


def operation(path: str) -> Operation:
    found, _, _ = find("GET", path)
    assert found, path
    return found


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda each: each.permission)
def test_a_list_takes_the_permission_that_we_say(sight: Sight) -> None:
    listed = operation(sight.path)
    assert "pageNumber" in listed.query or not sight.paged
    if sight.opened:
        assert listed.mode == "NONE"  # cut inside, to what opens one of them
    else:
        assert sight.permission in listed.permissions and len(listed.permissions) == 1


@pytest.mark.parametrize("sight", [each for each in SIGHTS if each.single], ids=lambda each: each.permission)
def test_one_object_takes_it_too_or_what_we_say_opens_it(sight: Sight) -> None:
    wanted = operation(sight.single.format(id="x")).permissions
    assert sight.permission in wanted
    said = (sight.permission, *sight.opened)
    assert [each for each in wanted if not any(covers(pattern, each) for pattern in said)] == []


def test_what_is_counted_needs_no_permission() -> None:
    assert {operation(path).mode for path in OPEN.values()} == {"NONE"}


def test_a_token_is_given_back_by_an_operation_there_is() -> None:
    found, _, _ = find(*TOKEN_RETURN)
    assert found and found.id == "delete_tokens_me"
