"""`probe` asks with each tenant's own token, and says what it saw without a name of what is foreign."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.planning.settle import SETTLE_SECONDS
from tests.journeys.test_drift_command import QUEUES, grant
from tests.journeys.test_prove import move
from tests.journeys.world import Ran, World

METRICS = ("acme-retail", "globex-bank", "initech-saas")
GLOBEX = "globex-bank/client/metrics"
QUEUE_PATH = "/api/v2/routing/queues"
BEHIND = ("ACME-US", "GLOBEX", "INITECH")


def inhabit(world: World) -> World:
    """A queue behind each tenant's walls: what is empty confirms nothing."""
    world.settle()
    for queue, division in zip(world.sim.snapshot()["queues"], BEHIND, strict=False):
        move(world, queue["name"], division)
    return world


@pytest.fixture
def inhabited(world: World) -> World:
    return inhabit(world)


def probed(world: World, code: int, *arguments: str) -> dict[str, Any]:
    """The document of a probe that wrote nothing but the end of its own tokens, and says no secret."""
    before = len(world.sim.writes())
    ran = world.run("-vv", "probe", "-o", "json", *arguments)
    assert ran.code == code, ran.out + ran.err
    wrote = {f"{each.method} {each.path}" for each in world.sim.writes()[before:]}
    assert wrote <= {"DELETE /api/v2/tokens/me"}
    quiet(world, ran)
    found: dict[str, Any] = json.loads(ran.out)
    Draft202012Validator(json.loads(world.run("schema", "probe").out)).validate(found)
    return found


def quiet(world: World, ran: Ran) -> None:
    """No secret and no token in what was said, and on stdout no id or name of an object in any division."""
    state = world.sim.snapshot()
    hidden = set(world.sim.org.secrets.values()) | {
        file["clientSecret"] for file in world.delivered().values()
    }
    hidden |= tokens(world).keys()
    for text in (ran.out, ran.err):
        assert not any(secret in text for secret in hidden - {""})
        assert "Bearer" not in text and "Basic " not in text
    for queue in state["queues"]:
        assert queue["id"] not in ran.out and queue["name"] not in ran.out


def tokens(world: World) -> dict[str, str]:
    """Every token in circulation, with its client."""
    return {text: each.client for text, each in world.sim.exchange._tokens._issued.items()}


def verdicts(found: dict[str, Any]) -> dict[str, str]:
    return {each["client"]: each["verdict"] for each in found["clients"]}


def client(found: dict[str, Any], address: str = GLOBEX) -> dict[str, Any]:
    (one,) = (each for each in found["clients"] if each["client"] == address)
    return dict(one)


def grant_everywhere(world: World) -> list[dict[str, Any]]:
    """A colleague's hand, as the edits it makes."""
    pair = {"roleId": world.row("roles", QUEUES)["id"], "divisionId": "*"}
    subject = world.row("clients", "globex-bank-metrics")["id"]
    path = f"/api/v2/authorization/subjects/{subject}/bulkadd?subjectType=PC_OAUTH_CLIENT"
    return [{"method": "POST", "path": path, "body": {"grants": [pair]}}]


def test_clients_that_see_their_own_queue_and_no_other_are_confirmed(inhabited: World) -> None:
    found = probed(inhabited, 0)
    assert verdicts(found) == {
        "acme-retail/client/adherence": "VACUOUS",
        "acme-retail/client/metrics": "CONFIRMED",
        "globex-bank/client/archive": "VACUOUS",
        "globex-bank/client/metrics": "CONFIRMED",
        "initech-saas/client/desk": "VACUOUS",
        "initech-saas/client/metrics": "CONFIRMED",
    }
    lists = client(found)["lists"]
    told = [
        (one["permission"], one["listed"], one["foreign"], one["controls"], one["tried"]) for one in lists
    ]
    assert told == [("routing:queue:view", 1, 0, 1, 2), ("routing:queue:search", 1, 0, 1, 0)]
    assert client(found)["open"] == {"people": 12, "groups": 3, "divisions": 6}
    assert any("may not list queues" in note for note in found["notes"])


