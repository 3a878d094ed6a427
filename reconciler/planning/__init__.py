"""Decisions: from desired and live state to a plan. Pure functions from values to values.

Not for reading or writing anything; today's date, nonces and readings enter as values. Names no kind.
"""
