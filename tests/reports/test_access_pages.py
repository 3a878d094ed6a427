"""The pages about access say what the documents say, in words that read as last approved."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from reconciler.isolation.queries import matrix
from reconciler.isolation.reach import Reach
from reconciler.planning.picture import Picture
from reconciler.reports.access_json import row
from reconciler.reports.access_page import matrix_page
from tests.isolation.organisations import population
from tests.isolation.test_picture import of_size
from tests.reports.golden import check
from tests.support.access_pages import NAMES, Shown, shown
from tests.support.counting import calls
from tests.support.reading import words


@pytest.fixture(params=NAMES)
def each(request: pytest.FixtureRequest) -> Shown:
    return shown(request.param)


def _timeless(html: str) -> str:
    return re.sub(r"\d\d:\d\d( UTC|:\d\dZ)", r"14:00\1", re.sub(r":\d\dZ", ":00Z", words(html)))


def _tables(html: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Each table by its caption: rows of cells, their heads first."""
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        (caption,) = re.findall(r"<caption>(.*?)</caption>", table)
        rows = [re.findall(r"<t[hd].*?</t[hd]>", part, re.DOTALL) for part in table.split("<tr")[1:]]
        yield caption, [[" ".join(words(cell).split()).removeprefix("| ") for cell in row] for row in rows]


def test_the_matrix_reads_as_last_approved() -> None:
    check("tests/golden/reports/access_page.txt", _timeless(shown("busy").matrix["live"]))


def test_the_difference_reads_as_last_approved() -> None:
    check("tests/golden/reports/access_diff_page.txt", _timeless(shown("busy").diff))


def test_subjects_rows_and_how_far_they_reach_are_counted_as_in_the_document(each: Shown) -> None:
    text, rows = words(each.matrix["live"]), each.rows
    subjects = {row["subjectId"] for row in rows}
    assert f"{len(subjects):,} subjects, {len(rows):,} rows" in text
    crossing = {
        row["subjectId"] for row in rows if row["placeOwner"] not in ("", "org", row["owner"])
    }  # fmt: skip
    wide = {
        place: {row["subjectId"] for row in rows if row["placeId"] == place} for place in ("*", "org-wide")
    }
    for told in (
        f"{len(subjects)} subjects with access; {len(crossing)} behind the wall of a tenant",
        f"{len(wide['*'])} in every division; {len(wide['org-wide'])} in the whole organisation.",
    ):
        assert told in text


def test_every_cell_counts_the_permissions_of_the_document(each: Shown) -> None:
    held: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for found in each.rows:
        tenant = found["placeOwner"] if found["placeOwner"] != "org" else ""
        held[found["subjectId"], tenant][found["placeId"]].add(found["permission"])
    numbers: dict[str, list[int]] = defaultdict(list)
    for (_, tenant), places in held.items():
        if tenant:
            numbers[tenant] += [len(permissions) for permissions in places.values()]
    for tenant, expected in numbers.items():
        assert sorted(_counted(each.matrix["live"], tenant)) == sorted(expected), tenant


def _counted(html: str, tenant: str) -> Iterator[int]:
    """How many permissions each subject has in each division of a tenant, by the column of its divisions."""
    for caption, rows in _tables(html):
        if caption in (f"What {tenant}&#39;s own reach", f"Who else reaches {tenant}"):
            for line in rows[1:]:
                alike = re.search(r"(\d+) users alike", line[0])
                for number, places in re.findall(
                    r"(\d+) permissions? in ((?:[A-Z-]+(?:, )?)+)", line[1] if line[1:] else ""
                ):
                    yield from [int(number)] * len(places.split(", ")) * int(alike[1] if alike else 1)


def test_home_every_division_and_the_whole_organisation_are_always_columns(each: Shown) -> None:
    for html in each.matrix.values():
        grids = [rows for caption, rows in _tables(html) if caption != "Roles that somebody holds"]
        assert len(grids) >= 8
        for rows in grids:
            assert [head.split()[0] for head in rows[0][-3:]] == ["Home", "*", "Whole"]


def test_a_cell_names_its_grant_and_the_line_that_caused_it() -> None:
    text = words(shown("busy").matrix["live"])
    assert "Tenant Queue Metrics, direct, manifests/profiles.yaml:10" in text
    assert "WFM Planner, group NW WFM Team, manifests/tenants/initech-saas.yaml:23" in text
    assert "Tenant Queue Metrics, direct, not in the manifests" in text
    assert "nw-reconciler client · the operator" in text


def test_the_state_is_told_and_what_was_not_seen() -> None:
    found = shown("busy").matrix
    assert "in northwind, as the manifests alone say" in words(found["desired"])
    assert "Not seen" in words(found["desired"]) and "Not seen" not in words(found["live"])
    assert "not told apart: no organisation was asked" in words(found["desired"])
    assert "as the plan of that moment would leave it" in words(found["planned"])


def test_the_difference_counts_and_orders_as_its_document(each: Shown) -> None:
    text, told = words(each.diff), each.difference
    across = sum(row["risk"] == "wall" for row in told["gained"])
    assert f"+{len(told['gained'])} -{len(told['lost'])} · {across} gained across a tenant's wall" in text
    risks = [risk for risk in ("wall", "everywhere", "home", "org-wide", "within")
             if any(row["risk"] == risk for row in (*told["gained"], *told["lost"]))]  # fmt: skip
    assert re.findall(r'<h2 id="risk-([^"]*)"', each.diff) == risks
    captions = [
        f"{sum(row['risk'] == risk for row in told['gained'])} gained, "
        f"{sum(row['risk'] == risk for row in told['lost'])} lost"
        for risk in risks
    ]
    assert [caption for caption, _ in _tables(each.diff)] == captions
    for reading in (told["before"], told["after"]):
        assert f"read from {reading['from']} until {reading['until']}" in text
    assert all(found["said"] in text for found in (*told["gained"], *told["lost"]))


def test_where_nothing_changed_the_page_says_so(each: Shown) -> None:
    assert "Nothing changed: nobody gained or lost access." in words(each.same)
    assert "Nothing changed" not in words(each.diff) and "<table" not in each.same


def test_the_page_and_the_work_for_it_grow_with_the_organisation_and_not_with_its_square() -> None:
    few, many = (_measured(number) for number in (20, 200))
    assert many[0] / few[0] <= 10.5, "bytes"
    assert many[1] / few[1] <= 10.5, "calls"
    assert many[0] / 200 <= 8_000, "bytes for each tenant"


def _measured(number: int) -> tuple[int, int]:
    """Characters of the page, and function calls that making it took."""
    org = of_size(number)
    shared = org._replace(
        programs=(*org.programs, "hub"),
        owner={**org.owner, "hub": "org"},
        grants=org.grants | {("hub", "hr", f"w{each}") for each in range(number)},
    )
    people = population(shared)
    picture = Picture(
        "live", "northwind", "6f1f", "2026-11-20T14:02:11Z", "2026-11-20T14:02:13Z", people,
        {each: each for each in people.subjects}, "home",
    )  # fmt: skip
    rows = [row(each, picture, str) for each in matrix(Reach(people), sorted(people.subjects))]
    pages: list[str] = []

    def write() -> None:
        pages.append(matrix_page(picture, rows))

    write()
    return len(pages[0]), calls(write)
