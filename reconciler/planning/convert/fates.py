"""Fates: what became of each thing that Terraform manages, and which of its blocks may go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from reconciler.model.address import Address
from reconciler.model.estate import Estate, Record
from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import Registry
from reconciler.model.rule import Rule
from reconciler.model.state import Live
from reconciler.model.words import counted
from reconciler.planning.convert.scene import pairs_in
from reconciler.planning.export.obstacles import Scene
from reconciler.planning.export.values import Item, LeftOut, Obstacle, Proposal, shown
from reconciler.planning.handing import Pair
from reconciler.planning.subjects import pairs_of

PROTECTED = Rule(
    "convert/protected",
    "No manifest names Home, changes one of the vendor's own roles, or declares the client that applies.",
    "Leave it with Terraform, or to nobody: only our own client has to stay as it is.",
)
NAMELESS = Rule(
    "convert/nameless",
    "Manifests name a group by its name and a user by an e-mail address; this state has only an id.",
    "Add a data source that looks it up by its id, refresh, and convert again.",
)
FIGHTS = Rule(
    "convert/fights",
    "A resource of Terraform says everything that a user or a group holds. Beside a `grants` entry for the "
    "same one, each takes away what only the other declares.",
    "Let one of them say all of it.",
)
INSTANCES = Rule(
    "convert/instances",
    "A `removed` block takes no keys of instances: it would let those go too that were not converted.",
    "Take the converted ones out of the block's `for_each` or `count`, and out of the state.",
)
OPERATOR = Rule(
    "convert/operator",
    "What our own client holds on roles of ours counts as borrowed, and is returned. A state that does not "
    "hold that client cannot tell which roles must not become ours.",
    "Name them with --holds, each role that it was given for good.",
)
PENDING = Rule(
    "convert/pending",
    "The plan would change what is there; what was converted is what is there now.",
    "Apply the plan, or drop it, and convert the state then.",
)

Result = Literal["converted", "referred", "partly", "left"]


class Fate(NamedTuple):
    """What became of one resource. `address` is where the manifests have it, None where they do not."""

    record: Record
    result: Result
    address: Address | None
    finding: Finding | None


def fates(estate: Estate, proposal: Proposal, scene: Scene) -> tuple[Fate, ...]:
    """One for each resource that Terraform manages, in the order of the file."""
    seen = _Seen(
        items={item.live.id: (address, item) for address, item in _items(proposal)},
        left={each.live.id: each for each in proposal.left},
        lives={live.id: live for reading in scene.live.readings.values() for live in reading.objects},
        names=estate.names,
        registry=scene.registry,
    )
    return tuple(_fate(record, seen) for record in estate.records if record.managed)


class _Seen(NamedTuple):
    """What the proposal and the estate say of each object, by its id."""

    items: Mapping[str, tuple[Address, Item]]
    left: Mapping[str, LeftOut]
    lives: Mapping[str, Live]
    names: Mapping[str, str]
    registry: Registry


def _items(proposal: Proposal) -> Iterator[tuple[Address, Item]]:
    for document in proposal.documents:
        for kind, items in document.sections.items():
            for item in items:
                yield Address(document.owner, kind, item.spec.key), item


def _fate(record: Record, seen: _Seen) -> Fate:
    if record.id not in seen.items or record.unfit:
        return Fate(record, "left", None, _told(record, _why_left(record, seen)))
    address, item = seen.items[record.id]
    if vars(item.spec).get("existing"):
        why = seen.left[record.id].obstacle
        reason = f"{why.reason}; manifests refer to it, and it stays Terraform's"
        return Fate(record, "referred", address, _told(record, why._replace(reason=reason)))
    if record.sort and (missing := pairs_in(record) - _declared(item, seen)):
        return Fate(record, "partly", address, _told(record, _fight(record, address, missing, seen)))
    return Fate(record, "converted", address, None)


def _declared(item: Item, seen: _Seen) -> frozenset[Pair]:
    kind = seen.registry[item.live.kind]
    found: frozenset[Pair] = item.live.fields[pairs_of(kind)]
    return found


def _why_left(record: Record, seen: _Seen) -> Obstacle:
    if record.unfit:
        return Obstacle(*record.unfit)
    if record.id in seen.left:
        return seen.left[record.id].obstacle
    if record.sort:
        return _why_nobody(record, seen)
    live = seen.lives.get(record.id)
    reason = (live.protected if live else "") or "it is the client that will apply"
    return Obstacle(PROTECTED, reason, "leave it with Terraform", Severity.INFO)


def _why_nobody(record: Record, seen: _Seen) -> Obstacle:
    """Of a group or a user: nothing that it holds became ours."""
    if record.id not in seen.names:
        remedy = f'add `data "genesyscloud_{record.sort}"` for it, refresh, and convert again'
        return Obstacle(NAMELESS, f"the state does not say how {record.sort} {record.id} is called", remedy)
    reason = f"nothing that {shown(seen.names[record.id])} holds becomes ours{_because(record, seen)}"
    return Obstacle(FIGHTS, reason, "nothing to do: no manifest says anything of it", Severity.INFO)


def _because(record: Record, seen: _Seen) -> str:
    for role, _ in sorted(pairs_in(record)):
        if role in seen.left:
            left = seen.left[role]
            return f": role {shown(left.live.name or role)} stays out, because {left.obstacle.reason}"
    return ""


def _fight(record: Record, address: Address, missing: Iterable[Pair], seen: _Seen) -> Obstacle:
    pairs = sorted(missing)
    named = ", ".join(f"{_name(role, seen)} in {_name(wall, seen)}" for role, wall in pairs[:2])
    more = f" and {len(pairs) - 2} more" if len(pairs) > 2 else ""
    reason = f"{address} declares a part of what it says, but not {named}{more}; both would write the rest"
    remedy = (
        "declare those too, or let Terraform let go of it by hand: what nobody declares stays as it is then"
    )
    return Obstacle(FIGHTS, reason, remedy)


def _name(identity: str, seen: _Seen) -> str:
    live = seen.lives.get(identity)
    return shown((live.name if live else "") or identity)


def _told(record: Record, why: Obstacle) -> Finding:
    message = f"{record.address}: {why.reason}"
    return Finding(why.rule, why.severity, message, why.remedy, record.address)


class Letting(NamedTuple):
    """The blocks that may go whole, and by block the instances that have to be taken out one by one."""

    blocks: tuple[str, ...]
    single: Mapping[str, tuple[str, ...]]


def letting(found: Sequence[Fate]) -> Letting:
    """What Terraform may let go of. A block goes whole, or not at all: `removed` takes no keys."""
    by_block: dict[str, list[Fate]] = defaultdict(list)
    for fate in found:
        by_block[fate.record.block].append(fate)
    done = {
        block: tuple(fate.record.address for fate in members if fate.result == "converted")
        for block, members in by_block.items()
    }
    whole = tuple(block for block in sorted(done) if len(done[block]) == len(by_block[block]))
    return Letting(
        whole, {block: some for block, some in sorted(done.items()) if some and block not in whole}
    )


def findings(found: Sequence[Fate], let: Letting, estate: Estate, scene: Scene) -> tuple[Finding, ...]:
    """Everything worth saying, by Terraform's addresses."""
    told = [fate.finding for fate in found if fate.finding]
    return (*_unseen(scene), *told, *map(_some, let.single.items()), *_pending(found, estate))


