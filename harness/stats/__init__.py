"""Raw intervals -> estimates with confidence intervals, comparisons, and verdicts. No I/O."""

__all__: tuple[str, ...] = ()
