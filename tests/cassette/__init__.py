"""Tests of `harness/cassette/`."""
