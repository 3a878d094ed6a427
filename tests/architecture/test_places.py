"""Nothing in git names a package index, a mirror or somebody's machine."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable

import pytest

from tests.architecture.source import ROOT, committed_files, place

# In pieces, so that this file does not find itself.
PLACES = {
    "package index": r"pypi" + r"\.org|files\.python" + r"hosted|registry\.npm" + r"js",
    "index option": r"--(default-|extra-)?index"
    + r"(-url)?\b|(PIP|UV)_\w*IND"
    + r"EX|find-"
    + r"links|FIND_"
    + r"LINKS",
    "mirror": r"https?://[^\s\"']*/simple" + r"(/|\b)",
    "machine path": r"(?<![\w.})-])/(wor" + r"k|roo" + r"t|opt/whee" + r"ls)(/|\b(?![-\w]))",
}


@pytest.mark.parametrize("pattern", PLACES.values(), ids=[name.replace(" ", "-") for name in PLACES])
def test_no_committed_file_names_a_place(pattern: str) -> None:
    found = [
        f"{place(path)}:{number}: {line.strip()[:80]}"
        for path in committed_files()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert found == []


LOCKS = ("requirements.lock", "requirements.extras.lock", "requirements.dev.lock")
LOCKED = re.compile(r"(?P<name>[a-z0-9-]+)==[\w.!+]+( ; [^\\#@]+)?( --hash=sha256:[0-9a-f]{64})+")


def locked_names(file: str) -> set[str]:
    """Names in a lock file, after a look that each line holds a version, a marker at most, and hashes."""
    requirements = (ROOT / file).read_text(encoding="utf-8").replace(" \\\n   ", "").splitlines()
    matches = {line: LOCKED.fullmatch(line) for line in requirements}
    assert [line[:80] for line, match in matches.items() if not match] == []
    return {match["name"] for match in matches.values() if match}


def test_the_boot_file_holds_uv_and_hashes_only() -> None:
    assert locked_names("requirements.boot") == {"uv"}


def names(requirements: Iterable[str]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", line)[0]).lower() for line in requirements}


def test_the_locks_hold_hashes_only_and_every_dependency_we_name() -> None:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, groups = whole["project"], whole["dependency-groups"]
    extras = [line for several in project.get("optional-dependencies", {}).values() for line in several]

    runs_on = names([*project["dependencies"], *groups["build"]])
    assert runs_on - locked_names("requirements.lock") == set()
    assert names([*project["dependencies"], *groups["build"], *extras]) - locked_names(LOCKS[1]) == set()
    assert names([*extras, *groups["dev"]]) - locked_names("requirements.dev.lock") == set()


def test_what_is_in_several_locks_has_one_version() -> None:
    locks = [(ROOT / file).read_text(encoding="utf-8") for file in LOCKS]
    pairs = {pair for lock in locks for pair in re.findall(r"^(\S+==\S+)", lock, flags=re.MULTILINE)}
    versions = [pair.partition("==")[0] for pair in pairs]

    assert sorted(versions) == sorted(set(versions))
