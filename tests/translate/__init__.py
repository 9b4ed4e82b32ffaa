"""Tests of harness.translate."""
