"""Wrap-up codes: objects of a division, or of all of them (`*`), listed whole and in a simple view (§13)."""

from reconciler.simulator.call import Handler
from reconciler.simulator.divided import getting, listing

_VIEW, _SEARCH = "routing:wrapupCode:view", "routing:wrapupCode:search"

OPERATIONS: dict[str, Handler] = {
    "get_routing_wrapupcodes": listing("wrapup_codes", _VIEW),
    "get_routing_wrapupcode": getting("wrapup_codes", "codeId", _VIEW),
    "get_routing_wrapupcodes_divisionviews": listing("wrapup_codes", _SEARCH),
    "get_routing_wrapupcodes_divisionview": getting("wrapup_codes", "codeId", _SEARCH),
}
