"""Manifests and readings from small dictionaries, through the registry's own specifications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from reconciler.kinds import REGISTRY
from reconciler.model.address import Address
from reconciler.model.kind import Registry
from reconciler.model.manifest import Entry, Limits, Manifests, Org, Owner, Sink
from reconciler.model.marker import Marker, join
from reconciler.model.origin import Origin
from reconciler.model.plan import Change, Plan
from reconciler.model.state import Live, LiveState, Reading
from reconciler.model.value import Json, fingerprint
from reconciler.planning.options import PlanOptions
from reconciler.planning.plan import make

ORG_ID = "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"
ORG = "northwind"
TODAY = date(2026, 11, 20)
NO_LIMITS = Limits(removals=10_000, removal_percent=100_000, change_percent=100_000, gains=100_000)
FREE = {"limits": NO_LIMITS}
"""A policy that holds nothing back."""
HOME = "00000000-0000-4000-8000-00000000000a"
VAULT = Sink(
    "vault", "vault", {"path": "bpo/{tenant}/{key}"}, Origin("org.yaml", 0, ("spec", "sinks", "vault"))
)
CONFINED = ("routing:queue:view", "routing:queue:edit", "wfm:schedule:view", "wfm:schedule:edit")
"""Permissions that the catalogue used here calls division aware."""
WIDE = "directory:user:view"
"""One that acts org-wide."""
CATALOGUE = dict.fromkeys(CONFINED, True) | {WIDE: False}


class _EveryPair(frozenset[tuple[str, str]]):
    """Has any pair one asks for, that of a role which is not there yet too."""

    def __contains__(self, pair: object) -> bool:
        return True


EVERY_PAIR = _EveryPair()
"""What an operator holds that never has to borrow."""


def uid(number: int) -> str:
    """An id of the organisation that looks like one."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def org(**policy: Any) -> Org:
    """The Org document of the tests; any field may be said anew. Nobody borrows unless a test says so."""
    base = Org(
        *(ORG, "us-east-1", ORG_ID, "nw-reconciler", Origin("org.yaml")),
        sinks={"vault": VAULT},
        hand_on="held",
    )
    return replace(base, **policy)


def owner(name: str, data: Mapping[str, Any], registry: Registry = REGISTRY, file: str = "") -> Owner:
    """A Tenant (or a Shared document) from `{section: [entry, …], "state": …}`."""
    top = Origin(file or f"{name}.yaml")
    sections = {
        kind.name: tuple(
            Entry(kind.spec.model_validate(item), top.child("spec", kind.section, index))
            for index, item in enumerate(data[kind.section])
        )
        for kind in registry
        if kind.section in data
    }
    return Owner(name, sections, top, state=data.get("state", "active"))


def manifests(
    shared: Mapping[str, Any] | None = None, registry: Registry = REGISTRY, policy: Any = None, **tenants: Any
) -> Manifests:
    """Manifests from one Shared document and tenants by name (`acme_retail` stands for acme-retail)."""
    named = [owner(name.replace("_", "-"), data, registry) for name, data in tenants.items()]
    documents = (owner("org", shared, registry),) if shared else ()
    return Manifests(org(**(policy or {})), documents, (), tuple(named))


def marked(
    body: Mapping[str, Json], address: str, registry: Registry = REGISTRY, **flags: Any
) -> dict[str, Json]:
    """`body` as we would have left it: its description carries the marker of `address`.

    `flags` are `org`, `hash8` (default: what the body comes to), `nonce`, `suspended`.
    """
    at = Address.parse(address)
    fields = registry[at.kind].live(body).fields
    marker = Marker(flags.pop("org", ORG), at, flags.pop("hash8", fingerprint(fields)), **flags)
    return {**body, "description": join(body.get("description") or "", marker)}


def division(number: int, name: str, description: str = "", **more: Json) -> dict[str, Json]:
    """A vendor's division."""
    return {"id": uid(number), "name": name, "description": description, "homeDivision": False, **more}


