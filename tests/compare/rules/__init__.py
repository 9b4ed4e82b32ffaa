"""Tests of `harness.compare.rules`."""
