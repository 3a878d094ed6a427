"""Escalation: permissions that let a holder widen itself, and whom it can become.

Sources: the vendor's API definition for what each call does; design §13 for divisions, whose names and
descriptions say whose they are. Whether the vendor asks the holder to hold what it hands on is unknown
for most of these calls, so it is not counted on.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.isolation.wildcards import covers, is_pattern

POWERS: Mapping[str, str] = {
    "authorization:grant:add": "grants itself any role in any division",
    "authorization:role:edit": "adds any permission to a role it holds",
    "authorization:role:add": "makes roles of any permissions, to be granted",
    "authorization:division:edit": "rewrites what says whose a division is",
    "authorization:policy:edit": "rewrites the policies that deny access",
    "authorization:policy:delete": "removes the policies that deny access",
    "authorization:settings:edit": "switches off that granters are confined to their divisions",
    "authorization:orgTrustee:add": "lets another organisation in",
    "authorization:orgTrustee:edit": "lets another organisation in",
    "authorization:orgTrusteeUser:add": "gives people of another organisation access",
    "authorization:orgTrusteeUser:edit": "gives people of another organisation access",
    "authorization:orgTrusteeGroup:add": "gives groups of another organisation access",
    "authorization:orgTrusteeGroup:edit": "gives groups of another organisation access",
    "directory:group:add": "makes groups, whose roles their members inherit",
    "directory:group:edit": "joins groups, whose roles their members inherit",
    "directory:organization:admin": "administers the organisation",
    "oauth:client:add": "makes clients with grants of its choice",
    "oauth:client:authorize": "approves apps for everybody",
    "oauth:client:edit": "takes over a client by making its secret anew",
    "sso:provider:add": "decides who is let in as whom",
    "sso:provider:edit": "decides who is let in as whom",
}
"""Permission → what it lets its holder do: each of them is a way to everything."""

BECOMING: Mapping[str, str] = {
    "directory:user:setPassword": "signs in as any person there by setting a new password",
    "directory:user:edit": "takes over any person there by changing the e-mail address",
}
"""Permission → how its holder becomes a person who lies in a division that it reaches."""


def power(said: str) -> str:
    """What a permission or wildcard lets its holder do beyond itself; "" for most."""
    if not is_pattern(said):
        return POWERS.get(said, "")
    return next((what for permission, what in POWERS.items() if covers(said, permission)), "")


def becoming(said: str) -> str:
    """How its holder becomes somebody else; "" for most."""
    if not is_pattern(said):
        return BECOMING.get(said, "")
    return next((how for permission, how in BECOMING.items() if covers(said, permission)), "")
