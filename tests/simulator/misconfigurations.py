"""Every misconfiguration that is asked for, what is planted of it, and what no data can show.

Every question finds nothing wrong in `northwind`, except where WRONG_BY_HAND says so, and exactly what
PLANTED says in `northwind-broken`.
"""

from __future__ import annotations

from collections.abc import Callable

from reconciler.simulator.organization import AWARE_GRADES, grades
from tests.simulator.organisation import Named
from tests.simulator.questions import (
    ADHERENCE,
    DECLARED,
    ESCALATORS,
    QA_SERVES,
    SENSITIVE,
    TODAY,
    clients_in,
    clients_where,
    cross_tenant_transfer,
    divisions_of,
    foreign_division,
    foreign_member,
    in_home,
    misplaced_flow,
    misplaced_object,
    moved_not_granted,
    near_limit,
    restored_to_home,
    roles_with,
    second_view_grant,
    shared_client,
    split_unit,
    still_granted,
    strangers,
    tenant,
    tenant_clients,
    tenant_roles,
    twins,
    unused_client,
    wide_scopes,
)

Question = Callable[[Named], set[str]]
QUESTIONS: dict[str, Question] = {
    "near-division-limit": near_limit,
    "backfill": lambda org: {"on"} if org.state["settings"]["backfillEnabled"] else set(),
    "twin-names": lambda org: twins(org, "divisions") | twins(org, "roles"),
    "telling-name": lambda org: {
        name for name in org.rows("divisions") if any(each in name for each in SENSITIVE)
    },
    "deleted-division": lambda org: set(org.rows("deletedDivisions")),
    "shared-role-edited": lambda org: org.permissions("Tenant Adherence") - ADHERENCE,
    "org-wide-permission": lambda org: roles_with(
        org, lambda each: "*" not in each and each.split(":")[0] != "integrations" and each not in ESCALATORS
        and grades().get(each, "N") not in AWARE_GRADES,
    ),
    "integrations-in-tenant-role": lambda org: roles_with(org, lambda each: each.startswith("integrations:")),
    "wildcard": lambda org: roles_with(org, lambda each: "*" in each),
    "escalator": lambda org: roles_with(org, ESCALATORS.__contains__),
    "whole-recordings": lambda org: roles_with(org, lambda each: each == "recording:recording:view"),
    "legacy-admin": lambda org: {
        role for role in tenant_roles(org) if "admin" in org.rows("roles")[role]["permissions"]
    },
    "moved-not-granted": moved_not_granted,
    "restored-to-home": restored_to_home,
    "break-glass-open": lambda org: {
        name for name, row in org.rows("users").items() if name == "Break Glass" and row["state"] == "active"
    },
    "shared-service-creep": lambda org: divisions_of(org.held("groups")["NW QA"]) - QA_SERVES,
    "foreign-member": foreign_member,
    "hidden-holder": lambda org: still_granted(org, "groups", "visibility", "members", "owners"),
    "roles-disabled": lambda org: still_granted(org, "groups", "rolesEnabled", False),
    "misplaced-object": misplaced_object,
    "left-in-home": lambda org: in_home(org, "queues", "flows", "dataTables"),
    "misplaced-flow": misplaced_flow,
    "starred-object": lambda org: {
        row["name"] for row in org.state["wrapupCodes"] if row["division"] == "*" and tenant(row["name"])
    },
    "starred-contact": lambda org: {
        row["name"] for row in org.state["contacts"] if row["division"] == "*" and tenant(row["title"])
    },
    "policy-off": lambda org: {row["name"] for row in org.state["policies"] if not row["active"]},
    "foreign-queue-member": lambda org: strangers(org, "queues", "members"),
    "unit-in-home": lambda org: in_home(org, "businessUnits", "managementUnits"),
    "foreign-agent": lambda org: strangers(org, "managementUnits", "agents"),
    "split-unit": split_unit,
    "cross-tenant-transfer": cross_tenant_transfer,
    "unused-client": unused_client,
    "break-glass-used": lambda org: {
        row["entity"]["name"] for row in org.audits() if row["user"]["name"] == "Break Glass"
    },
    "star-grant": lambda org: clients_in(org, "*"),
    "home-grant": lambda org: clients_in(org, org.home),
    "foreign-division": foreign_division,
    "second-view-grant": second_view_grant,
    "default-role": lambda org: {
        name for name, held in tenant_clients(org).items()
        if any(org.rows("roles")[role]["default"] for role, _ in held)
    },
    "shared-client": shared_client,
    "unknown-client": lambda org: set(org.rows("clients")) - DECLARED,
    "twin-clients": lambda org: twins(org, "clients"),
    "lingering-client": lambda org: {
        row["name"] for row in org.state["clients"] if row.get("dateToDelete", TODAY) < TODAY
    } & still_granted(org, "clients", "state", "inactive"),
    "disabled-client": lambda org: still_granted(org, "clients", "state", "disabled"),
    "implicit-grant": lambda org: clients_where(org, "authorizedGrantType", "TOKEN"),
    "password-grant": lambda org: clients_where(org, "authorizedGrantType", "PASSWORD"),
    "wide-scopes": wide_scopes,
    "long-token": lambda org: {
        row["name"] for row in org.state["clients"] if row["accessTokenValiditySeconds"] > 86_400
    },
    "trusted-outsider": lambda org: set(org.held("trustees")),
}  # fmt: skip

