"""Every page is found from the list of pages, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.reading import ROOT, pages

_LINK = re.compile(r"\]\(([^)\s#]+)(?:#([^)\s]+))?\)")


def targets(page: Path) -> list[Path]:
    """The files that a page links to, as it names them."""
    found = [match[1] for match in _LINK.finditer(page.read_text("utf-8"))]
    return [page.parent / name for name in found if "://" not in name]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert [each for each in targets(page) if not each.exists()] == []


def test_every_page_is_on_the_list() -> None:
    """Red: give the page a line in docs/README.md."""
    listed = {each.resolve() for each in targets(ROOT / "docs/README.md")}
    assert {page for page in pages() if page.name != "README.md"} - listed == set()
