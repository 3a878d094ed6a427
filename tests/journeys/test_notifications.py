"""`RECONCILER_WEBHOOK`: what is new is told once, without a secret, and no exit code depends on it."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.journeys.test_drift_command import QUEUES, grant, widen
from tests.journeys.world import World

TOKEN = "hook-CANARY-4711-secret"


class Listener(ThreadingHTTPServer):
    """A receiver on loopback that answers as it is told to."""

    status = 204

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.seen: list[tuple[str, str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/in/{TOKEN}"

    def events(self) -> list[Any]:
        """What came since this was asked last."""
        found, self.seen = self.seen, []
        return [event for _, _, event in found]

    def types(self) -> list[tuple[str, str]]:
        return [(each["type"].partition(".")[2], each["subject"]) for each in self.events()]


class _Taking(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, self.headers["Content-Type"], json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_given: Any) -> None:
        """Nothing is printed."""


@pytest.fixture
def receiver() -> Iterator[Listener]:
    listener = Listener()
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
    thread.start()
    yield listener
    listener.shutdown()
    listener.server_close()
    thread.join()


@pytest.fixture
def watched(settled: World, receiver: Listener) -> World:
    """Northwind at rest, with somebody who wants to be told."""
    settled.patch.setenv("RECONCILER_WEBHOOK", receiver.url)
    return settled


def test_drift_is_told_once_until_it_is_gone_and_again_when_it_is_back(
    watched: World, receiver: Listener, store: str
) -> None:
    assert watched.run("drift").code == 0 and receiver.events() == []
    widen(watched, QUEUES, "routing:queue:edit")
    assert watched.run("drift").code == 2
    (told,) = receiver.events()
    assert (told["type"], told["subject"]) == ("genesyscloud-reconciler.drift.found", "org")
    assert [each["address"] for each in told["data"]["objects"]] == ["org/role/queue-metrics"]
    watched.run("drift")
    again = receiver.events()
    assert again == ([] if store == "kept" else [{**told, "run": again[0]["run"], "time": again[0]["time"]}])
    watched.settle()
    assert [kind for kind, _ in receiver.types()] == ["changes.applied"]
    watched.run("drift")
    widen(watched, QUEUES, "routing:queue:edit")
    watched.run("drift")
    assert receiver.types() == [("drift.found", "org")]


def test_an_event_is_a_cloud_event_and_says_nothing_that_is_typed_into_the_organisation(
    watched: World, receiver: Listener
) -> None:
    grant(watched, "acme-retail-metrics", QUEUES, "GLOBEX")
    ran = watched.run("drift")
    (path, media, told), *more = receiver.seen
    assert ran.code == 8 and not more and path.endswith(TOKEN)
    assert media.startswith("application/cloudevents+json")
    assert (told["specversion"], told["source"]) == ("1.0", "/organisations/northwind")
    assert re.fullmatch(r"[0-9a-f]{64}", told["id"]) and told["time"].endswith("Z")
    assert told["type"].endswith("leak.found") and told["subject"] == "acme-retail"
    text = json.dumps(told)
    assert "GLOBEX" not in text and QUEUES not in text and "operator-secret" not in text
    assert TOKEN not in ran.out + ran.err + text


@pytest.mark.full
def test_the_same_news_has_the_same_id_all_day(watched: World, receiver: Listener) -> None:
    watched.patch.setenv("RECONCILER_STATE", "off")
    widen(watched, QUEUES, "routing:queue:edit")
    ids = []
    for days in (0, 0, 1):
        watched.let_pass(days)
        watched.run("drift")
        ids += [each["id"] for each in receiver.events()]
    assert len(ids) == 3 and ids[0] == ids[1] != ids[2]


@pytest.mark.full
def test_what_was_withheld_and_what_was_applied_are_told(
    make_world: Callable[..., World], receiver: Listener
) -> None:
    world = make_world()
    world.sim.edit("POST", "/api/v2/authorization/divisions", {"name": "ACME-US"})
    world.patch.setenv("RECONCILER_WEBHOOK", receiver.url)
    ran = world.apply()
    told = receiver.events()
    assert ran.code == 4
    applied = [each for each in told if each["type"].endswith("changes.applied")]
    withheld = [each for each in told if each["type"].endswith("changes.withheld")]
    assert len(applied) == 1 and applied[0]["data"]["summary"]["created"] > 10
    assert applied[0]["data"]["runId"] == applied[0]["run"]
    guards = {(item["address"], item["guard"]) for each in withheld for item in each["data"]["changes"]}
    assert ("acme-retail/division/us", "conflict") in guards


@pytest.mark.full
def test_a_run_that_failed_is_told_and_ends_no_drift(watched: World, receiver: Listener, store: str) -> None:
    widen(watched, QUEUES, "routing:queue:edit")
    watched.run("drift")
    receiver.events()
    watched.sign_in("operator", "wrong-secret-4711")
    assert watched.run("drift").code == 7
    (failed,) = receiver.events()
    assert failed["type"].endswith("run.failed") and failed["data"]["exitCode"] == 7
    assert "wrong-secret-4711" not in json.dumps(failed)
    watched.sign_in("operator", "operator-secret")
    watched.run("drift")
    assert len(receiver.events()) == (0 if store == "kept" else 1)


def test_unreadable_manifests_are_told_again_after_they_were_mended(
    watched: World, receiver: Listener
) -> None:
    good, bad = "  prune: false", "  prune: perhaps"
    failed = [("run.failed", "drift")]
    for was, now, told in [(good, bad, failed), (bad, good, []), (good, bad, failed)]:
        watched.change("org.yaml", was, now)
        assert watched.run("drift").code == (3 if told else 0)
        assert receiver.types() == told


@pytest.mark.full
@pytest.mark.parametrize("status", [500, 302, 400])
def test_what_is_not_taken_is_told_by_the_next_run_and_changes_no_code(
    watched: World, receiver: Listener, status: int
) -> None:
    widen(watched, QUEUES, "routing:queue:edit")
    receiver.status = status
    ran = watched.run("drift")
    assert ran.code == 2 and f"1 of 1 events were not taken by 127.0.0.1: it answered {status}" in ran.err
    assert len(receiver.events()) == 1  # no redirect is followed
    receiver.status = 204
    watched.run("drift")
    assert receiver.types() == [("drift.found", "org")]


@pytest.mark.full
def test_nobody_there_is_said_without_the_url(settled: World) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        settled.patch.setenv("RECONCILER_WEBHOOK", f"http://127.0.0.1:{taken.getsockname()[1]}/{TOKEN}")
        widen(settled, QUEUES, "routing:queue:edit")
        ran = settled.run("-vv", "drift")
    assert ran.code == 2 and "no connection (ConnectionRefusedError)" in ran.err
    assert TOKEN not in ran.err + ran.out


def test_who_keeps_silent_is_waited_for_once_and_told_the_rest_by_the_next_run(
    watched: World, receiver: Listener
) -> None:
    widen(watched, QUEUES, "routing:queue:edit")
    grant(watched, "acme-retail-metrics", QUEUES, "GLOBEX")
    with socket.create_server(("127.0.0.1", 0)) as hung, watched.patch.context() as patch:
        patch.setattr("reconciler.telemetry.webhook.SECONDS", 0.05)
        patch.setenv("RECONCILER_WEBHOOK", f"http://127.0.0.1:{hung.getsockname()[1]}/{TOKEN}")
        ran = watched.run("drift")
        assert ran.code == 8 and "2 of 2 events were not taken" in ran.err
        assert "127.0.0.1: no answer (TimeoutError)" in ran.err and _waiting(hung) == 1
    receiver.status = 400
    watched.run("drift")
    assert len(receiver.events()) == 2  # who answers is told of each
    receiver.status = 204
    watched.run("drift")
    assert {subject for _, subject in receiver.types()} == {"acme-retail", "org"}


def _waiting(hung: socket.socket) -> int:
    """How many connected to a socket that accepts nobody."""
    hung.setblocking(False)
    found = 0
    with suppress(BlockingIOError):
        while True:
            hung.accept()[0].close()
            found += 1
    return found


@pytest.fixture
def babbling() -> Iterator[str]:
    """Where somebody listens who does not speak HTTP."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65_536)
                    connection.sendall(b"\x00\x07 no such thing\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/{TOKEN}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_no_answer_masks_a_leak_or_a_success_or_prints_the_url(settled: World, babbling: str) -> None:
    """What listens answers in no HTTP."""
    settled.patch.setenv("RECONCILER_WEBHOOK", babbling)
    grant(settled, "acme-retail-metrics", QUEUES, "GLOBEX")
    leaking = settled.run("-vv", "drift")
    assert leaking.code == 8 and "no answer (BadStatusLine)" in leaking.err
    mended = settled.apply("--deep")
    assert mended.code == 0 and "no answer (BadStatusLine)" in mended.err
    assert TOKEN not in leaking.out + leaking.err + mended.out + mended.err


def test_a_leak_is_told_where_the_place_to_remember_is_misspelt(watched: World, receiver: Listener) -> None:
    grant(watched, "acme-retail-metrics", QUEUES, "GLOBEX")
    watched.patch.setenv("RECONCILER_STATE", "mysql://db.example/state")
    ran = watched.run("drift")
    assert ran.code == 8 and "what was told before is not known" in ran.err
    assert receiver.types() == [("leak.found", "acme-retail")]


def test_whatever_goes_wrong_in_telling_is_one_line_beside_the_run(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any) -> Any:
        raise RuntimeError(TOKEN)

    monkeypatch.setattr("reconciler.cli.telling.notify", broken)
    monkeypatch.setattr("reconciler.telemetry.measuring.samples", broken)
    settled.patch.setenv("RECONCILER_WEBHOOK", "https://hooks.example/x")
    grant(settled, "acme-retail-metrics", QUEUES, "GLOBEX")
    ran = settled.run("drift", "--metrics", str(settled.place / "run.prom"))
    assert ran.code == 8 and TOKEN not in ran.out + ran.err
    assert ran.err.count("a bug (RuntimeError)") == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x",
        "hooks.example",
        "https://",
        "ftp://hooks.example/",
        "https://[x",
        "https://a:b/",
        "https://hooks.example/x y",
        "https://hooks.example/x\ty",
        "https://hooks.example/x\u0085",
    ],
)
def test_what_is_no_such_url_is_refused_before_anything_is_asked(world: World, url: str) -> None:
    world.patch.setenv("RECONCILER_WEBHOOK", url)
    before = len(world.sim.requests)
    ran = world.apply()
    assert (ran.code, len(world.sim.requests)) == (1, before)
    assert "is no URL that events could be sent to" in ran.err and "hooks.example/x" not in ran.err


