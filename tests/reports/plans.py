"""Plans as stories: what happens to Northwind on ten different days."""

from __future__ import annotations

from typing import Any

from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access, Delta
from reconciler.model.address import Address
from reconciler.model.finding import Finding, Severity
from reconciler.model.origin import Origin, Position
from reconciler.model.plan import Change, Edge, Estimate, FieldChange, Operation, Plan, Summary, Withheld

ORG = "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"
US, CA, ACME, ROLE, HOME = (f"{n}0000000-0000-4000-8000-00000000000{n}" for n in range(1, 6))
NAMES = {US: "ACME-US", CA: "ACME-CA", ROLE: "Tenant Queue Metrics", HOME: "Home"}
READS_QUEUES = ("analytics:queueObservation:view", "routing:queue:search", "routing:queue:view")


def change(address: str, action: Any, name: str, **more: Any) -> Change:
    more = {"id": "", "cause": "manifest", "reason": "declared, not in the organisation", **more}
    return Change(Address.parse(address), action, name, **more)


def step(identity: str, address: str, method: str = "PUT", **more: Any) -> Operation:
    more = {"does": "request", "path": "/api/v2/some/where", "body": None, **more}
    return Operation(identity, Address.parse(address), method=method, **more)


def access(subject: str, *divisions: str, permissions: tuple[str, ...] = READS_QUEUES) -> tuple[Access, ...]:
    return tuple(Access(subject, each, division, ROLE) for division in divisions for each in permissions)


def plan(
    changes: tuple[Change, ...] = (),
    operations: tuple[Operation, ...] = (),
    gains: tuple[Access, ...] = (),
    losses: tuple[Access, ...] = (),
    **more: Any,
) -> Plan:
    running = [each.action for each in changes if each.withheld is None]
    counts = {action: running.count(action) for action in ("create", "update", "delete", "adopt", "revoke")}
    values: dict[str, Any] = {
        "tool": "reconciler 0.1.0",
        "org_name": "northwind",
        "organization_id": ORG,
        "created_at": "2026-11-20T14:02:11Z",
        "manifest_digest": "3f2a91c07b" + "0" * 54,
        "only": (),
        "allow": {},
        "summary": Summary(**counts, withheld=len(changes) - len(running), unchanged=9),
        "findings": (),
        "unmanaged": {},
        "orphans": (),
        "estimate": Estimate(9 + 2 * len(operations), 40),
        "digest": "9c41d0" * 10 + "aaaa",
        "names": NAMES,
    } | more
    return Plan(changes=changes, operations=operations, access=Delta(gains, losses), **values)


def empty() -> Plan:
    return plan(unmanaged={"clients": ("pull", "crm"), "roles": ("Sup",)}, orphans=("initech/division/old",))


def first_apply() -> Plan:
    """A tenant's first day: two divisions, a client, nothing there yet."""
    us, ca, metrics = (f"acme-retail/{key}" for key in ("division/us", "division/ca", "client/metrics"))
    grants = [[ROLE, {"$ref": us}], [ROLE, {"$ref": ca}]]
    changes = (
        change(us, "create", "ACME-US"),
        change(ca, "create", "ACME-CA"),
        change(metrics, "create", "acme-metrics", fields=(FieldChange("grants", None, grants),)),
    )
    operations = (
        step("us", us, "POST"),
        step("ca", ca, "POST"),
        step("born", metrics, "POST"),
        step(
            "deliver",
            metrics,
            "",
            does="deliver",
            body={"sink": "vault", "path": "bpo/acme-retail/metrics", "store": "vault mount=kv"},
        ),
        step("settle", metrics, "", does="wait", body={"seconds": 10}, reason="a new division settles"),
        step(
            "grant",
            metrics,
            after=(
                Edge("us", "its grants refer to it"),
                Edge("ca", "its grants refer to it"),
                Edge("settle", ""),
            ),
        ),
        step("prove", metrics, "", does="prove"),
    )
    gains = access(f"{{{metrics}}}", f"{{{us}}}", f"{{{ca}}}")
    return plan(changes, operations, gains, unmanaged={"clients": ("pull", "crm"), "roles": ("Supervisor",)})


