"""Judges states: who can use which permission in which division, and what two states differ in.

Knows nothing of plans and names no kind; kinds hand in access facts.
"""
