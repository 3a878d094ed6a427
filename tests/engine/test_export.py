"""Exporting: who is written down as operator, and when trying again would not help."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.engine.export import Asked, export
from reconciler.errors import OrgError, UsageError
from reconciler.kinds import REGISTRY
from reconciler.planning.export.check import INVALID
from reconciler.planning.export.trial import Unclean, clean
from reconciler.planning.export.values import Obstacle
from reconciler.ports import Listing
from tests.planning.exports import EVIDENCE, scene
from tests.support.build import ORG_ID, TODAY, client, division, role, uid

VIEW = "routing:queue:view"
ASKED = Asked("", "us-east-1", "", None, TODAY, EVIDENCE)


class Answers:
    """An organisation without anything in it; `caller` is what it says of the token."""

    def __init__(self, caller: dict[str, Any]) -> None:
        self.caller = caller

    async def read(self, path: str, query: Any = None) -> Any:
        if path.endswith("/organizations/me"):
            return {"id": ORG_ID, "name": "Northwind"}
        return self.caller if path.endswith("/tokens/me") else {}

    async def list_all(self, path: str, query: Any = None, *, paged: bool) -> Listing:
        return Listing(())


async def exported(caller: dict[str, Any], asked: Asked = ASKED) -> Any:
    api: Any = Answers(caller)
    return await export(api, REGISTRY, asked, lambda proposal: {}, lambda requests: None)


async def test_a_token_that_names_no_client_needs_an_option() -> None:
    with pytest.raises(UsageError, match="--operator"):
        await exported({"organization": {"id": ORG_ID}})


async def test_a_token_of_a_client_that_is_not_listed_needs_an_option_too() -> None:
    """An administrator's token is of an application that is nobody's to manage."""
    with pytest.raises(OrgError, match="--operator"):
        await exported({"OAuthClient": {"id": uid(7), "name": "browser"}})


async def test_an_operator_that_was_named_and_is_not_there_is_said_by_name() -> None:
    with pytest.raises(OrgError, match="`nobody`"):
        await exported({}, ASKED._replace(operator="nobody"))


def test_what_nothing_mends_ends_the_export_instead_of_going_on_for_ever() -> None:
    here = scene(
        divisions=[division(1, "ACME-US")], roles=[role(11, "R", VIEW)], clients=[client(21, "x", (11, 1))]
    )
    rounds: list[int] = []

    def check(proposal: Any) -> dict[str, Obstacle]:
        rounds.append(len(proposal.adopting))
        return {uid(21): Obstacle(INVALID, "it will not do", "")}

    with pytest.raises(Unclean, match="it will not do"):
        clean(here, check)
    assert rounds == [3, 1]
