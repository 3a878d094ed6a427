"""Switches and limits of the organisation that decide what can be kept true."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.checkup import Check, Observed
from reconciler.model.kind import Registry
from reconciler.model.state import LiveState
from reconciler.planning.checks.rights import held_by_operator
from reconciler.planning.outlook import Outlook
from reconciler.planning.rights import GRANTING, SETTINGS, lacks

TOPIC = "organisation"

_NEARLY = 0.9
"""Share of the division limit from which somebody is told."""


def checks(observed: Observed, live: LiveState, registry: Registry, ahead: Outlook) -> Iterator[Check]:
    """Both role settings, then the room for divisions."""
    if live.settings is None:
        yield _settings_unseen()
    else:
        yield backfill(on=live.settings.get("backfillEnabled"))
        on = live.settings.get("authorizationGrantDivisionAware")
        yield per_division(on=on, short=_grants_short(observed, live, registry))
    yield room(observed, live, registry, ahead)


def _settings_unseen() -> Check:
    means = "whether Genesys adds permissions to roles, and whether granting follows divisions, is not known"
    remedy = f"to see them, {', '.join(SETTINGS.permissions)}; nothing else needs it"
    return Check("role settings", TOPIC, "unknown", "may not be read", means, remedy)


def backfill(*, on: object) -> Check:
    """`backfillEnabled`: whether Genesys widens roles by itself."""
    if not isinstance(on, bool):
        return Check("role backfill", TOPIC, "unknown", "not shown")
    if not on:
        return Check("role backfill", TOPIC, "ok", "off: nobody but people and programs changes roles")
    return Check(
        "role backfill",
        TOPIC,
        "warning",
        "on (backfillEnabled)",
        "Genesys adds new permissions to roles by itself: tenants' roles may grow without a change in "
        "git, and every apply takes it back",
        "switch it off in the role settings",
    )


def _grants_short(observed: Observed, live: LiveState, registry: Registry) -> tuple[str, ...]:
    """Where the operator could not grant, if granting followed divisions; none where that is not known."""
    held = held_by_operator(observed, live, registry)
    if held is None:
        return ()
    walls = {item.id: item.name for item in live.of(registry.pair[1])}
    short = lacks(GRANTING, held, walls, dict.fromkeys(GRANTING, True))
    return tuple(
        f"{lack.permission}: not in {', '.join(walls[each] for each in lack.missing)}"
        for lack in short
        if lack.missing
    )


def per_division(*, on: object, short: tuple[str, ...] = ()) -> Check:
    """`authorizationGrantDivisionAware`: whether granting is confined to the granter's divisions.

    `short` says where the operator may not grant.
    """
    if not isinstance(on, bool):
        return Check("granting", TOPIC, "unknown", "not shown")
    if on and short:
        means = "there the operator can neither grant nor revoke"
        remedy = "grant the operator's role in every division (`*`)"
        return Check("granting", TOPIC, "failure", "follows the granter's divisions", means, remedy, short)
    if on:
        return Check("granting", TOPIC, "ok", "follows the granter's divisions")
    return Check(
        "granting",
        TOPIC,
        "warning",
        "does not follow divisions (authorizationGrantDivisionAware is off)",
        "whoever may grant in one division may grant in all, a tenant's administrator too",
        "switch it on in the role settings; the operator then has to hold its role in every division",
    )


def room(observed: Observed, live: LiveState, registry: Registry, ahead: Outlook) -> Check:
    """Whether the divisions that are there and those to come fit the organisation's limit."""
    wall = registry.pair[1]
    most, there = observed.most_divisions, len(live.of(wall))
    if most is None or live.gaps():
        means = "the limit, or what is there and what is declared, was not fully read"
        return Check("room", TOPIC, "unknown", "not comparable", means)
    new = ahead.new.get(wall, 0)
    seen = f"{there} of at most {most:,} {wall}s are there, {new} to come"
    if there + new > most:
        means = "those beyond the limit cannot be created, and what waits for them is skipped"
        remedy = "ask the vendor to raise the limit, or remove divisions that nobody uses"
        return Check("room", TOPIC, "failure", seen, means, remedy)
    if there + new > most * _NEARLY:
        return Check("room", TOPIC, "warning", seen, "soon full", "ask the vendor to raise the limit")
    return Check("room", TOPIC, "ok", seen)
