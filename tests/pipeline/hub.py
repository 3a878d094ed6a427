"""What GitHub remembers, in one file: pull requests, comments, labels, issues, statuses, runs and artifacts.

It imitates just what the workflows ask for, and who may: every token has the permissions of its job. It does
not imitate rate limits, webhooks, reviews, branch protection, checks, forks' networks, retention, or races.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

REPOSITORY = "northwind-example/tenants"
OWNER = REPOSITORY.partition("/")[0]
BOT = "github-actions[bot]"
EMPTY: dict[str, Any] = {
    "clock": 0,
    "origin": "",
    "pulls": [],
    "comments": [],
    "labels": {},
    "alerts": [],
    "issues": [],
    "statuses": [],
    "runs": [],
    "artifacts": [],
    "tokens": {},
}

State = dict[str, Any]


@dataclass(frozen=True)
class Hub:
    """`place` holds the state, the artifacts, and the bare repository that everybody clones."""

    place: Path

    @property
    def origin(self) -> Path:
        return self.place / "origin.git"

    def read(self) -> State:
        """The state; what is changed in it is forgotten."""
        file = self.place / "hub.json"
        return dict(json.loads(file.read_text("utf-8"))) if file.exists() else json.loads(json.dumps(EMPTY))

    @contextmanager
    def change(self) -> Iterator[State]:
        """The state, kept when the block ends; a minute has passed."""
        state = self.read()
        state["clock"] += 1
        yield state
        (self.place / "hub.json").write_text(json.dumps(state, indent=1), "utf-8")

    def token(self, permissions: Mapping[str, str]) -> str:
        """A job's token."""
        with self.change() as state:
            token = f"made-up-token-{len(state['tokens'])}"
            state["tokens"][token] = dict(permissions)
        return token

    def start_run(self, event: str, head: str, branch: str, workflow: str, fork: str = "") -> int:
        """A run that has begun; `fork` is the repository it comes from, where that is another."""
        with self.change() as state:
            number = 9000 + len(state["runs"])
            state["runs"].append(
                {
                    "id": number,
                    "event": event,
                    "head_sha": head,
                    "head_branch": branch,
                    "workflow": workflow,
                    "path": f".github/workflows/{workflow}",
                    "conclusion": None,
                    "created_at": now(state),
                    "head_repository": fork or REPOSITORY,
                }
            )
        return number

    def end_run(self, number: int, conclusion: str) -> None:
        """It has ended."""
        with self.change() as state:
            _one(state["runs"], number)["conclusion"] = conclusion

    def keep(self, run: int, name: str, folder: Path) -> None:
        """An artifact of a run."""
        with self.change() as state:
            number = 100 + len(state["artifacts"])
            source = _one(state["runs"], run)
            state["artifacts"].append(
                {
                    "id": number,
                    "name": name,
                    "expired": False,
                    "created_at": now(state),
                    "folder": str(folder),
                    "workflow_run": {
                        "id": run,
                        "repository_id": 1,
                        "head_sha": source["head_sha"],
                        "head_repository_id": 1 if source["head_repository"] == REPOSITORY else 2,
                    },
                }
            )

    def artifact(self, run: int, name: str) -> Path | None:
        """Where an artifact's files lie."""
        found = [
            item
            for item in self.read()["artifacts"]
            if item["workflow_run"]["id"] == run and item["name"] == name
        ]
        return Path(found[-1]["folder"]) if found else None


def now(state: State) -> str:
    """The time on GitHub's clock, a minute for each change."""
    return f"{datetime(2026, 11, 20, 14, tzinfo=UTC) + timedelta(minutes=state['clock']):%Y-%m-%dT%H:%M:%SZ}"


def _one(rows: list[State], number: int) -> State:
    return next(row for row in rows if row["id"] == number)
