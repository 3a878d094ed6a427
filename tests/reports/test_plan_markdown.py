"""A plan as a comment: what needs consent comes first, it fits, and no name in it is markup."""

from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reconciler.model.access import Access
from reconciler.model.address import Address
from reconciler.model.consent import Ground
from reconciler.model.finding import Finding, Severity
from reconciler.model.plan import Change, FieldChange, Plan, Withheld
from reconciler.reports.comment import MOST, marker
from reconciler.reports.plan_markdown import plan_markdown
from tests.planning.test_consent import HELD, OWN, SHARE, planned

HELD_BACK = Withheld("conflict", "there is one", "adopt it")
HOSTILE = "<script>alert(1)</script> </details> [x](http://evil.example) @team ![i](x) `````` | a\n::error::x"


def tokens(text: str) -> list[Token]:
    """Blocks and what is in them, as GitHub reads them."""
    found = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    return [inner for token in found for inner in (token, *(token.children or ()))]


def shown(text: str) -> str:
    """The words that somebody sees outside of code."""
    return " ".join(each.content for each in tokens(text) if each.type == "text")


def haunted(made: Plan, number: int = 1) -> Plan:
    """The same plan with changes, a subject and a division of such names."""
    changes = tuple(
        Change(
            Address("acme", "division", f"d{each}"), "update", HOSTILE, "id", "drift", HOSTILE,
            (FieldChange(f"field{each}", HOSTILE, HOSTILE * 2),),  # none is like another
        )
        for each in range(number)
    )  # fmt: skip
    grounds = (*made.grounds, Ground("cross-tenant", f"group:{HOSTILE}", HOSTILE))
    return replace(made, changes=(*made.changes, *changes), grounds=grounds)


def test_the_consent_comes_first_and_the_command_last() -> None:
    made = planned({"role": "r", "divisions": ["globex/g"], "share": SHARE})
    text = plan_markdown(made)
    lines = text.splitlines()
    assert lines[0] == marker("plan", "northwind")
    assert lines[1] == "## northwind: consent to **cross-tenant**"
    assert (
        "| **cross-tenant** | acme/client/metrics | gains 1 right in globex | globex, sec@example.org |"
        in lines
    )
    assert text.index("cross-tenant") < text.index("▲ acme/client/metrics") < text.index("<details>")
    assert lines[-2] == f"$ reconciler apply --approved sha256:{made.digest}"


def test_nothing_to_do_asks_for_nothing() -> None:
    text = plan_markdown(planned(OWN, held=[HELD]))
    assert text.splitlines()[1] == "## northwind: nothing to do" and "apply --approved" not in text


def test_what_only_a_guard_touches_asks_for_nothing() -> None:
    made = planned({"role": "r", "divisions": ["globex/g"], "share": {**SHARE, "expires": "2026-01-01"}})
    assert not made.running
    text = plan_markdown(made)
    assert "consent to" not in text and "apply --approved" not in text


def test_a_leak_stands_first_though_a_guard_withholds_it() -> None:
    leak = Finding("isolation/home", Severity.CRITICAL, "it would reach Home", "do not")
    made = replace(planned({"role": "r", "divisions": ["globex/g"], "share": SHARE}), findings=(leak,))
    assert plan_markdown(made).splitlines()[1] == "## northwind: **leak**, consent to **cross-tenant**"
    held = replace(
        made, grounds=(), changes=tuple(replace(each, withheld=HELD_BACK) for each in made.changes)
    )
    assert plan_markdown(held).splitlines()[1] == "## northwind: **leak**, nothing would be changed"
    doubt = replace(made, findings=(replace(leak, severity=Severity.WARNING),))
    assert "leak" not in plan_markdown(doubt).splitlines()[1]


def test_no_name_is_markup_a_link_or_a_call() -> None:
    text = plan_markdown(haunted(planned(OWN)))
    html = {each.content.strip() for each in tokens(text) if each.type in ("html_block", "html_inline")}
    frame = ("<details>", "</details>", "<!-- reconciler plan northwind -->", "<sub>", "</sub>", "<!-- -->")
    assert {
        each for each in html if each not in frame and not each.startswith("<details>\n<summary>")
    } == set()
    assert not [each for each in tokens(text) if each.type in ("link_open", "image")]
    assert "@team" not in text.replace("@<!-- -->team", "").split("```")[0]
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


def test_names_stand_as_they_are_where_somebody_reads_them() -> None:
    assert "<script>alert(1)</script>" in shown(plan_markdown(haunted(planned(OWN))))


@pytest.mark.parametrize("most", [MOST, 8_000])
def test_a_thousand_changes_fit_and_the_gravest_is_among_them(most: int) -> None:
    text = plan_markdown(haunted(planned(OWN), 1_000), most=most)
    assert len(text) <= most
    assert "cross-tenant" in text.splitlines()[1] and "apply --approved" in text
    assert "more: `reconciler plan` prints all" in text and len(text) + 500 <= 65_536
    blocks = [each for each in tokens(text) if each.type == "fence"]
    assert len(blocks) >= 3 and "</details>" not in "".join(each.info for each in blocks)


def test_the_gravest_of_a_thousand_is_told_first_and_no_part_takes_the_room_of_what_is_behind_it() -> None:
    """A thousand subjects of access none like another, and a deletion and a conflict at the very end."""
    made = haunted(planned(OWN), 1_000)
    last = Change(
        Address("zeta", "division", "last"), "delete", "LAST", "id", "manifest", "no longer declared"
    )
    held = replace(made.changes[-1], address=Address("zeta", "client", "held"), withheld=HELD_BACK)
    grounds = (*made.grounds, Ground("destructive", "zeta/division/last", "is deleted", ("zeta",)))
    gains = tuple(Access(f"group:g{n}", f"routing:queue:v{n}", HOSTILE, "r") for n in range(3_000))
    full = replace(
        made, changes=(*made.changes, last, held), grounds=grounds, access=replace(made.access, gains=gains)
    )
    text = plan_markdown(full, details="https://ci.example.org/runs/1")
    assert len(text) <= MOST and "[All of it](https://ci.example.org/runs/1)" in text
    changes = text[text.index("<summary>Changes") :]
    assert changes.index("zeta/division/last") < changes.index("zeta/client/held") < changes.index("acme/")
    assert "release: adopt it" in text


def test_without_a_place_there_is_no_link() -> None:
    assert "All of it" not in plan_markdown(planned(OWN))
