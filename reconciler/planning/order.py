"""Order of operations: what is referred to comes first, access narrows before it widens.

Every edge carries its reason, so that a plan can say why something waits. Two waits exist, and only
where something must settle: before a role that somebody just lost grows, and before somebody gains a
role that just changed. Tenants stay independent: no edge joins what has nothing to do with each other.

Source of the order: reliability study, grant and role changes (narrow, settle, widen, settle, grant).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from reconciler.model.access import Allows, Fact, Holds
from reconciler.model.address import Address
from reconciler.model.kind import Registry, Step, Work
from reconciler.model.plan import Operation
from reconciler.model.value import Fields, Json
from reconciler.planning.draft import Draft
from reconciler.planning.graph import Node, in_order, referred
from reconciler.planning.handing import NO_LOAN, Loan, adopted
from reconciler.planning.lending import lend, taking
from reconciler.planning.rotation.changeover import hurry_changeovers
from reconciler.planning.rotation.queue import queue
from reconciler.planning.settle import SETTLE_SECONDS
from reconciler.planning.steps import steps_of
from reconciler.planning.subject_order import order_subjects
from reconciler.planning.twins import is_switched_on


def order(
    drafts: Iterable[Draft], registry: Registry, loan: Loan = NO_LOAN, *, one_by_one: bool = False
) -> tuple[Operation, ...]:
    """The operations of all running drafts, sorted so that each stands behind what it waits for.

    `loan` is what our own client has to take for a while, and what it has to return; `one_by_one` lets a
    change begin once the one before it has ended.
    """
    running = [draft for draft in drafts if draft.runs]
    growing = _growing(running, registry)
    nodes: dict[str, Node] = {}
    for draft in running:
        for node in _chain(draft, growing, registry):
            nodes[node.operation.id] = node
    _wait_for_references(nodes)
    _narrow_before_widening(nodes)
    _settle_before_gaining(nodes)
    _settle_before_waking(nodes)
    hurry_changeovers(nodes)
    taken_over = adopted(running, registry)
    _adopt_before_lending(nodes, taken_over, loan)
    order_subjects(nodes, running, registry)
    if one_by_one:
        queue(nodes, running)
    lend(nodes, loan.by_reference(taken_over))
    _delete_last(nodes, running)
    return in_order(nodes)


def _growing(running: list[Draft], registry: Registry) -> frozenset[str]:
    """Live roles that will allow more than they do."""
    return frozenset(
        fact.role
        for draft in running
        if draft.live is not None
        for fact in _facts(draft, draft.after, registry) - _facts(draft, draft.before, registry)
        if isinstance(fact, Allows)
    )


def _facts(draft: Draft, fields: Fields | None, registry: Registry) -> frozenset[Fact]:
    if fields is None:
        return frozenset()
    return frozenset(registry[draft.change.address.kind].facts(draft.identity, fields))


def _chain(draft: Draft, growing: frozenset[str], registry: Registry) -> Iterator[Node]:
    """The nodes of one change, each behind the one before; who is switched on gains all that it holds."""
    collection = registry[draft.change.address.kind].collection
    held = _facts(draft, draft.before, registry)
    awake, previous = False, ""
    for step in steps_of(draft, growing, registry):
        holds = (
            held if step.fields is None and step.method != "DELETE" else _facts(draft, step.fields, registry)
        )
        own = step.does == "request" and step.path.startswith(collection.path)
        handed_on = holds - held if collection.subjects else holds | held
        edits = own and any(isinstance(fact, Holds) for fact in handed_on)
        on = not awake and is_switched_on(collection, draft.before, step.fields)
        gained = holds if on else holds - held
        node = Node(_operation(draft, step, wakes=on), gained=gained, lost=held - holds, edits=edits)
        awake = awake or on
        if previous:
            node.after[previous] = "the step before"
        yield node
        held, previous = holds, node.id


def _operation(draft: Draft, step: Step, *, wakes: bool) -> Operation:
    address = draft.change.address
    path = step.path.replace("{id}", draft.identity)
    body = _marked(step, address, draft.work) if step.does == "request" else step.body
    identity = f"{address}:{step.name}"
    return Operation(identity, address, step.does, step.method, path, body, (), step.reason, wakes)


def _marked(step: Step, address: Address, work: Work) -> Json:
    """The body with its description as a marked one: the engine appends the marker."""
    if not isinstance(step.body, dict) or "description" not in step.body:
        return step.body
    marked = {"$marked": step.body["description"], "address": str(address), "nonce": step.nonce}
    marked |= {"suspended": True} if work.suspended else {}
    marked |= {"granted": True} if work.granted else {}
    if work.renew and work.live and work.live.marker:  # of the fields it says what it said
        marked["hash8"] = work.live.marker.hash8
    return {**step.body, "description": marked}


def _wait_for_references(nodes: Mapping[str, Node]) -> None:
    for node in nodes.values():
        for address in referred(node.operation):
            creating = f"{address}:create"
            if creating in nodes and address != str(node.operation.address):
                node.after[creating] = "it refers there"


def _narrow_before_widening(nodes: dict[str, Node]) -> None:
    """A role grows only after those who lose it have lost it, and caches have seen it."""
    widening = _by_role(nodes, lambda node: node.gained, Allows)
    losing = _by_role(nodes, lambda node: node.lost, Holds)
    for role in sorted(widening.keys() & losing.keys()):
        wait = _wait(
            nodes,
            widening[role][0],
            f"{_settled(role)}:narrowed",
            "access was taken away before the role grows",
        )
        for node in losing[role]:
            wait.after[node.operation.id] = "who loses the role loses it first"
        for node in widening[role]:
            node.after[wait.operation.id] = "caches must agree that the access is gone"


def _settle_before_gaining(nodes: dict[str, Node]) -> None:
    """Nobody gains a role while caches may still serve its former permissions."""
    changing = _by_role(nodes, lambda node: node.gained | node.lost, Allows)
    gaining = _by_role(nodes, lambda node: node.gained, Holds)
    for role in sorted(changing.keys() & gaining.keys()):
        if role.startswith("{"):
            continue  # a role born in this run has no former permissions
        wait = _wait(
            nodes, changing[role][0], f"{_settled(role)}:changed", "a role changed, caches must agree on it"
        )
        for node in changing[role]:
            wait.after[node.operation.id] = "the role changes first"
        for node in gaining[role]:
            node.after[wait.operation.id] = "the role it gains must have settled"


def _settle_before_waking(nodes: dict[str, Node]) -> None:
    """Who is switched on is so only once caches agree on what it has lost."""
    for node in [each for each in nodes.values() if each.operation.wakes]:
        address = node.operation.address
        losing = [
            each
            for each in nodes.values()
            if each is not node and each.operation.address == address
            if any(isinstance(fact, Holds) for fact in each.lost)
        ]
        for lost in losing:
            reason = "it lost access, and is to be switched on"
            wait = _wait(nodes, node, f"settle:{address}:lost", reason)
            wait.after[lost.id] = "it loses access first"
            node.after[wait.id] = "caches must agree that the access is gone"


def _adopt_before_lending(nodes: Mapping[str, Node], taken_over: Mapping[str, Address], loan: Loan) -> None:
    """A pair is borrowed once its role is ours: only then would the next run know to return it."""
    ours = {role: taking(address) for role, address in taken_over.items()}
    if not ours:
        return
    for node in nodes.values():
        needs = loan.needs.get(node.operation.address, frozenset()) if node.edits else frozenset()
        for earlier in {ours[role] for role, _ in needs if role in ours}:
            node.after[earlier] = "its role is lent once it is ours"


def _settled(role: str) -> str:
    return f"settle:{role}"


def _by_role(
    nodes: Mapping[str, Node], side: Callable[[Node], frozenset[Fact]], fact: type[Allows | Holds]
) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = defaultdict(list)
    for node in nodes.values():
        for role in sorted({item.role for item in side(node) if isinstance(item, fact)}):
            found[role].append(node)
    return found


def _wait(nodes: dict[str, Node], about: Node, identity: str, reason: str) -> Node:
    operation = Operation(
        identity, about.operation.address, "wait", "", "", {"seconds": SETTLE_SECONDS}, (), reason
    )
    return nodes.setdefault(identity, Node(operation))


def _delete_last(nodes: Mapping[str, Node], running: list[Draft]) -> None:
    """An object goes after everything that stops referring to it."""
    going = {
        draft.identity: f"{draft.change.address}:delete"
        for draft in running
        if draft.change.action == "delete"
    }
    for node in nodes.values():
        for fact in node.lost:
            if isinstance(fact, Holds):
                for identity in (fact.role, fact.division):
                    if going.get(identity) in nodes:
                        nodes[going[identity]].after[node.operation.id] = "what refers to it goes first"
