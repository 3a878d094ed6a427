"""The resource kinds: one module each, and the registry that hands them on.

Nobody but wiring imports this package; everybody else is given the registry.
"""

from __future__ import annotations

from reconciler.kinds import client, division, grant, role
from reconciler.model.kind import Registry

REGISTRY = Registry(
    (division.KIND, role.KIND, client.KIND, grant.KIND), pair=(role.KIND.name, division.KIND.name)
)
"""In order of creation: what is referred to comes first."""
