"""Random manifests: two tenants and a shared document, every key sometimes there."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from reconciler.model.manifest import Limits, Manifests
from tests.support.build import CONFINED, manifests

NO_LIMITS = Limits(removals=10_000, removal_percent=100_000, change_percent=100_000, gains=100_000)
_SETS = st.sets(st.sampled_from(CONFINED), min_size=1).map(sorted)


@st.composite
def worlds(draw: DrawFn, prune: bool = False) -> Manifests:
    """Valid manifests that leak nothing; names follow keys, so nothing ever conflicts."""
    shared_roles = [_role(key, "S", draw(_SETS)) for key in ("sa", "sb")]
    tenants: dict[str, Any] = {name: _tenant(draw, name) for name in ("acme", "globex")}
    policy = {"prune": prune, "limits": NO_LIMITS}
    return manifests({"roles": shared_roles}, policy=policy, **tenants)


def _role(key: str, prefix: str, permissions: list[str]) -> dict[str, Any]:
    return {"key": key, "name": f"{prefix}-{key}", "permissions": permissions}


def _tenant(draw: DrawFn, name: str) -> dict[str, Any]:
    divisions = draw(st.sets(st.sampled_from(["us", "ca"]), min_size=1).map(sorted))
    roles = draw(st.sets(st.sampled_from(["ra", "rb"])).map(sorted))
    clients = draw(st.sets(st.sampled_from(["c1", "c2"])).map(sorted))
    return {
        "divisions": [{"key": key, "name": f"{name}-{key}"} for key in divisions],
        "roles": [_role(key, name, draw(_SETS)) for key in roles],
        "clients": [_client(draw, key, [*roles, "sa", "sb"], divisions) for key in clients],
        "state": draw(st.sampled_from(["active", "active", "active", "suspended", "retired"])),
    }


def _client(draw: DrawFn, key: str, roles: list[str], divisions: list[str]) -> dict[str, Any]:
    reach = st.one_of(st.just("own"), st.sets(st.sampled_from(divisions), min_size=1).map(sorted))
    grant = st.fixed_dictionaries({"role": st.sampled_from(roles), "divisions": reach})
    grants = draw(st.lists(grant, max_size=3))
    return {"key": key, "grants": grants, "secret": {"sink": "vault"}}
