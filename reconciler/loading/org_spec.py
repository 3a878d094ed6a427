"""The Org document's specification: identity and policy, as its author may write it."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, field_validator

from reconciler.loading.base import NameText, ShortText, Strict
from reconciler.loading.sink_spec import AnySink, apart
from reconciler.model.address import NAME_PATTERN
from reconciler.model.drift_policy import Correct
from reconciler.model.regions import REGIONS

UUID_PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
RANGE_PATTERN = (
    r"^(?:>=|<=|==|!=|>|<) *[0-9]+(?:\.[0-9]+){0,2}(?: *, *(?:>=|<=|==|!=|>|<) *[0-9]+(?:\.[0-9]+){0,2})*$"
)
PERMISSION_PATTERN = "^[A-Za-z][A-Za-z0-9]*:[A-Za-z0-9]+:[A-Za-z][A-Za-z0-9]*$"
DAY_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


class Operator(Strict):
    """The client whose rights a plan counts on."""

    client: ShortText
    """Exact name or id of one live client."""
    hand_on: Literal["borrow", "held"] = "borrow"
    """`borrow`: it is given the pairs it hands on and returns them; `held`: it must hold them already."""


def _a_day(value: str) -> str:
    date.fromisoformat(value)
    return value


Day = Annotated[str, StringConstraints(pattern=DAY_PATTERN), AfterValidator(_a_day)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]


class LimitsSpec(Strict):
    """How much one run may do; what exceeds a limit is withheld as a class."""

    removals: Count = 3
    """Objects deleted, deactivated or losing their last grant."""
    removal_percent: Percent = 10
    """The same, of live objects of ours; the smaller figure counts, but never below 1."""
    change_percent: Percent = 30
    """Updates of live objects of ours."""
    gains: Count = 200
    """(subject, permission, division) gained by subjects that existed before."""


class OrgWideSpec(Strict):
    """A permission that acts org-wide and may be held by tenants all the same."""

    permission: Annotated[str, StringConstraints(pattern=PERMISSION_PATTERN)]
    """`domain:entity:action`."""
    reason: ShortText
    """For whoever reviews it."""
    owner: ShortText
    """Who answers for it."""
    expires: Day
    """YYYY-MM-DD, UTC; holds through that day."""


class ReacherSpec(Strict):
    """Who it is: one of these, by exact name or id."""

    client: ShortText = ""
    """An OAuth client."""
    group: ShortText = ""
    """A group."""
    user: ShortText = ""
    """A person, by the name that people see, or by id."""
    trustee: ShortText = ""
    """A user or group of another organisation."""


class ReachedBySpec(Strict):
    """Somebody no manifest declares who may reach tenants for a while; shown as EXCEPTED."""

    subject: ReacherSpec
    """Who it is."""
    roles: Annotated[tuple[ShortText, ...], Field(min_length=1)]
    """Names or ids of the roles through which it may; any other is a finding."""
    reason: ShortText
    """For whoever reviews it."""
    owner: ShortText
    """Who answers for it."""
    expires: Day
    """YYYY-MM-DD, UTC; holds through that day."""

    @field_validator("subject")
    @classmethod
    def _is_one(cls, value: ReacherSpec) -> ReacherSpec:
        if len(value.model_fields_set) != 1:
            raise ValueError("a subject is one client, group, user or trustee")
        return value


class AcknowledgedSpec(Strict):
    """Drift that is known and stays for a while: shown, not counted, left as it is by plan and apply."""

    drift: Annotated[str, StringConstraints(pattern=f"^{NAME_PATTERN}(?:/{NAME_PATTERN}){{0,2}}$")]
    """Whose: `owner[/kind[/key]]`."""
    fields: tuple[ShortText, ...] = ()
    """Only drift of these fields, as `drift` calls them, and of no other. Leave out: of any."""
    reason: ShortText
    """For whoever reviews it."""
    owner: ShortText
    """Who answers for it."""
    expires: Day
    """YYYY-MM-DD, UTC; holds through that day, then the drift counts and is put right again."""


class DriftSpec(Strict):
    """What is done about changes that somebody makes in the organisation."""

    correct: Correct = "detect"
    """What a scheduled run may put right. `detect`: nothing; `downwards`: take back, unasked, access that
    nobody declared; `upwards`: also plan the rest, which somebody has to approve."""
    acknowledged: tuple[AcknowledgedSpec, ...] = ()
    """Drift that is known and stays until a day. Never a leak."""


class OrgSpec(Strict):
    """Identity and policy of one organisation; `protect` is added from the registry."""

    region: Literal[tuple(REGIONS)]  # type: ignore[valid-type]
    """The vendor's region; decides the hosts."""
    organization_id: Annotated[str, StringConstraints(pattern=UUID_PATTERN)]
    """The token's organisation must be this one, else nothing is read or written."""
    operator: Operator
    """Whose rights the plan counts on, whoever reads."""
    requires: Annotated[str, StringConstraints(pattern=RANGE_PATTERN, max_length=100)] = ""
    """Versions of this tool that may act, e.g. `>=0.1,<1.0`."""
    sinks: dict[NameText, AnySink] = Field(default_factory=dict)
    """Where secrets may go; clients name one of them."""
    prune: StrictBool = False
    """May orphans be deleted at all."""
    limits: LimitsSpec = LimitsSpec()
    """How much one run may do."""
    org_wide: tuple[OrgWideSpec, ...] = ()
    """Permissions that act org-wide and may be held by tenants all the same; shown as EXCEPTED."""
    reached_by: tuple[ReachedBySpec, ...] = ()
    """Who may reach tenants though no manifest declares it: what was there before, until a day."""
    drift: DriftSpec = DriftSpec()
    """What is done about changes that somebody makes in the organisation."""
    new_clients: Literal["inactive-grantless", "inactive-granted", "active-grantless"] = "inactive-grantless"
    """How clients are born; change it only where the organisation refuses the default."""

    @field_validator("sinks")
    @classmethod
    def _external_is_a_word(cls, value: dict[str, Any]) -> dict[str, Any]:
        if "external" in value:
            raise ValueError("no sink is called `external`: it says that somebody else has the secret")
        return value

    @field_validator("sinks")
    @classmethod
    def _apart(cls, value: dict[str, Any]) -> dict[str, Any]:
        for (name, one), (other_name, other) in combinations(value.items(), 2):
            if not apart(one, other):
                raise ValueError(
                    f"`{name}` and `{other_name}` write into one store, where a tenant's key could lead to "
                    "another tenant's place; let their paths begin or end differently"
                )
        return value

    @field_validator("org_wide")
    @classmethod
    def _each_once(cls, value: tuple[Any, ...]) -> tuple[Any, ...]:
        names = [item.permission for item in value]
        if len(set(names)) < len(names):
            raise ValueError("a permission stands there twice")
        return value
