"""The seeds that come with the simulator, by name."""

from importlib.resources import files


def bundled() -> list[str]:
    """Their names."""
    found = files("reconciler.simulator").joinpath("seeds").iterdir()
    return sorted(each.name.removesuffix(".yaml") for each in found if each.name.endswith(".yaml"))


def bundled_source(name: str) -> str:
    """The YAML of one of them."""
    return files("reconciler.simulator").joinpath(f"seeds/{name}.yaml").read_text("utf-8")


def bundled_text() -> str:
    """Their names, for the end of a message."""
    return f"bundled are: {', '.join(bundled())}"
