"""Criteria, weights and evidence -> who comes first, how sure that is, and what would change it. No I/O."""

__all__: tuple[str, ...] = ()
