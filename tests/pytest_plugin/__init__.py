"""Tests of the pytest plugin, in projects of a user of its own making."""
