"""The Vault sink: check-and-set, whose version it is, and no more rights than it needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.errors import SinkError
from reconciler.model.secret import Destination, Held
from reconciler.ports import SecretSink
from tests.secrets.rigs import ISSUED, credential, opened
from tests.support.listener import Asked
from tests.support.vault import ROOT, Key, Vault

PATH = "bpo/acme/metrics"
PLACE = Destination("safe", PATH)
OURS = Held("id-1", "acme/client/metrics", "n0nce000", ISSUED, "1")


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault() as server:
        yield server


def sink_of(vault: Vault, token: str = ROOT, namespace: str = "") -> SecretSink:
    environment = {"VAULT_ADDR": vault.url, "VAULT_TOKEN": token, "VAULT_NAMESPACE": namespace}
    return opened("vault", {"mount": "kv"}, environment)[0]


async def test_an_application_reads_plain_fields(vault: Vault) -> None:
    await sink_of(vault).deliver(PLACE, credential("made-up-one"))
    assert vault.keys[PATH].versions == [
        {
            "clientId": "id-1",
            "clientSecret": "made-up-one",
            "region": "us-east-1",
            "apiHost": "api.example",
            "loginHost": "login.example",
            "address": "acme/client/metrics",
            "issuedAt": "2026-11-20T14:02:25Z",
            "nonce": "n0nce000",
        }
    ]


async def test_writing_and_telling_need_no_right_to_read_secrets(vault: Vault) -> None:
    may = {"create", "update"}
    vault.policies["narrow"] = {"kv/data/bpo/": may, "kv/metadata/bpo/": may | {"read"}}
    sink = sink_of(vault, "narrow")
    await sink.reserve(PLACE)
    await sink.deliver(PLACE, credential("made-up-one"))
    assert await sink.status(PLACE) == OURS
    assert not [each for each in vault.asked if each.method == "GET" and "/data/" in each.path]


@pytest.mark.parametrize("missing", ["create", "update"])
async def test_a_right_that_the_first_or_the_second_delivery_needs_is_missed_before_the_birth(
    vault: Vault, missing: str
) -> None:
    may = {"create", "update", "read"}
    vault.policies["half"] = {"kv/data/bpo/": may - {missing}, "kv/metadata/bpo/": may}
    with pytest.raises(SinkError, match="may not create and update kv/data/bpo/acme/metrics"):
        await sink_of(vault, "half").reserve(PLACE)


async def test_what_somebody_wrote_since_the_reservation_is_not_overwritten(vault: Vault) -> None:
    sink = sink_of(vault)
    await sink.reserve(PLACE)
    vault.keys[PATH].versions.append({"theirs": "1"})
    for _ in range(2):
        with pytest.raises(SinkError, match="version 0 was the last we knew, it is 1 now"):
            await sink.deliver(PLACE, credential("made-up-one"))
    assert vault.keys[PATH].versions == [{"theirs": "1"}]
    await sink.reserve(PLACE)  # the next run has seen it
    await sink.deliver(PLACE, credential("made-up-two"))
    assert len(vault.keys[PATH].versions) == 2


async def test_what_somebody_wrote_right_after_us_is_noticed(vault: Vault) -> None:
    sink = sink_of(vault)
    answer = vault.answer

    def beside(asked: Asked) -> object:
        answered = answer(asked)
        if asked.method == "POST" and "/data/" in asked.path:
            vault.keys[PATH].versions.append({"theirs": "1"})
        return answered

    vault.answer = beside  # type: ignore[assignment,method-assign]
    with pytest.raises(SinkError, match="version 1 was the last we knew, it is 2 now"):
        await sink.deliver(PLACE, credential("made-up-one"))
    assert await sink.status(PLACE) == Held(version="2")


async def test_a_version_that_we_did_not_write_is_not_told_as_ours(vault: Vault) -> None:
    sink = sink_of(vault)
    await sink.deliver(PLACE, credential("made-up-one"))
    vault.keys[PATH].versions.append({"theirs": "1"})
    assert await sink.status(PLACE) == Held(version="2")


async def test_settings_and_words_of_others_stay_as_they_are(vault: Vault) -> None:
    vault.keys[PATH] = Key(custom={"owner": "wfm"}, delete_after="3h25m19s")
    sink = sink_of(vault)
    await sink.reserve(PLACE)
    await sink.deliver(PLACE, credential("made-up-one"))
    key = vault.keys[PATH]
    assert (key.custom["owner"], key.delete_after) == ("wfm", "3h25m19s")
    assert await sink.status(PLACE) == OURS


@pytest.mark.parametrize(
    ("when", "told"),
    [("2026-11-20T14:59:59.9Z", None), ("2026-11-20T15:00:01Z", OURS)],
    ids=["past", "to come"],
)
async def test_what_is_deleted_is_not_there(vault: Vault, when: str, told: Held | None) -> None:
    sink = sink_of(vault)
    await sink.deliver(PLACE, credential("made-up-one"))
    vault.keys[PATH].deleted[1] = when
    assert await sink.status(PLACE) == told


async def test_what_is_destroyed_is_not_there_and_is_delivered_anew(vault: Vault) -> None:
    sink = sink_of(vault)
    await sink.deliver(PLACE, credential("made-up-one"))
    vault.keys[PATH].versions[0] = None
    assert await sink.status(PLACE) is None
    await sink.deliver(PLACE, credential("made-up-two"))
    assert await sink.status(PLACE) == OURS._replace(version="2")


async def test_a_namespace_goes_with_every_request(vault: Vault) -> None:
    vault.namespace = "bpo/emea"
    with pytest.raises(SinkError, match="refuses the token"):
        await sink_of(vault).reserve(PLACE)
    await sink_of(vault, namespace="bpo/emea").reserve(PLACE)


async def test_a_store_of_version_1_is_noticed_before_the_birth(vault: Vault) -> None:
    """What `vault secrets enable kv` makes: it takes metadata for one more secret."""
    vault.plain = {}
    sink = sink_of(vault)
    for _ in range(2):
        with pytest.raises(SinkError, match="kv is no key-value store of version 2") as error:
            await sink.reserve(PLACE)
        assert "enable-versioning kv" in error.value.remedy
    assert "clientSecret" not in str(vault.plain)
    with pytest.raises(SinkError, match="no key-value store of version 2"):
        await sink.status(PLACE)


async def test_a_store_that_is_not_there_is_not_taken_for_an_empty_one(vault: Vault) -> None:
    vault.mount = "secret"
    for deed in (sink_of(vault).status, sink_of(vault).reserve):
        with pytest.raises(SinkError, match="nothing is mounted there") as error:
            await deed(PLACE)
        assert "VAULT_NAMESPACE" in error.value.remedy


async def test_a_sealed_vault_is_told_and_used_once_it_is_open(vault: Vault) -> None:
    sink = sink_of(vault)
    vault.sealed = True
    with pytest.raises(SinkError, match="sealed or down") as error:
        await sink.reserve(PLACE)
    assert "unseal" in error.value.remedy
    vault.sealed = False
    await sink.reserve(PLACE)


async def test_a_delivery_whose_description_fails_counts_as_none(vault: Vault) -> None:
    """The secret is there and nobody knows whose: the client stays inactive, the next run writes over it."""
    sink = sink_of(vault)
    answer = vault.answer
    vault.faults = [answer, answer, lambda asked: None]
    with pytest.raises(SinkError, match="cannot be reached"):
        await sink.deliver(PLACE, credential("made-up-one"))
    assert await sink.status(PLACE) == Held(version="1")
    await sink.deliver(PLACE, credential("made-up-two"))
    assert await sink.status(PLACE) == OURS._replace(version="2")


async def test_a_version_behind_an_answer_that_was_lost_is_ours_unless_somebody_says_otherwise(
    vault: Vault,
) -> None:
    first, other = sink_of(vault), sink_of(vault)
    await first.reserve(PLACE)
    await other.reserve(PLACE)
    vault.faults = [vault.answer, lambda asked: None]
    with pytest.raises(SinkError, match="cannot be reached"):
        await first.deliver(PLACE, credential("made-up-one"))
    await other.deliver(PLACE, credential("made-up-two"))
    with pytest.raises(SinkError, match="somebody else wrote there"):
        await first.deliver(PLACE, credential("made-up-one"))
    assert [each["clientSecret"] for each in vault.keys[PATH].versions if each] == ["made-up-two"]
