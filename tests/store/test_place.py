"""RECONCILER_STATE says where records are kept; what may be a password is never said again."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import JournalError, UsageError
from reconciler.store.archive import Archive
from reconciler.store.place import File, Nowhere, Server, place_of
from reconciler.store.state import state
from tests.store.kept import journal, now


def test_an_empty_setting_is_the_users_state_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/dana")
    below = "reconciler/history.sqlite"
    assert place_of("", {"XDG_STATE_HOME": "/var/state"}) == File(Path("/var/state", below))
    assert place_of("", {}) == File(Path("/home/dana/.local/state", below))
    assert place_of("", {"XDG_STATE_HOME": "not/absolute"}) == File(Path("/home/dana/.local/state", below))


def test_a_path_is_a_file_and_off_is_nowhere() -> None:
    assert place_of("records/runs.db", {}) == File(Path("records/runs.db"))
    assert place_of("off", {}) == Nowhere()


def test_without_a_home_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    with pytest.raises(UsageError, match="no home directory") as refused:
        place_of("", {})
    assert "RECONCILER_STATE" in refused.value.remedy


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:CANARY@db.example/x", "postgresql://db.example:5432/x"),
        ("postgres://u:CANARY@db.example:6000/x?sslmode=require", "postgresql://db.example:6000/x"),
        ("postgresql:///x?host=/run/pg&password=CANARY", "postgresql:///run/pg:5432/x"),
        ("postgresql://CANARY@/x?port=6000", "postgresql://localhost:6000/x"),
        ("postgresql://u:CANARY@[::1]:6000/x", "postgresql://::1:6000/x"),
    ],
)
def test_a_servers_url_is_shown_without_what_is_secret(url: str, shown: str) -> None:
    place = place_of(url, {})
    assert isinstance(place, Server)
    assert (place.url, place.shown) == (url, shown)
    assert "CANARY" not in f"{place!r} {state(url, {}, now)!r}"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:CANARY@db.example/x",
        "postgresql://u:CANARY@db.example:port/x",
        "postgresql://u:CANARY@[::1/x",
        "postgresql+asyncpg://u:CANARY@db.example/x",
        "postgresql://u:/CANARY@db.example/x",
        "postgresql://u:12/CANARY@db.example/x",
        "postgresql://u:12?CANARY@db.example/x",
        "postgresql://u:12#CANARY@db.example/x",
        "postgresql://u:p@CANARY@db.example/x",
        "postgresql://u:p@s:CANARY@db.example/x",
        "postgresql://u:12\tCANARY@db.example/x",
        "postgresql://db.example:5432/x?password=CANARY@1",
        "postgresql:///x?password=12#CANARY",
        "postgresql://CANARY:/x",
        "postgresql://:[::1]",
        "postgresql://u:CANARY@:[::1]/x",
        "postgresql://u:CANARY@[::1]x/y",
        "postgresql://u:CANARY@[::1]:[::1]/x",
    ],
)
def test_a_url_that_we_cannot_use_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(UsageError, match="RECONCILER_STATE is a") as refused:
        place_of(url, {})
    assert "CANARY" not in str(refused.value) and "postgresql://" in refused.value.remedy


@pytest.mark.parametrize("query", ["", "?connect_timeout=CANARY", "?nonsense=CANARY", "?sslmode=CANARY"])
def test_a_server_that_is_not_there_is_told_without_its_password(query: str) -> None:
    place = place_of(f"postgresql://dana:CANARY@127.0.0.1:1/x{query}", {})
    assert isinstance(place, Server)
    for use in (lambda: journal(place), lambda: Archive(place).newest("", 1)):
        with pytest.raises(JournalError, match=r"postgresql://127\.0\.0\.1:1/x") as refused:
            use()
        assert "CANARY" not in str(refused.value) and "`off`" in refused.value.remedy
        assert refused.value.__cause__ is None and refused.value.__suppress_context__


def test_a_database_that_is_not_there_is_named(server: str) -> None:
    place = place_of(server.replace("/postgres?", "/is-not-there?"), {})
    assert isinstance(place, Server)
    with pytest.raises(JournalError, match='database "is-not-there" does not exist'):
        journal(place)


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    place = place_of("postgresql://dana:CANARY@127.0.0.1:1/x", {})
    assert isinstance(place, Server)
    with pytest.raises(JournalError) as refused:
        journal(place)
    assert "genesyscloud-reconciler[postgres]" in refused.value.remedy
    assert "CANARY" not in str(refused.value)
