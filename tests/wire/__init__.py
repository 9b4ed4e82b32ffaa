"""Tests of `harness/wire/`."""
