"""Manifests as YAML documents; loading the text gives the same values.

Only what differs from the defaults is written, in the order of the schema. Texts that a YAML 1.1
reader would take for something else (`no`, `12:30`, `2027-06-30`) are quoted.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from reconciler.authoring.style import presentable, writer
from reconciler.model.access import Nature, Share, Tolerated
from reconciler.model.drift_policy import Acknowledged, DriftPolicy
from reconciler.model.kind import Registry
from reconciler.model.manifest import Limits, Manifests, Org, Owner, Sections, Sink

_HEAD = {"apiVersion": "reconciler/v1"}


def render(manifests: Manifests, registry: Registry) -> str:
    """One YAML text with a document per Org, Shared, Profile and Tenant, in that order."""
    return _written(_documents(manifests, registry))


def yaml_text(document: Mapping[str, Any]) -> str:
    """Plain values as one YAML document that readers of every version of YAML read alike."""
    return _written([dict(document)])


def _written(documents: Iterable[dict[str, Any]]) -> str:
    stream = io.StringIO()
    writer().dump_all([presentable(document) for document in documents], stream)
    return stream.getvalue().rstrip("\n") + "\n"


def _documents(manifests: Manifests, registry: Registry) -> Iterable[dict[str, Any]]:
    yield {**head("Org", manifests.org.name), "spec": policy(manifests.org)}
    for shared in manifests.shared:
        yield {**head("Shared"), "spec": _sections(shared.sections, registry)}
    for profile in manifests.profiles:
        yield {**head("Profile", profile.name), "spec": _sections(profile.sections, registry)}
    for tenant in manifests.tenants:
        yield {**head("Tenant", tenant.name), "spec": _tenant(tenant, registry)}


def head(kind: str, name: str = "") -> dict[str, Any]:
    """What a document of that kind starts with."""
    head: dict[str, Any] = {**_HEAD, "kind": kind}
    return head | {"metadata": {"name": name}} if name else head


def policy(org: Org) -> dict[str, Any]:
    """The `spec` of an Org document."""
    held = {"handOn": org.hand_on} if org.hand_on != "borrow" else {}
    said = {
        "requires": org.requires,
        "region": org.region,
        "organizationId": org.organization_id,
        "operator": {"client": org.operator, **held},
        "sinks": {name: _sink(sink) for name, sink in org.sinks.items()},
        "prune": org.prune,
        "protect": [str(selector) for selector in org.protect],
        "limits": _limits(org.limits),
        "orgWide": [
            {
                "permission": item.permission,
                "reason": item.reason,
                "owner": item.owner,
                "expires": item.expires,
            }
            for item in org.org_wide
        ],
        "reachedBy": [_tolerated(each) for each in org.reached_by],
        "drift": _drift(org.drift),
        "newClients": org.new_clients if org.new_clients != "inactive-grantless" else "",
    }
    return _without_empty(said)


_SUBJECTS = {
    Nature.PROGRAM: "client",
    Nature.GROUP: "group",
    Nature.PERSON: "user",
    Nature.STRANGER: "trustee",
}


def _tolerated(each: Tolerated) -> dict[str, Any]:
    return {
        "subject": {_SUBJECTS[each.nature]: each.subject},
        "roles": sorted(each.roles),
        **_share(each.share),
    }


def _share(share: Share) -> dict[str, Any]:
    return {"reason": share.reason, "owner": share.owner, "expires": share.expires}


def _drift(policy: DriftPolicy) -> dict[str, Any]:
    said = {
        "correct": policy.correct if policy.correct != "detect" else "",
        "acknowledged": [_acknowledged(each) for each in policy.acknowledged],
    }
    return _without_empty(said)


def _acknowledged(each: Acknowledged) -> dict[str, Any]:
    return _without_empty({"drift": str(each.drift), "fields": sorted(each.fields)}) | _share(each.share)


def _sink(sink: Sink) -> dict[str, Any]:
    return {"type": sink.type, **{name: value for name, value in sink.settings.items() if value is not False}}


def _limits(limits: Limits) -> dict[str, int]:
    names = {
        "removals": "removals",
        "removal_percent": "removalPercent",
        "change_percent": "changePercent",
        "gains": "gains",
    }
    return {
        names[field.name]: getattr(limits, field.name)
        for field in fields(Limits)
        if getattr(limits, field.name) != field.default
    }


def _tenant(tenant: Owner, registry: Registry) -> dict[str, Any]:
    said = {
        "state": tenant.state if tenant.state != "active" else "",
        "profiles": list(tenant.profiles),
        "without": list(tenant.without),
    }
    return _without_empty(said) | _sections(tenant.sections, registry)


def _sections(sections: Sections, registry: Registry) -> dict[str, Any]:
    """Entries under the names their sections have in a manifest."""
    return {
        kind.section: [written(entry.spec) for entry in sections[kind.name]]
        for kind in registry
        if sections.get(kind.name)
    }


def written(spec: Any) -> dict[str, Any]:
    """An entry as it is written: only what differs from the defaults."""
    said: dict[str, Any] = spec.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return said


def _without_empty(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value}
