"""What a run came to, told where the user wants it beside the results: as metrics, to those who watch.

A command hands over what it found as it finds it; nothing is told before the exit code is known.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from reconciler import wiring
from reconciler.cli.console import say
from reconciler.cli.ending import ending
from reconciler.cli.main import RUN
from reconciler.errors import UsageError
from reconciler.model.manifest import Manifests
from reconciler.model.outcome import Requests
from reconciler.model.ran import Looked, Ran
from reconciler.ports import OrgApi
from reconciler.telemetry.notifying import notify

metrics_option = click.option(
    "--metrics",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write what the run came to as Prometheus metrics, for a textfile collector; in one step.",
)
"""Where metrics go."""


@dataclass(slots=True)
class Tale:
    """What is known of this run so far."""

    manifests: Manifests | None = None
    apis: list[OrgApi] = field(default_factory=list)
    looked: Looked = field(default_factory=Looked)

    def ended(self, began: Ran) -> Ran:
        """The run with everything that was found."""
        asked = [api.requests for api in self.apis]
        requests = Requests(*map(sum, zip(*asked, strict=True))) if asked else Requests()
        found = replace(self.looked, requests=requests)
        if self.manifests is None:
            return replace(began, looked=found)
        org = self.manifests.org
        return replace(
            began,
            org_name=org.name,
            organization_id=org.organization_id,
            tenants=tuple(sorted(tenant.name for tenant in self.manifests.tenants)),
            looked=found,
        )


_TALE: ContextVar[Tale | None] = ContextVar("tale", default=None)
"""That of the run that is under way here; the controller has several at a time."""


def tell(manifests: Manifests | None = None, *, api: OrgApi | None = None, **found: Any) -> None:
    """Keep what was found: whose manifests, an API that counts requests, and fields of `Looked`."""
    tale = _TALE.get()
    if tale is None:
        return
    tale.manifests = manifests or tale.manifests
    if api is not None:
        tale.apis.append(api)
    tale.looked = replace(tale.looked, **found)


def begin() -> Tale:
    """What is told from here on is told of another run."""
    tale = Tale()
    _TALE.set(tale)
    return tale


def told(*, writes: bool = False) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command `--metrics`; `writes` says that it may write."""

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        @functools.wraps(command)
        def run(*given: Any, metrics: Path | None, **options: Any) -> int:
            _require(metrics)
            context = click.get_current_context()
            name = context.command_path.partition(" ")[2]
            began = wiring.today()
            ran = Ran(context.meta[RUN], name, writes, "", "", (), began, began, 1)
            tale = begin()
            try:
                code = command(*given, **options)
                ran = replace(ran, code=code)
            except BaseException as error:
                code, words = ending(error)
                ran = replace(ran, code=code, error=words)
                raise
            finally:
                with _beside("what the run came to is not told"):
                    _spread(tale.ended(replace(ran, ended=wiring.today())), metrics)
            return code

        return metrics_option(run)

    return decorate


def notifies(command: str) -> bool:
    """Whether a command tells who watches: not where somebody only asks what would be."""
    return command not in ("plan", "secrets status")


def _require(metrics: Path | None) -> None:
    wiring.webhook()
    if metrics is None:
        return
    from reconciler.telemetry import textfile

    if trouble := textfile.trouble(metrics):
        raise UsageError(f"no metrics can be written: {trouble}", remedy="choose another --metrics")


def _spread(ran: Ran, metrics: Path | None) -> None:
    """Whoever watches is told; where that fails it is said, and the run is what it was."""
    if metrics is not None:
        with _beside(f"metrics are not written to {metrics}"):
            _measure(ran, metrics)
    if (webhook := wiring.webhook()) is not None and notifies(ran.command):
        for trouble in notify(ran, webhook, lambda: wiring.state().notices()):
            say(trouble)


@contextmanager
def _beside(trouble: str) -> Iterator[None]:
    """Whatever goes wrong in here is one line: the exit code is the run's, and nothing may mask it."""
    try:
        yield
    except Exception as error:
        say(f"{trouble}: {ending(error)[1]}")


def _measure(ran: Ran, path: Path) -> None:
    from reconciler.telemetry import textfile
    from reconciler.telemetry.measuring import named, samples

    before = textfile.read(path)
    try:
        textfile.write(path, samples(named(ran, before), before))
    except OSError as error:
        say(f"metrics are not written to {path}: {error.strerror}")
