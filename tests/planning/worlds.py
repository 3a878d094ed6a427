"""Random manifests for an organisation in memory: valid, leaking nothing, in nobody's way."""

from __future__ import annotations

from hypothesis import strategies as st

from reconciler.model.manifest import Limits, Manifests
from tests.support.versions import as_manifests, single

NO_LIMITS = Limits(removals=10_000, removal_percent=100_000, change_percent=100_000, gains=100_000)


def worlds(prune: bool = False) -> st.SearchStrategy[Manifests]:
    """Two tenants and a shared document, every key sometimes there; no name is in another's way."""
    policy = {"prune": prune, "limits": NO_LIMITS, "hand_on": "held"}
    return single().map(lambda version: as_manifests(version, **policy))
