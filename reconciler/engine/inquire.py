"""Inquiring: one question to the organisation, and its answer cut down to what may be kept of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from reconciler.engine.examine import PERMITTED
from reconciler.errors import OrgError, Refused, Rejected
from reconciler.model.kind import SecondView
from reconciler.model.probe import Ask, Form, Reply
from reconciler.model.sight import wall_of
from reconciler.model.value import Json
from reconciler.ports import Reader

_PASSED = (403, 404)


async def inquire(api: Reader, ask: Ask, subject: str, view: SecondView) -> Reply:
    """The answer; a refusal and an unanswered question are answers too.

    `subject` is who asks, `view` how its grants are read.
    """
    try:
        return await _FORMS[ask.form](api, ask, subject, view)
    except (Refused, Rejected) as error:
        return Reply(error.status, "" if error.status in _PASSED else f"answered {error.status}")
    except OrgError as error:
        return Reply(0, f"answered {error.status}" if error.status else "no usable answer")


async def _token(api: Reader, ask: Ask, subject: str, view: SecondView) -> Reply:
    body = await api.read(ask.path)
    client, organisation = body.get("OAuthClient") or {}, body.get("organization") or {}
    return Reply(identity=(client.get("id") or "", organisation.get("id") or ""))


async def _own(api: Reader, ask: Ask, subject: str, view: SecondView) -> Reply:
    return Reply(pairs=frozenset(view.pairs(subject, await api.read(ask.path))))


async def _permitted(api: Reader, ask: Ask, subject: str, view: SecondView) -> Reply:
    query = {"permission": ask.about}
    first: Json = await api.read(PERMITTED, {**query, "pageSize": "100", "pageNumber": "1"})
    if first.get("allDivsPermitted"):
        return Reply(everywhere=True)
    if first.get("pageCount", 2) > 1:
        listing = await api.list_all(PERMITTED, query, paged=True)
        return Reply(gap=listing.gap, found={raw["id"]: raw["id"] for raw in listing.entities})
    return Reply(found={raw["id"]: raw["id"] for raw in first.get("entities") or ()})


async def _list(api: Reader, ask: Ask, subject: str, view: SecondView) -> Reply:
    listing = await api.list_all(ask.path, paged=ask.paged)
    return Reply(gap=listing.gap, found=_walls(listing.entities))


def _walls(entities: tuple[Mapping[str, Json], ...]) -> dict[str, str]:
    return {raw["id"]: wall_of(raw) for raw in entities if raw.get("id")}


async def _one(api: Reader, ask: Ask, subject: str, view: SecondView) -> Reply:
    await api.read(ask.path)
    return Reply()


async def _count(api: Reader, ask: Ask, subject: str, view: SecondView) -> Reply:
    body = await api.read(ask.path, {"pageSize": "1", "pageNumber": "1"})
    return Reply(total=body.get("total") or 0)


_FORMS: Mapping[Form, Callable[[Reader, Ask, str, SecondView], Awaitable[Reply]]] = {
    Form.TOKEN: _token,
    Form.OWN: _own,
    Form.PERMITTED: _permitted,
    Form.LIST: _list,
    Form.ONE: _one,
    Form.COUNT: _count,
}
