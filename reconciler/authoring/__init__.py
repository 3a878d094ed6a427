"""Values → YAML for people: only what differs from the defaults, in one order, quoted where it matters.

Reads nothing and decides nothing.
"""

from __future__ import annotations

from reconciler.authoring.export import files
from reconciler.authoring.patch import edited, patch
from reconciler.authoring.render import render

__all__ = ["edited", "files", "patch", "render"]
