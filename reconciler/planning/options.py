"""What a person or a pipeline asks of a plan, beside the manifests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from reconciler.model.address import Address, Selector
from reconciler.model.frame import Revision
from reconciler.model.plan import Withheld
from reconciler.model.rotation import Move
from reconciler.planning.approve import Reviewed


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """`today` (UTC) decides what has expired; `created_at` is ISO 8601 and not part of the digest.

    `only` narrows the plan to addresses below any of the selectors; `allow` releases a limit
    (`removals`, `gains`) for exactly that planned number; `reviewed` are the changes people approved
    (None: whatever is planned); `suspend` is the tenant that is to lose every pair, `rotate` the moves of a
    rotation by the entry's address, `held` those of them that what sinks say holds back, `recover` asks for
    secrets that never arrived: nothing else is planned then; `deep` reads the access of everything in both
    views; `revoke_only` does too, and plans only what takes access away; `repairs` counts the runs of the
    last day that put right what somebody had changed, by address; `revision` is told with the plan and
    decides nothing.
    """

    today: date
    created_at: str
    tool: str
    only: tuple[Selector, ...] = ()
    allow: Mapping[str, int] = field(default_factory=dict)
    reviewed: Reviewed | None = None
    suspend: str = ""
    rotate: Mapping[Address, Move] | None = None
    held: Mapping[Address, Withheld] = field(default_factory=dict)
    recover: bool = False
    deep: bool = False
    revoke_only: bool = False
    repairs: Mapping[Address, int] = field(default_factory=dict)
    revision: Revision | None = None

    def selects(self, address: Address) -> bool:
        """Whether the plan is to change this address at all."""
        return not self.only or any(selector.matches(address) for selector in self.only)
