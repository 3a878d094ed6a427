"""Where runs leave records: the journal, the history and the lease. Hints and courtesy, never the truth.

Not for plans or live state: the organisation keeps those. Never a secret, never a body.
"""
