"""A command sink's program, for tests: it keeps what it is told in the directory it is called with.

A file `refuse` there makes it fail, `refuse-deliver` only when it has to store; then it prints what it should
not. With `hang` it starts a child and hangs.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path


def main(kept: Path) -> int:
    question = json.load(sys.stdin)
    started = {"argv": sys.argv, "environment": dict(os.environ)}
    (kept / f"started-{os.getpid()}.json").write_text(json.dumps(started))
    if (kept / "hang").exists():
        return _hang(kept)
    file = kept / (base64.urlsafe_b64encode(question["path"].encode()).decode() + ".kept")
    refused = (kept / f"refuse-{question['do']}").exists() or (kept / "refuse").exists()
    if refused and question["do"] != "status":
        print(json.dumps(question))
        print(json.dumps(question), file=sys.stderr)
        return 3
    if question["do"] == "deliver":
        file.write_text(json.dumps(question["credential"]))
    if question["do"] == "status":
        print(json.dumps({"held": json.loads(file.read_text()) if file.exists() else None}))
    return 0


def _hang(kept: Path) -> int:
    with subprocess.Popen(["/bin/sleep", "60"]) as child:
        (kept / "child").write_text(str(child.pid))
        return child.wait()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
