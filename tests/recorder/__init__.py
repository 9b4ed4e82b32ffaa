"""Recording through the client, and playing back through it."""
