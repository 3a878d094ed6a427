"""Lending: the operations by which our client takes what it has to hand on, and returns it.

At most 100 pairs are held at a time. A batch is taken in one request, settles, serves the requests
that need it, and is returned pair by pair, whether those went well or not; what a crash leaves is
returned first by the next run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reconciler.model.access import EVERYWHERE, Holds
from reconciler.model.address import OPERATOR, Address
from reconciler.model.plan import Operation
from reconciler.model.value import Json, canonical, plain
from reconciler.planning.graph import Node, in_order, referred
from reconciler.planning.handing import Loan, Pair
from reconciler.planning.settle import SETTLE_SECONDS

BATCH = 100
"""Pairs borrowed at a time, unless one object alone needs more."""

SUBJECTS = "/api/v2/authorization/subjects"


@dataclass(slots=True)
class _Batch:
    """What one taking serves, by operation id; the pairs this needs; what must have ended before."""

    number: int
    pairs: set[Pair] = field(default_factory=set)
    served: list[str] = field(default_factory=list)
    before: set[str] = field(default_factory=set)


def taking(address: Address | str) -> str:
    """The operation that makes a live object ours."""
    return f"{address}:update"


def lend(nodes: dict[str, Node], loan: Loan) -> None:
    """Add what takes and returns pairs around the nodes that need them; leftovers are returned first."""
    returned: list[str] = []
    for batch in _batches(nodes, loan.needs):
        take, wait = _take(batch, loan.operator), _settle(batch.number)
        take.after |= dict.fromkeys(returned, "one batch at a time")
        wait.after[take.id] = "it is taken first"
        for identity in batch.served:
            nodes[identity].after[wait.id] = "what is handed on must be held"
        returns = _returns(nodes, batch, take.id, loan.operator)
        returned = [node.id for node in returns]
        nodes |= {node.id: node for node in (take, wait, *returns)}
    _give_back_leftovers(nodes, loan)


def _batches(nodes: Mapping[str, Node], needs: Mapping[Address, frozenset[Pair]]) -> list[_Batch]:
    """The nodes that need pairs, in an order that respects every edge, cut by `BATCH`.

    A batch is taken when all that its nodes wait for has ended, save what waits for this batch itself.
    """
    batches: list[_Batch] = []
    levels: dict[str, int] = {}  # the last batch that a node belongs to or waits for
    for operation in in_order(nodes) if needs else ():
        identity, node = operation.id, nodes[operation.id]
        level = max((levels[earlier] for earlier in node.after), default=0)
        need = needs.get(operation.address, frozenset())
        if need and node.edits:
            batch = _with_room(batches, need)
            batch.pairs |= need
            batch.served.append(identity)
            batch.before |= {earlier for earlier in node.after if levels[earlier] < batch.number}
            level = batch.number
        levels[identity] = level
    return batches


def _with_room(batches: list[_Batch], need: frozenset[Pair]) -> _Batch:
    last = batches[-1].pairs if batches else set[Pair]()
    if not batches or not (need <= last or len(last | need) <= BATCH):
        batches.append(_Batch(len(batches) + 1))
    return batches[-1]


def _take(batch: _Batch, operator: str) -> Node:
    path = f"{SUBJECTS}/{operator}/bulkadd?subjectType=PC_OAUTH_CLIENT"
    reason = "our client may hand on only what it holds"
    take = _node(f"borrow-{batch.number}", "POST", path, _grants(_sorted(batch.pairs)), reason)
    take.after |= dict.fromkeys(batch.before, "borrowed no longer than needed")
    take.whatever |= batch.before
    return take


def _settle(number: int) -> Node:
    body = {"seconds": SETTLE_SECONDS, "token": "fresh"}
    identity, reason = f"{OPERATOR}:settle-{number}", "our client's own grants must settle first"
    return Node(Operation(identity, OPERATOR, "wait", "", "", body, (), reason))


def _returns(nodes: Mapping[str, Node], batch: _Batch, take: str, operator: str) -> list[Node]:
    """What returns a batch: behind all that it served, whatever became of that, and what was never made."""
    pairs = enumerate(_sorted(batch.pairs), start=1)
    reason = "borrowed for this run only"
    returns = [_give_back(operator, f"return-{batch.number}-{index}", pair, reason) for index, pair in pairs]
    _one_by_one(returns)
    returns[0].after |= dict.fromkeys(batch.served, "returned when it has served")
    returns[0].whatever |= set(batch.served)
    for node in returns:
        node.after[take] = "only what was taken is returned"
        made = (name for each in referred(node.operation) for name in (f"{each}:create", taking(each)))
        node.after |= dict.fromkeys((each for each in made if each in nodes), "it refers there")
    return returns


def _one_by_one(returns: Sequence[Node]) -> None:
    """One subject's grants are not changed by two requests at once; a failure does not keep the rest."""
    for earlier, later in pairwise(returns):
        later.after[earlier.id] = "one pair at a time"
        later.whatever.add(earlier.id)


def _give_back_leftovers(nodes: dict[str, Node], loan: Loan) -> None:
    """Return what a dead run left, before anything else happens."""
    pairs = enumerate(_sorted(loan.leftovers), start=1)
    reason = "left over from a run that did not end"
    returns = [_give_back(loan.operator, f"leftover-{index}", pair, reason) for index, pair in pairs]
    if not returns:
        return
    _one_by_one(returns)
    last = returns[-1].id
    for node in nodes.values():
        if not node.after:
            node.after[last] = "leftovers are returned first"
            node.whatever.add(last)
    nodes |= {node.id: node for node in returns}


def _give_back(operator: str, name: str, pair: Pair, reason: str) -> Node:
    role, division = pair
    path = f"{SUBJECTS}/{operator}"
    if division == EVERYWHERE:  # no place in a path is sure to take it
        node = _node(name, "POST", f"{path}/bulkremove", _grants([pair]), reason)
    else:
        node = _node(name, "DELETE", f"{path}/divisions/{division}/roles/{role}", None, reason)
    node.lost = frozenset({Holds(operator, str(role), str(division))})
    return node


def _sorted(pairs: set[Pair] | frozenset[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: canonical(plain(pair)))


def _grants(pairs: list[Pair]) -> Json:
    return {"grants": [{"roleId": plain(role), "divisionId": plain(division)} for role, division in pairs]}


def _node(name: str, method: str, path: str, body: Json, reason: str) -> Node:
    return Node(Operation(f"{OPERATOR}:{name}", OPERATOR, "request", method, path, body, (), reason))
