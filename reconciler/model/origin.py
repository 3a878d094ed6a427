"""Origins: where in the manifests a value was written, without having to know the line yet."""

from __future__ import annotations

from typing import NamedTuple

Step = str | int


class Origin(NamedTuple):
    """One node of one document. A line and a column are looked up only when somebody is shown them.

    `file` is relative to the root, with forward slashes; `document` counts from 0 within the file;
    `path` leads from the document's top to the node.
    """

    file: str
    document: int = 0
    path: tuple[Step, ...] = ()

    def child(self, *steps: Step) -> Origin:
        """The node below this one."""
        return Origin(self.file, self.document, self.path + steps)

    @property
    def pointer(self) -> str:
        """RFC 6901 JSON Pointer of the node within its document."""
        return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in self.path)

    def __str__(self) -> str:
        """`file#document/pointer`, for machines; people are shown file:line:column."""
        return f"{self.file}#{self.document}{self.pointer}"


class Position(NamedTuple):
    """A place in a file: line and column count from 1; `text` is that line; `width` in characters."""

    file: str
    line: int
    column: int
    text: str = ""
    width: int = 1

    def __str__(self) -> str:
        """`file:line:column`, as editors and terminals understand it."""
        return f"{self.file}:{self.line}:{self.column}"
