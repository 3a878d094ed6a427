"""A wrong manifest for every rule: rule → files, where it is found, and a piece of its message.

Add a line when you add a rule; `test_every_rule.py` fails without one.
"""

from __future__ import annotations

from typing import NamedTuple

from reconciler.loading.text import MOST_BYTES
from reconciler.loading.yaml_events import MOST_NODES
from tests.loading.diagnose import ORG, PROFILE, SHARED, TENANT


class Example(NamedTuple):
    """`at` is file:line:column; `org` False where the Org document is part of the example."""

    files: dict[str, str | bytes]
    at: str
    says: str
    org: bool = True


def tenant(body: str, **more: str) -> dict[str, str | bytes]:
    """A tenant's spec below its four lines of head, and other files."""
    return {"t.yaml": TENANT + body, **{f"{name}.yaml": text for name, text in more.items()}}


US = "  divisions: [{key: us, name: US}]\n"
READER = "  roles: [{key: reader, name: Reader, permissions: ['routing:queue:view']}]\n"
METRICS = PROFILE + "  clients: [{key: metrics, grants: [], secret: {sink: local}}]\n"
SECRET = "q7XkP2vR9sLm4TzB8nWd3JfH6yGc1AeK"


def client(fields: str, **more: str) -> dict[str, str | bytes]:
    """A tenant with one division, one role and one client, whose fields start on line 8, column 7."""
    return tenant(US + READER + "  clients:\n    - key: pull\n" + fields, **more)


SINK = "      secret: {sink: local}\n"

FILES = {
    "manifest/too-big": Example({"t.yaml": "#" * (MOST_BYTES + 1)}, "t.yaml:1:1", "larger than 256 KiB"),
    "manifest/encoding": Example({"t.yaml": b"a: 1\nb: \xff\n"}, "t.yaml:2:4", "not UTF-8: byte 0xff"),
    "manifest/tab": Example(tenant("\tstate: active\n"), "t.yaml:5:1", "a tab"),
    "manifest/control-character": Example(tenant('  state: "a\\u202eb"\n'), "t.yaml:5:10", "invisible"),
    "manifest/syntax": Example(tenant("  state: [active\n"), "t.yaml:6:1", "not YAML: did not find expected"),
    "manifest/null": Example(tenant("  state:\n"), "t.yaml:5:9", "nothing where a value belongs"),
    "manifest/alias": Example(tenant("  state: *x\n"), "t.yaml:5:10", "an alias"),
    "manifest/anchor": Example(tenant("  state: &x active\n"), "t.yaml:5:10", "an anchor"),
    "manifest/tag": Example(tenant("  state: !!str active\n"), "t.yaml:5:10", "a tag"),
    "manifest/directive": Example({"t.yaml": "%YAML 1.1\n---\na: 1\n"}, "t.yaml:1:1", "directive"),
    "manifest/merge-key": Example(tenant("  <<: {state: active}\n"), "t.yaml:5:3", "a merge key"),
    "manifest/key-not-text": Example(tenant("  1: active\n"), "t.yaml:5:3", "name of a field is not text"),
    "manifest/duplicate-field": Example(
        tenant("  state: active\n  state: active\n"), "t.yaml:6:3", "twice, first on line 5"
    ),
    "manifest/too-deep": Example(tenant("  state: " + "[" * 30 + "]" * 30), "t.yaml:5:28", "20 levels"),
    "manifest/too-many": Example(
        {"t.yaml": "a:\n" + "- b\n" * MOST_NODES}, f"t.yaml:{MOST_NODES}:3", "more than 20,000 values"
    ),
    "manifest/secret": Example(tenant(f"  state: active  # {SECRET}\n"), "t.yaml:5:20", "a secret"),
}