def _unseen(scene: Scene) -> Iterator[Finding]:
    """A warning where nobody said what our own client holds."""
    if scene.live.operator_id or scene.live.operator_pairs or scene.brief.org.hand_on != "borrow":
        return
    called = shown(scene.brief.org.operator)
    message = f"the state does not hold {called}: roles that it was given must not become ours"
    remedy = (
        "convert again with --holds ROLE for each of these, if it has any; once ours, it would return them"
    )
    yield Finding(OPERATOR, Severity.WARNING, message, remedy, scene.brief.org.operator)


def _some(item: tuple[str, tuple[str, ...]]) -> Finding:
    block, done = item
    message = f"{block}: only {counted(len(done), 'instance')} of several could be converted"
    remedy = "take these out of its `for_each` or `count` and out of the state; removed.tf has the commands"
    return Finding(INSTANCES, Severity.WARNING, message, remedy, block)


def _pending(found: Sequence[Fate], estate: Estate) -> Iterator[Finding]:
    there = {fate.record.address for fate in found}
    for address, actions in sorted(estate.pending.items()):
        now = "what was converted is what is there now" if address in there else "it is not there yet"
        message = f"{address}: this plan would {actions} it; {now}"
        remedy = "apply the plan, or drop it, and convert the state then"
        yield Finding(PENDING, Severity.WARNING, message, remedy, address)
