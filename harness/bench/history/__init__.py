"""Run records kept in a database, joined, and given to other tools."""

__all__: tuple[str, ...] = ()
