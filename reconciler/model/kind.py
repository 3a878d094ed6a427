"""What a resource kind declares, and the registry that travels as a value.

A kind is data. Each reader takes the facts it needs: loading the specification, observing the
collection, planning the comparison, isolation the access facts. Nobody calls back into a kind for I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from reconciler.model import marker as markers
from reconciler.model.access import DeclaredCeiling, DeclaredGrant, Fact, Nature, Share
from reconciler.model.finding import Severity
from reconciler.model.manifest import NewClients
from reconciler.model.origin import Step as PathStep
from reconciler.model.rotation import Upkeep
from reconciler.model.rule import Rule
from reconciler.model.secret import Destination
from reconciler.model.state import Live
from reconciler.model.stock import Person
from reconciler.model.tokens import Tokens
from reconciler.model.value import Fields, Json, Value, plain

MISSING = Rule(
    "manifest/missing-field",
    "What is missing would have to be guessed at, and access must not hang on a guess.",
    "Add the field.",
)

S = TypeVar("S")


class Problem(NamedTuple):
    """What is wrong with one entry, or worth a warning, seen alone. `steps` lead to the place in it."""

    rule: str
    steps: tuple[PathStep, ...]
    message: str
    remedy: str
    severity: Severity = Severity.ERROR


class Declared(NamedTuple):
    """What an entry means: its fields (references open), the sink it names ("" for none), its problems.

    `upkeep` says how its secret is looked after, None for what has none. `accepted` says who answers for
    what its users reach beyond its owner, where it acts for them, and `said_at` where in the entry;
    `ceiling` which divisions it may not leave whatever it is granted.
    """

    fields: Fields
    sink: str = ""
    problems: tuple[Problem, ...] = ()
    accepted: Share | None = None
    said_at: tuple[PathStep, ...] = ()
    ceiling: DeclaredCeiling | None = None
    upkeep: Upkeep | None = None


class SecondView(NamedTuple):
    """Another place where the organisation shows an object's pairs.

    `path` holds `{id}`; `pairs` reads that answer: each pair with the time it was granted (ISO 8601,
    "" where it is not said); `field` is the modelled field they belong to.
    """

    path: str
    field: str
    pairs: Callable[[str, Json], Mapping[Value, str]]


SUBJECT_FIELD = "subject"
"""The field that says of which sort a subject is, for kinds whose collection has `subjects`."""


class Search(NamedTuple):
    """How subjects of one sort are found: `path` searches by `field`, `one` reads the one of `{id}`.

    `type` is the vendor's word for that sort, `title` reads what manifests call it from the vendor's
    body. Source: GroupSearchRequest, UserSearchRequest.
    """

    path: str
    field: str
    one: str
    type: str
    title: Callable[[Json], str]


class Holding(NamedTuple):
    """One row of a role's view: who holds it in which divisions.

    `sort` is the word that manifests use, "" for those we never touch; `word` what people say.
    """

    id: str
    name: str
    sort: str
    divisions: tuple[str, ...]
    nature: Nature
    word: str


class Subjects(NamedTuple):
    """Subjects that are not ours and are never listed: asked for by name, and found by what they hold.

    `searches` by the word that manifests use for a sort; `holders` is the path of a role's view, with
    `{id}`, and `holding` reads one row of it; `members` is the path of a group's members, `people` of
    everybody, `person` reads one of them. Source: SubjectDivisionGrants, UserEntityListing.
    """

    searches: Mapping[str, Search]
    holders: str
    holding: Callable[[Json], Holding]
    members: str
    people: str
    person: Callable[[Json], Person]

    def named(self, sort: str, identity: str, name: str) -> Holding:
        """Somebody of whom a manifest says the sort, as a row of a role's view that says no division."""
        return self.holding({"id": identity, "name": name, "type": self.searches[sort].type})


@dataclass(frozen=True, slots=True)
class Collection:
    """Where the objects of a kind live and how the vendor lists them.

    `body_keys` are those a list entry must carry, else each object is read singly; `gone` tells a
    tombstone; `protected` why the organisation forbids touching an object; `retired` gives the
    fields an object of ours should have once it is no longer declared (second argument: prune). With
    `subjects` there is no list to read, and the second view is the only one. `tokens` reads how an
    object signs in, for kinds of which each is a program; `idle` what an object allows and, as the
    organisation says, nobody uses.
    """

    path: str
    paged: bool
    query: Mapping[str, str]
    body_keys: frozenset[str]
    gone: Callable[[Json], bool]
    protected: Callable[[Json], str]
    retired: Callable[[Fields, bool], Fields]
    second: SecondView | None = None
    subjects: Subjects | None = None
    tokens: Callable[[Live], Tokens] | None = None
    idle: Callable[[Live], frozenset[str]] | None = None


