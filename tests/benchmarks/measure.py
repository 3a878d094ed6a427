"""One measurement in a process of its own: `python -m tests.benchmarks.measure WHAT ROOT` prints JSON.

CPU seconds of the process; imports are counted apart, as they cost the same for any number of tenants.
"""

from __future__ import annotations

import gc
import io
import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reconciler.model.manifest import Manifests
    from reconciler.model.plan import Plan
    from reconciler.model.proof import Proof

MANIFESTS, PAGES = "manifests", "pages"
"""Below the root: what is declared, and what the organisation answers."""


def plan(root: Path) -> dict[str, Any]:
    """A whole `plan` as the command makes it, from files and pages to the digest; waits take no time."""
    import asyncio

    import reconciler.genesys
    import reconciler.loading
    import reconciler.planning.expand
    import reconciler.secrets.file  # noqa: F401 (wiring imports these when it needs them)
    from reconciler import wiring
    from reconciler.cli.planning import make_plan
    from reconciler.telemetry.logs import configure
    from tests.benchmarks.organisation import replayed
    from tests.support.build import options
    from tests.support.clock import VirtualLoop

    async def planned(manifests: Manifests) -> Plan:
        async with wiring.session(manifests.org, "http://127.0.0.1", read_only=True) as session:
            return await make_plan(session, manifests, options())

    configure(0)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner, replayed(root / PAGES) as asked:
        started = time.process_time()
        manifests = wiring.read(root / MANIFESTS)[0].manifests
        assert manifests is not None
        loaded = time.process_time()
        made = runner.run(planned(manifests))
        ended = time.process_time()
    return {
        "load": loaded - started,
        "plan": ended - loaded,
        "total": ended - started,
        "imports": started,
        "objects": made.summary.unchanged,
        "changes": len(made.changes),
        "requests": len(asked),
        "asked": sorted(asked),
        "imported": sorted({"deepdiff", "jsonschema", "sqlalchemy", "starlette"} & sys.modules.keys()),
    }


def judge(root: Path) -> dict[str, Any]:
    """The verdicts on every tenant and their certificate, once everything has been read."""
    import asyncio

    from reconciler import wiring
    from reconciler.engine.observe import observe
    from reconciler.model.proof import Survey
    from reconciler.planning.proof import prove
    from reconciler.telemetry.logs import configure
    from tests.benchmarks.organisation import replayed
    from tests.support.build import options
    from tests.support.clock import VirtualLoop

    async def judged(manifests: Manifests) -> tuple[float, Proof]:
        async with wiring.session(manifests.org, "http://127.0.0.1", read_only=True) as session:
            live = await observe(session.api, session.registry, manifests.org)
            nothing = Survey({}, {}, "", "")
            started = time.process_time()
            proof = prove(manifests, live, nothing, options(), session.registry).proof
            return time.process_time() - started, proof

    configure(0)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner, replayed(root / PAGES):
        manifests = wiring.read(root / MANIFESTS)[0].manifests
        assert manifests is not None
        total, proof = runner.run(judged(manifests))
    return {"total": total, "verdicts": sorted({str(each.verdict) for each in proof.tenants})}


def baseline(root: Path) -> dict[str, Any]:
    """PyYAML's own C loader over the same files."""
    import yaml

    started = time.process_time()
    documents = [
        list(yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
        for path in sorted((root / MANIFESTS).rglob("*.yaml"))
    ]
    return {"total": time.process_time() - started, "imports": started, "files": len(documents)}


def memory(root: Path) -> dict[str, Any]:
    """The most memory (bytes) that Python objects took up during a `plan`."""
    tracemalloc.start()
    plan(root)
    return {"peak": tracemalloc.get_traced_memory()[1]}


class _Sink(io.StringIO):
    """Keeps nothing; now and then looks at how much is alive. `most` is in bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = self.most = 0

    def write(self, text: str) -> int:
        self.lines += text.count("\n")
        if self.lines % 1_000 == 0 and text:
            gc.collect()  # what waits for its collection is not held
            self.most = max(self.most, tracemalloc.get_traced_memory()[0])
        return len(text)


def export(form: str, root: Path) -> dict[str, Any]:
    """Writing the matrix of what is declared, once everybody is known: the most that is held meanwhile."""
    from reconciler import wiring
    from reconciler.cli.access.look import Look
    from reconciler.cli.manifests import Judged
    from reconciler.planning.picture_declared import of_manifests
    from reconciler.reports.access_json import head, write_answer, write_csv
    from tests.support.build import options

    judged = Judged(root / MANIFESTS)
    everybody = of_manifests(judged.manifests(), wiring.public_evidence(), options(), wiring.registry())
    look = Look(everybody, judged)
    gc.collect()
    gc.freeze()
    sink = _Sink()
    tracemalloc.start()
    if form == "csv":
        write_csv(look.rows(look.matrix()), sink)
    else:
        write_answer(head(everybody, {}), look.rows(look.matrix()), sink)
    return {"most": sink.most, "lines": sink.lines}


WHAT: dict[str, Callable[[Path], dict[str, Any]]] = {
    "plan": plan,
    "judge": judge,
    "baseline": baseline,
    "memory": memory,
    "csv": partial(export, "csv"),
    "json": partial(export, "json"),
}

if __name__ == "__main__":
    print(json.dumps(WHAT[sys.argv[1]](Path(sys.argv[2]))))
