"""Whose secret is to go elsewhere than another revision says: of those that are there, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.kinds import REGISTRY
from reconciler.model.address import Address, Selector
from reconciler.model.consent import by_gravity
from reconciler.model.manifest import Manifests, Sink
from reconciler.model.origin import Origin
from reconciler.model.plan import Plan
from reconciler.planning.digest import digest_of
from reconciler.planning.replaced import replaced
from reconciler.planning.resolve import resolve
from tests.support.build import TODAY, VAULT, client, live, manifests, marked, metrics, options, plan

CLIENT = Address("acme", "client", "metrics")
WORKS = marked(client(3, "acme-metrics"), str(CLIENT))


def sink(name: str, path: str = "bpo/{tenant}/{key}", **more: str) -> Sink:
    return Sink(name, "vault", {"path": path, **more}, Origin("org.yaml", 0, ("spec", "sinks", name)))


def wanted(said: str = "vault", vault: Sink = VAULT, **more: Any) -> Manifests:
    sinks = {"vault": vault, "other": sink("other")}
    entry = {**metrics(), "secret": {"sink": said}, **more}
    return manifests(
        policy={"sinks": sinks}, acme={"divisions": [{"key": "us", "name": "US"}], "clients": [entry]}
    )


def told(base: Manifests, head: Manifests, *clients: Any, **given: Any) -> list[tuple[str, str, str]]:
    before, after = (resolve(each, REGISTRY, TODAY)[0] for each in (base, head))
    made = plan(head, live(clients=list(clients)), **given)
    return [ground[:3] for ground in replaced(before, after, made, options(**given))]


NAME = str(CLIENT)


@pytest.mark.parametrize(
    ("base", "head", "address", "words"),
    [
        (wanted(), wanted("other"), NAME,
         "its secret goes to other bpo/acme/metrics, not to vault bpo/acme/metrics"),
        (wanted(), wanted(vault=sink("vault", "x/{tenant}/{key}")), NAME,
         "its secret goes to vault x/acme/metrics, not to vault bpo/acme/metrics"),
        (wanted(vault=sink("vault", mount="one")), wanted(vault=sink("vault", mount="two")), NAME,
         "its secret goes to vault bpo/acme/metrics (vault mount=two), "
         "not to vault bpo/acme/metrics (vault mount=one)"),
        (wanted(), wanted(key="numbers", previously=NAME), "acme/client/numbers",
         "its secret goes to vault bpo/acme/numbers, not to vault bpo/acme/metrics"),
    ],
    ids=["sink", "path", "store", "key"],
)  # fmt: skip
def test_another_place_for_a_client_that_is_there_is_told(
    base: Manifests, head: Manifests, address: str, words: str
) -> None:
    assert told(base, head, WORKS) == [("sink", address, words)]


@pytest.mark.parametrize(
    ("clients", "given"),
    [
        ([], {}),
        ([WORKS], {"only": (Selector.parse("acme/division"),)}),
        ([WORKS], {"rotate": {CLIENT: "renew"}}),
        ([marked(client(3, "acme-metrics", state="inactive"), NAME, nonce="0a1b2c3d")], {}),
    ],
    ids=["not there yet", "not selected", "rotated now", "half born"],
)
def test_who_is_not_there_not_meant_or_delivered_now_is_not_told(clients: Any, given: Any) -> None:
    assert told(wanted(), wanted("other"), *clients, **given) == []


def test_the_same_place_is_not_told() -> None:
    assert told(wanted(), wanted(tokenSeconds=600), WORKS) == []


def compared(made: Plan) -> Plan:
    before, after = (resolve(wanted(said), REGISTRY, TODAY)[0] for said in ("vault", "other"))
    return replace(made, grounds=by_gravity((*made.grounds, *replaced(before, after, made, options()))))


def test_what_is_compared_is_none_of_the_digest_and_what_is_delivered_is() -> None:
    made = plan(wanted("other"), live(clients=[WORKS]))
    assert compared(made).grounds != made.grounds and digest_of(compared(made)) == digest_of(made)
    rotated = plan(wanted("other"), live(clients=[WORKS]), rotate={CLIENT: "renew"})
    assert [each.consent for each in rotated.grounds] == ["sink"]
    assert digest_of(replace(rotated, grounds=())) != digest_of(rotated)
