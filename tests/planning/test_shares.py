"""A share allows what its role allows behind its wall, and nothing that is granted there besides."""

from __future__ import annotations

import pytest

from reconciler.kinds import REGISTRY
from reconciler.model.access import Access
from reconciler.model.address import Address
from reconciler.planning.resolve import resolve
from reconciler.planning.shares import allowed, share_finder
from tests.support.build import TODAY, manifests, metrics

CLIENT, WALL = Address.parse("acme/client/metrics"), Address.parse("globex/division/g")
SHARE = {"reason": "joint campaign", "owner": "sec@x.example", "expires": "2027-06-30"}


@pytest.mark.parametrize(
    ("permission", "division", "reason"),
    [
        pytest.param("routing:queue:view", "wall", "joint campaign", id="what is shared"),
        pytest.param("routing:queue:edit", "wall", None, id="another permission there"),
        pytest.param("routing:queue:view", "elsewhere", None, id="the permission elsewhere"),
        pytest.param("routing:queue:view", "*", None, id="everywhere"),
    ],
)
def test_a_share_covers_its_own_cells(permission: str, division: str, reason: str | None) -> None:
    role = {"key": "r", "name": "R", "permissions": ["routing:queue:view"]}
    grant = {"role": "r", "divisions": ["globex/g"], "share": SHARE}
    acme = {"divisions": [{"key": "us", "name": "US"}], "roles": [role], "clients": [metrics(grant)]}
    wanted = manifests(acme=acme, globex={"divisions": [{"key": "g", "name": "G"}]})
    desired, findings = resolve(wanted, REGISTRY, TODAY)
    assert findings == ()

    def rights(address: Address) -> frozenset[str]:
        return allowed(REGISTRY[address.kind].facts("", desired.resources[address].fields))

    found = share_finder(desired, rights, {CLIENT: "client", WALL: "wall"})
    share = found(Access("client", permission, division, "whatever role"))
    assert (share.reason if share else None) == reason
    assert found(Access("somebody else", permission, division, "whatever role")) is None
