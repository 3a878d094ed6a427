"""Rules about an organisation as it is, beside who crosses a wall: a module each, and their list."""

from __future__ import annotations

from reconciler.isolation.evidence import Check, Evidence
from reconciler.isolation.hygiene import (
    backfill,
    default_role,
    division_limit,
    implicit_grant,
    integrations,
    left_in_home,
    legacy_permission,
    lingering,
    long_token,
    moved,
    password_grant,
    several_tenants,
    twins,
    undeclared,
    whole_recordings,
    wide_scopes,
    wildcard,
)
from reconciler.model.finding import Finding, Severity

CHECKS: tuple[Check, ...] = tuple(
    Check(module.RULE, module.find)
    for module in (
        backfill,
        default_role,
        division_limit,
        implicit_grant,
        integrations,
        left_in_home,
        legacy_permission,
        lingering,
        long_token,
        moved,
        password_grant,
        several_tenants,
        twins,
        undeclared,
        whole_recordings,
        wide_scopes,
        wildcard,
    )
)
"""Every rule, by name of its module."""


def hygiene(evidence: Evidence) -> tuple[Finding, ...]:
    """What breaks these rules, the worst first, alike things together."""
    findings = (finding for check in CHECKS for finding in check.find(evidence))
    order = list(Severity)
    return tuple(sorted(findings, key=lambda each: (order.index(each.severity), each.rule, each.message)))
