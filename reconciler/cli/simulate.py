"""`simulate`: a faithful organisation on loopback, for trying things out."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.errors import UsageError
from reconciler.simulator import SWITCHES, Settings, Simulator, bundled, find_seed, limits_text, run

_MORE = "How sure each part of it is, every switch, and the format of a file: docs/simulator.md."


@click.command("simulate", epilog=f"{limits_text()}\n\n{_MORE}")
@click.option(
    "--port", default=8085, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option(
    "--org",
    default="northwind-new",
    show_default=True,
    metavar="NAME|FILE",
    help="Start with this organisation: " + ", ".join(bundled()) + ", or what a file says.",
)
@click.option("--client-id", default="operator", show_default=True, help="Id of the operator's client.")
@click.option("--client-secret", default="operator-secret", show_default=True, help="Its secret.")
@click.option(
    "--rate-limit",
    default="300/60",
    show_default=True,
    metavar="N/SECONDS",
    help="Requests per client; 0 for none. How they are counted: --switch rate-window.",
)
@click.option(
    "--latency", default="0ms", show_default=True, metavar="TIME", help="Added to every answer: 50ms, 1s."
)
@click.option(
    "--lag", default="0s", show_default=True, metavar="TIME", help="How long reads stay stale: 5s, 2m."
)
@click.option(
    "--switch",
    "switches",
    multiple=True,
    metavar="NAME=VALUE",
    help="What the vendor leaves unknown; may be repeated. Names: " + ", ".join(sorted(SWITCHES)) + ".",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep the organisation in this file across restarts (default: forgotten at the end); "
    "at most a second is lost. Once it is there, it goes before --org.",
)
def command(port: int, org: str, state: Path | None, **given: object) -> int:
    """Serve a simulated Genesys Cloud organisation on 127.0.0.1 until Ctrl-C.

    The vendor's paths (/oauth/token, /api/v2/…) and beside them /_simulator/, a page that shows what it
    holds, and /_simulator/health, requests, state, reset, faults, clock and edit.
    """
    try:
        settings = Settings.from_options(**given)  # type: ignore[arg-type]  # click made them what it takes
        simulator = Simulator(find_seed(org), settings, state_file=state)
        name = simulator.snapshot()["organization"]["name"]
        run(simulator, port, lambda url: _announce(name, url, settings))
    except OSError as error:
        raise UsageError(f"port {port}: {error.strerror}", remedy="`--port 0` takes a free one") from error
    except ValueError as error:
        raise UsageError(str(error), remedy="see `reconciler simulate --help`") from error
    return 0


def _announce(name: str, url: str, settings: Settings) -> None:
    click.echo(f"{name}, a simulated organisation, answers at {url}; Ctrl-C ends it")
    click.echo(f"what it holds, for people to look at: {url}/_simulator/")
    click.echo("to talk to it from another terminal:")
    for line in exports(url, settings.client_id, settings.client_secret):
        click.echo(f"  {line}")


def exports(url: str, client_id: str, client_secret: str) -> list[str]:
    """Shell lines that point every command at this organisation."""
    return [
        f"export RECONCILER_ENDPOINT={url}",
        f"export GENESYSCLOUD_OAUTHCLIENT_ID={client_id}",
        f"export GENESYSCLOUD_OAUTHCLIENT_SECRET={client_secret}",
    ]
