"""Tests of `harness.stats`."""
