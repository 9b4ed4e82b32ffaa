"""Client and simulator together, over real sockets: what must hold whatever happens."""
