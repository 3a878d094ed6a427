"""Where runs leave records, and where they meet: journal and history are hints, the lease keeps two apart.

Not for plans or live state: the organisation keeps those. Never a secret, never a body.
"""