def role_widened() -> Plan:
    """One role learns to listen to recordings; four clients, one of them not ours, hold it."""
    role = "org/role/queue-metrics"
    added = ["recording:recording:view", "routing:queue:delete"]
    holders = {
        "acme-retail/client/metrics": (US, CA),
        "globex-bank/client/metrics": ("globex",),
        "initech-saas/client/metrics": ("initech",),
        ACME: (HOME, US),
    }
    gains = tuple(
        item
        for holder, places in holders.items()
        for item in access(holder, *places, permissions=("recording:recording:view",))
    ) + access("acme-retail/client/metrics", US, CA, permissions=("routing:queue:delete",))
    field = FieldChange("permissions", [["routing:queue:search", ""]], [[each, ""] for each in added])
    changes = (
        change(
            role, "update", "Tenant Queue Metrics", id=ROLE, reason="the manifest changed", fields=(field,)
        ),
    )
    findings = (
        Finding(
            rule="role/widened",
            severity=Severity.MEDIUM,
            message="1 role gives 4 clients of 3 tenants more than they had",
            remedy="give what few need a role of its own",
            address=role,
        ),
    )
    names = {**NAMES, ACME: "hand-made", "globex": "GLOBEX", "initech": "INITECH"}
    return plan(changes, (step("role", role),), gains, findings=findings, names=names)


def client_revoked() -> Plan:
    """A share has run out, a client has left the manifests and a division may go."""
    auditor, old = "org/client/auditor", "acme-retail/client/old"
    changes = (
        change(
            auditor,
            "revoke",
            "nw-auditor",
            id="aud",
            reason="the manifest changed: its share expired on 2026-06-30",
            fields=(FieldChange("grants", [[ROLE, EVERYWHERE]], []),),
            origin=Origin("shared.yaml"),
        ),
        change(
            old,
            "revoke",
            "acme-old",
            id="old",
            reason="no longer declared: it loses its grants and is deactivated",
            fields=(
                FieldChange("grants", [[ROLE, US], [ROLE, CA]], []),
                FieldChange("state", "active", "inactive"),
            ),
        ),
        change("acme-retail/division/mx", "delete", "ACME-MX", id="mx", reason="no longer declared"),
    )
    audits = ("authorization:role:view", "authorization:grant:view", "oauth:client:view")
    losses = access(auditor, EVERYWHERE, permissions=audits) + access(old, US, CA)
    steps = (step("a", auditor, "DELETE"), step("o", old), step("m", "acme-retail/division/mx", "DELETE"))
    orphans = ("acme-retail/division/mx", old, "initech-saas/division/old")
    return plan(changes, steps, (), losses, orphans=orphans)


def conflict_withheld() -> Plan:
    """A client of the wanted name is there and is not ours."""
    vega = "vega/client/pull"
    held = Withheld(
        "conflict",
        "a client `vega-pull` exists and is not ours",
        "adopt: 5e0c11aa-0000-4000-8000-000000000001 on the entry",
    )
    changes = (
        change("vega/division/main", "create", "VEGA"),
        change(
            vega,
            "create",
            "vega-pull",
            withheld=held,
            origin=Origin("tenants/vega.yaml", 0, ("spec", "clients", 0)),
        ),
        change(
            "vega/client/crm",
            "adopt",
            "vega-crm",
            id="5e0c11aa-0000-4000-8000-000000000002",
            reason="taken over as the manifest says",
        ),
    )
    return plan(
        changes, (step("d", "vega/division/main", "POST"), step("c", "vega/client/crm")), only=("vega",)
    )


def drift() -> Plan:
    """Somebody granted a client everything by hand, and renamed a division."""
    metrics, division = "acme-retail/client/metrics", "acme-retail/division/us"
    reason = "somebody changed it in the organisation"
    changes = (
        change(
            division,
            "update",
            "ACME-US",
            id=US,
            cause="drift",
            reason=reason,
            fields=(
                FieldChange("name", "ACME US (old)", "ACME-US"),
                FieldChange("description", "do not touch", ""),
            ),
        ),
        change(
            metrics,
            "revoke",
            "acme-metrics",
            id="m",
            cause="drift",
            reason=reason,
            fields=(FieldChange("grants", [[ROLE, EVERYWHERE], [ROLE, HOME]], []),),
        ),
        change(
            "globex-bank/client/metrics",
            "update",
            "globex-metrics",
            id="g",
            cause="unknown",
            reason="it differs, and its marker cannot tell who changed it",
            fields=(FieldChange("tokenSeconds", 86400, 3600),),
        ),
    )
    losses = access(metrics, EVERYWHERE, HOME) + access(
        metrics, ORG_WIDE, permissions=("directory:user:edit",)
    )
    return plan(
        changes,
        (step("d", division), step("m", metrics), step("g", "globex-bank/client/metrics")),
        (),
        losses,
    )


