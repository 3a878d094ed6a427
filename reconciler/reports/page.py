"""Pages: templates filled with values, as one file that asks nothing of anybody.

Whatever goes into a page is escaped, and made visible first as in a text report, so that no name can run,
hide, or turn the direction of a line.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from reconciler.reports.lines import visible

_POLICY = "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def render(template: str, **values: Any) -> str:
    """A page from `templates/`, its style sheet and a policy that allows only that one inside."""
    style = _environment().get_template("page.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _environment().get_template(template).render(values, policy=_POLICY.format(digest=digest))


def moment(when: str) -> str:
    """A day and a time (ISO 8601, UTC), to the minute."""
    return f"{when[:10]} {when[11:16]} UTC"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reconciler.reports"),
        autoescape=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
