"""Ports: what the engine needs of the world, as protocols. Edges implement them, wiring chooses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from reconciler.model.address import Address
from reconciler.model.checkup import Told
from reconciler.model.finding import Finding
from reconciler.model.history import Intent, Recent, Run
from reconciler.model.lease import Claim, Held, Taken
from reconciler.model.manifest import Manifests
from reconciler.model.origin import Origin, Position
from reconciler.model.outcome import Outcome, Requests
from reconciler.model.secret import Credential, Destination, Receipt, Secret
from reconciler.model.secret import Held as HeldSecret
from reconciler.model.value import Json


class Clock(Protocol):
    """Time, so that tests can run hours in milliseconds."""

    def now(self) -> datetime:
        """The wall clock, UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""

    async def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""


class Listing(NamedTuple):
    """All entities of a collection, de-duplicated by id. `gap` says what is missing; "" for nothing."""

    entities: tuple[Mapping[str, Json], ...]
    gap: str = ""


class Answer(NamedTuple):
    """A write's answer: the body without any secret, and the secret where the vendor hands one out."""

    body: Json
    secret: Secret | None = None


class OrgApi(Protocol):
    """The organisation's API. Retries, pacing and tokens are inside; errors are `errors.OrgError`.

    A path may carry its own query where a key has to be repeated.
    """

    async def read(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        """One GET; the body without any secret. Raises `Rejected` (status 404) where nothing is."""

    async def list_all(self, path: str, query: Mapping[str, str] | None = None, *, paged: bool) -> Listing:
        """Every page of a collection, read concurrently; incomplete readings say so in `gap`."""

    async def search(self, path: str, field: str, value: str) -> Listing:
        """What the vendor's search by POST finds for this value of a field, and perhaps some more."""

    async def query(self, path: str, body: Json) -> Json:
        """The answer to a question asked by POST, one of those that only read."""

    async def write(
        self, method: str, path: str, body: Json, leaves: Callable[[], None] = lambda: None
    ) -> Answer:
        """One write. A POST is never repeated when it may have been committed (`Unavailable.sent`).

        `leaves` is called right before each attempt leaves. What it raises (`Unavailable`, `JournalError`)
        keeps it back, and is raised; as `Unavailable.sent` where an earlier one may have been carried out.
        """

    def renew(self) -> None:
        """Let the next request get a fresh token: rights granted since may not show in this one."""

    async def proves(self, client_id: str, secret: Secret) -> bool:
        """Whether this credential gets a token. One token request."""

    async def give_back(self) -> None:
        """End the token in use, if there is one; raises `OrgError`."""

    @property
    def requests(self) -> Requests:
        """What has been asked so far."""


class TellingApi(OrgApi, Protocol):
    """An API that also says what it was told beside the answers."""

    @property
    def told(self) -> Told:
        """What the headers of the last answer said; nothing before the first."""


class SecretSink(Protocol):
    """A place for secrets."""

    async def reserve(self, destination: Destination) -> None:
        """Prove that the place can be written before a secret exists; raises `SinkError`."""

    async def deliver(self, destination: Destination, credential: Credential) -> Receipt:
        """Store it; raises `SinkError`. Delivering again replaces."""

    async def status(self, destination: Destination) -> HeldSecret | None:
        """What is there, told without the secret; None for nothing. Raises `SinkError` if it is not told."""


class Kept(NamedTuple):
    """A credential as a sink keeps it."""

    client_id: str
    secret: Secret


class SecretSource(Protocol):
    """A place where secrets are read again, by who was told to try them."""

    async def fetch(self, destination: Destination) -> Kept:
        """What was delivered there; raises `SinkError` where it is not to be had."""


class Reader(Protocol):
    """As much of an API as asking takes; `OrgApi` says what each does."""

    async def read(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        """One GET."""

    async def list_all(self, path: str, query: Mapping[str, str] | None = None, *, paged: bool) -> Listing:
        """Every page of a collection."""


class ProbeApi(Reader, Protocol):
    """The organisation's API with one client's own token; its pace leaves the client most of its rate."""

    async def give_back(self) -> None:
        """End the token in use, if there is one; raises `OrgError`."""

    @property
    def requests(self) -> Requests:
        """What has been asked so far."""


class Journal(Protocol):
    """A record of intents and outcomes. A hint, never the truth; never holds a secret."""

    def intend(self, run: str, intent: Intent) -> None:
        """Written, durably, right before the request leaves, and anew each time that it leaves again.

        Raises `JournalError`, and then it must not leave.
        """

    def conclude(self, run: str, operation: str, error: str, *, heard: bool = True) -> None:
        """Written when it ended; `error` is "" when it succeeded. Raises `JournalError`.

        Not `heard`: nobody saw an answer, and it may have been carried out.
        """


class RunJournal(Journal, Protocol):
    """A journal with its run records: what a run is, before its first intent, and how it ended."""

    def begin(self, run: Run) -> None:
        """Written, durably, before the first intent; raises `JournalError`."""

    def repaired(self, run: str, addresses: Collection[Address]) -> None:
        """What a run put right after somebody had changed it; raises `JournalError`."""

    def end(self, run: Run) -> None:
        """Written at the end, with what only then is known; raises `JournalError`."""

    def close(self) -> None:
        """Let go of the place."""


class Past(Protocol):
    """What earlier runs told the journal, as far as it bears on this one. A hint, never the truth."""

    def repairs(self, organization_id: str, since: datetime) -> Mapping[Address, int]:
        """How many runs put right what somebody had changed, by address; raises `JournalError`."""

    def recent(self, organization_id: str, within: timedelta, now: datetime) -> Recent | None:
        """The writes announced or heard of `within` that time; None where no run is on record to miss one.

        `now` is what this machine takes it to be. Raises `JournalError`.
        """


class Notices(Protocol):
    """What was told to those who watch, so that it is not told again while it is so. A hint."""

    def told(self, organization_id: str, command: str) -> Collection[str]:
        """Digests of what this command told last; raises `JournalError`."""

    def keep(self, organization_id: str, command: str, digests: Collection[str]) -> None:
        """These are told now, and nothing else; raises `JournalError`."""


class LeaseStore(Protocol):
    """Where the lease of one organisation is kept, for one run. Calls may block; none waits for a holder."""

    @property
    def enforced(self) -> bool:
        """Whether it keeps other runs off."""

    @property
    def fenced(self) -> bool:
        """Whether only heartbeats tell that a holder lives, so that the end of its tokens is waited for."""

    def take(self, claim: Claim, token_seconds: float) -> Taken | Held:
        """Take it, or say who has it; our token is good for `token_seconds`. Raises `JournalError`."""

    def beat(self, token_seconds: float) -> None:
        """A heartbeat; our tokens end in `token_seconds`. Raises `LeaseLost` and `JournalError`."""

    def check(self) -> None:
        """Raises `LeaseLost` where it can be seen at once that it is lost."""

    def release(self) -> None:
        """Give it back; raises `JournalError`."""

    def close(self) -> None:
        """Let go of the place."""


class Fence(Protocol):
    """Whoever may stop this run's writes, asked before anything leaves."""

    def check(self) -> None:
        """Raises `LeaseError` when a write must not leave now."""

    def require_ours(self) -> None:
        """Raises `LeaseError` where the lease may be another's by now; `check` may raise before it is so."""

    async def renewing(self) -> None:
        """A new token is wanted; raises `LeaseError` when there may be none."""

    async def renewed(self, ends: float) -> None:
        """A new token ends at that moment (monotonic seconds) at the latest; raises `LeaseError`."""


class Lease(Fence, Protocol):
    """One writer per organisation."""

    @property
    def enforced(self) -> bool:
        """Whether it keeps other runs off; asked while it is held."""

    @property
    def fenced(self) -> bool:
        """Whether the life of our tokens is what others wait for; asked while it is held."""

    def held(
        self, claim: Claim, patience: float | None, tell: Callable[[str], None]
    ) -> AbstractAsyncContextManager[Taken]:
        """Hold it while the context is open.

        `patience` is how many seconds to wait for another holder; None waits for no living one, and for
        a silent one as long as usual. `tell` hears why it waits. Raises `LeaseHeld` and `JournalError`.
        """


class Locator(Protocol):
    """Finds the line and column of an origin, when somebody is shown one."""

    def locate(self, origin: Origin) -> Position | None:
        """The position of that node; None where the file is gone."""


class Loaded(NamedTuple):
    """What loading found: manifests (None when unusable), every mistake, and how many files were read."""

    manifests: Manifests | None
    findings: tuple[Finding, ...]
    files: int


class Progress(Protocol):
    """Tells a person how far a run is."""

    def planned(self, writes: int, seconds: int) -> None:
        """What is about to happen."""

    def waiting(self, address: Address, seconds: float, reason: str) -> None:
        """A pause that settles something."""

    def finished(self, outcome: Outcome) -> None:
        """One change is through."""
