"""Whatever things are called, each reader reads what was meant, and nothing else."""

from __future__ import annotations

import json
import re
import string
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from reconciler.authoring.render import yaml_text
from reconciler.errors import UsageError
from reconciler.model.address import NAME_PATTERN
from reconciler.model.outputs import Known, KnownClient, Outputs
from reconciler.model.secret import Destination
from reconciler.reports import dumps, schema
from reconciler.reports.outputs_json import outputs_document
from reconciler.reports.outputs_text import env_text, tfvars_text, variable
from tests.support import hcl

HOSTILE = (
    "it's", 'say "x"', "a\nGENESYSCLOUD_REGION=eu-west-1", "${file(x)}", "$${x}", "$$${x}", "%{for}", "$(id)",
    "`id`", "back\\slash", "\\u0024{x}", "a b", "#", "a #b", "~", "null", "yes", "12:30", "0x1F", "1e3",
    "- x", "Zoë 東京 😀", "\u202egnp", "\u2028", "\x1b[2J", "\x7f", "", " ", "*", "x;y", "a&b", "a|b",
    "!x",
)  # fmt: skip
"""Names that some reader would take for more than a name."""

ALIKE = string.ascii_letters + string.digits + "_@%+=:,./-"

texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(HOSTILE)
keys = st.from_regex(NAME_PATTERN, fullmatch=True)


def made(
    name: str = "x",
    identity: str = "1",
    clients: tuple[str, ...] = ("metrics",),
    walls: tuple[str, ...] = ("us",),
) -> Outputs:
    """Outputs in which everything has that name and that id; every second client has a secret."""
    place = Destination("vault", "bpo/acme/metrics")
    return Outputs(
        *("acme", identity, "us-east-1", "api.mypurecloud.com", "login.mypurecloud.com"),
        clients={
            key: KnownClient(identity, name, None if at % 2 else place) for at, key in enumerate(clients)
        },
        divisions={key: Known(identity, name) for key in walls},
    )


def sourced(path: Path) -> dict[str, str]:
    """What a program sees that a shell starts with the file."""
    script = "set -a; . ./app.env; exec env -0"
    ran = subprocess.run(["sh", "-euc", script], cwd=path, env={}, capture_output=True, check=True)
    return dict(line.split("=", 1) for line in ran.stdout.decode().split("\0") if line)


def as_docker_reads(text: str) -> dict[str, str]:
    """`docker run --env-file`: a line each, comments left out, the value as it stands, quotes and all."""
    lines = [line.lstrip() for line in text.splitlines()]
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_a_shell_and_docker_read_the_same_from_an_environment_file(tmp_path: Path) -> None:
    item = made(identity=ALIKE, clients=("metrics", "a--b", "9-lives"), walls=("us", "org/shared", "0"))
    text = env_text(item)
    (tmp_path / "app.env").write_text(text, encoding="utf-8")
    seen = {
        name: value
        for name, value in sourced(tmp_path).items()
        if name not in ("PWD", "SHLVL", "_", "OLDPWD")
    }
    assert seen == as_docker_reads(text)
    assert seen == {
        "GENESYSCLOUD_ORGANIZATION_ID": ALIKE,
        "GENESYSCLOUD_REGION": "us-east-1",
        "GENESYSCLOUD_API_HOST": "api.mypurecloud.com",
        "GENESYSCLOUD_LOGIN_HOST": "login.mypurecloud.com",
        "GENESYSCLOUD_OAUTHCLIENT_ID__METRICS": ALIKE,
        "GENESYSCLOUD_OAUTHCLIENT_SECRET_REF__METRICS": "vault:bpo/acme/metrics",
        "GENESYSCLOUD_OAUTHCLIENT_ID__A__B": ALIKE,
        "GENESYSCLOUD_OAUTHCLIENT_ID__9_LIVES": ALIKE,
        "GENESYSCLOUD_OAUTHCLIENT_SECRET_REF__9_LIVES": "vault:bpo/acme/metrics",
        "DIVISION_ID__US": ALIKE,
        "DIVISION_ID__ORG__SHARED": ALIKE,
        "DIVISION_ID__0": ALIKE,
    }


@given(st.text(min_size=1).filter(lambda text: not set(text) <= set(ALIKE)))
def test_what_they_would_read_differently_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match="differently"):
        env_text(made(identity=value))


@given(keys, keys)
def test_every_key_makes_a_name_that_a_shell_takes(owner: str, key: str) -> None:
    for reference in (key, f"{owner}/{key}"):
        assert re.fullmatch(r"[A-Z_][A-Z0-9_]*", variable("DIVISION_ID", reference), re.ASCII)


def test_two_keys_with_one_name_are_refused_and_both_named() -> None:
    with pytest.raises(UsageError) as refused:
        env_text(made(walls=("org--shared", "org/shared")))
    assert (
        "`org--shared` and division `org/shared` would both be DIVISION_ID__ORG__SHARED"
        in refused.value.message
    )
    assert set(outputs_document(made(walls=("org--shared", "org/shared")))["divisions"]) == {
        "org--shared",
        "org/shared",
    }


@given(texts, st.lists(keys, unique=True, max_size=3))
def test_terraform_reads_every_name_as_it_is(name: str, found: list[str]) -> None:
    item = made(name, clients=tuple(found), walls=tuple(f"org/{key}" for key in found))
    document = outputs_document(item)
    clients = {
        key: {"id": each["id"], "name": each["name"], "secret_ref": each["secretRef"]}
        for key, each in document["clients"].items()
    }
    assert hcl.load(tfvars_text(item)) == {
        "genesyscloud_organization_id": item.organization_id,
        "genesyscloud_region": item.region,
        "genesyscloud_api_host": item.api_host,
        "genesyscloud_login_host": item.login_host,
        "genesyscloud_clients": clients,
        "genesyscloud_divisions": document["divisions"],
    }


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_terraform_reads_a_hostile_name_as_it_is(name: str) -> None:
    assert hcl.load(tfvars_text(made(name)))["genesyscloud_divisions"] == {"us": {"id": "1", "name": name}}


@pytest.mark.parametrize("name", ["${x}", "$${x}", "$$${x}", "%{x}", "%%%{x}"])
def test_nothing_is_evaluated_in_a_terraform_file(name: str) -> None:
    """Also where a reader takes a doubled sign for an escape: no sign stands before a brace at all."""
    text = tfvars_text(made(name))
    assert "${" not in text and "%{" not in text


@given(texts, keys)
def test_yaml_readers_of_both_versions_read_every_name_as_it_is(name: str, key: str) -> None:
    agree(name, key)


@pytest.mark.parametrize("key", ["no", "y", "null", "1e3", "0o7", "12", "2026-11-21"])
@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_what_looks_like_something_else_stays_a_text(name: str, key: str) -> None:
    agree(name, key)


def agree(name: str, key: str) -> None:
    """Readers of YAML 1.1 and 1.2 find the document in its text."""
    document = outputs_document(made(name, clients=(key, f"{key}x"), walls=(key,)))
    text = yaml_text(document)
    assert yaml.safe_load(text) == document
    assert plain(YAML(typ="safe", pure=True).load(text)) == document


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


@given(texts, st.lists(keys, unique=True, max_size=3))
def test_every_document_keeps_its_schema(name: str, found: list[str]) -> None:
    document = outputs_document(made(name, clients=tuple(found), walls=tuple(found)))
    assert list(Draft202012Validator(schema("outputs")).iter_errors(json.loads(dumps(document)))) == []
