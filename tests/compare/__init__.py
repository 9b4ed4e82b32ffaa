"""Tests of `harness.compare`."""
