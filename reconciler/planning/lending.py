"""Lending: the operations by which our client takes what it has to hand on, and returns it.

At most 100 pairs are held at a time. A batch is taken in one request, settles, serves the requests
that need it, and is returned pair by pair, whether those went well or not; what a crash leaves is
returned first by the next run.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.access import EVERYWHERE
from reconciler.model.address import OPERATOR, Address
from reconciler.model.plan import Operation
from reconciler.model.value import Json, canonical, plain
from reconciler.planning.graph import Node, in_order
from reconciler.planning.handing import Loan, Pair

BATCH = 100
"""Pairs borrowed at a time; the vendor limits grants per subject without saying where."""

SETTLE_SECONDS = 10
"""What a grant needs before every cache knows it; the vendor's own provider waits as long."""

SUBJECTS = "/api/v2/authorization/subjects"


def lend(nodes: dict[str, Node], loan: Loan) -> None:
    """Add what takes and returns pairs around the nodes that need them; leftovers are returned first."""
    previous: set[str] = set()
    for number, batch in enumerate(_batches(nodes, loan.needs), start=1):
        pairs = frozenset[Pair]().union(*(loan.needs[nodes[item].operation.address] for item in batch))
        previous = _lend_batch(nodes, number, batch, pairs, previous, loan.operator)
    _give_back_leftovers(nodes, loan)


def _batches(nodes: Mapping[str, Node], needs: Mapping[Address, frozenset[Pair]]) -> list[list[str]]:
    """Ids of the nodes that need pairs, in an order that respects every edge, cut by `BATCH`."""
    batches: list[list[str]] = []
    pairs: set[Pair] = set()
    for operation in in_order(nodes):
        need = needs.get(operation.address, frozenset())
        if not need or not nodes[operation.id].edits:
            continue
        if not batches or len(pairs | need) > BATCH:
            batches.append([])
            pairs = set()
        pairs |= need
        batches[-1].append(operation.id)
    return batches


def _lend_batch(
    nodes: dict[str, Node],
    number: int,
    batch: list[str],
    pairs: frozenset[Pair],
    previous: set[str],
    operator: str,
) -> set[str]:
    """The nodes of one batch; the ids of those that return it."""
    take = _take(number, pairs, operator)
    take.after |= dict.fromkeys(previous, "no more than a hundred pairs at a time")
    wait = _settle(number)
    wait.after[take.operation.id] = "it is taken first"
    returns = [_return(number, index, pair, operator) for index, pair in enumerate(_sorted(pairs), start=1)]
    for node in (take, wait, *returns):
        nodes[node.operation.id] = node
    for identity in batch:
        nodes[identity].after[wait.operation.id] = "what is handed on must be held"
    for node in returns:
        node.after[take.operation.id] = "only what was taken is returned"
        node.after |= dict.fromkeys(batch, "returned when it has served")
        node.whatever |= set(batch)
    return {node.operation.id for node in returns}


def _sorted(pairs: frozenset[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: canonical(plain(pair)))


def _take(number: int, pairs: frozenset[Pair], operator: str) -> Node:
    path = f"{SUBJECTS}/{operator}/bulkadd?subjectType=PC_OAUTH_CLIENT"
    reason = "our client may hand on only what it holds"
    return _node(f"borrow-{number}", "POST", path, _grants(_sorted(pairs)), reason)


def _grants(pairs: list[Pair]) -> Json:
    return {"grants": [{"roleId": plain(role), "divisionId": plain(division)} for role, division in pairs]}


def _settle(number: int) -> Node:
    body = {"seconds": SETTLE_SECONDS, "token": "fresh"}
    identity, reason = f"{OPERATOR}:settle-{number}", "our client's own grants must settle first"
    return Node(Operation(identity, OPERATOR, "wait", "", "", body, (), reason))


def _return(number: int, index: int, pair: Pair, operator: str) -> Node:
    return _give_back(operator, f"return-{number}-{index}", pair, "borrowed for this run only")


def _give_back_leftovers(nodes: dict[str, Node], loan: Loan) -> None:
    """Return what a dead run left, before anything else happens."""
    returns = [
        _give_back(loan.operator, f"leftover-{index}", pair, "left over from a run that did not end")
        for index, pair in enumerate(_sorted(loan.leftovers), start=1)
    ]
    first = dict.fromkeys((node.operation.id for node in returns), "leftovers are returned first")
    for node in nodes.values():
        node.after |= first
        node.whatever |= first.keys()
    nodes |= {node.operation.id: node for node in returns}


def _give_back(operator: str, name: str, pair: Pair, reason: str) -> Node:
    role, division = pair
    if division == EVERYWHERE:  # no place in a path is sure to take it
        path = f"{SUBJECTS}/{operator}/bulkremove"
        return _node(name, "POST", path, _grants([pair]), reason)
    path = f"{SUBJECTS}/{operator}/divisions/{division}/roles/{role}"
    return _node(name, "DELETE", path, None, reason)


def _node(name: str, method: str, path: str, body: Json, reason: str) -> Node:
    return Node(Operation(f"{OPERATOR}:{name}", OPERATOR, "request", method, path, body, (), reason))
