"""What people do on GitHub with a repository of manifests: branches, forks, pull requests, the ways to merge.

git is real: a bare origin, the clones of authors, and the refs that GitHub keeps for pull requests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.pipeline.actions import git
from tests.pipeline.hub import OWNER, REPOSITORY, State, now
from tests.pipeline.machine import Machine
from tests.pipeline.workflow import Run

WORKFLOW = "reconciler.yml"
STRANGER = "mallory-example"


@dataclass
class Forge:
    """One repository, `clone` being an author's; `runs` are those of its workflows, in order."""

    machine: Machine
    clone: Path
    runs: list[Run] = field(default_factory=list)

    @property
    def origin(self) -> Path:
        return self.machine.hub.origin

    def found(self, files: Mapping[str, str]) -> None:
        """The repository with its first commit."""
        with self.machine.hub.change() as state:
            state["origin"] = str(self.origin)
        git(self.machine.place, "init", "-q", "--bare", "-b", "main", str(self.origin))
        git(self.machine.place, "clone", "-q", str(self.origin), str(self.clone))
        git(self.clone, "checkout", "-q", "-b", "main")
        self.commit("first", files)
        git(self.clone, "push", "-q", "origin", "main")

    def commit(self, title: str, files: Mapping[str, str]) -> str:
        """Write files in the clone and commit them; the commit."""
        for name, text in files.items():
            path = self.clone / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        git(self.clone, "add", "-A")
        git(self.clone, "commit", "-qm", title)
        return git(self.clone, "rev-parse", "HEAD")

    def propose(self, branch: str, *commits: Mapping[str, str], fork: bool = False) -> int:
        """A branch off the newest main with these commits, and a pull request for it; its number."""
        git(self.clone, "fetch", "-q", "origin", "main")
        git(self.clone, "checkout", "-q", "-B", branch, "origin/main")
        for number, files in enumerate(commits, 1):
            self.commit(f"{branch} {number}", files)
        with self.machine.hub.change() as state:
            number = 1 + len(state["pulls"])
            owner = STRANGER if fork else OWNER
            state["pulls"].append(
                {
                    "number": number,
                    "state": "open",
                    "owner": owner,
                    "merged_at": None,
                    "merge_commit_sha": None,
                    "introduced": [],
                    "base": {"ref": "main"},
                    "head": {"ref": branch, "sha": ""},
                }
            )
        self.push(number)
        return number

    def push(self, number: int) -> None:
        """What the clone has checked out becomes the head of a pull request; GitHub merges it on trial."""
        with self.machine.hub.change() as state:
            pull = _pull(state, number)
            git(self.clone, "push", "-q", "-f", "origin", f"HEAD:refs/pull/{number}/head")
            if pull["owner"] == OWNER:
                git(self.clone, "push", "-q", "-f", "origin", f"HEAD:refs/heads/{pull['head']['ref']}")
            pull["head"]["sha"] = git(self.clone, "rev-parse", "HEAD")
        self.try_merge(number)

    def try_merge(self, number: int) -> None:
        """Renew the trial merge of a pull request with main as it is now."""
        head, main = f"refs/pull/{number}/head", "refs/heads/main"
        tree = git(self.origin, "merge-tree", "--write-tree", main, head)
        merged = git(
            self.origin, "commit-tree", tree, "-p", main, "-p", head, "-m", f"trial merge of {number}"
        )
        git(self.origin, "update-ref", f"refs/pull/{number}/merge", merged)

    def merge(self, number: int, how: str = "merge") -> str:
        """Merge a pull request by `merge`, `squash` or `rebase`; the new main."""
        git(self.clone, "fetch", "-q", "origin", "main", f"+refs/pull/{number}/head:pull-{number}")
        before = git(self.clone, "rev-parse", "origin/main")
        git(self.clone, "checkout", "-q", "--detach", "origin/main")
        HOW[how](self.clone, number)
        after = git(self.clone, "rev-parse", "HEAD")
        git(self.clone, "push", "-q", "origin", "HEAD:refs/heads/main")
        with self.machine.hub.change() as state:
            new = git(self.clone, "rev-list", "--first-parent", f"{before}..{after}").split()
            _pull(state, number).update(
                state="closed", merged_at=now(state), merge_commit_sha=after, introduced=new
            )
        return after

    # What GitHub starts

    def on_pull_request(self, number: int) -> Run:
        """The run of a new or changed pull request: its own version of the workflow, merged on trial."""
        pull = _pull(self.machine.hub.read(), number)
        fork = pull["owner"] != OWNER
        repository = f"{pull['owner']}/tenants"
        head = {"sha": pull["head"]["sha"], "ref": pull["head"]["ref"], "repo": {"full_name": repository}}
        event = {"pull_request": {"number": number, "head": head, "base": {"ref": "main"}}}
        ref = f"refs/pull/{number}/merge"
        known = (pull["head"]["sha"], pull["head"]["ref"], repository if fork else "")
        return self._start("pull_request", ref, event, known, fork=fork)

    def on_push(self, commit: str = "refs/heads/main") -> Run:
        """The run of a push to main."""
        sha = git(self.origin, "rev-parse", commit)
        return self._start("push", "refs/heads/main", {}, (sha, "main", ""), at=sha)

    def on_schedule(self, commit: str = "refs/heads/main") -> Run:
        """The run of the hour; of an older commit where it waited for long."""
        sha = git(self.origin, "rev-parse", commit)
        return self._start("schedule", "refs/heads/main", {}, (sha, "main", ""), at=sha)

    def on_dispatch(self, **inputs: str) -> Run:
        """The run that somebody starts by hand."""
        known = (git(self.origin, "rev-parse", "main"), "main", "")
        return self._start("workflow_dispatch", "refs/heads/main", {"inputs": inputs}, known)

    def on_workflow_run(self, ended: Run, file: str) -> Run:
        """What starts when another run has ended: from main, whatever that other run was."""
        row = next(row for row in self.machine.hub.read()["runs"] if row["id"] == ended.number)
        owner = row["head_repository"].partition("/")[0]
        told = {
            "id": row["id"],
            "event": row["event"],
            "head_sha": row["head_sha"],
            "head_branch": row["head_branch"],
            "head_repository": {"full_name": row["head_repository"], "owner": {"login": owner}},
        }
        known = (git(self.origin, "rev-parse", "main"), "main", "")
        return self._start("workflow_run", "refs/heads/main", {"workflow_run": told}, known, file=file)

    def _start(
        self,
        event: str,
        ref: str,
        payload: State,
        known: tuple[str, str, str],
        *,
        fork: bool = False,
        file: str = WORKFLOW,
        at: str = "",
    ) -> Run:
        sha = at or git(self.origin, "rev-parse", ref)
        number = self.machine.hub.start_run(event, *known[:2], file, known[2])
        github = {
            "event_name": event,
            "event": payload,
            "repository": REPOSITORY,
            "ref": ref,
            "sha": sha,
            "run_id": number,
            "ref_name": ref.removeprefix("refs/heads/").removeprefix("refs/"),
            "server_url": "https://github.example",
            "workflow_ref": f"{REPOSITORY}/.github/workflows/{file}@{ref}",
            "run_attempt": 1,
        }
        source = self.machine.place / f"workflow-{number}.yml"
        source.write_text(git(self.origin, "show", f"{sha}:.github/workflows/{file}") + "\n", "utf-8")
        run = Run(self.machine, number, github, fork)
        run.carry_out(source)
        self.runs.append(run)
        return run


def _merge(clone: Path, number: int) -> None:
    git(clone, "merge", "-q", "--no-ff", "-m", f"Merge pull request {number}", f"pull-{number}")


def _squash(clone: Path, number: int) -> None:
    git(clone, "merge", "-q", "--squash", f"pull-{number}")
    git(clone, "commit", "-qm", f"Pull request {number}, squashed")


def _rebase(clone: Path, number: int) -> None:
    git(clone, "rebase", "-q", "--force-rebase", "origin/main", f"pull-{number}")
    git(clone, "checkout", "-q", "--detach")


HOW: Mapping[str, Callable[[Path, int], None]] = {"merge": _merge, "squash": _squash, "rebase": _rebase}


def _pull(state: State, number: int) -> Any:
    return next(row for row in state["pulls"] if row["number"] == number)
