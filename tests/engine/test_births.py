"""Clients are born inactive and without grants, get their grants last, and never lose a secret."""

from __future__ import annotations

import gc
import json
from datetime import datetime
from typing import Any

import pytest

from reconciler.model.manifest import NewClients, Sink
from reconciler.model.marker import split
from reconciler.model.outcome import document
from reconciler.model.secret import Secret
from tests.engine.test_departure import Dated
from tests.engine.world import CLIENTS, ORG, ORIGIN, World, manifests, outcome, owner, results, tenant, world
from tests.support.clock import LoopClock, run
from tests.support.org import connect

CLIENT = "acme/client/metrics"
PLACE = "acme/metrics.json"
WANTED = manifests(tenant("acme"))


def client(here: World) -> dict[str, Any]:
    return here.rows(CLIENTS)["acme-metrics"]


def usable(here: World) -> bool:
    """Whether somebody with the client's secret could do anything."""
    row = client(here)
    return bool(row["state"] == "active" and row["roleDivisions"])


async def finished(here: World) -> bool:
    """Whether the client is as declared and the delivered secret gets a token."""
    held = here.sink.held[PLACE]
    row = client(here)
    async with connect(here.sim, client_id=held["id"], client_secret=held["secret"]) as api:
        await api.read("/api/v2/organizations/me")
    unmarked = split(row["description"])[1]
    return usable(here) and held["id"] == row["id"] and unmarked is not None and unmarked.nonce == ""


def test_a_birth_is_two_writes_one_delivery_and_a_token() -> None:
    async def scenario() -> None:
        async with world() as here:
            report = await here.reconcile(WANTED)
            assert await finished(here)
            assert here.written().count(f"PUT {CLIENTS}/{client(here)['id']}") == 1
        birth = outcome(report, CLIENT)
        assert (birth.result, birth.requests) == ("done", 4)
        assert birth.note == f"secret delivered to local {PLACE}, proven by a token"

    run(scenario())


def test_nobody_can_use_a_client_before_its_secret_is_delivered() -> None:
    async def scenario() -> None:
        seen: list[tuple[str, list[Any], str]] = []

        async with world() as here:

            def look() -> None:
                row = client(here)
                marker = split(row["description"])[1]
                seen.append((row["state"], row["roleDivisions"], marker.nonce if marker else ""))

            here.sink.before = look
            await here.reconcile(WANTED)
        assert seen == [("inactive", [], "00000001")]

    run(scenario())


@pytest.mark.parametrize(
    ("setting", "switch", "at_birth"),
    [
        ("inactive-granted", "grantless-birth", ("inactive", 1)),
        ("active-grantless", "inactive-birth", ("active", 0)),
    ],
)
def test_an_organisation_that_refuses_such_births_gets_what_suits_it(
    setting: NewClients, switch: str, at_birth: tuple[str, int]
) -> None:
    async def scenario() -> None:
        seen: list[tuple[str, int]] = []
        async with world({switch: "refused"}) as here:
            refused = await here.reconcile(WANTED)
            assert results(refused)[CLIENT] == "failed"
            assert setting in refused.results("failed")[0].error
            assert "newClients" in refused.results("failed")[0].error
            assert here.sink.held == {}

            here.sink.before = lambda: seen.append(
                (client(here)["state"], len(client(here)["roleDivisions"]))
            )
            await here.reconcile(manifests(tenant("acme"), new_clients=setting))
            assert await finished(here)
        assert seen == [at_birth]

    run(scenario())


def test_a_sink_that_cannot_be_written_stops_a_birth_before_anything_is_written() -> None:
    async def scenario() -> None:
        async with world() as here:
            here.sink.refuses = True
            report = await here.reconcile(WANTED)
            assert "acme-metrics" not in here.rows(CLIENTS)
        assert results(report) == {
            CLIENT: "failed",
            "acme/division/main": "done",
            "org/role/queue-metrics": "done",
        }
        assert report.results("failed")[0].error == f"{PLACE} is full; make room"

    run(scenario())


def test_a_sink_that_nobody_connected_is_an_outcome() -> None:
    async def scenario() -> None:
        async with world() as here:
            metrics = {"key": "app", "grantType": "CODE", "secret": {"sink": "vault"}}
            vault = Sink("vault", "vault", {"path": "{tenant}/{key}"}, ORIGIN)
            report = await here.reconcile(manifests(owner("acme", client=[metrics]), sinks={"vault": vault}))
            assert "acme-app" not in here.rows(CLIENTS)
        assert "there is no sink `vault`" in outcome(report, "acme/client/app").error

    run(scenario())


def test_a_delivery_that_fails_leaves_a_client_that_nobody_can_use_and_the_next_run_finishes() -> None:
    async def scenario() -> None:
        async with world() as here:
            here.sink.breaks = True
            report = await here.reconcile(WANTED)
            assert results(report)[CLIENT] == "failed"
            assert report.results("failed")[0].error.startswith(f"{PLACE} broke; mend it (1 of 4 steps")
            assert (client(here)["state"], client(here)["roleDivisions"]) == ("inactive", [])

            here.sink.breaks = False
            born = client(here)["id"]
            again = await here.reconcile(WANTED)
            assert results(again) == {CLIENT: "done"}
            assert client(here)["id"] == born
            assert await finished(here)

    run(scenario())


