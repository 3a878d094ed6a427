"""The rules: a module each, and their list. The first that is broken speaks."""

from __future__ import annotations

from reconciler.isolation.rules import all_divisions, escalation, foreign_division, home, org_wide

RULES = (escalation.RULE, org_wide.RULE, all_divisions.RULE, home.RULE, foreign_division.RULE)
"""Every rule, the widest reach first."""
