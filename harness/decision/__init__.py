"""What a vendor is chosen by: the evidence on each seller of a model, for one buyer's requests. No I/O."""

__all__: tuple[str, ...] = ()
