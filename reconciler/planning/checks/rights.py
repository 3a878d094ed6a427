"""What the operator lacks, command by command, and what it would have to hand on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model.access import Allows
from reconciler.model.checkup import Check, Observed
from reconciler.model.kind import Registry
from reconciler.model.manifest import Org
from reconciler.model.state import LiveState
from reconciler.planning.outlook import Outlook
from reconciler.planning.rights import (
    COMMANDS,
    SEARCHING,
    Holding,
    Lack,
    Need,
    holding,
    lacks,
    one_by_one,
    permissions,
    purposes,
)

TOPIC = "rights"

_ROLE = {"plan": "reader", "drift": "reader", "apply": "writer", "prune": "deleter"}


def checks(
    observed: Observed, org: Org, live: LiveState, registry: Registry, ahead: Outlook
) -> Iterator[Check]:
    """What these credentials see, then what the operator may do."""
    yield reading(observed)
    held = held_by_operator(observed, live, registry)
    if held is None:
        yield _not_visible(observed)
        return
    for command, needs in COMMANDS.items():
        yield _command(command, needs, held, org, live, registry)
    if ahead.searched:
        yield _searching(held, ahead.searched)


def reading(observed: Observed) -> Check:
    """Whether everything that a decision needs was read to the end."""
    if not observed.unread:
        return Check("reading", TOPIC, "ok", "these credentials see everything a plan needs")
    remedies = dict.fromkeys(trouble.remedy for trouble in observed.unread if trouble.remedy)
    return Check(
        "reading",
        TOPIC,
        "failure",
        "these credentials see only a part; plan stops with exit 7",
        "what was not seen may be there all the same, so nothing is decided",
        "; ".join(remedies) or "give them the reader's role: reconciler doctor --bootstrap reader",
        tuple(trouble.message for trouble in observed.unread),
    )


def held_by_operator(observed: Observed, live: LiveState, registry: Registry) -> Holding | None:
    """From its grants and what their roles allow; else from what the organisation says of ourselves."""
    pairs, (held, _) = observed.operator_pairs, registry.pair
    roles = {item.id: item for item in live.of(held)}
    if pairs is not None and all(role in roles for role, _ in pairs):
        facts = (
            fact for role, _ in pairs for fact in registry[held].facts(role, roles[role].fields)
        )  # a role in two divisions is looked at twice, which changes nothing
        return holding(pairs, [fact for fact in facts if isinstance(fact, Allows)])
    return Holding(observed.permitted) if observed.permitted is not None else None


def _not_visible(observed: Observed) -> Check:
    """One answer for every command: none of them was looked at."""
    if observed.no_operator:
        return Check("permissions", TOPIC, "unknown", "there is no operator to look at")
    means = "these credentials see neither the operator's grants nor, not being its own, where it may act"
    remedy = "let doctor run with the operator's credentials, or with the reader's role"
    return Check("permissions", TOPIC, "unknown", "the operator's rights were not seen", means, remedy)


def _command(
    command: str, needs: tuple[Need, ...], held: Holding, org: Org, live: LiveState, registry: Registry
) -> Check:
    needed, catalogue = permissions(needs), live.catalogue or {}
    walls = {item.id: item.name for item in live.of(registry.pair[1])}
    missing = tuple(lacks(needed, held, walls, catalogue))
    if not missing:
        return _enough(command, needed, one_by_one(needed, held, catalogue))
    seen = f"the operator lacks {len(missing)} of {len(needed)} permissions"
    if command == "prune" and not org.prune:
        seen = f"not asked for: `prune` is false (it lacks {len(missing)} permissions)"
        return Check(command, TOPIC, "ok", seen)
    remedy = f"add them to a role it holds in every division: reconciler doctor --bootstrap {_ROLE[command]}"
    means = "" if catalogue else "the permission catalogue was not read, so where they reach is not known"
    return Check(command, TOPIC, "failure", seen, means, remedy, _items(missing, needs, walls))


def _enough(command: str, needed: tuple[str, ...], singly: tuple[str, ...]) -> Check:
    if not singly:
        return Check(command, TOPIC, "ok", f"the operator holds all {len(needed)} permissions")
    return Check(
        command,
        TOPIC,
        "warning",
        "the operator holds all permissions, but some only division by division",
        "the next new division will lie outside its reach",
        "grant its role in every division (`*`) instead",
        singly,
    )


def _items(missing: tuple[Lack, ...], needs: tuple[Need, ...], walls: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{lack.permission}: {_why(lack, needs, walls)}" for lack in missing)


def _why(lack: Lack, needs: tuple[Need, ...], walls: Mapping[str, str]) -> str:
    if lack.missing:
        return "not in " + ", ".join(walls[each] for each in lack.missing)
    purpose = ", ".join(purposes(lack.permission, needs))
    return f"{purpose} (held only under a condition)" if lack.condition else purpose


def _searching(held: Holding, entries: tuple[str, ...]) -> Check:
    """Whether users whom manifests name by e-mail address can be found."""
    missing = [name for name in SEARCHING.permissions if not held.of(name)]
    if not missing:
        return Check("people", TOPIC, "ok", "the operator may find users by e-mail address")
    return Check(
        "people",
        TOPIC,
        "warning",
        f"the operator lacks {', '.join(missing)}",
        f"what names users by e-mail address is withheld: {SEARCHING.why}",
        "add it to a role it holds, or pin each user by `id:`",
        entries,
    )


def handing_on(observed: Observed, org: Org, live: LiveState, ahead: Outlook) -> Check:
    """The pairs that are to be given and the operator does not hold."""
    if observed.operator_pairs is None or live.gaps():
        means = "what it would hand on could not be compared with what it holds"
        return Check("handing on", TOPIC, "unknown", "not comparable", means)
    needed, lacking = len(ahead.pairs), ahead.beyond(observed.operator_pairs)
    if not lacking:
        return Check("handing on", TOPIC, "ok", f"the operator holds all {needed} pairs that clients get")
    seen = f"{len(lacking)} of {needed} pairs that clients get are not the operator's"
    if org.hand_on == "held":
        return Check(
            "handing on",
            TOPIC,
            "failure",
            seen,
            "who puts a role on a client must hold it in that division, and `handOn: held` lends nothing",
            "grant these to the operator, or say `handOn: borrow` in the Org document",
            lacking,
        )
    return Check(
        "handing on",
        TOPIC,
        "warning",
        seen,
        "`handOn: borrow` takes those on roles of ours for the time of a change, and returns them",
        "grant the operator those on roles that are not ours (`existing`), if there are any",
        lacking,
    )
