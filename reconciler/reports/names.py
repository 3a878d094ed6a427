"""From ids, references and placeholders to what people call things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.model.access import EVERYWHERE, untitled
from reconciler.model.address import Address
from reconciler.model.plan import Plan
from reconciler.model.value import Json
from reconciler.reports.lines import named


@dataclass(frozen=True, slots=True)
class Names:
    """`labels` by id and by address; `addresses` of what is ours, by id."""

    labels: Mapping[str, str]
    addresses: Mapping[str, str]

    def of(self, token: Json) -> str:
        """The name behind an id, an address, `{ADDRESS}` or `{"$ref": ADDRESS}`; else the token itself."""
        key = _key(token)
        if key == EVERYWHERE:
            return "every division"
        label = self.labels.get(key)
        return named(label) if label else key if _is_address(key) else named(key)

    def subject(self, token: str) -> str:
        """The address of a subject of ours; of any other `group NAME`, `user NAME` or `client NAME`."""
        key = self.addresses.get(_key(token), _key(token))
        label = self.labels.get(key, key)
        if _is_address(key):
            return key
        sort, name = untitled(label)
        return label if _is_address(label) else f"{sort or 'client'} {named(name)}"


def names_of(plan: Plan) -> Names:
    """What a plan knows about names; an object that is only planned is called what it will be called."""
    labels = {str(change.address): change.name for change in plan.changes if change.name}
    addresses = {change.id: str(change.address) for change in plan.changes if change.id}
    return Names({**labels, **plan.names}, addresses)


def _key(token: Json) -> str:
    if isinstance(token, Mapping):
        return str(token.get("$ref", token))
    text = str(token)
    return text[1:-1] if text.startswith("{") and text.endswith("}") else text


def _is_address(text: str) -> bool:
    try:
        Address.parse(text)
    except ValueError:
        return False
    return True
