"""The page about sinks: its example loads, its fields are those that are stored, its policy is enough."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from reconciler.loading.sink_spec import AnySink
from reconciler.model.secret import Destination
from reconciler.secrets.document import document
from tests.architecture.source import ROOT
from tests.secrets.rigs import credential, opened
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


def test_the_extras_are_those_of_the_package() -> None:
    project = Path(ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for extra in re.findall(r"genesyscloud-reconciler\[(.*?)\]", PAGE):
        assert re.search(rf"^{extra} = ", project, re.MULTILINE)
