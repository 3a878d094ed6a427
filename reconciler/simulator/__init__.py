"""A simulated Genesys Cloud organisation over HTTP, written from the vendor's contract only.

What it imitates and what not: `limits`.
"""

from reconciler.simulator.bundled import bundled
from reconciler.simulator.limits import limits_text
from reconciler.simulator.seed import Seed, default_seed, find_seed, load_seed
from reconciler.simulator.serve import run, serve
from reconciler.simulator.settings import Settings
from reconciler.simulator.simulator import Simulator
from reconciler.simulator.switches import SWITCHES

__all__ = [
    "SWITCHES",
    "Seed",
    "Settings",
    "Simulator",
    "bundled",
    "default_seed",
    "find_seed",
    "limits_text",
    "load_seed",
    "run",
    "serve",
]
