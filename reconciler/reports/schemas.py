"""The published schemas of our JSON documents: JSON Schema 2020-12, strict, every field described.

`docs/schemas/*.schema.json` holds the same for editors and pipelines.
"""

from __future__ import annotations

from collections.abc import Callable

from reconciler.model.address import NAME_PATTERN, NEXT, OLD
from reconciler.model.documents import Document
from reconciler.model.finding import Severity
from reconciler.model.plan import FORMAT_VERSION
from reconciler.reports.access_schemas import access, access_diff
from reconciler.reports.consent_schemas import approval, policy_review, proposal
from reconciler.reports.convert_json import convert
from reconciler.reports.doctor_schemas import bootstrap, doctor
from reconciler.reports.drift_schemas import drift
from reconciler.reports.explain_json import explain
from reconciler.reports.export_json import export
from reconciler.reports.frame_schemas import frame
from reconciler.reports.history_schemas import history, run
from reconciler.reports.lint_schemas import lint
from reconciler.reports.outputs_json import outputs
from reconciler.reports.population_schemas import population
from reconciler.reports.probe_schemas import probe
from reconciler.reports.proof_schemas import proof
from reconciler.reports.schema_parts import Schema
from reconciler.reports.schema_parts import anything as _any
from reconciler.reports.schema_parts import count as _count
from reconciler.reports.schema_parts import list_of as _list
from reconciler.reports.schema_parts import map_of as _map
from reconciler.reports.schema_parts import maybe as _maybe
from reconciler.reports.schema_parts import object_of as _object
from reconciler.reports.schema_parts import text as _text
from reconciler.reports.schema_parts import version as _version
from reconciler.reports.secrets_json import secrets

_ADDRESS = f"^{NAME_PATTERN}/{NAME_PATTERN}/{NAME_PATTERN}({NEXT}|{OLD})?$"
_ACTIONS = ["create", "update", "delete", "adopt", "revoke"]


def schema(name: Document) -> Schema:
    """The schema of the document `name`."""
    builders: dict[Document, Callable[[], Schema]] = {
        "plan": _plan,
        "proposal": lambda: proposal(_address(), _org(), _delta(), finding()),
        "apply": _apply,
        "drift": lambda: drift(_address(), _field(), _access(), finding()),
        "prove": lambda: proof(finding(), finding(patch=_patch())),
        "probe": probe,
        "access": access,
        "access-diff": access_diff,
        "population": population,
        "outputs": outputs,
        "validate": _validate,
        "doctor": doctor,
        "bootstrap": bootstrap,
        "export": lambda: export(finding()),
        "convert": lambda: convert(finding()),
        "lint": lambda: lint(_placed()),
        "explain": explain,
        "history": history,
        "run": run,
        "secrets": secrets,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:reconciler:{name}:{FORMAT_VERSION}",
        "title": f"reconciler {name}",
        **builders[name](),
    }


def _address() -> Schema:
    return _text("`<owner>/<kind>/<key>`, our name for the object.", pattern=_ADDRESS)


def _action() -> Schema:
    return _text("What happens to the object; `revoke`: it only loses pairs.", enum=_ACTIONS)


def _digest(description: str) -> Schema:
    return _text(description, pattern="^[0-9a-f]{64}$")


def _plan() -> Schema:
    return _object(
        "What differs between the manifests and the organisation, and the operations that mend it.",
        formatVersion=_version(),
        tool=_text("The program and its version."),
        org=_org(),
        createdAt=_text("When the organisation was read, ISO 8601, UTC."),
        manifestDigest=_text("SHA-256 of the manifests in canonical form."),
        only=_list("Selectors the plan was limited to; none: everything.", _text("`owner[/kind[/key]]`.")),
        allow=_map("Limits that were lifted, by name.", _count("The number that was allowed.")),
        summary=_summary(),
        changes=_list("One per address, withheld ones too.", _change()),
        operations=_list("What carries the changes out, in order.", _operation()),
        access=_delta(),
        approval=approval(),
        policy=policy_review(),
        findings=_list("What is worth knowing about this plan.", finding()),
        unmanaged=_map(
            "Live objects that are not ours, by manifest section.",
            _list("Their names.", _text("The object's name.")),
        ),
        orphans=_list("Addresses of objects that are ours but no longer declared.", _text("An address.")),
        estimate=_object(
            "What carrying it out costs.",
            requests=_count("Requests to the organisation."),
            seconds=_count("Seconds at the organisation's rate, waits included."),
        ),
        **frame(),
        digest=_digest("SHA-256 of what is approved; `apply --approved` takes it."),
    )


def _org() -> Schema:
    return _object(
        "The organisation.",
        name=_text("Its name in the manifests.", pattern=f"^{NAME_PATTERN}$"),
        id=_text("The vendor's id of it."),
    )


def _delta() -> Schema:
    return _object(
        "Who can use what, before and after.",
        gains=_list("Access that only the state after has.", _access()),
        losses=_list("Access that only the state before has.", _access()),
    )


def _summary() -> Schema:
    return _object(
        "How many changes run, how many are withheld, and what stays.",
        create=_count("Objects to create."),
        update=_count("Objects to update."),
        delete=_count("Objects to delete."),
        adopt=_count("Live objects to take over."),
        revoke=_count("Objects that only lose pairs."),
        withheld=_count("Changes that a guard holds back."),
        orphans=_count("Objects of ours that are no longer declared."),
        unchanged=_count("Objects that are as declared."),
    )


