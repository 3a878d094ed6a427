"""The AWS sink, against moto's Secrets Manager over HTTP: versions, tags, and repeats that do nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

import reconciler.secrets.aws
from reconciler.errors import SinkError
from reconciler.model.secret import Destination, Held
from tests.secrets.rigs import Rig, aws_rig, credential, current

PATH = "bpo/acme/metrics"
PLACE = Destination("safe", PATH)


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    with aws_rig(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def aws(rig: Rig) -> Any:
    return boto3.client("secretsmanager", region_name="eu-central-1")


async def test_an_application_reads_one_json_object(rig: Rig, aws: Any) -> None:
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    found = json.loads(current(aws, PATH))
    assert (found["clientId"], found["clientSecret"], found["loginHost"]) == (
        "id-1",
        "made-up-one",
        "login.example",
    )


async def test_no_tag_or_description_holds_the_secret(rig: Rig, aws: Any) -> None:
    await rig.sink.reserve(PLACE)
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    said = repr(aws.describe_secret(SecretId=PATH))
    assert "acme/client/metrics" in said and "made-up-one" not in said


async def test_the_same_delivery_twice_is_one_version(rig: Rig, aws: Any) -> None:
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    first = await rig.sink.status(PLACE)
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    assert await rig.sink.status(PLACE) == first
    assert len(aws.describe_secret(SecretId=PATH)["VersionIdsToStages"]) == 1


async def test_another_secret_for_the_very_same_birth_is_refused(rig: Rig) -> None:
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    with pytest.raises(SinkError, match="another secret was delivered for this very birth"):
        await rig.sink.deliver(PLACE, credential("made-up-two"))
    assert rig.look() == {PATH: ("id-1", "made-up-one")}


async def test_the_version_before_is_kept_for_those_who_have_not_read_yet(rig: Rig, aws: Any) -> None:
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    await rig.sink.reserve(PLACE)
    await rig.sink.deliver(PLACE, credential("made-up-two", nonce="n0nce001"))
    before = aws.get_secret_value(SecretId=PATH, VersionStage="AWSPREVIOUS")["SecretString"]
    assert json.loads(before)["clientSecret"] == "made-up-one"


async def test_a_version_that_we_did_not_write_is_not_told_as_ours(rig: Rig, aws: Any) -> None:
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    theirs = aws.put_secret_value(SecretId=PATH, SecretString="theirs")["VersionId"]
    assert await rig.sink.status(PLACE) == Held(version=theirs)
    assert rig.source is not None
    with pytest.raises(SinkError, match="there is no credential") as error:
        await rig.source.fetch(PLACE)
    assert "theirs" not in str(error.value)


async def test_tags_of_others_stay(rig: Rig, aws: Any) -> None:
    aws.create_secret(Name=PATH, Tags=[{"Key": "cost", "Value": "wfm"}])
    await rig.sink.reserve(PLACE)
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    assert {"Key": "cost", "Value": "wfm"} in aws.describe_secret(SecretId=PATH)["Tags"]


async def test_a_secret_that_is_about_to_be_deleted_is_no_place(rig: Rig, aws: Any) -> None:
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    aws.delete_secret(SecretId=PATH, RecoveryWindowInDays=7)
    with pytest.raises(SinkError, match="about to be deleted") as error:
        await rig.sink.reserve(PLACE)
    assert "restore" in error.value.remedy


async def test_without_credentials_it_is_told_how_to_give_some(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(SinkError, match="no credentials for AWS"):
        await rig.sink.reserve(PLACE)


async def test_what_somebody_wrote_right_after_us_is_noticed(
    rig: Rig, aws: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = reconciler.secrets.aws._tags

    def beside(words: Mapping[str, str]) -> Any:
        aws.put_secret_value(SecretId=PATH, SecretString="theirs")
        return tags(words)

    monkeypatch.setattr(reconciler.secrets.aws, "_tags", beside)
    with pytest.raises(SinkError, match="our version is not the current one"):
        await rig.sink.deliver(PLACE, credential("made-up-one"))


async def test_what_somebody_wrote_since_the_reservation_stays_the_current_one(rig: Rig, aws: Any) -> None:
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    await rig.sink.reserve(PLACE)
    aws.put_secret_value(SecretId=PATH, SecretString="theirs")
    for _ in range(2):
        with pytest.raises(SinkError, match="our version is not the current one"):
            await rig.sink.deliver(PLACE, credential("made-up-two", nonce="n0nce001"))
        assert current(aws, PATH) == "theirs"
    await rig.sink.reserve(PLACE)  # the next run has seen it
    await rig.sink.deliver(PLACE, credential("made-up-three", nonce="n0nce002"))
    assert rig.look() == {PATH: ("id-1", "made-up-three")}
