"""Whatever things are called: a line stays a line, and nothing in it acts on who reads it.

On a terminal, on a runner of pipelines that obeys its log, in Markdown, on a page, in a spreadsheet.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import cache

import httpx
import pytest

from reconciler.reports.lines import Line, plain
from reconciler.reports.markdown import escaped
from tests.journeys.canaries import Canaries
from tests.journeys.everything import Words, keep, said
from tests.journeys.test_drift_command import QUEUES, grant, put
from tests.journeys.world import APPLY, Ran, World
from tests.support.pages import inhabited, made_world

NAMES = (
    "\x1b]0;evil\x07\x1b[2J",
    "two\n::add-mask::lines\r::error::x",
    "\u202egnp \u2066x\u2069 \u200b\u2028y\u0085z\x9b31m\x7f",
    "::stop-commands::x",
    "##[add-mask]x ##vso[task.setvariable variable=a]b",
    '=HYPERLINK("http://evil.example")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "<script>alert(1)</script> &amp;",
    "[link](http://evil.example) ![i](x) @team #1 `code` | a",
    "word " * 20 + "::error::w " * 9,
)
ACTIVE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|##\w*\[|^\s*::", re.MULTILINE
)
"""What a terminal, an editor or a runner acts on, and a line that begins as a command does."""
OURS = re.compile(
    r"^::(?=(?:error|warning|notice) (?:file=[^,:\n]+,line=\d+,col=\d+,)?title=[^,:\n]+::.)", re.M
)
"""How an annotation of ours begins."""


def _haunt(world: World) -> None:
    """Divisions, roles, clients and descriptions of such names, in reach of a tenant's client."""
    where = world.row("divisions", "ACME-US")["id"]
    own = world.row("clients", "globex-bank-metrics")["id"]
    for name in NAMES:
        policy = {"domain": "routing", "entityName": "queue", "actionSet": ["view"]}
        role = {"name": name, "description": name, "permissionPolicies": [policy]}
        role = world.drift("POST", "authorization/roles", role)
        wall = world.drift("POST", "authorization/divisions", {"name": name, "description": name})
        pairs = [{"roleId": role["id"], "divisionId": each} for each in (where, wall["id"], "*")]
        kind = {"authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": pairs}
        world.drift("POST", "oauth/clients", {"name": name, "description": name, **kind})
        given = {"grants": [{"roleId": role["id"], "divisionId": wall["id"]}]}
        world.drift("POST", f"authorization/subjects/{own}/bulkadd?subjectType=PC_OAUTH_CLIENT", given)
    grant(world, "globex-bank-metrics", QUEUES, "ACME-US")
    marked = world.row("clients", "acme-adherence")["description"]
    put(world, "acme-adherence", description=f"{NAMES[0]}{NAMES[1]} {marked}", state="inactive")


def _acts(words: Words, ran: Ran) -> Iterator[tuple[Words, str]]:
    ends = ran.out.replace("\r\n", "\n") if "csv" in words else ran.out
    ends = OURS.sub("", ends) if "github" in words else ends
    for text in (ends, ran.err):
        yield from ((words, text[max(0, at.start() - 40) : at.end() + 20]) for at in ACTIVE.finditer(text))


@cache
def _everything(every: int) -> list[tuple[Words, Ran]]:
    """Each command in each format (one line in `every`) over one such organisation; made once."""
    with made_world() as world:
        inhabited(world)
        keep(world, "before")
        _haunt(world)
        keep(world, "after")
        return list(said(world, "-vv", every=every))


def _holds(ran: list[tuple[Words, Ran]]) -> None:
    assert [found for words, each in ran for found in _acts(words, each)] == []
    assert {words: each.err for words, each in ran if each.code == 1} == {}
    told = "".join(each.out for _, each in ran)
    assert "x1b]0;evil" in told or "u001b]0;evil" in told


def test_nothing_in_a_name_acts() -> None:
    _holds(_everything(14))


@pytest.mark.full
@pytest.mark.timeout(180)
def test_nothing_in_a_name_acts_in_any_command_and_format() -> None:
    ran = _everything(1)
    _holds(ran)
    sheets = [each.out for words, each in ran if "csv" in words]
    assert len(sheets) >= 4
    for sheet in sheets:
        rows = list(csv.reader(io.StringIO(sheet, newline="")))
        assert {len(row) for row in rows} == {len(rows[0])}
        assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]
    for page in (each.out for words, each in ran if "html" in words):
        assert "<script" not in page and "alert(1)</" not in page.replace("&lt;/script", "")


def test_nor_does_what_the_vendor_says(make_world: type[World], monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages, codes and correlation ids go into reports, the journal, the record and the log."""
    canaries = Canaries(make_world, monkeypatch)

    def refuse(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        if (request.method, request.url.path) != ("POST", "/api/v2/oauth/clients"):
            return answer
        said = " ".join(NAMES)
        header = {"inin-correlation-id": NAMES[3] + NAMES[4] + "\x1b\x9b"}
        return httpx.Response(400, json={"code": NAMES[1], "message": said}, headers=header)

    canaries.answers(refuse)
    ran = [canaries.run("-vv", *APPLY, "--record", "records", "-o", form) for form in ("text", "json")]
    ran += [canaries.run("history", "-o", form) for form in ("text", "json")]
    assert ran[0].code == 5
    for record in canaries.world.place.glob("records/*.json"):
        ran += [canaries.run("history", record.stem[-6:], "-o", form) for form in ("text", "json")]
        ran.append(Ran(0, record.read_text("utf-8"), ""))
    assert len(ran) > 6
    assert [found for each in ran for found in _acts((), each)] == []


def test_no_name_is_a_piece_of_a_patch(world: World) -> None:
    """What no manifest mends is told at the top of the diff that people apply."""
    inhabited(world)
    name = "x\n--- a/manifests/org.yaml\n+++ b/manifests/org.yaml\n@@ -1 +1 @@\n-a\n+b\n#"
    where = [{"roleId": world.row("roles", QUEUES)["id"], "divisionId": "*"}]
    kind = {"authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": where}
    world.drift("POST", "oauth/clients", {"name": name, **kind})
    assert world.run("prove", "--patch", "mend.patch").code == 8
    text = (world.place / "mend.patch").read_text("utf-8")
    told, _, _ = text.partition("\n\n")
    assert "x\\x0a--- a" in told
    assert not [line for line in told.split("\n") if not line.startswith("#")]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_no_line_can_be_made_to_act_by_the_report_that_makes_it(name: str) -> None:
    """Not even where a report forgot to look: the last step does."""
    text = plain([Line(name), Line(f"  {name}")])
    assert text.count("\n") == 2 and not ACTIVE.search(text)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("[a](http://evil.example)", r"\[a\](http:\//evil.example)"),
        ("www.evil.example", r"www\.evil.example"),
        ("@team and me@x.example", "@<!-- -->team and me@x.example"),
        ("<b>&amp;", r"\<b\>\&amp;"),
        ("a | `b` #1", r"a \| \`b\` \#1"),
        ("\u202ex\n# y", r"\\u202ex\\x0a\# y"),
    ],
)
def test_nothing_in_a_name_is_markdown(name: str, written: str) -> None:
    assert escaped(name) == written
