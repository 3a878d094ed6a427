"""Whatever a server does instead of what it should, it is told in words of ours, and never passed over."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.errors import SinkError
from reconciler.model.secret import Destination
from reconciler.ports import SecretSink
from tests.secrets.rigs import as_if_in_aws, credential, opened
from tests.support.certificate import self_signed
from tests.support.listener import Answered, Asked, Listener

CANARY = "CANARY-s3cr3t"
PLACE = {"vault": "bpo/acme/metrics", "aws": "bpo/acme/metrics", "github": "BPO_acme__metrics"}
KINDS = pytest.mark.parametrize("kind", PLACE)


class Scripted(Listener):
    """Answers everything in the same way."""

    def __init__(self, always: Callable[[Asked], Answered | None]) -> None:
        super().__init__()
        self.answer = always  # type: ignore[assignment,method-assign]


def connected(kind: str, url: str, patch: pytest.MonkeyPatch) -> SecretSink:
    as_if_in_aws(patch, url)
    settings = {"mount": "kv", "region": "eu-central-1", "repository": "northwind/pulls"}
    environment = {
        "VAULT_ADDR": url,
        "VAULT_TOKEN": "made-up-vault-token",
        "GITHUB_API_URL": url,
        "GITHUB_TOKEN": "made-up-github-token",
    }
    return opened(kind, settings, environment)[0]


async def refusal(kind: str, sink: SecretSink, deed: str = "reserve") -> SinkError:
    """What a deed on it ends with; its words hold nothing of the secret, the tokens or the server."""
    place = Destination("safe", PLACE[kind])
    with pytest.raises(SinkError) as error:
        await (sink.reserve(place) if deed == "reserve" else sink.deliver(place, credential(CANARY)))
    said = repr(error.value)
    for hidden in (CANARY, "made-up-vault-token", "made-up-github-token", "made-up-access-key", "ECHO"):
        assert hidden not in said
    assert error.value.remedy and error.value.__context__ is None
    return error.value


def echo(status: int, code: str = "") -> Callable[[Asked], Answered]:
    """A refusal that quotes the request, as servers do."""

    def answer(asked: Asked) -> Answered:
        words = f"ECHO {asked.body}"
        body = {"errors": [words], "message": words, "documentation_url": words, "__type": code}
        return Answered(status, body, {"x-amzn-errortype": code} if code else {})

    return answer


def elsewhere(_asked: Asked) -> Answered:
    return Answered(307, {"message": "ECHO"}, {"location": "http://127.0.0.1:9/v1/stolen"})


REFUSALS: list[tuple[str, Callable[[Asked], Answered | None], str]] = [
    ("vault", echo(403), "refuses the token"),
    ("vault", echo(404), "nothing is mounted there|may not create"),
    ("vault", echo(400), "refuses the request"),
    ("vault", echo(429), "asked too often"),
    ("vault", echo(500), "the server failed"),
    ("vault", echo(502), "the server failed"),
    ("vault", echo(503), "sealed or down"),
    ("vault", elsewhere, "sends us elsewhere"),
    ("vault", lambda _: Answered(200, ["ECHO"]), "sends us elsewhere"),
    ("vault", lambda _: Answered(200, {"ECHO": 1}), "unforeseen"),
    ("vault", lambda _: None, "cannot be reached"),
    ("aws", echo(400, "AccessDeniedException"), r"refuses the identity \(AccessDeniedException\)"),
    ("aws", echo(400, "ExpiredTokenException"), "refuses the identity"),
    ("aws", echo(400, "ThrottlingException"), "asked too often"),
    ("aws", echo(400, "EncryptionFailure"), r"refuses the request \(EncryptionFailure\)"),
    ("aws", echo(400, "ECHO the request"), "without a code"),
    ("aws", echo(500, "InternalServiceError"), "InternalServiceError"),
    ("aws", lambda _: None, "cannot be reached|cannot work"),
    ("github", echo(401), "refuses the token"),
    ("github", echo(403), r"refuses the request \(403\)"),
    ("github", echo(404), r"refuses the request \(404\)"),
    ("github", echo(422), r"refuses the request \(422\)"),
    ("github", echo(500), r"refuses the request \(500\)"),
    ("github", elsewhere, "unforeseen|renamed"),
    ("github", lambda _: None, "cannot be reached"),
]


@pytest.mark.parametrize("deed", ["reserve", pytest.param("deliver", marks=pytest.mark.full)])
@pytest.mark.parametrize(
    ("kind", "answer", "words"), REFUSALS, ids=[f"{kind}-{words[:24]}" for kind, _, words in REFUSALS]
)
async def test_a_refusal_is_told_without_a_word_of_the_server(
    kind: str,
    answer: Callable[[Asked], Answered | None],
    words: str,
    deed: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quick(monkeypatch)
    with Scripted(answer) as server:
        error = await refusal(kind, connected(kind, server.url, monkeypatch), deed)
        assert server.asked
    assert re.search(words, error.message), error.message


def quick(patch: pytest.MonkeyPatch) -> None:
    """One attempt: how long a library pauses between two is not ours to test."""
    import reconciler.secrets.aws

    patch.setattr(reconciler.secrets.aws, "_ATTEMPTS", 1)


@KINDS
async def test_a_server_that_does_not_answer_is_waited_for_only_so_long(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    monkeypatch.setattr(f"reconciler.secrets.{kind}.SECONDS", 1)  # PyGithub takes whole ones
    with Scripted(echo(500)) as server:
        server.hold.clear()
        error = await refusal(kind, connected(kind, server.url, monkeypatch))
    assert "no answer within" in error.message


@KINDS
async def test_a_server_that_is_not_there_is_told(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    error = await refusal(kind, connected(kind, "http://127.0.0.1:9", monkeypatch))
    assert "cannot be reached" in error.message


UNSAFE = [
    "http://192.0.2.7:8200",
    "http://vault.example",
    "http://127.0.0.1.example",
    "ftp://127.0.0.1",
    "https://somebody:pass@127.0.0.1",
    "https://127.0.0.1/?a=b",
]


@pytest.mark.parametrize("url", UNSAFE)
@KINDS
async def test_no_secret_travels_in_the_clear_or_with_a_password_in_its_address(
    kind: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = await refusal(kind, connected(kind, url, monkeypatch), "deliver")
    assert "no address that a secret may be sent to" in error.message


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 by an authority that nobody knows, with its key."""
    return self_signed(tmp_path_factory.mktemp("tls") / "both.pem")


