"""What a benchmark measured: jobs and runs as values, and what was concluded from them. No I/O."""

__all__: tuple[str, ...] = ()
