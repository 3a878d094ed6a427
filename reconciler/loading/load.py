"""Everything below one root: files → documents → values, with every mistake at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reconciler import __version__
from reconciler.loading import crossref, files, versions
from reconciler.loading.collector import resting
from reconciler.loading.reader import Reader
from reconciler.model.finding import Finding, Severity, errors
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests, Org
from reconciler.model.rule import Rule
from reconciler.ports import Loaded

NO_ROOT = Rule(
    "manifest/no-root",
    "Without a directory nothing is declared; that must not be taken for the wish to remove everything.",
    "Give the directory of the manifests as ROOT.",
)
REQUIRES = Rule(
    "manifest/requires",
    "The authors said which versions of this program may act on the organisation; another one may mean "
    "something else by the same words.",
    "Run a version that the Org document allows, or widen `spec.requires`.",
)


def load(root: Path, registry: Registry) -> Loaded:
    """Read every manifest below `root`. Never raises for what an author wrote.

    `manifests` is None as soon as one finding is an error. Profiles are not expanded yet.
    """
    if not root.is_dir():
        message, remedy = f"no directory `{root}`", "name the directory that holds the manifests"
        return Loaded(None, (Finding(NO_ROOT, Severity.ERROR, message, remedy),), 0)
    with resting():
        return _load(root, Reader(registry))


def _load(root: Path, reader: Reader) -> Loaded:
    count = 0
    for file in files.read_all(root):
        count += 1
        if file.finding:
            reader.lose(file.finding)
        else:
            reader.read(file.name, file.text)
    findings = (*reader.findings, *_across(root, reader))
    return Loaded(None if errors(findings) else _manifests(reader), findings, count)


def _across(root: Path, reader: Reader) -> Iterator[Finding]:
    tenants, profiles = tuple(reader.tenants), tuple(reader.profiles)
    yield from crossref.orgs(tuple(reader.orgs), "Org" not in reader.lost, str(root))
    for org in reader.orgs:
        yield from _requirement(org)
    yield from crossref.duplicates(tuple(reader.shared), profiles, tenants)
    yield from crossref.tenant_references(tenants, profiles, "Profile" not in reader.lost)


def _requirement(org: Org) -> Iterator[Finding]:
    if not versions.allows(__version__, org.requires):
        message = f"this is version {__version__}, and the manifests require {org.requires}"
        remedy = "install a version that fits, or change `requires` when this one has been tried"
        yield crossref.error(REQUIRES, message, remedy, org.origin.child("spec", "requires"))


def _manifests(reader: Reader) -> Manifests:
    return Manifests(
        org=reader.orgs[0],
        shared=tuple(reader.shared),
        profiles=tuple(reader.profiles),
        tenants=tuple(reader.tenants),
    )
