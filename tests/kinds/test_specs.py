"""What an author may say, what it means, and every way in which one entry alone can be wrong."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from reconciler.kinds import REGISTRY
from reconciler.model.access import DeclaredGrant, Share

SHARE = {"reason": "r", "owner": "o", "expires": "2027-06-30"}
SINK = {"sink": "vault"}
CODE = {"grantType": "CODE", "redirectUris": ["https://a"]}


def spec(kind: str, **said: Any) -> Any:
    return REGISTRY[kind].spec.model_validate({"key": "k", **said})


def problems(kind: str, **said: Any) -> list[tuple[str, tuple[str | int, ...]]]:
    found = REGISTRY[kind].declare(spec(kind, **said), "acme", frozenset()).problems
    assert all(item.message and item.remedy for item in found)
    return [(item.rule, item.steps) for item in found]


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        ("division", {"name": "D"}, []),
        ("division", {}, [("manifest/missing-field", ())]),
        ("role", {"name": "R", "permissions": ["a:b:c"]}, []),
        ("role", {}, [("manifest/missing-field", ()), ("manifest/missing-field", ())]),
        ("role", {"existing": {"name": "S"}}, []),
        ("role", {"existing": {"id": "00000000-0000-4000-8000-00000000000a"}}, []),
        ("role", {"existing": {}}, [("manifest/existing", ("existing",))]),
        (
            "role",
            {"existing": {"name": "S"}, "name": "R", "permissions": ["a:b:c"]},
            [("manifest/existing", ("name",)), ("manifest/existing", ("permissions",))],
        ),
        ("client", {"secret": SINK}, []),
        ("client", {}, [("manifest/no-sink", ())]),
        ("client", {"secret": {"sink": "external"}}, [("manifest/external-sink", ("secret", "sink"))]),
        ("client", {"secret": {"sink": "external"}, "adopt": True}, []),
        ("client", {"secret": SINK, "scopes": ["users"]}, [("manifest/credentials-client", ("scopes",))]),
        (
            "client",
            {"secret": SINK, "redirectUris": ["https://a"]},
            [("manifest/credentials-client", ("redirectUris",))],
        ),
        ("client", CODE, []),
        ("client", {"grantType": "CODE"}, [("manifest/code-client", ())]),
        (
            "client",
            {**CODE, "grants": [{"role": "r", "divisions": "own"}]},
            [("manifest/code-client", ("grants",))],
        ),
    ],
)
def test_an_entry_alone_is_right_or_says_what_is_wrong(kind: str, said: Any, expected: Any) -> None:
    assert problems(kind, **said) == expected


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("division", {"key": "Upper"}),
        ("division", {"name": ""}),
        ("division", {"name": "   "}),
        ("division", {"name": "D", "colour": "red"}),
        ("division", {"id": "not-an-id"}),
        ("division", {"adopt": "yes"}),
        ("division", {"previously": "a/b/c/d"}),
        ("division", {"description": "x" * 501}),
        ("role", {"permissions": ["a:b"]}),
        ("role", {"permissions": ["a:b:*"]}),
        ("role", {"permissions": ["a:b:c", "a:b:c"]}),
        ("role", {"permissions": [{"permission": "a:b:c", "conditions": {}}]}),
        ("role", {"permissions": [{"permission": "a:b:c", "conditions": {"x": [1]}}] * 2}),
        ("client", {"tokenSeconds": 299}),
        ("client", {"tokenSeconds": 172_801}),
        ("client", {"tokenSeconds": "49h"}),
        ("client", {"tokenSeconds": True}),
        ("client", {"tokenSeconds": "1 h"}),
        ("client", {"grantType": "TOKEN"}),
        ("client", {"redirectUris": ["http://example.org"]}),
        ("client", {"grants": [{"role": "r", "divisions": []}]}),
        ("client", {"grants": [{"role": "r", "divisions": ["a", "a"]}]}),
        ("client", {"grants": [{"role": "r", "divisions": "all"}]}),
        (
            "client",
            {"grants": [{"role": "r", "divisions": "own", "share": {**SHARE, "expires": "2027-02-30"}}]},
        ),
        ("client", {"grants": [{"role": "r", "divisions": "own", "share": {**SHARE, "expires": "soon"}}]}),
        ("client", {"secret": {"sink": "vault", "rotate": {"afterDays": 0}}}),
    ],
)
def test_what_the_schema_refuses(kind: str, said: Any) -> None:
    with pytest.raises(ValidationError):
        spec(kind, **said)


@pytest.mark.parametrize(
    ("written", "seconds"), [(300, 300), ("1h", 3600), ("5m", 300), ("2d", 172_800), ("300s", 300)]
)
def test_a_duration_is_read_in_words_too(written: Any, seconds: int) -> None:
    assert spec("client", tokenSeconds=written).token_seconds == seconds


def test_one_permission_may_stand_with_and_without_a_condition() -> None:
    said = ["a:b:c", {"permission": "a:b:c", "conditions": {"z": 1, "a": 2}}]
    fields = REGISTRY["role"].declare(spec("role", name="R", permissions=said), "acme", frozenset()).fields
    assert fields["permissions"] == {("a:b:c", ""), ("a:b:c", '{"a":2,"z":1}')}


def test_white_space_around_texts_is_no_difference() -> None:
    """A YAML block ends with a line break, and the organisation would not give it back."""
    said = spec("division", name=" D ", description="two\nlines\n")
    assert (said.name, said.description) == ("D", "two\nlines")


def test_a_client_is_called_after_its_tenant_unless_told() -> None:
    declare = REGISTRY["client"].declare
    assert declare(spec("client", secret=SINK), "acme", frozenset()).fields["name"] == "acme-k"
    assert declare(spec("client", secret=SINK, name="n"), "acme", frozenset()).fields["name"] == "n"


def test_a_secret_looked_after_elsewhere_has_no_destination() -> None:
    declare = REGISTRY["client"].declare
    assert declare(spec("client", secret=SINK), "acme", frozenset()).sink == "vault"
    assert declare(spec("client", secret={"sink": "external"}), "acme", frozenset()).sink == ""
    assert declare(spec("client", **CODE), "acme", frozenset()).sink == ""


def test_grants_are_handed_on_as_written() -> None:
    said = spec(
        "client",
        grants=[{"role": "r", "divisions": "own"}, {"role": "o/s", "divisions": ["a"], "share": SHARE}],
    )
    assert REGISTRY["client"].grants(said) == (
        DeclaredGrant("r", "own", None, ("grants", 0)),
        DeclaredGrant("o/s", ("a",), Share(**SHARE), ("grants", 1)),
    )
    assert REGISTRY["role"].grants(spec("role")) == ()


# A profile's entry and a tenant's words


def merged(
    kind: str, base: dict[str, Any], tenant: dict[str, Any]
) -> tuple[Any, list[tuple[str | int, ...]]]:
    result, found = REGISTRY[kind].merge(spec(kind, **base), spec(kind, **tenant))
    assert {item.rule for item in found} <= {"manifest/profile-override"}
    return result, [item.steps for item in found]


def test_a_tenant_may_say_who_an_entry_is() -> None:
    identity = {
        "name": "N",
        "description": "d",
        "id": "00000000-0000-4000-8000-00000000000a",
        "adopt": True,
        "previously": "x",
    }
    result, refused = merged("client", {"secret": SINK, "tokenSeconds": 600}, identity)
    assert (result.name, result.adopt, result.token_seconds, refused) == ("N", True, 600, [])


def test_a_tenant_may_not_say_what_an_entry_may_do() -> None:
    result, refused = merged("client", {"secret": SINK}, {"tokenSeconds": 600, "secret": {"sink": "other"}})
    assert (result.token_seconds, result.secret.sink, refused) == (
        3600,
        "vault",
        [("secret",), ("tokenSeconds",)],
    )
    _, refused = merged("role", {"permissions": ["a:b:c"]}, {"permissions": ["a:b:d"]})
    assert refused == [("permissions",)]


OWN = {"role": "r", "divisions": "own"}


@pytest.mark.parametrize(
    ("base", "said", "refused"),
    [
        (OWN, {"role": "r", "divisions": ["us"]}, False),
        (OWN, {"role": "r", "divisions": "own"}, True),
        (OWN, {"role": "other", "divisions": ["us"]}, True),
        (OWN, {"role": "r", "divisions": ["org/shared"]}, True),
        (OWN, {"role": "r", "divisions": ["us"], "share": SHARE}, True),
        ({"role": "r", "divisions": ["us", "ca"]}, {"role": "r", "divisions": ["us"]}, True),
    ],
)
def test_own_may_be_narrowed_and_nothing_else(base: Any, said: Any, refused: bool) -> None:
    result, found = merged("client", {"grants": [base], "secret": SINK}, {"grants": [said]})
    kept = spec("client", grants=[base if refused else said]).grants
    assert (result.grants, found) == (kept, [("grants", 0)] if refused else [])
