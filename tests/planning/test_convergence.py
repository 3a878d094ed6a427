"""A plan that was carried out leaves nothing to do, and never gives more than was asked on the way."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.manifest import Manifests
from reconciler.model.plan import Operation, Plan
from tests.planning.pretend import Organisation, possible_access, settled_access
from tests.planning.worlds import worlds
from tests.support.build import guards, manifests, operation_ids, plan

SOME = settings(max_examples=min(100, settings().max_examples))
"""Each example plans several times; beyond a hundred they repeat themselves."""


def released(wanted: Manifests, organisation: Organisation) -> Plan:
    """The plan with the allowance it asks for, where a whole tenant goes."""
    made = plan(wanted, organisation.reading())
    for change in made.withheld:
        assert change.withheld is not None and change.withheld.guard == "removals", made.changes
        count = int(change.withheld.release.split("=")[1])
        return plan(wanted, organisation.reading(), allow={"removals": count})
    return made


def built(wanted: Manifests) -> Organisation:
    organisation = Organisation()
    organisation.run(plan(wanted, organisation.reading()).operations)
    return organisation


@SOME
@given(first=worlds(), second=worlds())
def test_a_second_plan_is_empty(first: Manifests, second: Manifests) -> None:
    organisation = built(first)
    assert plan(first, organisation.reading()).changes == ()
    organisation.run(released(second, organisation).operations)

    again = plan(second, organisation.reading())

    assert (again.changes, again.operations, again.access.gains) == ((), (), ())


@SOME
@given(first=worlds(prune=True), second=worlds(prune=True))
def test_pruning_ends_after_deactivation_and_deletion(first: Manifests, second: Manifests) -> None:
    organisation = built(first)
    for _ in range(3):
        organisation.run(released(second, organisation).operations)

    again = plan(second, organisation.reading())

    assert (again.changes, again.orphans, guards(again)) == ((), (), {})


@SOME
@given(data=st.data(), first=worlds(), second=worlds())
def test_no_moment_of_any_run_gives_more_than_before_and_after(
    data: st.DataObject, first: Manifests, second: Manifests
) -> None:
    """Whatever order the edges leave open, and whatever version since the last wait a cache serves."""
    organisation = built(first)
    operations = released(second, organisation).operations
    old = settled_access(organisation)
    moments = []
    for operation in _any_order(data, operations):
        organisation.step(operation)
        moments.append((operation.id, possible_access(organisation)))
    new = settled_access(organisation)
    for identity, cells in moments:
        for subject, reach in cells.items():
            assert reach <= old.get(subject, set()) | new.get(subject, set()), identity


def _any_order(data: st.DataObject, operations: tuple[Operation, ...]) -> list[Operation]:
    """A topological order that chance chooses."""
    left, done, result = list(operations), set[str](), []
    while left:
        ready = [item for item in left if all(edge.id in done for edge in item.after)]
        chosen = data.draw(st.sampled_from(ready))
        left.remove(chosen)
        done.add(chosen.id)
        result.append(chosen)
    return result


@SOME
@given(first=worlds(), second=worlds())
def test_the_order_given_respects_every_edge(first: Manifests, second: Manifests) -> None:
    made = released(second, built(first))
    seen: set[str] = set()
    for operation in made.operations:
        assert {edge.id for edge in operation.after} <= seen
        seen.add(operation.id)
    assert len(operation_ids(made)) == len(seen)


@SOME
@given(wanted=worlds())
def test_an_interrupted_run_is_finished_by_the_next(wanted: Manifests) -> None:
    """A crash after any operation leaves something that the next plans complete, in one more run."""
    organisation = Organisation()
    operations = plan(wanted, organisation.reading()).operations
    organisation.run(operations[: len(operations) // 2])
    organisation.run(plan(wanted, organisation.reading()).operations)

    assert plan(wanted, organisation.reading()).changes == ()


def test_a_share_ends_with_the_tenant_that_it_reaches_into() -> None:
    share = {"reason": "planning", "owner": "wfm@northwind.example", "expires": "2027-06-30"}
    grants = [{"role": "sa", "divisions": ["globex/main"], "share": share}]
    client = {"key": "c1", "name": "acme-c1", "grants": grants, "secret": {"sink": "vault"}}
    organisation = Organisation()
    for state, reached in (("active", 1), ("retired", 0)):
        wanted = manifests(
            {"roles": [{"key": "sa", "name": "S", "permissions": ["routing:queue:view"]}]},
            acme={"divisions": [{"key": "us", "name": "US"}], "clients": [client]},
            globex={"divisions": [{"key": "main", "name": "GLOBEX"}], "state": state},
        )
        organisation.run(plan(wanted, organisation.reading()).operations)
        assert [len(cells) for cells in settled_access(organisation).values()] == [1] * reached
    assert plan(wanted, organisation.reading()).changes == ()
