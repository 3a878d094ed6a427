"""Histories that violated something: their steps, and the line to replay each by."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from hypothesis import reproduce_failure
from hypothesis.errors import DidNotReproduce

from tests.faults.story import History, histories

_BLOB = re.compile(r"@reproduce_failure\('(?P<hypothesis>[^']+)', b'(?P<history>[^']+)'\)")


class Told(NamedTuple):
    """What went wrong in one history; `steps`, its shortest form, and `line` are "" where there are none."""

    words: str
    steps: str
    line: str

    def lines(self) -> Iterator[str]:
        """What a person is told."""
        yield f"VIOLATION in a history: {self.words}"
        if self.steps:
            yield self.steps
        if self.line:
            yield f"  replay: {self.line}"


def told(error: BaseException) -> Iterator[Told]:
    """Each history of an error, or of a group of them."""
    notes = getattr(error, "__notes__", ())
    if isinstance(error, BaseExceptionGroup) and not any(map(_BLOB.search, notes)):
        for each in error.exceptions:
            yield from told(each)
        return
    blobs = [found.groupdict() for note in notes if (found := _BLOB.search(note))]
    steps = "\n".join(note.strip() for note in notes if not _BLOB.search(note))
    yield Told(f"{type(error).__name__}: {error}", steps, json.dumps(blobs[0]) if blobs else "")


def tell_histories(number: int, machine: type[History] = History) -> int:
    """Run so many, print what came of them; how many went wrong, each in another way."""
    wrong: list[Told] = []
    try:
        histories(number, machine)
    except DidNotReproduce:
        pass  # what once went wrong in the very same steps goes well
    except (Exception, BaseExceptionGroup) as error:
        wrong += told(error)
    for each in wrong:
        print(*each.lines(), sep="\n", flush=True)
    print(f"histories: {number}, {len(wrong)} violations", flush=True)
    return len(wrong)


def replay(line: str, machine: type[History] = History) -> int:
    """One history again, telling its steps as they are taken; how many violations."""
    given = json.loads(line)
    once = reproduce_failure(given["hypothesis"], given["history"].encode())
    return tell_histories(1, once(type(machine.__name__, (machine,), {})))
