"""The published schema of what drift prints."""

from __future__ import annotations

from typing import get_args

from reconciler.model.drift_policy import CORRECTS
from reconciler.model.finding import Severity
from reconciler.model.kind import Action
from reconciler.reports.schema_parts import Schema, count, list_of, maybe, object_of, text, version


def drift(address: Schema, field: Schema, access: Schema, finding: Schema) -> Schema:
    """The report, from the parts that the plan's schema has too."""
    delta = object_of(
        "Access compared with what is declared.",
        gains=list_of("What somebody can use now and should not.", access),
        losses=list_of("What somebody should be able to use and cannot.", access),
    )
    return object_of(
        "What somebody changed in the organisation, the gravest first.",
        formatVersion=version(),
        tool=text("The program and its version."),
        org=object_of(
            "The organisation.", name=text("Its name in the manifests."), id=text("The vendor's id of it.")
        ),
        readAt=text("When it was read, ISO 8601, UTC."),
        only=list_of("The selectors it was narrowed to.", text("A selector.")),
        summary=_summary(),
        objects=list_of("What is not as we last wrote it.", _drifted(address, field, delta, finding)),
        access=delta,
        correct=text(
            "What a scheduled run may do unasked: `downwards` is `apply --revoke-only` for what "
            "`correction.only` lists.",
            enum=["none", "downwards"],
        ),
        correction=_correction(address),
        acknowledged=list_of(
            "What drifted, is in none of the other numbers, and stays until a day.",
            _acknowledged(address, field, delta, finding),
        ),
        notices=list_of("Acknowledgements that cover nothing.", finding),
        audits=object_of(
            "What the vendor's audits were asked for who did it.",
            unasked=count("Objects that do not say it, and of which nobody asked."),
            trouble=maybe("Why they told nothing."),
        ),
        pending=list_of("Differences that the manifests made; no drift.", _pending(address)),
    )


def _summary() -> Schema:
    return object_of(
        "The numbers.",
        objects=count("Objects that drifted."),
        leaks=count("Of these, objects that let somebody cross a tenant's walls."),
        gains=count("Accesses that are not declared."),
        losses=count("Declared accesses that are not there."),
        acknowledged=count("Objects whose drift somebody answers for."),
        pending=count("Differences that the manifests made."),
        unchanged=count("Objects that are as declared."),
    )


def _correction(address: Schema) -> Schema:
    return object_of(
        "What the policy of the Org document makes of it.",
        policy=text("`spec.drift.correct`.", enum=list(CORRECTS)),
        only=list_of("What may be narrowed now: each a value for `--only`.", address),
        approval=list_of("What a plan puts right once somebody has approved it.", address),
        left=list_of("What waits until somebody applies.", address),
    )


def _acknowledged(address: Schema, field: Schema, delta: Schema, finding: Schema) -> Schema:
    entry = object_of(
        "An entry of the Org document.",
        drift=text("The selector of what it covers."),
        fields=list_of("The fields that it covers; none: all.", text("A field.")),
        reason=text("Why."),
        owner=text("Who answers for it."),
        expires=text("YYYY-MM-DD, UTC; through that day."),
    )
    return _drifted(address, field, delta, finding, acknowledged=list_of("The entries.", entry))


def _drifted(address: Schema, field: Schema, delta: Schema, finding: Schema, **more: Schema) -> Schema:
    granted = object_of(
        "A pair that nobody declared.",
        role=text("The role's id."),
        division=text("The division's id, or `*`."),
        at=maybe("When it was granted, ISO 8601; null where it is not said."),
    )
    return object_of(
        "One object that is not as we last wrote it.",
        address=address,
        name=text("What people see in Genesys Cloud."),
        id=text("The vendor's id."),
        cause=text("`unknown`: the manifests changed since, too.", enum=["drift", "unknown"]),
        severity=text(
            "critical: crosses a tenant's walls; high: widened; medium: narrowed or other; low: words only.",
            enum=[str(each) for each in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)],
        ),
        fields=list_of("The fields that differ.", field),
        modifiedBy=maybe("Who wrote it last, name or id; null where only the audit API would know."),
        modifiedAt=maybe("When, ISO 8601."),
        granted=list_of("Pairs that were granted by hand.", granted),
        access=delta,
        leaks=list_of("The walls that are crossed.", finding),
        audit=_audit(),
        **more,
    )


def _audit() -> Schema:
    found = object_of(
        "The newest entry about it in the vendor's audits; all null where they show nobody else's change.",
        by=maybe("Who, name or id; null where they name nobody."),
        at=maybe("When, ISO 8601."),
        action=maybe("The vendor's word for what was done."),
    )
    return {**found, "type": ["object", "null"]}


def _pending(address: Schema) -> Schema:
    return object_of(
        "A difference that the next apply carries out.",
        address=address,
        action=text("What it will do.", enum=list(get_args(Action))),
    )
