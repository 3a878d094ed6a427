"""Where runs leave records: the journal and the lease. Hints and courtesy, never the truth, never a secret.

Not for plans or live state: the organisation keeps those.
"""
