"""What the models of documents share: strictness, and the grammar of names and texts."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

from reconciler.model.address import NAME_PATTERN


class Strict(BaseModel):
    """No unknown fields, frozen, camelCase in YAML."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, use_attribute_docstrings=True
    )


NameText = Annotated[str, StringConstraints(pattern=f"^{NAME_PATTERN}$")]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200)]
