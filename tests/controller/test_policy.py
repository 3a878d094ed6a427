"""The controller looks at every organisation on its schedule, and corrects what its policy allows."""

from __future__ import annotations

import asyncio
import io
import re
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from reconciler.engine import cycle
from reconciler.engine.watching import Watching
from reconciler.reports.controller_page import controller_page
from reconciler.telemetry.logs import configure
from reconciler.telemetry.measuring import of_controller
from reconciler.telemetry.textfile import exposition
from tests.controller.fleet import POLICIES, ROLE, WIDER, Fleet, site_of
from tests.support.canary import SPELLINGS, awkward, drawn, finds
from tests.support.clock import START

EVERY = 900.0


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    """One organisation of each policy."""
    return Fleet(tmp_path, monkeypatch, *POLICIES)


def test_only_what_nobody_declared_is_taken_back_and_only_where_policy_says_so(fleet: Fleet) -> None:
    async def story(made: Watching) -> None:
        await asyncio.sleep(100)
        for site in fleet.sites:
            site.leak()
            site.take()
            site.leak_more()  # at the client that something was taken from
            site.rename()
        await asyncio.sleep(3 * EVERY)

    made = fleet.play(EVERY, story)
    assert {site.correct: site.held("acme-pull") for site in fleet.sites} == {
        "detect": {"ACME", "GLOBEX"},
        "downwards": {"ACME"},
        "upwards": {"ACME"},
    }
    assert [site.held("globex-pull") for site in fleet.sites] == [{"ACME"}, set(), set()]
    assert all(site.row("divisions", "ACME")["description"].startswith("ours!") for site in fleet.sites)
    assert [site_of(fleet, made, n).last.ending for n in range(3)] == ["leak", "drifted", "drifted"]


@pytest.mark.full
def test_a_quiet_organisation_is_looked_at_on_time_and_never_written(fleet: Fleet) -> None:
    before = [site.writes() for site in fleet.sites]

    async def story(made: Watching) -> None:
        await asyncio.sleep(10 * EVERY)

    made = fleet.play(EVERY, story)
    endings = [[glance.ending for glance in each.past] for each in made.watched]
    assert endings == [["as declared"] * 10] * 3
    assert [site.writes() for site in fleet.sites] == before


@pytest.mark.full
def test_manifests_are_read_anew_and_a_mistake_ends_nothing_else(fleet: Fleet) -> None:
    first = fleet.sites[0]

    async def story(made: Watching) -> None:
        await asyncio.sleep(100)
        (first.root / "org.yaml").write_text("kind: Ogr", "utf-8")
        await asyncio.sleep(1.2 * EVERY)
        assert site_of(fleet, made).last.ending == "invalid" and site_of(fleet, made).known is not None
        assert site_of(fleet, made, 1).last.ending == "as declared"
        (first.root / "org.yaml").write_text(first.text, "utf-8")
        await asyncio.sleep(2 * EVERY)

    made = fleet.play(EVERY, story)
    assert site_of(fleet, made).last.ending == "as declared" and site_of(fleet, made).fails == 0


@pytest.mark.full
def test_a_paused_organisation_is_left_alone_until_the_file_is_gone(fleet: Fleet) -> None:
    paused, other = fleet.sites[1], fleet.sites[2]
    fleet.pauses.mkdir()
    (fleet.pauses / paused.name).write_text("change freeze\nuntil monday", "utf-8")
    before = paused.sim.total

    async def story(made: Watching) -> None:
        paused.leak()
        other.leak()
        await asyncio.sleep(2 * EVERY)
        assert paused.sim.total == before and other.held("acme-pull") == {"ACME"}
        assert site_of(fleet, made, 1).doing == "paused" and made.watched[1].paused == "change freeze"
        (fleet.pauses / paused.name).unlink()
        await asyncio.sleep(60)

    fleet.play(EVERY, story)
    assert paused.held("acme-pull") == {"ACME"}


@pytest.mark.full
def test_credentials_that_end_are_not_hammered_and_recover(fleet: Fleet) -> None:
    site = fleet.sites[0]
    secret = fleet.place / "keys" / site.name / "client-secret"

    async def story(made: Watching) -> None:
        await asyncio.sleep(100)
        secret.write_text("ended", "utf-8")
        before = site.sim.total
        await asyncio.sleep(86_400)
        assert site_of(fleet, made).last.ending == "refused" and site_of(fleet, made).fails >= 20
        assert site.sim.total - before < 60
        secret.write_text("operator-secret", "utf-8")
        await asyncio.sleep(4_000)

    made = fleet.play(EVERY, story)
    assert site_of(fleet, made).last.ending == "as declared"


