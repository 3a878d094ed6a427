"""Rights: what the vendor asks for each call of each command, and what somebody who holds grants lacks.

One table, in the vendor's words (`x-genesys-permissions` of the published operations): tests hold it
against the excerpt and against what the commands really send. `{…}` stands for one path segment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE, Allows

_ACCESS = "/api/v2/authorization"
_SIGN_IN = "/api/v2/oauth/clients"


class Need(NamedTuple):
    """A call and the permissions that it takes, all of them; `why` says what it is for."""

    method: str
    path: str
    permissions: tuple[str, ...]
    why: str


PUBLIC = (
    Need("POST", "/oauth/token", (), "sign in"),
    Need("GET", "/api/v2/tokens/me", (), "know whose credentials these are"),
    Need("GET", "/api/v2/organizations/me", (), "know the organisation"),
    Need("GET", f"{_ACCESS}/permissions", (), "know what a division confines"),
    Need("GET", f"{_ACCESS}/divisions", (), "read divisions"),
    Need("GET", f"{_ACCESS}/divisions/{{divisionId}}", (), "read a division"),
    Need("GET", f"{_ACCESS}/divisions/limit", (), "know how many divisions there may be"),
    Need("GET", f"{_ACCESS}/divisionspermitted/paged/me", (), "know where one's own permissions reach"),
    Need("POST", "/api/v2/groups/search", (), "find groups by name"),
    Need("GET", "/api/v2/groups/{groupId}", (), "see a group"),
    Need("GET", "/api/v2/users/{userId}", (), "see a user"),
)
"""Calls that any token may make."""

READS = (
    Need("GET", f"{_ACCESS}/roles", ("authorization:role:view",), "read roles"),
    Need("GET", f"{_ACCESS}/roles/{{roleId}}", ("authorization:role:view",), "read roles"),
    Need(
        "GET", f"{_ACCESS}/roles/{{roleId}}/subjectgrants", ("authorization:role:view",), "see who has a role"
    ),
    Need("GET", _SIGN_IN, ("oauth:client:view",), "read OAuth clients"),
    Need("GET", f"{_SIGN_IN}/{{clientId}}", ("oauth:client:view",), "read OAuth clients"),
    Need("GET", f"{_ACCESS}/subjects/{{subjectId}}", ("authorization:grant:view",), "read grants"),
)
"""What looking takes."""

WRITES = (
    Need(
        "POST",
        f"{_ACCESS}/divisions",
        ("authorization:division:add", "authorization:grant:add"),
        "create divisions",
    ),
    Need("PUT", f"{_ACCESS}/divisions/{{divisionId}}", ("authorization:division:edit",), "change divisions"),
    Need("POST", f"{_ACCESS}/roles", ("authorization:role:add",), "create roles"),
    Need("PUT", f"{_ACCESS}/roles/{{roleId}}", ("authorization:role:edit",), "change roles"),
    Need(
        "POST",
        f"{_ACCESS}/subjects/{{subjectId}}/bulkadd",
        ("authorization:grant:add",),
        "hold for a moment what is handed on",
    ),
    Need("POST", _SIGN_IN, ("oauth:client:add",), "create OAuth clients"),
    Need(
        "PUT",
        f"{_SIGN_IN}/{{clientId}}",
        ("oauth:client:edit",),
        "grant, change and deactivate OAuth clients",
    ),
    Need("POST", f"{_SIGN_IN}/{{clientId}}/secret", ("oauth:client:edit",), "make their secrets anew"),
    Need(
        "DELETE",
        f"{_ACCESS}/subjects/{{subjectId}}/divisions/{{divisionId}}/roles/{{roleId}}",
        ("authorization:grant:delete",),
        "revoke grants that were made by hand",
    ),
    Need(
        "POST",
        f"{_ACCESS}/subjects/{{subjectId}}/bulkremove",
        ("authorization:grant:delete",),
        "revoke grants in every division",
    ),
)
"""What carrying out a plan takes besides."""

DELETES = (
    Need(
        "DELETE",
        f"{_ACCESS}/divisions/{{divisionId}}",
        ("authorization:division:delete",),
        "delete divisions",
    ),
    Need("DELETE", f"{_ACCESS}/roles/{{roleId}}", ("authorization:role:delete",), "delete roles"),
    Need("DELETE", f"{_SIGN_IN}/{{clientId}}", ("oauth:client:delete",), "delete OAuth clients"),
)
"""What `prune: true` takes besides."""

SETTINGS = Need(
    "GET",
    f"{_ACCESS}/roles/settings",
    ("authorization:settings:view",),
    "see the organisation's role settings",
)
"""Worth having, and nothing fails without it. `directory:organization:admin` would do as well."""

AUDITS = Need("POST", "/api/v2/audits/query/realtime", ("audits:audit:view",), "say who changed what by hand")
"""Worth having for `drift`, and nothing fails without it."""

SEARCHING = Need("POST", "/api/v2/users/search", ("directory:user:view",), "find users by e-mail address")
"""Only where manifests name users; one that an `id` pins is found without it."""

GRANTING = ("authorization:grant:add", "authorization:grant:delete")
"""What `authorizationGrantDivisionAware` confines to the granter's divisions."""

