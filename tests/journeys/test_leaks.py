"""No byte of any secret in anything that any command says or writes, whatever the organisation answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from reconciler.secrets.file import FileSink
from tests.journeys.canaries import DATABASE, OPERATOR, Canaries, secret_of
from tests.journeys.everything import SAY, SERVERS, commands, keep, lines
from tests.journeys.world import APPLY, World

Change = Callable[[httpx.Request, httpx.Response], httpx.Response]
Make = Callable[..., World]


@pytest.fixture
def store() -> str:
    """With a journal: it is searched too."""
    return "kept"


@pytest.fixture
def canaries(make_world: Make, monkeypatch: pytest.MonkeyPatch) -> Canaries:
    return Canaries(make_world, monkeypatch)


@pytest.fixture
def settled_canaries(canaries: Canaries) -> Canaries:
    assert canaries.run("-vv", *APPLY).code == 0
    assert len(canaries.secrets) > 8
    return canaries


def test_every_command_is_searched() -> None:
    """A new command fails here until `everything.SAY` says what is typed behind it."""
    assert set(SAY) == set(commands()) - SERVERS


def _type_all(canaries: Canaries, every: int = 1) -> None:
    keep(canaries.world, "before", "after")
    for number, line in enumerate(lines()):
        if number % every == 0:
            ran = canaries.run("-vv", *(word.format(new=f"new-{number}") for word in line))
            assert ran.code != 1, (line, ran.err)


def test_no_command_says_a_secret(settled_canaries: Canaries) -> None:
    _type_all(settled_canaries, every=14)
    assert settled_canaries.leaked() == []


@pytest.mark.full
@pytest.mark.timeout(180)
def test_no_command_in_any_format_says_a_secret(make_world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even of a vendor that shows secrets in every reading."""
    canaries = Canaries(make_world, monkeypatch, switches={"secret-on-get": "shown"})
    assert canaries.run("-vv", *APPLY).code == 0
    _type_all(canaries)
    assert canaries.world.history in canaries.files()
    assert canaries.leaked() == []


def _says(status: int, body: Any, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=body, headers=named)


def _error(status: int) -> Change:
    def change(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        told = secret_of(request, answer)
        message = f"cannot store {told} for this client"
        return _says(
            status, {"code": "x", "message": message, "error_description": message, "details": [told]}
        )

    return change


def _raw(make: Callable[[bytes], bytes], media: str = "application/json") -> Change:
    return lambda _, answer: httpx.Response(
        200, content=make(answer.content), headers={"Content-Type": media}
    )


UNWISE: dict[str, Change] = {
    "server-error": _error(500),
    "unavailable": _error(503),
    "bad-request": _error(400),
    "unauthorised": _error(401),
    "conflict": _error(409),
    "garbage": _raw(lambda content: b"\xff{" + content),
    "truncated": _raw(lambda content: content[:-2]),
    "web-page": _raw(lambda content: b"<p>" + content, "text/html"),
    "another-type": lambda request, answer: httpx.Response(
        200, content=answer.content, headers={"Content-Type": f"text/{secret_of(request, answer)}"[:90]}
    ),
    "redirect": lambda request, answer: httpx.Response(
        302, headers={"Location": f"http://127.0.0.1/?{quote(secret_of(request, answer))}"}
    ),
    "headers": lambda request, answer: _says(
        400, {"message": "no"}, inin_correlation_id=secret_of(request, answer)
    ),
    "elsewhere": lambda request, answer: _says(200, {"id": [secret_of(request, answer)], "entities": {}}),
}
"""What a server that quotes secrets makes of its own good answer."""

_FEW = ("bad-request", "truncated", "headers")
"""One that quotes it in words, one that we cannot read, one that hides it in a header."""


def _strikes(path: str, change: Change) -> Change:
    """On POSTs to `path` alone: everything before has to go well."""
    return lambda request, answer: (
        change(request, answer) if (request.method, request.url.path) == ("POST", path) else answer
    )


@pytest.mark.parametrize(
    "unwise", [pytest.param(each, marks=() if each in _FEW else pytest.mark.full) for each in UNWISE]
)
def test_no_answer_of_an_unwise_server_is_repeated(canaries: Canaries, unwise: str) -> None:
    for path in ("/api/v2/oauth/clients", "/oauth/token"):
        canaries.answers(_strikes(path, UNWISE[unwise]))
        ran = canaries.run("-vv", *APPLY, "--record", "records")
        assert ran.code in (5, 7), ran.err
    assert canaries.leaked() == []


@pytest.mark.full
@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(3))
def test_no_command_repeats_what_an_unwise_server_says(settled_canaries: Canaries, part: int) -> None:
    """Every answer is such a one, of the API and then of the login server too; each command fails its way."""
    for number, unwise in list(enumerate(UNWISE.values()))[part::3]:
        for start in ("/api", "/"):
            settled_canaries.answers(_from(start, unwise))
            for place, line in enumerate(lines()):
                if place % len(UNWISE) == number:
                    words = (word.format(new=f"new-{len(start)}{place}") for word in line)
                    assert "bug  " not in settled_canaries.run("-vv", *words).err
    assert settled_canaries.leaked() == []


