"""The rules: a module each, and their list. The first that is broken speaks."""

from __future__ import annotations

from reconciler.isolation.rules import (
    all_divisions,
    confined,
    escalation,
    foreign_division,
    home,
    org_wide,
)

CROSSINGS = (
    escalation.CROSSING,
    confined.CROSSING,
    org_wide.CROSSING,
    all_divisions.CROSSING,
    home.CROSSING,
    foreign_division.CROSSING,
)
"""Every rule about access: widening oneself, then leaving the own ceiling, then the widest reach first."""
