"""Where secrets may go: one place per client that no other tenant can name, and nothing else can be said."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from reconciler.loading.sink_spec import AnySink, apart
from reconciler.model.address import NAME_PATTERN
from reconciler.secrets.github import _name

SINKS: TypeAdapter[Any] = TypeAdapter(AnySink)
FILE = {"type": "file", "path": "{tenant}/{key}"}
names = st.from_regex(re.compile(f"^{NAME_PATTERN}\\Z"))
words = st.lists(st.sampled_from(["a", "b", "x", "0"]), min_size=3, max_size=6)
TEMPLATES = [
    "{tenant}/{key}",
    "{key}/{tenant}",
    "a/{tenant}/{key}",
    "a/{key}/{tenant}",
    "b/{tenant}.{key}",
    "{key}/{tenant}.x",
]
fences = st.text("ax0-A/._", max_size=3)


def accepts(**sink: Any) -> bool:
    try:
        SINKS.validate_python(sink)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "path",
    ["{tenant}/{key}", "x-{tenant}/{key}.json", "{tenant}_{key}", "{key}.{tenant}", "{tenant}a/b{key}"],
)
def test_a_path_whose_names_are_kept_apart_will_do(path: str) -> None:
    assert accepts(type="file", path=path)


@pytest.mark.parametrize(
    "path",
    ["{tenant}{key}", "{tenant}-{key}", "{key}x{tenant}", "{tenant}/{key}-{tenant}", "{tenant}0A{key}"],
)
def test_a_path_in_which_a_key_could_reach_into_another_tenants_name_is_refused(path: str) -> None:
    assert not accepts(type="file", path=path)


@given(words=words, between=fences, more=fences, twice=st.booleans())
def test_two_clients_never_share_a_place(words: list[str], between: str, more: str, twice: bool) -> None:
    """The nearest miss: the same letters, divided otherwise among tenant and key."""
    path = f"x{{tenant}}{between}{{key}}" + (f"{more}{{tenant}}.json" if twice else "")
    assume(accepts(type="file", path=path))
    pairs = [("-".join(words[:cut]), "-".join(words[cut:])) for cut in range(1, len(words))]
    assert len({path.format(tenant=tenant, key=key) for tenant, key in pairs}) == len(pairs)


@given(one=st.tuples(names, names), other=st.tuples(names, names))
def test_two_clients_never_share_a_name_on_github(one: tuple[str, str], other: tuple[str, str]) -> None:
    assume(one != other and not any("--" in name for name in (*one, *other)))
    assert _name("BPO_{}__{}".format(*one)) != _name("BPO_{}__{}".format(*other))


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "../{tenant}/{key}"},
        {"path": "/{tenant}/{key}"},
        {"path": "{tenant}/{key}/{other}"},
        {"path": "{tenant}//{key}"},
        {"path": "{tenant.__class__}/{key}"},
        {"path": "{tenant}/{key}\n"},
    ],
    ids=lambda wrong: repr(wrong["path"]),
)
def test_a_path_is_only_what_it_should_be(wrong: dict[str, str]) -> None:
    assert accepts(**FILE) and not accepts(**FILE | wrong)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("aws", "region", "https://evil.example"),
        ("aws", "region", "eu-central-1.evil"),
        ("github", "repository", "a/b/c"),
        ("github", "repository", "../b"),
        ("github", "path", "{tenant}__{key}"),
        ("github", "path", "GITHUB_{tenant}__{key}"),
        ("github", "path", "BPO_{tenant}_{key}"),
        ("command", "program", "store"),
        ("command", "program", "./store"),
        ("command", "program", "/opt/{tenant}/store"),
        ("command", "arguments", ["{key}"]),
        ("command", "seconds", 0),
        ("vault", "mount", "../sys"),
    ],
)
def test_what_a_secret_could_go_astray_by_cannot_be_said(kind: str, field: str, value: Any) -> None:
    right: dict[str, dict[str, Any]] = {
        "aws": {"region": "eu-central-1", "path": "{tenant}/{key}"},
        "github": {"repository": "a/b", "path": "BPO_{tenant}__{key}"},
        "command": {"program": "/opt/store", "path": "{tenant}/{key}"},
        "vault": {"mount": "kv", "path": "{tenant}/{key}"},
    }
    sink = {"type": kind, **right[kind]}
    assert accepts(**sink) and not accepts(**sink | {field: value})


def sinks(*paths: str, **more: Any) -> list[Any]:
    return [SINKS.validate_python({"type": "file", "path": path, **more}) for path in paths]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{tenant}/{key}", "{key}/{tenant}"),
        ("bpo/{tenant}/{key}", "{tenant}/x/{key}"),
        ("a/{tenant}/{key}", "a/{key}/{tenant}.json"),
        ("{tenant}/{key}.json", "{tenant}/{key}"),
    ],
)
def test_two_paths_by_which_two_clients_could_meet_in_one_store_are_not_apart(one: str, other: str) -> None:
    assert not apart(*sinks(one, other)) and not apart(*sinks(other, one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{tenant}/{key}", "{tenant}/{key}"),
        ("bpo/{tenant}/{key}", "prod/{key}/{tenant}"),
        ("{tenant}/{key}.json", "{key}/{tenant}.txt"),
    ],
)
def test_the_same_path_and_those_that_begin_or_end_differently_are_apart(one: str, other: str) -> None:
    assert apart(*sinks(one, other))


def test_two_stores_are_apart_and_a_setting_that_chooses_none_does_not_make_two() -> None:
    vaults = [SINKS.validate_python({"type": "vault", "mount": m, "path": p}) for m, p in TWO]
    assert apart(*vaults)
    kept = SINKS.validate_python({"type": "file", "path": TWO[1][1], "persistent": True})
    assert not apart(sinks(TWO[0][1])[0], kept)


TWO = (("kv", "{tenant}/{key}"), ("other", "{key}/{tenant}"))


@given(one=words, paths=st.tuples(*[st.sampled_from(TEMPLATES)] * 2))
def test_no_two_clients_of_sinks_that_are_apart_share_a_place(one: list[str], paths: tuple[str, str]) -> None:
    assume(apart(*sinks(*paths)))
    pairs = [("-".join(one[:at]), "-".join(one[at:])) for at in range(1, len(one))]
    swapped = [(key, tenant) for tenant, key in pairs]
    clients = set(pairs + swapped)
    places = {
        (path.format(tenant=tenant, key=key), (tenant, key)) for path in paths for tenant, key in clients
    }
    assert len({place for place, _ in places}) == len(places)
