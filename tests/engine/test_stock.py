"""Looking at objects goes on where one thing is refused and says so; it stops where nobody is let in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from reconciler.engine.examine import PERMITTED
from reconciler.engine.stock import PAGE, look
from reconciler.errors import Refused, Rejected
from reconciler.model.shelves import GROUPS, SHELVES
from reconciler.model.stock import Person, Stock
from reconciler.model.value import Json
from reconciler.ports import Listing
from tests.support.clock import START

QUEUES = SHELVES[0].sight.path
MEMBERS = f"{QUEUES}/q/members"
USAGE, OURS = "/api/v2/oauth/clients/c/usage", "/api/v2/oauth/clients/us/usage"
BEGUN = {"executionId": "e"}
RUNNING = {"queryStatus": "Running"}
NOTHING, MORE, SOME = (
    {"queryStatus": "Complete", "results": rows}
    for rows in ([], [{"requests": 1}], [{"requests": 2}, {"requests": 3}])
)


class Clock:
    """Lets no time pass."""

    def now(self) -> datetime:
        return START

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0


class Api:
    """Answers each path with what it was given, in order, the last for ever; lists are empty otherwise."""

    def __init__(self) -> None:
        self.lists = {QUEUES: Listing(({"id": "q", "name": "Q", "division": {"id": "a1"}},))}
        self.answers: dict[str, list[Any]] = {
            PERMITTED: [{"allDivsPermitted": True}],
            MEMBERS: [{"entities": [{"id": "ann"}]}],
            f"{USAGE}/summary": [BEGUN],
            f"{USAGE}/query/results/e": [NOTHING],
            f"{OURS}/summary": [BEGUN],
            f"{OURS}/query/results/e": [SOME],
        }

    async def read(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        several = self.answers[path]
        answer = several.pop(0) if len(several) > 1 else several[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def list_all(self, path: str, query: Mapping[str, str] | None = None, *, paged: bool) -> Listing:
        return self.lists.get(path, Listing(()))


async def stock(api: Api, *programs: str) -> Stock:
    known = Stock((Person("ann", "Ann", "a1"),))
    return await look(api, Clock(), known, programs or ("us",))  # type: ignore[arg-type]


async def test_everything_is_seen_and_everybody_stays() -> None:
    found = await stock(Api())
    assert found.looked and found.unseen == ()
    assert [(item.name, item.wall) for item in found.items] == [("Q", "a1")]
    assert found.members == {"q": frozenset({"ann"})}
    assert found.people == (Person("ann", "Ann", "a1"),)


FULL = {"entities": [{"id": f"p{number}"} for number in range(PAGE)]}
SHORT = {"entities": [{"id": f"p{number}"} for number in range(PAGE - 1)], "nextUri": "/page/2"}


@pytest.mark.parametrize("first", [FULL, SHORT], ids=["full", "short"])
@pytest.mark.parametrize("end", [[], [{"entities": []}]], ids=["no next one", "an empty one"])
async def test_pages_of_members_end_where_the_organisation_says(first: Json, end: list[Json]) -> None:
    api = Api()
    last = {"entities": [{"id": "last"}]} | ({"nextUri": "/page/3"} if end else {})
    api.answers[MEMBERS] = [first, last, *end]
    members = (await stock(api)).members["q"]
    assert members == {each["id"] for each in first["entities"]} | {"last"}


@pytest.mark.parametrize("answer", [{}, {"entities": None}, SHORT], ids=["no list", "null", "for ever one"])
async def test_an_answer_that_does_not_tell_who_is_inside_is_not_nobody(answer: Json) -> None:
    api = Api()
    api.answers[MEMBERS] = [answer]
    found = await stock(api)
    assert found.members == {} and found.unseen == ("who is in 1 queue: may not be read",)


async def test_of_a_list_of_groups_that_is_not_whole_nothing_follows() -> None:
    api = Api()
    api.lists[GROUPS] = Listing(({"id": "g", "name": "G"},), "groups: 1 of 2")
    found = await stock(api)
    assert found.groups == () and found.unseen == ("groups: 1 of 2",)


@pytest.mark.parametrize("refusal", [Refused("no", status=403), Rejected("gone", status=404)])
async def test_members_that_are_refused_are_unseen(refusal: Exception) -> None:
    api = Api()
    api.answers[MEMBERS] = [refusal]
    found = await stock(api)
    assert found.members == {} and found.unseen == ("who is in 1 queue: may not be read",)


@pytest.mark.parametrize("path", [MEMBERS, f"{USAGE}/summary"])
async def test_credentials_that_are_refused_end_it(path: str) -> None:
    api = Api()
    api.answers[path] = [Refused("expired", status=401)]
    with pytest.raises(Refused, match="expired"):
        await stock(api, "c")


@pytest.mark.parametrize(("result", "calls"), [(NOTHING, 0), (MORE, 1)])
async def test_use_is_counted_as_soon_as_the_count_is_complete(result: Json, calls: int) -> None:
    api = Api()
    api.answers[f"{USAGE}/query/results/e"] = [RUNNING, RUNNING, result]
    found = await stock(api, "c", "us")
    assert found.used == {"c": calls, "us": 5} and found.unseen == ()


@pytest.mark.parametrize("answer", [RUNNING, {"queryStatus": "Failed"}, Refused("no", status=403)])
async def test_a_use_that_nobody_says_is_not_none(answer: Any) -> None:
    api = Api()
    api.answers[f"{USAGE}/query/results/e"] = [answer]
    found = await stock(api, "c", "us")
    assert found.used == {"us": 5}
    assert found.unseen == ("the use of 1 OAuth client: the organisation does not say",)


async def test_where_not_even_our_own_use_is_counted_nobody_is_called_unused() -> None:
    api = Api()
    api.answers[f"{OURS}/query/results/e"] = [NOTHING]
    found = await stock(api, "c", "us")
    assert found.used == {}
    assert found.unseen == ("the use of OAuth clients: none is counted, not even our own",)


async def test_where_we_may_look_is_doubted_where_it_is_not_said() -> None:
    api = Api()
    api.answers[PERMITTED] = [Refused("no", status=403)]
    found = await stock(api)
    assert [item.name for item in found.items] == ["Q"]
    assert len(found.unseen) == len(SHELVES)
    assert "some queues, perhaps: where we may see them is not said" in found.unseen
