"""Sinks: places where a client's secret goes. The only code beside the token request that reveals one.

Not for deciding where something goes (manifests) or when (engine). Strangers to every other edge.
"""
