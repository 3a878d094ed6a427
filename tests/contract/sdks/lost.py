"""What a model did not keep of the JSON it was made from. Needs the standard library alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any


def lost(raw: Any, kept: Any, at: str = "") -> Iterator[str]:
    """Places in `raw` that `kept` lacks or has otherwise, as `entities[0].name`; null is the same as none."""
    if raw is None:
        return
    if isinstance(raw, dict) and isinstance(kept, dict):
        for name, value in raw.items():
            yield from lost(value, kept.get(name), f"{at}.{name}".lstrip("."))
    elif isinstance(raw, list) and isinstance(kept, list) and len(raw) == len(kept):
        for index, (value, other) in enumerate(zip(raw, kept, strict=True)):
            yield from lost(value, other, f"{at}[{index}]")
    elif not _same(raw, kept):
        yield f"{at or 'the body'} ({raw!r} became {kept!r})"


def _same(raw: Any, kept: Any) -> bool:
    """Equal, or the same moment in other words; True is not 1."""
    if isinstance(raw, str) and isinstance(kept, str) and raw != kept:
        return _moment(raw) == _moment(kept) is not None
    return isinstance(raw, bool) == isinstance(kept, bool) and bool(raw == kept)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
