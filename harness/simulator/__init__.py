"""The specs served as real HTTP providers on loopback, with faults by name."""