CROSSED_BY_HAND = {
    "acme refund to a globex card", "acme loyalty is a globex card", "acme canada licence of initech",
}  # fmt: skip

PLANTED: dict[str, set[str]] = {
    "near-division-limit": {"8 of 10"},
    "backfill": {"on"},
    "twin-names": {"ACME-CA", "ACME CA"},
    "telling-name": {"Umbrella Pharma Pilot"},
    "deleted-division": {"INITECH-EU"},
    "shared-role-edited": {"wfm:schedule:edit"},
    "org-wide-permission": {"Initech Directory Sync"},
    "integrations-in-tenant-role": {"Globex Data Actions"},
    "wildcard": {"Acme BI"},
    "escalator": {"Globex Provisioner"},
    "whole-recordings": {"Acme Call Review"},
    "legacy-admin": {"Initech Legacy"},
    "moved-not-granted": {"Hannah Vogel"},
    "restored-to-home": {"Viktor Olsen"},
    "break-glass-open": {"Break Glass"},
    "shared-service-creep": {"GLOBEX"},
    "foreign-member": {"ACME Floor Leads"},
    "hidden-holder": {"Night Crew"},
    "roles-disabled": {"Former Leads"},
    "misplaced-object": {"ACME US Gift Cards"},
    "left-in-home": {"Initech Beta"},
    "misplaced-flow": {"Initech Outage Line"},
    "starred-object": {"Globex Card Stolen"},
    "starred-contact": {"Gregor Falk"},
    "policy-off": {"No Whole Recordings"},
    "foreign-queue-member": {"Globex Onboarding"},
    "unit-in-home": {"Initech Night Floor"},
    "foreign-agent": {"Initech Chat Floor"},
    "split-unit": {"ACME Holiday Floor"},
    "cross-tenant-transfer": {"globex fraud reported to initech"} | CROSSED_BY_HAND,
    "unused-client": {"acme-pilot"},
    "break-glass-used": {"Tenant Recordings"},
    "star-grant": {"acme-exporter"},
    "home-grant": {"initech-sync"},
    "foreign-division": {"globex-archive", "initech-saas-metrics"},
    "second-view-grant": {"initech-saas-metrics"},
    "default-role": {"acme-dialer"},
    "shared-client": {"floor-wallboard"},
    "unknown-client": {
        "test123", "pbi-export", "acme-exporter", "initech-sync", "acme-dialer", "floor-wallboard",
        "initech-metrics-old", "globex-chatbot", "globex-kiosk", "acme-legacy-crm", "acme-bi",
        "acme-call-review", "globex-data-actions", "globex-provisioner", "initech-legacy", "acme-pilot",
    },
    "twin-clients": {"acme-retail-metrics"},
    "lingering-client": {"initech-metrics-old"},
    "disabled-client": {"globex-chatbot"},
    "implicit-grant": {"globex-kiosk"},
    "password-grant": {"acme-legacy-crm"},
    "wide-scopes": {"initech-desk"},
    "long-token": {"globex-bank-metrics"},
    "trusted-outsider": {"Cutover Consulting"},
}  # fmt: skip
"""What each question finds in `northwind-broken`; `second-view-grant` where the two views differ."""

