"""Conversations as they are found and shown: each is tagged with every division it touched (§13).

The tags are of the time it took place: moving a queue or a person later changes none. Whoever holds the
permission in one of them sees the whole of it. Whether answers are cut at all is open (`analytics-cut`).
"""

from collections.abc import Iterator

from reconciler.simulator.access import EVERYWHERE
from reconciler.simulator.call import Call
from reconciler.simulator.divided import foreign, reach
from reconciler.simulator.errors import not_found
from reconciler.simulator.identity import named_id
from reconciler.simulator.interval import inside, interval
from reconciler.simulator.predicates import Values
from reconciler.simulator.world import Row


def touched(row: Row, where: set[str]) -> bool:
    """Whether a conversation was in one of these divisions."""
    return EVERYWHERE in where or not where.isdisjoint(row["divisions"])


def found_conversation(call: Call, permissions: tuple[str, ...]) -> Row:
    """The conversation of the path. Raises 404, or for a foreign one what `foreign-object` says."""
    key = call.path["conversationId"]
    row = call.seen.conversations.rows.get(key)
    if row is None:
        raise not_found("conversation", key)
    if not touched(row, reach(call, permissions)):
        raise foreign(call, "conversation", key, permissions[0])
    return row


def in_reach(call: Call, permissions: tuple[str, ...]) -> list[Row]:
    """Conversations that began in the interval of the body and that a query may tell the caller."""
    span, where = interval(call.body["interval"]), reach(call, permissions)
    whole = call.org.on("analytics-cut", "whole")
    rows = call.seen.conversations.rows.values()
    return [row for row in rows if inside(row["start"], span) and (whole or touched(row, where))]


def values_of(row: Row) -> Values:
    """What a conversation has in each dimension."""
    return {
        "conversationId": {row["id"]},
        "divisionId": set(row["divisions"]),
        "queueId": set(row["queues"]),
        "userId": set(row["agents"]),
        "mediaType": {row["mediaType"]},
        "direction": {row["direction"]},
        "originatingDirection": {row["direction"]},
    }


def show_conversation(call: Call, row: Row) -> Row:
    """A conversation with its participants: the customer, its queues, its agents."""
    return {
        "conversationId": row["id"],
        "conversationStart": row["start"],
        "conversationEnd": row["end"],
        "divisionIds": row["divisions"],
        "originatingDirection": row["direction"],
        "conversationInitiator": "customer" if row["direction"] == "inbound" else "agent",
        "participants": [*_participants(call, row)],
    }


def _participants(call: Call, row: Row) -> Iterator[Row]:
    yield _participant(row, "customer", "customer", {"segmentType": "interact"})
    for key in row["queues"]:
        name = {"participantName": call.seen.queues.rows[key]["name"]}
        yield _participant(row, "acd", key, {"segmentType": "delay", "queueId": key}) | name
    for key in row["agents"]:
        segment = {"segmentType": "interact"} | ({"queueId": row["queues"][0]} if row["queues"] else {})
        name = {"participantName": call.seen.users.rows[key]["name"], "userId": key}
        yield _participant(row, "agent", key, segment) | name


def _participant(row: Row, purpose: str, key: str, segment: Row) -> Row:
    times = {"segmentStart": row["start"], "segmentEnd": row["end"]}
    session = {
        "sessionId": named_id("session", f"{row['id']}/{key}"),
        "mediaType": row["mediaType"],
        "direction": row["direction"],
        "recording": bool(row["recordings"]),
        "segments": [segment | times],
    }
    participant = named_id("participant", f"{row['id']}/{key}")
    return {"participantId": participant, "purpose": purpose, "sessions": [session]}