Action = Literal["create", "update", "delete", "adopt", "revoke"]
Nonce = Literal["new", "keep"] | None


class Work(NamedTuple):
    """One change to be turned into steps. `after` is None for a deletion, `live` None for a creation.

    `suspended` and `granted` say what the markers written by it say; no kind has to look at them.
    `renew` asks for a new secret of a client that keeps all else: `after` is what it is.
    """

    action: Action
    live: Live | None
    after: Fields | None
    destination: Destination | None
    birth: NewClients
    suspended: bool = False
    granted: bool = False
    renew: bool = False


class Step(NamedTuple):
    """One request, delivery or proof of a change, in order. The one that makes the object is called `create`.

    A delivery hands over the secret that the step before it made.

    `path` may hold `{id}` for the object itself; `body` holds `$ref` objects for open references and
    a plain description; `nonce` says what the marker written by it carries; `fields` are the
    modelled fields once it is done (None: nothing changed by it, or the object is gone).
    """

    name: str
    does: Literal["request", "deliver", "prove"]
    method: str
    path: str
    body: Json
    fields: Fields | None
    reason: str
    nonce: Nonce = None


def kept_nonce(live: Live) -> Nonce:
    """A nonce that still stands stays until the secret is delivered."""
    return "keep" if live.marker and live.marker.nonce else None


Said: TypeAlias = dict[str, Json]
"""A manifest entry, or a part of one, as it is written."""


def plainly(live: Live, grants: list[Said]) -> Said:
    """The entry of a kind whose fields are called alike in manifests and here."""
    return {name: plain(value) for name, value in live.fields.items() if value}


@dataclass(frozen=True, slots=True)
class ResourceKind(Generic[S]):
    """The declaration of one kind. At most fourteen fields; a hook is added when a third kind needs it.

    `name` is the word in addresses, `section` the manifest field that lists its entries; `spec` a
    pydantic model whose instances have at least `key, name, description, id, adopt, previously`;
    `bare` says where a reference without an owner is looked for; `say` is the way back: the entry, but
    for its key, that means a live object as it is, its pairs given in words.
    """

    name: str
    section: str
    doc: str
    spec: type[S]
    collection: Collection
    bare: Literal["own", "own-or-org"]
    grants: Callable[[S], tuple[DeclaredGrant, ...]]
    declare: Callable[[S, str, frozenset[tuple[Value, Value]]], Declared]
    read: Callable[[Json], Fields]
    write: Callable[[Fields, Mapping[str, Json] | None], dict[str, Json]]
    facts: Callable[[str, Fields], Iterable[Fact]]
    compile: Callable[[Collection, Callable[..., dict[str, Json]], Work], tuple[Step, ...]]
    merge: Callable[[S, S], tuple[S, tuple[Problem, ...]]]
    say: Callable[[Live, list[Said]], Said] = plainly

    def live(self, raw: Mapping[str, Json]) -> Live:
        """A vendor's body as a live object; the marker is cut off before anything is compared."""
        text, marker = markers.split(raw.get("description") or "")
        fields = self.read({**raw, "description": text})
        protected = self.collection.protected(raw)
        return Live(self.name, raw["id"], raw.get("name") or "", fields, raw, marker, protected)


AnyKind: TypeAlias = ResourceKind[Any]
"""The one `Any` at the registry's seam: kinds of different specifications in one tuple."""


@dataclass(frozen=True, slots=True)
class Registry:
    """The kinds in the order they are created; deletion runs the other way.

    `pair` names the two kinds that a pair is made of: what is held, and the wall it is held behind.
    """

    kinds: tuple[AnyKind, ...]
    pair: tuple[str, str]

    def __iter__(self) -> Iterator[AnyKind]:
        """In order of creation."""
        return iter(self.kinds)

    def __getitem__(self, name: str) -> AnyKind:
        """The kind of that name; KeyError when there is none."""
        for kind in self.kinds:
            if kind.name == name:
                return kind
        raise KeyError(name)

    @property
    def second_view(self) -> SecondView:
        """How the grants of a subject are read that is listed."""
        views = (each.collection.second for each in self.kinds if each.collection.subjects is None)
        return next(view for view in views if view)

    @property
    def names(self) -> tuple[str, ...]:
        """The kinds' names in order of creation."""
        return tuple(kind.name for kind in self.kinds)
