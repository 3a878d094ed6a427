"""The whole organisation as JSON: shown without secrets, saved with them, loaded again."""

import json
import os
from pathlib import Path
from typing import Any

from reconciler.simulator.clients import shown_pairs
from reconciler.simulator.org import Organisation
from reconciler.simulator.world import TABLES, Grant, Row, World


def snapshot(org: Organisation) -> dict[str, Any]:
    """Everything but secrets, tokens and audits, as it is now (lag does not hide anything here)."""
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


def save(org: Organisation, path: Path) -> None:
    """Write the organisation with its secrets, readable by its owner only, all or nothing."""
    tables = {name: org.live.table(name).rows for name in TABLES if name != "grants"}
    grants = [
        row | {"pairs": [[*pair, *grant] for pair, grant in row["pairs"].items()]}
        for row in org.live.grants.rows.values()
    ]
    data = {
        "formatVersion": 1,
        "tables": tables,
        "grants": grants,
        "secrets": org.secrets,
        "count": org.sequence.count,
    }
    draft = path.with_name(path.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(data, file)
    draft.replace(path)


def load(path: Path) -> tuple[World, dict[str, str], int]:
    """World, secrets and id count of a saved organisation. Raises ValueError for another kind of file."""
    try:
        data = json.loads(path.read_text("utf-8"))
        world = World()
        for name, rows in data["tables"].items():
            for key, row in rows.items():
                world.put(name, key, row)
        for row in data["grants"]:
            pairs = {(role, division): Grant(at, by) for role, division, at, by in row["pairs"]}
            world.put("grants", row["subjectId"], row | {"pairs": pairs})
        return world, data["secrets"], data["count"]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path} is no saved state of this simulator; delete it to start anew") from error
