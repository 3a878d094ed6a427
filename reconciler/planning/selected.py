"""Selectors of `--only`: each of them must select something."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from reconciler.errors import UsageError
from reconciler.model.address import Address, Selector
from reconciler.planning.binding import Scope
from reconciler.planning.resolve import DesiredState


def require_selected(only: tuple[Selector, ...], desired: DesiredState, found: Scope) -> None:
    """A selector that selects nothing is a slip of the pen, not a quiet plan.

    Raises:
        UsageError: with the closest that would select something.
    """
    addresses = {*desired.resources, *(item.marker.address for item in found.orphans if item.marker)}
    for selector in only:
        if not any(selector.matches(address) for address in addresses):
            close = difflib.get_close_matches(str(selector), _selectable(addresses), n=1)
            remedy = (
                f"did you mean `{close[0]}`?" if close else "give an owner, an owner's kind or an address"
            )
            raise UsageError(f"--only {selector} selects nothing that is declared or ours", remedy=remedy)


def _selectable(addresses: Iterable[Address]) -> list[str]:
    return sorted(
        {text for item in addresses for text in (item.owner, f"{item.owner}/{item.kind}", str(item))}
    )
