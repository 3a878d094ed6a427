"""The command sink: a real process that hears of the secret on its standard input, and nowhere else."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.errors import SinkError
from reconciler.model.secret import Destination, Held
from tests.secrets.rigs import Rig, command_rig, credential, opened

PLACE = Destination("safe", "acme/metrics")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    with command_rig(tmp_path, monkeypatch) as made:
        yield made


def saying(answer: str, seconds: int = 20) -> dict[str, object]:
    """A sink whose program prints this."""
    return {"program": sys.executable, "arguments": ["-ISc", f"print({answer!r})"], "seconds": seconds}


async def test_neither_arguments_nor_environment_hold_a_secret(rig: Rig, kept: Path) -> None:
    await rig.sink.reserve(PLACE)
    await rig.sink.deliver(PLACE, credential("made-up-one"))
    started = [json.loads(path.read_text()) for path in kept.glob("started-*.json")]
    assert len(started) == 2
    assert "made-up-one" not in repr(started)


async def test_it_gets_our_environment_without_our_own_credentials(rig: Rig, kept: Path) -> None:
    await rig.sink.reserve(PLACE)
    (started,) = [json.loads(path.read_text()) for path in kept.glob("started-*.json")]
    assert started["environment"]["PATH"] == "/usr/bin"
    assert not [
        name for name in started["environment"] if name.startswith(("GENESYSCLOUD", "RECONCILER", "PG"))
    ]


async def test_what_it_prints_when_it_fails_is_not_repeated(
    rig: Rig, kept: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (kept / "refuse").touch()
    with pytest.raises(SinkError, match="ended with 3; what it printed is not shown") as error:
        await rig.sink.deliver(PLACE, credential("made-up-one"))
    assert "made-up-one" not in "".join([str(error.value), *capfd.readouterr()])


async def test_one_that_hangs_is_ended_with_what_it_started(tmp_path: Path, rig: Rig, kept: Path) -> None:
    (kept / "hang").touch()
    script = Path(__file__).with_name("store.py")
    settings = {"program": sys.executable, "arguments": ["-IS", str(script), str(kept)], "seconds": 1}
    sink, _ = opened("command", settings, {})
    with pytest.raises(SinkError, match="took more than 1 s"):
        await sink.reserve(PLACE)
    assert is_gone(int((kept / "child").read_text()))


def is_gone(process: int) -> bool:
    """Within two seconds; somebody has to collect it."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


async def test_arguments_go_as_they_stand_without_a_shell(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    words = [f"; touch {mark}", "$(id)", "*"]
    check = "import sys; sys.exit(sys.argv[1:] != " + repr(words) + ")"
    settings = {"program": sys.executable, "arguments": ["-ISc", check, *words], "seconds": 20}
    await opened("command", settings, dict(os.environ))[0].reserve(PLACE)
    assert not mark.exists()


@pytest.mark.parametrize("answer", ["", "made-up-one", "[]", "{}", '{"holds": 1}'])
async def test_an_answer_that_is_none_is_refused_without_a_quotation(answer: str) -> None:
    with pytest.raises(SinkError, match='gave no answer to "status"') as error:
        await opened("command", saying(answer), {})[0].status(PLACE)
    assert "made-up" not in str(error.value)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ('{"held": null}', None),
        ('{"held": {}}', Held()),
        ('{"held": {"clientId": 5, "version": 7, "issuedAt": "soon"}}', Held()),
        ('{"held": {"clientId": "id-1", "version": "v3"}}', Held("id-1", version="v3")),
    ],
)
async def test_it_tells_as_much_as_it_knows(answer: str, told: Held | None) -> None:
    assert await opened("command", saying(answer), {})[0].status(PLACE) == told


async def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    settings = {"program": str(tmp_path / "none"), "arguments": [], "seconds": 5}
    with pytest.raises(SinkError, match="cannot be started: No such file") as error:
        await opened("command", settings, {})[0].reserve(PLACE)
    assert "`program`" in error.value.remedy


async def test_a_program_that_does_not_listen_may_still_succeed(tmp_path: Path) -> None:
    """What it never read is its own affair: it says that it has stored it."""
    settings = {"program": "/bin/true", "arguments": [], "seconds": 5}
    await opened("command", settings, {})[0].deliver(PLACE, credential("x" * 200_000))
