"""An export as files: a document each, and comments that say why things stand where they do.

What stays unmanaged is named in a comment where it would have stood.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from reconciler.authoring.render import head, policy, written
from reconciler.authoring.style import presentable, writer
from reconciler.model.address import ORG
from reconciler.model.kind import AnyKind, Registry
from reconciler.model.manifest import Org
from reconciler.planning.export.values import Document, Item, LeftOut, Proposal, shown

_WIDE = 108

_ORG_HEAD = (
    "Who we are, and what a run may do. Give this file to your security team in CODEOWNERS.",
    "`metadata.name` stands in every marker: choose it before the first apply, then never again.",
)
_NO_SINKS = (
    "There is no sink yet: every client keeps the secret it has. Add one before you declare a new client."
)
_WIDE_HELD = (
    "These act in the whole organisation, and tenants' clients hold them. It was so when this was exported:",
    "take them out of the tenants' roles, or say here why they may stay and who answers for it.",
)
_REACHERS = (
    "These reach tenants and nobody declares them. It was so when this was exported: adopt them, take their",
    "grants away, or say here why they may stay. After the last day each is a leak that `prove` names.",
)
_PROTECTED = ("Ours, but not declared, because a manifest cannot say what they are now; see the comments.",)
_SHARED_HEAD = ("What no tenant owns: what several reach, what several hold, and what could not be placed.",)
_SHARE = (
    "REVIEW the share: reason, owner and end were made up; after its end the next apply revokes the pair."
)


def files(proposal: Proposal, registry: Registry) -> Mapping[str, str]:
    """Texts by their path below the root."""
    org = proposal.manifests.org
    documents = {each.file: _document(each, registry) for each in proposal.documents}
    return {org.origin.file: _org(org)} | documents


def _org(org: Org) -> str:
    spec = presentable(policy(org))
    for name, lines in (("protect", _PROTECTED), ("orgWide", _WIDE_HELD), ("reachedBy", _REACHERS)):
        if name in spec:
            _before(spec, name, lines, 2)
    return _dumped(head("Org", org.name), spec, _ORG_HEAD if org.sinks else (*_ORG_HEAD, _NO_SINKS))


def _document(document: Document, registry: Registry) -> str:
    """A Tenant or Shared document. What is left out stands at the end of its section."""
    spec, waiting = CommentedMap(), list[str]()
    for kind in registry:
        items = document.sections.get(kind.name, ())
        left = [each for each in document.left if each.section == kind.section]
        if not items:
            waiting += [f"{kind.section}:", *_lines(left)] if left else []
            continue
        spec[kind.section] = _entries(kind, items, {each.live.id: each for each in left if each.referred})
        _before(spec, kind.section, waiting, 2)
        waiting = _lines(each for each in left if not each.referred)
    if document.owner == ORG:
        text = _dumped(head("Shared"), spec, _SHARED_HEAD)
    else:
        text = _dumped(
            head("Tenant", document.owner), spec, [f"Proposed because {each}." for each in document.why]
        )
    return text + "".join(f"  # {line}\n" for line in waiting)


def _entries(kind: AnyKind, items: Iterable[Item], referred: Mapping[str, LeftOut]) -> CommentedSeq:
    """The entries, each with the reason why it stands here."""
    entries = CommentedSeq()
    for index, item in enumerate(items):
        entries.append(presentable(written(item.spec)))
        _before(entries, index, _why(kind, item, referred.get(item.live.id)), 4)
    return entries


def _why(kind: AnyKind, item: Item, referred: LeftOut | None) -> list[str]:
    lines = [item.why, f"referred to, never written: {referred.obstacle.reason}" if referred else ""]
    if any(line.share for line in kind.grants(item.spec)):
        lines.append(_SHARE)
    return [row for line in lines for row in _wrapped(line)]


def _lines(left: Iterable[LeftOut]) -> list[str]:
    return [
        row
        for each in left
        for row in _wrapped(f"LEFT OUT {shown(each.live.name)} ({each.live.id}): {each.obstacle.reason}")
    ]


def _wrapped(text: str) -> list[str]:
    """An id or an address is never broken, so that it can be copied whole."""
    return textwrap.wrap(text, _WIDE, break_on_hyphens=False, break_long_words=False)


def _before(node: Any, key: Any, lines: Iterable[str], indent: int) -> None:
    text = "\n".join(lines)
    if text:
        node.yaml_set_comment_before_after_key(key, before=text, indent=indent)


def _dumped(top: Mapping[str, Any], spec: CommentedMap, comment: Iterable[str]) -> str:
    document = presentable(dict(top))
    document["spec"] = spec
    if lines := [row for line in comment for row in _wrapped(line)]:
        document.yaml_set_start_comment("\n".join(lines))
    stream = io.StringIO()
    writer().dump(document, stream)
    return stream.getvalue().removeprefix("---\n").rstrip("\n") + "\n"
