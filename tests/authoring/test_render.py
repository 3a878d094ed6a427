"""Rendered manifests: loading the text gives the same values, and other YAML readers the same words."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reconciler.authoring import render
from reconciler.kinds import REGISTRY
from reconciler.loading import load
from reconciler.model.access import Nature, OrgWideException, Share, Tolerated
from reconciler.model.address import Selector
from reconciler.model.drift_policy import CORRECTS, Acknowledged, DriftPolicy
from reconciler.model.manifest import Entry, Limits, Manifests, Org, Owner, Profile, Sections, Sink
from reconciler.model.origin import Origin
from reconciler.planning.expand import expand
from tests.architecture.source import ROOT

NOWHERE = Origin("")
ID = "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"

names = st.sampled_from(["a", "us", "metrics-2", "0", "1e3", "010", "no", "on", "y", "0o17", "true", "null"])
AMBIGUOUS = [
    "no",
    "on",
    "010",
    "0o17",
    "1e3",
    "12:30:45",
    "2027-06-30",
    "~",
    "null",
    "=",
    "<<",
    "y",
    " ",
    "\n",
]
texts = st.sampled_from([*AMBIGUOUS, "- a", "a: b", "#", "a #b", "two\nlines\n", "Grüße 😀", "{tenant}"])
texts |= st.text("ab1 :-#'\"\\{}[]&*!|>%@`,?\né😀", min_size=1, max_size=12)
titles = texts.map(str.strip).filter(bool)
references = st.builds("/".join, st.lists(names, min_size=1, max_size=2))
divisions = st.sampled_from(["own", "*"]) | st.lists(references, min_size=1, max_size=3, unique=True)
shares = st.fixed_dictionaries({"reason": texts, "owner": texts, "expires": st.just("2027-06-30")})
grants = st.fixed_dictionaries({"role": references, "divisions": divisions}, optional={"share": shares})
rotations = st.fixed_dictionaries(
    {"afterDays": st.integers(1, 3650)}, optional={"mode": st.sampled_from(["in-place", "overlap"])}
)
secrets = st.fixed_dictionaries({"sink": names}, optional={"rotate": rotations})
permissions = st.sampled_from(["routing:queue:view", "a:b:c", "a:1e3:b"])
scalars = (
    st.booleans() | st.integers(-9, 10**6) | texts | st.floats(-5, 5).map(lambda number: round(number, 3))
)
conditions = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
permission = permissions | st.fixed_dictionaries(
    {"permission": permissions, "conditions": st.dictionaries(texts, conditions, min_size=1, max_size=2)}
)
COMMON = {
    "name": titles,
    "description": texts,
    "id": st.just(ID),
    "adopt": st.sampled_from([True, False, ID]),
    "previously": references,
}
FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "division": {},
    "role": {
        "permissions": st.lists(permission, max_size=3, unique_by=str),
        "existing": st.fixed_dictionaries({"name": titles}),
    },
    "client": {
        "grantType": st.sampled_from(["CLIENT-CREDENTIALS", "CODE"]),
        "tokenSeconds": st.integers(300, 172_800) | st.just("1h"),
        "redirectUris": st.lists(st.just("https://a.example/x"), max_size=1),
        "scopes": st.lists(st.sampled_from(["routing", "users:readonly"]), unique=True),
        "grants": st.lists(grants, max_size=2),
        "secret": secrets,
    },
}
subjects = st.fixed_dictionaries({"group": titles}) | st.just({"user": "pat@northwind.example"})
IDENTITY = {name: COMMON[name] for name in ("id", "previously")}
ENTRIES = {
    kind: st.fixed_dictionaries({"key": names}, optional={**COMMON, **fields})
    for kind, fields in FIELDS.items()
} | {
    "grant": st.fixed_dictionaries(
        {"key": names, "subject": subjects, "pairs": st.lists(grants, min_size=1, max_size=2)},
        optional=IDENTITY,
    )
}


@st.composite
def sections(draw: st.DrawFn) -> Sections:
    """Entries of every kind, built by the kind's own specification."""
    made = {}
    for kind in REGISTRY:
        drawn = draw(st.lists(ENTRIES[kind.name], max_size=2, unique_by=lambda entry: entry["key"]))
        made[kind.name] = tuple(Entry(kind.spec.model_validate(entry), NOWHERE) for entry in drawn)
    return made


