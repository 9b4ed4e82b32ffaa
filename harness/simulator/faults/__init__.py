"""Faults by name: one row each, beside what it does. `table.FAULTS` has them all."""
