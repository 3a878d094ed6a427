"""What may be wrong with a tenant organisation, as questions to a snapshot; each answers with names.

The tenants of Northwind are told by the names of their things.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

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
TODAY, LONG_AGO = "2026-01-01", "2025-10-03"
"""The first day, and ninety days before."""


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


def misplaced_flow(org: Named) -> set[str]:
    return {row["name"] for row in org.state["flows"] if tenant(row["name"]) not in ("", owner(org, row))}


def owner(org: Named, row: dict[str, str]) -> str:
    """The tenant in whose division something is."""
    return tenant(org.names[row["division"]])


def strangers(org: Named, section: str, people: str) -> set[str]:
    """What is one tenant's and has people of another in it."""
    where = {row["id"]: owner(org, row) for row in org.state["users"]}
    return {
        row["name"]
        for row in org.state[section]
        if owner(org, row) and {where[key] for key in row[people]} - {owner(org, row)}
    }


def split_unit(org: Named) -> set[str]:
    """Management units of one tenant below a business unit of another."""
    above = {row["id"]: owner(org, row) for row in org.state["businessUnits"]}
    return {
        row["name"]
        for row in org.state["managementUnits"]
        if above[row["businessUnit"]] and owner(org, row) not in ("", above[row["businessUnit"]])
    }


def in_home(org: Named, *sections: str) -> set[str]:
    rows = (row for section in sections for row in org.state[section])
    return {row["name"] for row in rows if org.names[row["division"]] == org.home}


def cross_tenant_transfer(org: Named) -> set[str]:
    return {
        row["name"]
        for row in org.state["conversations"]
        if len({tenant(org.names[division]) for division in row["divisions"]} - {""}) > 1
    }


def unused_client(org: Named) -> set[str]:
    return {
        row["name"]
        for row in org.state["clients"]
        if row["state"] == "active"
        and row["id"] != "operator"
        and max(org.days_of_use(row["id"]), default="") < LONG_AGO
    }


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
