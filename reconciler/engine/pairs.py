"""Pairs that are given and taken one by one: what was asked for, and whether the organisation shows it."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.engine.lookup import pairs_of
from reconciler.model.kind import SecondView
from reconciler.model.value import Json
from reconciler.ports import OrgApi

Pair = tuple[str, str]
"""(role id, division id)."""


def asked_for(path: str, body: Json) -> Mapping[Pair, bool]:
    """What a request about a subject's pairs wants, by pair: True where it is to be held from now on."""
    if body is not None:
        wanted = "/bulkadd" in path
        return {(grant["roleId"], grant["divisionId"]): wanted for grant in body["grants"]}
    *_, division, _, role = path.split("/")
    return {(role, division): False}


async def missed(api: OrgApi, view: SecondView, subject: str, wanted: Mapping[Pair, bool]) -> str:
    """What the organisation shows to be other than wanted, in words; "" for nothing."""
    shown = await pairs_of(api, view, subject)
    wrong = [there for pair, there in wanted.items() if (pair in shown) is not there]
    missing, left = wrong.count(True), wrong.count(False)
    return ", ".join(
        text for text in (missing and f"{missing} not held yet", left and f"{left} still held") if text
    )
