"""Addresses of Terraform: with the keys of instances as a state says them, and without, as code says them."""

from __future__ import annotations

import re

_KEY = r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]'
_NAME = r"[^\W\d][\w-]*"
_BLOCK = re.compile(rf"(?:module\.{_NAME}\.)*(?:data\.)?{_NAME}\.{_NAME}")


def block(address: str) -> str:
    """The address of the block that an instance comes from; "" for what is no address of a resource."""
    found = re.sub(_KEY, "", address)
    return found if address.isprintable() and _BLOCK.fullmatch(found) else ""
