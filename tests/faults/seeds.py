"""How each rule of the protocols is taken away for a while: what `mutants` seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from reconciler.cli import apply as apply_command
from reconciler.cli import planning as cli_planning
from reconciler.cli.approving import Approval
from reconciler.engine import cycle, perform, request, words
from reconciler.engine.context import DONE, Context
from reconciler.engine.departure import Departure
from reconciler.engine.keeper import Keeper
from reconciler.engine.lookup import find
from reconciler.errors import SinkError, StalePlan
from reconciler.genesys import decoding, errors, pacing
from reconciler.kinds import REGISTRY, client, client_birth
from reconciler.model.kind import Step
from reconciler.model.plan import Operation
from reconciler.planning import binding, lending, subject_order

Seeded = Callable[[], Any]


def replaced(where: Any, name: str, what: Any) -> Seeded:
    """A function or a constant of the product, replaced."""
    return lambda: patch.object(where, name, what)


def compiled(change: Callable[[tuple[Step, ...]], tuple[Step, ...]]) -> Seeded:
    """Births compiled otherwise."""
    true = client_birth._birth

    def birth(*arguments: Any) -> tuple[Step, ...]:
        return change(true(*arguments))

    return replaced(client_birth, "_birth", birth)


def newborn(**fields: Any) -> Seeded:
    true = client_birth._newborn

    def newborn(after: Any, birth: Any) -> Any:
        changed = {
            **true(after, birth),
            **{name: value for name, value in fields.items() if value is not None},
        }
        return changed | ({"grants": after["grants"]} if "grants" in fields else {})

    return replaced(client_birth, "_newborn", newborn)


def without_nonce(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step._replace(nonce=None) for step in steps)


def nonce_gone_early(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    create, *rest = steps
    body, path = create.body, f"{create.path}/{{id}}"
    early = Step("early", "request", "PUT", path, body, create.fields, "mutant", None)
    return (create, early, *rest)


def delivered_late(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    create, deliver, grant, *rest = steps
    return (create, grant, deliver, *rest)


def by_name() -> Any:
    true = binding._claimed

    def claimed(resource: Any, index: Any) -> Any:
        return true(resource, index) or index.named(resource.address.kind, resource.name)

    return patch.object(binding, "_claimed", claimed)


def untold(live: Any, desired: Any) -> tuple[Any, ...]:
    """No plan says what differs."""
    return ()


async def no_reservation(operation: Operation, context: Context) -> None: ...


def nothing_new(*parts: Any) -> set[Any]:
    """No request is about anything that was born a moment ago."""
    return set()


def made_again() -> Any:
    """What was made a moment ago and is not found counts as deleted meanwhile, and is made again."""
    true = request._written

    async def written(operation: Operation, departure: Departure, context: Context) -> Any:
        answer = await true(operation, departure, context)
        born = operation.method == "POST" and "{" not in operation.path and (answer.body or {}).get("id")
        if born and await find(context.api, f"{operation.path}/{born}") is None:
            return await true(operation, departure, context)
        return answer

    return patch.object(request, "_written", written)


def retried() -> Any:
    """A plan that is refused as stale is made anew, and applied as it is by then."""
    true = apply_command.Run._planned

    async def planned(run: Any, *given: Any) -> Any:
        try:
            return await true(run, *given)
        except StalePlan:
            return await true(replace(run, approval=Approval(automatic=True)), *given)

    return patch.object(apply_command.Run, "_planned", planned)


def unannounced(departure: Departure) -> None:
    """The journal is told nothing."""


async def unread(address: Any, context: Context) -> Any:
    return DONE


@contextmanager
def kind(name: str, **fields: Any) -> Iterator[None]:
    """A kind of the registry with other hooks."""
    kinds = tuple(replace(kind, **fields) if kind.name == name else kind for kind in REGISTRY.kinds)
    true = REGISTRY.kinds
    object.__setattr__(REGISTRY, "kinds", kinds)
    try:
        yield
    finally:
        object.__setattr__(REGISTRY, "kinds", true)


def matched_dead() -> Any:
    collection = replace(client.KIND.collection, gone=lambda raw: False)
    return kind("client", collection=collection)


def gone_is_done() -> Any:
    """What is not there when it is read back counts as seen."""
    from reconciler.engine import readback

    true = readback._difference

    async def difference(*arguments: Any) -> str:
        found = await true(*arguments)
        return "" if found == "it is not there" else found

    return patch.object(readback, "_difference", difference)


def kept_pairs() -> Any:
    return patch.object(lending, "_returns", lambda nodes, batch, take, operator: [nothing(batch, nodes)])


def nothing(batch: Any, nodes: Any) -> Any:
    """In place of the returns, something that does nothing."""
    node = lending._settle(900 + batch.number)
    node.after |= dict.fromkeys(batch.served, "mutant")
    return node


def loud() -> Any:
    """Two rules at once: no error is made of a secret, and what looks like one is concealed in errors."""
    true = perform._credential

    def credential(address: Any, secret: Any, context: Context) -> Any:
        if context.run_id == "run-1":
            raise SinkError(f"cannot store {secret.reveal()}", remedy="mutant")
        return true(address, secret, context)

    return _both(patch.object(perform, "_credential", credential), patch.object(words, "concealed", str))


@contextmanager
def _both(one: Any, other: Any) -> Iterator[None]:
    with one, other:
        yield


@contextmanager
def unstripped() -> Iterator[None]:
    """Secrets that an organisation shows are left in what is read: at decoding, in errors and in bodies sent.

    Three rules at once; any of them alone keeps the secret in.
    """
    import json

    from reconciler.model.secret import Secret
    from reconciler.ports import Answer

    def decode(content: bytes, *, field: str = decoding.SECRET, keep_secret: bool = False) -> Answer | None:
        if not content:
            return Answer(None)
        try:
            body = json.loads(content)
        except ValueError:
            return None
        secret = body.get(field) if isinstance(body, dict) else None
        return Answer(body, Secret(secret) if keep_secret and secret else None)

    sent = client._NEVER_SENT - {"secret"}
    with (
        patch.object(decoding, "decode", decode),
        patch.object(errors, "decode", decode),
        patch.object(client, "_NEVER_SENT", sent),
    ):
        yield


def believing() -> Any:
    """What was not read whole is taken as whole."""
    return patch.object(cycle, "seen_whole", lambda live: live)


def no_patience() -> Any:
    return patch.object(cli_planning, "patience", lambda *arguments: None)


def no_twins() -> Any:
    """Several objects with one marker are never told apart."""
    from reconciler.planning.twins import Sorted

    return patch.object(binding, "sort_twins", lambda claimed, pin, registry: Sorted(claimed))


def narrowed_never(nodes: Any) -> None: ...


def gains_first(nodes: Any, theirs: list[Any]) -> None:
    """Of one subject, what comes is given before what goes is taken."""
    for gain in theirs:
        for loss in theirs:
            if (
                gain.gained
                and not loss.gained
                and subject_order._subject(gain) == subject_order._subject(loss)
            ):
                loss.after[gain.id] = "mutant"


def never(*given: Any) -> bool:
    """Nobody is ever switched off, and nothing is due a look."""
    return False


@contextmanager
def impatient() -> Iterator[None]:
    """What a 429 asks for is not read."""
    with (
        patch.object(pacing, "asked_wait", lambda raw: None),
        patch.object(errors, "asked_wait", lambda raw: None),
    ):
        yield


def at_once(held: Any) -> float:
    """When a lease may be taken over whose holder fell silent."""
    return 0.0


def unasked(context: Context) -> None:
    """A secret in hand is delivered, whoever may hold the lease by then."""


@contextmanager
def unchecked() -> Iterator[None]:
    """Neither a write nor another token asks whether the lease is still ours.

    Three rules at once: a token that was got in time alone keeps a late write out, and so does the gate.
    """

    async def renewing(keeper: Keeper) -> None: ...

    async def renewed(keeper: Keeper, ends: float) -> None:
        keeper._tokens_end = max(keeper._tokens_end, ends)

    with (
        patch.object(Keeper, "check", lambda keeper: None),
        patch.object(Keeper, "renewing", renewing),
        patch.object(Keeper, "renewed", renewed),
    ):
        yield
