"""clients/wide-scopes · An app may change who may do what, with the access of whoever signs in."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.patch import swap
from reconciler.model.rule import GradedRule

ADMINISTERING = frozenset({"authorization", "groups", "oauth", "organization", "users"})
"""Scopes (areas without `:readonly`) under which access itself is changed."""
RULE = GradedRule(
    "clients/wide-scopes",
    "An app acts with the access of whoever signs in to it, an administrator as well. With a scope that lets "
    "it change access, whoever controls the app can have an administrator's token make grants.",
    "List the scopes that are needed under `scopes`, with `:readonly` wherever reading is enough.",
    Severity.MEDIUM,
    "inferred",
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Apps with such a scope."""
    for program in evidence.programs:
        told = evidence.tokens.get(program.id)
        wide = sorted(told.scopes & ADMINISTERING) if told and program.acts_for_users else []
        if wide:
            names = ", ".join(wide)
            readonly = ", ".join(f'"{scope}:readonly"' for scope in wide)
            yield found(
                RULE,
                program.id,
                f"{program.name} may write as its users under the scopes {names}",
                f"leave them out, or read only: `scopes: [{readonly}]`",
                program.name,
                f"scopes {names}",
                edits=[swap("scopes", scope, f"{scope}:readonly") for scope in wide],
            )
