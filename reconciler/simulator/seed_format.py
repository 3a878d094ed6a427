"""What a seed may say: every section and key with what it takes. The meaning is told at the head of `seed`.

A rule looks at one value and yields what is wrong with it, each with its place, so that a hand-written file
is easy to mend. Names that have to exist somewhere are `populate`'s business.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

Entry = dict[str, Any]
"""A mapping of the file, as YAML gives it."""
Rule = Callable[[Any, str], Iterator[str]]
"""The mistakes in a value, given its place (`own.yaml: clients[3] (bot): state`)."""

SUBJECT_SECTIONS = ("users", "groups", "clients", "trustees")
"""Sections whose entries hold grants."""


def _text(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{at}: expected text, not {value!r}; quotes make anything text"


def _name(value: Any, at: str) -> Iterator[str]:
    yield from _text(value, at)
    if isinstance(value, str) and not value.strip():
        yield f"{at}: must not be blank"


def _flag(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"{at}: expected true or false, not {value!r}"


def _moment(value: Any, at: str) -> Iterator[str]:
    try:
        moment(value)
    except (TypeError, ValueError):
        yield f"{at}: expected a date such as 2024-05-31 or 2024-05-31T09:30:00Z, not {value!r}"


def _number(least: int, most: int) -> Rule:
    def rule(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield f"{at}: expected a whole number from {least} to {most}, not {value!r}"

    return rule


def _one_of(*values: str) -> Rule:
    def rule(value: Any, at: str) -> Iterator[str]:
        if value not in values:
            yield f"{at}: expected one of {', '.join(values)}, not {value!r}"

    return rule


def _list_of(rule: Rule) -> Rule:
    def each(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{at}: expected a list, not {value!r}"
            return
        for index, item in enumerate(value):
            yield from rule(item, f"{at}[{index}]{_called(item)}")

    return each


def _called(item: Any) -> str:
    return f" ({item['name']})" if isinstance(item, dict) and item.get("name") else ""


def _record(rules: Mapping[str, Rule], needs: tuple[str, ...] = ()) -> Rule:
    """A mapping with these keys, of which `needs` must be there."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}: expected a mapping with {', '.join(needs or rules)}, not {value!r}"
            return
        for name in value:
            if name not in rules:
                yield f"{at}: unknown {name!r}; known: {', '.join(sorted(rules))}"
        for name in needs:
            if value.get(name) is None:
                yield f"{at}: {name!r} is missing"
        for name in rules:
            if name in value and not (name in needs and value[name] is None):
                yield from rules[name](value[name], f"{at}: {name}")

    return rule


def _permission(value: Any, at: str) -> Iterator[str]:
    """`domain:entity:action`, a bare `*`, or one of them under a condition."""
    if isinstance(value, dict):
        yield from _CONDITIONAL(value, at)
    elif value != "*":
        yield from _triple(value, at)


def _triple(value: Any, at: str) -> Iterator[str]:
    parts = value.split(":") if isinstance(value, str) else []
    if len(parts) != 3 or not all(parts):
        yield f"{at}: {value!r} is no domain:entity:action"