PLACE = {"path": "a/{tenant}/{key}"}
PROGRAM = {"program": "/opt/store", "arguments": ("--to", "b c"), "seconds": 60}
SINKS: dict[str, dict[str, Any]] = {
    "file": {**PLACE, "persistent": False},
    "vault": {**PLACE, "mount": "kv"},
    "aws": {**PLACE, "region": "eu-central-1"},
    "github": {"path": "BPO_{tenant}__{key}", "repository": "northwind/pulls"},
    "command": {**PLACE, **PROGRAM},
}
sinks = st.sampled_from([Sink("", kind, settings, NOWHERE) for kind, settings in SINKS.items()])
exceptions = st.builds(
    OrgWideException, permissions, texts, texts, st.just("2027-06-30"), origin=st.just(NOWHERE)
)
tolerated = st.builds(
    Tolerated,
    st.sampled_from(Nature),
    texts,
    st.frozensets(texts, min_size=1, max_size=2),
    st.builds(Share, texts, texts, st.just("2027-06-30")),
    st.just(NOWHERE),
)
acknowledged = st.builds(
    Acknowledged,
    st.builds(Selector, names, st.sampled_from(["", "role"]), st.just("")),
    st.frozensets(texts, max_size=2),
    st.builds(Share, texts, texts, st.just("2027-06-30")),
    st.just(NOWHERE),
)
orgs = st.builds(
    Org,
    name=names,
    region=st.sampled_from(["us-east-1", "eu-central-1"]),
    organization_id=st.just(ID),
    operator=texts,
    origin=st.just(NOWHERE),
    requires=st.sampled_from(["", ">=0.1", ">=0.1,<1.0"]),
    hand_on=st.sampled_from(["borrow", "held"]),
    sinks=st.dictionaries(names, sinks, max_size=2).map(
        lambda drawn: {name: replace(sink, name=name) for name, sink in drawn.items()}
    ),
    prune=st.booleans(),
    protect=st.lists(st.builds(Selector, names, st.sampled_from(["", "role"]), st.just("")), max_size=2).map(
        tuple
    ),
    limits=st.builds(Limits, st.integers(0, 9), st.integers(0, 100), st.integers(0, 100), st.integers(0, 9)),
    org_wide=st.lists(exceptions, max_size=2, unique_by=lambda item: item.permission).map(tuple),
    reached_by=st.lists(tolerated, max_size=2).map(tuple),
    drift=st.builds(DriftPolicy, st.sampled_from(CORRECTS), st.lists(acknowledged, max_size=2).map(tuple)),
    new_clients=st.sampled_from(["inactive-grantless", "inactive-granted", "active-grantless"]),
)
tenants = st.builds(
    Owner,
    name=names,
    sections=sections(),
    origin=st.just(NOWHERE),
    state=st.sampled_from(["active", "suspended", "retired"]),
)
shared = st.builds(Owner, name=st.just("org"), sections=sections(), origin=st.just(NOWHERE))
profiles = st.builds(Profile, name=names, sections=sections(), origin=st.just(NOWHERE))
manifests = st.builds(
    Manifests,
    org=orgs,
    shared=st.lists(shared, max_size=1).map(tuple),
    profiles=st.lists(profiles, max_size=1).map(tuple),
    tenants=st.lists(tenants, max_size=2, unique_by=lambda owner: owner.name).map(tuple),
)


def without_origins(value: Any) -> Any:
    """The same value, whatever file it came from."""
    if isinstance(value, Origin):
        return None
    if isinstance(value, Entry):
        return value.spec
    if hasattr(value, "__dataclass_fields__"):
        return [
            type(value).__name__,
            *(without_origins(getattr(value, f)) for f in value.__dataclass_fields__),
        ]
    if isinstance(value, dict):
        return {key: without_origins(item) for key, item in value.items()}
    return [without_origins(item) for item in value] if type(value) is tuple else value


def reloaded(text: str) -> Manifests:
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "all.yaml").write_text(text, encoding="utf-8")
        loaded = load(Path(directory), REGISTRY)
    assert loaded.manifests is not None, (loaded.findings, text)
    return loaded.manifests


@given(manifests)
def test_loading_what_was_rendered_gives_the_same_values(made: Manifests) -> None:
    assert without_origins(reloaded(render(made, REGISTRY))) == without_origins(made)


@given(st.lists(texts, min_size=1))
def test_a_reader_of_yaml_1_1_reads_the_same_texts(words: list[str]) -> None:
    role = REGISTRY["role"].spec(key="a", permissions=({"permission": "a:b:c", "conditions": {"x": words}},))
    made = Manifests(
        org=Org("a", "us-east-1", ID, "x", NOWHERE),
        shared=(Owner("org", {"role": (Entry(role, NOWHERE),)}, NOWHERE),),
    )
    _, document = yaml.safe_load_all(render(made, REGISTRY))
    assert document["spec"]["roles"][0]["permissions"][0]["conditions"]["x"] == words


@pytest.mark.parametrize("name", ["manifests", "tests/manifests/tinydesk", "tests/manifests/meridian"])
def test_our_own_manifests_render_to_the_same_values(name: str) -> None:
    loaded = load(ROOT / name, REGISTRY)
    assert loaded.manifests is not None
    expanded, _ = expand(loaded.manifests, REGISTRY)
    assert without_origins(reloaded(render(expanded, REGISTRY))) == without_origins(expanded)


def test_what_two_sinks_have_in_common_is_written_twice() -> None:
    """Nobody reads aliases, and a reader of YAML 1.1 takes the last argument for false."""
    settings = {**PLACE, **PROGRAM, "arguments": ("--to", "no")}
    org = Org("a", "us-east-1", ID, "op", NOWHERE)
    made = Manifests(replace(org, sinks={name: Sink(name, "command", settings, NOWHERE) for name in "ab"}))
    text = render(made, REGISTRY)
    assert text.count('arguments: ["--to", "no"]') == 2
    assert without_origins(reloaded(text)) == without_origins(made)


def test_only_what_differs_from_the_defaults_is_written() -> None:
    division = REGISTRY["division"].spec(key="us", name="no", description="")
    made = Manifests(
        org=Org("a", "us-east-1", ID, "op", NOWHERE),
        tenants=(Owner("acme", {"division": (Entry(division, NOWHERE),)}, NOWHERE),),
    )
    assert render(made, REGISTRY) == (
        "---\napiVersion: reconciler/v1\nkind: Org\nmetadata:\n  name: a\nspec:\n  region: us-east-1\n"
        f'  organizationId: "{ID}"\n  operator:\n    client: op\n'
        "---\napiVersion: reconciler/v1\nkind: Tenant\nmetadata:\n  name: acme\nspec:\n  divisions:\n"
        '    - key: us\n      name: "no"\n'
    )
