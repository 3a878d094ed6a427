"""The query of a request: typed look-ups that refuse nonsense as the vendor does.

Arrays come in two forms: the contract repeats the name, and the SDKs made from it join the values by commas.
"""

from urllib.parse import parse_qsl, urlencode

from reconciler.simulator.errors import invalid_value


class Query:
    """Parameters by name; arrays repeat the name (`?id=a&id=b`), have commas (`?id=a,b`), or both."""

    __slots__ = ("path", "values")

    def __init__(self, path: str, raw: str = "") -> None:
        """`path` and `raw` query string of the request."""
        self.path = path
        self.values: dict[str, list[str]] = {}
        for name, value in parse_qsl(raw, keep_blank_values=True) if raw else ():
            self.values.setdefault(name, []).append(value)

    def text(self, name: str) -> str | None:
        """One value, or None."""
        return self.values[name][0] if name in self.values else None

    def many(self, name: str) -> list[str]:
        """Every value of an array."""
        return [each for value in self.values.get(name, ()) for each in value.split(",")]

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean; only `true` is true."""
        value = self.text(name)
        return default if value is None else value.lower() == "true"

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """A whole number of at least 1 and at most `most`. Raises 400 otherwise."""
        value = self.text(name) or str(default)
        if not value.isascii() or not value.isdigit() or int(value) < 1:
            raise invalid_value(name, "expected a whole number of at least 1")
        if most is not None and int(value) > most:
            raise invalid_value(name, f"expected at most {most}")
        return int(value)

    def uri(self, **changed: object) -> str:
        """The same request with some parameters changed, as in `nextUri`."""
        values = {**self.values, **{name: [str(value)] for name, value in changed.items()}}
        return f"{self.path}?{urlencode(values, doseq=True)}"