def _mapping(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: expected a mapping, not {value!r}"


_CONDITIONAL = _record({"permission": _triple, "condition": _mapping}, ("permission", "condition"))
_GRANTS = _list_of(
    _record(
        {
            "role": _name,
            "divisions": _list_of(_name),
            "through": _one_of("client", "subjects"),
            "grantMadeAt": _moment,
        },
        ("role", "divisions"),
    )
)
_USAGE = _list_of(
    _record(
        {
            "path": _name,
            "method": _one_of("GET", "POST", "PUT", "PATCH", "DELETE"),
            "requests": _number(1, 100_000_000),
            "daysAgo": _number(0, 365),
        },
        ("path",),
    )
)
_STATES = _one_of("active", "inactive", "deleted")
_TEXTS = _list_of(_name)
_CHANGES = _list_of(_record({"property": _name, "oldValues": _TEXTS, "newValues": _TEXTS}, ("property",)))
_GRANT_TYPES = _one_of("CLIENT-CREDENTIALS", "CODE", "TOKEN", "SAML2-BEARER", "PASSWORD")
_ATTRIBUTES = _list_of(
    _record(
        {
            "name": _name,
            "description": _text,
            "type": _one_of(
                "BOOLEAN", "NUMBER", "STRING", "STRING_LIST", "TIME", "RELATIVE_TIME", "DATE", "TIME_RANGE",
                "DAY_RANGE", "IP_ADDRESS", "IP_CIDR",
            ),
        },
        ("name", "type"),
    )
)  # fmt: skip
_SUBJECT = _record({"user": _name, "group": _name, "client": _name})


def _skills(word: str) -> Rule:
    comparators = ("EqualTo", "NotEqualTo", "LessThan", "GreaterThan", "GreaterThanOrEqualTo",
                   "LessThanOrEqualTo")  # fmt: skip
    rules = {word: _name, "comparator": _one_of(*comparators), "proficiency": _number(0, 5)}
    return _list_of(_record(rules, tuple(rules)))


_CONDITIONS = _list_of(
    _record(
        {
            "operation": _one_of("And", "Not", "Or"),
            "routingSkillConditions": _skills("routingSkill"),
            "languageSkillConditions": _skills("languageSkill"),
        },
        ("operation",),
    )
)
_DYNAMIC = _record({"members": _TEXTS, "conditions": _CONDITIONS}, ("conditions",))


def _section(*needs: str, **rules: Rule) -> Rule:
    return _list_of(_record({"name": _name, "id": _name} | rules, ("name", *needs)))


SECTIONS: dict[str, Rule] = {
    "divisions": _section(description=_text, home=_flag, deleted=_flag),
    "roles": _section(
        description=_text, default=_flag, missing=_flag, permissions=_list_of(_permission),
        legacyPermissions=_TEXTS, unusedPermissions=_TEXTS,
    ),
    "users": _section(
        email=_name, title=_text, department=_text, division=_name, state=_STATES, grants=_GRANTS
    ),
    "groups": _section(
        description=_text, type=_one_of("official", "social"), state=_STATES,
        visibility=_one_of("public", "owners", "members"), rolesEnabled=_flag,
        members=_TEXTS, owners=_TEXTS, dynamic=_DYNAMIC, grants=_GRANTS,
    ),
    "codes": _section(description=_text, division=_name),
    "queues": _section(description=_text, division=_name, members=_TEXTS, groups=_TEXTS, codes=_TEXTS),
    "flows": _section(
        description=_text, division=_name, deleted=_flag,
        type=_one_of(
            "BOT", "COMMONMODULE", "DIGITALBOT", "INBOUNDCALL", "INBOUNDCHAT", "INBOUNDEMAIL", "INQUEUECALL",
            "OUTBOUNDCALL", "SECURECALL", "WORKFLOW",
        ),
    ),
    "tables": _section(description=_text, division=_name, rows=_list_of(_mapping)),
    "units": _section(
        division=_name, timeZone=_name,
        managementUnits=_section(division=_name, agents=_TEXTS),
    ),
    "conversations": _section(
        "start", start=_moment, minutes=_number(0, 1440), recordings=_number(0, 20), queues=_TEXTS,
        agents=_TEXTS,
        mediaType=_one_of("voice", "chat", "email", "message", "callback"),
        direction=_one_of("inbound", "outbound"),
    ),
    "clients": _section(
        operator=_flag, secret=_name, description=_text, state=_one_of("active", "disabled", "inactive"),
        tokenSeconds=_number(300, 38_880_000),
        grantType=_GRANT_TYPES,
        redirectUris=_TEXTS, scopes=_TEXTS, createdBy=_name, modifiedBy=_name,
        dateCreated=_moment, dateModified=_moment, dateToDelete=_moment, grants=_GRANTS, usage=_USAGE,
    ),
    "trustees": _section(type=_one_of("user", "group"), grants=_GRANTS),
    "audits": _section(
        "at", "by", "action", "section", "entity", at=_moment, by=_name, entity=_name, changes=_CHANGES,
        action=_one_of("Create", "Update", "Delete", "MemberAdd", "MemberUpdate", "MemberRemove"),
        section=_one_of("roles", "users", "groups", "codes", "queues", "flows", "tables", "clients"),
    ),
    "contacts": _section(title=_text, division=_name, type=_one_of("Ephemeral", "Identified", "Curated")),
    "authorizations": _section(
        grantType=_GRANT_TYPES, scopes=_TEXTS, owner=_name, dateCreated=_moment,
        state=_one_of("Unauthorized", "Requested", "Authorized", "Revoked"),
    ),
    "policies": _section(
        "target", "effect", target=_triple, effect=_one_of("ALLOW", "DENY"), subject=_SUBJECT,
        description=_text, active=_flag, applyToClients=_flag, condition=_mapping, attributes=_ATTRIBUTES,
        presets=_list_of(_record({"name": _name, "type": _name, "value": _text}, ("name", "type", "value"))),
        dateModified=_moment,
    ),
}  # fmt: skip
"""The lists of a seed by their names."""

_ORGANISATION = dict.fromkeys(
    ("id", "name", "domain", "defaultLanguage", "defaultCountryCode", "supportURI", "thirdPartyOrgName"),
    _name,
)
_SETTINGS = dict.fromkeys(
    ("backfillEnabled", "authorizationGrantDivisionAware", "genesysOrgPolicyBypass"), _flag
)
_LIMITS = dict.fromkeys(("divisions", "grantsPerSubject", "requestsPerMinute"), _number(0, 10_000_000))

_SEED = _record(
    {
        "base": _name,
        "organisation": _record(_ORGANISATION),
        "limits": _record(_LIMITS),
        "settings": _record(_SETTINGS),
        **SECTIONS,
    }
)


def check(data: Any, origin: str) -> None:
    """Raise ValueError with the first mistake of a seed file, which `origin` names."""
    for mistake in _SEED(data, origin):
        raise ValueError(mistake)


def moment(value: Any) -> str:
    """A date or time of YAML, or its text, as the vendor writes it, UTC. Raises ValueError, TypeError."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(read, date):
        raise TypeError(f"{value!r} is no date")
    if isinstance(read, datetime) and read.tzinfo:
        read = read.astimezone(UTC)
    return f"{read:%Y-%m-%dT%H:%M:%S}.000Z"
