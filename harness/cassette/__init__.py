"""Recordings: reading them from files (vcrpy, HAR, JSON Lines) and playing vcrpy cassettes back."""
