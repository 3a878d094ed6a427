"""What is asked about objects is what the vendor's API definition says: permission, path, object, pages."""

from __future__ import annotations

import pytest

from reconciler.genesys.calls import TOKEN_RETURN
from reconciler.isolation.wildcards import covers
from reconciler.model.shelves import DELETED, GROUPS, RESULT, SHELVES, USAGE, Inside, Shelf
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


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda each: each.sort)
def test_of_several_lists_of_a_sort_the_one_that_shows_objects_whole_is_read(shelf: Shelf) -> None:
    assert f"{shelf.sort}s" == shelf.sight.type
    assert shelf.sight.permission.endswith(":view") and not shelf.sight.path.endswith("/divisionviews")


@pytest.mark.parametrize(
    "inside", [each.inside for each in SHELVES if each.inside], ids=lambda each: each.path
)
def test_who_is_inside_is_read_by_page_where_there_are_pages(inside: Inside) -> None:
    listed = operation(inside.path.format(id="x"))
    assert ("pageNumber" in listed.query) == inside.paged


def test_what_is_read_beside_objects_is_there() -> None:
    assert operation(GROUPS).mode == "NONE"
    assert operation(DELETED).permissions == ["authorization:divisionDeleted:view"]
    assert "days" in operation(USAGE.format(id="x")).query
    assert (
        operation(RESULT.format(id="x", query="y")).permissions == operation(USAGE.format(id="x")).permissions
    )
