"""A secret is read again from where it was delivered, and nothing is made, followed or quoted."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.errors import SinkError
from reconciler.model.address import Address
from reconciler.model.secret import Credential, Destination, Secret
from reconciler.ports import Kept
from reconciler.secrets.file import FileSink
from reconciler.secrets.reading import FileSource

PLACE = Destination("local", "acme/metrics.json")


def fetch(root: Path, path: str = PLACE.path) -> Kept:
    return asyncio.run(FileSource(root).fetch(Destination("local", path)))


def test_what_the_sink_wrote_is_read_again(tmp_path: Path) -> None:
    address = Address("acme", "client", "metrics")
    issued = datetime(2026, 11, 20, tzinfo=UTC)
    credential = Credential(address, "id-1", Secret("made-up-one"), "us-east-1", "api", "login", issued)
    asyncio.run(FileSink(tmp_path, {}, ci=False).deliver(PLACE, credential))
    kept = fetch(tmp_path)
    assert (kept.client_id, kept.secret.reveal()) == ("id-1", "made-up-one")
    assert "made-up-one" not in repr(kept)


@pytest.mark.parametrize(
    "content",
    [
        "made-up-one",
        "[]",
        "{}",
        '{"clientId": "id-1"}',
        '{"clientId": 1, "clientSecret": "made-up-one"}',
        '{"clientId": "id-1", "clientSecret": "made-up-one"' + " " * 70_000 + "}",
        "\udcff",
    ],
    ids=["text", "list", "empty", "half", "number", "long", "bytes"],
)
def test_what_is_no_credential_is_refused_without_a_quotation(tmp_path: Path, content: str) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / PLACE.path).write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(SinkError, match="holds no credential") as error:
        fetch(tmp_path)
    assert "made-up" not in str(error.value) and error.value.__context__ is None


def test_nothing_is_made_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match="there is no secret at"):
        fetch(tmp_path / "secrets")
    with pytest.raises(SinkError, match="there is no secret at"):
        fetch(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("linked", ["acme", "acme/metrics.json"])
def test_no_link_is_followed(tmp_path: Path, linked: str) -> None:
    real = tmp_path / "elsewhere" / "acme"
    real.mkdir(parents=True)
    (real / "metrics.json").write_text(json.dumps({"clientId": "id-1", "clientSecret": "made-up-one"}))
    root = tmp_path / "secrets"
    (root / linked).parent.mkdir(parents=True)
    (root / linked).symlink_to(tmp_path / "elsewhere" / linked)
    with pytest.raises(SinkError, match="cannot be read"):
        fetch(root)


def test_a_path_that_leads_out_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SinkError, match="not a path below"):
        fetch(tmp_path, "../metrics.json")
