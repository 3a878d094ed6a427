"""What a history draws from."""

from __future__ import annotations

from hypothesis import strategies as st

from reconciler.simulator import SWITCHES
from tests.simulator.impossible import TABLES

KINDS = st.sampled_from(sorted(TABLES))
WHICH = st.integers(0, 7)
CALLERS = st.sampled_from(("operator", "operator", "operator", "tenant"))
FATES = st.sampled_from(
    ("now",) * 20
    + ("later",) * 6
    + ("timeout-before", "timeout-after", "truncate", "stale", "garble", "refuse", "html", "status")
)
NAMES = st.sampled_from(("North", "NORTH", "South", "Gone", "Reader", "writer", " "))
PAIRS = st.lists(st.tuples(WHICH, st.one_of(WHICH, st.just(-1))), max_size=6)
STATES = st.sampled_from(("active", "inactive", "disabled"))
GRANT_TYPES = st.sampled_from(("CLIENT-CREDENTIALS", "CLIENT-CREDENTIALS", "CODE"))
SWITCHED = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(switch.values) for name, switch in SWITCHES.items()}
)
