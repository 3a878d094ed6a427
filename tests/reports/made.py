"""Plans, applies and findings as hypothesis makes them: any text, any JSON, any order."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from reconciler.model.access import Access, Delta
from reconciler.model.address import Address
from reconciler.model.finding import Finding, Severity
from reconciler.model.origin import Origin
from reconciler.model.outcome import ApplyReport, Outcome, Requests
from reconciler.model.plan import Change, Edge, Estimate, FieldChange, Operation, Plan, Summary, Withheld

text = st.text(max_size=6) | st.sampled_from(["*", "plan: 1", "a\nb", "\u202e", "\x1b[2J", "\u200b"])
count = st.integers(0, 9)
digests = st.sampled_from(["0123456789abcdef" * 4, "f" * 64])
names = st.sampled_from(["a", "b-2", "org", "acme-retail", "x" * 40])
addresses = st.builds(Address, names, names, names)
actions = st.sampled_from(["create", "update", "delete", "adopt", "revoke"])
leaves = st.none() | st.booleans() | st.integers(-9, 9) | text
jsons: Any = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(text, inner, max_size=2), max_leaves=4
)
origins = st.builds(Origin, text, count, st.tuples(text, count))
places = text | addresses.map(lambda address: f"{{{address}}}") | st.sampled_from(["*", "org-wide"])
accesses = st.builds(Access, places, text, places, text)
findings = st.builds(
    Finding,
    rule=st.builds("{}/{}".format, names, names),
    severity=st.sampled_from(Severity),
    message=text,
    remedy=text,
    address=text,
    witness=st.lists(text, max_size=2).map(tuple),
    location=st.none() | origins,
)


def several(each: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(each, max_size=2).map(tuple)


changes = st.builds(
    Change,
    addresses,
    actions,
    text,
    text,
    st.sampled_from(["manifest", "drift", "unknown"]),
    text,
    fields=several(st.builds(FieldChange, text, jsons, jsons)),
    withheld=st.none() | st.builds(Withheld, text, text, text),
    origin=st.none() | origins,
)
identities = st.sampled_from(["a", "b", "c"])
bodies = st.fixed_dictionaries({"seconds": count, "sink": text, "path": text, "store": text})
operations = st.builds(
    Operation,
    identities,
    addresses,
    st.sampled_from(["request", "wait", "deliver", "prove"]),
    text,
    text,
    bodies,
    several(st.builds(Edge, identities, text)),
    text,
)
plans = st.builds(
    Plan,
    tool=text,
    org_name=names,
    organization_id=text,
    created_at=text,
    manifest_digest=text,
    only=several(text),
    allow=st.dictionaries(text, count, max_size=2),
    summary=st.builds(Summary, *[count] * 8),
    changes=several(changes),
    operations=several(operations),
    access=st.builds(Delta, several(accesses), several(accesses)),
    findings=several(findings),
    unmanaged=st.dictionaries(text, several(text), max_size=2),
    orphans=several(text),
    estimate=st.builds(Estimate, count, count),
    digest=digests,
    names=st.dictionaries(text, text, max_size=3),
)
reports = st.builds(
    ApplyReport,
    text,
    several(
        st.builds(
            Outcome,
            addresses,
            actions,
            st.sampled_from(["done", "failed", "skipped", "unconfirmed"]),
            text,
            count,
        )
    ),
    count,
    count,
    st.builds(Requests, count, count, count),
    text,
    text,
)
