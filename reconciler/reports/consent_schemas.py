"""The published schemas of what asks for consent."""

from __future__ import annotations

from typing import get_args

from reconciler.model.consent import GRAVITY
from reconciler.model.policy import Side
from reconciler.reports.frame_schemas import frame
from reconciler.reports.schema_parts import Schema, list_of, maybe, object_of, text, version


def approval() -> Schema:
    """What consent is asked for."""
    who = text("A tenant or `org` by name, or who answers for a share or an exception, as it is written.")
    ground = object_of(
        "One reason for it.",
        **{"class": text("The consent it asks for.", enum=list(GRAVITY))},
        address=text("Whom it concerns: an address, or `group:NAME`."),
        message=text("What happens, in words."),
        asked=list_of("Who has to agree.", who),
    )
    return object_of(
        "What consent the plan needs, by what it does and not by files touched.",
        **{"class": text("The gravest that occurs.", enum=list(GRAVITY))},
        classes=list_of("All that occur, the gravest first.", text("One of them.", enum=list(GRAVITY))),
        asked=list_of("All who have to agree, each once.", who),
        grounds=list_of("Why, the gravest first.", ground),
    )


def policy_review() -> Schema:
    """What the policy is compared with, and what comes of it."""
    held = object_of(
        "A change that only one of both policies withholds.",
        side=text("Whose policy withholds it.", enum=list(get_args(Side))),
        address=text("The address of the change."),
        guard=text("The guard's name; `absent` where nothing is planned at all."),
        reason=text("Why it does."),
    )
    review = object_of(
        "The Org document against another revision's (`plan --base`); how it differs stands in `approval`.",
        base=text("The commit of that revision."),
        held=list_of("What is withheld under one of both alone.", held),
        unclear=maybe("Why that cannot be told; null where it can."),
    )
    return {
        "description": "Its policy beside another revision's; null where it was compared with none.",
        "anyOf": [{"type": "null"}, review],
    }


def proposal(address: Schema, org: Schema, delta: Schema, finding: Schema) -> Schema:
    """A proposal, from the parts that the plan's schema has too."""
    entries = object_of(
        "What is declared otherwise, by address.",
        added=list_of("Declared anew.", address),
        changed=list_of("Declared otherwise.", address),
        removed=list_of("Declared no more.", address),
    )
    return object_of(
        "What a change of the manifests would mean, by the manifests alone (`plan --against`).",
        formatVersion=version(),
        tool=text("The program and its version."),
        org=org,
        against=text("The commit that the manifests are compared with."),
        base=maybe("SHA-256 of the manifests there in canonical form; null where there were none."),
        head=text("SHA-256 of the manifests as they are."),
        entries=entries,
        access=delta,
        approval=approval(),
        leaks=list_of("Leaks that the manifests show as they are now, whoever wrote them.", finding),
        **frame(),
    )
