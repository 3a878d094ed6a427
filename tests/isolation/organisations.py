"""Small organisations for the prover, drawn at random, and how the prover is asked about them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.escalation import BECOMING, POWERS
from reconciler.isolation.matrix import AccessState
from reconciler.isolation.population import Population, Subject
from reconciler.isolation.proving import Prover
from reconciler.model.access import Access, Nature, OrgWideException, Share
from reconciler.model.origin import Origin
from reconciler.model.proof import TenantProof
from tests.isolation.brute import Organisation

SHARE = Share("central planning", "sec@x.example", "2027-06-30")
OPERATOR = "operator"
TENANTS = ("acme", "globex")
DIVISIONS = ("home", "a1", "a2", "g1", "shared", "stray")
OWNERS = {"a1": "acme", "a2": "acme", "g1": "globex", "shared": "org"}
PROGRAMS = ("operator", "acme-x", "acme-y", "globex-x", "org-x", "nobody-x")
PROGRAM_OWNERS = {"acme-x": "acme", "acme-y": "acme", "globex-x": "globex", "org-x": "org"}
PEOPLE = ("ann", "bob", "cy")
GROUPS = ("team", "crew")
POWER, BECOME = sorted(POWERS)[0], sorted(BECOMING)[0]
PERMISSIONS = ("routing:queue:view", BECOME, "routing:queue:edit", "wfm:schedule:view", POWER)
SAID = (*PERMISSIONS, "routing:queue:*", "*:*:view", "*", "unheard:of:it", "legacy")
ROLES = ("r1", "r2", "r3")


def ceilings() -> st.SearchStrategy[frozenset[str]]:
    """Divisions that a client may not leave; more than a manifest could name."""
    return st.frozensets(st.sampled_from(DIVISIONS), max_size=3)


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    """An organisation of a few subjects, most of them harmless."""

    def pick(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    def some(values: Any, most: int) -> Any:
        return draw(st.frozensets(st.sampled_from(values), max_size=most))

    holders = (*PROGRAMS, *PEOPLE, *GROUPS)
    places = (*DIVISIONS, "*")
    grants = draw(
        st.frozensets(st.tuples(*(st.sampled_from(each) for each in (holders, ROLES, places))), max_size=7)
    )
    programs = sorted(each for each in grants if each[0] in PROGRAM_OWNERS)
    shares = some(programs, 2) if programs else frozenset()
    owned = [each for each in programs if PROGRAM_OWNERS[each[0]] == "org"]
    return Organisation(
        aware={each: pick(True, True, False) for each in PERMISSIONS},
        roles={role: some(SAID[: pick(3, 5, len(SAID))], 2) for role in ROLES},
        owner={**OWNERS, **PROGRAM_OWNERS},
        divisions=DIVISIONS,
        home="home",
        programs=PROGRAMS,
        people={person: pick("a1", *DIVISIONS) for person in PEOPLE},
        groups={group: pick(None, some(PEOPLE, 2), some(PEOPLE, 2)) for group in GROUPS},
        grants=grants,
        shares=shares,
        excepted=some(PERMISSIONS[:4], 2),
        declared=some(owned, 3) if owned else frozenset(),
        confined=frozenset((who, draw(ceilings())) for who in some(list(PROGRAM_OWNERS), 2)),
        tolerated=some([(who, role) for who in (*PROGRAMS, *PEOPLE, *GROUPS) for role in ROLES], 5),
    )


def population(org: Organisation) -> Population:
    """The same organisation as the prover wants it."""
    holds: dict[str, frozenset[tuple[str, str]]] = {}
    for subject, role, division in org.grants:
        holds[subject] = holds.get(subject, frozenset()) | {(role, division)}
    subjects = {
        **{
            each: Subject(each, each, "client", Nature.PROGRAM, org.owner.get(each, ""))
            for each in org.programs
        },
        **{each: Subject(each, each, "user", Nature.PERSON, wall=wall) for each, wall in org.people.items()},
        **{each: Subject(each, each, "group", Nature.GROUP) for each in org.groups},
    }
    return Population(
        access=AccessState(holds, org.roles),
        subjects=subjects,
        groups={
            person: tuple(
                sorted(name for name, members in org.groups.items() if members and person in members)
            )
            for person in org.people
        },
        unread=frozenset(name for name, members in org.groups.items() if members is None),
        walls={division: org.owner.get(division, "") for division in org.divisions},
        counts={},
        declared={pair: Origin("shared.yaml") for pair in org.declared},
        names={},
        catalogue=org.aware,
        operator=OPERATOR,
        tolerated={
            subject: {role: SHARE for who, role in org.tolerated if who == subject}
            for subject, _ in org.tolerated
        },
    )


def boundaries(org: Organisation) -> Boundaries:
    """Its walls, with what is declared to cross them."""

    def share_of(item: Access) -> Share | None:
        declared = any(
            (item.subject, role, item.division) in org.shares and item.permission in said
            for role, said in org.roles.items()
        )
        return SHARE if declared else None

    return Boundaries(
        owner_of=lambda identity: org.owner.get(identity, ""),
        name=lambda identity: identity,
        home=org.home,
        share_of=share_of,
        excepted={
            name: OrgWideException(name, "counts", "sec@x.example", "2027-06-30", Origin("org.yaml"))
            for name in org.excepted
        },
        sharing=frozenset(subject for subject, _, _ in org.shares),
        ceilings=dict(org.confined),
    )


def proved(org: Organisation) -> dict[str, TenantProof]:
    """What the prover says of every tenant."""
    return {each.tenant: each for each in Prover(population(org), boundaries(org)).prove(TENANTS)}
