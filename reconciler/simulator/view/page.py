"""The page: everything on it gathered, and laid out by templates. A browser may load nothing beside it."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from reconciler.simulator.hands import Hands
from reconciler.simulator.limits import limits_text
from reconciler.simulator.view import behaviour, clients, grants, past, people, things
from reconciler.simulator.world import World

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Control characters, and what hides in text or turns it round."""

SECTIONS = (
    ("organisation", "Organisation"),
    ("divisions", "Divisions"),
    ("clients", "Clients and their tokens"),
    ("roles", "Roles"),
    ("people", "Groups and users"),
    ("objects", "Objects"),
    ("conversations", "Conversations"),
    ("deleted", "Deleted"),
    ("changes", "Changes"),
    ("requests", "Requests"),
    ("faults", "Faults"),
    ("switches", "Switches"),
    ("unlike", "What it imitates and what not"),
)
"""Each with its template, in this order."""


def page(simulator: Hands, refresh: int = 0) -> str:
    """The page as HTML; a browser loads it anew every `refresh` seconds, never at 0."""
    return _environment().get_template("page.html").render(_contents(simulator), refresh=refresh)


@cache
def policy() -> str:
    """The Content-Security-Policy: the page's own style, and nothing from anywhere."""
    digest = b64encode(sha256(_environment().get_template("page.css").render().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reconciler.simulator.view"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_legible,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _legible(value: Any) -> Any:
    """Whatever stands on the page with its invisible characters made visible."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return _INVISIBLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", value)
    return value


def _contents(simulator: Hands) -> dict[str, Any]:
    """Whatever the templates name."""
    org, world = simulator.org, simulator.org.live
    indices = [things.index(world, each) for each in things.CONFINED]
    return {
        "sections": SECTIONS,
        "name_of": org.fact("organization")["name"],
        "stamp": simulator.clock.stamp(),
        "clients": clients.clients(org, indices),
        "confined": [f"{each.type.title} of {each.total}" for each in indices],
        **_places(world, [*indices, things.index(world, things.USERS)]),
        **_people(world),
        **_past(world),
        **_behaviour(simulator),
    }


def _places(world: World, indices: list[things.Index]) -> dict[str, Any]:
    return {
        "types": [each.type.title for each in indices],
        "divisions": things.divisions(world, indices),
        "objects": [(each.title, things.things(world, each)) for each in things.OBJECTS],
    }


def _people(world: World) -> dict[str, Any]:
    return {
        "roles": sorted(world.roles.rows.values(), key=lambda row: (row["default"], row["name"].casefold())),
        "holders": grants.holders(world),
        "groups": people.groups(world),
        "users": people.users(world),
        "trustees": people.trustees(world),
        "policies": list(world.policies.rows.values()),
        "authorizations": list(world.authorizations.rows.values()),
    }


def _past(world: World) -> dict[str, Any]:
    return {
        "conversations": len(world.conversations.rows),
        "crossings": past.crossings(world),
        "gone": past.gone(world),
        "changes": past.changes(world),
        "audits": len(world.audits.rows),
    }


def _behaviour(simulator: Hands) -> dict[str, Any]:
    return {
        "facts_of": behaviour.facts(simulator.org),
        "behaviour": behaviour.behaviour(simulator),
        "limits": behaviour.limits(simulator.org),
        "requests": behaviour.requests(simulator),
        "total": simulator.total,
        "faults": behaviour.faults(simulator.fault_rules),
        "switches": behaviour.switches(simulator.org),
        "unlike": limits_text().split("\n\n"),
    }
