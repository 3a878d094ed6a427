"""Terraform's own words: `terraform show -json` of a state or a plan, as an estate.

Sources: Terraform's JSON output format, major version 1; the schemas of the vendor's provider.
"""

from __future__ import annotations

from reconciler.loading.terraform.document import MOST_BYTES, read

__all__ = ["MOST_BYTES", "read"]
