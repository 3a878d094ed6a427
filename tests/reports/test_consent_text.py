"""The consent of a plan in words: nobody is asked for something that is not told."""

from __future__ import annotations

from reconciler.model.consent import Consent, Ground
from reconciler.reports.consent_text import consent_lines


def told(*grounds: Ground) -> list[str]:
    return [line.text for line in consent_lines(grounds, 200)]


def many(consent: Consent, number: int, address: str = "acme/client/c{}") -> list[Ground]:
    return [Ground(consent, address.format(each), f"gains {each}") for each in range(number)]


def test_where_nobody_is_asked_nothing_is_said() -> None:
    assert told() == []


def test_a_few_are_told_in_full_also_where_they_are_of_one_client() -> None:
    same = [
        Ground("increase", "acme/client/a", "gains 1 right"),
        Ground("increase", "acme/client/a", "and so on"),
    ]
    assert told(*same) == ["Consent to increase: acme/client/a gains 1 right; acme/client/a and so on"]


def test_many_are_counted() -> None:
    assert told(*many("cross-tenant", 7)) == ["Consent to cross-tenant: 7 clients in 1 tenant"]


def test_a_policy_of_many_fields_is_nobodys_and_told_field_by_field() -> None:
    (line,) = told(*many("policy", 6, "org"))
    assert line == "Consent to policy: org gains 0; org gains 1; org gains 2 and 3 more"


def test_each_class_has_a_line_of_its_own() -> None:
    lines = told(*many("destructive", 1), *many("increase", 1))
    assert lines == [
        "Consent to destructive: acme/client/c0 gains 0",
        "Consent to increase: acme/client/c0 gains 0",
    ]


def test_who_is_asked_stands_with_the_class_a_few_by_name() -> None:
    grounds = [Ground("cross-tenant", f"acme/client/c{n}", "x", (f"t{n}", "o@example.org")) for n in (0, 1)]
    assert told(*grounds)[0].startswith("Consent to cross-tenant (t0, o@example.org, t1): acme/client/c0 x;")
    many_asked = [Ground("cross-tenant", f"acme/client/c{n}", "x", (f"t{n}",)) for n in range(9)]
    assert told(*many_asked) == ["Consent to cross-tenant (t0, t1, t2 and 6 more): 9 clients in 1 tenant"]
