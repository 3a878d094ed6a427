"""`make pipeline`: three stories of the workflows, told while they are played, without GitHub.

git, bash and the reconciler are real processes, the organisation is simulated. `gh` (with the real jq), the
actions of GitHub and the runner are stand-ins; what each leaves out stands in its module.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.pipeline import first, second, third
from tests.pipeline.tale import Tale
from tests.pipeline.world import world

STORIES = {"1": first, "2": second, "3": third}


def main(wanted: list[str]) -> int:
    """Play the stories of these numbers, or all; 1 when one did not hold."""
    begun = time.monotonic()
    for number in wanted or STORIES:
        story = STORIES[number]
        print(f"\n{number}. {(story.__doc__ or '').splitlines()[0]}")
        with tempfile.TemporaryDirectory() as place, world(Path(place)) as played:
            try:
                story.play(played, Tale(lambda line: print(line, flush=True)))
            except AssertionError as error:
                print(f"  ✗ {error}", file=sys.stderr)
                return 1
    print(f"\npipeline: {len(wanted or STORIES)} stories held, {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
