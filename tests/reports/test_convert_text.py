"""What convert tells, and the file by which Terraform lets go."""

from __future__ import annotations

import json

import pytest

from reconciler.authoring.removed import removed
from reconciler.kinds import REGISTRY
from reconciler.loading import terraform as reader
from reconciler.model.manifest import Org
from reconciler.model.origin import Origin
from reconciler.planning.convert.fates import fates, findings, letting
from reconciler.planning.convert.scene import scene_of
from reconciler.planning.export.trial import clean
from reconciler.planning.export.values import Brief
from reconciler.planning.offline import Evidence
from reconciler.reports.convert_text import Converted, convert_text
from reconciler.reports.lines import plain
from tests.reports.golden import check
from tests.support import terraform as tf
from tests.support.build import CONFINED, ORG_ID, TODAY

VIEW = "routing:queue:view"


def _id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def _client(number: int, name: str, wall: str) -> tf.State:
    row = {"id": _id(number), "name": name, "accessTokenValiditySeconds": 3600, "state": "active"}
    pairs = [{"roleId": _id(11), "divisionId": wall}]
    return tf.client(row | {"authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": pairs})


def converted() -> Converted:
    """Two tenants: one client whole, one in Home, an instance that is tainted."""
    policy = {"domain": "routing", "entityName": "queue", "actionSet": ["view"]}
    role = {"id": _id(11), "name": "Queue Reader", "permissionPolicies": [policy]}
    walls = [tf.division({"id": _id(n), "name": name}) for n, name in ((1, "ACME-US"), (2, "Globex Bank"))]
    state = tf.state(
        tf.entry("genesyscloud_auth_division", "this", walls[0], key="acme"),
        tf.entry("genesyscloud_auth_division", "this", walls[1], key="globex", tainted=True),
        tf.entry("genesyscloud_auth_role", "reader", tf.role(role)),
        tf.entry("genesyscloud_oauth_client", "metrics", _client(21, "acme-metrics", _id(1))),
        tf.entry("genesyscloud_oauth_client", "home", _client(22, "acme-home", "")),
    )
    estate = reader.read(json.dumps(state).encode(), "state.json")
    org = Org("northwind", "us-east-1", ORG_ID, "nw-reconciler", Origin("org.yaml"))
    known = frozenset(CONFINED)
    scene = scene_of(estate, REGISTRY, Brief(org, TODAY, Evidence(known, frozenset(), known)))
    proposal = clean(scene, lambda found: {})
    became = fates(estate, proposal, scene)
    let = letting(became)
    told = findings(became, let, estate, scene)
    return Converted("state.json", "manifests", proposal, became, let, told, estate.others)


@pytest.mark.parametrize("width", [80, 120])
def test_a_conversion_reads_like_this(width: int) -> None:
    text = plain(convert_text(converted(), REGISTRY, width))
    assert max(map(len, text.splitlines())) <= width
    check(f"tests/golden/reports/convert_{width}.txt", text)


def test_terraform_lets_go_like_this() -> None:
    check("tests/golden/reports/removed.tf", removed(converted().let))
