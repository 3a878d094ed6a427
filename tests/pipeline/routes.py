"""The REST API of the stand-in: each path the workflows use, what it needs, and what it does.

Written from GitHub's documentation of its REST API.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.pipeline.actions import git
from tests.pipeline.hub import BOT, State, now

Fields = Mapping[str, Any]


class Refused(Exception):
    """An answer that is an error: its status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Route(NamedTuple):
    """Any of `needs` (`permission:level`) allows it; `deed` gets the state, the path's groups, the fields."""

    method: str
    path: str
    needs: tuple[str, ...]
    deed: Callable[[State, tuple[str, ...], Fields], Any]


def answer(state: State, token: str, method: str, path: str, fields: Fields) -> Any:
    """What GitHub answers.

    Raises:
        Refused: nobody is signed in, the token may not, or there is no such path.
    """
    if token not in state["tokens"]:
        raise Refused(401, "Bad credentials")
    for route in ROUTES:
        match = re.fullmatch(route.path, path)
        if match and route.method == method:
            if not any(_allows(state["tokens"][token], need) for need in route.needs):
                raise Refused(403, "Resource not accessible by integration")
            return route.deed(state, match.groups(), fields)
    raise Refused(404, f"the stand-in knows no {method} {path}")


def _allows(permissions: Mapping[str, str], need: str) -> bool:
    name, level = need.split(":")
    return permissions.get(name) in (level, "write")


def _comments(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    return [row for row in state["comments"] if row["number"] == int(path[0])]


def _comment(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    _short(fields["body"])
    row = {
        "id": 500 + len(state["comments"]),
        "number": int(path[0]),
        "user": {"login": BOT},
        "body": fields["body"],
        "edits": 0,
        "html_url": f"https://github.example/comment/{path[0]}",
    }
    state["comments"].append(row)
    return row


def _edit_comment(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    _short(fields["body"])
    row = next(row for row in state["comments"] if row["id"] == int(path[0]))
    return _set(row, body=fields["body"], edits=row["edits"] + 1)


def _short(body: str) -> None:
    if len(body) > 65_536:
        raise Refused(422, "Body is too long (maximum is 65536 characters)")


def _labels(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    return [{"name": name} for name in state["labels"].get(path[0], [])]


def _add_label(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    held = state["labels"].setdefault(path[0], [])
    held += [name for name in fields["labels[]"] if name not in held]
    return _labels(state, path, fields)


def _drop_label(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    held = state["labels"].get(path[0], [])
    name = path[1].replace("%2F", "/")
    if name not in held:
        raise Refused(404, "Label does not exist")
    held.remove(name)
    return _labels(state, path, fields)


def _status(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    row = {"sha": path[0], **fields}
    state["statuses"].append(row)
    return row


def _pulls(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    asked = fields.get("head", "")
    return [
        row
        for row in state["pulls"]
        if row["state"] == fields.get("state", "open")
        and (not asked or asked == f"{row['owner']}:{row['head']['ref']}")
    ]


def _pulls_of_commit(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    return [row for row in state["pulls"] if path[0] in row["introduced"]]


def _runs(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    found = [
        row
        for row in reversed(state["runs"])
        if row["workflow"] == path[0]
        and row["event"] == fields["event"]
        and row["head_branch"] == fields["branch"]
        and row["conclusion"] == fields["status"]
    ]
    return {"total_count": len(found), "workflow_runs": found[: int(fields.get("per_page", 30))]}


def _run(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    return next(row for row in state["runs"] if row["id"] == int(path[0]))


def _branch(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    return {"object": {"type": "commit", "sha": git(Path(state["origin"]), "rev-parse", f"heads/{path[0]}")}}


def _artifacts(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    found = [row for row in state["artifacts"] if row["name"] == fields["name"]]
    return {"total_count": len(found), "artifacts": found}


def _zip(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    folder = next(Path(row["folder"]) for row in state["artifacts"] if row["id"] == int(path[0]))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return packed.getvalue()


def _issues(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    return [
        row
        for row in state["issues"]
        if row["state"] == fields.get("state", "open")
        and fields.get("labels", "") in ("", *(label["name"] for label in row["labels"]))
    ]


def _open_issue(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    _short(fields["body"])
    row = {
        "number": 700 + len(state["issues"]),
        "state": "open",
        "user": {"login": BOT},
        "edits": 0,
        "title": fields["title"],
        "body": fields["body"],
        "created_at": now(state),
        "labels": [{"name": name} for name in fields.get("labels[]", [])],
    }
    state["issues"].append(row)
    return row


def _edit_issue(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    row = next(row for row in state["issues"] if row["number"] == int(path[0]))
    return _set(row, **fields, edits=row["edits"] + 1)


def _alerts(state: State, path: tuple[str, ...], fields: Fields) -> Any:
    told = json.loads(gzip.decompress(base64.b64decode(fields["sarif"])))
    state["alerts"] += [{"ref": fields["ref"], **result} for run in told["runs"] for result in run["results"]]
    return {"id": "47177e22"}


def _set(row: State, **fields: Any) -> Any:
    row.update(fields)
    return row


_REPO = "repos/[^/]+/[^/]+"
_TALK = ("issues:read", "pull-requests:read")
_SAY = ("issues:write", "pull-requests:write")
ROUTES = (
    Route("GET", rf"{_REPO}/issues/(\d+)/comments", _TALK, _comments),
    Route("POST", rf"{_REPO}/issues/(\d+)/comments", _SAY, _comment),
    Route("PATCH", rf"{_REPO}/issues/comments/(\d+)", _SAY, _edit_comment),
    Route("GET", rf"{_REPO}/issues/(\d+)/labels", _TALK, _labels),
    Route("POST", rf"{_REPO}/issues/(\d+)/labels", _SAY, _add_label),
    Route("DELETE", rf"{_REPO}/issues/(\d+)/labels/([^/]+)", _SAY, _drop_label),
    Route("POST", rf"{_REPO}/statuses/([0-9a-f]+)", ("statuses:write",), _status),
    Route("GET", rf"{_REPO}/pulls", ("pull-requests:read",), _pulls),
    Route("GET", rf"{_REPO}/commits/([0-9a-f]+)/pulls", ("pull-requests:read",), _pulls_of_commit),
    Route("GET", rf"{_REPO}/actions/workflows/([^/]+)/runs", ("actions:read",), _runs),
    Route("GET", rf"{_REPO}/actions/runs/(\d+)", ("actions:read",), _run),
    Route("GET", rf"{_REPO}/git/ref/heads/(.+)", ("contents:read",), _branch),
    Route("GET", rf"{_REPO}/actions/artifacts", ("actions:read",), _artifacts),
    Route("GET", rf"{_REPO}/actions/artifacts/(\d+)/zip", ("actions:read",), _zip),
    Route("POST", rf"{_REPO}/code-scanning/sarifs", ("security-events:write",), _alerts),
    Route("GET", rf"{_REPO}/issues", ("issues:read",), _issues),
    Route("POST", rf"{_REPO}/issues", ("issues:write",), _open_issue),
    Route("PATCH", rf"{_REPO}/issues/(\d+)", ("issues:write",), _edit_issue),
)
