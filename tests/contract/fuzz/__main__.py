"""Schemathesis asks a simulated organisation what the contract allows, and what it does not: `make fuzz`.

Every answer must have a documented status, media type and headers, and fit its schema. Arguments: cases for
each operation, a seed, and options for uv. Exit 0 when all is well or Schemathesis cannot be had (which it
calls `skipped`), 1 otherwise.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from reconciler.simulator import Simulator
from reconciler.simulator.contract import find
from tests.contract import install
from tests.contract.fuzz.aim import aimed, contract, ids_of
from tests.contract.serving import organisation

HERE = Path(__file__).parent
PINS, ORGANISATION = HERE / "requirements.txt", HERE / "organisation.yaml"
OPERATIONS = set(Simulator().exchange.handlers) - {"delete_tokens_me"}
"""All but the one that would end the token which the others need."""
SWITCHES = ("duplicate-names=bad400", "editor-must-hold=off", "operator-must-hold=off")
"""The contract documents no 409 for divisions and roles; who must hold what it hands on gets nowhere."""
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
_WIDEST = 1000
"""Characters of a line that are shown: a request may be as long as a page."""
OPERATOR, SECRET = "operator", "operator-secret"


def main(each: str, seed: str, options: list[str]) -> int:
    """Install, ask, say; the exit code."""
    try:
        program = install.python("fuzz", PINS, options).with_name("schemathesis")
    except install.Unreachable as error:
        print(f"skipped: {error}")
        return 0
    except install.NotInstalled as error:
        print(f"FAILED: {error}")
        return 1
    with organisation("--org", str(ORGANISATION), *(f"--switch={switch}" for switch in SWITCHES)) as base:
        done = _ask(program, base, ["--max-examples", each, "--seed", seed])
        barren = _barren(base)
    cases = re.search(r"[\d,]+ generated.*", done.stdout)
    told = "\n".join(line[:_WIDEST] for line in done.stdout.splitlines())
    print(told if done.returncode or not cases else f"ok: {cases[0]}")
    print(f"never with a success: {', '.join(barren) or 'none'}")
    return 1 if done.returncode else 0


def _ask(program: Path, base: str, options: list[str]) -> subprocess.CompletedProcess[str]:
    fixed = ["--url", base, "--header", f"Authorization: Bearer {_token(base)}", "--phases", "fuzzing"]
    checks = ["--checks", ",".join(CHECKS), "--continue-on-failure", "--no-shrink", "--warnings", "off"]
    ids = ids_of(httpx.get(f"{base}/_simulator/state").json(), OPERATOR)
    with tempfile.TemporaryDirectory() as home:
        schema = Path(home, "contract.json")
        schema.write_text(json.dumps(aimed(contract(), OPERATIONS, ids)), encoding="utf-8")
        command = [str(program), "--no-color", "run", str(schema), *fixed, *checks, *options]
        return subprocess.run(command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _token(base: str) -> str:
    form = {"grant_type": "client_credentials"}
    return str(httpx.post(f"{base}/oauth/token", data=form, auth=(OPERATOR, SECRET)).json()["access_token"])


def _barren(base: str) -> list[str]:
    """The operations that no request brought to a success."""
    requests = httpx.get(f"{base}/_simulator/requests").json()["requests"]
    good = {(each["method"], each["path"].partition("?")[0]) for each in requests if each["status"] < 300}
    reached = {operation.id for operation, _, _ in (find(*each) for each in good) if operation}
    return sorted(OPERATIONS - reached)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