DOCUMENTS = {
    "manifest/not-a-document": Example({"t.yaml": "- a\n"}, "t.yaml:1:1", "not a mapping"),
    "manifest/api-version": Example({"t.yaml": "kind: Tenant\napiVersion: v2\n"}, "t.yaml:2:1", "`v2` is no"),
    "manifest/unknown-kind": Example(
        {"t.yaml": TENANT.replace("kind: Tenant", "kind: Tennant") + US}, "t.yaml:2:1", "mean `Tenant`?"
    ),
    "manifest/unknown-field": Example(tenant("  stat: active\n"), "t.yaml:5:3", "unknown field `stat`"),
    "manifest/missing-field": Example(
        tenant("  divisions:\n    - {name: US}\n"), "t.yaml:6:7", "missing field `key` in a division"
    ),
    "manifest/wrong-type": Example(
        tenant("  state: active\n  profiles: a\n"), "t.yaml:6:3", "must be a list"
    ),
    "manifest/wrong-value": Example(tenant("  state: actve\n"), "t.yaml:5:3", "did you mean `active`?"),
    "manifest/more": Example(
        tenant("".join(f"  x{number}: 1\n" for number in range(60))), "t.yaml:1:1", "10 more mistakes"
    ),
    "myth/division-ids-on-client": Example(
        client("      divisionIds: [US]\n" + SINK), "t.yaml:9:7", "unknown field `divisionIds` in a client"
    ),
    "myth/role-ids-on-client": Example(client("      roleIds: [x]\n" + SINK), "t.yaml:9:7", "`roleIds`"),
    "myth/scope-on-client": Example(client("      scope: [x]\n" + SINK), "t.yaml:9:7", "`scope`"),
    "myth/context-header": Example(client("      X-Division: x\n" + SINK), "t.yaml:9:7", "`X-Division`"),
}

ACROSS = {
    "manifest/no-org": Example(tenant(US), "", "no `kind: Org` document below", org=False),
    "manifest/second-org": Example({"u.yaml": ORG}, "u.yaml:2:1", "a second `kind: Org`"),
    "manifest/requires": Example(
        {"org.yaml": ORG + '  requires: ">=99.0"\n'}, "org.yaml:9:3", "require >=99.0", org=False
    ),
    "manifest/reserved-name": Example(
        {"t.yaml": TENANT.replace("acme", "org") + US}, "t.yaml:3:12", "no tenant may be called `org`"
    ),
    "manifest/duplicate-tenant": Example(tenant(US, u=TENANT + US), "u.yaml:3:12", "second tenant called"),
    "manifest/duplicate-profile": Example(
        {"p.yaml": METRICS, "q.yaml": METRICS}, "q.yaml:3:12", "second profile"
    ),
    "manifest/duplicate-key": Example(
        {"s.yaml": SHARED + US, "u.yaml": SHARED + US}, "u.yaml:4:16", "a second division with the key `us`"
    ),
    "manifest/unknown-profile": Example(
        tenant("  profiles: [standrad]\n", p=METRICS), "t.yaml:5:14", "did you mean `standard`?"
    ),
    "manifest/unmatched-without": Example(
        tenant("  profiles: [standard]\n  without: [client/metrix]\n", p=METRICS),
        "t.yaml:6:13",
        "did you mean `client/metrics`?",
    ),
    "manifest/profile-conflict": Example(
        tenant("  profiles: [standard, other]\n", p=METRICS, q=METRICS.replace("standard", "other")),
        "t.yaml:5:24",
        "two profiles give acme/client/metrics",
    ),
    "manifest/profile-override": Example(
        tenant("  profiles: [standard]\n  clients: [{key: metrics, tokenSeconds: 900}]\n", p=METRICS),
        "t.yaml:6:28",
        "may not override `tokenSeconds`",
    ),
}

