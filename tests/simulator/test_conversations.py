"""A conversation is seen from every division it touched, and from no other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.guest import Guest
from tests.simulator.organisation import EVER
from tests.simulator.things import ids, tenant, tenants

DETAIL, AGGREGATE = "analytics:conversationDetail:view", "analytics:conversationAggregate:view"
OBSERVE = "analytics:queueObservation:view"
QUERY = "analytics/conversations/details/query"
FIGURES = "analytics/conversations/aggregates/query"
QUEUES = "analytics/queues/observations/query"


def match(kind: str = "and", **values: str) -> dict[str, Any]:
    return {"type": kind, "predicates": [{"dimension": key, "value": value} for key, value in values.items()]}


async def hits(guest: Guest, known: dict[str, str], **body: Any) -> list[str]:
    """The conversations a query finds, by the names the seed gives them."""
    answer = await guest.make(QUERY, {"interval": EVER} | body)
    titles = {key: name for name, key in known.items()}
    return [titles[row["conversationId"]] for row in answer["conversations"]]


async def test_a_conversation_carries_every_division_it_touched_and_is_seen_from_each() -> None:
    guest = await tenants()
    known = ids(guest)
    for division, seen in (
        ("East", ["east", "both"]),
        ("West", ["west", "both"]),
        ("*", ["east", "west", "both"]),
    ):
        assert await hits(await tenant(guest, DETAIL, division=division), known) == seen
    east = await tenant(guest, DETAIL)
    told = await east.get(f"analytics/conversations/{known['both']}/details")
    assert set(told["divisionIds"]) == {known["East"], known["West"]}


@pytest.mark.parametrize("status", ["403", "404"])
async def test_a_foreign_conversation_is_refused_by_id(status: str) -> None:
    guest = await tenants(**{"foreign-object": status})
    known = ids(guest)
    confined = await tenant(guest, DETAIL, "recording:recording:view")
    for path in ("analytics/conversations/{}/details", "conversations/{}/recordings",
                 "conversations/{}/recordingmetadata"):  # fmt: skip
        assert (await confined.call("GET", path.format(known["west"])))[0] == int(status)
        assert (await confined.call("GET", path.format(known["east"])))[0] == 200
        assert (await confined.call("GET", path.format("nothing")))[0] == 404


async def test_tags_are_of_the_time_it_took_place() -> None:
    guest = await tenants()
    known = ids(guest)
    mover = await tenant(guest, "routing:queue:edit", division="*")
    await mover.call("POST", f"authorization/divisions/{known['West']}/objects/QUEUE", [known["East Q"]])
    assert await hits(await tenant(guest, DETAIL), known) == ["east", "both"]


async def test_each_query_needs_its_own_permission() -> None:
    guest = await tenants()
    known = ids(guest)
    stranger = await tenant(guest, "routing:queue:view", division="*")
    bodies = {
        QUERY: {"interval": EVER},
        FIGURES: {"interval": EVER, "metrics": ["nOffered"]},
        QUEUES: {"filter": match(queueId=known["East Q"]), "metrics": ["oWaiting"]},
    }
    for path, body in bodies.items():
        assert (await stranger.call("POST", path, body))[0] == 403
    for path in ("recordings", "recordingmetadata"):
        assert (await stranger.call("GET", f"conversations/{known['east']}/{path}"))[0] == 403


async def test_a_filter_by_division_narrows_and_opens_nothing() -> None:
    guest = await tenants()
    known = ids(guest)
    by_west = {"conversationFilters": [match(divisionId=known["West"])]}
    assert await hits(await tenant(guest, DETAIL), known, **by_west) == ["both"]
    assert await hits(await tenant(guest, DETAIL, division="*"), known, **by_west) == ["west", "both"]


async def test_details_are_filtered_ordered_and_paged_by_the_body() -> None:
    guest = await tenants()
    known, all_of = ids(guest), await tenant(guest, DETAIL, division="*")
    chat = {"segmentFilters": [match(mediaType="chat")]}
    either = {"conversationFilters": [match("or", queueId=known["East Q"], userId=known["Ada"])]}
    clause = {"conversationFilters": [{"type": "and", "clauses": [match(queueId=known["West Q"])]}]}
    nobody = {
        "segmentFilters": [{"type": "and", "predicates": [{"dimension": "userId", "operator": "notExists"}]}]
    }
    assert await hits(all_of, known, **chat) == ["west"]
    assert await hits(all_of, known, **either) == ["east", "both"]
    assert await hits(all_of, known, **clause) == ["west", "both"]
    assert await hits(all_of, known, **nobody) == []
    assert await hits(all_of, known, order="desc") == ["both", "west", "east"]
    assert await hits(all_of, known, interval="2026-01-05T00:00:00Z/2026-01-06T00:00:00Z") == ["east", "west"]
    page = await all_of.make(QUERY, {"interval": EVER, "paging": {"pageSize": 1, "pageNumber": 2}})
    assert ([row["conversationId"] for row in page["conversations"]], page["totalHits"]) == (
        [known["west"]],
        3,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"interval": "2026"},
        {"paging": {"pageSize": 101, "pageNumber": 1}},
        {"conversationFilters": [match(weather="fair")]},
        {"conversationFilters": [{"type": "and", "predicates": [{"metric": "tTalk", "range": {"gt": 1}}]}]},
    ],
)
async def test_a_query_that_is_not_understood_is_refused_and_not_guessed_at(wrong: dict[str, Any]) -> None:
    guest = await tenants()
    asking = await tenant(guest, DETAIL)
    assert (await asking.call("POST", QUERY, {"interval": EVER} | wrong))[0] == 400


async def figures(guest: Guest, **body: Any) -> dict[tuple[str, ...], tuple[int, float]]:
    """Conversations and minutes by group."""
    asked = {"interval": EVER, "metrics": ["nOffered", "tHandle"]} | body
    found = {}
    for row in (await guest.make(FIGURES, asked))["results"]:
        offered, handled = row["data"][0]["metrics"]
        found[tuple(row["group"].values())] = (offered["stats"]["count"], handled["stats"]["sum"] / 60_000)
    return found


async def test_figures_count_only_what_the_caller_may_see() -> None:
    guest = await tenants()
    known = ids(guest)
    assert await figures(await tenant(guest, AGGREGATE)) == {(): (2, 8.0)}
    everywhere = await tenant(guest, AGGREGATE, division="*")
    assert await figures(everywhere) == {(): (3, 12.0)}
    assert await figures(everywhere, groupBy=["divisionId"]) == {
        (known["East"],): (2, 8.0), (known["West"],): (2, 6.0),
    }  # fmt: skip
    assert await figures(everywhere, filter=match(divisionId=known["West"])) == {(): (2, 6.0)}
    assert await figures(everywhere, filter=match(mediaType="email")) == {}
    wrongs: list[dict[str, Any]] = [{"metrics": ["tSmile"]}, {"metrics": []}, {"groupBy": ["weather"]}]
    for wrong in wrongs:
        body = {"interval": EVER, "metrics": ["nOffered"]} | wrong
        assert (await everywhere.call("POST", FIGURES, body))[0] == 400


async def test_observations_are_of_named_queues_one_may_see() -> None:
    guest = await tenants()
    known, confined = ids(guest), await tenant(guest, OBSERVE)
    both = match("or", queueId=known["East Q"])
    both["predicates"].append({"dimension": "queueId", "value": known["West Q"]})
    answer = await confined.make(QUEUES, {"filter": both, "metrics": ["oOnQueueUsers", "oWaiting"]})
    (row,) = answer["results"]
    assert row["group"]["queueId"] == known["East Q"]
    assert {each["metric"]: each["stats"]["count"] for each in row["data"]} == {
        "oOnQueueUsers": 1,
        "oWaiting": 0,
    }
    wrongs: list[dict[str, Any]] = [{"filter": match(mediaType="voice")}, {"metrics": ["oSmiles"]}]
    for wrong in wrongs:
        body = {"filter": both, "metrics": ["oWaiting"]} | wrong
        assert (await confined.call("POST", QUEUES, body))[0] == 400


async def test_recordings_are_known_through_their_conversation() -> None:
    guest = await tenants()
    known = ids(guest)
    for right in ("recording:recording:view", "recording:recordingSegment:view"):
        confined = await tenant(guest, right)
        for path, count in ((known["east"], 2), (known["both"], 1)):
            told = await confined.get(f"conversations/{path}/recordings")
            assert len(told) == count
            assert {row["conversationId"] for row in told} == {path}
            assert [row["id"] for row in await confined.get(f"conversations/{path}/recordingmetadata")] == [
                row["id"] for row in told
            ]
