r"""What a tenant's application needs, as an environment file and as Terraform variables.

An environment file has no quoting at all: a shell takes quotes off and `docker --env-file` keeps them,
so only values that both read alike are written. In HCL a `${` or `%{` of a name would be evaluated; it
is written by its code point, and so is whatever cannot be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reconciler.errors import UsageError
from reconciler.model.outputs import KnownClient, Outputs
from reconciler.model.secret import Destination

_HEAD = "# reconciler outputs {tenant}: ids and endpoints, no secret"
_ALIKE = re.compile(r"[A-Za-z0-9_@%+=:,./-]*", re.ASCII)
"""What no shell and no other reader of such files takes for anything but itself."""

_TEMPLATE = re.compile(r"[$%]+(?=\{)")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def variable(prefix: str, reference: str) -> str:
    """The name of a variable: `us` is `PREFIX__US`, `org/two-words` is `PREFIX__ORG__TWO_WORDS`."""
    return f"{prefix}__{reference.replace('/', '__').replace('-', '_').upper()}"


def env_text(item: Outputs) -> str:
    """`NAME=value` lines, for `set -a; . FILE` as for `docker --env-file FILE`.

    Raises UsageError where two would have one name, and for a value that readers read differently.
    """
    seen: dict[str, str] = {}
    lines = [_HEAD.format(tenant=item.tenant)]
    for name, value, source in _variables(item):
        if name in seen:
            raise UsageError(
                f"{seen[name]} and {source} would both be {name}",
                remedy="rename one of them, or use -o json, which keeps keys as they are",
            )
        if not _ALIKE.fullmatch(value):
            raise UsageError(
                f"{source} has a value that a shell and docker would read differently: {value!r}",
                remedy="use -o json, -o yaml or -o tfvars, which can say it",
            )
        seen[name] = source
        lines.append(f"{name}={value}")
    return "".join(f"{line}\n" for line in lines)


def _variables(item: Outputs) -> Iterator[tuple[str, str, str]]:
    """Name, value and what it comes from."""
    yield "GENESYSCLOUD_ORGANIZATION_ID", item.organization_id, "the organisation"
    yield "GENESYSCLOUD_REGION", item.region, "the region"
    yield "GENESYSCLOUD_API_HOST", item.api_host, "the API"
    yield "GENESYSCLOUD_LOGIN_HOST", item.login_host, "the login"
    for key, client in item.clients.items():
        source = f"client `{key}`"
        yield variable("GENESYSCLOUD_OAUTHCLIENT_ID", key), client.id, source
        if client.secret:
            place = f"{client.secret.sink}:{client.secret.path}"
            yield variable("GENESYSCLOUD_OAUTHCLIENT_SECRET_REF", key), place, source
    for reference, wall in item.divisions.items():
        yield variable("DIVISION_ID", reference), wall.id, f"division `{reference}`"


def tfvars_text(item: Outputs) -> str:
    """A `.tfvars` file as `terraform fmt` leaves it: four texts and two maps of objects."""
    texts = {
        "genesyscloud_organization_id": item.organization_id,
        "genesyscloud_region": item.region,
        "genesyscloud_api_host": item.api_host,
        "genesyscloud_login_host": item.login_host,
    }
    clients = {key: _client(client) for key, client in item.clients.items()}
    walls = {key: {"id": quoted(wall.id), "name": quoted(wall.name)} for key, wall in item.divisions.items()}
    lines = [
        _HEAD.format(tenant=item.tenant),
        *_aligned({name: quoted(value) for name, value in texts.items()}),
        "",
        *_map("genesyscloud_clients", clients),
        "",
        *_map("genesyscloud_divisions", walls),
    ]
    return "".join(f"{line}\n" for line in lines)


def _client(client: KnownClient) -> dict[str, str]:
    return {"id": quoted(client.id), "name": quoted(client.name), "secret_ref": _place(client.secret)}


def _place(secret: Destination | None) -> str:
    return f"{{ sink = {quoted(secret.sink)}, path = {quoted(secret.path)} }}" if secret else "null"


def _map(name: str, objects: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    if not objects:
        yield f"{name} = {{}}"
        return
    yield f"{name} = {{"
    for key, fields in objects.items():
        yield f"  {quoted(key)} = {{"
        yield from (f"    {line}" for line in _aligned(fields))
        yield "  }"
    yield "}"


def _aligned(fields: Mapping[str, str]) -> Iterator[str]:
    widest = max(map(len, fields))
    return (f"{name:{widest}} = {value}" for name, value in fields.items())


def quoted(text: str) -> str:
    """An HCL string that means exactly `text` (source: HCL native syntax, quoted templates)."""
    safe = _TEMPLATE.sub(lambda found: "".join(map(_code, found[0])), "".join(map(_escaped, text)))
    return f'"{safe}"'


def _escaped(char: str) -> str:
    return _SHORT.get(char) or (char if char.isprintable() else _code(char))


def _code(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