MEANING = {
    "manifest/code-client": Example(client("      grantType: CODE\n"), "t.yaml:8:7", "needs `redirectUris`"),
    "manifest/app-secret": Example(
        client("      grantType: CODE\n      redirectUris: ['https://desk.example/cb']\n" + SINK),
        "t.yaml:11:7",
        "in a browser it is none",
    ),
    "manifest/credentials-client": Example(
        client("      scopes: [routing]\n" + SINK), "t.yaml:9:7", "`scopes` has no effect"
    ),
    "manifest/no-sink": Example(client(""), "t.yaml:8:7", "without `secret`"),
    "manifest/external-sink": Example(
        client("      secret: {sink: external}\n"), "t.yaml:9:16", "`sink: external` is for a client"
    ),
    "manifest/subject": Example(
        tenant(
            US + READER + "  grants:\n    - {key: a, subject: {}, pairs: [{role: reader, divisions: own}]}\n"
        ),
        "t.yaml:8:16",
        "names nobody",
    ),
    "manifest/unowned-pair": Example(
        {
            "s.yaml": SHARED
            + "  roles: [{key: boss, existing: {name: Supervisor}}]\n"
            + "  grants:\n    - key: all\n      subject: {group: Planners}\n"
            + "      pairs: [{role: boss, divisions: '*', share: {reason: x, owner: y,"
            + " expires: 2099-01-01}}]\n"
        },
        "s.yaml:6:7",
        "nothing would say that this is ours",
    ),
    "manifest/existing": Example(
        tenant("  roles:\n    - {key: a, existing: {name: A}, name: B}\n"), "t.yaml:6:37", "`name` beside"
    ),
    "manifest/unknown-sink": Example(
        client("      secret: {sink: locl}\n"), "t.yaml:9:16", "no sink `locl` is defined"
    ),
    "manifest/duplicate-name": Example(
        tenant("  divisions: [{key: a, name: US}, {key: b, name: us}]\n"), "t.yaml:5:44", "is called `us`"
    ),
    "manifest/unknown-reference": Example(
        client(SINK + "      grants: [{role: reeder, divisions: own}]\n"), "t.yaml:10:17", "no role `reeder`"
    ),
    "manifest/ambiguous-reference": Example(
        client(
            SINK + "      grants: [{role: reader, divisions: own}]\n", s=SHARED + READER.replace("R", "S")
        ),
        "t.yaml:10:17",
        "`reader` is a role of acme and of org",
    ),
    "manifest/foreign-role": Example(
        client(
            SINK + "      grants: [{role: beta/other, divisions: own}]\n",
            u=TENANT.replace("acme", "beta") + READER.replace("eader", "other").replace("key: r", "key: "),
        ),
        "t.yaml:10:17",
        "`beta/other` is another tenant's role",
    ),
    "manifest/confine": Example(
        client(
            SINK + "      confine: [us, beta/eu]\n",
            u=TENANT.replace("acme", "beta") + "  divisions: [{key: eu, name: EU}]\n",
        ),
        "t.yaml:10:21",
        "`beta/eu` is another tenant's: a ceiling lies within acme",
    ),
    "manifest/beyond-confine": Example(
        {
            "t.yaml": TENANT
            + "  divisions: [{key: us, name: US}, {key: ca, name: CA}]\n"
            + READER
            + "  clients:\n    - key: pull\n      confine: [us]\n"
            + SINK
            + "      grants: [{role: reader, divisions: [us, ca]}]\n"
        },
        "t.yaml:11:47",
        "`ca` lies outside `confine`, which names `us`",
    ),
    "manifest/everywhere": Example(
        client(SINK + '      grants: [{role: reader, divisions: "*"}]\n'), "t.yaml:10:31", "every division"
    ),
    "manifest/no-own-divisions": Example(
        tenant(
            READER
            + "  clients:\n"
            + "    - {key: pull, secret: {sink: local}, grants: [{role: reader, divisions: own}]}\n"
        ),
        "t.yaml:7:66",
        "`own` means nothing",
    ),
    "manifest/missing-share": Example(
        client(
            SINK + "      grants: [{role: reader, divisions: [beta/eu]}]\n",
            u=TENANT.replace("acme", "beta") + "  divisions: [{key: eu, name: EU}]\n",
        ),
        "t.yaml:10:31",
        "the grant has no `share`",
    ),
    "manifest/needless-share": Example(
        client(
            SINK
            + "      grants: [{role: reader, divisions: own, "
            + "share: {reason: a, owner: b, expires: 2027-06-30}}]\n"
        ),
        "t.yaml:10:47",
        "stays in its owner's divisions",
    ),
    "manifest/share-ends": Example(
        {
            "s.yaml": SHARED
            + READER
            + '  clients: [{key: a, secret: {sink: local}, grants: [{role: reader, divisions: "*", '
            + "share: {reason: a, owner: b, expires: 2026-11-30}}]}]\n"
        },
        "s.yaml:5:114",
        "this share ends after 2026-11-30, in 10 days",
    ),
    "manifest/unknown-permission": Example(
        tenant(READER.replace("queue:view", "queue:veiw")), "t.yaml:5:39", "no public source knows"
    ),
}

EXAMPLES = FILES | DOCUMENTS | ACROSS | MEANING

ELSEWHERE = {
    "manifest/no-root": "test_files.py: there is no file to write an example in",
    "manifest/file-name": "test_files.py: about a name, not a text",
    "manifest/symlink": "test_files.py: about a link, not a text",
    "manifest/not-a-file": "test_files.py: about a pipe, not a text",
    "manifest/unreadable-file": "test_files.py: about a file that cannot be opened",
}
"""Rules about what is not a text, and where they are shown."""
