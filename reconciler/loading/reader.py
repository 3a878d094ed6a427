"""From the text of one file to values: what each document is, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import islice
from typing import Any

import yaml
from pydantic import ValidationError

from reconciler.loading import secrecy, values
from reconciler.loading.documents import API_VERSION, documents
from reconciler.loading.explain import MOST, explain
from reconciler.loading.hints import did_you_mean, quoted
from reconciler.loading.mistakes import Mistake, Unreadable
from reconciler.loading.schemas import schemas
from reconciler.loading.shape import Shape
from reconciler.loading.text import characters
from reconciler.loading.yaml_events import EMPTY, Flawed, build
from reconciler.loading.yaml_survey import Survey
from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import Registry
from reconciler.model.manifest import Org, Owner, Profile
from reconciler.model.origin import Origin
from reconciler.model.rule import Rule

NOT_A_DOCUMENT = Rule(
    "manifest/not-a-document",
    "A document that is no mapping declares nothing, though its author meant it to.",
    "Write `apiVersion`, `kind`, `metadata` and `spec`, or move the file elsewhere.",
)
API_VERSION_RULE = Rule(
    "manifest/api-version",
    "A version this program does not know may mean something else by the same words.",
    "Write the version that this program reads.",
)
UNKNOWN_KIND = Rule(
    "manifest/unknown-kind",
    "A document of an unknown kind would be left out in silence, and what it declares with it.",
    "Write Org, Shared, Profile or Tenant.",
)


class Reader:
    """Collects the values of every document it is given, and every finding.

    `lost` names the kinds of document of which some may be missing: about them absence proves nothing.
    """

    def __init__(self, registry: Registry) -> None:
        self.orgs: list[Org] = []
        self.shared: list[Owner] = []
        self.profiles: list[Profile] = []
        self.tenants: list[Owner] = []
        self.findings: list[Finding] = []
        self.lost: set[str] = set()
        self._registry = registry
        self._models = documents(registry)

    def lose(self, *findings: Finding) -> None:
        """Note a file or document that could not be told apart: it may have been of any kind."""
        self.findings += findings
        self.lost |= set(self._models)

    def read(self, name: str, text: str) -> None:
        """Take the documents of one file."""
        self.findings += [mistake.finding(name) for mistake in islice(secrecy.in_text(text), MOST)]
        mistakes: list[Mistake] = list(islice(characters(text), MOST))
        found = [] if mistakes else _parsed(text, mistakes)
        if mistakes:
            self.lose(*(mistake.finding(name) for mistake in mistakes[:MOST]))
            return
        for index, document in enumerate(found):
            if document is not EMPTY:
                self._document(document, Origin(name, index))

    def _document(self, document: Any, origin: Origin) -> None:
        refusal = _unknown(document, origin, self._models)
        if refusal:
            self.lose(refusal)
            return
        kind = document["kind"]
        try:
            self._keep(kind, self._models[kind].model_validate(document), origin)
        except ValidationError as error:
            self.findings += explain(error, document, origin, self._shapes[kind])
            self.lost.add(kind)

    def _keep(self, kind: str, document: Any, origin: Origin) -> None:
        if kind == "Tenant":
            self.tenants.append(values.tenant(document, origin, self._registry))
        elif kind == "Org":
            self.orgs.append(values.org(document, origin))
        elif kind == "Shared":
            self.shared.append(values.shared(document, origin, self._registry))
        else:
            self.profiles.append(values.profile(document, origin, self._registry))

    @cached_property
    def _shapes(self) -> Mapping[str, Shape]:
        """Only wanted where something is wrong."""
        known = schemas(self._registry)
        return {kind: Shape(kind, known[kind.lower()], self._registry) for kind in self._models}


def _parsed(text: str, mistakes: list[Mistake]) -> list[Any]:
    """The documents of a file; where there is a flaw, every mistake that a slower reading finds."""
    try:
        return build(text)
    except Unreadable as error:
        mistakes.append(error.mistake)
    except (Flawed, yaml.YAMLError):
        mistakes += Survey(text).mistakes
    return []


def _unknown(document: Any, origin: Origin, known: Mapping[str, Any]) -> Finding | None:
    """Why we cannot tell what a document is; None where we can."""
    if not isinstance(document, dict):
        remedy = "a manifest starts with `apiVersion`, `kind`, `metadata` and `spec`"
        return _refused(NOT_A_DOCUMENT, "not a mapping", remedy, origin)
    version, kind = document.get("apiVersion"), document.get("kind")
    if version != API_VERSION:
        message = f"{quoted(version)} is no version of this schema" if version else "no `apiVersion`"
        place = origin.child("apiVersion")
        return _refused(API_VERSION_RULE, message, f"write `apiVersion: {API_VERSION}`", place)
    if not isinstance(kind, str) or kind not in known:
        near = did_you_mean(kind, known) if isinstance(kind, str) else ""
        message = f"{quoted(kind)} is no kind of document{near}" if kind else "no `kind`"
        remedy = f"write one of {', '.join(known)}"
        return _refused(UNKNOWN_KIND, message, remedy, origin.child("kind"))
    return None


def _refused(rule: str, message: str, remedy: str, origin: Origin) -> Finding:
    return Finding(rule, Severity.ERROR, message, remedy, address=origin.file, location=origin)