def test_a_client_is_asked_few_questions_at_a_tenth_of_its_rate_and_its_tokens_end(inhabited: World) -> None:
    since, circulating = len(inhabited.sim.requests), tokens(inhabited)
    found = probed(inhabited, 0)
    asked = [each for each in inhabited.sim.requests[since:] if each.client_id != "operator"]
    by_client: dict[str, list[Any]] = {}
    for each in asked:
        by_client.setdefault(each.client_id, []).append(each)
    assert len(by_client) == 5  # the desk has no token of its own
    assert {len(several) for several in by_client.values()} <= set(range(1, 21))
    assert sum(each["requests"] for each in found["clients"]) == len(asked)
    for several in by_client.values():
        gaps = [after.at - before.at for before, after in itertools.pairwise(several)]
        assert min(gaps) >= 60 / (300 * 0.1) - 0.3, gaps
        assert max(gaps) < SETTLE_SECONDS, "nothing was in doubt, so there was nothing to wait for"
        given = sum(each.path == "/oauth/token" for each in several)
        ended = [each for each in several if (each.method, each.path) == ("DELETE", "/api/v2/tokens/me")]
        assert len(ended) == given and {each.status for each in ended} == {204}
    left = tokens(inhabited).items() - circulating.items()
    assert {client for _, client in left} == {"operator"}


def test_a_star_made_by_hand_is_a_leak_with_counts_until_apply_takes_it_back(inhabited: World) -> None:
    for edit in grant_everywhere(inhabited):
        inhabited.sim.edit(**edit)
    found = probed(inhabited, 8)
    assert {address for address, said in verdicts(found).items() if said == "LEAK"} == {GLOBEX}
    first = client(found)["lists"][0]
    assert [first[name] for name in ("listed", "foreign", "tried", "answered")] == [3, 2, 2, 2]
    assert "routing:queue:view is permitted in 4 divisions that it may not reach" in " ".join(
        client(found)["reasons"]
    )
    ran = inhabited.run("probe")
    quiet(inhabited, ran)
    assert ran.code == 8 and ran.last.endswith("1 leak · exit 8")
    inhabited.settle("--deep")
    assert verdicts(probed(inhabited, 0))[GLOBEX] == "CONFIRMED"


def test_one_foreign_queue_is_a_leak_and_the_others_stay_confirmed(inhabited: World) -> None:
    grant(inhabited, "globex-bank-metrics", QUEUES, "ACME-US")
    found = probed(inhabited, 8)
    assert [client(found)["lists"][0][name] for name in ("listed", "foreign", "answered")] == [2, 1, 1]
    assert verdicts(found)["acme-retail/client/metrics"] == "CONFIRMED"


def test_a_leak_that_the_proof_could_not_foresee_is_found_by_asking(inhabited: World) -> None:
    """Somebody grants while we ask: the proof has been read, and says that all is well."""
    path = "/api/v2/authorization/subjects/me"
    inhabited.sim.faults([{"kind": "edit", "path": path, "nth": 1, "edits": grant_everywhere(inhabited)}])
    found = probed(inhabited, 8)
    assert {address for address, said in verdicts(found).items() if said == "LEAK"} == {GLOBEX}


@pytest.mark.parametrize(
    "switches",
    [
        {"foreign-object": "404"},
        {"foreign-object": "403"},
        {"own-view": "empty"},
        {"org-wide-permitted": "everywhere"},
        {"token-rights": "issued"},
        {"starred-shown": "absent"},
    ],
    ids=str,
)
def test_whatever_the_vendor_turns_out_to_do_the_verdict_is_the_same(
    make_world: Callable[..., World], switches: dict[str, str]
) -> None:
    world = inhabit(make_world(switches=switches))
    found = probed(world, 0)
    assert {verdicts(found)[f"{tenant}/client/metrics"] for tenant in METRICS} == {"CONFIRMED"}
    for edit in grant_everywhere(world):
        world.sim.edit(**edit)
    assert verdicts(probed(world, 8))[GLOBEX] == "LEAK"


@pytest.mark.parametrize("kind", ["status", "timeout-before", "html", "truncate"])
def test_what_is_not_answered_is_unknown_and_never_green(inhabited: World, kind: str) -> None:
    inhabited.sim.faults([{"kind": kind, "path": QUEUE_PATH, "times": None}])
    found = probed(inhabited, 7)
    assert {verdicts(found)[f"{tenant}/client/metrics"] for tenant in METRICS} == {"UNKNOWN"}
    assert all(each["tokenReturned"] for each in found["clients"])


def test_a_passing_difference_is_asked_again_and_called_unsettled(inhabited: World) -> None:
    inhabited.sim.faults([{"kind": "status", "status": 403, "path": f"{QUEUE_PATH}/divisionviews", "nth": 2}])
    found = probed(inhabited, 7)
    unknown = [each for each in found["clients"] if each["verdict"] == "UNKNOWN"]
    assert len(unknown) == 1
    assert "not settled" in " ".join(unknown[0]["lists"][1]["reasons"])


