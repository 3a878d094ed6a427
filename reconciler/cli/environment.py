"""Every environment variable that is read, in one table: for `--help`, and for the reference made of it."""

from __future__ import annotations

from typing import Literal, NamedTuple

Topic = Literal["signing in", "running", "sinks", "who ran it", "read by libraries"]


class Variable(NamedTuple):
    """A variable, what it is, and what for.

    `help` is the line of `--help`, "" for what does not stand there; `file` says that NAME_FILE may name
    a file that holds it instead.
    """

    name: str
    says: str
    topic: Topic
    help: str = ""
    file: bool = False


VARIABLES = (
    Variable(
        "GENESYSCLOUD_OAUTHCLIENT_ID",
        "Id of the client that reads or applies.",
        "signing in",
        "id of the client that reads or applies (or …_ID_FILE names a file)",
        file=True,
    ),
    Variable(
        "GENESYSCLOUD_OAUTHCLIENT_SECRET",
        "Its secret.",
        "signing in",
        "its secret (or …_SECRET_FILE names a file)",
        file=True,
    ),
    Variable(
        "GENESYSCLOUD_ACCESS_TOKEN",
        "A ready token instead of both, for commands that only read. It goes first where both are set.",
        "signing in",
        "a ready token instead, for commands that only read",
        file=True,
    ),
    Variable(
        "GENESYSCLOUD_REGION",
        "The region. With manifests it must agree with the Org document; without them it decides the hosts.",
        "signing in",
        "must agree with the Org document when set",
    ),
    Variable(
        "RECONCILER_ENDPOINT",
        "The same as `--endpoint`: one base for API and login, loopback only.",
        "signing in",
        "the same as --endpoint",
    ),
    Variable(
        "RECONCILER_SECRETS",
        "The directory below which file sinks write (default `./secrets`).",
        "running",
        "directory of file sinks (default ./secrets)",
    ),
    Variable(
        "RECONCILER_STATE",
        "Where journal, history and lease are kept: a file, a `postgresql://` URL, or `off` (default "
        "`history.sqlite` in the user's state directory).",
        "running",
        "journal, history and lease: a file, a PostgreSQL URL (or …_FILE names a file), or off",
        file=True,
    ),
    Variable(
        "RECONCILER_CREDENTIALS",
        "The directory in which `controller` finds `NAME/client-id` and `NAME/client-secret` of each "
        "organisation NAME.",
        "signing in",
        "directory of credentials by organisation, for controller",
    ),
    Variable(
        "RECONCILER_WEBHOOK",
        "An `https://` URL that is told what runs find and do, as CloudEvents (default: nobody is told).",
        "running",
        "URL that is told what runs find and do (or …_WEBHOOK_FILE names a file)",
        file=True,
    ),
    Variable(
        "RECONCILER_SIGNING_KEY",
        "A key of 32 bytes or more that plan files are signed with by `plan --out` and verified with by "
        "`apply --plan`, which then refuses any other (default: plan files are not signed).",
        "running",
        file=True,
    ),
    Variable(
        "RECONCILER_SIGN_COMMAND",
        "Instead of the key: the command that signs the plan `{file}` into `{signature}`, without a shell.",
        "running",
    ),
    Variable(
        "RECONCILER_VERIFY_COMMAND",
        "Instead of the key: the command that exits with 0 where `{signature}` is that of the plan `{file}`.",
        "running",
    ),
    Variable(
        "XDG_STATE_HOME",
        "The user's state directory, an absolute path (default `~/.local/state`); ours is "
        "`reconciler/` below it.",
        "running",
    ),
    Variable("NO_COLOR", "No colour, even on a terminal.", "running", "no colour, even on a terminal"),
    Variable(
        "CI",
        "Anything at all: the disk will be thrown away. A file sink that is not `persistent` refuses to "
        "write, and `doctor` says that a journal in a file keeps no two runners apart.",
        "running",
    ),
    Variable("VAULT_ADDR", "Address of the server of `vault` sinks.", "sinks"),
    Variable("VAULT_TOKEN", "The token for it.", "sinks"),
    Variable("VAULT_NAMESPACE", "Its namespace, where there are any.", "sinks"),
    Variable("GITHUB_TOKEN", "The token of `github` sinks.", "sinks"),
    Variable("GITHUB_API_URL", "Their API (default GitHub's own).", "sinks"),
    Variable("GITHUB_SERVER_URL", "With the next two, the job's address on GitHub.", "who ran it"),
    Variable("GITHUB_REPOSITORY", "See there.", "who ran it"),
    Variable("GITHUB_RUN_ID", "See there.", "who ran it"),
    Variable("GITHUB_ACTOR", "Whose job it is.", "who ran it"),
    Variable("CI_JOB_URL", "The job's address on GitLab.", "who ran it"),
    Variable("GITLAB_USER_LOGIN", "Whose job it is.", "who ran it"),
    Variable("BUILDKITE_BUILD_URL", "The job's address on Buildkite.", "who ran it"),
    Variable("BUILDKITE_BUILD_CREATOR", "Whose job it is.", "who ran it"),
    Variable("CIRCLE_BUILD_URL", "The job's address on CircleCI.", "who ran it"),
    Variable("CIRCLE_USERNAME", "Whose job it is.", "who ran it"),
    Variable("BUILD_URL", "The job's address on Jenkins.", "who ran it"),
    Variable("BUILD_USER_ID", "Whose job it is.", "who ran it"),
    Variable("AWS_…", "The usual ones of boto3: profile, region, keys, roles.", "read by libraries"),
    Variable("PG…", "The usual ones of libpq, such as `PGPASSWORD`.", "read by libraries"),
)
"""All of them. A variable that the code reads and that is missing here is found by a test."""

IN_HELP = tuple((each.name, each.help) for each in VARIABLES if each.help)
"""Those that `--help` lists, with its words."""
