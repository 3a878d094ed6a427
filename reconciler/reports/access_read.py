"""A matrix read back from the document that `access matrix -o json` wrote."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import BaseModel, ValidationError

from reconciler.errors import UsageError
from reconciler.isolation.difference import Row
from reconciler.model.plan import FORMAT_VERSION
from reconciler.model.value import Json
from reconciler.planning.picture import State
from reconciler.reports.access_json import COLUMNS
from reconciler.reports.documents import version_said

_AGAIN = "write it again with this version: reconciler access matrix -o json > FILE"


class _Org(BaseModel):
    name: str
    id: str


class Matrix(BaseModel):
    """The document; `source` is what errors call it. What a later program of our version adds is left out."""

    state: State
    org: _Org
    read: dict[Literal["from", "until"], str]
    home: str
    gaps: list[str]
    asked: dict[str, str]
    access: list[dict[str, str]]

    @property
    def until(self) -> str:
        """When it had been read: ISO 8601, UTC."""
        return self.read["until"]

    @property
    def rows(self) -> list[Row]:
        """What everybody can do, a row for each grant that gives a cell."""
        return list(self.access)


def read_matrix(text: str, source: str) -> Matrix:
    """The matrix in `text`. Raises UsageError, which says what is wrong with `source` and where."""
    data = _parsed(text, source)
    version = data.get("formatVersion") if isinstance(data, dict) else None
    if version != FORMAT_VERSION:
        said = f"has formatVersion {version_said(version)}, this version reads {FORMAT_VERSION!r}"
        raise UsageError(f"{source} {said}", remedy=_AGAIN)
    try:
        found = Matrix.model_validate(data)
    except ValidationError as error:
        trouble = _first(error)
    else:
        return _whole(found, source)
    # Out here, where the error that holds the whole file is not dragged along.
    raise UsageError(f"{source} is no matrix: {trouble}", remedy=_AGAIN)


def _first(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    return f"at {'/'.join(map(str, first['loc']))}, {first['msg']}"


def _whole(found: Matrix, source: str) -> Matrix:
    if found.asked:
        raise UsageError(f"{source} answers one question, it is not the whole matrix", remedy=_AGAIN)
    _insist(found, source)
    return found


def _parsed(text: str, source: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        trouble = str(error)
    raise UsageError(f"{source} is not JSON, or was cut short: {trouble}", remedy=_AGAIN)


def _insist(found: Matrix, source: str) -> None:
    """Every row is whole, and who reads the time can: two files are compared by what they say."""
    for number, row in enumerate(found.access):
        if missing := [name for name in COLUMNS if name not in row]:
            said = f"at access/{number}, there is no `{missing[0]}`"
            raise UsageError(f"{source} is no matrix: {said}", remedy=_AGAIN)
    if lacking := {"from", "until"} - found.read.keys():
        raise UsageError(f"{source} is no matrix: at read, there is no `{min(lacking)}`", remedy=_AGAIN)


def comparable(before: Matrix, after: Matrix, sources: tuple[str, str]) -> None:
    """Raises UsageError where two matrices are not of one organisation in one state."""
    if before.org.id != after.org.id:
        said = f"{sources[0]} is of {before.org.name} ({before.org.id})"
        other = f"{sources[1]} of {after.org.name} ({after.org.id})"
        raise UsageError(f"{said}, {other}: two organisations", remedy="compare two files of one")
    if before.state != after.state:
        said = f"{sources[0]} is `{before.state}`, {sources[1]} is `{after.state}`"
        raise UsageError(said, remedy="compare two of one state (`access matrix --of`)")
