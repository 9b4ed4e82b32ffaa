"""Conformance, drift and benchmarking of the APIs through which generated video is sold."""

__all__ = ["__version__"]

__version__ = "0.1.0"
