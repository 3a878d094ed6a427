"""An estate: what another tool keeps of an organisation, read from its own records.

Bodies are as the vendor's API gives them, so that kinds read both alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from reconciler.model.rule import Rule
from reconciler.model.value import Json

HOME = "home"
"""Stands for the division Home, which the other tool means where it names none."""


class Unfit(NamedTuple):
    """Why nothing can be made of a record: the rule of its finding, what is so, and what to do."""

    rule: Rule
    reason: str
    remedy: str


class Record(NamedTuple):
    """One object as the other tool knows it.

    `address` is that tool's, `block` the same without the keys of instances; `managed` is False for what
    it only looks up. `path` is the vendor's collection of its kind, `body` what can be said of it there.
    Of groups and users `sort` is the word that manifests use, and `body` has their `pairs`.
    """

    address: str
    block: str
    type: str
    managed: bool
    path: str
    id: str
    body: Mapping[str, Json]
    sort: str = ""
    unfit: Unfit | None = None


class Estate(NamedTuple):
    """Everything of one file.

    `names` are e-mail addresses of users and names of groups, by id; `pending` says by address what the
    other tool is about to do to it; `others` counts what it manages beside.
    """

    records: tuple[Record, ...]
    names: Mapping[str, str]
    pending: Mapping[str, str]
    others: int
