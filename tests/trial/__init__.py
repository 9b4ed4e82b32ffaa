"""Tests of `harness.trial`."""
