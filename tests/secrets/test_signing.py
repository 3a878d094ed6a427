"""Signatures of plan files: by a shared key, or by somebody's own commands."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from reconciler.errors import StalePlan, UsageError
from reconciler.secrets.signing import SIGN, signer, verifier

KEY = "k" * 32
HASH = "hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest()"
STAMP = f"import sys, hashlib; open(sys.argv[2], 'w').write({HASH})"
CHECK = f"import sys, hashlib; sys.exit(open(sys.argv[2]).read() != {HASH})"


def command(code: str) -> str:
    return shlex.join([sys.executable, "-c", code, "{file}", "{signature}"])


@pytest.mark.parametrize(
    ("key", "sign", "verify"), [(KEY, "", ""), ("", command(STAMP), command(CHECK))], ids=["key", "commands"]
)
def test_what_was_signed_is_known_again_and_nothing_else(key: str, sign: str, verify: str) -> None:
    signs, knows = signer(key, sign, {}), verifier(key, verify, {})
    assert signs and knows
    signature = signs.sign(b"plan")
    knows.verify(b"plan", signature, "plan.json")
    for content, said in ((b"plam", signature), (b"plan", b"x" + signature[1:]), (b"plan", b"")):
        with pytest.raises(StalePlan, match=r"plan\.json"):
            knows.verify(content, said, "plan.json")


def test_another_key_knows_no_signature() -> None:
    signs, knows = signer(KEY, "", {}), verifier("K" * 32, "", {})
    assert signs and knows
    with pytest.raises(StalePlan, match="does not match its signature"):
        knows.verify(b"plan", signs.sign(b"plan"), "plan.json")


def test_nobody_signs_where_nobody_is_told_to() -> None:
    assert signer("", "", {}) is None and verifier("", "", {}) is None
    assert signer("", "", {}) is None and verifier(KEY, "", {}) is not None


@pytest.mark.parametrize(
    ("key", "said", "trouble"),
    [
        ("short", "", "shorter than 32 bytes"),
        (KEY, command(STAMP), "exclude each other"),
        ("", "sign {file}", "names {file} and {signature}"),
        ("", "sign '{file} {signature}", "names {file} and {signature}"),
    ],
    ids=["a short key", "both", "no place for the signature", "an open quote"],
)
def test_what_cannot_sign_is_said_before_anything_else(key: str, said: str, trouble: str) -> None:
    with pytest.raises(UsageError, match=trouble):
        signer(key, said, {})


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        (command("raise SystemExit(3)"), f"{SIGN} ended with 3"),
        (command("pass"), f"{SIGN} wrote no"),
        ("/nowhere/sign {file} {signature}", f"{SIGN} cannot be started: No such file"),
    ],
    ids=["it fails", "it writes nothing", "it is not there"],
)
def test_a_command_that_cannot_sign_is_an_error(said: str, trouble: str) -> None:
    signs = signer("", said, {})
    assert signs
    with pytest.raises(UsageError, match=trouble):
        signs.sign(b"plan")


def test_a_command_sees_none_of_our_credentials(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    code = f"import os; open({str(seen)!r}, 'w').write(' '.join(os.environ))"
    mine = {"GENESYSCLOUD_OAUTHCLIENT_SECRET": "s", "RECONCILER_STATE": "postgresql://", "THEIRS": "1"}
    knows = verifier("", command(code), mine)
    assert knows
    knows.verify(b"plan", b"", "plan.json")
    assert "THEIRS" in seen.read_text()
    assert not {name for name in mine if name in seen.read_text().split()} - {"THEIRS"}
