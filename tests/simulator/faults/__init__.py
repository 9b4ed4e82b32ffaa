"""Tests of the faults by name, each on the wire."""
