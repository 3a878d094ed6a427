"""What no document can know alone: names given twice, profiles that are not there, the one Org."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from reconciler.loading.hints import did_you_mean, quoted
from reconciler.model.address import ORG
from reconciler.model.finding import Finding, Severity
from reconciler.model.manifest import Entry, Org, Owner, Profile
from reconciler.model.origin import Origin
from reconciler.model.rule import Rule

NO_ORG = Rule(
    "manifest/no-org",
    "Without the Org document nothing says which organisation is meant, and access could be changed in "
    "another one.",
    "Add the one `kind: Org` document: region, organizationId and operator.",
)
SECOND_ORG = Rule(
    "manifest/second-org",
    "Two documents could name two organisations; then nobody could tell where access is changed.",
    "Keep one: a root describes one organisation.",
)
DUPLICATE_TENANT = Rule(
    "manifest/duplicate-tenant",
    "Two tenants of one name would share an owner, and with it each other's divisions.",
    "Join the two documents, or rename one.",
)
DUPLICATE_PROFILE = Rule(
    "manifest/duplicate-profile",
    "A tenant names its profiles; of two with one name, nobody could tell which it gets.",
    "Rename one of them.",
)
DUPLICATE_KEY = Rule(
    "manifest/duplicate-key",
    "The key is an entry's identity: two of one key are one object with two descriptions.",
    "Give one of them another key.",
)
RESERVED_NAME = Rule(
    "manifest/reserved-name",
    "`org` owns what no tenant owns; a tenant of that name would own what is shared.",
    "Choose another name.",
)
UNKNOWN_PROFILE = Rule(
    "manifest/unknown-profile",
    "Without the profile the tenant would lose what it was to get from it.",
    "Name a `kind: Profile` document below the same root.",
)
UNMATCHED_WITHOUT = Rule(
    "manifest/unmatched-without",
    "An opt-out that drops nothing is a typing error, and the access that was to go is still there.",
    "Name an entry of the tenant's profiles as `kind/key`, or remove it.",
)


def error(
    rule: str, message: str, remedy: str, place: Origin, *related: Origin, address: str = ""
) -> Finding:
    """A finding about `place`."""
    return Finding(
        rule,
        Severity.ERROR,
        message,
        remedy,
        address=address or place.file,
        location=place,
        related=related,
    )


def orgs(found: tuple[Org, ...], complete: bool, root: str) -> Iterator[Finding]:
    """Exactly one Org document. With broken files around, a missing one proves nothing."""
    if not found and complete:
        yield Finding(
            NO_ORG,
            Severity.ERROR,
            f"no `kind: Org` document below `{root}`",
            "every organisation has one: region, organizationId and operator",
        )
    for second in found[1:]:
        yield error(
            SECOND_ORG,
            "a second `kind: Org` document",
            "keep one: a root describes one organisation",
            second.origin.child("kind"),
            found[0].origin.child("kind"),
        )


def duplicates(
    shared: tuple[Owner, ...], profiles: tuple[Profile, ...], tenants: tuple[Owner, ...]
) -> Iterator[Finding]:
    """Names and keys that stand there twice."""
    yield from _twice(DUPLICATE_TENANT, "tenant", tenants)
    yield from _twice(DUPLICATE_PROFILE, "profile", profiles)
    yield from _keys(ORG, [owner.sections for owner in shared])
    for holder in chain[Profile | Owner](profiles, tenants):
        yield from _keys(holder.name, [holder.sections])


def _twice(rule: str, word: str, holders: Iterable[Owner] | Iterable[Profile]) -> Iterator[Finding]:
    first: dict[str, Origin] = {}
    for holder in holders:
        if holder.name in first:
            yield error(
                rule,
                f"a second {word} called `{holder.name}`",
                f"join the two documents, or give one {word} another name",
                holder.origin,
                first[holder.name],
            )
        first.setdefault(holder.name, holder.origin)


def _keys(owner: str, parts: list[Mapping[str, tuple[Entry, ...]]]) -> Iterator[Finding]:
    for kind in parts[0] if parts else ():
        entries = [entry for sections in parts for entry in sections[kind]]
        first: dict[str, Entry] = {}
        for entry in entries:
            earlier = first.setdefault(entry.spec.key, entry)
            if earlier is not entry:
                address = f"{owner}/{kind}/{entry.spec.key}"
                yield error(
                    DUPLICATE_KEY,
                    f"a second {kind} with the key `{entry.spec.key}`",
                    "keys are unique among the owner's entries of one kind: give it another",
                    entry.origin.child("key"),
                    earlier.origin.child("key"),
                    address=address,
                )


def tenant_references(
    tenants: tuple[Owner, ...], profiles: tuple[Profile, ...], complete: bool
) -> Iterator[Finding]:
    """Names that tenants use: reserved ones, profiles that are not there, `without` that drops nothing."""
    by_name = {profile.name: profile for profile in profiles}
    for tenant in tenants:
        if tenant.name == ORG:
            remedy = "choose another name: `org` owns what no tenant owns"
            yield error(RESERVED_NAME, "no tenant may be called `org`", remedy, tenant.origin)
        unknown = [name for name in dict.fromkeys(tenant.profiles) if name not in by_name]
        if complete:
            yield from (_unknown_profile(tenant, name, by_name) for name in unknown)
        if complete and not unknown:
            yield from _without(tenant, [by_name[name] for name in tenant.profiles])


def _spec(tenant: Owner, field: str, index: int) -> Origin:
    return Origin(tenant.origin.file, tenant.origin.document, ("spec", field, index))


def _unknown_profile(tenant: Owner, name: str, known: Iterable[str]) -> Finding:
    message = f"there is no profile called `{name}`" + did_you_mean(name, known)
    remedy = "name a `kind: Profile` document below the same root"
    return error(
        UNKNOWN_PROFILE,
        message,
        remedy,
        _spec(tenant, "profiles", tenant.profiles.index(name)),
        address=tenant.name,
    )


def _without(tenant: Owner, profiles: list[Profile]) -> Iterator[Finding]:
    """An opt-out that drops nothing is a typing error, and the entry meant is still there."""
    if not tenant.without:
        return
    given = {
        f"{kind}/{entry.spec.key}"
        for profile in profiles
        for kind, entries in profile.sections.items()
        for entry in entries
    }
    for index, name in enumerate(tenant.without):
        if name not in given:
            message = f"no profile of this tenant gives {quoted(name)}" + did_you_mean(name, given)
            remedy = "remove it, or name an entry of its profiles as `kind/key`"
            yield error(
                UNMATCHED_WITHOUT,
                message,
                remedy,
                _spec(tenant, "without", index),
                address=tenant.name,
            )
