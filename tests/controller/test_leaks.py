"""The controller says no secret: in its log, on its page, in what is measured and in its history."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from reconciler.simulator import serve
from reconciler.simulator.exchange import Answer, Request
from reconciler.simulator.faults import Outcome
from tests.controller.fleet import Site
from tests.controller.test_process import Running, controller, output, ran, site
from tests.journeys.canaries import hear
from tests.support.canary import awkward, finds

pytestmark = [pytest.mark.full, pytest.mark.timeout(150)]
OPERATOR, PROXY, TOLD = awkward(1), awkward(3), awkward(4)
SERVED = ("/", "/metrics", "/healthz", "/readyz", "/nowhere")


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that there are: the operator's, those of the environment, and what the organisation draws."""
    known = [OPERATOR, PROXY, TOLD]
    hear(monkeypatch, known)
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://proxy:{quote(PROXY)}@127.0.0.1:9")
    monkeypatch.setenv("RECONCILER_WEBHOOK", f"http://127.0.0.1:9/{quote(TOLD, safe='')}")
    return known


@pytest.fixture
def watched(tmp_path: Path, secrets: list[str]) -> Site:
    """An organisation whose operator's secret is a canary."""
    made = site(tmp_path)
    made.sim.org.secrets[made.client] = OPERATOR
    (tmp_path / "keys" / made.name / "client-secret").write_text(OPERATOR, "utf-8")
    return made


async def looked(place: Path, url: str, ending: str) -> list[str]:
    """One look that ends so; everything that was served, and said."""
    async with controller(place, url, "--every", "1h") as running:
        await running.until("/metrics", f'reconciler_controller_last_look{{ending="{ending}"')
        told = [await _answered(running, path) for path in SERVED]
        running.process.terminate()
        assert await running.end() == 0 and "Traceback" not in running.said, running.said
    return [*told, running.said]


async def _answered(running: Running, path: str) -> str:
    return str(await running.get(path))


def unwise(watched: Site, path: str, heard: Callable[[Request], str]) -> None:
    """From here on the organisation quotes what it was shown."""
    respond = type(watched.sim).respond

    def quoting(request: Request) -> Outcome:
        if not request.path.startswith(path):
            return respond(watched.sim, request)
        words = f"no such thing as {heard(request)}"
        body = {"code": words, "message": words, "error": words, "error_description": words}
        return Outcome(Answer(400, json.dumps(body).encode(), {"ININ-Correlation-Id": heard(request)[:60]}))

    watched.sim.respond = quoting  # type: ignore[method-assign]


def authorisation(request: Request) -> str:
    return request.headers.get("authorization", "")


async def test_a_controller_says_no_secret_whatever_it_finds(
    tmp_path: Path, watched: Site, secrets: list[str]
) -> None:
    said: list[str] = []
    async with serve(watched.sim) as url:
        assert await ran(tmp_path, url, "apply", "site-0", "--auto-approve") == 0
        said += await looked(tmp_path, url, "as declared")
        watched.leak()
        said += await looked(tmp_path, url, "corrected")
        assert watched.held("acme-pull") == {"ACME"}
        unwise(watched, "/api/", authorisation)
        said += await looked(tmp_path, url, "failed")
        unwise(watched, "/oauth/", lambda request: f"{authorisation(request)} {OPERATOR}")
        said += await looked(tmp_path, url, "refused")
        said.append(await output(tmp_path, url, "history", "--root", "site-0", "-o", "json"))
    assert len(secrets) > 8 and '"controller"' in said[-1]
    assert all(f'"event": "{event}"' in "".join(said) for event in ("request answered", "nobody was told"))
    kept = [each for each in tmp_path.rglob("*") if each.is_file()]
    ours = [each for each in kept if not {"secrets", "keys"} & set(each.relative_to(tmp_path).parts)]
    assert tmp_path / "history.sqlite" in ours
    assert [find for text in said for find in finds(text, secrets)] == []
    assert [(each, find) for each in ours for find in finds(each.read_bytes(), secrets)] == []
