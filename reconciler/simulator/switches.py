"""What the sources leave open about the vendor, as named switches.

Each switch has its allowed values, the value this simulator takes when nobody says otherwise, and the reason
it exists (`§` numbers are sections of the fact sheet the simulator was written from). A program that works on
every side of every switch works whatever the vendor turns out to do.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple


class Switch(NamedTuple):
    """One open question: its allowed values, the default, and why it is open."""

    values: tuple[str, ...]
    default: str
    why: str

    @property
    def question(self) -> str:
        """What is open, without the number of its section in the fact sheet."""
        return re.sub(r"^§[\d.]+: ", "", self.why)


_ON_OFF = ("on", "off")
_YES_NO = ("yes", "no")

SWITCHES: dict[str, Switch] = {
    "analytics-cut": Switch(
        ("cut", "whole"), "cut", "§13.4: are analytics without a divisionId cut to the caller's divisions?"
    ),
    "audited-client": Switch(
        ("named", "absent"), "named", "§13.2: does an audit name the client that made a change?"
    ),
    "audited-divisions": Switch(
        ("absent", "shown"), "absent", "§13.2: do audits show changes of divisions? No entity type is listed"
    ),
    "bulkadd-visible": Switch(_YES_NO, "yes", "§12.4: is a grant of the subjects API part of roleDivisions?"),
    "caches": Switch(
        ("agree", "disagree"),
        "agree",
        "§12.8: while the lag lasts, do all readers see the same, and are rights as old as what they open?",
    ),
    "deleted-division-grants": Switch(
        ("removed", "kept"), "removed", "§12.10: does a deleted division keep grants?"
    ),
    "deleted-division-name": Switch(
        ("free", "kept"), "free", "§12.10: may the name of a deleted division be reused?"
    ),
    "deleted-in-groups": Switch(
        ("kept", "left"),
        "kept",
        "§13.1: does a deleted person stay in groups, so that their roles come back with the person?",
    ),
    "description-limit": Switch(("none", "256", "512", "1024"), "none", "§12.6: characters in a description"),
    "duplicate-names": Switch(
        ("conflict409", "bad400", "allow"), "conflict409", "§12.2: same division or role name"
    ),
    "editor-must-hold": Switch(_ON_OFF, "on", "§8: who edits a client must hold what the client holds"),
    "empty-success": Switch(("204", "200", "202"), "204", "§12.2: status of a success without a body"),
    "foreign-object": Switch(
        ("403", "404"), "403", "§12.1: answer for an object of a division one may not see"
    ),
    "foreign-observation": Switch(
        ("empty", "refused"), "empty", "§12.12: observing a foreign queue: nothing, or as `foreign-object`?"
    ),
    "foreign-units": Switch(
        ("left-out", "listed"),
        "left-out",
        "§13.3: are business units listed that the caller may not use (`authorized: false`)?",
    ),
    "grantless-birth": Switch(
        ("allowed", "refused"), "allowed", "§8: may a client be created without grants?"
    ),
    "hidden-groups": Switch(
        ("shown", "hidden"),
        "shown",
        "§13.1: does a visibility of members or owners hide a group from a client token?",
    ),
    "holding-status": Switch(("400", "403"), "403", "§12.3: status when a pair is not held by the caller"),
    "inactive-birth": Switch(("allowed", "refused"), "allowed", "§8: may a client be created inactive?"),
    "old-secret": Switch(
        ("dies", "lives"), "dies", "§8: does a new secret of a client end the old one at once?"
    ),
    "operator-must-hold": Switch(_ON_OFF, "on", "§8: who puts a pair on a client must hold it"),
    "org-wide-permitted": Switch(
        ("granted", "everywhere"),
        "granted",
        "§4: are the divisions told where an org-wide permission was granted, or where it reaches?",
    ),
    "own-view": Switch(("filled", "empty"), "filled", "§12.5: does a client token see its own grants?"),
    "policy-order": Switch(("kept", "reversed"), "kept", "§6: policies and actions come back as sets"),
    "rate-window": Switch(
        ("sliding", "fixed", "bucket"),
        "sliding",
        "§2: how is the time of the rate limit counted? Whoever fits a sliding window fits the other two",
    ),
    "role-delete-granted": Switch(
        ("allowed", "refused"), "allowed", "§6: deleting a role that is still granted"
    ),
    "role-ids-shown": Switch(_YES_NO, "no", "§8: is the deprecated roleIds part of an answer?"),
    "role-users-division": Switch(
        ("home", "every"), "home", "§7: in which division does users/add, which names none, grant a role?"
    ),
    "roles-disabled-groups": Switch(
        ("kept", "refused"), "kept", "§13.1: a grant to a group whose rolesEnabled is false"
    ),
    "secret-on-get": Switch(
        ("absent", "empty", "shown"), "absent", "§12.9: what GET and PUT say of the secret"
    ),
    "self-grant": Switch(("allowed", "refused"), "allowed", "§12.3: may a client grant to itself?"),
    "star-in-division-grants": Switch(_YES_NO, "no", "§12.4: does a division's grant list show `*` grants?"),
    "star-in-path": Switch(
        ("accepted", "refused"), "refused", "§7: is `*` a division in the path of a grant?"
    ),
    "starred-filter": Switch(
        ("listed", "left-out"), "listed", "§13.5: does divisionId= find what is in every division?"
    ),
    "starred-shown": Switch(
        ("star", "absent"), "star", "§13.5: is `*` the division of what is in every division?"
    ),
    "subject-must-hold": Switch(
        _ON_OFF, "off", "§12.3: must the caller of the subjects API hold what it grants?"
    ),
    "thin-clients": Switch(_ON_OFF, "off", "listing clients without roleDivisions, description, scope"),
    "thin-roles": Switch(_ON_OFF, "off", "listing roles without their permission policies"),
    "token-failure": Switch(("400", "401"), "400", "§12.11: status of a refused token request"),
    "token-rights": Switch(("live", "issued"), "live", "§12.8: do issued tokens feel a change of grants?"),
    "tombstones": Switch(
        ("gone", "listed"), "gone", "§8: do deleted clients stay listed with state deleted?"
    ),
    "unknown-fields": Switch(("ignore", "reject"), "ignore", "§12.9: unknown properties in a request body"),
    "unused-permissions": Switch(
        ("idle", "lacking"),
        "idle",
        "§8: is a role's unusedPermissions what it allows and nobody uses, or all that it does not allow?",
    ),
}


def resolve(chosen: Mapping[str, str]) -> dict[str, str]:
    """Every switch with its value: `chosen` over the defaults. Raises ValueError naming what is allowed."""
    for name, value in chosen.items():
        if name not in SWITCHES:
            raise ValueError(f"unknown switch {name!r}; switches are: {', '.join(sorted(SWITCHES))}")
        if value not in SWITCHES[name].values:
            raise ValueError(
                f"switch {name} cannot be {value!r}; allowed: {', '.join(SWITCHES[name].values)}"
            )
    return {name: chosen.get(name, switch.default) for name, switch in SWITCHES.items()}
