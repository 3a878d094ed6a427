"""Plan files: written and signed by `plan --out`, verified and read by `apply --plan`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reconciler import wiring
from reconciler.cli.console import save, say
from reconciler.errors import StalePlan, UsageError
from reconciler.model.plan import Plan, document
from reconciler.reports.documents import dumps, read_plan

_SIGNATURE = ".sig"
"""Behind the whole name of the plan's file."""


def write(plan: Plan, path: Path) -> None:
    """Write the document, and its signature beside it where the environment says who signs."""
    text = dumps(document(plan)) + "\n"
    signer = wiring.plan_signer()
    signature = signer.sign(text.encode()) if signer else b""
    save(path, text, "plan", "--out")
    if signature:
        _save_signature(signature, _beside(path))


def _save_signature(signature: bytes, beside: Path) -> None:
    try:
        beside.write_bytes(signature)
    except OSError as error:
        raise UsageError(f"cannot write {beside}: {error.strerror}", remedy="choose another --out") from error
    say(f"signature written to {beside}")


def read(paths: Iterable[Path]) -> list[Plan]:
    """The plans; raises StalePlan for one that is not signed as the environment demands."""
    verifier = wiring.plan_verifier()
    plans = []
    for path in paths:
        content = _bytes(path, "give a file that `plan --out` wrote")
        if verifier is not None:
            verifier.verify(content, _signature(path), str(path))
        plans.append(read_plan(_text(content, path), str(path)))
    return plans


def _signature(path: Path) -> bytes:
    beside = _beside(path)
    if not beside.is_file():
        raise StalePlan(
            f"{path} is not signed: there is no {beside}",
            remedy="have the plan made and signed by the pipeline that is trusted with it",
        )
    return _bytes(beside, "give the plan's signature beside it")


def _beside(path: Path) -> Path:
    return path.with_name(path.name + _SIGNATURE)


def _bytes(path: Path, remedy: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", remedy=remedy) from error


def _text(content: bytes, path: Path) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        trouble = f"cannot read {path}: it is not UTF-8"
    raise UsageError(trouble, remedy="give a file that `plan --out` wrote")
