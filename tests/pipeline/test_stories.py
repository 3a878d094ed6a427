"""The stories of `make pipeline`, without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.__main__ import STORIES
from tests.pipeline.tale import Tale, silent
from tests.pipeline.world import world


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", STORIES)
def test_the_story_holds(number: str, tmp_path: Path) -> None:
    with world(tmp_path) as played:
        STORIES[number].play(played, Tale(silent))
