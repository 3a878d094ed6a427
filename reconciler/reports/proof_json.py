"""A proof as its document: the same facts as the text, every one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reconciler.model.access import Share
from reconciler.model.finding import Finding
from reconciler.model.plan import FORMAT_VERSION, finding_document
from reconciler.model.proof import App, Confined, Excepted, Proof, Reacher, TenantProof
from reconciler.model.stock import Stock


def proof_document(
    proof: Proof, patch: Callable[[Sequence[Finding]], str] = lambda findings: ""
) -> dict[str, Any]:
    """The proof document of the contract, ready for JSON; `patch` gives the diff that mends findings."""
    return {
        "formatVersion": FORMAT_VERSION,
        "tool": proof.tool,
        "org": {"name": proof.org_name, "id": proof.organization_id},
        "read": {"from": proof.began, "until": proof.ended, "snapshot": proof.snapshot},
        "size": {"grants": proof.grants, "roles": proof.roles, "divisions": proof.walls},
        "catalogue": proof.catalogue,
        "tenants": [_tenant(each, proof) for each in proof.tenants],
        "everywhere": [_reacher(each, proof) for each in proof.everywhere],
        "intruders": [finding_document(finding) for finding in proof.intruders],
        "findings": [mendable(finding, patch) for finding in proof.findings],
        "objects": _objects(proof.stock),
        "outside": list(proof.outside),
        "gaps": list(proof.gaps),
        "warnings": [finding_document(finding) for finding in proof.warnings],
    }


def _objects(stock: Stock) -> dict[str, Any]:
    return {
        "looked": stock.looked,
        "seen": [{"sort": sort, "number": number} for sort, number in stock.numbers().items()],
        "unseen": list(stock.unseen),
    }


def mendable(finding: Finding, patch: Callable[[Sequence[Finding]], str]) -> dict[str, Any]:
    """A finding with the diff of the manifests that mends it; null where none does."""
    return {**finding_document(finding), "patch": patch([finding]) or None}


def _tenant(each: TenantProof, proof: Proof) -> dict[str, Any]:
    return {
        "tenant": each.tenant,
        "verdict": str(each.verdict),
        "reaches": str(each.reaches),
        "reachedBy": str(each.reached_by),
        "divisions": [{"id": wall, "name": proof.names.get(wall, wall)} for wall in each.walls],
        "clients": [proof.subjects[subject] for subject in each.subjects],
        "confined": [_confined(item, proof) for item in each.confined],
        "apps": [_app(item, proof) for item in each.apps],
        "objects": dict(each.objects),
        "cells": each.cells,
        "leaks": [finding_document(finding) for finding in each.leaks],
        "excepted": [_excepted(item, proof) for item in each.excepted],
        "reachers": [_reacher(item, proof) for item in each.reachers],
        "intruders": [finding_document(finding) for finding in each.intruders],
        "reasons": list(each.reasons),
    }


def _app(item: App, proof: Proof) -> dict[str, Any]:
    return {
        "subject": proof.subjects[item.subject],
        "verdict": str(item.verdict),
        "people": item.people,
        "reachFurther": item.further,
        "places": list(item.places),
        "scopes": list(item.scopes),
        "scopesEnforced": "unknown",
        "witness": list(item.witness),
    }


def _confined(item: Confined, proof: Proof) -> dict[str, Any]:
    walls = [{"id": wall, "name": proof.names.get(wall, wall)} for wall in item.walls]
    return {"subject": proof.subjects[item.subject], "divisions": walls}


def _excepted(item: Excepted, proof: Proof) -> dict[str, Any]:
    return {
        "subject": proof.subjects[item.subject],
        "permissions": list(item.permissions),
        "place": item.place,
        "via": proof.names.get(item.via, item.via),
        "share": _share(item.share),
    }


def _reacher(item: Reacher, proof: Proof) -> dict[str, Any]:
    return {
        "subject": proof.subjects[item.subject],
        "standing": str(item.standing),
        "roles": [proof.names.get(role, role) for role in item.roles],
        "places": list(item.places),
        "permissions": item.permissions,
        "shares": [_share(share) for share in item.shares],
    }


def _share(share: Share) -> dict[str, str]:
    return {"reason": share.reason, "owner": share.owner, "expires": share.expires}
