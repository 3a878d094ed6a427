"""The GitHub sink: two sealed secrets of exactly one repository."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from github.Requester import HTTPRequestsConnectionClass

from reconciler.errors import SinkError
from reconciler.model.secret import Destination
from tests.secrets.rigs import Rig, credential, github_rig
from tests.support.github import GitHub
from tests.support.listener import Answered, Asked

PLACE = Destination("safe", "BPO_acme-retail__queue-metrics")
NAME = "BPO_ACME_RETAIL__QUEUE_METRICS"


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    with github_rig(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def github(rig: Rig) -> GitHub:
    assert isinstance(rig.server, GitHub)
    return rig.server


async def test_a_workflow_finds_two_plain_values(rig: Rig, github: GitHub) -> None:
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    assert github.secrets == {f"{NAME}_ID": "id-1", f"{NAME}_SECRET": "made-up-one"}


async def test_only_sealed_values_travel(rig: Rig, github: GitHub) -> None:
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    bodies = [asked.body for asked in github.asked if asked.method == "PUT"]
    assert [sorted(body) for body in bodies] == [["encrypted_value", "key_id"]] * 2
    assert "made-up-one" not in repr(bodies)


async def test_reserving_writes_beside_and_leaves_nothing(rig: Rig, github: GitHub) -> None:
    await rig.sink.reserve(PLACE)
    assert github.secrets == {} and github.writes == 1


async def test_a_token_that_may_only_read_is_noticed_before_the_birth(rig: Rig, github: GitHub) -> None:
    github.may_write = False
    with pytest.raises(SinkError, match=r"refuses the request \(403\)"):
        await rig.sink.reserve(PLACE)


async def test_a_repository_that_was_renamed_gets_nothing(rig: Rig, github: GitHub) -> None:
    """GitHub leads old names to the new one, and whoever takes the old name gets what is sent to it."""
    github.renamed = "somebody/else"
    with pytest.raises(SinkError, match="renamed or moved"):
        await rig.sink.deliver(PLACE, credential("made-up-one"))
    assert github.writes == 0


@pytest.mark.parametrize("lost", ["_ID", "_SECRET"])
@pytest.mark.parametrize("before", [False, True], ids=["first", "again"])
async def test_a_write_that_the_library_takes_for_done_is_looked_after(
    rig: Rig, github: GitHub, before: bool, lost: str
) -> None:
    if before:
        await rig.sink.deliver(PLACE, credential("the-first-one"))
    answer = github.answer

    def losing(asked: Asked) -> Answered:
        elsewhere = asked.method == "PUT" and asked.path.endswith(lost)
        return Answered(307, {}, {"location": "/x"}) if elsewhere else answer(asked)

    github.answer = losing  # type: ignore[method-assign]
    with pytest.raises(SinkError, match=r"is not there|from before"):
        await rig.sink.deliver(PLACE, credential("made-up-one"))


async def test_the_secret_leaves_whatever_is_shown_of_the_id(rig: Rig, github: GitHub) -> None:
    """A look that fails must not keep back what would be lost with the process."""
    answer, looks = github.answer, 0

    def blind(asked: Asked) -> Answered:
        nonlocal looks
        looks += asked.method == "GET" and asked.path.endswith("_ID")
        return Answered(502, {}) if looks == 2 and asked.path.endswith("_ID") else answer(asked)

    github.answer = blind  # type: ignore[method-assign]
    with pytest.raises(SinkError, match="502"):
        await rig.sink.deliver(PLACE, credential("made-up-one"))
    assert github.secrets == {f"{NAME}_ID": "id-1", f"{NAME}_SECRET": "made-up-one"}


@pytest.mark.parametrize("path", ["BPO_a--b__c", "BPO_a__b--c"])
async def test_names_that_github_could_not_tell_apart_are_refused(
    rig: Rig, github: GitHub, path: str
) -> None:
    with pytest.raises(SinkError, match="two hyphens in a row"):
        await rig.sink.deliver(Destination("safe", path), credential("made-up-one"))
    assert github.writes == 0


async def test_asked_too_often_it_says_so(rig: Rig, github: GitHub) -> None:
    words = {"message": "API rate limit exceeded for installation"}
    github.faults = [lambda asked: Answered(403, words)]
    with pytest.raises(SinkError, match="asked too often"):
        await rig.sink.reserve(PLACE)


async def test_deliveries_at_once_never_lend_each_other_a_value(
    rig: Rig, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library puts a request down on a connection that all share, and takes it up there."""
    send = HTTPRequestsConnectionClass.getresponse

    def after_others(connection: HTTPRequestsConnectionClass) -> object:
        time.sleep(0.002)
        return send(connection)

    monkeypatch.setattr(HTTPRequestsConnectionClass, "getresponse", after_others)
    keys = [f"k{number}" for number in range(4)]
    await asyncio.gather(*(rig.sink.deliver(rig.place("acme", key), credential(key, key)) for key in keys))
    assert rig.look() == {f"BPO_ACME__{key.upper()}": (key, key) for key in keys}
    await asyncio.gather(*(rig.sink.deliver(rig.place("acme", key), credential(key, key)) for key in keys))
    told = await asyncio.gather(*(rig.sink.status(rig.place("acme", key)) for key in keys))
    shown = [github.updated[f"BPO_ACME__{key.upper()}_SECRET"] for key in keys]
    assert [each.issued for each in told if each] == shown


async def test_it_is_the_one_sink_with_the_command_that_nobody_can_read(rig: Rig) -> None:
    assert rig.source is None