@pytest.mark.full
def test_what_breaks_in_one_look_ends_no_other_and_quotes_nothing(fleet: Fleet) -> None:
    """A bug of ours that holds a secret, and a receiver that is misspelt while it runs."""
    real, log, secret = cycle.drift, io.StringIO(), awkward(1)
    quoted = " ".join([f"Authorization: Bearer {drawn(2)}", *(spell(secret) for spell in SPELLINGS.values())])

    async def broken(api: Any, manifests: Any, *rest: Any) -> Any:
        if manifests.org.name == fleet.sites[0].name:
            raise RuntimeError(quoted)
        return await real(api, manifests, *rest)

    fleet.patch.setattr(cycle, "drift", broken)
    configure(2, stream=log)

    async def story(made: Watching) -> None:
        await asyncio.sleep(100)
        fleet.patch.setenv("RECONCILER_WEBHOOK_FILE", "nowhere")
        await asyncio.sleep(3 * EVERY)

    made = fleet.play(EVERY, story)
    first = site_of(fleet, made).last
    assert (first.ending, first.ran.code, first.ran.error) == ("bug", 1, "a bug (RuntimeError)")
    assert [len(each.past) for each in made.watched] == [2, 3, 3]
    assert site_of(fleet, made, 1).last.ending == "as declared"
    measured = exposition([*chain(*fleet.looker.samples.values()), *of_controller(made.watched)])
    page = controller_page(made.watched, {}, START)
    history = (fleet.place / "history.sqlite").read_bytes()
    said = (log.getvalue(), page, measured, history)
    assert all("RuntimeError" in each for each in (log.getvalue(), page))
    assert re.search(r"cli/unattended.py:\d+ _look\b.*test_policy.py:\d+ broken\b", log.getvalue())
    assert [finds(each, [secret, drawn(2)]) for each in said] == [[]] * len(said)


@pytest.mark.full
def test_two_directories_about_one_organisation_are_not_both_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet = Fleet(tmp_path, monkeypatch, "downwards", "downwards")
    (fleet.sites[1].root / "org.yaml").write_text(fleet.sites[0].text, "utf-8")

    async def story(made: Watching) -> None:
        await asyncio.sleep(EVERY)

    made = fleet.play(EVERY, story)
    (twin,) = [each for each in made.watched if each.last and each.last.ending == "refused"]
    assert twin.last and "is about the same organisation" in twin.last.ran.error


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fleet:
    """One organisation in which the controller may take back what somebody gave."""
    return Fleet(tmp_path, monkeypatch, "downwards")


GROUP = (
    "  grants: [{key: planners, subject: {group: NW WFM Team}, pairs: [{role: metrics, divisions: own}]}]\n"
)


def test_what_newer_manifests_gave_a_group_is_not_taken_back_by_a_stale_checkout(one: Fleet) -> None:
    (site,) = one.sites
    org = site.root / "org.yaml"
    org.write_text(site.text + GROUP, "utf-8")
    one.apply(site)
    org.write_text(site.text, "utf-8")  # the controller's checkout has not caught up
    before = site.sim.snapshot()["grants"]

    async def story(made: Watching) -> None:
        await asyncio.sleep(EVERY)

    made = one.play(EVERY, story)
    assert site.sim.snapshot()["grants"] == before
    assert site_of(one, made).last.ending == "drifted"


@pytest.mark.full
@pytest.mark.parametrize("also", [False, True], ids=["alone", "beside a correction"])
def test_a_leak_that_a_limit_holds_back_is_a_leak(one: Fleet, also: bool) -> None:
    (site,) = one.sites
    site.leak()
    site.leak_more()
    site.take("acme")
    site.take("globex")  # so that each would lose the last that it holds: two removals
    role = site.row("roles", ROLE)
    if also:  # no removal: a role that grew is taken back all the same
        (policy,) = role["permissionPolicies"]
        site.write_role(role, permissionPolicies=[{**policy, "actionSet": ["view", "edit"]}])
    text = site.text.replace("removals: 3", "removals: 1")
    (site.root / "org.yaml").write_text(text, "utf-8")

    async def story(made: Watching) -> None:
        await asyncio.sleep(50)

    last = site_of(one, one.play(EVERY, story)).last
    assert (last.ending, last.ran.code) == ("leak", 8)
    assert (site.held("acme-pull"), site.held("globex-pull")) == ({"GLOBEX"}, {"ACME"})
    assert site.row("roles", ROLE)["permissionPolicies"] == role["permissionPolicies"]


