"""`controller`: the loop for one machine. Every organisation on its schedule, by policy; with a page."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from reconciler import wiring
from reconciler.cli.console import say
from reconciler.cli.controller_options import USUAL, Address, AddressType, Every, EveryType
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.planning import SIGNING_IN
from reconciler.cli.recording import KEEPING
from reconciler.cli.signals import asked_to_end
from reconciler.cli.unattended import Looker
from reconciler.engine.watching import Watching
from reconciler.errors import UsageError
from reconciler.model.watched import Watched
from reconciler.model.words import counted
from reconciler.planning.schedule import overdue
from reconciler.reports.controller_page import controller_page
from reconciler.telemetry.measuring import DRIFT_SINCE, of_controller
from reconciler.telemetry.metrics import Sample
from reconciler.telemetry.serving import Answers, is_loopback, served
from reconciler.telemetry.textfile import exposition

CREDENTIALS = "RECONCILER_CREDENTIALS"


@click.command(
    "controller",
    epilog=f"{SIGNING_IN}  RECONCILER_CREDENTIALS           a directory with NAME/client-id and\n"
    f"                                   NAME/client-secret of each organisation NAME;\n"
    f"                                   needed for more than one\n{KEEPING}",
)
@click.argument("roots", nargs=-1, metavar="[ROOT]...", type=click.Path(file_okay=False))
@click.option(
    "--every",
    type=EveryType(),
    multiple=True,
    metavar="[ROOT=]TIME",
    help="How long from one look to the next, for all or for one ROOT; may be repeated (default: 15m).",
)
@click.option(
    "--listen",
    type=AddressType(),
    default="127.0.0.1:9464",
    show_default=True,
    metavar="[HOST:]PORT",
    help="Where the page, /metrics, /healthz and /readyz are served; nobody has to sign in there.",
)
@click.option(
    "--pauses",
    type=click.Path(path_type=Path, file_okay=False),
    default="paused",
    show_default=True,
    metavar="DIR",
    help="While there is a file DIR/NAME, nobody looks at organisation NAME; its first line says why.",
)
@click.pass_obj
def command(
    given: Global, roots: tuple[str, ...], every: tuple[Every, ...], listen: Address, pauses: Path
) -> int:
    """Look at the organisations of all ROOTs on a schedule, and correct what policy lets it correct.

    A look reads manifests and organisation anew, as `drift` does. Where `spec.drift.correct` says so it
    then takes back what `apply --revoke-only` would, under the lease; it never gives anybody anything.
    SIGTERM or Ctrl-C finishes the operation in flight and gives the lease back.
    """
    chosen = _intervals(roots or ("manifests",), every)
    keys = os.environ.get(CREDENTIALS, "")
    if len(chosen) > 1 and not keys:
        raise UsageError(
            "several organisations, and one environment for credentials",
            remedy=f"set {CREDENTIALS} to a directory with NAME/client-id and NAME/client-secret for each",
        )
    wiring.webhook()
    return asyncio.run(_run(given._replace(keys=Path(keys) if keys else None), chosen, listen, pauses))


def _intervals(roots: Sequence[str], every: Sequence[Every]) -> dict[str, float]:
    said = {each.root: each.seconds for each in every}
    if unknown := sorted(set(said) - {"", *roots}):
        raise click.UsageError(f"--every names {', '.join(unknown)}, which is no ROOT here")
    return {root: float(said.get(root, said.get("", USUAL))) for root in roots}


async def _run(given: Global, every: Mapping[str, float], listen: Address, pauses: Path) -> int:
    stop = asyncio.Event()
    looker = Looker(given, stop, partial(paused, pauses))
    watching = Watching(every, looker, lambda each: paused(pauses, each.name), wiring.clock(), _dice, stop)
    for root in every:
        watching.call(root, looker.label(root, _named(root)))
    answers = Answers(
        page=lambda: controller_page(watching.watched, _since(looker), wiring.today()),
        metrics=lambda: exposition([*_measured(looker), *of_controller(watching.watched)]),
        health=lambda: _unwell(watching.watched, wiring.today()),
        ready=lambda: _unready(watching.watched, stop),
    )
    with _stopped_by_signals(stop) as interrupted:
        await _serve(watching, answers, listen)
    return exit_code(Facts(interrupted=interrupted.is_set()))


async def _serve(watching: Watching, answers: Answers, listen: Address) -> None:
    async with AsyncExitStack() as stack:
        try:
            url = await stack.enter_async_context(served(answers, *listen))
        except OSError as error:
            place = f"{listen.host}:{listen.port}"
            raise UsageError(
                f"nothing can be served on {place}: {error.strerror}", remedy="choose another --listen"
            ) from error
        say(f"watching {counted(len(watching.watched), 'organisation')}; {url}")
        if not is_loopback(listen.host):
            say("the page is open to whoever reaches this machine: nobody has to sign in there")
        await watching.run()


def paused(directory: Path, name: str) -> str:
    """Why that organisation is paused, "" where it is not; what cannot be told counts as paused."""
    try:
        said = (directory / name).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        return f"{directory} cannot be read: {error.strerror}"
    return (said.strip().splitlines() or ["no reason given"])[0][:200]


def _named(root: str) -> str:
    """What the manifests call their organisation now; the directory where they do not say."""
    with suppress(Exception):
        loaded, _ = wiring.read(Path(root))
        if loaded.manifests:
            return loaded.manifests.org.name
    return Path(root).resolve().name


def _measured(looker: Looker) -> list[Sample]:
    return [each for several in looker.samples.values() for each in several]


def _since(looker: Looker) -> dict[tuple[str, str], float]:
    told = (each for each in _measured(looker) if each.metric == DRIFT_SINCE)
    return {(each.labels[0], each.labels[1]): each.value for each in told}


def _unwell(watched: Sequence[Watched], now: datetime) -> str:
    """Whether a look is long overdue: the loop hangs."""
    late = [each.name for each in watched if not each.paused and overdue(each, now)]
    return f"overdue: {', '.join(late)}" if late else ""


def _unready(watched: Sequence[Watched], stop: asyncio.Event) -> str:
    """Whether every organisation has been looked at, and it goes on."""
    if stop.is_set():
        return "stopping"
    left = [each.name for each in watched if each.last is None and not each.paused]
    return f"not looked at yet: {', '.join(left)}" if left else ""


def _dice() -> float:
    return secrets.randbelow(1 << 20) / (1 << 20)


@contextmanager
def _stopped_by_signals(stop: asyncio.Event) -> Iterator[asyncio.Event]:
    """What ends it sets `stop`, a second one ends it at once; what is yielded is set by Ctrl-C."""
    interrupted = asyncio.Event()

    def end(number: int) -> None:
        if number == signal.SIGINT:
            interrupted.set()
        say("stopping: what is being written is finished (again to stop at once)")

    with asked_to_end(stop, end):
        yield interrupted
