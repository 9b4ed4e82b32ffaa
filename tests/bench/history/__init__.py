"""Tests of the history of benchmarks."""
