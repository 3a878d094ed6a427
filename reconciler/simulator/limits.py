"""What the simulator imitates and what not, in the words that `--help`, its page and its documentation show.

It imitates: tokens for client credentials and their life; divisions with soft deletion and restore; roles,
default roles and role settings; grants of users, groups and clients; OAuth clients with secrets shown once,
inactive before deleted, tombstones; the permission catalogue; permissions enforced on every operation
through the caller's grants; queues with their members, wrap-up codes, flows, data tables and units of
workforce management cut to the divisions they are seen in, and external contacts too; access policies and
authorised clients as they are shown; conversations tagged with every division they touched, their figures
and recordings; audits of every write and the usage of clients; paging, rate limits, 429 with Retry-After,
eventual consistency, and faults on demand. What the sources leave open is a switch (`SWITCHES`).

It does not imitate: users' log-ins, SAML and code grants; what access policies, scopes and conditions on
permissions would forbid; licences; media of recordings; most metrics; rows of historical adherence, and
planning; the expansion of wildcards; role backfill; the removal of inactive clients by the vendor itself;
trustee organisations beyond what their people were granted; whom the rule of a dynamic group would take in;
allowed IP ranges; grants the vendor may make when a division is created. No operation of the contract it was
written from is left out. Limits of length and number are guesses.
Its catalogue says division-aware where public evidence does; only a live organisation knows.
"""


def limits_text() -> str:
    """It, for people who are about to rely on it."""
    return (__doc__ or "").partition("\n\n")[2].strip()
