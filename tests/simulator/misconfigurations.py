"""What may be wrong with a tenant organisation, as questions to a snapshot; each answers with names.

The tenants of Northwind are told by the names of their things. Every question finds nothing wrong in
`northwind`, except where WRONG_BY_HAND says so, and exactly what PLANTED says in `northwind-broken`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

from reconciler.simulator.organization import AWARE_GRADES, grades
from tests.simulator.organisation import Named

TENANTS = ("acme", "globex", "initech")
DECLARED = {
    "acme-retail-metrics", "globex-bank-metrics", "initech-saas-metrics", "acme-adherence", "globex-archive",
    "initech-desk", "nw-auditor", "nw-reconciler",
}  # fmt: skip
"""Clients that manifests/ declares, and the operator."""
ADHERENCE = {"wfm:realtimeAdherence:view", "wfm:historicalAdherence:view"}
QA_SERVES = {"ACME-US", "ACME-CA", "INITECH"}
ESCALATORS = {"authorization:grant:add", "authorization:role:edit", "oauth:client:edit"}
SENSITIVE = ("Umbrella Pharma",)
TODAY = "2026-01-01"


def tenant(name: str) -> str:
    """The tenant whose thing is called so, or nothing."""
    return next((each for each in TENANTS if name.lower().startswith(each)), "")


def tenant_clients(org: Named) -> dict[str, set[tuple[str, str]]]:
    return {name: held for name, held in org.held("clients").items() if tenant(name)}


def tenant_roles(org: Named) -> set[str]:
    """Custom roles that clients of tenants hold."""
    roles = {role for held in tenant_clients(org).values() for role, _ in held}
    return {role for role in roles if not org.rows("roles")[role]["default"]}


def divisions_of(held: Iterable[tuple[str, str]]) -> set[str]:
    return {division for _, division in held}


def roles_with(org: Named, test: Callable[[str], bool]) -> set[str]:
    return {role for role in tenant_roles(org) if any(test(each) for each in org.permissions(role))}


def clients_in(org: Named, division: str) -> set[str]:
    return {name for name, held in tenant_clients(org).items() if division in divisions_of(held)}


def clients_where(org: Named, field: str, *values: object) -> set[str]:
    return {row["name"] for row in org.state["clients"] if row[field] in values}


def foreign_division(org: Named) -> set[str]:
    return {
        name
        for name, held in tenant_clients(org).items()
        if {tenant(where) for where in divisions_of(held)} - {"", tenant(name)}
    }


def shared_client(org: Named) -> set[str]:
    held = org.held("clients")
    owners = {name: {tenant(where) for where in divisions_of(held[name])} - {""} for name in held}
    return {name for name, tenants in owners.items() if len(tenants) > 1 and not tenant(name)}


def twins(org: Named, section: str) -> set[str]:
    names = [row["name"] for row in org.state[section]]
    counted = Counter(re.sub(r"\W", "", name.casefold()) for name in names)
    return {name for name in names if counted[re.sub(r"\W", "", name.casefold())] > 1}


def still_granted(org: Named, section: str, field: str, *values: object) -> set[str]:
    held = org.held(section)
    return {row["name"] for row in org.state[section] if row[field] in values and held[row["name"]]}


def moved_not_granted(org: Named) -> set[str]:
    return {
        name
        for name, held in org.held("users").items()
        if held and not {org.names[org.rows("users")[name]["division"]], "*"} & divisions_of(held)
    }


def foreign_member(org: Named) -> set[str]:
    where = {row["id"]: org.names[row["division"]] for row in org.state["users"]}
    return {
        row["name"]
        for row in org.state["groups"]
        if tenant(row["name"]) and {tenant(where[key]) for key in row["members"]} - {tenant(row["name"])}
    }


def misplaced_object(org: Named) -> set[str]:
    queues = {row["name"]: tenant(org.names[row["division"]]) for row in org.state["queues"]}
    return {name for name, owner in queues.items() if owner and owner != tenant(name)}


def left_in_home(org: Named) -> set[str]:
    return {row["name"] for row in org.state["queues"] if org.names[row["division"]] == org.home}


def restored_to_home(org: Named) -> set[str]:
    people = [row for row in org.state["users"] if org.names[row["division"]] == org.home]
    return {row["name"] for row in people if tenant(row.get("department", ""))}


def second_view_grant(org: Named) -> set[str]:
    """Clients that hold more than their `roleDivisions` show."""
    shown = {
        (row["id"], pair["roleId"], pair["divisionId"])
        for row in org.state["clients"]
        for pair in row["roleDivisions"]
    }
    ids = {row["id"] for row in org.state["clients"]}
    all_of_them = {
        (grant["subjectId"], grant["roleId"], grant["divisionId"])
        for grant in org.state["grants"]
        if grant["subjectId"] in ids
    }
    return {org.names[subject] for subject, _, _ in all_of_them - shown}


def wide_scopes(org: Named) -> set[str]:
    return {
        row["name"]
        for row in org.state["clients"]
        if any(not scope.endswith(":readonly") for scope in row["scope"])
    }


def near_limit(org: Named) -> set[str]:
    most, used = org.state["limits"]["divisions"], len(org.state["divisions"])
    return {f"{used} of {most}"} if most - used < 3 else set()


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
    "left-in-home": left_in_home,
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
    "star-grant": {"acme-exporter"},
    "home-grant": {"initech-sync"},
    "foreign-division": {"globex-archive", "initech-saas-metrics"},
    "second-view-grant": {"initech-saas-metrics"},
    "default-role": {"acme-dialer"},
    "shared-client": {"floor-wallboard"},
    "unknown-client": {
        "test123", "pbi-export", "acme-exporter", "initech-sync", "acme-dialer", "floor-wallboard",
        "initech-metrics-old", "globex-chatbot", "globex-kiosk", "acme-legacy-crm", "acme-bi",
        "acme-call-review", "globex-data-actions", "globex-provisioner", "initech-legacy",
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

WRONG_BY_HAND = {"unknown-client": {"pbi-export"}}
"""What is wrong in `northwind` already: the client nobody remembers."""