def _from(start: str, change: Change) -> Change:
    return lambda request, answer: change(request, answer) if request.url.path.startswith(start) else answer


@pytest.mark.parametrize("verbose", [(), ("-v",), ("-vv",)], ids=["quiet", "v", "vv"])
def test_no_traceback_of_a_bug_says_a_secret(
    canaries: Canaries, monkeypatch: pytest.MonkeyPatch, verbose: tuple[str, ...]
) -> None:
    """Not even of one that quotes the very secret it held."""

    async def deliver(_: FileSink, destination: object, credential: Any) -> None:
        raise RuntimeError(f"cannot pack {json.dumps({'secret': credential.secret.reveal()})}")

    monkeypatch.setattr(FileSink, "deliver", deliver)
    for form in ("text", "json"):
        ran = canaries.run(*verbose, *APPLY, "-o", form, "--record", "records")
        assert ran.code == 5 and "RuntimeError" in ran.err
        assert ("cannot pack" in ran.err) == (verbose == ("-vv",))
    assert canaries.leaked() == []


def test_a_bug_before_any_write_says_none_either(canaries: Canaries, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*anything: Any, **more: Any) -> Any:
        raise RuntimeError(
            f"Authorization: Bearer {canaries.secrets[-1]}, secret {OPERATOR}\x1b[2J\n::error::x"
        )

    monkeypatch.setattr("reconciler.engine.cycle.make", broken)
    ran = canaries.run("-vv", "plan")
    assert ran.code == 1 and "RuntimeError" in ran.err and "Traceback" in ran.err
    assert "\x1b" not in ran.err and "\n::error" not in ran.err
    assert canaries.leaked() == []


def test_no_setting_is_repeated(canaries: Canaries) -> None:
    """A password in a URL, whether it is read, refused or not reached."""
    for url in (
        f"postgresql://me:{quote(DATABASE, safe='')}@127.0.0.1:9/journal",
        f"postgresql://127.0.0.1:9/journal?user=me&password={quote(DATABASE, safe='')}",
        f"mysql://me:{quote(DATABASE, safe='')}@127.0.0.1/journal",
        f"postgresql://me:{quote(DATABASE, safe='')}@127.0.0.1:port/journal",
    ):
        canaries.world.patch.setenv("RECONCILER_STATE", url)
        assert [canaries.run("-vv", *line).code for line in (APPLY, ("history",))] == [1, 1]
    for url in (
        f"https://me:{OPERATOR}@api.example",
        f"http://127.0.0.1/?{OPERATOR}",
        f"//{OPERATOR}",
        OPERATOR,
    ):
        assert canaries.run("-vv", "--endpoint", url, "plan").code == 1
    assert canaries.leaked() == []


def test_a_secret_in_a_file_that_cannot_be_read_stays_there(canaries: Canaries) -> None:
    place = canaries.world.place / "elsewhere"
    canaries.secrets.append(OPERATOR[:-9])
    place.write_bytes(OPERATOR.encode("latin-1"))  # not UTF-8: the error would hold all of it
    canaries.world.patch.setenv("GENESYSCLOUD_OAUTHCLIENT_SECRET_FILE", str(place))
    assert canaries.run("-vv", "plan").code == 1
    place.unlink()
    assert canaries.leaked() == []
