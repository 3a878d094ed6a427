"""Whatever lies in the manifests' directory: a code of the contract, words, never a write or a traceback."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import wiring
from reconciler.cli.main import run
from tests.journeys.world import NORTHWIND

NORMAL = settings().max_examples < 100
EXAMPLES = 500 if NORMAL else 5000
GOOD = [path.read_bytes() for path in sorted(NORTHWIND.rglob("*.yaml"))]

pytestmark = pytest.mark.timeout(300)

WORDS = (
    *(
        b"apiVersion: reconciler/v1\n",
        b"kind: Org\n",
        b"kind: Tenant\n",
        b"metadata: {name: x}\n",
        b"spec:\n",
    ),
    *(
        b"  divisions:\n",
        b"    - {key: a, name: A}\n",
        b"  clients: []\n",
        b"---\n",
        b"- ",
        b": ",
        b"{",
        b"[",
    ),
    *(
        b"&a *a\n",
        b"!!python/object:x\n",
        b"\t",
        b"null\n",
        b'"\\ud800"\n',
        b"\xff\xfe",
        b"? \n",
        b"<<: {}\n",
    ),
)
words = st.sampled_from(WORDS)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good manifest with a few bytes changed, cut or doubled."""
    text = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text) - 1))
        piece = draw(st.one_of(st.binary(max_size=4), words))
        text[place : place + draw(st.integers(0, 40))] = piece
    return bytes(text) or b"\x00"


files = st.lists(
    st.one_of(st.binary(max_size=300), st.lists(words, max_size=25).map(b"".join), damaged()),
    min_size=1,
    max_size=3,
)


def _run(*arguments: str) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    return code, out.getvalue() + err.getvalue()


def _lay(root: Path, contents: list[bytes]) -> None:
    for old in root.glob("*.yaml"):
        old.unlink()
    for number, content in enumerate(contents):
        (root / f"{number}.yaml").write_bytes(content)


@settings(max_examples=EXAMPLES)
@given(files)
def test_validate_never_breaks(tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]) -> None:
    root = tmp_path_factory.getbasetemp() / "fuzzed"
    root.mkdir(exist_ok=True)
    _lay(root, contents)
    code, said = _run("validate", str(root))
    assert code in (0, 3, 8), said
    assert "Traceback" not in said and "bug  " not in said


@settings(max_examples=EXAMPLES // 5)
@given(damaged(), st.integers(0, len(GOOD) - 1))
def test_plan_never_breaks_and_never_connects_for_bad_manifests(
    tmp_path_factory: pytest.TempPathFactory, bad: bytes, place: int
) -> None:
    """Good manifests get as far as asking for credentials, which nobody set: exit 1 of the contract."""
    root = tmp_path_factory.getbasetemp() / "planned"
    root.mkdir(exist_ok=True)
    _lay(root, [*GOOD[:place], bad, *GOOD[place + 1 :]])
    with pytest.MonkeyPatch.context() as patch:
        for name in (wiring.CLIENT_ID, wiring.CLIENT_SECRET, wiring.ACCESS_TOKEN, wiring.REGION):
            patch.delenv(name, raising=False)
            patch.delenv(f"{name}_FILE", raising=False)
        code, said = _run("plan", str(root))
    assert code == 3 or (code == 1 and "no credentials" in said), said
    assert "Traceback" not in said and "bug  " not in said
