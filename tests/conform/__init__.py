"""Conformance runs against the simulator, over real sockets."""
