"""Declarative reconciler that keeps the tenants of a Genesys Cloud organisation apart."""

__version__ = "0.1.0"
