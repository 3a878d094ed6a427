"""A visit gives its token back whatever happens, and stops asking where nobody answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import pytest

from reconciler.engine.visit import Doors, visit
from reconciler.errors import Unavailable
from reconciler.isolation.asking import permitted
from reconciler.kinds import REGISTRY
from reconciler.model.outcome import Requests
from reconciler.model.probe import Candidate, Record
from reconciler.model.secret import Destination, Secret
from reconciler.model.value import Json
from reconciler.ports import Kept, Listing

PLACE = Destination("local", "acme/x.json")
ME = Candidate("id-1", "acme/client/x", "acme", PLACE)


class Source:
    """Keeps one secret."""

    async def fetch(self, destination: Destination) -> Kept:
        return Kept("id-1", Secret("made-up"))


class Api:
    """Says whose token it is, then does what it is told."""

    requests = Requests()

    def __init__(self, trouble: BaseException) -> None:
        self.trouble, self.asked, self.given_back = trouble, 0, 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    async def read(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        if path == "/api/v2/tokens/me":
            return {"OAuthClient": {"id": "id-1"}}
        self.asked += 1
        raise self.trouble

    async def list_all(self, path: str, query: Mapping[str, str] | None = None, *, paged: bool) -> Listing:
        raise self.trouble

    async def give_back(self) -> None:
        self.given_back += 1


async def visited(api: Api) -> Record:
    record = Record()
    asks = [permitted(f"a:b:{number}") for number in range(9)]
    try:
        await visit(ME, asks, Doors({"local": Source()}, lambda kept: api), REGISTRY.second_view, record)
    finally:
        assert api.given_back == 1
    return record


@pytest.mark.parametrize("trouble", [asyncio.CancelledError(), KeyboardInterrupt(), RuntimeError("a bug")])
async def test_a_token_is_given_back_when_something_breaks(trouble: BaseException) -> None:
    with pytest.raises(type(trouble)):
        await visited(Api(trouble))


async def test_who_gets_no_answer_three_times_asks_no_more_and_says_so() -> None:
    api = Api(Unavailable("nothing", sent=False))
    record = await visited(api)
    assert api.asked == 3
    assert [replies[0].gap for replies in record.replies.values()][-6:] == ["not asked"] * 6


async def test_a_sink_that_hands_nothing_out_is_said() -> None:
    record = Record()
    await visit(ME, [], Doors({}, lambda kept: Api(RuntimeError())), REGISTRY.second_view, record)
    assert record.trouble == ["sink `local` hands no secret out again"]
