"""Looking with the token at hand: what it may do where, what its lists show, and what needs no permission."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from reconciler.engine.examine import TOKEN
from reconciler.engine.inquire import inquire
from reconciler.engine.observe import ORGANISATION, read_catalogue
from reconciler.errors import OrgError
from reconciler.isolation.asking import permitted
from reconciler.isolation.wildcards import is_pattern, matching
from reconciler.model.access import EVERYWHERE
from reconciler.model.kind import Registry
from reconciler.model.probe import Ask, Form
from reconciler.model.sight import OPEN, SIGHTS
from reconciler.model.view import Places, View, held
from reconciler.ports import OrgApi

_OWN = "/api/v2/authorization/subjects/me?includeDuplicates=true&includeFullRoles=true"
_UNSHOWN = "the organisation shows this token none of its own grants: only what opens a list was asked for"
_NO_CATALOGUE = "the catalogue could not be read: which permissions no division confines is not known"


async def look(api: OrgApi, registry: Registry) -> View:
    """Everything the token says of itself. Raises `OrgError` where nobody answers."""
    organisation = await api.read(ORGANISATION)
    catalogue = await read_catalogue(api)
    where, notes = await _where(api, registry, catalogue or {})
    confined = {
        name: places for name, places in where.items() if (catalogue or {}).get(name, catalogue is None)
    }
    return View(
        organisation=f"{organisation.get('name')} ({organisation.get('id')})",
        caller=await _caller(api),
        permitted=confined,
        wide=tuple(sorted(where.keys() - confined)),
        counts={
            (each.type, each.permission): await _counted(
                api, Ask(Form.COUNT if each.paged else Form.LIST, each.path, each.type, each.paged), registry
            )
            for each in SIGHTS
            if each.permission in where
        },
        open={
            name: await _counted(api, Ask(Form.COUNT, path, name), registry) for name, path in OPEN.items()
        },
        notes=notes if catalogue is not None else (*notes, _NO_CATALOGUE),
    )


async def _caller(api: OrgApi) -> str:
    try:
        found = (await api.read(TOKEN)).get("OAuthClient") or {}
    except OrgError:
        return "somebody who signed in"  # the vendor shows clients this, and people not always
    return f"{found.get('name')} ({found.get('id')})"


async def _where(
    api: OrgApi, registry: Registry, catalogue: Mapping[str, bool]
) -> tuple[dict[str, Places], tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for said, place in held(await api.read(_OWN)):
        for permission in matching(said, catalogue) if is_pattern(said) else (said,):
            found[permission].add(place)
    if found:
        return {name: _everywhere(places) for name, places in found.items()}, ()
    return await _asked(api, registry), (_UNSHOWN,)


def _everywhere(places: Iterable[str]) -> Places:
    return frozenset({EVERYWHERE} if EVERYWHERE in places else places)


async def _asked(api: OrgApi, registry: Registry) -> dict[str, Places]:
    """Where each permission of our table is held, by ids."""
    replies = {
        each.permission: await inquire(api, permitted(each.permission), "", registry.second_view)
        for each in SIGHTS
    }
    places = {
        name: frozenset({EVERYWHERE}) if reply.everywhere else frozenset(reply.found)
        for name, reply in replies.items()
    }
    return {name: each for name, each in places.items() if each}


async def _counted(api: OrgApi, ask: Ask, registry: Registry) -> int | None:
    reply = await inquire(api, ask, "", registry.second_view)
    if reply.gap or reply.status != 200:
        return None
    return reply.total if ask.form is Form.COUNT else len(reply.found)
