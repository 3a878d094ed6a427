"""The smallest roles in text: permissions and what each is for, the clicks, and bodies to paste."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from reconciler.model.value import Json
from reconciler.planning.bootstrap import ROLE_ID, TOKEN_SECONDS, Bootstrap
from reconciler.reports.lines import Line, flow

_HANDING_ON = (
    "Besides: whoever puts a role on a client must hold that role in that division itself. Under "
    "`handOn: borrow` our client takes it for the time of a change and returns it, which the writer's role "
    "allows; under `held` it has to be given what `reconciler doctor` lists under “handing on”."
)
_SETTINGS = (
    "Not needed, but good to have: authorization:settings:view lets doctor see role backfill and whether "
    "granting follows divisions; audits:audit:view lets drift say who changed something by hand."
)


def bootstrap_text(parts: Iterable[Bootstrap], width: int = 80) -> tuple[Line, ...]:
    """Each role with its client, then what no role can give."""
    lines = [line for part in parts for line in _part(part, width)]
    return (*lines, *flow("", _HANDING_ON, width), Line(""), *flow("", _SETTINGS, width))


def _part(part: Bootstrap, width: int) -> Iterator[Line]:
    yield Line(f"{part.role['name']}", "title")
    yield from flow("  ", part.does, width)
    yield Line("")
    for right in part.rights:
        yield from flow(f"  {right.permission}", "; ".join(right.purposes), width, start=34)
    yield Line("")
    yield from _clicks(part, width)
    yield Line("")
    yield from _request(f"POST /api/v2/authorization/roles (answers with {ROLE_ID})", part.role, width)
    yield from _request("POST /api/v2/oauth/clients (answers with the secret, once)", part.client, width)


def _clicks(part: Bootstrap, width: int) -> Iterator[Line]:
    """The same by hand, in the vendor's own words for its screens."""
    name, client = part.role["name"], part.client["name"]
    yield Line("  In the administration pages")
    steps = (
        f"Admin > People & Permissions > Roles/Permissions > Add Role: call it {name}, and under "
        "Permissions tick what stands above, nothing else. Save.",
        f"Admin > Integrations > OAuth > Add Client: call it {client}, grant type Client Credentials, "
        f"token duration {TOKEN_SECONDS} seconds.",
        f"On its Roles tab tick {name} and assign it all divisions. A list that is cut to some divisions "
        "looks complete. You must hold the role yourself to tick it.",
        "Save, and copy id and secret where your pipeline finds GENESYSCLOUD_OAUTHCLIENT_ID and "
        "GENESYSCLOUD_OAUTHCLIENT_SECRET. The secret is shown once.",
    )
    for number, step in enumerate(steps, 1):
        yield from flow(f"  {number}. ", step, width)
    if part.part != "reader":
        yield from flow(
            f"  {len(steps) + 1}. ", "Name this client in `operator.client` of the Org document.", width
        )


def _request(title: str, body: dict[str, Json], width: int) -> Iterator[Line]:
    yield Line(f"  {title}")
    yield Line("  {", "muted")
    last = len(body)
    for number, (name, value) in enumerate(body.items(), 1):
        comma = "," if number < last else ""
        yield from _field(name, value, comma, width)
    yield Line("  }", "muted")
    yield Line("")


def _field(name: str, value: Json, comma: str, width: int) -> Iterator[Line]:
    """One field; a list has one line per element, so that people can read what they paste."""
    head = f"    {json.dumps(name)}: "
    if not isinstance(value, list):
        yield Line(f"{head}{json.dumps(value)}{comma}", "muted")
        return
    yield Line(f"{head}[", "muted")
    for number, item in enumerate(value, 1):
        row = json.dumps(item) + ("," if number < len(value) else "")
        yield from flow("      ", row, width, "muted", hang=7)
    yield Line(f"    ]{comma}", "muted")
