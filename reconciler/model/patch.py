"""Edits: how a manifest could say it better, as values. An edge turns them into lines of a file."""

from __future__ import annotations

from typing import Literal, NamedTuple

from reconciler.model.origin import Origin, Step
from reconciler.model.value import Json


class Edit(NamedTuple):
    """One change that would mend what a finding is about.

    `put`: what `steps` lead to, `old`, becomes `value`. `swap`: in the list there, `old` becomes `value`,
    or goes where `value` is None. `declare`: the live object with the id `value`, which no manifest has,
    becomes an entry. `replace`: instead of the role with the id `value`, its holder gets one of its own.
    `add`: the list there gets `value` as one entry more, below the remark `note`. `say`: the field there,
    written or not, says `value`, None for nothing; `append`: the list there gets `value` as well; `drop`: the
    item there goes. `at` are the nodes that
    the steps start from, in one file or several; none until the manifests have been asked.
    """

    does: Literal["put", "swap", "declare", "replace", "add", "say", "append", "drop"]
    steps: tuple[Step, ...] = ()
    value: Json = None
    old: Json = None
    note: str = ""
    at: tuple[Origin, ...] = ()


def put(field: str, old: Json, new: Json) -> Edit:
    """The entry's `field`, where it is `old`, becomes `new`."""
    return Edit("put", (field,), new, old)


def swap(field: str, old: str, new: str | None) -> Edit:
    """In the entry's list `field`, `old` becomes `new`, or goes."""
    return Edit("swap", (field,), new, old)


def declare(identity: str) -> Edit:
    """What has this id becomes an entry."""
    return Edit("declare", value=identity)


def instead_of(role: str) -> Edit:
    """A role of its own instead of the one with this id."""
    return Edit("replace", value=role)
