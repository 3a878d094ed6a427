"""What a subject may do: its pairs, direct and through groups, turned into permissions and where they hold.

A permission is `domain:entity:action`; a policy may say `*` for entity or action. Conditions on policies are
not imitated: a conditional permission counts as held.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from reconciler.simulator.errors import missing_all, missing_any
from reconciler.simulator.world import Pair, Row, World

EVERYWHERE = "*"


class Access:
    """The pairs a subject holds and, per permission, the divisions it holds it in."""

    def __init__(self, pairs: Collection[Pair], roles: dict[str, Row]) -> None:
        """`roles` gives the role rows by id; a pair on an unknown role gives nothing."""
        self.pairs = frozenset(pairs)
        self._where: dict[str, set[str]] = {}
        for role, division in self.pairs:
            for permission in permissions_of(roles[role]) if role in roles else ():
                self._where.setdefault(permission, set()).add(division)

    def where(self, permission: str) -> set[str]:
        """Ids of the divisions the permission is held in; `*` among them means every division."""
        found: set[str] = set()
        for pattern in _patterns(permission):
            found |= self._where.get(pattern, set())
        return found

    def held(self, known: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
        """Of `known` permissions, by domain, those that are held and where, in the same order."""
        domains = {pattern.partition(":")[0] for pattern in self._where}
        asked = (each for domain in known if domain in domains for each in known[domain])
        return {permission: found for permission in asked if (found := self.where(permission))}

    def allows(self, permission: str, division: str) -> bool:
        """Whether the permission is held in that division."""
        return not self.where(permission).isdisjoint((division, EVERYWHERE))

    def holds(self, pair: Pair) -> bool:
        """Whether the pair is held; a pair in `*` covers every division."""
        return pair in self.pairs or (pair[0], EVERYWHERE) in self.pairs


class FullAccess(Access):
    """An administrator: everything, everywhere."""

    def __init__(self) -> None:
        """Holds no pair in particular."""
        super().__init__((), {})

    def where(self, permission: str) -> set[str]:
        """Every division."""
        return {EVERYWHERE}

    def holds(self, pair: Pair) -> bool:
        """Always."""
        return True


def permissions_of(role: Row) -> Iterator[str]:
    """`domain:entity:action` of every policy of a role; parts may be `*`."""
    for policy in role["permissionPolicies"]:
        for action in policy.get("actionSet") or ():
            yield f"{policy.get('domain')}:{policy.get('entityName')}:{action}"


def _patterns(permission: str) -> tuple[str, ...]:
    domain, entity, action = [*permission.split(":"), "", ""][:3]
    return (permission, f"{domain}:{entity}:*", f"{domain}:*:{action}", f"{domain}:*:*")


def sources(world: World, subject: str) -> list[str]:
    """The subject and every group it belongs to: whose grants it enjoys. Only users belong to groups."""
    if subject not in world.users.rows:
        return [subject]
    return [subject, *(row["id"] for row in world.groups.rows.values() if subject in row["members"])]


def access_of(world: World, subject: str, roles: World | None = None) -> Access:
    """The effective access of a subject; what its roles may do as another cache has it, if there is one."""
    pairs = {pair for source in sources(world, subject) for pair in world.pairs(source)}
    return Access(pairs, (roles or world).roles.rows)


def require(access: Access, mode: str, permissions: list[str]) -> None:
    """Raise the vendor's 403 unless the permissions are held, in any division.

    Whether the vendor asks for them in a particular division is unknown outside
    `authorizationGrantDivisionAware` (see `rules.granting_divisions`); objects of divisions are cut where
    they are listed.
    """
    missing = [permission for permission in permissions if not access.where(permission)]
    if mode == "ALL" and missing:
        raise missing_all(missing)
    if mode == "ANY" and permissions and len(missing) == len(permissions):
        raise missing_any(permissions)
