"""Assemble: documents, manifests and findings out of what was decided object by object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from reconciler.model.access import EVERYWHERE, Allows, DeclaredGrant, OrgWideException
from reconciler.model.address import ORG, Address, Selector
from reconciler.model.finding import Finding, Severity
from reconciler.model.manifest import Manifests, Org
from reconciler.model.origin import Origin
from reconciler.model.rule import Rule
from reconciler.model.words import counted
from reconciler.planning.export.grouping import Grouping
from reconciler.planning.export.obstacles import Scene
from reconciler.planning.export.sheet import Sheet
from reconciler.planning.export.values import (
    SHARE_DAYS,
    SHARE_OWNER,
    Document,
    Item,
    LeftOut,
    Obstacle,
    Proposal,
    owner_of,
)
from reconciler.planning.index import ours

SHARE = Rule(
    "export/share",
    "The export found access that leaves its owner and assumed a share for it; nobody has said why it "
    "is there.",
    "Say why and who answers for it, or remove the grant.",
)
ORG_WIDE_RULE = Rule(
    "export/org-wide",
    "Permissions that no division confines reach every tenant; the export excepts those that tenants "
    "hold, for a while.",
    "Take them out of the tenants' roles, or say under `orgWide` why they may stay.",
)

ORG_FILE, SHARED_FILE = "org.yaml", "shared.yaml"

MOST_TEXT = 60_000
"""About how many characters of entries a file of what is shared holds; loading takes four times that."""

OVERHEAD = 250
"""About how many characters an entry has beside what it says: reasons, ids, indentation."""


def assemble(sheet: Sheet, grouping: Grouping, scene: Scene) -> Proposal:
    """The proposal: documents by owner, entries by key, whatever order things were listed in."""
    entries = _entries(sheet, scene)
    left = _protected_left(sheet.left, scene)
    documents = _documents(entries, left, grouping)
    wide = _org_wide(documents, scene)
    org = _org(scene.brief.org, wide, left, scene)
    sections = {kind.name: kind.section for kind in scene.registry}
    owners = tuple(owner_of(document, sections) for document in documents)
    shared = tuple(owner for owner in owners if owner.name == ORG)
    manifests = Manifests(org, shared, (), owners[len(shared) :])
    findings = (*(each.finding for each in left), *_shares(documents, scene), *_wide_findings(wide))
    return Proposal(
        manifests=manifests,
        documents=tuple(documents),
        left=left,
        findings=findings,
        adopting=frozenset(_adopting(documents)),
        at={
            (document.file, sections[kind], index): item.live.id
            for document in documents
            for kind, items in document.sections.items()
            for index, item in enumerate(items)
        },
    )


Entries = dict[str, dict[str, dict[str, Item]]]
"""Items by owner, kind and key."""


def _entries(sheet: Sheet, scene: Scene) -> Entries:
    found: Entries = defaultdict(lambda: defaultdict(dict))
    for kind in scene.registry:
        for address, item in sheet.items(kind.name):
            found[address.owner][kind.name][address.key] = item
    return found


def _documents(entries: Entries, left: Iterable[LeftOut], grouping: Grouping) -> list[Document]:
    """What is shared first, then tenants by name. What stays out stands with its owner, if he has a file."""
    by_owner: dict[str, list[LeftOut]] = defaultdict(list)
    for each in left:
        by_owner[each.owner if each.owner in entries else ORG].append(each)
    found = list(_packed(_sorted(entries.get(ORG, {})), by_owner[ORG]))
    for owner in sorted(entries.keys() - {ORG}):
        why = (grouping.why[owner],) if owner in grouping.why else ()
        sections, beside = _sorted(entries[owner]), tuple(by_owner[owner])
        found.append(Document(owner, f"tenants/{owner}.yaml", why, sections, beside))
    return found


def _packed(sections: Mapping[str, tuple[Item, ...]], left: Iterable[LeftOut]) -> Iterator[Document]:
    """What is shared, in as many files as it takes: none may be endless."""
    parts = [(kind, item, len(repr(item.spec))) for kind, items in sections.items() for item in items]
    units = [*parts, *((None, each, len(each.obstacle.reason)) for each in left)]
    number, size = 1, 0
    document = Document(ORG, SHARED_FILE, ())
    for kind, unit, weight in units:
        if size > MOST_TEXT:
            yield document
            number, size = number + 1, 0
            document = Document(ORG, f"shared-{number}.yaml", ())
        size += weight + OVERHEAD
        if isinstance(unit, Item) and kind is not None:
            document.sections[kind] = (*document.sections.get(kind, ()), unit)
        elif isinstance(unit, LeftOut):
            document.left = (*document.left, unit)
    yield document


def _sorted(sections: dict[str, dict[str, Item]]) -> dict[str, tuple[Item, ...]]:
    return {kind: tuple(items[key] for key in sorted(items)) for kind, items in sections.items()}


def _protected_left(left: Iterable[LeftOut], scene: Scene) -> tuple[LeftOut, ...]:
    """In a fixed order; what is ours and cannot be said as it is keeps what it has."""
    told = [_kept(each) if _is_kept(each, scene) else each for each in left]
    return tuple(sorted(told, key=lambda each: (each.section, each.live.name, each.live.id)))


def _is_kept(each: LeftOut, scene: Scene) -> bool:
    return ours(each.live, scene.org) and not each.referred


def _kept(each: LeftOut) -> LeftOut:
    why = each.obstacle
    reason = f"{why.reason}; it is ours, so `protect` keeps it from being stripped meanwhile"
    return each._replace(obstacle=Obstacle(why.rule, reason, why.remedy, Severity.HIGH))


def _org(org: Org, wide: Iterable[str], left: Iterable[LeftOut], scene: Scene) -> Org:
    protect = [
        Selector(*each.live.marker.address) for each in left if _is_kept(each, scene) and each.live.marker
    ]
    expires = (scene.brief.today + timedelta(days=SHARE_DAYS)).isoformat()
    reason = f"was so on {scene.brief.today.isoformat()}"
    known = {item.permission for item in org.org_wide}
    place = Origin(ORG_FILE, 0, ("spec", "orgWide"))
    excepted = [
        OrgWideException(permission, reason, SHARE_OWNER, expires, place)
        for permission in wide
        if permission not in known
    ]
    return replace(
        org,
        origin=Origin(ORG_FILE),
        protect=tuple(sorted({*org.protect, *protect})),
        org_wide=(*org.org_wide, *excepted),
    )


def _org_wide(documents: Iterable[Document], scene: Scene) -> list[str]:
    """Permissions of tenants' clients that no division confines, by the live catalogue or by public ones."""
    catalogue, evidence = scene.live.catalogue or {}, scene.brief.evidence
    confined = evidence.confined | evidence.undecided
    held = set(_held_by_tenants(documents, scene))
    role = scene.registry[scene.registry.pair[0]]
    allowed = {
        fact.permission
        for document in documents
        for item in document.sections.get(role.name, ())
        if item.live.id in held and not vars(item.spec).get("existing")
        for fact in role.facts(item.live.id, item.live.fields)
        if isinstance(fact, Allows)
    }
    return sorted(name for name in allowed if not catalogue.get(name) or name not in confined)