def test_what_newer_manifests_wrote_between_look_and_correction_is_looked_at_again(one: Fleet) -> None:
    (site,) = one.sites
    real, org, now = cycle.drift, site.root / "org.yaml", site.row("roles", ROLE)
    org.write_text(site.text.replace("[routing:queue:view]", f"[routing:queue:view, {WIDER}]"), "utf-8")
    one.apply(site)
    newer = site.row("roles", ROLE)
    org.write_text(site.text, "utf-8")
    site.write_role(newer, description=now["description"])  # by hand, what newer manifests are about to give

    async def overtaken(*given: Any) -> Any:
        found = await real(*given)
        assert list(map(str, found.correction.now)) == ["org/role/metrics"]
        site.write_role(newer)
        return found

    one.patch.setattr(cycle, "drift", overtaken)

    async def story(made: Watching) -> None:
        await asyncio.sleep(20)

    last = site_of(one, one.play(EVERY, story)).last
    assert last.ending == "held" and "was written since it was looked at" in last.ran.error
    assert site.row("roles", ROLE)["permissionPolicies"] == newer["permissionPolicies"]


def test_what_is_paused_while_it_is_looked_at_is_not_corrected(one: Fleet) -> None:
    (site,) = one.sites
    real = cycle.drift

    async def frozen(*given: Any) -> Any:
        found = await real(*given)
        one.pauses.mkdir(exist_ok=True)
        (one.pauses / site.name).write_text("freeze", "utf-8")
        return found

    one.patch.setattr(cycle, "drift", frozen)
    site.leak()

    async def story(made: Watching) -> None:
        await asyncio.sleep(EVERY)

    made = one.play(EVERY, story)
    assert site.held("acme-pull") == {"ACME", "GLOBEX"}
    assert site_of(one, made).last.ending == "leak" and made.watched[0].paused == "freeze"


@pytest.mark.full
def test_a_pause_holds_by_the_name_in_manifests_that_could_not_be_read_before(one: Fleet) -> None:
    (site,) = one.sites
    (site.root / "org.yaml").write_text("kind: Ogr", "utf-8")
    one.pauses.mkdir()
    (one.pauses / site.name).write_text("freeze", "utf-8")
    site.leak()
    before = site.sim.total

    async def story(made: Watching) -> None:
        made.call(str(site.root), one.looker.label(str(site.root), "a directory"))  # all that is known
        await asyncio.sleep(30)
        assert site_of(one, made).last.ending == "invalid"
        (site.root / "org.yaml").write_text(site.text, "utf-8")
        await asyncio.sleep(EVERY)

    made = one.play(EVERY, story)
    assert site.sim.total == before and site_of(one, made).name == site.name
    assert [each.ending for each in site_of(one, made).past] == ["invalid"]


@pytest.mark.full
def test_an_organisation_is_free_again_once_its_directory_is_about_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet = Fleet(tmp_path, monkeypatch, "detect", "detect")
    first, second = fleet.sites
    (first.root / "org.yaml").write_text(second.text, "utf-8")  # copied, and not edited yet

    async def story(made: Watching) -> None:
        await asyncio.sleep(30)
        (first.root / "org.yaml").write_text(first.text, "utf-8")
        await asyncio.sleep(4 * EVERY)

    made = fleet.play(EVERY, story)
    assert [each.last.ending for each in made.watched if each.last] == ["as declared"] * 2


@pytest.mark.full
def test_no_two_organisations_are_measured_under_one_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two in directories of one name cannot be read, and one of another id is called as the first is."""
    fleet = Fleet(tmp_path, monkeypatch, *["detect"] * 4)
    first, twin, *broken = fleet.sites
    (twin.root / "org.yaml").write_text(twin.text.replace(twin.name, first.name, 1), "utf-8")
    for each in broken:
        (each.root / "org.yaml").write_text("kind: Ogr", "utf-8")

    async def story(made: Watching) -> None:
        for each in broken:
            made.call(str(each.root), fleet.looker.label(str(each.root), "manifests"))
        await asyncio.sleep(5 * EVERY)

    made = fleet.play(EVERY, story)
    told = [*chain(*fleet.looker.samples.values()), *of_controller(made.watched)]
    assert max(Counter((each.metric, each.labels) for each in told).values()) == 1
    endings = [each.last.ending for each in made.watched if each.last]
    assert sorted(endings) == ["as declared", "invalid", "invalid", "refused"]
    assert all(each.labels[0] for each in told)
    assert any("gives its name to the same" in each.last.ran.error for each in made.watched if each.last)