@KINDS
async def test_a_server_whose_certificate_nobody_vouches_for_is_told_nothing(
    kind: str, stranger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    for name in ("REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with Scripted(echo(500)) as server:
        server.encrypt(stranger)
        error = await refusal(kind, connected(kind, server.url, monkeypatch), "deliver")
        assert server.asked == []
    assert "TLS cannot be verified" in error.message


MISSING = [
    ("vault", "VAULT_ADDR", {"VAULT_TOKEN": "x"}),
    ("vault", "VAULT_TOKEN", {"VAULT_ADDR": "https://vault.example"}),
    ("github", "GITHUB_TOKEN", {}),
]


@pytest.mark.parametrize(("kind", "name", "environment"), MISSING)
async def test_a_credential_that_is_missing_is_named(
    kind: str, name: str, environment: dict[str, str]
) -> None:
    sink, _ = opened(kind, {"mount": "kv", "repository": "a/b"}, environment)
    assert f"{name} is not set" in (await refusal(kind, sink)).message


@pytest.mark.parametrize(("kind", "module"), [("vault", "hvac"), ("aws", "boto3"), ("github", "github")])
async def test_a_library_that_is_missing_is_named_with_its_extra(
    kind: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.secrets.ready.find_spec", lambda name: None)
    error = await refusal(kind, connected(kind, "https://127.0.0.1", monkeypatch))
    assert module in error.message and f"genesyscloud-reconciler[{kind}]" in error.remedy