def test_a_client_that_may_less_than_the_model_says_is_a_mismatch(inhabited: World) -> None:
    inhabited.sim.faults(
        [{"kind": "status", "status": 403, "path": f"{QUEUE_PATH}/divisionviews", "times": None}]
    )
    found = probed(inhabited, 7)
    assert {verdicts(found)[f"{tenant}/client/metrics"] for tenant in METRICS} == {"MISMATCH"}


def test_a_secret_that_is_not_to_be_had_leaves_its_client_unknown(inhabited: World) -> None:
    (inhabited.secrets / "globex-bank" / "metrics.json").unlink()
    found = probed(inhabited, 7)
    assert client(found)["verdict"] == "UNKNOWN" and client(found)["requests"] == 0
    assert "there is no secret at" in " ".join(client(found)["reasons"])
    assert verdicts(found)["acme-retail/client/metrics"] == "CONFIRMED"


def test_a_secret_of_somebody_else_is_not_used(inhabited: World) -> None:
    own, other = (inhabited.secrets / tenant / "metrics.json" for tenant in ("globex-bank", "acme-retail"))
    own.write_bytes(other.read_bytes())
    found = probed(inhabited, 7)
    assert client(found)["verdict"] == "UNKNOWN" and client(found)["requests"] == 0


def test_a_secret_that_was_replaced_leaves_its_client_unknown(inhabited: World) -> None:
    inhabited.drift("POST", f"oauth/clients/{inhabited.row('clients', 'globex-bank-metrics')['id']}/secret")
    found = probed(inhabited, 7)
    assert client(found)["verdict"] == "UNKNOWN" and "it got no token" in " ".join(client(found)["reasons"])


def test_a_token_that_cannot_be_given_back_is_said(inhabited: World) -> None:
    fault = {"kind": "status", "method": "DELETE", "path": "/api/v2/tokens/me", "times": None}
    inhabited.sim.faults([fault])
    found = probed(inhabited, 0)
    assert not client(found)["tokenReturned"]
    ran = inhabited.run("-vv", "probe")
    assert "could not be given back" in ran.out
    assert len(tokens(inhabited)) > 20
    quiet(inhabited, ran)


def test_without_anything_behind_its_walls_nothing_is_confirmed(settled: World) -> None:
    assert set(verdicts(probed(settled, 0)).values()) == {"VACUOUS"}


def test_before_the_first_apply_nobody_can_be_asked(world: World) -> None:
    found = probed(world, 0)
    assert found["clients"] == []
    assert "acme-retail has no client to ask" in found["notes"]


def test_only_some_are_asked(inhabited: World) -> None:
    assert set(verdicts(probed(inhabited, 0, "--only", "acme-retail"))) == {
        "acme-retail/client/adherence",
        "acme-retail/client/metrics",
    }
    ran = inhabited.run("probe", "--only", "acme-retail/client/nobody")
    assert ran.code == 1 and "selects no client" in ran.err


def test_an_operator_who_may_list_queues_names_foreign_ones_of_nobody_too(inhabited: World) -> None:
    grant(inhabited, "nw-reconciler", "Supervisor", "Home")
    grant(inhabited, "nw-reconciler", "Supervisor", "GLOBEX")
    found = probed(inhabited, 0, "--only", "acme-retail/client/metrics")
    assert verdicts(found) == {"acme-retail/client/metrics": "CONFIRMED"}
    assert found["notes"] == []


@pytest.mark.parametrize("switches", [{}, {"own-view": "empty"}], ids=["filled", "empty"])
def test_any_token_says_what_it_sees_without_manifests(
    make_world: Callable[..., World], switches: dict[str, str]
) -> None:
    world = inhabit(make_world(switches=switches))
    kept = world.delivered()[GLOBEX]
    world.sign_in(kept["clientId"], kept["clientSecret"])
    ran, writes = world.wrote("probe", "--self", "no-such-directory")
    assert (ran.code, writes) == (0, []), ran.err
    said = " ".join(ran.out.split())
    assert "sees 1 queues (routing:queue:view)" in said and "12 people, 3 groups, 6 divisions" in said
    assert "in GLOBEX: " in said or switches
    assert ("none of its own grants" in said) == bool(switches)
    quiet(world, ran)


def test_a_look_at_oneself_is_text_about_one_token(world: World) -> None:
    for arguments in (
        ["--self", "-o", "json"],
        ["--self", "--only", "acme-retail"],
        ["--region", "us-east-1"],
    ):
        assert world.run("probe", *arguments).code == 1