def test_a_birth_whose_answer_was_lost_is_not_repeated_but_found() -> None:
    async def scenario() -> None:
        async with world() as here:
            here.sim.faults([{"kind": "timeout-after", "method": "POST", "path": CLIENTS}])
            report = await here.reconcile(WANTED)
            assert results(report)[CLIENT] == "failed"
            assert (
                "may or may not have been created; the next run finds it by its marker"
                in report.results("failed")[0].error
            )
            assert here.written().count(f"POST {CLIENTS}") == 1
            assert not usable(here)

            await here.reconcile(WANTED)
            assert here.written().count(f"POST {CLIENTS}") == 1
            assert await finished(here)

    run(scenario())


def test_a_renewal_whose_answer_was_lost_is_made_again_by_the_next_run() -> None:
    async def scenario() -> None:
        async with world() as here:
            here.sink.breaks = True
            await here.reconcile(WANTED)
            here.sink.breaks = False
            here.sim.faults([{"kind": "timeout-after", "method": "POST", "path": f"{CLIENTS}/*/secret"}])
            lost = await here.reconcile(WANTED)
            assert "may or may not have been carried out" in lost.outcomes[0].error
            assert not usable(here)
            await here.reconcile(WANTED)
            assert await finished(here)

    run(scenario())


def test_a_client_without_a_sink_is_born_in_one_write_and_its_secret_is_dropped() -> None:
    async def scenario() -> None:
        app = {
            "key": "app",
            "grantType": "CODE",
            "redirectUris": ["https://app.example/cb"],
            "scopes": ["routing"],
        }
        async with world() as here:
            report = await here.reconcile(manifests(owner("acme", client=[app])))
            assert [each for each in here.written() if CLIENTS in each] == [f"POST {CLIENTS}"]
            row = here.rows(CLIENTS)["acme-app"]
        marker = split(row["description"])[1]
        assert (row["state"], marker.nonce if marker else None) == ("active", "")
        birth = outcome(report, "acme/client/app")
        assert (birth.result, birth.note) == ("done", "")
        assert here.sink.held == {}

    run(scenario())


def test_a_token_that_never_comes_leaves_the_birth_unconfirmed() -> None:
    async def scenario() -> None:
        async with world() as here:
            plan = await here.plan(WANTED)
            here.sim.faults(
                [
                    {
                        "kind": "status",
                        "status": 400,
                        "code": "invalid_client",
                        "path": "/oauth/token",
                        "nth": 2,  # the first is our own client's, for what it borrowed
                        "times": None,
                    }
                ]
            )
            report = await here.apply(plan)
        assert results(report)[CLIENT] == "unconfirmed"
        assert report.results("unconfirmed")[0].error == "the delivered secret got no token within 120 s"

    run(scenario())


@pytest.mark.parametrize("broken", [False, True], ids=["delivered", "not delivered"])
def test_a_secret_is_told_to_nobody_but_the_sink(broken: bool, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario() -> None:
        async with world() as here:
            here.sink.breaks = broken
            report = await here.reconcile(WANTED)
            secrets = list(here.sim.org.secrets.values())
        printed = capsys.readouterr()
        told = [repr(report), json.dumps(document(report)), *here.diary.lines, printed.out, printed.err]
        assert len(secrets) == 2
        assert [secret for secret in secrets for text in told if secret in text] == []

    run(scenario())


def test_the_region_the_hosts_and_the_moment_go_with_the_secret() -> None:
    async def scenario() -> None:
        made: list[datetime] = []
        async with world() as here:
            born = f"conclude {CLIENT}:create"
            here.diary.on = lambda line: made.append(LoopClock().now()) if line == born else None
            await here.reconcile(WANTED)
            credential = here.sink.last
        assert credential is not None and made == [credential.issued]
        assert (credential.region, credential.api_host, credential.login_host) == (
            ORG.region,
            "api.example",
            "login.example",
        )
        assert (str(credential.address), credential.nonce) == (CLIENT, "00000001")

    run(scenario())


@pytest.mark.parametrize("name", ["metrics", "app"], ids=["delivered", "without a sink"])
def test_a_secret_is_forgotten_with_its_last_use(name: str) -> None:
    """Other changes may take minutes more."""

    async def scenario() -> None:
        async with world() as here:
            kept: list[list[Secret]] = []

            def look(line: str) -> None:
                if line.startswith(f"finished acme/client/{name}"):
                    made, here.sink.last = set(here.sim.org.secrets.values()) - {"operator-secret"}, None
                    gc.collect()
                    secrets = [item for item in gc.get_objects() if isinstance(item, Secret)]
                    kept.append([item for item in secrets if item.reveal() in made])

            here.diary.on = look
            app = owner("acme", client=[{"key": "app", "grantType": "CODE"}])
            await here.reconcile(WANTED if name == "metrics" else manifests(app))
        assert kept == [[]]

    run(scenario())


def test_a_birth_that_was_answered_without_an_id_may_have_happened() -> None:
    """So it stays unresolved, and the next run waits until a list can show it."""

    async def scenario() -> list[tuple[str, bool]]:
        async with world() as here:
            here.diary = diary = Dated()
            write = here.api.write

            async def nameless(method: str, path: str, *given: Any, **named: Any) -> Any:
                answer = await write(method, path, *given, **named)
                return answer._replace(body={}) if path == CLIENTS else answer

            here.api.write = nameless  # type: ignore[method-assign]
            report = await here.reconcile(WANTED)
            assert (
                "answered without an id; it may or may not have been created" in outcome(report, CLIENT).error
            )
            assert not usable(here) and here.sink.held == {}
            return diary.heard

    assert [heard for error, heard in run(scenario()) if error] == [False]
