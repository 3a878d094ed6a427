"""Grants of groups and users: subjects that are not ours, and of whose pairs only some are.

An entry has no object and no marker. It names a subject, exactly, and the pairs it shall hold; which
of a subject's pairs are ours follows from the role and the division alone (design: ownership).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from reconciler.kinds.base import Key, Model, Name, ObjectId, SelectorText
from reconciler.kinds.pairs_spec import Grant, declared, merging
from reconciler.kinds.subject import SUBJECT_VIEW, SUBJECTS, direct_pairs, holds, revocations
from reconciler.model.access import DeclaredGrant, Fact, Nature
from reconciler.model.kind import (
    Collection,
    Declared,
    Holding,
    Problem,
    ResourceKind,
    Said,
    Search,
    SecondView,
    Step,
    Subjects,
    Work,
)
from reconciler.model.rule import Rule
from reconciler.model.state import Live
from reconciler.model.stock import Person
from reconciler.model.value import Fields, Json, Value, plain

SUBJECT = Rule(
    "manifest/subject",
    "A grant to nobody does nothing, one to several at once leaves open who was meant.",
    "Name one group or one user.",
)

Email = Annotated[str, StringConstraints(pattern="^[^\\s@]+@[^\\s@]+$", max_length=254, to_lower=True)]


class SubjectSpec(Model):
    """Who holds the pairs: a group by its exact name, or a user by e-mail address."""

    group: Name = ""
    """A group's exact name."""
    user: Email = ""
    """A user's e-mail address."""


class GrantSpec(Model):
    """Pairs of one group or user. Several entries may name the same one: their pairs are one set."""

    key: Key
    """Stable name in the manifests; part of the address."""
    subject: SubjectSpec
    """Whose pairs these are."""
    id: ObjectId = ""
    """Pins the subject; needed where two are called the same."""
    pairs: Annotated[tuple[Grant, ...], Field(min_length=1)]
    """Roles in divisions; a division is always named."""
    previously: SelectorText = ""
    """The address before a key, tenant or owner was renamed."""

    @property
    def name(self) -> str:
        """What people call the subject."""
        return self.subject.group or self.subject.user

    @property
    def description(self) -> str:
        """Pairs carry no text."""
        return ""

    @property
    def adopt(self) -> bool:
        """There is nothing to take over: pairs are found by who holds them."""
        return False


_FIELD = "pairs"

_SEARCHES = {
    "group": Search(
        "/api/v2/groups/search", "name", "/api/v2/groups/{id}", "PC_GROUP", lambda raw: raw.get("name") or ""
    ),
    "user": Search(
        "/api/v2/users/search",
        "email",
        "/api/v2/users/{id}",
        "PC_USER",
        lambda raw: (raw.get("email") or "").lower(),
    ),
}
_SORTS = {search.type: sort for sort, search in _SEARCHES.items()}

_NATURES = {
    "PC_USER": (Nature.PERSON, "user"),
    "PC_GROUP": (Nature.GROUP, "group"),
    "PC_OAUTH_CLIENT": (Nature.PROGRAM, "client"),
    "PC_TRUSTEE_USER": (Nature.STRANGER, "trustee user"),
    "PC_TRUSTEE_GROUP": (Nature.STRANGER, "trustee group"),
}
"""What the vendor's types are (source: SubjectDivisionGrants); anybody else is a stranger."""


def _declare(spec: GrantSpec, owner: str, pairs: frozenset[tuple[Value, Value]]) -> Declared:
    sort = "group" if spec.subject.group else "user"
    return Declared({"name": spec.name, "subject": sort, _FIELD: pairs}, problems=_problems(spec.subject))


def _problems(subject: SubjectSpec) -> tuple[Problem, ...]:
    if bool(subject.group) != bool(subject.user):
        return ()
    named = "both" if subject.group else "nobody"
    remedy = "give `group:` (its exact name) or `user:` (an e-mail address), one of them"
    return (Problem(SUBJECT, ("subject",), f"`subject` names {named}", remedy),)


def _grants(spec: GrantSpec) -> tuple[DeclaredGrant, ...]:
    return declared(spec.pairs, _FIELD)


def _read(raw: Json) -> Fields:
    """A subject as `Subjects` of this kind shows it; its pairs come from the subjects API alone."""
    return {"name": raw["name"], "subject": raw["subject"], _FIELD: frozenset[Value]()}


def _write(fields: Fields, raw: Mapping[str, Json] | None) -> dict[str, Json]:
    """The body that adds pairs (source: RoleDivisionGrants)."""
    return {"grants": [{"roleId": role, "divisionId": division} for role, division in plain(fields[_FIELD])]}


def _facts(identity: str, fields: Fields) -> Iterable[Fact]:
    return holds(identity, fields[_FIELD])


def _compile(collection: Collection, write: Callable[..., dict[str, Json]], work: Work) -> tuple[Step, ...]:
    """What goes is taken pair by pair, what comes is added in one request."""
    if work.live is None or work.after is None:
        return ()  # nobody makes or deletes a subject here
    before, after = work.live.fields[_FIELD], work.after[_FIELD]
    steps = revocations(work.live, _FIELD, before - after, "no longer declared")
    if gained := after - before:
        kind = _SEARCHES[work.live.fields["subject"]].type
        path = f"{SUBJECTS}/{work.live.id}/bulkadd?subjectType={kind}"
        body = write({_FIELD: gained}, None)
        steps += (Step("grant", "request", "POST", path, body, work.after, "declared, not held"),)
    return steps


def _holding(row: Json) -> Holding:
    divisions = tuple(division["id"] for division in row.get("divisions") or ())
    type_ = row.get("type") or ""
    nature, word = _NATURES.get(type_, (Nature.STRANGER, type_.removeprefix("PC_").lower() or "stranger"))
    return Holding(row["id"], row.get("name") or "", _SORTS.get(type_, ""), divisions, nature, word)


def _person(raw: Json) -> Person:
    """A listed person. Source: UserEntityListing."""
    return Person(
        raw["id"],
        raw.get("name") or raw["id"],
        (raw.get("division") or {}).get("id") or "",
        raw.get("department") or "",
        raw.get("title") or "",
        raw.get("state") == "active",
    )


def _say(live: Live, grants: list[Said]) -> Said:
    """The id says which one is meant, should two be called alike one day."""
    return {"subject": {live.fields["subject"]: live.name}, "id": live.id, _FIELD: grants}


def _retired(fields: Fields, prune: bool) -> Fields:
    return {**fields, _FIELD: frozenset[Value]()}


KIND = ResourceKind(
    name="grant",
    section="grants",
    doc="What a group or a user holds. Only pairs on what is ours are touched; those made elsewhere stay.",
    spec=GrantSpec,
    collection=Collection(
        path=SUBJECTS,
        paged=False,
        query={},
        body_keys=frozenset(),
        gone=lambda raw: False,
        protected=lambda raw: "",
        retired=_retired,
        second=SecondView(SUBJECT_VIEW, _FIELD, direct_pairs),
        subjects=Subjects(
            _SEARCHES,
            "/api/v2/authorization/roles/{id}/subjectgrants",
            _holding,
            members="/api/v2/groups/{id}/members",
            people="/api/v2/users",
            person=_person,
        ),
    ),
    bare="own",
    grants=_grants,
    declare=_declare,
    read=_read,
    write=_write,
    facts=_facts,
    compile=_compile,
    merge=merging(_FIELD),
    say=_say,
)