def _change() -> Schema:
    held = _object(
        "What holds the change back.",
        guard=_text("The guard's name."),
        reason=_text("Why it does."),
        release=_text("How to let the change through."),
    )
    return _object(
        "One difference.",
        address=_address(),
        action=_action(),
        name=_text("What people see in Genesys Cloud."),
        id=_maybe("The vendor's id; null until the object is created."),
        cause=_text("Who made it differ.", enum=["manifest", "drift", "unknown"]),
        reason=_text("Why, in words."),
        fields=_list("The fields that differ.", _field()),
        withheld={"description": "null when no guard objects.", "anyOf": [{"type": "null"}, held]},
        origin=_maybe("Where the manifests say so: `file#document/pointer`."),
        profile=_maybe("The profile that gives it; null where none does."),
    )


def _field() -> Schema:
    return _object(
        "One field that differs; of a set only the elements that differ.",
        path=_text("The field's name in the manifests."),
        live=_any("What the organisation has, as JSON."),
        desired=_any("What the manifests say, as JSON."),
    )


def _operation() -> Schema:
    edge = _object(
        "An operation that comes first.", id=_text("Its id."), reason=_text("Why it has to come first.")
    )
    edge["properties"]["whatever"] = _any("True where that operation need only have ended, well or not.")
    return _object(
        "One request, wait, delivery of a secret, or proof.",
        id=_text("Unique within the plan."),
        address=_address(),
        does=_text("Its sort.", enum=["request", "wait", "deliver", "prove"]),
        method=_maybe("The HTTP method of a request."),
        path=_maybe("The path of a request; `{ADDRESS}` stands for an id that is unknown until apply."),
        body=_any(
            'The body of a request (`{"$ref": ADDRESS}` for an unknown id, `{"$marked": TEXT, …}` for a '
            'description), `{"seconds": N}` of a wait, `{"sink": NAME, "path": PATH, "store": TEXT}` of a '
            "delivery: `store` tells what stands behind the sink's name."
        ),
        after=_list("What it waits for.", edge),
        reason=_text("Why it is needed."),
    )


def _access() -> Schema:
    return _object(
        "A subject can use a permission in a division.",
        subject=_text("An address, `{ADDRESS}` or the vendor's id."),
        permission=_text("`domain:entity:action`."),
        division=_text("The division's id or `{ADDRESS}`; `*`: every one; `org-wide`: none confines it."),
        via=_text("The role that gives it."),
    )


def finding(**more: Schema) -> Schema:
    """A judgement; `more` fields where a document places it in a file."""
    return _object(
        "A judgement with its witness and remedy.",
        rule=_text("`family/slug`; never changes.", pattern="^[a-z0-9-]+/[a-z0-9-]+$"),
        severity=_text("How bad it is.", enum=[str(each) for each in Severity]),
        address=_text("What it is about: an address, a kind, a file, or empty."),
        message=_text("What is so."),
        remedy=_text("What to do."),
        witness=_list("The shortest chain that shows it.", _text("One link.")),
        location=_maybe("Where the manifests say so: `file#document/pointer`."),
        **more,
    )


def _apply() -> Schema:
    return _object(
        "What an apply did.",
        formatVersion=_version(),
        runId=_text("The run; also in logs and history."),
        summary=_done(),
        outcomes=_list("One per change.", _outcome()),
        requests=_object(
            "What the run asked of the organisation.",
            read=_count("Reads, tokens included."),
            write=_count("Writes."),
            retried=_count("Requests that were repeated."),
        ),
        verifiedAt=_text("When the last write was read back, ISO 8601, UTC; empty when it was not."),
        digest=_text("The digest of the plan that was carried out."),
    )


def _done() -> Schema:
    return _object(
        "How many changes ended how.",
        created=_count("Created and seen."),
        updated=_count("Updated and seen."),
        deleted=_count("Deleted and seen to be gone."),
        adopted=_count("Taken over."),
        revoked=_count("Objects that lost pairs."),
        unchanged=_count("Objects that were as declared."),
        failed=_count("Changes that failed."),
        skipped=_count("Changes not tried, because what they wait for failed."),
        withheld=_count("Changes that a guard held back."),
        unconfirmed=_count("Changes written and not yet seen."),
    )


def _outcome() -> Schema:
    return _object(
        "What became of one change.",
        address=_address(),
        action=_action(),
        result=_text("How it ended.", enum=["done", "failed", "skipped", "unconfirmed"]),
        error=_maybe("Why it did not end well."),
        requests=_count("Requests it took."),
    )


def _patch() -> Schema:
    return _maybe("A unified diff of the manifests that mends it, for `git apply`; null where none does.")


def _placed(**more: Schema) -> Schema:
    number = {"type": ["integer", "null"], "minimum": 1}
    return finding(
        file=_maybe("The file, as it was reached from the working directory."),
        line={"description": "Counted from 1; null when unknown.", **number},
        column={"description": "Counted from 1; null when unknown.", **number},
        **more,
    )


def _validate() -> Schema:
    return _object(
        "Every mistake in the manifests.",
        formatVersion=_version(),
        files=_count("How many files were read."),
        findings=_list("The mistakes, in the order of the files.", _placed(patch=_patch())),
    )
