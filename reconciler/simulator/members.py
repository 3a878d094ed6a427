"""Who serves a queue: people added by hand and the members of its groups (§13).

A person who comes in both ways is there once, by hand. Everybody has joined; routing states are made up from
the state of the person, as nobody logs in here.
"""

from reconciler.simulator.world import Row, World


def members_of(world: World, queue: Row) -> list[Row]:
    """`userId`, `memberBy` (user or group) and `joined` for each member of a queue."""
    by: dict[str, str] = dict.fromkeys(queue.get("members") or (), "user")
    for key in queue.get("groups") or ():
        group = world.groups.rows.get(key)
        for user in group["members"] if group else ():
            by.setdefault(user, "group")
    return [
        {"userId": key, "memberBy": how, "joined": world.users.rows[key]["state"] == "active"}
        for key, how in by.items()
        if key in world.users.rows and world.users.rows[key]["state"] != "deleted"
    ]


def routing_status(user: Row) -> Row:
    """On queue while active: nobody logs in or out here."""
    return {"userId": user["id"], "status": "IDLE" if user["state"] == "active" else "OFF_QUEUE"}
