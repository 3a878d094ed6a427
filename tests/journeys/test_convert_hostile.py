"""convert and a state that somebody spoilt: an answer in words, no bug, and nothing in it acts."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.test_convert import WHERE, WHO
from tests.journeys.world import World
from tests.support import terraform

JUNK: list[Any] = [
    *(None, 0, -1, 1.5, True, "", "x", "*", "home", [], [None], {}, ["*"], [{}], 10**30),
    *(
        "\u202e\x1b[31mevil",
        "A" * 300,
        "a: b # c\n- d",
        "{{x}}",
        "!!python/object:os.system",
        "<!-- @all -->",
    ),
    *("00000000-0000-4000-8000-000000000001", "genesyscloud_auth_role", "data"),
    *("[reconciler:northwind/acme/division/us@abcdef12]", "[reconciler:other/acme/role/x@abcdef12#abcdef12]"),
]
ACTIVE = ("\x1b[31m", "\u202e")


def _places(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*above, key)
        yield from _places(value, (*above, key))


def spoilt(state: Any, dice: random.Random) -> Any:
    """A few places of it, each with something else in it, or gone, or twice."""
    found = copy.deepcopy(state)
    places = list(_places(found))
    for place in dice.sample(places, dice.choice([1, 1, 2, 5])):
        node = found
        try:
            for key in place[:-1]:
                node = node[key]
            value = copy.deepcopy(node[place[-1]])
        except (KeyError, IndexError, TypeError):
            continue  # an earlier one took it away
        deed = dice.random()
        if deed < 0.7:
            node[place[-1]] = copy.deepcopy(dice.choice(JUNK))
        elif isinstance(node, list):
            node.append(value)
        else:
            del node[place[-1]]
    return found


@pytest.mark.full
@pytest.mark.parametrize("part", range(4))
def test_no_spoilt_state_is_a_bug_and_none_acts(settled: World, part: int) -> None:
    state = terraform.whole(settled.sim.snapshot(), without=["operator"])
    codes = set()
    for number in range(part * 15, part * 15 + 15):
        text = json.dumps(spoilt(state, random.Random(number)))
        (settled.place / "state.json").write_text(text, "utf-8")
        ran = settled.run("-vv", "convert", "state.json", "--out", f"out-{number}", *WHO, *WHERE)
        assert ran.code in (0, 1) and "bug" not in ran.err and "mistake of the program" not in ran.err, number
        written = [
            path.read_text("utf-8") for path in settled.place.glob(f"out-{number}/**/*.*") if path.is_file()
        ]
        assert bool(written) == (ran.code == 0)
        assert not any(each in said for each in ACTIVE for said in (ran.out, ran.err, *written)), number
        codes.add(ran.code)
    assert codes == {0, 1}
