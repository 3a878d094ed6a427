"""The whole organisation as JSON, without secrets."""

from typing import Any

from reconciler.simulator.clients import shown_pairs
from reconciler.simulator.org import Organisation
from reconciler.simulator.world import Row


def snapshot(org: Organisation) -> dict[str, Any]:
    """All objects but secrets and tokens, as they are now (lag does not hide anything here)."""
    live, both = org.live, org.on("bulkadd-visible", "yes")
    clients = [
        row
        | {
            "roleDivisions": [
                {"roleId": role, "divisionId": where} for role, where in shown_pairs(live, key, both)
            ]
        }
        for key, row in live.clients.rows.items()
    ]
    return {
        "organization": org.fact("organization"),
        "limits": org.fact("limits"),
        "settings": org.fact("settings"),
        "divisions": list(live.divisions.rows.values()),
        "deletedDivisions": list(live.deleted_divisions.rows.values()),
        "roles": list(live.roles.rows.values()),
        "defaultRoles": list(live.default_roles.rows.values()),
        "users": list(live.users.rows.values()),
        "groups": list(live.groups.rows.values()),
        "queues": list(live.queues.rows.values()),
        "wrapupCodes": list(live.wrapup_codes.rows.values()),
        "flows": list(live.flows.rows.values()),
        "dataTables": list(live.data_tables.rows.values()),
        "businessUnits": list(live.business_units.rows.values()),
        "managementUnits": list(live.management_units.rows.values()),
        "conversations": list(live.conversations.rows.values()),
        "contacts": list(live.contacts.rows.values()),
        "policies": list(live.policies.rows.values()),
        "authorizations": list(live.authorizations.rows.values()),
        "clients": clients,
        "trustees": list(live.trustees.rows.values()),
        "grants": [grant for row in live.grants.rows.values() for grant in _grants(row)],
    }


def _grants(row: Row) -> list[Row]:
    head = {"subjectId": row["subjectId"], "subjectType": row["type"]}
    return [
        head | {"roleId": role, "divisionId": division, "grantMadeAt": grant.made_at}
        for (role, division), grant in row["pairs"].items()
    ]


def happened(org: Organisation) -> dict[str, Any]:
    """What is no object of it: audits, usage, delivered roles, queries, changes not seen by all, the date."""
    return {
        "audits": list(org.live.audits.rows.values()),
        "usage": [
            {
                "clientId": used.client,
                "httpMethod": used.method,
                "templateUri": used.template,
                "status": used.status,
                "date": used.at,
                "requests": count,
            }
            for used, count in org.usage.items()
        ],
        "usedBefore": list(org.live.usage.rows.values()),
        "defaultRoles": list(org.live.default_roles.rows.values()),
        "queries": dict(org.jobs),
        "late": [{"table": each.table, "id": each.key} for each in org.history.late(org.clock.now())],
        "date": org.clock.stamp(),
    }
