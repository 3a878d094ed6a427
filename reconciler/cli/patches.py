"""What commands share about patches: remedies of findings as a diff of the manifests."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from reconciler.cli.console import save, say
from reconciler.model.finding import Finding
from reconciler.model.visible import visible
from reconciler.model.words import counted

Patch = Callable[[Sequence[Finding]], str]
"""The diff that mends findings; "" where manifests cannot."""


def patching(root: Path) -> Patch:
    """How findings about the manifests below `root` are mended; paths begin in the working directory."""
    below = "" if _outside(root) or root.samefile(os.curdir) else Path(os.path.relpath(root)).as_posix()

    def read(file: str) -> str:
        return (root / file).read_bytes().decode()

    def patch(findings: Sequence[Finding]) -> str:
        edits = [edit for finding in findings for edit in finding.edits]
        if not edits:
            return ""
        from reconciler import authoring

        return authoring.patch(edits, read, below)

    return patch


def save_patch(path: Path, findings: Sequence[Finding], root: Path) -> None:
    """One diff of all remedies that manifests can express, below a list of those that they cannot."""
    patch = patching(root)
    diff = patch(findings)
    acts = [finding for finding in findings if not patch([finding])]
    head = [
        _comment(visible(f"{each.message} [{each.rule}]"), " ") + _comment(each.remedy, "   ")
        for each in acts
    ]
    if head:
        head = ["# No line of a manifest mends these:\n", *head, "\n"]
    save(path, "".join(head) + diff, "patch", "--patch")
    mended = len(findings) - len(acts)
    rest = f"; {len(acts)} more take an act, each named at its top" if acts else ""
    say(f"it mends {counted(mended, 'finding')}{rest}")
    if diff:
        where = f"in {root}" if _outside(root) else "here"
        say(f"{where}: git apply {path}; then reconciler validate, and apply")


def _comment(text: str, indent: str) -> str:
    """Lines of a patch that change nothing, whatever stands in the names they tell."""
    return "".join(f"#{indent}{visible(line)}\n" for line in text.split("\n"))


def _outside(root: Path) -> bool:
    return os.path.relpath(root).startswith(os.pardir)
