"""OAuth clients: what stands on each, its grants in both views, what it called, what its token sees."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reconciler.simulator.org import Organisation
from reconciler.simulator.view.grants import Grant, grants
from reconciler.simulator.view.names import Place, rank
from reconciler.simulator.view.sight import Sight, sight, token
from reconciler.simulator.view.things import Index
from reconciler.simulator.world import Row


class Called(NamedTuple):
    """How often a client called an operation, with the status it got, and the last day it did."""

    method: str
    template: str
    status: int
    requests: int
    last: str


class Client(NamedTuple):
    """A client: its row without a secret, and what else the organisation knows of it."""

    row: Row
    token: str
    grants: list[Grant]
    sight: Sight
    calls: list[Called]

    @property
    def where(self) -> list[Place]:
        """The divisions of its grants."""
        return sorted({each.where for each in self.grants}, key=rank)


def clients(org: Organisation, indices: Sequence[Index]) -> list[Client]:
    """Every client, by name."""
    calls, world = _calls(org), org.live
    found = [
        Client(row, token(row), grants(org, key), sight(world, key, indices), calls.get(key, []))
        for key, row in world.clients.rows.items()
    ]
    return sorted(found, key=lambda each: (each.row["name"].casefold(), each.row["id"]))


def _calls(org: Organisation) -> dict[str, list[Called]]:
    """What each client called, the most first: since the start, and what the seed says was before."""
    sums: dict[str, dict[tuple[str, str, int], Called]] = {}
    for client, call in _used(org):
        what, of_client = call[:3], sums.setdefault(client, {})
        before = of_client.get(what, call._replace(requests=0))
        of_client[what] = call._replace(
            requests=before.requests + call.requests, last=max(before.last, call.last)
        )
    return {client: sorted(found.values(), key=lambda each: -each.requests) for client, found in sums.items()}


def _used(org: Organisation) -> Iterable[tuple[str, Called]]:
    """Who called what, day by day."""
    for key, row in org.live.usage.rows.items():
        for each in row["called"]:
            yield key, Called(each["method"], each["template"], 200, each["requests"], each["at"])
    for used, requests in org.usage.items():
        yield used.client, Called(used.method, used.template, used.status, requests, used.at)
