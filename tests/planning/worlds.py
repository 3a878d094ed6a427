"""Random manifests for an organisation in memory: valid, leaking nothing, in nobody's way."""

from __future__ import annotations

from hypothesis import strategies as st

from reconciler.model.manifest import Manifests
from tests.support.build import NO_LIMITS
from tests.support.versions import as_manifests, single


def worlds(prune: bool = False) -> st.SearchStrategy[Manifests]:
    """Two tenants and a shared document, every key sometimes there; no name is in another's way."""
    policy = {"prune": prune, "limits": NO_LIMITS, "hand_on": "held"}
    return single().map(lambda version: as_manifests(version, **policy))
