"""Tells the story through the vendor's Python SDK; runs in a virtual environment that has only that.

The story comes in on stdin as `{"base", "steps"}`; a line of JSON goes out for each step: `step`, `status`,
the model's `type`, what was `lost` of the body, and other `mistakes`. The SDK's models do not say which of
their fields are required, so that `missing` is for the other SDK to tell.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, ForwardRef, get_args, get_origin

from tests.contract.sdks.lost import lost
from tests.contract.sdks.places import filled, found

sdk = import_module("PureCloudPlatformClientV2")  # by name: our own environment has it not
ApiException = import_module("PureCloudPlatformClientV2.rest").ApiException
Row = dict[str, Any]


def stay_here(event: str, args: tuple[Any, ...]) -> None:
    """An audit hook: nothing but this machine is ever connected to."""
    if event == "socket.connect" and args[1][0] != "127.0.0.1":
        raise PermissionError(f"the SDK tried to reach {args[1]}")


class Text:
    """JSON in the shape of an HTTP response, which is what the SDK makes models from."""

    def __init__(self, value: Any) -> None:
        self.data = json.dumps(value)

    def getheader(self, _: str) -> str:
        """Always JSON."""
        return "application/json"


class Teller:
    """One SDK client on its way through the story."""

    def __init__(self, base: str) -> None:
        self.client = sdk.ApiClient(host=base)
        self.client.get_http_client().set_post_request_hook(lambda response: self._note(response))
        self.last: Any = None
        self.kept: Row = {}

    def _note(self, response: Any) -> Any:
        self.last = response
        return response

    def model(self, value: Any, kind: str) -> Any:
        """A model of the SDK, made as the SDK makes it, and back to JSON again."""
        return self.client.sanitize_for_serialization(self.client.deserialize(Text(value), kind))

    def tell(self, step: Row) -> Row:
        """Do one step and say what became of it."""
        try:
            kind, body, seen = self._do(step)
            status, gone = self.last.status, [*lost(body, seen)]
        except ApiException as refusal:
            status, body = refusal.status, json.loads(refusal.body)
            kind = "ErrorBody" if "token" not in step else None
            seen = self.model(body, "ErrorBody") if kind else body
            gone = [*lost(body, seen)]
        self.kept |= {name: found(seen, path) for name, path in step.get("keep", {}).items()}
        mistakes = [*self._surprises(step, status, seen)]
        return {"step": step["step"], "status": status, "type": kind, "lost": gone, "mistakes": mistakes}

    def _do(self, step: Row) -> tuple[str | None, Any, Any]:
        if "token" in step:
            self.client.get_client_credentials_token(*filled(step["token"], self.kept))
            return None, None, None
        method = method_of(self.client, step["call"])
        signature = inspect.signature(method)
        answer = method(**self._arguments(signature, filled(step.get("with", {}), self.kept)))
        body = json.loads(self.last.data) if self.last.data else None
        return type_name(signature.return_annotation), body, self.client.sanitize_for_serialization(answer)

    def _arguments(self, signature: inspect.Signature, given: Row) -> Row:
        """Parameters as the SDK spells them, the body as its model. Raises ValueError for what that loses."""
        arguments = {re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower(): each for name, each in given.items()}
        kind = signature.parameters["body"].annotation if "body" in arguments else None
        if isinstance(kind, str):
            body = self.client.deserialize(Text(arguments["body"]), kind)
            gone = [*lost(arguments["body"], self.client.sanitize_for_serialization(body))]
            if gone:
                raise ValueError(f"{kind} does not hold {', '.join(gone)}")
            arguments["body"] = body
        return arguments

    def _surprises(self, step: Row, status: int, seen: Any) -> Iterator[str]:
        if status != step.get("status", status) or (status >= 300 and "status" not in step):
            yield f"status {status}, expected {step.get('status', 'success')}: {seen}"
        for path, wanted in filled(step.get("expect", {}), self.kept).items():
            if found(seen, path) != wanted:
                yield f"{path} is {found(seen, path)!r}, expected {wanted!r}"


def method_of(client: Any, operation: str) -> Any:
    """The SDK's method for an operation. Raises LookupError."""
    for name, each in sorted(vars(sdk).items()):
        if name.endswith("Api") and hasattr(each, operation):
            return getattr(each(client), operation)
    raise LookupError(f"the SDK has no {operation}")


def type_name(annotation: Any) -> Any:
    """The name of a return type; None for nothing. What is no model is called as the other SDK calls it."""
    if get_origin(annotation) is list:
        return f"{type_name(get_args(annotation)[0])}[]"
    if get_origin(annotation) is dict:
        return "object"
    if isinstance(annotation, ForwardRef):
        return annotation.__forward_arg__
    return {int: "number", str: "string"}.get(annotation, annotation)


def canary(teller: Teller) -> Row:
    """A body with a field that no model has: whoever does not miss it would miss nothing."""
    body = {"name": "x", "unheardOf": 1}
    return {"step": "canary", "lost": [*lost(body, teller.model(body, "AuthzDivision"))]}


def main() -> None:
    """Tell the story of stdin, a line for each step."""
    sys.addaudithook(stay_here)
    told = json.load(sys.stdin)
    teller = Teller(told["base"])
    print(json.dumps(canary(teller)), flush=True)
    for step in told["steps"]:
        print(json.dumps(teller.tell(step)), flush=True)


if __name__ == "__main__":
    main()
