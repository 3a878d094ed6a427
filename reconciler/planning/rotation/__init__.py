"""Rotation: which secrets are due, and the changes that replace them. Never part of a plan of apply."""
