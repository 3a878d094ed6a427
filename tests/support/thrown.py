"""What a debugger, or a service that collects errors, would keep of an exception."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

import reconciler

_OURS = str(Path(reconciler.__file__).parent)
_SIMULATED = str(Path(_OURS, "simulator"))


def kept_of(error: BaseException) -> str:
    """Of it and everything it is chained to: text, attributes, and the local variables of our frames.

    Chained counts also what `from None` only keeps from being printed. Frames of libraries are not ours to
    vouch for: httpx must hold a header to send it.
    """
    return "\n".join(part for each in chain(error) for part in _parts(each))


def chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, its causes and what it came up in."""
    ahead, seen = [error], set[int]()
    while ahead:
        each = ahead.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        ahead += [more for more in (each.__cause__, each.__context__) if more is not None]


def _parts(error: BaseException) -> Iterator[str]:
    yield from (str(error), repr(error), repr(error.args), repr(vars(error)))
    yield from (repr(getattr(error, name, "")) for name in ("doc", "object"))
    for frame, _ in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if file.startswith(_OURS) and not file.startswith(_SIMULATED):
            yield repr(frame.f_locals)