WRONG_BY_HAND = {"unknown-client": {"pbi-export"}, "cross-tenant-transfer": CROSSED_BY_HAND}
"""What is wrong in `northwind` already: the client nobody remembers, and what no division keeps apart."""

CASES: dict[str, tuple[str, ...]] = {
    "a grant in every division": ("star-grant",),
    "a grant in Home": ("home-grant",),
    "a grant in another tenant's division": ("foreign-division", "second-view-grant"),
    "a permission that acts org-wide": ("org-wide-permission",),
    "a wildcard in a role": ("wildcard",),
    "an administrator's role on a client": ("default-role", "legacy-admin"),
    "a permission to widen oneself": ("escalator",),
    "a shared role edited": ("shared-role-edited",),
    "permissions that come by themselves": ("backfill",),
    "somebody moved and not granted": ("moved-not-granted",),
    "an object in a wrong division": ("misplaced-object", "misplaced-flow"),
    "an object left in Home": ("left-in-home",),
    "an object in every division": ("starred-object", "starred-contact"),
    "a unit in a wrong division": ("unit-in-home", "split-unit"),
    "people of one tenant in another's place": ("foreign-agent", "foreign-queue-member", "foreign-member"),
    "a way from tenant to tenant": ("cross-tenant-transfer",),
    "whole recordings where a segment would do": ("whole-recordings",),
    "an access policy that is off": ("policy-off",),
    "scopes wider than needed": ("wide-scopes",),
    "an outdated grant type": ("implicit-grant", "password-grant"),
    "a client that lingers": ("lingering-client", "disabled-client"),
    "a client that nobody uses": ("unused-client",),
    "a secret of two tenants": ("shared-client",),
    "a token that lives long": ("long-token",),
    "one name for two": ("twin-names", "twin-clients"),
    "a name that tells": ("telling-name",),
    "a deleted division": ("deleted-division",),
    "somebody restored to Home": ("restored-to-home",),
    "a client that nobody declared": ("unknown-client",),
    "break glass": ("break-glass-open", "break-glass-used"),
    "a shared service beyond what was agreed": ("shared-service-creep",),
    "integrations that hold keys": ("integrations-in-tenant-role",),
    "no room for divisions": ("near-division-limit",),
    "a group whose grants do not show": ("hidden-holder", "roles-disabled"),
    "people of another organisation": ("trusted-outsider",),
}
"""Which questions look for what."""

NOT_SHOWN = {
    "the vendor's catalogue changed": "the simulator has one catalogue; a change is two of them compared",
    "a division restored with its grants": "it is a division like any other; that it was gone is two moments",
    "a secret never rotated": "no field of any answer says how old a secret is",
    "scopes that are not enforced": "the setting of the organisation is in no operation of the contract",
    "a right still cached after its revocation": "it passes with time; `--lag` and stale reads do that",
    "a stream opened before a revocation": "notification channels are in no operation of the contract",
    "identities resolved into a wrong division": "these maps are in no operation of the contract",
}
"""What one look at an organisation cannot show, and why."""
