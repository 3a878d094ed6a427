"""The page about the pipeline: its commands run, its files are what GitHub and GitLab take."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from reconciler.model.consent import GRAVITY
from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.world import World
from tests.pipeline.callers import PAGE, files

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SCHEMAS = {".github": "vendor.github-workflows", ".gitlab-ci.yml": "vendor.gitlab-ci"}


def lint(program: str, *arguments: str) -> str:
    """What a linter says when it finds something; else nothing."""
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    return ran.stdout + ran.stderr if ran.returncode else ""


@pytest.fixture
def written(tmp_path: Path) -> dict[str, Path]:
    """Every file of the page, by its name there."""
    found = {}
    for name, text in files("northwind").items():
        found[name] = tmp_path / name
        found[name].parent.mkdir(parents=True, exist_ok=True)
        found[name].write_text(text.replace("@COMMIT", f"@{COMMIT}"), "utf-8")
    return found


def test_each_command_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)
    shutil.rmtree(world.root)
    lines = [line for block in blocks(PAGE) if block.language == "console" for line in commands(block)]
    assert [world.run(*shlex.split(line)[1:]).code for line in lines] == [0, 0, 0, 0]


def test_the_files_are_what_github_and_gitlab_take(written: dict[str, Path]) -> None:
    for begins, schema in SCHEMAS.items():
        paths = [str(path) for name, path in written.items() if name.startswith(begins)]
        assert paths and lint("check-jsonschema", "--builtin-schema", schema, *paths) == ""
    workflows = [str(path) for name, path in written.items() if name.startswith(".github")]
    assert lint("zizmor", "--offline", "--no-progress", *workflows) == ""


def test_a_caller_grants_what_the_called_asks_for_and_passes_what_it_takes(written: dict[str, Path]) -> None:
    """The runner of the stories refuses too little; nothing is granted in vain either."""
    for name in (".github/workflows/reconciler.yml", ".github/workflows/reconciler-forks.yml"):
        for job in yaml.safe_load(written[name].read_text("utf-8"))["jobs"].values():
            called = ROOT / job["uses"][job["uses"].index(".github/") :].partition("@")[0]
            workflow = yaml.safe_load(called.read_text("utf-8"))
            asked: dict[str, str] = {}
            for each in workflow["jobs"].values():
                asked |= each.get("permissions", {})
            assert job["permissions"] == asked, called.name
            taken = workflow[True]["workflow_call"]
            assert set(job["with"]) <= set(taken["inputs"])
            assert set(job.get("secrets", {})) <= set(taken.get("secrets", {}))


def test_the_page_says_what_the_workflows_say() -> None:
    page = PAGE.read_text("utf-8")
    comment = (ROOT / ".github/workflows/comment.yml").read_text("utf-8")
    assert f"{' | '.join(GRAVITY)}) ;;" in comment, "the classes that a comment may claim"
    for name in ("plan", "apply"):
        workflow = yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text("utf-8"))
        environment = workflow[True]["workflow_call"]["inputs"]["environment"]["default"]
        assert f"`{environment}`" in page


def test_what_the_template_for_gitlab_types_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)
    jobs = yaml.safe_load(files("northwind")[".gitlab-ci.yml"])
    lines = {name: job.get("script", []) for name, job in jobs.items() if name != "default"}
    for line in lines["plan"]:
        assert _typed(world, line) == 0, line
    digest = json.loads((tmp_path / "plan.json").read_text("utf-8"))["digest"]
    for line in (*lines["apply"], *lines["drift"]):
        assert _typed(world, line.replace('"$APPROVED"', f"sha256:{digest}")) == 0, line
    kept = [path for name in ("plan", "drift") for path in jobs[name]["artifacts"]["paths"]]
    assert {path for path in kept if (tmp_path / path).exists()} == {"plan.json", "comment.md", "issues"}
    assert (tmp_path / jobs["drift"]["artifacts"]["reports"]["junit"]).exists()


def _typed(world: World, line: str) -> int:
    """A line of a script: a command of ours, with a file behind `>`."""
    words, _, target = line.partition(" > ")
    ran = world.run(*shlex.split(words)[1:])
    if target:
        (world.place / target).write_text(ran.out, "utf-8")
    return ran.code
