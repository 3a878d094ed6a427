"""By which clock a record is dated: where many machines write one journal, by its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal

from reconciler.model.history import moment
from reconciler.store.place import File, Server

_FORM = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'


def present(place: File | Server, now: Callable[[], datetime]) -> ColumnElement[str]:
    """The moment of the statement that this stands in, as history writes it; `now` is the machine's clock."""
    return server_moment() if isinstance(place, Server) else literal(moment(now()))


def server_moment() -> ColumnElement[str]:
    """The present by the server's clock."""
    return func.to_char(func.timezone("UTC", func.clock_timestamp()), _FORM)
