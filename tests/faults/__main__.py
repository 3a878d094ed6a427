"""`python -m tests.faults ci|nightly|singles|pairs|histories|kill|rivals|mutants|replay LINE`.

Everything prints figures, and for each violation the line to replay it by; exit 1 where there was one.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable
from itertools import islice
from typing import Any

from tests.faults import matrix
from tests.faults.campaign import campaign, judge, quietly, summary
from tests.faults.mutants import kill_all
from tests.faults.processes import kill
from tests.faults.rivals.campaign import replay, rivals
from tests.faults.scenarios import ALL
from tests.faults.story import histories

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
    return bad + _histories(given) + _kill(given) + _rivals(given) + kill_all()


def _nightly(given: argparse.Namespace) -> int:
    """The whole matrix, and many pairs."""
    cases = matrix.all_singles()
    assert len(cases) >= MATRIX, len(cases)
    assert not matrix.holes(cases), matrix.holes(cases)[:5]
    bad = summary(f"all singles of {len(ALL)} scenarios", campaign(cases, given.workers))
    return bad + summary("pairs", campaign(matrix.some_pairs(given.most), given.workers))


def _histories(given: argparse.Namespace) -> int:
    try:
        histories(given.number)
    except AssertionError as error:
        print(f"VIOLATION in a history: {error}")
        return 1
    print(f"histories: {given.number}, 0 violations", flush=True)
    return 0


def _kill(given: argparse.Namespace) -> int:
    return kill(given.points)


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
    return summary("all singles", campaign(cases, given.workers))


def _pairs(given: argparse.Namespace) -> int:
    cases = islice(matrix.some_pairs(given.most), given.skip, None)
    return summary("pairs", campaign(cases, given.workers))


def _replay(given: argparse.Namespace) -> int:
    if "accident" in given.line:
        return replay(given.line)
    _, outcome = judge(given.line)
    print(f"runs: {list(outcome.runs)}; {outcome.after} wrote after the last fault")
    for violation in outcome.violations:
        print(f"{violation.monitor}: {violation.words}")
    return len(outcome.violations)


def _command(
    commands: Any, name: str, words: str, run: Callable[[argparse.Namespace], int], **numbers: int
) -> None:
    parser = commands.add_parser(name, help=words)
    for option, usual in numbers.items():
        parser.add_argument(f"--{option}", type=int, default=usual)
    parser.set_defaults(run=run)


def main(arguments: list[str]) -> int:
    """The exit code: 1 where anything was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--workers", type=int, default=0, help="processes (default: one per core)")
    commands = parser.add_subparsers(required=True)
    _command(commands, "ci", "what the pipeline runs", _ci, number=100, points=10, schedules=20)
    _command(commands, "nightly", "the whole matrix, and pairs", _nightly, most=100_000)
    _command(commands, "histories", "anything in any order", _histories, number=100)
    _command(commands, "kill", "real processes, killed", _kill, points=10)
    _command(commands, "rivals", "two runs at once, on one PostgreSQL server", _rivals, schedules=20)
    _command(commands, "mutants", "protocols without one of their rules", _mutants)
    every = commands.add_parser("singles", help="the whole matrix of single faults")
    every.add_argument("only", nargs="*", choices=[*ALL, []])
    every.add_argument("--sample", type=int, default=0)
    every.set_defaults(run=_singles)
    two = commands.add_parser("pairs", help="two faults, at every gap")
    two.add_argument("--most", type=int, default=0)
    two.add_argument(
        "--skip", type=int, default=0, help="go on behind so many of them (default: from the first)"
    )
    two.set_defaults(run=_pairs)
    again = commands.add_parser("replay", help="one case again")
    again.add_argument("line")
    again.set_defaults(run=_replay)
    given = parser.parse_args(arguments)
    quietly()
    return 1 if given.run(given) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
