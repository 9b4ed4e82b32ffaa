"""Tests of what the measuring scripts rest on."""
