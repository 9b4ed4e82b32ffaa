"""Tests of `harness.measurement`."""
