"""An organisation in a file: written all or nothing, and read only if it is one that this version wrote."""

import json
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reconciler.simulator.clock import Clock
from reconciler.simulator.history import Change
from reconciler.simulator.org import Organisation, Start, Used
from reconciler.simulator.world import TABLES, Grant, Row, World

_FORMAT = 2
_ANEW = "move it away to start anew"


def save(org: Organisation, path: Path) -> None:
    """Write the organisation with its secrets, readable by its owner only. Raises ValueError.

    Whoever reads the file, however this ends, finds the organisation as it was or as it is.
    """
    draft = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(_data(org), file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise ValueError(f"{path}: the state cannot be saved there: {error.strerror}") from error


def _data(org: Organisation) -> dict[str, Any]:
    late = org.history.late(org.clock.now())
    return {
        "formatVersion": _FORMAT,
        "date": org.clock.date().isoformat(),
        "count": org.sequence.count,
        "secrets": org.secrets,
        "tables": {
            name: {key: _written(row) for key, row in org.live.table(name).rows.items()} for name in TABLES
        },
        "late": [
            [_when(org, each), each.table, each.key, _written(each.before), _written(each.after)]
            for each in late
        ],
        "usage": [[*used, count] for used, count in org.usage.items()],
        "jobs": org.jobs,
    }


def _when(org: Organisation, change: Change) -> str:
    return org.clock.date(change.at - org.clock.now()).isoformat()


def _written(row: Row | None) -> Any:
    """A row as JSON has it: pairs are keys in a grant, and keys of JSON are texts."""
    if row is None or "pairs" not in row:
        return row
    return row | {"pairs": [[*pair, *grant] for pair, grant in row["pairs"].items()]}


def _read(row: Row | None) -> Row | None:
    if row is None or "pairs" not in row:
        return row
    return row | {"pairs": {(role, place): Grant(at, by) for role, place, at, by in row["pairs"]}}


def load(path: Path, clock: Clock) -> Start:
    """A saved organisation; `clock` goes on from its date. Raises ValueError, which says what to do."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ValueError(f"{path}: the state cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ValueError(f"{path} is damaged, or no state of a simulator: {error}; {_ANEW}") from error
    version = data.get("formatVersion") if isinstance(data, dict) else None
    if version != _FORMAT:
        raise ValueError(
            f"{path} is no state that this version of the simulator wrote (format {version}, not {_FORMAT}); "
            f"{_ANEW}, or use the version that wrote it"
        )
    try:
        return _start(data, clock)
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path} is damaged: {type(error).__name__}: {error}; {_ANEW}") from error


def _start(data: dict[str, Any], clock: Clock) -> Start:
    world = World()
    for name in TABLES:
        for key, row in data["tables"][name].items():
            world.put(name, key, _read(row))
    if not {"organization", "limits", "settings"} <= world.facts.rows.keys():
        raise LookupError("facts of the organisation are missing")
    if not any(row["homeDivision"] for row in world.divisions.rows.values()):
        raise LookupError("the home division is missing")
    clock.resume(_date(data["date"]))
    return Start(
        world,
        dict(data["secrets"]),
        int(data["count"]),
        [
            Change(clock.since(_date(at)), table, key, _read(before), _read(after))
            for at, table, key, before, after in data["late"]
        ],
        Counter({Used(*used): count for *used, count in data["usage"]}),
        dict(data["jobs"]),
    )


def _date(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
