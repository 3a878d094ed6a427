"""What looks like a secret is refused and never repeated; what only looks long is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.kinds import REGISTRY
from reconciler.loading import load, locator
from reconciler.loading.secrecy import in_text, redacted
from tests.loading.diagnose import ORG, TENANT, write

DRAWN = "q7XkP2vR9sLm4TzB8nWd3JfH6yGc1AeK"
SECRETS = {
    "base64": DRAWN,
    "url-safe base64": "q7XkP2vR9s-m4TzB8nWd3_fH6yGc1AeK",
    "padded base64": DRAWN + "Q==",
    "hexadecimal": "9f86d081884c7d659a2feaa0c55ad015",
    "base32": "k4zx2m7q5bnt3w6jr4ya2hce5gdp7sfu",
}
INNOCENT = [
    "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01",
    "analytics:conversationAggregate:view",
    "https://desk.initech.example/oauth/callback/version-2/embedded",
    "acme-retail-scheduler-for-north-america-2027",
    "AnVeryLongCamelCaseNameWithoutAnySenseVersion2",
    "tokenSeconds: 3600",
    "secret: {sink: local}",
    "secret:\n  sink: local",
    "description: the token is kept in Vault",
    "00000000000000000000000000000000",
    "--------------------------------------------",
]


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    "where",
    [
        "  divisions: [{{key: us, name: US, description: {}}}]\n",
        "  divisions: [{{key: us, name: US, description: see {} there}}]\n",
        "  # {}\n",
    ],
)
def test_a_drawn_text_is_refused_and_not_repeated(name: str, where: str, tmp_path: Path) -> None:
    secret = SECRETS[name]
    root = write(tmp_path, {"org.yaml": ORG, "t.yaml": TENANT + where.format(secret) + "  roles: []\n"})
    found = load(root, REGISTRY).findings
    finder = locator(root)
    assert [finding.rule for finding in found] == ["manifest/secret"]
    assert secret not in repr(found)
    assert found[0].location is not None
    assert secret not in repr(finder.locate(found[0].location))


NAMED = ["secret: hunter2", 'clientSecret: "hunter2"', "client_secret: hunter2", "password:   hunter2"]
NAMED += ["{a: b, token: hunter2}", "'apiKey': 'hunter2'", "# password: hunter2", "PRIVATE_KEY: hunter2"]


@pytest.mark.parametrize("line", NAMED)
def test_a_named_secret_is_refused_and_not_repeated(line: str) -> None:
    (mistake,) = in_text(f"a: 1\n{line}\n")
    assert mistake.line == 2
    assert "hunter2" not in redacted(line)
    assert len(redacted(line)) == len(line)


def test_a_key_block_is_refused() -> None:
    assert [m.line for m in in_text("a: |\n  -----BEGIN RSA PRIVATE KEY-----\n  abc\n")] == [2]


@pytest.mark.parametrize("text", INNOCENT)
def test_an_innocent_text_is_not(text: str) -> None:
    assert list(in_text(f"a: 1\n{text}\n")) == []
    assert redacted(text) == text


@pytest.mark.parametrize("field", ["state: [{}]", "profiles: [{}]", "{}: 1", "without: [{}]", "stat: {}"])
def test_no_message_repeats_a_secret_that_stands_elsewhere(field: str, tmp_path: Path) -> None:
    root = write(tmp_path, {"org.yaml": ORG, "t.yaml": TENANT + "  " + field.format(DRAWN) + "\n"})
    assert DRAWN not in repr(load(root, REGISTRY).findings)
