"""Tests of what a vendor is chosen by."""
