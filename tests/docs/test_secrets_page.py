"""The page about sinks: its example loads, its fields are those that are stored, its policies are enough."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from pydantic import TypeAdapter

from reconciler.errors import SinkError
from reconciler.loading.sink_spec import AnySink
from reconciler.model.secret import Destination
from reconciler.secrets.document import document
from tests.architecture.source import ROOT
from tests.secrets.rigs import aws_rig, credential, opened
from tests.support.vault import Vault

PAGE = (ROOT / "docs/secrets.md").read_text(encoding="utf-8")


def block(language: str, number: int = 0) -> str:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found[number]


def test_the_example_is_one_sink_of_each_type_each_with_its_chapter() -> None:
    sinks = yaml.safe_load(block("yaml"))["sinks"]
    one: TypeAdapter[Any] = TypeAdapter(AnySink)
    types = [one.validate_python(sink).type for sink in sinks.values()]
    assert sorted(types) == sorted(re.findall(r"^## ([a-z]+)$", PAGE, re.MULTILINE))


def test_every_field_is_explained() -> None:
    table = PAGE[PAGE.index("| field |") : PAGE.index("The last two are newer")]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    fields = [name for row in rows for name in re.findall("`([a-zA-Z]+)`", row)]
    assert fields == list(document(credential("made-up")))


async def test_the_smallest_policy_for_vault_is_enough() -> None:
    found = re.findall(r'path "(.*?)\*" +\{ capabilities = \[(.*?)\]', block("hcl"))
    policy = {path: set(re.findall("[a-z]+", names)) for path, names in found}
    with Vault() as server:
        server.policies["made-up"] = policy
        sink, _ = opened("vault", {"mount": "kv"}, {"VAULT_ADDR": server.url, "VAULT_TOKEN": "made-up"})
        place = Destination("vault", "bpo/acme-retail/metrics")
        for secret in ("made-up-one", "made-up-two"):
            await sink.reserve(place)
            await sink.deliver(place, credential(secret))
        assert await sink.status(place) is not None


async def test_the_smallest_policy_for_aws_is_enough_and_what_lacks_is_missed_before_the_birth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By moto's own judgement of policies, which looks at actions and not at resources."""
    actions = json.loads(block("json"))["Action"]
    with aws_rig(tmp_path, monkeypatch) as rig:
        users = {lacking: _user([each for each in actions if each != lacking]) for lacking in ["", *actions]}
        with policies_judged():
            for number, (lacking, keys) in enumerate(users.items()):
                monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
                monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
                sink, _ = opened(rig.kind, rig.settings, rig.environment)
                place = Destination("aws", f"bpo/acme-retail/k{number}")
                if lacking:
                    with pytest.raises(SinkError, match="refuses"):
                        await sink.reserve(place)
                    continue
                for secret in ("made-up-one", "made-up-two"):
                    await sink.reserve(place)
                    await sink.deliver(place, credential(secret, nonce=secret))
                assert await sink.status(place) is not None


def _user(actions: list[str]) -> dict[str, str]:
    """The keys of somebody who may do just this."""
    url = os.environ["AWS_ENDPOINT_URL_SECRETS_MANAGER"]
    iam: Any = boto3.client("iam", region_name="eu-central-1", endpoint_url=url)
    name = f"user-{len(iam.list_users()['Users'])}"
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="smallest", PolicyDocument=policy)
    keys: dict[str, str] = iam.create_access_key(UserName=name)["AccessKey"]
    return keys


@contextmanager
def policies_judged() -> Iterator[None]:
    """From here on moto asks who may do what."""
    url = f"{os.environ['AWS_ENDPOINT_URL_SECRETS_MANAGER']}/moto-api/reset-auth"

    def after(calls: bytes) -> None:
        plain = {"content-type": "text/plain"}
        urllib.request.urlopen(urllib.request.Request(url, calls, plain, method="POST")).close()

    after(b"0")
    try:
        yield
    finally:
        after(b"inf")


def test_the_extras_are_those_of_the_package() -> None:
    project = Path(ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for extra in re.findall(r"genesyscloud-reconciler\[(.*?)\]", PAGE):
        assert re.search(rf"^{extra} = ", project, re.MULTILINE)
