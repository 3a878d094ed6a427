"""Whatever somebody wrote of a living secret, in whatever spelling, is taken out."""

from __future__ import annotations

import gc
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from reconciler.model.concealing import concealed, harmless
from reconciler.model.secret import Secret
from tests.support.canary import SPELLINGS, awkward, drawn, finds

USUAL: dict[str, Callable[[str], str]] = {
    "json": lambda text: json.dumps(text),
    "json-utf8": lambda text: json.dumps(text, ensure_ascii=False),
    "url": lambda text: quote(text, safe=""),
    "path": quote,
    "form": quote_plus,
    "repr": repr,
    "bytes": lambda text: repr(text.encode()),
    "page": html.escape,
    "hex": lambda text: text.encode().hex(),
    "base64": SPELLINGS["base64"],
    "base64url": SPELLINGS["base64url"],
    "escaped": SPELLINGS["json"],
}
"""How libraries spell: they leave alone what need not be escaped."""


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("secret", [drawn(1), awkward(2)], ids=["drawn", "awkward"])
def test_the_detector_finds_every_spelling(spelling: str, secret: str) -> None:
    """Whole or in part, in texts and in bytes."""
    spelt = SPELLINGS[spelling](secret)
    for text in (spelt, f"before {spelt} behind", f"before {spelt} behind".encode()):
        assert spelling in {find.spelling for find in finds(text, ["another", secret])}
    assert finds(SPELLINGS[spelling](secret[:24]), [secret])
    for at in range(len(secret) - 15 + 1):
        part = SPELLINGS[spelling](secret[at : at + 15])
        assert spelling in {find.spelling for find in finds(part, [secret])}, at
    assert finds(spelt, [drawn(3)]) == []


@pytest.mark.parametrize("spelling", USUAL)
@pytest.mark.parametrize("secret", [drawn(1), awkward(2)], ids=["drawn", "awkward"])
def test_a_living_secret_is_taken_out_however_it_is_spelt(spelling: str, secret: str) -> None:
    text = f"refused: {USUAL[spelling](secret)} (correlation 6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01)"
    held = Secret(secret)
    assert finds(text, [secret])
    assert finds(concealed(text), [secret]) == []
    assert concealed(text).startswith("refused: ") and concealed(text).endswith("0c5c6b0e8a01)")
    del held


def test_what_is_no_secret_of_ours_stays() -> None:
    held = Secret("short"), Secret("")
    assert concealed("a short text, sha256:" + 64 * "a") == "a short text, sha256:" + 64 * "a"
    del held


def test_nothing_is_known_of_a_secret_that_is_gone() -> None:
    secret = drawn(7)
    held = Secret(secret)
    assert concealed(secret) == "•••"
    del held
    gc.collect()
    assert concealed(secret) == secret


def test_what_looks_like_a_secret_of_anybodys_is_dotted_out() -> None:
    said = f"the secret {drawn(5)} of role 6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01 is weak"
    assert finds(harmless(said), [drawn(5)]) == []
    assert "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01 is weak" in harmless(said)
