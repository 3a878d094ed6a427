"""Spans of time as bodies and answers write them: two ISO-8601 moments with a slash between."""

from datetime import UTC, datetime

from reconciler.simulator.errors import invalid_value

Interval = tuple[datetime, datetime]


def moment_of(text: str) -> datetime:
    """A date-time of a row, in UTC. Raises ValueError."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def interval(text: str, field: str = "interval") -> Interval:
    """Start and end of `START/END`. Raises 400."""
    start, slash, end = text.partition("/")
    try:
        found = moment_of(start), moment_of(end)
    except ValueError as error:
        raise invalid_value(field, "expected START/END, both ISO-8601") from error
    if not slash or not found[0] < found[1]:
        raise invalid_value(field, "the start must come before the end")
    return found


def inside(text: str, span: Interval) -> bool:
    """Whether a row's moment lies in the span; the end is outside."""
    return span[0] <= moment_of(text) < span[1]
