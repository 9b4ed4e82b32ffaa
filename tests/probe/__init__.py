"""Probes of a live API, tested against the simulator over real sockets."""
