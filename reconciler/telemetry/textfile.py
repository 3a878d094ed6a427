"""A file of metrics for the collector of a machine: whoever looks finds a whole one, old or new."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, generate_latest, write_to_textfile
from prometheus_client.parser import text_string_to_metric_families

from reconciler.model.visible import visible
from reconciler.telemetry.measuring import Before
from reconciler.telemetry.metrics import BY_NAME, Sample


def registry(samples: Iterable[Sample]) -> CollectorRegistry:
    """A registry that holds exactly these."""
    found, gauges = CollectorRegistry(), dict[str, Gauge]()
    for sample in samples:
        metric = BY_NAME[sample.metric]
        if metric.name not in gauges:
            gauges[metric.name] = Gauge(metric.name, metric.tells, metric.labels, registry=found)
        gauges[metric.name].labels(*map(visible, sample.labels)).set(sample.value)
    return found


def exposition(samples: Iterable[Sample]) -> bytes:
    """The same as it is served."""
    return generate_latest(registry(samples))


def read(path: Path) -> Before:
    """What the file at `path` says; nothing where there is none, or none of ours."""
    try:
        families = list(text_string_to_metric_families(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
    return {
        (
            sample.name,
            tuple(sample.labels.get(label, "") for label in BY_NAME[sample.name].labels),
        ): sample.value
        for family in families
        for sample in family.samples
        if sample.name in BY_NAME
    }


def trouble(path: Path) -> str:
    """Why no file could be written there, "" where one could; nothing is written to find out."""
    if path.is_dir():
        return f"{path} is a directory"
    if not path.parent.is_dir():
        return f"there is no directory {path.parent}"
    return "" if os.access(path.parent, os.W_OK) else f"{path.parent} may not be written to"


def write(path: Path, samples: Iterable[Sample]) -> None:
    """Replace the file in one step, readable for everybody; raises OSError."""
    write_to_textfile(str(path), registry(samples))
    path.chmod(0o644)  # the collector is another user
