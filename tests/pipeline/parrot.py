"""A stand-in for the command, for tests of what workflows hand to it: it says what it is given.

A comparison is long, and `manifests/wrong.yaml` is never planned. `plan` and `drift` write what the steps
behind them read; `apply` prints each plan that counts as reviewed.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import pairwise
from pathlib import Path

LONG = 5_000
DRIFT = {"correct": "downwards", "correction": {"only": ["acme"]}}


def main(words: list[str]) -> None:
    """Say it."""
    if "markdown" in words:
        print("<!-- reconciler plan tinydesk -->")
    print("given:", *words, "with", os.environ.get("SINK_TOKEN", "nothing"))
    if "--out" in words and Path("manifests/wrong.yaml").exists():
        sys.exit(3)
    for line in range(LONG if "--against" in words else 0):
        print(line, "é" * 120)
    for name, value in pairwise(words):
        if name == "--plan":
            print("reviewed:", Path(value).read_text("utf-8"))
        if name == "--out":
            Path(value).write_text(json.dumps({"approval": {"class": "none"}}), "utf-8")
        if name in ("--page", "--record"):
            Path(value).parent.mkdir(parents=True, exist_ok=True)
            Path(value).write_text(name, "utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "drift":
        print(json.dumps(DRIFT))
    else:
        main(sys.argv[1:])