@pytest.mark.full
def test_the_url_may_lie_in_a_file(settled: World, receiver: Listener) -> None:
    (settled.place / "webhook.url").write_text(f"{receiver.url}\n", "utf-8")
    settled.patch.setenv("RECONCILER_WEBHOOK_FILE", "webhook.url")
    widen(settled, QUEUES, "routing:queue:edit")
    settled.run("drift")
    assert receiver.types() == [("drift.found", "org")]


@pytest.mark.full
def test_who_only_asks_tells_nobody(watched: World, receiver: Listener) -> None:
    widen(watched, QUEUES, "routing:queue:edit")
    assert watched.run("plan").code == 0 and watched.run("secrets", "status").code == 0
    assert receiver.events() == []


@pytest.mark.full
def test_a_memory_that_cannot_be_used_is_said_and_all_is_told(watched: World, receiver: Listener) -> None:
    watched.history.parent.mkdir(exist_ok=True)
    watched.patch.setenv("RECONCILER_STATE", str(watched.history))
    watched.history.write_bytes(b"no database at all" * 100)
    widen(watched, QUEUES, "routing:queue:edit")
    ran = watched.run("drift")
    assert ran.code == 2 and "what was told before is not known" in ran.err
    assert receiver.types() == [("drift.found", "org")]
