"""The published schema of what prove prints."""

from __future__ import annotations

from reconciler.model.proof import Standing, Verdict
from reconciler.reports.schema_parts import Schema, count, flag, list_of, map_of, object_of, text, version


def proof(finding: Schema, mendable: Schema) -> Schema:
    """The proof, from the part that the plan's schema has too."""
    return object_of(
        "What each tenant's clients reach, and who reaches the tenant.",
        formatVersion=version(),
        tool=text("The program and its version."),
        org=object_of(
            "The organisation.", name=text("Its name in the manifests."), id=text("The vendor's id of it.")
        ),
        read=object_of(
            "What the verdicts rest on.",
            **{"from": text("When reading began, ISO 8601, UTC.")},
            until=text("When it ended."),
            snapshot=text("SHA-256 of everything that was read."),
        ),
        size=object_of(
            "How much was read.",
            grants=count("Pairs of a role and a division that somebody holds."),
            roles=count("Roles."),
            divisions=count("Divisions."),
        ),
        catalogue=text("SHA-256 of the permission catalogue."),
        tenants=list_of("Every tenant that has a document, by name.", _tenant(finding)),
        everywhere=list_of("Who reaches every tenant alike.", _reacher()),
        intruders=list_of("Who of them should not.", finding),
        findings=list_of("What is wrong beside, the worst first; it changes no verdict.", mendable),
        objects=object_of(
            "Where objects lie: rules about it find nothing where nobody looked.",
            looked=flag("Whether anybody looked (`--objects`)."),
            seen=list_of(
                "What was listed.",
                object_of("One sort.", sort=text("What people call it."), number=count("How many.")),
            ),
            unseen=list_of("What could not be looked at.", text("In words.")),
        ),
        outside=list_of("What no grant confines and nothing here proves.", text("In words.")),
        gaps=list_of("What was not seen.", text("In words.")),
        warnings=list_of("Exceptions of the Org document that except nobody.", finding),
    )


def _tenant(finding: Schema) -> Schema:
    return object_of(
        "Both verdicts on one tenant.",
        tenant=text("Its name."),
        verdict=_verdict("The worse of both."),
        reaches=_verdict("On what its clients reach."),
        reachedBy=_verdict("On who else reaches it."),
        divisions=list_of("Its divisions.", _division()),
        clients=list_of("Its clients.", text("An address, or `client:NAME`.")),
        confined=list_of(
            "Those of them with a ceiling of their own.",
            object_of(
                "A client that may not leave these divisions, whatever it is granted.",
                subject=text("Its address."),
                divisions=list_of("Where it may work.", _division()),
            ),
        ),
        apps=list_of("Those of them that act for whoever signs in.", _app()),
        objects=map_of("How many objects lie in its divisions, by the vendor's type.", count("How many.")),
        cells=count("How many (client, permission, division) lie where they should."),
        leaks=list_of("What its clients reach and should not, with the shortest witness.", finding),
        excepted=list_of("What they reach beyond its divisions, by declaration.", _excepted()),
        reachers=list_of("Who else reaches it by a grant in its divisions.", _reacher()),
        intruders=list_of("Who of them should not.", finding),
        reasons=list_of("Why a verdict is no better.", text("In words.")),
    )


def _app() -> Schema:
    return object_of(
        "A client without access of its own: it reaches what whoever signs in to it reaches.",
        subject=text("Its address, or `client:NAME`."),
        verdict=_verdict("EXCEPTED where `signIn` answers for people who reach further than the tenant."),
        people=count("How many can sign in."),
        reachFurther=count("How many of them reach further than the tenant."),
        places=list_of("Where they reach together.", text("A division's id, `*`, or `org-wide`.")),
        scopes=list_of("What the client may ask for; not counted on.", text("`area` or `area:readonly`.")),
        scopesEnforced=text("Whether the organisation enforces scopes: no call says so.", enum=["unknown"]),
        witness=list_of("What shows how far one of them reaches, link by link.", text("A link.")),
    )


def _division() -> Schema:
    return object_of("A division.", id=text("The vendor's id."), name=text("What people call it."))


def _verdict(description: str) -> Schema:
    return text(description, enum=[str(each) for each in Verdict])


def _excepted() -> Schema:
    return object_of(
        "Access across a wall that somebody answers for.",
        subject=text("Whose."),
        permissions=list_of("What it may use.", text("`domain:entity:action`.")),
        place=text("A division's id, `*`, or `org-wide`."),
        via=text("The role."),
        share=_share(),
    )


def _reacher() -> Schema:
    return object_of(
        "Somebody who reaches a tenant and is not its own.",
        subject=text("An address, or `SORT:NAME`."),
        standing=text("Why.", enum=[str(each) for each in Standing]),
        roles=list_of("Through which roles.", text("A role's name.")),
        places=list_of("Where.", text("A division's id, `*`, or `org-wide`.")),
        permissions=count("How many permissions it has there."),
        shares=list_of("What declares it.", _share()),
    )


def _share() -> Schema:
    return object_of(
        "Who answers for it.",
        reason=text("Why."),
        owner=text("Who."),
        expires=text("Through which day, UTC."),
    )
