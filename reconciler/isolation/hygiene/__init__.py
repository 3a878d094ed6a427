"""Rules about an organisation as it is, beside who crosses a wall: a module each, and their list."""

from __future__ import annotations

from reconciler.isolation.evidence import Check, Evidence
from reconciler.isolation.hygiene import (
    astray,
    backfill,
    break_glass,
    default_role,
    deleted_division,
    division_limit,
    everywhere,
    foreign_agent,
    foreign_in_group,
    foreign_in_queue,
    hidden_group,
    implicit_grant,
    integrations,
    left_in_home,
    legacy_permission,
    lingering,
    long_token,
    misplaced,
    moved,
    password_grant,
    roles_disabled,
    several_tenants,
    split_unit,
    starred,
    telling_name,
    twins,
    undeclared,
    unit_in_home,
    unmoved,
    unused,
    unused_permissions,
    whole_recordings,
    wide_scopes,
    wildcard,
)
from reconciler.model.finding import Finding, Severity

CHECKS: tuple[Check, ...] = tuple(
    Check(module.RULE, module.find)
    for module in (
        astray,
        backfill,
        break_glass,
        default_role,
        deleted_division,
        division_limit,
        everywhere,
        foreign_agent,
        foreign_in_group,
        foreign_in_queue,
        hidden_group,
        implicit_grant,
        integrations,
        left_in_home,
        legacy_permission,
        lingering,
        long_token,
        misplaced,
        moved,
        password_grant,
        roles_disabled,
        several_tenants,
        split_unit,
        starred,
        telling_name,
        twins,
        undeclared,
        unit_in_home,
        unmoved,
        unused,
        unused_permissions,
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
