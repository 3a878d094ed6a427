"""What holds for every sink, whatever its type: proven before, whole, replaced, apart, told, and silent."""

from __future__ import annotations

import asyncio
import base64
import logging
import traceback
from datetime import timedelta
from urllib.parse import quote

import pytest

from reconciler.errors import SinkError
from reconciler.model.secret import Held, Receipt
from tests.secrets.rigs import ISSUED, Rig, credential
from tests.support.listener import Asked, Fault, Listener

CANARY = "CANARY-s3cr3t/+of=a~client"


def spellings(secret: str) -> set[str]:
    """As programs write a secret down."""
    raw = secret.encode()
    coded = {base64.b64encode(raw), base64.urlsafe_b64encode(raw), base64.b32encode(raw), raw.hex().encode()}
    return {secret, quote(secret), quote(secret, safe=""), secret[::-1], secret.encode("utf-16-le").hex()} | {
        each.decode() for each in coded
    }


def found_in(text: str) -> set[str]:
    return {each for each in spellings(CANARY) if each.lower() in text.lower()}


async def test_what_is_delivered_is_there_for_whoever_reads_it(rig: Rig) -> None:
    await rig.sink.reserve(rig.place())
    receipt = await rig.sink.deliver(rig.place(), credential(CANARY))
    assert receipt == Receipt("safe", rig.place().path)
    assert list(rig.look().values()) == [("id-1", CANARY)]
    if rig.source is not None:
        kept = await rig.source.fetch(rig.place())
        assert (kept.client_id, kept.secret.reveal()) == ("id-1", CANARY)


async def test_the_status_says_whose_it_is_and_since_when(rig: Rig) -> None:
    await rig.sink.deliver(rig.place(), credential(CANARY))
    told = await rig.sink.status(rig.place())
    assert told is not None and told.issued is not None
    if rig.whose:
        assert told._replace(version="") == Held("id-1", "acme/client/metrics", "n0nce000", ISSUED)
    assert found_in(repr(told)) == set()


async def test_where_nothing_is_nothing_is_told_or_made(rig: Rig) -> None:
    assert await rig.sink.status(rig.place()) is None
    assert rig.look() == {}
    if rig.source is not None:
        with pytest.raises(SinkError, match="there is no"):
            await rig.source.fetch(rig.place())


async def test_a_place_that_was_only_reserved_holds_nothing(rig: Rig) -> None:
    await rig.sink.reserve(rig.place())
    assert await rig.sink.status(rig.place()) is None
    assert rig.look() == {}


async def test_a_second_delivery_replaces_the_first(rig: Rig) -> None:
    later = ISSUED + timedelta(days=90)
    await rig.sink.deliver(rig.place(), credential("the-first-one"))
    before = await rig.sink.status(rig.place())
    await rig.sink.reserve(rig.place())
    assert (await rig.sink.status(rig.place()), list(rig.look().values())) == (
        before,
        [("id-1", "the-first-one")],
    )
    await rig.sink.deliver(rig.place(), credential(CANARY, "id-2", later, "n0nce001"))
    after = await rig.sink.status(rig.place())
    assert list(rig.look().values()) == [("id-2", CANARY)]
    assert before is not None and after is not None and after != before
    if rig.whose:
        assert (after.client_id, after.issued, after.nonce) == ("id-2", later, "n0nce001")


async def test_two_tenants_never_touch_each_others_place(rig: Rig) -> None:
    await rig.sink.deliver(rig.place("acme-retail", "x"), credential("the-one"))
    await rig.sink.deliver(rig.place("acme", "retail-x"), credential("the-other", "id-2"))
    assert sorted(rig.look().values()) == [("id-1", "the-one"), ("id-2", "the-other")]


async def test_reserving_fails_where_writing_would(rig: Rig) -> None:
    rig.refuse()
    with pytest.raises(SinkError) as error:
        await rig.sink.reserve(rig.place())
    assert error.value.remedy and rig.place().path in error.value.message


async def test_no_word_of_the_secret_is_said_when_it_works_nor_when_it_fails(
    rig: Rig, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    await rig.sink.deliver(rig.place(), credential(CANARY))
    rig.refuse()
    with pytest.raises(SinkError) as error:
        await rig.sink.deliver(rig.place(), credential(CANARY))
    told = traceback.TracebackException.from_exception(error.value, capture_locals=True)
    out, err = capfd.readouterr()
    said = "".join([*told.format(), repr(error.value), str(error.value.__context__), caplog.text, out, err])
    assert found_in(said) == set()
    assert error.value.__context__ is None or isinstance(error.value.__context__, OSError)


async def test_many_deliveries_at_once_all_arrive(rig: Rig) -> None:
    keys = [f"k{number}" for number in range(6)]
    await asyncio.gather(*(rig.sink.deliver(rig.place("acme", key), credential(key)) for key in keys))
    assert sorted(secret for _, secret in rig.look().values()) == keys


@pytest.mark.parametrize("rig", ["vault", "github"], indirect=True)
@pytest.mark.parametrize("carried_out", [False, True], ids=["before", "after"])
async def test_whichever_answer_is_lost_a_second_try_delivers(rig: Rig, carried_out: bool) -> None:
    server = rig.server
    assert server is not None
    await rig.sink.reserve(rig.place())
    await rig.sink.deliver(rig.place(), credential("the-first-one"))
    began = len(server.asked)
    await rig.sink.reserve(rig.place())
    reserving = len(server.asked) - began
    await rig.sink.deliver(rig.place(), credential(CANARY, nonce="n0nce001"))
    for lost in range(len(server.asked) - began - reserving):
        secret = credential(f"{CANARY}-{lost}", nonce=f"n0nce1{lost:02}")
        await rig.sink.reserve(rig.place())
        server.faults = [server.answer] * lost + [_losing(server, carried_out)]
        with pytest.raises(SinkError):
            await rig.sink.deliver(rig.place(), secret)
        await rig.sink.deliver(rig.place(), secret)
        assert list(rig.look().values()) == [("id-1", f"{CANARY}-{lost}")]
        told = await rig.sink.status(rig.place())
        assert told is not None and told.nonce in ("", secret.nonce)


def _losing(server: Listener, carried_out: bool) -> Fault:
    def hang_up(asked: Asked) -> None:
        if carried_out:
            server.answer(asked)

    return hang_up


@pytest.mark.parametrize("rig", ["vault", "github"], indirect=True)
async def test_the_secret_travels_in_bodies_only(rig: Rig) -> None:
    await rig.sink.reserve(rig.place())
    await rig.sink.deliver(rig.place(), credential(CANARY))
    assert rig.server is not None and len(rig.server.asked) > 4
    for asked in rig.server.asked:
        assert found_in(asked.path + repr(dict(asked.headers))) == set()
