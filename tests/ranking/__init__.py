"""Tests of `harness.ranking`."""
