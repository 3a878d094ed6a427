"""Mutants of the protocols: each takes one rule away, and some monitor has to notice.

A mutant is a switch that only tests reach: a function or a constant of the product, replaced for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import NamedTuple

from reconciler.cli import apply as apply_command
from reconciler.engine import request, target
from reconciler.engine.context import Context
from reconciler.engine.departure import Departure
from reconciler.genesys import retrying
from reconciler.planning import draft, lease, lending, order, subject_order
from tests.faults.case import Violation
from tests.faults.matrix import held_up
from tests.faults.rehearsal import new_place, rehearse
from tests.faults.rivals.arena import play
from tests.faults.rivals.schedule import Schedule
from tests.faults.runs import run_case
from tests.faults.seeds import (
    Seeded,
    at_once,
    believing,
    by_name,
    compiled,
    delivered_late,
    gains_first,
    gone_is_done,
    impatient,
    kept_pairs,
    loud,
    made_again,
    matched_dead,
    narrowed_never,
    never,
    newborn,
    no_patience,
    no_reservation,
    no_twins,
    nonce_gone_early,
    nothing_new,
    replaced,
    retried,
    unannounced,
    unasked,
    unchecked,
    unread,
    unstripped,
    untold,
    without_nonce,
)
from tests.faults.trials import Tried, dying, every_page, faulty, forbidden, plain, side_by_side
from tests.support.database import empty_schema, running_server


@dataclass(frozen=True)
class Mutant:
    """`seed` is a context manager that takes the rule away; `cases` are tried until one is violated.

    `monitors` are those that may notice it: what others see is not what the rule is there for.
    """

    name: str
    seed: Seeded
    cases: Callable[[], Iterable[Tried]]
    monitors: tuple[str, ...]


class Killed(NamedTuple):
    """What noticed a mutant, in which case; None for nothing, `but` is what was seen and does not count."""

    name: str
    violation: Violation | None
    case: Tried | None
    tried: int
    but: str = ""


def hunt(mutant: Mutant, server: str = "") -> Killed:
    """Try its cases until one of its monitors sees it; schedules need a server.

    Rehearsals are the true product's. Where a seed only breaks the run no case counts, nor any after it.
    """
    tried, but = 0, ""
    for tried, case in enumerate(mutant.cases(), start=1):
        seen = _judged(mutant.seed, case, server)
        noticed = next((each for each in seen if each.monitor in mutant.monitors), None)
        if broken := next(filter(_is_broken, seen), None):
            return Killed(mutant.name, None, case, tried, str(broken))
        if noticed and (control := _judged(nullcontext, case, server)):
            return Killed(mutant.name, None, case, tried, f"violated without it too: {control[0]}")
        if noticed:
            return Killed(mutant.name, noticed, case, tried)
        but = but or (f"{seen[0]} in {case}" if seen else "")
    return Killed(mutant.name, None, None, tried, but)


def _is_broken(seen: Violation) -> bool:
    """Whether it says only that the run broke, or that the program itself refused it."""
    return seen.monitor in ("a bug", "harness") or "ended: refused" in seen.words


def _judged(seed: Seeded, case: Tried, server: str) -> Sequence[Violation]:
    if isinstance(case, Schedule):
        rehearse(case.scenario, case.weather)
        url = empty_schema(server)
        with seed():
            return play(case, url).violations
    place = new_place(case)
    with seed():
        return run_case(place).violations


_LOST = ("timeout-after", "committed-5xx", "truncate", "crash-after", "proxy-page", "cancel-after")

_BORN = ("I5 one usable client", "I5 no twin stays", "I24 born once")
_SECRET = ("I12 secret in its sink",)
_WIDER = ("I8 no widening",)

ALL: tuple[Mutant, ...] = (
    Mutant(
        "blind POST retry",
        replaced(retrying, "attempts", lambda call, failure: failure.attempts),
        faulty("birth", *_LOST),
        _BORN,
    ),
    Mutant("birth active", newborn(state="active"), plain("birth"), ("I12 born bare",)),
    Mutant("birth with grants", newborn(grants=True), plain("birth"), ("I12 born bare",)),
    Mutant("no nonce", compiled(without_nonce), faulty("birth", *_LOST), _SECRET),
    Mutant(
        "nonce removed before delivery",
        compiled(nonce_gone_early),
        faulty("birth", "crash-after", "crash-before"),
        _SECRET,
    ),
    Mutant("match by name", by_name, plain("name-taken"), ("I6 unowned untouched",)),
    Mutant(
        "no sink reservation",
        replaced(request, "_reserve", no_reservation),
        plain("birth"),
        ("I15 sink proven first",),
    ),
    Mutant("sink write after activation", compiled(delivered_late), plain("birth"), _SECRET),
    Mutant(
        "no read-back", replaced(request, "read_back", unread), plain("birth", "grants-move"), ("S seen",)
    ),
    Mutant(
        "add before revoke across tenants",
        replaced(subject_order, "_one_at_a_time", gains_first),
        plain("crosses-tenants"),
        (*_WIDER, "I9 no union of tenants"),
    ),
    Mutant(
        "widen before revoke",
        replaced(order, "_narrow_before_widening", narrowed_never),
        plain("role-changes"),
        _WIDER,
    ),
    Mutant("no wait before widening", replaced(order, "SETTLE_SECONDS", 0), plain("role-changes"), _WIDER),
    Mutant(
        "no wait before borrow's PUT",
        replaced(lending, "SETTLE_SECONDS", 0),
        plain("birth", "grants-move", hazy=True),
        ("S settled",),
    ),
    Mutant(
        "404 taken as deleted after create",
        made_again,
        plain("birth", "tenants-come", hazy=True),
        ("I24 born once",),
    ),
    Mutant(
        "404 about what was just born believed",
        replaced(request, "references", nothing_new),
        plain("birth", "tenants-come", hazy=True),
        ("S done",),
    ),
    Mutant("404 taken as seen", gone_is_done, plain("birth", "tenants-come", hazy=True), ("S seen",)),
    Mutant(
        "no write-ahead", replaced(Departure, "_announce", unannounced), plain("birth"), ("I16 write-ahead",)
    ),
    Mutant("partial page taken as whole", believing, every_page, ("I22 partial is not whole",)),
    Mutant("tombstone matched", matched_dead, plain("tombstone"), ("I1 comes to rest",)),
    Mutant("borrowed pairs not returned", kept_pairs, plain("birth"), ("E borrowed returned", "S returned")),
    Mutant("secret in an exception", loud, plain("birth"), ("I14 secrets unsaid",)),
    Mutant("secret in a plan file", unstripped, plain("renames"), ("I14 secrets unsaid",)),
    Mutant("no wait after a run cut short", no_patience, faulty("role-changes", "crash-after"), _WIDER),
    Mutant("Retry-After ignored", impatient, faulty("birth", "limited"), ("I26 Retry-After",)),
    Mutant(
        "edits untold", replaced(draft, "field_changes", untold), plain("drift"), ("I20 told before undone",)
    ),
    Mutant("old plan trusted", replaced(target, "is_due_a_look", never), held_up, ("I20 looked at again",)),
    Mutant("twins never told apart", no_twins, plain("twins"), ("I5 no twin stays",)),
    Mutant(
        "a switched-on client gains nothing",
        replaced(order, "is_switched_on", never),
        forbidden("drift"),
        _WIDER,
    ),
    Mutant(
        "lease not checked before a write", unchecked, side_by_side("freeze", 1_500.0), ("I17 one writer",)
    ),
    Mutant(
        "take-over without waiting",
        replaced(lease, "free_from", at_once),
        side_by_side("freeze", 600.0),
        ("I17 one writer",),
    ),
    Mutant(
        "delivery without asking for the lease",
        replaced(Context, "require_ours", unasked),
        side_by_side("in-hand", 1_500.0),
        _SECRET,
    ),
    Mutant(
        "stale plan not refused",
        replaced(apply_command, "require_digest", lambda plan, digest: None),
        dying("birth", "role-changes"),
        ("I19 stale plan",),
    ),
    Mutant("retry of a refused stale plan", retried, dying("birth", "role-changes"), ("I19 stale plan",)),
)


def kill_all() -> int:
    """Seed each, print what noticed it; how many survived."""
    survived = 0
    with running_server() as server:
        for mutant in ALL:
            survived += _tell(hunt(mutant, server))
    print(f"mutants: {len(ALL) - survived} of {len(ALL)} killed", flush=True)
    return survived


def _tell(killed: Killed) -> bool:
    if killed.violation is None:
        print(f"SURVIVED {killed.name} ({killed.tried} cases)", flush=True)
        if killed.but:
            print(f"         {killed.but}\n         {killed.case or ''}", flush=True)
        return True
    print(f"killed   {killed.name}: {killed.violation.monitor} (case {killed.tried})", flush=True)
    print(f"         {killed.case}", flush=True)
    return False
