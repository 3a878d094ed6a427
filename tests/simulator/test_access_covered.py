"""Whatever reads is compared with the model of access, or named with why it shows nothing that is divided."""

from __future__ import annotations

from tests.simulator.compared import OPERATIONS
from tests.simulator.listings import LISTINGS, ONE, PARTS

ALIKE_FOR_ALL = {
    "get_authorization_divisions_home", "get_authorization_divisions_limit", "get_authorization_permissions",
    "get_authorization_products", "get_authorization_roles_settings", "get_authorization_policies_targets",
    "get_authorization_policies_target", "get_authorization_policy_attributes", "get_oauth_scopes",
    "get_organizations_me", "get_organizations_limits_namespace", "get_audits_query_servicemapping",
    "get_audits_query_realtime_servicemapping", "get_authorization_role_comparedefault_right_role_id",
}  # fmt: skip
"""Facts of the organisation or of the vendor, in no division."""
OF_THE_CALLER = {
    "get_tokens_me", "head_tokens_me", "get_authorization_subjects_me",
    "get_authorization_divisionspermitted_me", "get_authorization_divisionspermitted_paged_me",
    "get_authorization_divisionspermitted_paged_subject_id",
}  # fmt: skip
"""What one may do: every triple of test_access_model.py."""
OF_GRANTS = {
    "get_authorization_subject", "get_authorization_role_subjectgrants", "get_authorization_division_grants",
    "get_authorization_role_users", "get_authorization_subjects_rolecounts", "get_user_roles",
    "get_authorization_policies_subject_subject_id", "get_authorization_policies_target_subject_subject_id",
}  # fmt: skip
"""Who holds what, of the whole organisation: test_access_model.py, test_grants.py."""
OF_THE_PAST = {
    "get_audits_query_transaction_id", "get_audits_query_transaction_id_results", "post_audits_query",
    "post_audits_query_realtime", "post_audits_query_realtime_related", "post_oauth_client_usage_query",
    "get_oauth_client_usage_query_result", "get_oauth_client_usage_summary",
}  # fmt: skip
"""What was done and called, org-wide: test_audits.py."""
OF_RULES = {
    "get_group_dynamicsettings", "get_group_individuals",
    "post_workforcemanagement_adherence_historical_bulk",
    "get_workforcemanagement_adherence_historical_bulk_job",
}  # fmt: skip
"""Rules of groups, and rows that travel as files: tests of their own modules."""


def test_whatever_reads_is_compared_or_named_with_a_reason() -> None:
    """Red: say in listings.py what an operation should show, or above why that is nothing divided."""
    compared_ones = {each.operation for each in LISTINGS} | {each.operation for each in PARTS} | set(ONE)
    named = ALIKE_FOR_ALL | OF_THE_CALLER | OF_GRANTS | OF_THE_PAST | OF_RULES
    reads = {name for name in OPERATIONS if reading(name)}
    assert reads - compared_ones - named == set()
    assert not named & compared_ones


def reading(operation: str) -> bool:
    asks = ("/search", "/query", "/realtime", "/related", "/bulk")
    known = OPERATIONS[operation]
    return known["method"] in ("GET", "HEAD") or (known["method"] == "POST" and known["path"].endswith(asks))
