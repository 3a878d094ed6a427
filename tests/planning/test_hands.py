"""Audits are believed for what they say, and for nothing that they leave out."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from reconciler.engine.hands import whose_hands
from reconciler.errors import Unavailable
from reconciler.model.audit import audit_entries
from reconciler.model.drift import Hand
from reconciler.model.plan import FieldChange
from reconciler.planning.hands import MOST_ASKED, Question, hand_of
from reconciler.ports import OrgApi
from tests.reports.drifts import drifted, report
from tests.support.clock import START

ROLE = drifted("org/role/reader", "high", FieldChange("permissions", [], []), id="role")
CLIENT = drifted("acme/client/c", "high", FieldChange("grants", [], []), id="client")
ITSELF, MEMBER = Question(ROLE, "role"), Question(CLIENT, "role", "client")
DANA: dict[str, Any] = {"user": {"id": "dana", "name": "Dana"}}


def row(action: str, at: str = "2026-11-20T09:00:00.000Z", name: str = "Reader", **by: Any) -> dict[str, Any]:
    return {"action": action, "eventDate": at, "entity": {"id": "role", "name": name}, **by}


@pytest.mark.parametrize(
    ("question", "rows", "by"),
    [
        (ITSELF, [row("Update", **DANA)], "Dana"),
        (ITSELF, [row("Update", user={"id": "dana"})], "dana"),
        (ITSELF, [row("Update", client={"id": "c9"})], "Pipeline"),
        (ITSELF, [row("Update"), row("Update", **DANA)], ""),
        (ITSELF, [row("Update", client={"id": "ours"}), row("Update", **DANA)], None),
        (ITSELF, [row("MemberAdd", name="client--role--org", **DANA)], None),
        (ITSELF, [], None),
        (MEMBER, [row("MemberAdd", name="client--role--org", **DANA)], "Dana"),
        (MEMBER, [row("MemberAdd", name="client2--role--org", **DANA)], None),
        (MEMBER, [row("Update", **DANA)], None),
    ],
    ids=[
        "a person", "a person without a name", "a client", "nobody named, though somebody was before",
        "our own write", "who was given it", "nothing", "given it", "given to another", "the role itself",
    ],
)  # fmt: skip
def test_the_newest_entry_about_it_decides(
    question: Question, rows: list[dict[str, Any]], by: str | None
) -> None:
    """None: there is no entry of another hand."""
    found = hand_of(
        question, audit_entries({"entities": rows}), report(operator_id="ours", names={"c9": "Pipeline"})
    )
    assert found == (Hand() if by is None else Hand(by, "2026-11-20T09:00:00.000Z", rows[0]["action"]))


class Audits:
    """What is asked of audits; the answer breaks off where `breaks` says."""

    def __init__(self, breaks: int = 99) -> None:
        self.asked: list[str] = []
        self._breaks = breaks

    async def query(self, path: str, body: Any) -> Any:
        self.asked.append(body["filters"][0]["value"])
        if len(self.asked) > self._breaks:
            raise Unavailable("no connection", sent=False)
        return {"entities": [row("Update", **DANA) | {"entity": {"id": self.asked[-1], "name": "x"}}]}


def roles(number: int) -> Any:
    return report(*(drifted(f"org/role/r{each}", "high", id=f"role{each}") for each in range(number)))


def asked(api: Audits, number: int) -> Any:
    return asyncio.run(whose_hands(cast(OrgApi, api), roles(number), START))


def test_the_questions_are_bounded_the_gravest_first_and_the_rest_is_said() -> None:
    api = Audits()
    found = asked(api, MOST_ASKED + 5)
    assert api.asked == [f"role{each}" for each in range(MOST_ASKED)]
    assert (found.unasked, found.audits) == (5, "")
    assert {each.hand.by for each in found.objects if each.hand} == {"Dana"}


def test_what_was_heard_before_audits_fell_silent_stays() -> None:
    found = asked(Audits(breaks=2), 4)
    assert [each.hand is not None for each in found.objects] == [True, True, False, False]
    assert (found.unasked, found.audits) == (2, "did not answer")


@pytest.mark.parametrize("answer", [None, [], {}, {"entities": None}, {"entities": ["x", {"entity": 7}]}])
def test_an_answer_of_another_shape_names_nobody(answer: Any) -> None:
    class Odd(Audits):
        async def query(self, path: str, body: Any) -> Any:
            return answer

    assert [each.hand for each in asked(Odd(), 1).objects] == [Hand()]
