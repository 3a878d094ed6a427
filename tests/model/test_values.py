"""Small values: addresses, origins, fingerprints, secrets, documents, registries."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import REGISTRY
from reconciler.model.address import Address, Selector, is_name
from reconciler.model.finding import Finding, Severity, errors
from reconciler.model.origin import Origin, Position
from reconciler.model.outcome import ApplyReport, Outcome, Requests, document
from reconciler.model.regions import REGIONS, api_host, login_host
from reconciler.model.secret import Credential, Secret
from reconciler.model.state import LiveState, Reading
from reconciler.model.value import Ref, canonical, fingerprint, plain, refs_in, resolved

DIVISION = Address("acme", "division", "us")


# Addresses

WRONG_NAMES = [(name, False) for name in ("x" * 41, "-a", "a-", "A", "", "a_b", "a\n")]
ABOVE = ("acme", "acme/division", "acme/division/us")
BESIDE = ("acm", "acme/role", "acme/division/u", "globex")


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("a", True),
        ("a-b", True),
        ("x" * 40, True),
        ("x" * 41, False),
        ("-a", False),
        ("a-", False),
        ("A", False),
        ("", False),
        ("a_b", False),
        ("a\n", False),
    ],
)
def test_names(text: str, valid: bool) -> None:
    assert is_name(text) is valid


def test_an_address_reads_as_it_is_written() -> None:
    assert Address.parse(str(DIVISION)) == DIVISION
    for wrong in ("acme/division", "acme/division/us/x", "acme//us", "Acme/division/us", ""):
        with pytest.raises(ValueError, match="is not an address; expected <owner>/<kind>/<key>"):
            Address.parse(wrong)


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("acme", True),
        ("acme/division", True),
        ("acme/division/us", True),
        ("acm", False),
        ("acme/role", False),
        ("acme/division/u", False),
        ("globex", False),
    ],
)
def test_a_selector_is_a_prefix_by_parts(text: str, matches: bool) -> None:
    selector = Selector.parse(text)
    assert (selector.matches(DIVISION), str(selector)) == (matches, text)


@pytest.mark.parametrize("wrong", ["", "a/b/c/d", "a/*", "a//c"])
def test_a_selector_has_no_globs(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a selector"):
        Selector.parse(wrong)


def test_an_origin_points_into_its_document() -> None:
    origin = Origin("a/b.yaml", 1, ("spec",)).child("x/y", 0, "~z")
    assert str(origin) == "a/b.yaml#1/spec/x~1y/0/~0z"
    assert str(Position("a.yaml", 3, 7)) == "a.yaml:3:7"


def test_only_errors_make_manifests_unusable() -> None:
    found = tuple(Finding("a/b", severity, "m") for severity in Severity)
    assert [item.severity for item in errors(found)] == [Severity.ERROR]


def test_every_region_has_its_two_hosts() -> None:
    assert (api_host("us-east-1"), login_host("eu-west-1")) == ("api.mypurecloud.com", "login.mypurecloud.ie")
    assert len(set(REGIONS.values())) == len(REGIONS)
    with pytest.raises(KeyError):
        api_host("mars-1")


# Canonical values

LEAVES = st.one_of(st.text(max_size=5), st.integers(), st.booleans(), st.none(), st.just(Ref(DIVISION)))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3).map(tuple), st.frozensets(inner, max_size=3)),
    max_leaves=12,
)


@given(items=st.lists(st.tuples(st.text(max_size=3), st.integers()), max_size=6), data=st.data())
def test_order_of_keys_and_of_elements_never_matters(items: list[Any], data: st.DataObject) -> None:
    other = data.draw(st.permutations(items))
    fields, same = {"a": frozenset(items), "b": 1}, {"b": 1, "a": frozenset(other)}
    assert canonical(plain(fields)) == canonical(plain(same))
    assert fingerprint(fields) == fingerprint(same)


@given(value=VALUES)
def test_resolving_leaves_no_known_reference_and_touches_nothing_else(value: Any) -> None:
    assert resolved(value, {}) == value
    assert not list(refs_in(resolved(value, {DIVISION: "id"})))
    json.dumps(plain(value))


def test_the_hash_seed_does_not_show() -> None:
    code = (
        "from reconciler.model.value import fingerprint\n"
        "print(fingerprint({'s': frozenset(map(str, range(40))), 't': frozenset({('a', 'b'), ('c', 'd')})}))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(texts) == 1


# Secrets

TEXT = "s3cr3t-that-must-not-show"
ISSUED = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        lambda secret: f"{secret}",
        lambda secret: f"{secret!r:>40}",
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031  # the old way must not show it either
        lambda secret: f"{secret:>40}",
        lambda secret: f"{secret} {secret!s}",  # nor this one
        lambda secret: str([secret, {"a": secret}]),
        lambda secret: repr(Credential(DIVISION, "id", secret, "r", "a", "l", ISSUED)),
        lambda secret: str(dir(secret)),
    ],
)
def test_a_secret_has_no_echo(show: Callable[[Secret], str]) -> None:
    assert TEXT not in show(Secret(TEXT))


@pytest.mark.parametrize(
    "copied",
    [
        json.dumps,
        pickle.dumps,
        copy.copy,
        copy.deepcopy,
        vars,
        lambda secret: asdict(Credential(DIVISION, "id", secret, "r", "a", "l", ISSUED)),
    ],
)
def test_a_secret_is_neither_copied_nor_stored(copied: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError) as refusal:
        copied(Secret(TEXT))
    assert TEXT not in str(refusal.value)


def test_a_traceback_with_locals_shows_no_secret() -> None:
    def fail(secret: Secret) -> None:
        raise ValueError(f"with {secret}")

    secret = Secret("-".join(["s3cr3t", "that", "must", "not", "show"]))
    try:
        fail(secret)
    except ValueError as error:
        lines = traceback.TracebackException.from_exception(error, capture_locals=True).format()
        assert TEXT not in "".join(lines)


def test_comparing_secrets_tells_nothing() -> None:
    secret = Secret(TEXT)
    assert secret != Secret(TEXT)
    assert secret == secret
    assert len({secret, Secret(TEXT)}) == 2
    assert secret.reveal() == TEXT


# Documents, readings, the registry


def test_the_apply_document_counts_what_was_done() -> None:
    outcomes = (
        Outcome(DIVISION, "create", "done"),
        Outcome(DIVISION, "update", "failed", error="400"),
        Outcome(DIVISION, "update", "unconfirmed"),
        Outcome(DIVISION, "revoke", "done"),
    )
    report = ApplyReport("r", outcomes, 5, 2, Requests(1, 2, 3), "t", "d")
    made = document(report)
    assert json.loads(json.dumps(made)) == made
    assert made["summary"] == {
        "created": 1,
        "updated": 0,
        "deleted": 0,
        "adopted": 0,
        "revoked": 1,
        "unchanged": 5,
        "failed": 1,
        "skipped": 0,
        "withheld": 2,
        "unconfirmed": 1,
    }
    assert [item["error"] for item in made["outcomes"]] == [None, "400", None, None]


def test_a_reading_says_what_it_did_not_see() -> None:
    state = LiveState("id", "name", {"role": Reading((), "403"), "client": Reading()}, catalogue={})
    assert (state.of("role"), state.of("queue")) == ((), ())
    (gap,) = state.gaps()
    assert "role" in gap and "403" in gap


def test_the_registry_keeps_the_order_of_creation() -> None:
    assert REGISTRY.names[0] == REGISTRY.pair[1]
    assert [kind.name for kind in REGISTRY] == list(REGISTRY.names)
    with pytest.raises(KeyError):
        REGISTRY["queue"]
