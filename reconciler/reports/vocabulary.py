"""What permissions are called by the people who run a contact centre.

A permission is `domain:entity:action`. The tables hold the frequent ones; anything else is derived
from its own letters: `outbound:contactList:view` → "view outbound contact lists".
"""

from __future__ import annotations

import re

ENTITIES = {
    "analytics:agentConversationDetail": "conversation details of agents",
    "analytics:conversationAggregate": "conversation figures",
    "analytics:conversationDetail": "conversation details",
    "analytics:queueObservation": "queue observations",
    "analytics:userAggregate": "user figures",
    "analytics:userDetail": "user details",
    "analytics:userObservation": "user observations",
    "architect:datatable": "data tables",
    "architect:datatableRow": "data table rows",
    "architect:flow": "flows",
    "audits:audit": "audits",
    "authorization:division": "divisions",
    "authorization:grant": "grants",
    "authorization:orgTrustee": "trusts of other organisations",
    "authorization:role": "roles",
    "conversation:communication": "calls and messages",
    "directory:user": "users",
    "externalContacts:contact": "external contacts",
    "externalContacts:externalOrganization": "external organisations",
    "groups:team": "teams",
    "integrations:integration": "integrations",
    "oauth:client": "OAuth clients",
    "oauth:token": "OAuth tokens",
    "outbound:dnc": "do-not-call entries",
    "outbound:dncList": "do-not-call lists",
    "presence:presenceDefinition": "presence definitions",
    "quality:calibration": "calibrations",
    "quality:evaluation": "evaluations",
    "recording:recording": "recordings",
    "recording:screenRecording": "screen recordings",
    "responses:library": "response libraries",
    "responses:response": "canned responses",
    "routing:queue": "queues",
    "routing:queueMember": "queue members",
    "routing:skill": "skills",
    "routing:skillGroup": "skill groups",
    "routing:wrapupCode": "wrap-up codes",
    "scripter:script": "scripts",
    "speechAndTextAnalytics:data": "transcripts and sentiment",
    "wfm:activityCode": "activity codes",
    "wfm:agent": "WFM agents",
    "wfm:businessUnit": "business units",
    "wfm:historicalAdherence": "historical adherence",
    "wfm:managementUnit": "management units",
    "wfm:opportunities": "lists of WFM opportunities",
    "wfm:publishedSchedule": "published schedules",
    "wfm:realtimeAdherence": "real-time adherence",
    "wfm:schedule": "schedules",
    "wfm:serviceGoalTemplate": "service goal templates",
    "wfm:shortTermForecast": "short-term forecasts",
    "wfm:timeOffRequest": "time-off requests",
    "wfm:workPlan": "work plans",
}
"""`domain:entity` → its plural, as in "can view …". No two may share words."""

_WORDS = {
    "ai": "AI",
    "api": "API",
    "aistudio": "AI studio",
    "dnc": "do-not-call",
    "gdpr": "GDPR",
    "ivr": "IVR",
    "mfa": "MFA",
    "oauth": "OAuth",
    "sms": "SMS",
    "socialmedia": "social media",
    "sso": "SSO",
    "wfm": "WFM",
}
_VERBS = {"all": "do anything with", "*": "do anything with", "execute": "run"}
_ALIKE = frozenset({"data", "insights", "settings", "staffing", "adherence", "intraday", "status", "usage"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

READS = frozenset({"view", "search", "read", "viewAll", "searchAny", "viewOwn", "selfView", "viewOther"})
"""Actions that change nothing. Any other counts as the graver one and is told first."""


def verb(action: str) -> str:
    """What an action lets somebody do: `view`, `search`, `delete`."""
    return _VERBS.get(action) or " ".join(_words(action)) or action


def gravity(permission: str) -> tuple[bool, bool, str]:
    """Sorts permissions: what changes something before what reads, `view` before other reads."""
    action = permission.rpartition(":")[2]
    return action in READS, action != "view", permission


def entity(domain: str, name: str) -> str:
    """The things an entity stands for, in the plural, with the domain where the tables do not know it."""
    known = ENTITIES.get(f"{domain}:{name}")
    if known:
        return known
    if name == "*":
        return f"all of {' '.join(_words(domain)) or 'everything'}"
    own = _words(name) or [name]
    area = _words(domain)
    if area and own[: len(area)] != area and own[0] not in (area[-1], area[-1].removesuffix("s")):
        own = [*area, *own]
    return " ".join([*own[:-1], _plural(own[-1])])


def _words(text: str) -> list[str]:
    whole = _WORDS.get(text.lower())
    if whole:
        return [whole]
    return [_WORDS.get(word.lower(), word.lower()) for word in _WORD.findall(text)]


def _plural(word: str) -> str:
    if word.endswith("s") or word in _ALIKE or not word.islower():
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("x", "ch", "sh")) else f"{word}s"