def _held_by_tenants(documents: Iterable[Document], scene: Scene) -> Iterator[str]:
    views = {kind.name: view.field for kind in scene.registry if (view := kind.collection.second)}
    for document in documents:
        for kind, items in document.sections.items() if document.owner != ORG else ():
            for item in items if kind in views else ():
                yield from (role for role, _ in item.live.fields[views[kind]])


def _adopting(documents: Iterable[Document]) -> Iterator[str]:
    for document in documents:
        for items in document.sections.values():
            for item in items:
                if item.spec.adopt:
                    yield item.live.id


def _shares(documents: Iterable[Document], scene: Scene) -> Iterator[Finding]:
    for document in documents:
        for name, items in document.sections.items():
            for item in items:
                lines = [line for line in scene.registry[name].grants(item.spec) if line.share]
                if lines:
                    yield _share_finding(Address(document.owner, name, item.spec.key), lines)


def _share_finding(address: Address, lines: list[DeclaredGrant]) -> Finding:
    reach = "every division" if any(line.divisions == EVERYWHERE for line in lines) else "several tenants"
    ends = lines[0].share.expires if lines[0].share else ""
    message = f"{address.kind} reaches {reach} through a share that was assumed; it ends {ends}"
    remedy = "say why and who answers for it, or remove the grant: after that day the next apply revokes it"
    return Finding(SHARE, Severity.WARNING, message, remedy, str(address))


def _wide_findings(wide: list[str]) -> Iterator[Finding]:
    if not wide:
        return
    some = ", ".join(wide[:5]) + (f" and {len(wide) - 5} more" if len(wide) > 5 else "")
    message = (
        f"{counted(len(wide), 'permission')} of tenants' own clients, groups or users reach the whole "
        f"organisation: {some}"
    )
    remedy = (
        "take them out of the tenants' roles, or say under `orgWide` of the Org document why they may stay"
    )
    yield Finding(ORG_WIDE_RULE, Severity.WARNING, message, remedy, ORG_FILE)
