"""How a run beside another one may end, by what befell it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.faults.rivals.schedule import Accident

UNDISTURBED = frozenset({"exit 0", "exit 9"})
"""Well, or turned away: another one holds the lease."""
HELD_BACK = frozenset({"exit 4"})
"""As a rotation is by one that is under way, and whatever limits or a hand hold back in a history."""
STALE = frozenset({"exit 6"})
"""As what was approved before another one wrote."""
_CUT_SHORT = frozenset({"exit 5"})
_UNHEARD = frozenset({"exit 7"})
"""Nobody answered one that stood still while it looked."""
_KILLED = frozenset({"killed"})

_BEFALLEN: Mapping[Accident, frozenset[str]] = {
    "": frozenset(),
    "freeze": _CUT_SHORT,
    "doze": _CUT_SHORT | _UNHEARD,
    "in-hand": _CUT_SHORT,
    "kill": _KILLED,
    "lose-machine": _KILLED,
    "end-session": _CUT_SHORT,
}


def endings(accident: Accident) -> frozenset[str]:
    """Those of a run that this befalls, sooner or later or not at all."""
    return UNDISTURBED | _BEFALLEN[accident]
