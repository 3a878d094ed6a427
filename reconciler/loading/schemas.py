"""JSON Schemas (2020-12) of the four documents, made from the models that validate them."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from reconciler.loading.documents import documents
from reconciler.model.kind import Registry

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Ours(GenerateJsonSchema):
    """Without a title on every field (an editor shows the description), and without `null`: it is refused."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def nullable_schema(self, schema: Any) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: Any) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        for pattern, inner in made.pop("patternProperties", {}).items():
            # A pattern alone would let any other name through.
            made |= {"propertyNames": {"pattern": pattern}, "additionalProperties": inner}
        return made

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        made = super().default_schema(schema)
        return {key: value for key, value in made.items() if (key, value) != ("default", None)}


def schemas(registry: Registry) -> dict[str, dict[str, Any]]:
    """The schemas by lower-case document kind: org, shared, profile, tenant."""
    models = documents(registry)
    return {kind.lower(): copy.deepcopy(_schema(models[kind])) for kind in models}


@cache
def _schema(model: type[Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, **model.model_json_schema(schema_generator=_Ours)}
