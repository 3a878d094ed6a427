"""`python -m tests.faults ci|nightly|singles|pairs|idle|histories|kill|rivals|mutants|replay LINE`.

Everything prints figures, and for each violation the line to replay it by; exit 1 where there was one.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.faults import matrix
from tests.faults.campaign import campaign, quietly, summary
from tests.faults.mutants import kill_all
from tests.faults.processes import kill, points
from tests.faults.pruned import sample
from tests.faults.replay import again
from tests.faults.retold import tell_histories
from tests.faults.rivals.campaign import rivals
from tests.faults.scenarios import ALL

LEAST = 3_000
"""Cases of the pipeline's run."""
MATRIX = 20_000
"""Cases of the whole matrix, at least."""


def _ci(given: argparse.Namespace) -> int:
    """What the pipeline runs."""
    cases = matrix.quick(least=LEAST)
    assert len(cases) >= LEAST, len(cases)
    bad = summary(
        "singles, of two scenarios all, of the others a seeded tenth", campaign(cases, given.workers)
    )
    return bad + _idle(given) + _histories(given) + _kill(given) + _rivals(given) + kill_all()


def _nightly(given: argparse.Namespace) -> int:
    """The whole matrix, and many pairs."""
    cases = matrix.all_singles()
    assert len(cases) >= MATRIX, len(cases)
    assert not matrix.holes(cases), matrix.holes(cases)[:5]
    bad = summary(f"all singles of {len(ALL)} scenarios", campaign(cases, given.workers, given.skip))
    skip = max(0, given.skip - len(cases))
    two = campaign(matrix.some_pairs(given.most), given.workers, skip, before=len(cases))
    return bad + summary("pairs", two) + _idle(given)


def _idle(given: argparse.Namespace) -> int:
    cases = sample(given.idle)
    return summary("left out because they could do nothing", campaign(cases, given.workers))


def _histories(given: argparse.Namespace) -> int:
    return tell_histories(given.number)


def _kill(given: argparse.Namespace) -> int:
    return kill(points(given.points))


def _rivals(given: argparse.Namespace) -> int:
    return rivals(given.schedules)


def _mutants(given: argparse.Namespace) -> int:
    return kill_all()


def _singles(given: argparse.Namespace) -> int:
    names = given.only or tuple(ALL)
    cases = matrix.all_singles(names)
    assert not matrix.holes(cases, names), matrix.holes(cases, names)[:5]
    if given.sample:
        cases = random.Random(1).sample(cases, min(given.sample, len(cases)))
    return summary("all singles", campaign(cases, given.workers, given.skip))


def _pairs(given: argparse.Namespace) -> int:
    return summary("pairs", campaign(matrix.some_pairs(given.most), given.workers, given.skip))


def _replay(given: argparse.Namespace) -> int:
    bad: int = given.line()
    return bad


_TOLD = {"skip": "go on behind so many cases, as the progress says (default: from the first)"}


def _command(
    commands: Any, name: str, words: str, run: Callable[[argparse.Namespace], int], **numbers: int
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words)
    for option, usual in numbers.items():
        parser.add_argument(f"--{option}", type=_number, default=usual, help=_TOLD.get(option))
    parser.set_defaults(run=run)
    return parser


def _line(text: str) -> Callable[[], int]:
    try:
        return again(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"no line that a violation was told with: {error}") from None


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 0 or more")
    return int(text)


def main(arguments: list[str]) -> int:
    """The exit code: 1 where anything was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--workers", type=int, default=0, help="processes (default: one per core)")
    commands = parser.add_subparsers(required=True)
    _command(commands, "ci", "what the pipeline runs", _ci, idle=120, number=100, points=10, schedules=20)
    _command(commands, "nightly", "the whole matrix, and pairs", _nightly, most=100_000, skip=0, idle=2_000)
    _command(commands, "idle", "faults that the matrix leaves out", _idle, idle=120)
    _command(commands, "histories", "anything in any order", _histories, number=100)
    _command(commands, "kill", "real processes, killed", _kill, points=10)
    _command(commands, "rivals", "two runs at once, on one PostgreSQL server", _rivals, schedules=20)
    _command(commands, "mutants", "protocols without one of their rules", _mutants)
    _command(commands, "pairs", "two faults, at every gap", _pairs, most=0, skip=0)
    every = _command(commands, "singles", "the whole matrix of single faults", _singles, sample=0, skip=0)
    every.add_argument("only", nargs="*", choices=[*ALL, []])
    told = _command(commands, "replay", "one case, schedule, history or kill -9 again", _replay)
    told.add_argument("line", type=_line)
    given = parser.parse_args(arguments)
    quietly()
    began = time.monotonic()
    bad = given.run(given)
    print("in all: {} min {} s".format(*divmod(round(time.monotonic() - began), 60)), flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
