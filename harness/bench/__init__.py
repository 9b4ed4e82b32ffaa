"""A benchmark of providers: plan, run, poller, conclusions, history."""

__all__: tuple[str, ...] = ()
