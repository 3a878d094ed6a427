"""Wrong recipes in files of any language: bodies, Terraform, source code, HTTP files, manifests.

Nothing here parses a language. Brackets and names followed by `:` or `=` look alike in all of them, and
that is enough to tell whose field a name is. Reads files, decides nothing else.
"""

from __future__ import annotations

from reconciler.loading.lint.files import STDIN, Source, sources, standard_input
from reconciler.loading.lint.findings import Linted, lint
from reconciler.loading.lint.recipe import Recipe, manifest

__all__ = ["EXAMPLE", "STDIN", "Linted", "Source", "lint", "sources", "standard_input"]

EXAMPLE = manifest(Recipe(divisions=("ACME-US",)))
"""The grants that do what every wrong recipe is meant to do."""
