"""What may be done about drift now, by the policy of the Org document, and what waits for whom.

Only narrowing may happen unasked: it can give nobody anything. What was taken away by hand somebody may
have taken away for a reason, so giving it back waits, for an approval or for whoever applies next.
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.drift import Correction, Drifted
from reconciler.model.drift_policy import Correct


def correction(policy: Correct, objects: Iterable[Drifted]) -> Correction:
    """What a scheduled run may do about these, which somebody counts as drift.

    `now` is what `apply --revoke-only --auto-approve --only ADDRESS…` narrows; `approval` what a plan of a
    whole, approved by somebody and applied by `--approved` or `--plan`, puts right; `left` nobody plans.
    """
    objects = tuple(objects)
    unasked = policy in ("downwards", "upwards")
    now = tuple(item.address for item in objects if item.narrows and unasked)
    rest = tuple(item.address for item in objects if item.remains or item.address not in now)
    return Correction(policy, now, *((rest, ()) if policy == "upwards" else ((), rest)))
