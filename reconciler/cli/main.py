"""The entrance: finds the command, runs it, turns every error into words and an exit code.

Commands are loaded when they are called, so that `--help` stays quick.
"""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from reconciler import __version__
from reconciler.cli import exits
from reconciler.cli.environment import IN_HELP
from reconciler.cli.hardening import harden
from reconciler.cli.muting import forgiving_stderr
from reconciler.errors import ReconcilerError


class Listed(NamedTuple):
    """A command's module and the line that `--help` shows."""

    module: str
    summary: str


COMMANDS = {
    "validate": Listed("validate", "Check manifests offline: grammar, references, isolation."),
    "render": Listed("render", "Print the manifests with every profile expanded."),
    "lint": Listed("lint", "Find wrong recipes in code, JSON and Terraform, and print the grants instead."),
    "explain": Listed("explain", "Say what a rule or a wrong recipe means."),
    "schema": Listed("schema", "Print a JSON Schema: of a manifest kind or of a JSON result."),
    "plan": Listed("plan", "Show what apply would do: access gained and lost first. Never writes."),
    "apply": Listed("apply", "Carry out a reviewed plan, or a fresh one after asking."),
    "secrets": Listed("secrets", "Say how the clients' secrets stand, replace or deliver them."),
    "suspend": Listed("suspend", "Take every grant of a tenant's clients away, now."),
    "export": Listed("export", "Write an organisation as it is down as manifests, split by tenant."),
    "convert": Listed("convert", "Turn what Terraform manages into manifests, and let Terraform let go."),
    "doctor": Listed("doctor", "Say what is missing, and print the smallest roles that would do."),
    "drift": Listed("drift", "Show what somebody changed in the organisation. Never writes."),
    "prove": Listed("prove", "Prove that each tenant reaches its own divisions and nothing else."),
    "statement": Listed("statement", "Print what one tenant may be told about who reaches its data."),
    "probe": Listed("probe", "Try with each tenant's own tokens what they are really shown."),
    "access": Listed("access", "Answer who can use what, where, and why."),
    "outputs": Listed("outputs", "Print the ids and endpoints that a tenant's application needs."),
    "history": Listed("history", "List past runs, or what one of them sent and what became of it."),
    "controller": Listed("controller", "Look at organisations on a schedule, by policy; with a page."),
    "simulate": Listed("simulate", "Serve a simulated organisation on loopback."),
    "demo": Listed("demo", "Play the whole story against a simulated organisation."),
}
"""Every command, in the order help shows them. A new command is a module and a line here."""


class Lazy(click.Group):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in our order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module; None for a name we do not have."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"reconciler.cli.{COMMANDS[cmd_name].module}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, listed.summary) for name, listed in COMMANDS.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the environment may say, and what exit codes and symbols mean."""
        with formatter.section("Environment"):
            formatter.write_dl(IN_HELP)
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), meaning) for code, meaning in exits.TABLE])
        with formatter.section("Symbols"):
            formatter.write_dl(SYMBOLS)


SYMBOLS = [
    ("+", "to create"),
    ("~", "to update or adopt"),
    ("-", "to revoke or delete"),
    ("⊘", "withheld by a guard"),
    ("▲ ▼", "access gained, access lost"),
    ("✓ ! ✗ ?", "doctor: well, worth knowing, stops plan or apply, not known"),
]


RUN = "reconciler.run"
"""Where click keeps the name of this run."""


class Global(NamedTuple):
    """Options before the command; `keys` is where the controller finds credentials."""

    endpoint: str
    verbose: int
    keys: Path | None = None


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reconciler")
@click.option(
    "--endpoint",
    default="",
    metavar="URL",
    envvar="RECONCILER_ENDPOINT",
    help="One base for API and login instead of the region's hosts; loopback only, for a simulated "
    "organisation (env RECONCILER_ENDPOINT).",
)
@click.option(
    "-v",
    "--verbose",
    count=True,
    help="Say more on stderr: -v what is carried out, -vv also every request, and tracebacks of bugs.",
)
@click.pass_context
def cli(ctx: click.Context, endpoint: str, verbose: int) -> None:
    """Keep the tenants of a Genesys Cloud organisation apart, from manifests in git."""
    from reconciler.telemetry.logs import bound, configure
    from reconciler.wiring import run_id

    configure(verbose)
    ctx.meta[RUN] = run_id()
    ctx.with_resource(bound(run=ctx.meta[RUN], command=ctx.invoked_subcommand or ""))
    ctx.obj = Global(endpoint, verbose)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code. Nothing but a code comes out: errors are told on stderr."""
    with forgiving_stderr():
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    try:
        code = cli.main(args=list(arguments), prog_name="reconciler", standalone_mode=False)
    except click.ClickException as error:
        _misused(error)
        return exits.exit_code(exits.Facts(usage=True))
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return exits.exit_code(exits.Facts(interrupted=True))
    except ReconcilerError as error:
        _tell(error)
        _trace(error, arguments)
        return exits.of_error(error)
    except Exception as error:
        return _bug(error, arguments)
    return code if isinstance(code, int) else 0


def _tell(error: ReconcilerError) -> None:
    from reconciler.model.concealing import concealed
    from reconciler.model.visible import visible

    if str(error):
        said = visible(concealed(error.message))
        click.echo(f"{click.style('error', fg='red', bold=True)}  {said}", err=True)
    if error.remedy:
        click.echo(f"       {visible(concealed(error.remedy))}", err=True)


def _misused(error: click.ClickException) -> None:
    """A usage error repeats the arguments, and a pipeline may have taken them from anybody."""
    from reconciler.model.visible import several

    said = io.StringIO()
    error.show(said)
    click.echo(several(said.getvalue()), nl=False, err=True)


def _trace(error: Exception, arguments: Sequence[str]) -> None:
    """A traceback never reaches a user who did not ask for it."""
    if "-vv" not in arguments:
        return
    from reconciler.cli.ending import bug
    from reconciler.telemetry.tracebacks import told

    if unforeseen := bug(error):
        click.echo(told(unforeseen), nl=False, err=True)


def _bug(error: Exception, arguments: Sequence[str]) -> int:
    _trace(error, arguments)
    click.echo(
        f"bug  {type(error).__name__} in reconciler {__version__}; nothing more was attempted", err=True
    )
    click.echo("     run again with -vv before the command and report what it prints", err=True)
    return exits.exit_code(exits.Facts(usage=True))


def main() -> None:
    """The console script."""
    harden()
    sys.exit(run(sys.argv[1:]))