def role(number: int, name: str, *permissions: str, **more: Json) -> dict[str, Json]:
    """A vendor's role with one policy per permission."""
    policies = [
        {"domain": domain, "entityName": entity, "actionSet": [action]}
        for domain, entity, action in (permission.split(":") for permission in permissions)
    ]
    return {"id": uid(number), "name": name, "description": "", "permissionPolicies": policies, **more}


def client(number: int, name: str, *pairs: tuple[int | str, int | str], **more: Json) -> dict[str, Json]:
    """A vendor's client-credentials client; pairs are (role, division), numbers standing for ids."""
    listed = [{"roleId": _id(role), "divisionId": _id(division)} for role, division in pairs]
    base = {
        "authorizedGrantType": "CLIENT-CREDENTIALS",
        "accessTokenValiditySeconds": 3600,
        "state": "active",
    }
    return {"id": uid(number), "name": name, "description": "", **base, "roleDivisions": listed, **more}


def _id(identity: int | str) -> str:
    return uid(identity) if isinstance(identity, int) else identity


HOME_BODY: dict[str, Json] = {"id": HOME, "name": "Home", "description": "", "homeDivision": True}


def live(registry: Registry = REGISTRY, /, **bodies: Any) -> LiveState:
    """A complete reading from vendor bodies by section; any other field of LiveState may be given too.

    The operator holds whatever there is to hand on, in every division, unless `operator_pairs` says
    otherwise.
    """
    readings = {
        kind.name: Reading(tuple(kind.live(body) for body in bodies.pop(kind.section, ())))
        for kind in registry
    }
    state = {"catalogue": CATALOGUE, "operator_id": uid(999), "operator_pairs": EVERY_PAIR} | bodies
    return LiveState(ORG_ID, "Northwind", readings, **state)


def with_elsewhere(state: LiveState, number: int, *pairs: tuple[int | str, int | str]) -> LiveState:
    """The reading in which the second view shows further pairs of client `number`."""
    extra = frozenset((_id(role), _id(division)) for role, division in pairs)

    def seen(item: Live) -> Live:
        if item.id != uid(number):
            return item
        return replace(item, fields={**item.fields, "grants": item.fields["grants"] | extra}, elsewhere=extra)

    readings = {name: Reading(tuple(map(seen, reading.objects))) for name, reading in state.readings.items()}
    return replace(state, readings=readings)


def options(**given: Any) -> PlanOptions:
    """What was asked; today is always the same day."""
    return replace(PlanOptions(TODAY, "2026-11-20T12:00:00Z", "0.0.0"), **given)


def plan(wanted: Manifests, state: LiveState, registry: Registry = REGISTRY, **given: Any) -> Plan:
    """The plan of the tests."""
    return make(wanted, state, options(**given), registry)


def change(made: Plan, address: str) -> Change:
    """The one change at `address`; fails when there is none or more than one."""
    (found,) = [item for item in made.changes if str(item.address) == address]
    return found


def guards(made: Plan) -> dict[str, str]:
    """What holds back which address."""
    return {str(item.address): item.withheld.guard for item in made.changes if item.withheld}


def actions(made: Plan) -> dict[str, str]:
    """What runs, by address."""
    return {str(item.address): item.action for item in made.running}


def operation_ids(made: Plan) -> list[str]:
    """The operations in order."""
    return [item.id for item in made.operations]


def metrics(*grants: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A client entry `metrics` with these grants."""
    return {
        "key": "metrics",
        "name": "acme-metrics",
        "grants": list(grants),
        "secret": {"sink": "vault"},
        **more,
    }


def by_id(state: LiveState, identity: str) -> Live:
    """The live object with that id."""
    (found,) = [
        item for reading in state.readings.values() for item in reading.objects if item.id == identity
    ]
    return found
