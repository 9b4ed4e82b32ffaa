"""Free probes of a live API, judged: `harness drift wire`."""
