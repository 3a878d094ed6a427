"""Whatever the bytes: loading never raises, never takes long, and never repeats a control character."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.kinds import REGISTRY
from reconciler.loading import load, locator
from reconciler.loading.text import MOST_BYTES
from tests.architecture.source import ROOT
from tests.loading.diagnose import ORG, TENANT, write

FULL = MOST_BYTES - 200
LAUGHS = "\n".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{', '.join(9 * ['*' + chr(97 + level)])}]" for level in range(9)
)

BOMBS: dict[str, str] = {
    "billion laughs": "a: &a [lol, lol]\n" + LAUGHS,
    "anchors without an alias": "".join(f"k{n}: &a{n} x\n" for n in range(15_000)),
    "aliases": "a: &a x\nb: [" + "*a, " * 60_000 + "]",
    "deep flow lists": "a: " + "[" * FULL,
    "deep flow mappings": "a: " + "{a: " * (FULL // 4),
    "deep block lists": "- " * (FULL // 2),
    "deep block mappings": "\n".join(" " * depth + "a:" for depth in range(600)),
    "explicit keys": "? " * (FULL // 2),
    "one huge scalar": "a: " + "x" * FULL,
    "one huge folded scalar": "a: >\n" + "  x y\n" * (FULL // 6),
    "one huge quoted scalar": 'a: "' + "\\x41" * (FULL // 4) + '"',
    "many keys": "".join(f"k{n}: 1\n" for n in range(25_000)),
    "many elements": "a: [" + "1," * (FULL // 2) + "]",
    "many documents": "---\na: 1\n" * (FULL // 9),
    "many empty documents": "---\n" * (FULL // 4),
    "one long line of pairs": "{" + "a: b, " * (FULL // 6) + "}",
    "the same key again and again": "a: 1\n" * (FULL // 5),
    "nothing but tabs": "\t" * FULL,
    "nothing but comments": "#\n" * (FULL // 2),
    "nothing but colons": ":" * FULL,
    "nothing but quotes": "'" * FULL,
    "nothing but question marks": "?\n" * (FULL // 2),
    "an unclosed quote": 'a: "' + "x\n" * (FULL // 2),
    "tags": "a: " + "!!str " * (FULL // 6),
    "directives": "%TAG ! tag:x\n" * (FULL // 13),
    "unknown fields": TENANT + "".join(f"  divsions{n}: 1\n" for n in range(9_000)),
    "secrets": "".join(f"token: q7XkP2vR9sLm4TzB8nWd3JfH6yGc{n}\n" for n in range(6_000)),
    "a key that never ends": "-----BEGIN " + "KEY " * (FULL // 4),
    "a secret's name and spaces": "token" + " " * FULL + ":",
    "nulls": "a:\n" + "- \n" * (FULL // 4),
    "one huge number": "a: " + "9" * FULL,
    "one huge unknown field": TENANT + "  " + "x" * FULL + ": 1\n",
    "one huge wrong value": TENANT + "  state: " + "x" * FULL + "\n",
    "one huge wrong profile": TENANT + "  profiles: [" + "ab, " * 19_000 + "]\n",
}


def seconds(work: Callable[[], object]) -> float:
    """Processor time, the best of three: other tests run at the same time."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once(name: str, tmp_path: Path) -> None:
    """In less than a tenth of a second; as a ratio, so that it holds on any machine."""
    content = BOMBS[name]
    assert len(content.encode()) <= MOST_BYTES
    root = write(tmp_path, {"org.yaml": ORG, "bomb.yaml": content})
    honest = "".join(f"k{number}: some text\n" for number in range(5_000))

    def loaded() -> None:
        found = load(root, REGISTRY).findings
        assert found or name == "nothing but comments"

    assert seconds(loaded) < 5 * seconds(lambda: yaml.load(honest, Loader=yaml.CSafeLoader))


DEMO = {
    str(path.relative_to(ROOT / "manifests")): path.read_bytes()
    for path in sorted((ROOT / "manifests").rglob("*.yaml"))
}
SNIPPETS = [
    b"null",
    b"&a",
    b"*a",
    b"!!x",
    b"\t",
    b"{",
    b"]",
    b": ",
    b"- ",
    b"\xff",
    b"\x00",
    b"---\n",
    b"'",
    b'"',
]
SNIPPETS += [
    b"kind: Org\n",
    b"<<: ",
    b"? ",
    b"%",
    b"|",
    b">",
    b"#",
    b"\r",
    "\u202e".encode(),
    b"0x",
    b"~",
    b"\n\n  ",
]


def mutate(dice: random.Random) -> dict[str, str | bytes]:
    """The demo organisation after a few accidents."""
    files: dict[str, str | bytes] = {}
    for name, content in DEMO.items():
        text = bytearray(content)
        for _ in range(dice.randrange(3)):
            start = dice.randrange(len(text))
            match dice.randrange(4):
                case 0:
                    text[start:start] = dice.choice(SNIPPETS)
                case 1:
                    del text[start : start + dice.randrange(1, 30)]
                case 2:
                    other = dice.choice(list(DEMO.values()))
                    cut = dice.randrange(len(other))
                    text[start:start] = other[cut : cut + 40]
                case 3:
                    text[start] = dice.randrange(256)
        files[name] = bytes(text)
    return files


def holds(files: dict[str, str | bytes]) -> None:
    """Loading these files ends well: words that can be shown, places that exist, nothing raised."""
    with tempfile.TemporaryDirectory() as directory:
        root = write(Path(directory), files)
        loaded = load(root, REGISTRY)
        finder = locator(root)
        for finding in loaded.findings:
            assert (finding.message + finding.hint).isprintable()
            assert len(finding.message) < 400
            if finding.location:
                position = finder.locate(finding.location)
                assert position is not None
                assert position.text.isprintable()
        assert (loaded.manifests is None) == bool(loaded.findings)


@settings(max_examples=250)
@given(st.binary(max_size=300))
def test_any_bytes_are_answered(content: bytes) -> None:
    holds({"org.yaml": ORG, "x.yaml": content})


@settings(max_examples=250)
@given(st.integers(0, 2**32))
def test_any_accident_is_answered(seed: int) -> None:
    holds(mutate(random.Random(seed)))


@pytest.mark.full
@pytest.mark.timeout(600)
@settings(max_examples=2_500)
@given(st.binary(max_size=300), st.integers(0, 2**32))
def test_any_bytes_and_any_accident_are_answered_thousands_of_times(content: bytes, seed: int) -> None:
    holds({**mutate(random.Random(seed)), "x.yaml": content})


@pytest.mark.full
@pytest.mark.timeout(600)
@settings(max_examples=2_500)
@given(st.text("abk:- \n[]{}&*!|>'\"#%,?~<1", max_size=200))
def test_any_punctuation_is_answered_thousands_of_times(content: str) -> None:
    holds({"org.yaml": ORG, "x.yaml": TENANT + content})