def crossing() -> Plan:
    """A plan that a guard has stopped in part: it would let a tenant into another's division."""
    metrics = "globex-bank/client/metrics"
    finding = Finding(
        rule="isolation/foreign-division",
        severity=Severity.CRITICAL,
        message="globex-metrics could use routing:queue:view in ACME-US: it is a division of acme-retail",
        remedy="remove the grant, or declare a `share` with reason, owner and end",
        address=metrics,
        witness=("globex-metrics", "Tenant Queue Metrics", "routing:queue:view", "ACME-US"),
    )
    held = Withheld(
        "isolation", "it would let globex-bank into ACME-US", "remove the grant, or declare a share"
    )
    changes = (
        change(metrics, "create", "globex-metrics", withheld=held, origin=Origin("tenants/globex-bank.yaml")),
    )
    return plan(changes, findings=(finding,))


def large() -> Plan:
    """Forty tenants on one day, one of them in trouble."""
    tenants = [f"tenant-{number:02}" for number in range(1, 41)]
    held = Withheld("conflict", "a client of that name exists and is not ours", "adopt: true on the entry")
    changes: list[Change] = []
    operations: list[Operation] = []
    gains: list[Access] = []
    for tenant in tenants:
        division, client = f"{tenant}/division/main", f"{tenant}/client/metrics"
        changes += [change(division, "create", tenant.upper())]
        changes += [
            change(client, "create", f"{tenant}-metrics", withheld=held if tenant == "tenant-07" else None)
        ]
        operations += [step(division, division, "POST"), step(client, client, "POST")]
        body = {"sink": "vault", "path": f"bpo/{tenant}/metrics", "store": "vault mount=kv"}
        operations += [step(f"{client}!", client, "", does="deliver", body=body)]
        gains += access(f"{{{client}}}", f"{{{division}}}") if tenant != "tenant-07" else ()
    gains += access("org/client/auditor", EVERYWHERE, permissions=("oauth:client:view",))
    for tenant in tenants[:8]:
        field = FieldChange("tokenSeconds", 86400, 3600)
        changes += [
            change(
                f"{tenant}/client/wfm",
                "update",
                f"{tenant}-wfm",
                id=tenant,
                reason="the manifest changed",
                fields=(field,),
            )
        ]
        operations += [step(f"{tenant}-wfm", f"{tenant}/client/wfm")]
    changes += [change("tenant-01/division/old", "delete", "OLD", id="old", reason="no longer declared")]
    return plan(
        tuple(changes), tuple(operations), tuple(gains), estimate=Estimate(340, 190), allow={"removals": 4}
    )


def hostile() -> Plan:
    """Names that try to hide, to turn the line, to add lines of their own, or to sound like us."""
    evil = {
        "x/division/a": "ACME\u202eSU\u200b",
        "x/division/b": "north\nplan: 0 to create, 0 to update",
        "x/division/c": "ok · secret → vault",
        "x/division/d": "\x1b[31mred\x1b[0m\x07",
        "x/division/e": "日本支社 アクメ",
        "x/division/f": "spaces   inside ",
        "x/division/g": "long " * 40,
    }
    changes = tuple(change(address, "create", name) for address, name in evil.items())
    gains = tuple(item for address in evil for item in access("\u2066intruder\u2069", f"{{{address}}}"))
    return plan(changes, tuple(step(a, a, "POST") for a in evil), gains)


def powers() -> Plan:
    """A role with everything in it: the graver is told first, the rest folds."""
    many = (
        *READS_QUEUES,
        *(f"routing:queue:{verb}" for verb in ("add", "edit", "delete")),
        *(
            f"wfm:{thing}:view"
            for thing in ("realtimeAdherence", "schedule", "businessUnit", "agent", "workPlan")
        ),
        *(f"outbound:{thing}:view" for thing in ("campaign", "contactList", "dnc")),
        "recording:recording:view",
        "authorization:grant:add",
    )
    places = tuple(f"division-{number}" for number in range(12))
    changes = (
        change(
            "org/role/all",
            "update",
            "All",
            fields=(FieldChange("permissions", [], [[each, ""] for each in many]),),
            reason="the manifest changed",
        ),
    )
    return plan(
        changes,
        (step("r", "org/role/all"),),
        access("org/client/operator", *places, permissions=many)
        + access("org/client/operator", ORG_WIDE, permissions=("directory:user:view",)),
    )


STORIES = {
    story.__name__: story
    for story in (
        empty,
        first_apply,
        role_widened,
        client_revoked,
        conflict_withheld,
        drift,
        crossing,
        large,
        hostile,
        powers,
    )
}


def locate(origin: Origin) -> Position | None:
    """Knows one file."""
    return Position(origin.file, 9, 7, "    - key: pull") if origin.file == "tenants/vega.yaml" else None
