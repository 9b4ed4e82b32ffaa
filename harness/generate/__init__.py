"""Requests out of a spec: valid ones, and ones with exactly one fault, each with what must be said of it."""
