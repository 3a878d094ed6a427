"""Patches: edits of manifests as a unified diff, for `git apply` and `patch -p1`.

Only the document that an edit is about is written anew, with its comments and quotes; where an edit
finds nothing to change, there is no line of it.
"""

from __future__ import annotations

import difflib
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from reconciler.authoring.lists import say, take_in, take_out
from reconciler.authoring.render import written
from reconciler.authoring.style import presentable, writer
from reconciler.model.origin import Origin, Step
from reconciler.model.patch import Edit

_START = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_SAYS = re.compile(r"^[^#%.\s-]", re.MULTILINE)


def patch(edits: Iterable[Edit], read: Callable[[str], str], below: str) -> str:
    """The diff of all of them, each file once; "" where nothing changes.

    `read` gives the text of a manifest by its path below the root; `below` leads from where the diff
    is to be applied to the root, "" for the root itself.
    """
    several: list[Edit] = []
    several += (edit for edit in edits if edit not in several)
    files = sorted({origin.file for edit in several for origin in edit.at})
    return "".join(line for file in files for line in _diff(file, several, read(file), below))


def edited(file: str, edits: Iterable[Edit], text: str) -> str:
    """What a manifest says after these edits, those of other files left aside."""
    ends = "\r\n" if "\r\n" in text else "\n"
    return _edited(text.replace(ends, "\n"), file, list(edits)).replace("\n", ends)


def _diff(file: str, edits: list[Edit], old: str, below: str) -> Iterator[str]:
    new = edited(file, edits, old)
    name = f"{below}/{file}" if below else file
    rows = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for line in difflib.unified_diff(*rows, f"a/{name}", f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _edited(text: str, file: str, edits: list[Edit]) -> str:
    parts = list(_documents(text))
    for number, index in enumerate(index for index, part in enumerate(parts) if _SAYS.search(part)):
        document = Origin(file, number)
        mine = [(edit, at) for edit in edits for at in edit.at if at[:2] == document[:2]]
        if mine:
            parts[index] = _rewritten(parts[index], mine)
    return "".join(parts)


def _documents(text: str) -> Iterator[str]:
    """The text cut before each line that begins a document."""
    cuts = [0, *(found.start() for found in _START.finditer(text)), len(text)]
    return (text[start:end] for start, end in itertools.pairwise(cuts) if end > start)


def _rewritten(text: str, edits: list[tuple[Edit, Origin]]) -> str:
    yaml = writer()
    yaml.preserve_quotes = True
    yaml.explicit_start = text.startswith("---")
    document = yaml.load(text)
    changed = [_change(document, edit, at) for edit, at in edits]
    if not any(changed):
        return text
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _change(document: Any, edit: Edit, at: Origin) -> bool:
    """Make one edit; whether there was anything to change."""
    if edit.does == "add":
        return _add(_node(document, at.path), edit)
    node = _node(document, (*at.path, *edit.steps[:-1]))
    last = edit.steps[-1]
    if edit.does in ("say", "append", "drop"):
        return _renew(node, last, edit)
    if not isinstance(node, CommentedMap) or last not in node:
        return False
    if edit.does == "put":
        node[last] = edit.value
        return True
    return _swap(node[last], edit)


def _node(document: Any, path: Iterable[Step]) -> Any:
    """The node there; None where the way ends."""
    for step in path:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def _renew(node: Any, last: Any, edit: Edit) -> bool:
    """Say a field anew, or add to a list or take from it; False where there is no such place."""
    if edit.does == "drop":
        return isinstance(node, CommentedSeq) and _drop(node, last)
    if not isinstance(node, CommentedMap):
        return False
    if edit.does == "append":
        return _append(node, last, edit.value)
    say(node, last, None if edit.value is None else presentable(edit.value))
    return True


def _drop(items: CommentedSeq, place: int) -> bool:
    there = place < len(items)
    if there:
        take_out(items, place)
    return there


def _append(node: CommentedMap, field: str, value: Any) -> bool:
    items = node.get(field)
    if not items:
        say(node, field, presentable([value]))
    elif isinstance(items, CommentedSeq):
        take_in(items, presentable(value))
    else:
        return False
    return True


def _swap(items: CommentedSeq, edit: Edit) -> bool:
    places = [index for index, item in enumerate(items) if edit.old in (item, _permission(item))]
    for index in reversed(places):
        if edit.value is None or edit.value in items:
            take_out(items, index)
        elif isinstance(items[index], CommentedMap):
            items[index]["permission"] = edit.value
        else:
            items[index] = presentable(edit.value)
    return bool(places)


def _permission(item: Any) -> Any:
    return item.get("permission") if isinstance(item, CommentedMap) else None


def _add(top: Any, edit: Edit) -> bool:
    """One entry more at the end of a section, which is made where there is none."""
    for step in edit.steps[:-1]:
        top = top.setdefault(step, CommentedMap())
    section = top.setdefault(edit.steps[-1], CommentedSeq())
    section.fa.set_block_style()
    section.append(presentable(written(edit.value)))
    section.yaml_set_comment_before_after_key(len(section) - 1, before=edit.note, indent=4)
    return True
