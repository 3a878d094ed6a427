"""`gh api`, standing in: PATH, -X, -f, -F (with @FILE), --jq, --paginate, --silent, as workflows use them.

The filter is the real jq. Everything else of `gh` is an error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jq

from tests.pipeline.hub import Hub
from tests.pipeline.routes import Refused, answer

PAGE = 30


def main(arguments: list[str]) -> int:
    """Carry out one call; the exit code."""
    given = _parser().parse_args(arguments)
    path, _, query = given.path.partition("?")
    fields: dict[str, Any] = dict(parse_qsl(query)) | _fields(given.raw, given.typed)
    method = given.method or ("POST" if given.raw or given.typed else "GET")
    with Hub(Path(os.environ["TWIN_HUB"])).change() as state:
        try:
            told = answer(state, os.environ.get("GH_TOKEN", ""), method, path, fields)
        except Refused as refused:
            print(json.dumps({"message": str(refused), "status": str(refused.status)}))
            print(f"gh: {refused} (HTTP {refused.status})", file=sys.stderr)
            return 1
    if isinstance(told, list) and not given.paginate:
        told = told[: int(fields.get("per_page", PAGE))]
    if not given.silent:
        _print(told, given.jq)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("gh")
    parser.add_argument("command", choices=["api"])
    parser.add_argument("path")
    parser.add_argument("-X", "--method", default="")
    parser.add_argument("-f", "--raw-field", dest="raw", action="append", default=[])
    parser.add_argument("-F", "--field", dest="typed", action="append", default=[])
    parser.add_argument("--jq", default="")
    parser.add_argument("--paginate", action="store_true")
    parser.add_argument("--silent", action="store_true")
    return parser


def _fields(raw: list[str], typed: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in (*raw, *typed):
        name, _, value = item.partition("=")
        if item in typed and value.startswith("@"):
            value = Path(value[1:]).read_bytes().decode("utf-8")
        if name.endswith("[]"):
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


def _print(told: Any, program: str) -> None:
    if isinstance(told, bytes):
        sys.stdout.buffer.write(told)
        return
    for value in jq.compile(program or ".").input_value(told).all():
        print(value if isinstance(value, str) else json.dumps(value))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