COMMANDS: Mapping[str, tuple[Need, ...]] = {
    "plan": READS,
    "drift": READS,
    "apply": READS + WRITES,
    "prune": READS + WRITES + DELETES,
}
"""What each command needs. `prune` is an apply that may delete."""


def permissions(needs: Iterable[Need]) -> tuple[str, ...]:
    """All permissions that these calls take, sorted."""
    return tuple(sorted({name for need in needs for name in need.permissions}))


def purposes(permission: str, needs: Iterable[Need]) -> tuple[str, ...]:
    """What a permission is needed for, in words."""
    return tuple(dict.fromkeys(need.why for need in needs if permission in need.permissions))


@dataclass(frozen=True, slots=True)
class Holding:
    """Where somebody holds which permission: ids of divisions, `*` for every one.

    Permissions may hold `*` for their entity or action. `conditional` are those that come with a
    condition only: whether it is met, nobody can tell beforehand.
    """

    where: Mapping[str, frozenset[str]]
    conditional: frozenset[str] = frozenset()

    def of(self, permission: str) -> frozenset[str]:
        """The divisions that permission is held in."""
        return frozenset(
            division for name in _covering(permission) for division in self.where.get(name, frozenset())
        )

    def only_if(self, permission: str) -> bool:
        """Whether it is held under a condition, and not without."""
        return not self.of(permission) and not self.conditional.isdisjoint(_covering(permission))


def holding(pairs: Iterable[tuple[str, str]], allows: Iterable[Allows]) -> Holding:
    """What (role id, division id) pairs come to, with what those roles allow."""
    roles: dict[str, set[str]] = {}
    for role, division in pairs:
        roles.setdefault(role, set()).add(division)
    where: dict[str, frozenset[str]] = {}
    conditional: set[str] = set()
    for role, permission, condition in allows:
        if role in roles and condition:
            conditional.add(permission)
        elif role in roles:
            where[permission] = where.get(permission, frozenset()) | roles[role]
    return Holding(where, frozenset(conditional))


def _covering(permission: str) -> tuple[str, ...]:
    domain, entity, action = permission.split(":", 2)
    return permission, f"{domain}:{entity}:*", f"{domain}:*:{action}", f"{domain}:*:*"


class Lack(NamedTuple):
    """A permission that does not reach far enough.

    `missing` are the divisions it is not held in (none: it is held nowhere); `condition` says that it
    is held under a condition.
    """

    permission: str
    missing: tuple[str, ...] = ()
    condition: bool = False


def lacks(
    needed: Iterable[str], held: Holding, divisions: Iterable[str], catalogue: Mapping[str, bool]
) -> Iterator[Lack]:
    """What is not held, and what a division confines and is not held in each of `divisions`."""
    everywhere = tuple(divisions)
    for permission in needed:
        where = held.of(permission)
        if not where:
            yield Lack(permission, (), held.only_if(permission))
            continue
        missing = tuple(division for division in everywhere if division not in where)
        if missing and EVERYWHERE not in where and catalogue.get(permission, False):
            yield Lack(permission, missing)


def one_by_one(needed: Iterable[str], held: Holding, catalogue: Mapping[str, bool]) -> tuple[str, ...]:
    """What a division confines and is held in divisions one by one: the next division will lack it."""
    return tuple(
        permission
        for permission in needed
        if catalogue.get(permission, False) and (where := held.of(permission)) and EVERYWHERE not in where
    )
