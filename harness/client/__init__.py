"""Submitting, waiting, cancelling, resuming, fetching: any provider that has a spec, over real HTTP."""
