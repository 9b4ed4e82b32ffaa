"""Recordings: reading them from files (vcrpy, HAR, JSON Lines), scrubbing, writing and playing them back."""
