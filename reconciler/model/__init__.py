"""Values: what the product talks about. Frozen, serialisable, importing nothing of ours.

Not for decisions (planning, isolation), not for reading or writing anything (edges).
"""
