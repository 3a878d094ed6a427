"""Logs go to stderr, in the clothing that fits, and give nothing away."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from reconciler.model.secret import Secret
from reconciler.telemetry.logs import _Libraries, configure

CANARY = "CANARY-4711"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[Any]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("verbose", "heard"), [(0, ["w"]), (1, ["i", "w"]), (2, ["d", "i", "w"]), (7, ["d", "i", "w"])]
)
def test_more_v_more_log(verbose: int, heard: list[str]) -> None:
    stream = io.StringIO()
    configure(verbose, stream=stream)
    log = structlog.get_logger()
    log.debug("d")
    log.info("i")
    log.warning("w")

    assert [line["event"] for line in lines(stream)] == heard


def test_logs_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    configure(1)
    structlog.get_logger().info("hello", org="northwind")

    shown = capsys.readouterr()
    assert shown.out == ""
    assert json.loads(shown.err) | {"event": "hello", "level": "info", "org": "northwind"} == json.loads(
        shown.err
    )


def test_a_terminal_gets_lines_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    configure(1, stream=stream)
    structlog.get_logger().info("operation applied", calls=1)

    assert "operation applied" in stream.getvalue()
    assert "calls=1" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("make", [io.StringIO, Terminal], ids=["json", "terminal"])
def test_a_traceback_shows_no_local_variables(make: type[io.StringIO]) -> None:
    stream = make()
    configure(0, stream=stream)
    held = CANARY[::-1][::-1]
    try:
        int("x" + held[:0])
    except ValueError:
        structlog.get_logger().exception("it failed")

    assert "ValueError" in stream.getvalue()
    assert CANARY not in stream.getvalue()


@pytest.mark.parametrize("make", [io.StringIO, Terminal], ids=["json", "terminal"])
def test_what_is_called_like_a_secret_is_hidden(make: type[io.StringIO]) -> None:
    stream = make()
    configure(0, stream=stream)
    structlog.get_logger().warning("x", clientSecret=CANARY, Authorization=CANARY, held=Secret(CANARY))

    assert CANARY not in stream.getvalue()


@pytest.mark.parametrize("make", [io.StringIO, Terminal], ids=["json", "terminal"])
def test_text_from_outside_cannot_act_on_a_terminal(
    make: type[io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stream = make()
    configure(0, stream=stream)
    structlog.get_logger().warning("x", name="evil\x1b[2J\n::add-mask::\x9b")

    assert len(stream.getvalue().splitlines()) == 1
    assert not {"\x1b", "\x9b"} & set(stream.getvalue())


@pytest.mark.parametrize("make", [io.StringIO, Terminal], ids=["json", "terminal"])
def test_what_libraries_log_takes_the_same_way(
    make: type[io.StringIO], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nobody listens, Python prints it as it came, with whatever it quotes."""
    monkeypatch.setenv("NO_COLOR", "1")
    stream, held = make(), Secret(CANARY)
    configure(0, stream=stream)
    try:
        raise RuntimeError(f"no answer to ?token={CANARY}\x1b[2J\n::error::x")
    except RuntimeError:
        logging.getLogger("pool").exception("lost %s", CANARY)
    ours = next(each for each in logging.getLogger().handlers if isinstance(each, _Libraries))
    ours.emit(logging.makeLogRecord({"levelno": 30, "msg": "broken %d", "args": ("pattern",)}))
    logging.getLogger("pool").info("not asked for")
    configure(0, stream=stream)
    logging.getLogger("pool").error("once")

    text = stream.getvalue()
    assert "RuntimeError" in text and "broken %d" in text and text.count("once") == 1
    assert CANARY not in text and "\x1b" not in text and "\n::" not in text and "asked for" not in text
    assert capsys.readouterr().err == ""
    del held


@pytest.mark.parametrize("make", [io.StringIO, Terminal], ids=["json", "terminal"])
def test_a_secret_is_hidden_wherever_it_stands(make: type[io.StringIO]) -> None:
    """Inside of something, and under an innocent name."""
    stream, held = make(), Secret(CANARY)
    configure(0, stream=stream)
    event = {"body": {"a": [CANARY, CANARY.encode()], "password": "x7"}, "path": f"/x?y={CANARY}"}
    structlog.get_logger().warning("x", **event, number=1, yes=True, nothing=None)

    assert CANARY not in stream.getvalue() and "x7" not in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 1
    del held
