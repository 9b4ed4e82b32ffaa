"""The client over real sockets, against a small server whose every word a test decides."""
