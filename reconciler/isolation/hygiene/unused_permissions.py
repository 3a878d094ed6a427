"""roles/unused-permissions · A role that a program holds allows what nobody uses."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.isolation.hygiene.uses import Use, uses
from reconciler.isolation.wildcards import covers, is_pattern, matching
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule
from reconciler.model.words import counted

RULE = GradedRule(
    "roles/unused-permissions",
    "What a program may do and never does is only of use to somebody who takes its secret. The organisation "
    "says which permissions of a role went unused; since when, and by whom, it does not say.",
    "Take them out of the role when whoever runs the program agrees; nothing does that by itself.",
    Severity.INFO,
    "inferred",
)
_DOUBT = "a hint, inferred: what counts as use, and since when, is written down nowhere; ask before"


def find(evidence: Evidence) -> Iterator[Finding]:
    """Roles of programs of which something went unused. No edit: use of one month is not that of a year."""
    name = evidence.population.name
    for use in uses(evidence, lambda said: True) if evidence.idle else ():
        idle = evidence.idle.get(use.role, frozenset())
        unused = sorted(each for each in idle if any(covers(said, each) for said in use.said))
        if unused:
            holder, division = use.holders[0]
            yield found(
                RULE,
                use.role,
                f"{name(use.role)} allows {counted(len(unused), 'permission')} that went unused",
                f"{_remedy(use, unused, evidence)} ({_DOUBT})",
                name(holder),
                evidence.pair(use.role, division),
                *unused,
            )


def _remedy(use: Use, unused: list[str], evidence: Evidence) -> str:
    """What to drop; of a role with wildcards, what to write instead."""
    if not any(map(is_pattern, use.said)):
        return f"drop {', '.join(unused)}"
    known = evidence.population.catalogue
    used = {each for said in use.said for each in matching(said, known)}.difference(unused)
    return f"instead of the wildcards write {', '.join(sorted(used))}" if used else "take the grant away"
